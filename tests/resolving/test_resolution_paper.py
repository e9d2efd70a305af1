"""What a resolution's paper says of payments, of what is owed afterwards, and of a path that went wrong."""

from __future__ import annotations

from datetime import date

import pytest
from beancount.parser import parser

from jiezhang.book.fund_files import read_fund_register
from jiezhang.book.layout import CompoundFolder
from jiezhang.book.office_files import read_office_files
from jiezhang.domain.approval.view import OfficeView, office_view
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from reports.render import resolution_text, seal_register_pdf, seal_register_text
from reports.resolution import resolution_paper
from reports.resolution_value import ResolutionPaper
from reports.seal_register import seal_register
from tests.resolving.little_office import Office, make_office, seal, walk

W = "C0007长吴公寓:W维修资金"
PAYMENTS = f"""
2025-04-10 * "甲防水公司" "预付"
  resolution: "R1"
  payment: "P1"
  voucher: "记-0001"
  Expenses:{W}:5001维修:01   9000.00 CNY
  Assets:{W}:1001银行存款-建行4417  -9000.00 CNY

2025-05-10 ! "甲防水公司" "尾款"
  resolution: "R1"
  Expenses:{W}:5001维修:01   1500.00 CNY
  Assets:{W}:1001银行存款-建行4417  -1500.00 CNY

2025-05-11 * "别的公司" "不相干"
  resolution: "R2"
  Expenses:{W}:5001维修:01   700.00 CNY
  Assets:{W}:1001银行存款-建行4417  -700.00 CNY
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = walk(make_office(tmp_path_factory.mktemp("paper")))
    seal(made, "04-01", "--payment", "P1", "--payee", "甲防水公司", "--amount", "9000")
    return made


def view_of(office: Office, more: str = "", instead: tuple[str, str] = ("", "")) -> OfficeView:
    text = (office.compound / "resolutions.beancount").read_text("utf-8")
    entries, _, _ = parser.parse_string(text.replace(*instead) + more)
    folder = CompoundFolder(office.compound)
    return office_view(str(folder.path), entries, read_office_files(folder, read_fund_register(folder)))


def paper_of(view: OfficeView) -> ResolutionPaper:
    return resolution_paper(view, view.paths["R1"], date(2025, 6, 1))


def test_paid_against_the_budget(office: Office) -> None:
    paper = paper_of(view_of(office, PAYMENTS))
    assert [(one.voucher, one.payee, one.fen, one.posted, one.seals) for one in paper.payments] == [
        ("记-0001", "甲防水公司", 900_000, True, ("业主大会印章", "业主委员会印章")),
        ("", "甲防水公司", 150_000, False, ()),
    ]
    assert (paper.budget_fen, paper.paid_fen, paper.left_fen) == (1_000_000, 1_050_000, -50_000)
    assert [(step.code, step.due) for step in paper.owed] == [("acceptance", date(2025, 5, 28)), ("result", None)]
    text = resolution_text.render_text(paper)
    assert "付款：2025-04-10 记-0001　甲防水公司 9,000.00 元　业主大会印章、业主委员会印章" in text
    assert "付款：2025-05-10 待过账　甲防水公司 1,500.00 元" in text
    assert "已付 10,500.00 元，预算 10,000.00 元，余 -500.00 元" in text
    assert "10. [应补办] 验收　由业主委员会（Y01 业委会主任、Y02 业委会副主任、" in text
    assert "　最迟 2025-05-28　办法第9条" in text


def test_nothing_paid_nothing_owed(office: Office) -> None:
    paper = paper_of(view_of(office))
    assert (paper.payments, paper.owed, paper.left_fen, paper.state) == ((), (), 1_000_000, "可以支付")


def test_a_path_that_went_wrong(office: Office) -> None:
    paper = paper_of(view_of(office, instead=('opinion: "同意立项"', 'opinion: "同意立顶"')))
    assert paper.state == "记录有误"
    assert "业主大会印章盖的不是这份决议现在的内容" in paper.fault
    assert "    有误：" in resolution_text.render_text(paper)


def test_a_publication_that_still_hangs(office: Office) -> None:
    view = view_of(office)
    [hanging] = [
        step for step in resolution_paper(view, view.paths["R1"], date(2025, 3, 27)).steps if step.status == "hanging"
    ]
    assert (hanging.code, hanging.day) == ("notice", date(2025, 3, 27))


def test_the_register_of_a_wrong_seal(office: Office) -> None:
    street = Street(name="长吴街道", city="hangzhou")
    first, last = Month(2025, 1), Month(2025, 6)
    view = view_of(office, instead=('amount-yuan: 9000.00', 'amount-yuan: 9900.00'))
    register = seal_register(view, street, view.files.compound, first, last)
    assert [line.verifies for line in register.lines] == [True, True, False, False]
    assert "不符：付款 P1 的业主大会印章盖的不是这笔付款" in seal_register_text.render_text(register)
    assert "用印 4 次，2 次不符。" in seal_register_text.render_text(register)
    assert [(key.code, key.seal, key.keeper) for key in register.keys] == [
        ("YZ1", "业主大会印章", "S01 社区主任"), ("YZ2", "业主委员会印章", "Y01 业委会主任"),
    ]  # fmt: skip
    assert seal_register_pdf.render_pdf(register) == seal_register_pdf.render_pdf(register)
    alone = view_of(office, instead=('custom "resolution" "R1"', 'custom "resolution" "R7"'))
    register = seal_register(alone, street, alone.files.compound, first, last)
    assert {line.wrong for line in register.lines} == {"没有决议 R1"}
    with pytest.raises(Refused, match="用印登记的起月 2025-06 晚于止月 2025-01"):
        seal_register(view, street, view.files.compound, last, first)


def test_a_year_without_seals(office: Office) -> None:
    view, month = view_of(office), Month(2024, 1)
    register = seal_register(view, Street(name="长吴街道", city="hangzhou"), view.files.compound, month, month)
    assert (register.lines, register.keys) == ((), ())
    assert seal_register_pdf.render_pdf(register).startswith(b"%PDF")
    assert len(seal_register_pdf.lay_out(register)) == 1
