"""What the sheet of a levy says alike on paper, as text and in data."""

from __future__ import annotations

from collections.abc import Sequence

from jiezhang.domain.levy import HELD, RAISED, SPENT
from jiezhang.domain.money import yuan

from ..levy import BankCheck, LevyHousehold, LevyReport, held_fen
from ..wording import day_name

TITLE = "专项集资收支公示表"
BANK_VERDICTS: dict[BankCheck, str] = {"agreed": "银行相符", "differs": "银行不符", "missing": "银行未核对"}
_SIGNS = {1: "＋", -1: "－"}


def under_title(report: LevyReport) -> str:
    """`桂花苑　加装电梯集资（J01）　截至2026年10月31日`."""
    return f"{report.issuer.compound_name}　{report.name}（{report.code}）　截至{day_name(report.day)}"


def decision_words(report: LevyReport) -> str:
    """`R2026-07“3幢加装电梯”，2026-08-20 办完`."""
    done = f"，{report.approved} 办完" if report.approved else ""
    return f"{report.resolution}“{report.title}”{done}"


def key_figures(report: LevyReport) -> list[tuple[str, str, int]]:
    """Sign, label, fen: the sum that everybody can check in the head."""
    figures = [("", "业主已交", report.paid_fen), ("－", "项目支出", report.spent_fen)]
    figures += [("－", "退还业主", report.refunded_fen)] if report.refunded_fen else []
    other = report.other_fen
    figures += [("－" if other < 0 else "＋", "利息、补助等", abs(other))] if other else []
    return [*figures, ("＝", "结余", report.balance_fen)]


def total_rows(report: LevyReport) -> list[tuple[str, int, str]]:
    """Subject with its sign, fen, remark."""
    remarks = {
        RAISED: f"应交 {yuan(report.due_fen)}，{report.paid_up} / {len(report.households)} 户交清",
        SPENT: f"决定的总额 {yuan(report.budget_fen)}",
        HELD: "多收、误收的款，应退还原付款人",
    }
    return [
        (f"{_SIGNS[total.sign]} {total.name}", total.fen, remarks.get(total.code, "")) for total in report.totals
    ]


def check_words(report: LevyReport) -> str:
    """Whether households, vouchers and bank agree, in one sentence."""
    books = "各户、凭证、专户账面三者相符" if report.holds else "各户、凭证、专户账面不相符"
    return f"{books}；{BANK_VERDICTS[report.bank_check]}。"


def draft_words(report: LevyReport) -> str:
    """The sentence in a frame when rows wait; empty when none does."""
    return f"样稿：还有 {report.waiting} 笔流水没有过账，不得张贴" if report.waiting else ""


def end_words(report: LevyReport) -> str:
    """What becomes of what is left, where the term is over; empty where nothing has to be said."""
    held = held_fen(report)
    said = [f"多收、误收的 {yuan(held)} 元应退还原付款人。"] if held else []
    if report.day > report.ends and report.balance_fen:
        left = yuan(report.balance_fen)
        said.append(f"集资已于{day_name(report.ends)}到期，结余 {left} 元应退还业主或由业主另行决定。")
    return "".join(said)


def paid_words(household: LevyHousehold) -> str:
    """Days of payment, `10-05、11-02` with the year where it differs from the first."""
    days = household.paid_on
    if not days:
        return "未交"
    first = days[0]
    return "、".join(f"{day:%Y-%m-%d}" if number == 0 or day.year != first.year else f"{day:%m-%d}"
                     for number, day in enumerate(days))  # fmt: skip


def buildings(report: LevyReport) -> list[tuple[str, Sequence[LevyHousehold]]]:
    """Households by building, in reading order."""
    found: dict[str, list[LevyHousehold]] = {}
    for household in report.households:
        found.setdefault(household.building, []).append(household)
    return list(found.items())
