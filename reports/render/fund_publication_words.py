"""What the 维修资金公示表 says around its figures, the same on paper and in Excel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jiezhang.domain.money import yuan
from jiezhang.domain.reconciliation import Verdict

from ..fund_flows import DEPOSITS, FLOWS, USES, YIELDS, AccountLine
from ..fund_publication import FundPublication
from ..wording import day_name

TITLE = "住宅专项维修资金公示表"
BANK_VERDICTS: dict[Verdict, str] = {"agreed": "一致", "different": "不一致", "unchecked": "未核对"}

_GROUPS = (("交存", "交存合计", DEPOSITS, 1), ("增值收益", "增值收益合计", YIELDS, 1), ("使用", "使用合计", USES, -1))
"""Title, title of the sum, the flows, and the sign they are printed with."""

_REMARKS = {
    "first": "业主、售房单位首次交存", "top-up": "余额不足后补交", "refund": "退回本年多交、错交的",
    "received": "原管理单位移交的各户余额", "received-yield": "原管理单位移交的、还没有分到户的收益",
    "4201": "公共收益按规定转入", "returned": "房屋灭失，余额退还", "corrected": "更正以前的凭证",
    "repair": "从各户分户账列支", "5901": "从待分配收益列支",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One row of the totals; `fen` as printed."""

    title: str
    fen: int
    remark: str = ""
    kind: Literal["plain", "total", "grand"] = "plain"


def period(value: FundPublication) -> str:
    return f"{day_name(value.first)}至{day_name(value.last)}"


def draft_words(value: FundPublication) -> str:
    said = [f"{value.waiting} 笔银行流水待处理"] if value.waiting else []
    said += [f"{value.faults} 张凭证没有记入分户账"] if value.faults else []
    return "草稿：还有 " + "，".join(said)


def opening_title(value: FundPublication) -> str:
    return "期初结存" if value.first > value.books_from else "建账时结存"


def key_figures(value: FundPublication) -> list[tuple[str, str, int]]:
    """The sum on top: sign, label, fen."""
    flows = value.flows
    rest = flows.sum_of(("returned", "corrected"))
    found = [
        ("", opening_title(value), flows.opening_fen),
        ("＋", "交存、接管转入" if "received" in flows.by_key else "交存", flows.sum_of(DEPOSITS)),
        ("＋", "增值收益", flows.sum_of(YIELDS)),
        ("－", "使用", -flows.sum_of(USES)),
    ]
    found += [("－", "返还、更正", -rest)] if rest else []
    return [*found, ("＝", "期末结存", flows.closing_fen)]


def total_rows(value: FundPublication) -> list[TotalRow]:
    """165号令 art. 30(1): deposits, use, yield, balance."""
    flows, found = value.flows, value.identity
    pools = (flows.opening_households_fen, flows.opening_undistributed_fen)
    rows = [TotalRow(opening_title(value), flows.opening_fen, _pools(*pools), "total")]
    for title, total, keys, sign in _GROUPS:
        own = [key for key in keys if key in flows.by_key]
        rows += [TotalRow(f"　{FLOWS[key]}", sign * flows.by_key[key], _REMARKS.get(key, "")) for key in own]
        sum_title = "交存、接管转入合计" if "received" in own else total if own else title
        rows.append(TotalRow(sum_title, sign * flows.sum_of(keys), "" if own else "本期没有", "total"))
    for key in ("returned", "corrected"):
        if key in flows.by_key:
            rows.append(TotalRow(FLOWS[key], flows.by_key[key], _REMARKS[key], "total"))
    closing = _pools(found.households_fen, found.undistributed_fen)
    rows.append(TotalRow("期末结存", flows.closing_fen, closing, "grand"))
    if flows.distributed_fen:
        said = "从待分配收益转入各户分户账，不改变结存"
        rows.append(TotalRow("另：本期分配到户的收益", flows.distributed_fen, said))
    return rows


def _pools(households_fen: int, undistributed_fen: int) -> str:
    return f"分户账 {yuan(households_fen)}，待分配收益 {yuan(undistributed_fen)}"


def claims(value: FundPublication) -> list[tuple[str, int]]:
    """Whose the money is: the right side of the identity; what is nil and seldom is left out."""
    found = value.identity
    always = [("各户分户账合计", found.households_fen), ("待分配累计收益", found.undistributed_fen)]
    seldom = [("应付房屋灭失返还资金", found.payable_fen), ("待查款项（还没有查明的）", found.unexplained_fen)]
    return always + [pair for pair in seldom if pair[1]]


def identity_words(value: FundPublication) -> str:
    """银行存款＋国债＝分户合计＋待分配收益＋应付, in figures, and whether it holds."""
    found = value.identity
    banked = sum(bank.book_fen for bank in value.banks)
    left = f"银行存款 {yuan(banked)} ＋ 国债 {yuan(found.bonds_fen)}"
    right = f"分户账合计 {yuan(found.households_fen)} ＋ 待分配收益 {yuan(found.undistributed_fen)}"
    right += f" ＋ 应付返还 {yuan(found.payable_fen)}"
    right += f" ＋ 待查款项 {yuan(found.unexplained_fen)}" if found.unexplained_fen else ""
    gap = banked + found.bonds_fen - sum(fen for _, fen in claims(value))
    if value.holds:
        return f"{left} ＝ {right}，相符，一分不差。"
    places = "、".join(f"{one.place}幢" for one in found.differences if one.place)
    said = f"相差 {yuan(gap)} 元" if gap else "各幢与分户账不符"
    return f"{left} ≠ {right}，{said}{f'（{places}）' if places else ''}，须查明。"


def account_columns(value: FundPublication) -> list[tuple[str, str]]:
    """(title, field of `AccountLine`) of the columns worth printing."""
    columns = [("交存", "deposit_fen"), ("收益", "yield_fen"), ("使用", "use_fen"), ("其他", "other_fen")]
    other = any(line.other_fen for line in value.flows.accounts)
    return [("期初", "opening_fen"), *(columns if other else columns[:3]), ("结存", "closing_fen")]


def account_name(line: AccountLine) -> str:
    return "售房单位" if line.is_seller else line.code


def account_notes(value: FundPublication) -> list[str]:
    """What a reader of the accounts has to know: the sum, what is in the columns, who is counted."""
    lines, flows = value.flows.accounts, value.flows
    other = any(line.other_fen for line in lines)
    columns = "期初 ＋ 交存 ＋ 收益 － 使用" + (" ＋ 其他" if other else "")
    notes = [f"{columns} ＝ 结存。收益是本期已分配到户的；还没有分配的在“待分配收益”里。"]
    if "received" in flows.by_key:
        notes.append("“交存”含接管转入。")
    if other:
        notes.append("“其他”是分户、合户、改户号、房屋灭失返还和更正，正数为增加。")
    sellers, gone = sum(line.is_seller for line in lines), sum(not line.stands for line in lines)
    counted = [f"售房单位账 {sellers} 个"] if sellers else []
    counted += [f"本期已灭失或因分户、合户、改户号停用的 {gone} 户"] if gone else []
    if counted:
        notes.append(f"户数是 {day_name(value.last)}现有的房屋，下面另列{'、'.join(counted)}。")
    return notes


RECHECK = "业主对公示有疑问的，可以要求复核（165号令第30条）。"
