"""A made-up month: three funds, five accounts, differences of several kinds and ages, papers, words of every kind.

No person, bank or number in it exists.
"""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from typing import Any

from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.tri_party.attestation import Attestation, Signed, Verdict
from jiezhang.domain.tri_party.differences import Difference, Party
from jiezhang.domain.tri_party.figures import (
    AccountFigures,
    FundFigures,
    HouseholdFigures,
    LateCorrection,
    MonthFigures,
    Paper,
    VoucherFigures,
)

NAME = "C0007长吴公寓"
G_ICBC = f"Assets:{NAME}:G公共收益:1002银行存款-工行3021"
G_WECHAT = f"Assets:{NAME}:G公共收益:1012支付平台待结算-微信"
W_CCB = f"Assets:{NAME}:W维修资金:1001银行存款-建行4417"
W_ABC = f"Assets:{NAME}:W维修资金:1001银行存款-农行8806"
J_BOC = f"Assets:{NAME}:J专项集资:1002银行存款-中行5533"

SIGNED_AT = int(datetime(2026, 11, 4, 1, 30, tzinfo=UTC).timestamp())
"""2026-11-04 09:30 in Beijing."""


def _account(
    account: str, bank: str, number: str, figures: tuple[int, int, int], stated: tuple[int, int, int] | None = None
) -> AccountFigures:
    """`figures` and `stated` are what there was, came and went, in fen."""
    own = dict(zip(("opening_fen", "came_fen", "went_fen"), figures, strict=True))
    made = own | {"closing_fen": figures[0] + figures[1] - figures[2]}
    theirs: dict[str, Any] = {}
    if stated:
        theirs = dict(zip(("bank_opening_fen", "bank_came_fen", "bank_went_fen"), stated, strict=True))
        theirs |= {"bank_closing_fen": stated[0] + stated[1] - stated[2], "bank_rows": 7}
    return AccountFigures(account=account, bank=bank, number=number, rows=8, **made, **theirs)


def _g() -> FundFigures:
    """Revenue; the bank has not yet what the book has booked on the last day."""
    icbc = (10_859_350, 1_250_000, 310_007)
    accounts = (
        _account(G_ICBC, "工商银行云溪支行", "6222000000003021", icbc, (10_859_350, 1_230_000, 310_007)),
        _account(G_WECHAT, "微信支付", "1600007001", (45_600, 200_000, 190_000)),
    )
    money = sum(one.closing_fen for one in accounts)
    opening = 10_859_350 + 45_600 - 200_000
    return FundFigures(
        fund="G公共收益", accounts=accounts, opening_fen=opening, income_fen=1_260_000, expense_fen=310_007,
        closing_fen=opening + 1_260_000 - 310_007, debit_fen=21_904_943, credit_fen=21_904_943, money_fen=money,
        advance_fen=0, payable_fen=200_000, unexplained_fen=0,
    )  # fmt: skip


def _w() -> FundFigures:
    """The maintenance fund, down to households."""
    ccb, abc = (88_000_000, 1_500_000, 2_345_678), (12_000_000, 30_123, 0)
    accounts = (
        _account(W_CCB, "建设银行", "3300000000000004417", ccb, ccb),
        _account(W_ABC, "农业银行", "10533000000008806", abc, abc),
    )
    money = sum(one.closing_fen for one in accounts)
    bonds, advance, undistributed, payable = 5_000_000, 100_000, 30_123, 400_000
    homes = money + bonds + advance - undistributed - payable
    closing = homes + undistributed
    return FundFigures(
        fund="W维修资金", accounts=accounts, opening_fen=closing - 1_530_123 + 2_345_678 + 11_111, income_fen=1_530_123,
        expense_fen=2_345_678, other_fen=-11_111, closing_fen=closing, debit_fen=310_000_001, credit_fen=310_000_001,
        money_fen=money, bonds_fen=bonds, advance_fen=advance, buildings_fen=homes, households_fen=homes,
        undistributed_fen=undistributed, payable_fen=payable, households=1176,
    )  # fmt: skip


def _j() -> FundFigures:
    """Money collected for lifts; one row nobody has explained."""
    accounts = (_account(J_BOC, "中国银行", "45500000000005533", (0, 3_600_000, 0), (0, 3_600_000, 0)),)
    return FundFigures(
        fund="J专项集资", accounts=accounts, opening_fen=0, income_fen=3_588_800, expense_fen=0, closing_fen=3_588_800,
        debit_fen=3_600_000, credit_fen=3_600_000, money_fen=3_600_000, unexplained_fen=11_200,
    )  # fmt: skip


DIFFERENCES = (
    Difference(
        id="D2026-10-01", party="bank", kind="timing", fund="G公共收益", account=G_ICBC, ref="记-0041",
        day=date(2026, 10, 31), amount_fen=-20_000, since="2026-10",
        text="账上 10 月 31 日收充电桩分成 200.00 元，账号 6222000000003021 的对账单上还没有",
    ),
    Difference(
        id="D2026-10-02", party="bank", kind="no_statement", fund="G公共收益", account=G_WECHAT, since="2026-10",
        text="微信支付 10 月没有账单", explanation="平台账单下月 5 日后提供",
    ),
    Difference(
        id="D2026-06-03", party="auditor", kind="exception", fund="W维修资金", account=W_ABC, ref="记-0019",
        day=date(2026, 6, 18), amount_fen=-64_000, since="2026-06", text="外墙检测费缺验收记录",
    ),
    Difference(
        id="D2026-08-01", party="bank", kind="doubled", fund="W维修资金", account=W_CCB, ref="2026080100017",
        day=date(2026, 8, 1), amount_fen=-120_050, since="2026-08", text="电梯年检费记了两次",
        explanation="已用红字注销", closed="2026-10 核对时已经相符",
    ),
    Difference(
        id="D2026-09-04", party="community", kind="exception", fund="G公共收益", since="2026-09",
        text="8 月公示照片未见",
    ),
)  # fmt: skip

PAPERS = (
    Paper(ref="记-0037", kind="payment", day=date(2026, 10, 12), amount_fen=2_345_678, text="3幢电梯大修首付款",
          fund="W维修资金"),
    Paper(ref="J2026-009", kind="resolution", day=date(2026, 10, 9), text="3幢电梯大修使用维修资金的表决"),
    Paper(ref="2026-09", kind="publication", day=date(2026, 10, 11), text="9月公共收益收支公示表"),
)  # fmt: skip

LATE = (
    LateCorrection(
        voucher="2026-10/记-0044", corrects="2026-08/记-0017", kind="red", text="8月电梯年检费重复入账，红字注销"
    ),
)


def little_month(**other: Any) -> MonthFigures:
    """The month's figures; `other` replaces parts."""
    w = _w()
    made = {
        "street": "示例区云溪街道办事处",
        "compound": "C0007",
        "name": "长吴公寓",
        "month": "2026-10",
        "funds": (_g(), w, _j()),
        "vouchers": VoucherFigures(
            count=44, first="记-0001", last="记-0044", tree_size=412, tree_root="5a" * 32, chain_head="77" * 32
        ),
        "households": HouseholdFigures(count=1176, total_fen=w.households_fen, root="c4" * 32),
        "differences": DIFFERENCES,
        "late": LATE,
        "papers": PAPERS,
        "changed": ("compounds/C0007长吴公寓/register/contracts.csv",),
        "required": ("bank", "auditor", "community"),
        "previous": "9e" * 32,
    }
    return MonthFigures.model_validate(made | other)


def empty_month() -> MonthFigures:
    """A compound whose books have nothing in them yet."""
    nothing = VoucherFigures(count=0, first="", last="", tree_size=0, tree_root="e3" * 32, chain_head="0" * 64)
    return MonthFigures(
        street="示例区云溪街道办事处", compound="C0008", name="青桐里", month="2026-10", funds=(), vouchers=nothing,
        households=HouseholdFigures(count=0, total_fen=0, root="e3" * 32),
    )  # fmt: skip


def word(figures: MonthFigures, party: Party, person: str, name: str, verdict: Verdict, **other: Any) -> Signed:
    """One person's signed word on `figures`. The signatures are made-up digits: nobody checks them here."""
    said = {
        "compound": figures.compound, "month": figures.month, "party": party, "person": person, "name": name,
        "figures": canonical_digest(figures), "verdict": verdict, "time": SIGNED_AT,
    }  # fmt: skip
    mark = person.encode().hex().ljust(16, "0")
    line = base64.b64encode(bytes.fromhex(mark) + bytes(72)).decode()
    attestation = Attestation.model_validate(said | other)
    return Signed(attestation=attestation, signature=mark * 8, cosignature="" if verdict == "refused" else line)


def little_words(figures: MonthFigures) -> tuple[Signed, ...]:
    """Two banks' clerks, an auditor with an exception who settles an old one, a community that refuses, no owners."""
    found = Difference(
        id="D2026-10-05", party="auditor", kind="wrong_amount", fund="W维修资金", account=W_CCB, ref="记-0037",
        day=date(2026, 10, 12), amount_fen=-3_456, since="2026-10", text="发票 23,422.22 元，账上 23,456.78 元",
    )  # fmt: skip
    return (
        word(figures, "bank", "B01", "工行柜员甲", "confirmed", accounts=(G_ICBC,), checked=7),
        word(figures, "bank", "B02", "建行柜员乙", "confirmed", accounts=(W_CCB, W_ABC, J_BOC), checked=19,
             time=SIGNED_AT + 3600),
        word(figures, "auditor", "A01", "明衡会计师事务所 丙", "excepted", differences=(found,), checked=23,
             closes=("D2026-06-03",), time=SIGNED_AT + 7200),
        word(figures, "community", "S01", "长吴社区居委会 丁", "refused", reason="10 月 12 日付款没有见到验收单",
             time=SIGNED_AT + 9000),
    )  # fmt: skip
