"""What the community is asked to have seen: by what name, of which fund."""

from __future__ import annotations

from datetime import date

from jiezhang.close.month_figures import papers_of
from jiezhang.domain.approval.records import Publication
from jiezhang.domain.period import Month
from tests.approval.levy_books import FUND, book, decided, spent

MAY = Month(2026, 5)
PUBLISHED = (
    date(2026, 5, 20), "publication",
    Publication(code="R1", step="execute", until=date(2026, 5, 30), place="公告栏", by="Y01"),
)  # fmt: skip


def test_a_payment_names_its_decision_and_the_whole_fund() -> None:
    [paid] = papers_of(book(spent("5600.00"), decided()), MAY)
    assert (paid.kind, paid.ref, paid.amount_fen) == ("payment", "2026-05/记-0500", 560_000)
    assert (paid.text, paid.fund) == ("示例电梯公司 R1“加装电梯”", FUND)


def test_a_payment_of_a_decision_that_nobody_knows_keeps_its_code() -> None:
    text = spent("5600.00", more='  resolution: "R9"\n')
    assert [paper.text for paper in papers_of(book(text, decided()), MAY)] == ["示例电梯公司 R9"]


def test_a_record_says_what_was_done_and_of_which_decision() -> None:
    found = papers_of(book("", [*decided(), PUBLISHED]), MAY)
    assert [(paper.ref, paper.kind, paper.text) for paper in found] == [("R1/01", "publication", "公开：加装电梯")]
    before = papers_of(book("", [*decided(), PUBLISHED]), Month(2026, 2))
    assert [paper.text for paper in before] == ["决议：加装电梯", "表决：加装电梯", "用印：加装电梯"]
