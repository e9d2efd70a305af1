"""What the owner's papers say around their figures, the same on paper and in Excel."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..household_account import SELLER, Home, RenewLine
from ..household_lines import LineKind
from ..household_statement import HouseholdStatement
from ..issuer import Issuer
from ..wording import day_name

STATEMENT_TITLE = "分户对账单"
FUND = "住宅专项维修资金"


def period_words(statement: HouseholdStatement) -> str:
    """`2026年7月1日至2026年9月30日`."""
    return f"{day_name(statement.first)}至{day_name(statement.last)}"


def home_name(issuer: Issuer, home: Home) -> str:
    """`长吴公寓 01幢1单元101室`."""
    return f"{issuer.compound_name}　{home.place}"


def nature_words(home: Home) -> str:
    """`商品住宅`, with what else an owner should know: `商品住宅（未售）`."""
    return f"{home.nature}（{home.status}）" if home.status else home.nature


def area_words(home: Home) -> str:
    """`127.91 ㎡`; a dash for an account that has no area."""
    return f"{home.area_m2} ㎡" if home.area_m2 else "—"


def line_words(home: Home, line: RenewLine, balance_fen: int, first_deposit_fen: int) -> str:
    """Whether the account has to be topped up, and by how much."""
    if home.owner == SELLER:
        return "售房单位的资金，不要求续交。"
    if home.status in ("已灭失", "已注销"):
        return f"本户{home.status}，不再记账。"
    if line.is_below:
        return (
            f"余额低于首期交存的 {line.percent}%（{yuan(line.line_fen)} 元），应当续交。"
            f"补足到这条线要交 {yuan(line.due_fen)} 元；实际交多少、怎么交，由业主大会决定，没有业主大会的按当地规定。"
        )
    if not first_deposit_fen:
        return "没有首期交存的记录。"
    tenths = balance_fen * 1000 // first_deposit_fen
    return f"余额是首期交存的 {tenths // 10}.{tenths % 10}%，不低于 {line.percent}%，目前不用续交。"


_CAME: dict[LineKind, str] = {
    "deposit": "交存", "received": "接管转入", "yield": "收益", "repair": "维修冲回", "moved": "转入",
    "lost": "返还冲回", "other": "更正",
}  # fmt: skip
_WENT: dict[LineKind, str] = {
    "deposit": "退回交存", "received": "接管冲回", "yield": "收益冲回", "repair": "维修", "moved": "转出",
    "lost": "返还（房屋灭失）", "other": "更正",
}  # fmt: skip


def came_words(statement: HouseholdStatement) -> list[str]:
    """What came in, by kind: `交存 5,741.96`, `收益 12.30`."""
    return [f"{name} {yuan(fen)}" for kind, name in _CAME.items() if (fen := statement.came_fen(kind))]


def went_words(statement: HouseholdStatement) -> list[str]:
    """What went out, by kind: `维修 150.01`."""
    return [f"{name} {yuan(fen)}" for kind, name in _WENT.items() if (fen := statement.went_fen(kind))]


def asking_words(issuer: Issuer) -> list[str]:
    """Whom to ask, line by line."""
    first = issuer.contact or issuer.street_contact or issuer.street
    said = [f"对账有疑问，可以询问，也可以要求复核：{first}。"]
    if issuer.street_contact and issuer.street_contact != first:
        said.append(f"对答复不满意，找街道：{issuer.street_contact}。")
    return said


def waiting_words(waiting: int) -> str:
    """That vouchers of the compound are still to be posted; empty when there are none."""
    return f"全小区维修资金另有 {waiting} 笔收支还在办理，入账后才会出现在各户的账上。" if waiting else ""
