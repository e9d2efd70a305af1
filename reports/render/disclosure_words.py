"""What the statement says around its figures, the same in PDF, Excel and text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jiezhang.domain.money import ZERO, show

from ..disclosure_value import Disclosure, Place
from ..wording import day_name

TITLE = "公共收益收支公示表"

_VERDICTS = {"agreed": "一致", "different": "不一致", "unchecked": "未核对"}
_KINDS = {"bank": "银行", "platform": "支付平台", "transit": "在途"}


@dataclass(frozen=True, slots=True)
class CheckWords:
    """The verdict of the check against the bank, and the figures it rests on, ready to print."""

    verdict: str
    rows: tuple[tuple[str, str], ...]


def check_words(disclosure: Disclosure) -> CheckWords:
    """账面, 对账单 and 相差 of all bank accounts; differences that cancel out are shown added up instead."""
    book, stated = disclosure.book_of("bank"), disclosure.bank_stated
    gap = ("相差", "—" if stated is None else show(stated - book))
    if disclosure.proof == "different" and stated in (None, book):
        gaps = sum((abs(p.difference) for p in disclosure.places if p.difference), ZERO)
        gap = ("各账户相差共", show(gaps))
    said = "未提供" if stated is None else show(stated)
    return CheckWords(_VERDICTS[disclosure.proof], (("银行账面", show(book)), ("银行对账单", said), gap))


def draft_words(disclosure: Disclosure) -> str:
    return f"草稿，有 {disclosure.waiting} 笔待处理"


def key_figures(disclosure: Disclosure) -> list[tuple[str, str, Decimal]]:
    """Sign, label, yuan: a sum in the order one does it."""
    figures = [
        ("", "上月结余", disclosure.opening),
        ("＋", "本月收入", disclosure.income),
        ("－", "本月支出", disclosure.spent),
    ]
    if disclosure.adjustment:
        figures.append(("＋", "以前年度调整", disclosure.adjustment))
    return [*figures, ("＝", "本月结余", disclosure.closing)]


def place_name(place: Place) -> str:
    return f"{_KINDS[place.kind]}　{place.name}"


def place_note(place: Place) -> str:
    return "　".join(filter(None, (place.number, place.holder and f"户名 {place.holder}")))


def remainder_rows(disclosure: Disclosure) -> list[tuple[str, Decimal]]:
    """From the money in all places to the owners' balance: what is not theirs, what nobody has explained."""
    rows = [("减：代收押金等（不属公共收益）", disclosure.deposits)]
    if disclosure.suspense or disclosure.waiting:
        rows.append((f"减：待查款项（待处理 {disclosure.waiting} 笔）", disclosure.suspense))
    return rows


def asking_words(disclosure: Disclosure) -> list[str]:
    """How an owner asks or objects."""
    where = [
        f"小区：{disclosure.contact}" if disclosure.contact else "",
        f"{disclosure.street}：{disclosure.street_contact}" if disclosure.street_contact else "",
    ]
    first = (
        f"对以上收支有疑问或异议的业主，请在公示期内（{day_name(disclosure.posted_to)}前）提出，"
        "可按凭证号要求查阅该笔凭证，答复将一并公示。"
    )
    return [
        first,
        *filter(None, where),
    ]
