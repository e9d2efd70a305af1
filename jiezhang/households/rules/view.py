"""What the rules of the fund look at: a loaded ledger, the files beside it, and their replay, done once for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from beancount.core import data

from jiezhang.domain.accounts import AccountName
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.problem import Finding, Refused

from ..fund import KNOWN, FundFault, FundFiles, FundReplay, replay_fund

VIEW_KEY = "jiezhang_fund"
"""Where the options of a loaded ledger carry its `FundView`; `None` when the register could not be read."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FundView:
    """`folder` is the compound's, as text, so that a fault of the register can name its file. `replayed` is `None` when
    the register contradicts itself; `faults` then says how."""

    folder: str
    entries: Sequence[data.Directive]
    files: FundFiles
    replayed: FundReplay | None
    faults: tuple[FundFault, ...]

    def findings(self, rule: str) -> list[Finding]:
        """What the replay found wrong that belongs to `rule`."""
        return [self.finding(rule, fault.refused, fault.entry) for fault in self.faults if fault.rule == rule]

    def finding(self, rule: str, refused: Refused, entry: data.Directive | None = None) -> Finding:
        """`refused` as a finding, at its own place (a file of the register is relative to the folder)."""
        file = refused.file if refused.file.startswith("/") else f"{self.folder}/{refused.file}"
        if entry is not None and not refused.file.startswith("/"):
            return Finding(
                {"filename": entry.meta["filename"], "lineno": entry.meta["lineno"]}, str(refused), entry, rule
            )
        return Finding({"filename": file, "lineno": refused.line}, refused.message, entry, rule)

    def posted(self, code: str) -> Iterator[tuple[data.Transaction, list[tuple[AccountName, int]]]]:
        """Posted vouchers with a leg of fund W on subject `code`, and those legs in fen, debit positive."""
        for entry in self.entries:
            if isinstance(entry, data.Transaction) and entry.flag == POSTED:
                legs = [
                    (name, int(number * 100))
                    for name, number in named_legs(entry)
                    if name.fund_kind == "W" and name.subject.code == code
                ]
                if legs:
                    yield entry, legs


def view_of(folder: str, entries: Sequence[data.Directive], files: FundFiles) -> FundView:
    """The view of a loaded ledger and the files beside it."""
    try:
        replayed = replay_fund(files, entries)
    except Refused as refused:
        return FundView(folder, entries, files, None, (FundFault(KNOWN, refused, None),))
    return FundView(folder, entries, files, replayed, replayed.faults)
