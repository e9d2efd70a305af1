"""封月: a closed month takes no voucher, no record and no change of the register any more, and none of it changes.

Source: 财会〔2024〕12号 art. 21(3) (what is posted is neither changed nor inserted); ours: the month's seal, signed by
bank, auditor and community. A later correction is booked in the open month (会计基础工作规范 2019 art. 51).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from beancount.core import data

from ...booking import POSTED, is_opening
from ...chain import OPENING
from ...period import Month
from ...problem import Finding, Refused
from ...tri_party.month_seal import MonthSeal
from ...tri_party.verifying import chain_faults, tree_faults
from ..records import said_of
from ..seals import digest_of
from ..view import OfficeView

RULE = "sealed_months"


def find(view: OfficeView) -> list[Finding]:
    """What was put into a closed month since, and seals that don't follow from one another or from the chain."""
    seals = view.files.months.seals
    if not seals:
        return []
    broken = (*chain_faults(seals, view.files.compound.code), *tree_faults(seals, view.files.chain))
    found = [_refuse(view, month, said) for month, said in broken]
    return [*found, *_vouchers(view, seals[-1]), *_beside(view, seals[-1])]


def dated_until(entries: Iterable[data.Directive], until: date) -> list[list[str]]:
    """Every directive of the ledger's own by the end of `until` that is neither voucher, balance nor custom entry, in
    words: openings, closings, notes and the like, which nobody may date into a closed month."""
    found = [_in_words(entry) for entry in entries if isinstance(entry, _DATED) and entry.date <= until]
    return sorted(found)


_DATED = (data.Open, data.Close, data.Note, data.Event, data.Document, data.Query, data.Price, data.Commodity)
_PLACE = ("filename", "lineno")


def _in_words(entry: data.Directive) -> list[str]:
    said = [
        str(sorted(part) if isinstance(part, frozenset) else part)
        for name, part in zip(entry._fields, entry, strict=True)
        if name not in ("meta", "filename")  # a document's path is another on every machine
    ]
    about = sorted(f"{key}={value}" for key, value in entry.meta.items() if key not in _PLACE)
    return [type(entry).__name__, *said, *about]


def seal_file(month: Month | str) -> str:
    """Where a seal stands in the compound's folder."""
    return f"seals/{month}.json"


def _refuse(view: OfficeView, month: str, said: str) -> Finding:
    return view.refusal(RULE, Refused(said, seal_file(month)))


def _vouchers(view: OfficeView, last: MonthSeal) -> Iterator[Finding]:
    """Entries of closed months that the seal does not hold."""
    end = last.month.last_day
    held = {(link.month, link.voucher) for link in view.files.chain[: last.figures.vouchers.tree_size]}
    for entry in view.transactions():
        if entry.date > end:
            continue
        name = OPENING if is_opening(entry) else str(entry.meta.get("voucher", ""))
        if entry.flag != POSTED or (str(Month.of(entry.date)), name) not in held:
            said = f"{Month.of(entry.date)} 已经封月，不得再记账；更正和补记都记在没有封的月份"
            yield view.at(RULE, said, entry)


def _beside(view: OfficeView, last: MonthSeal) -> Iterator[Finding]:
    """Records of resolutions and changes of dwellings that are dated into closed months."""
    end, figures = last.month.last_day, last.figures
    records = [one for one in view.records if one.day <= end]
    said = digest_of([dict(said_of(one)) for one in records])
    if (len(records), said) != (figures.records, figures.records_sha256):
        wrong = f"决议记录（{figures.month} 底以前的 {len(records)} 条）与封月时的 {figures.records} 条不同"
        yield _refuse(view, figures.month, f"{wrong}：已封的月份不得补记、改动或删除")
    others = dated_until(view.entries, end)
    if (len(others), digest_of(others)) != (figures.directives, figures.directives_sha256):
        wrong = f"{figures.month} 底以前账户的开立、关闭、备注有 {len(others)} 条，封月时是 {figures.directives} 条"
        yield _refuse(view, figures.month, f"{wrong}：已封的月份不得补记、改动或删除")
    register = view.files.register
    dated = [line for line, one in register.changes if one.date <= end] if register is not None else []
    if len(dated) != figures.changes:
        wrong = f"{figures.month} 底以前的房屋变更有 {len(dated)} 条，封月时是 {figures.changes} 条"
        at = max(dated, default=1)
        yield view.refusal(RULE, Refused(f"{wrong}：日期须在没有封的月份", "register/changes.csv", at))
