"""What the statement says around its figures, the same in PDF, Excel and text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jiezhang.domain.money import ZERO, show
from jiezhang.domain.reconciliation import Verdict

from ..disclosure_value import Disclosure, Place, PlaceKind
from ..wording import day_name

TITLE = "公共收益收支公示表"

_VERDICTS: dict[Verdict, str] = {"agreed": "一致", "different": "不一致", "unchecked": "未核对"}
_KINDS: dict[PlaceKind, str] = {"bank": "银行", "platform": "支付平台", "transit": "在途"}


@dataclass(frozen=True, slots=True)
class CheckWords:
    """The verdicts of the check, bank and platforms apart, and the figures they rest on, ready to print."""

    verdicts: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def check_words(disclosure: Disclosure) -> CheckWords:
    """账面, 对账单 and 相差 of all bank accounts; differences that cancel out are shown added up instead."""
    verdicts = [f"银行{_VERDICTS[disclosure.proof_of('bank')]}"]
    if any(place.kind == "platform" for place in disclosure.places):
        verdicts.append(f"支付平台{_VERDICTS[disclosure.proof_of('platform')]}")
    if disclosure.book_of("transit") < 0:
        verdicts.append("在途资金为负")
    book, stated = disclosure.book_of("bank"), disclosure.bank_stated
    gap = ("相差", "—" if stated is None else show(stated - book))
    if any(p.check == "different" for p in disclosure.places) and stated in (None, book):
        gaps = sum((abs(p.difference) for p in disclosure.places if p.difference), ZERO)
        gap = ("各账户相差共", show(gaps)) if gaps else ("逐笔核对", "有不符")
    said = "未提供" if stated is None else show(stated)
    return CheckWords(tuple(verdicts), (("银行账面", show(book)), ("银行对账单", said), gap))


def draft_words(disclosure: Disclosure) -> str:
    return f"草稿，有 {disclosure.waiting} 笔待处理"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One line of the sum on top: `amount` is yuan, `note` says in short lines what it holds."""

    sign: str
    label: str
    amount: Decimal
    note: tuple[str, ...] = ()


def key_figures(disclosure: Disclosure) -> list[KeyFigure]:
    """The sum on top, in the order one does it."""
    figures = [
        KeyFigure("", "上月结余", disclosure.opening),
        KeyFigure("＋", "本月收入", disclosure.income),
        KeyFigure("－", "本月支出", disclosure.spent, ("含成本、", "转出、分配")),
    ]
    if disclosure.adjustment:
        figures.append(KeyFigure("＋", "以前年度调整", disclosure.adjustment))
    return [*figures, KeyFigure("＝", "本月结余", disclosure.closing)]


def opening_note(disclosure: Disclosure) -> str:
    """What the two opening balances are of: in the year the books began, the second is of that day."""
    if disclosure.begins_within_year:
        return f"本月初、{disclosure.books_from}建账"
    return "本月初、本年初"


def year_title(disclosure: Disclosure) -> str:
    """The heading of the second column of figures."""
    return "建账以来（元）" if disclosure.begins_within_year else "本年累计（元）"


def place_name(place: Place) -> str:
    return f"{_KINDS[place.kind]}　{place.name}"


def place_note(place: Place) -> str:
    words = [place.number, place.holder and f"户名 {place.holder}"]
    if place.kind == "transit" and place.book < 0:
        words.append("在途不应为负，须查明")
    return "　".join(filter(None, words))


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
