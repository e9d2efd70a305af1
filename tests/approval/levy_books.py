"""A levy in short words: four households decided to pay 1,000 or 2,000 each for a lift, and what they paid."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from beancount.core import data
from beancount.parser import parser

from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.procedure import Procedure
from jiezhang.domain.approval.records import AnyRecord, Resolution, SealUse, Vote, read_records
from jiezhang.domain.approval.seals import path_digest
from jiezhang.domain.approval.view import OfficeView, office_view
from jiezhang.domain.levy import Levy
from tests.approval.little_office import SHORT, office_files, records_of, sealed

Items = list[tuple[date, str, AnyRecord]]

FUND = "J01加装电梯集资"
DUES = "dwelling,due_yuan\n01-1-101,1000.00\n01-1-102,1000\n01-1-201,2000.00\n01-1-202,2000.00\n"
BALLOTS = b"dwelling,choice\n01-1-101,agree\n01-1-102,agree\n01-1-201,agree\n01-1-202,agree\n"
PAYERS = "dwelling,amount\n01-1-101,400.00\n01-1-102,600.00\n"

WORDS = {
    **SHORT,
    "JBANK": f"Assets:C0007长吴公寓:{FUND}:1002银行存款-工行5501",
    "JIN": f"Income:C0007长吴公寓:{FUND}:4001集资收入",
    "JINT": f"Income:C0007长吴公寓:{FUND}:4101利息",
    "JSUB": f"Income:C0007长吴公寓:{FUND}:4202财政补助",
    "JPAY": f"Expenses:C0007长吴公寓:{FUND}:5001项目支出",
    "JFEE": f"Expenses:C0007长吴公寓:{FUND}:5108手续费",
    "JBACK": f"Expenses:C0007长吴公寓:{FUND}:5202退还业主",
    "JHELD": f"Liabilities:C0007长吴公寓:{FUND}:2241其他应付款",
    "JWHAT": f"Liabilities:C0007长吴公寓:{FUND}:2999待查款项",
    "J2IN": "Income:C0007长吴公寓:J02门禁集资:4001集资收入",
}
"""The short words of accounts."""

RAISE = Procedure.model_validate(
    {
        "code": "raise",
        "name": "集资程序",
        "source": "试用办法",
        "verified": True,
        "matters": ["fund_raise", "fund_use"],
        "steps": [
            {"code": "propose", "title": "提议", "kind": "propose", "by": ["committee"], "article": "试用办法第1条"},
            {"code": "owners_vote", "title": "业主表决", "kind": "vote", "article": "民法典第278条"},
            {"code": "sealed", "title": "用印", "kind": "seal", "seals": ["committee"], "article": "试用办法第4条"},
            {"code": "execute", "title": "执行", "kind": "execute", "article": "试用办法第2条"},
            {"code": "settlement_audit", "title": "结算审计", "kind": "duty", "by": ["auditor"], "within_days": 200,
             "article": "试用办法第3条"},
        ],
    }
)  # fmt: skip

LEVY = {
    "code": "J01", "name": "加装电梯集资", "resolution": "R1", "scope": "compound", "starts": date(2026, 3, 1),
    "ends": date(2026, 9, 30), "by": "K01",
}  # fmt: skip
TERMS = {
    "code": "R1", "procedure": "raise", "title": "加装电梯", "matter": "fund_raise", "fund": "J01",
    "subjects": "5001 5202 2241", "by": "Y01", "budget_yuan": "6000.00", "supplier": "示例电梯公司",
    "starts": date(2026, 2, 1), "ends": date(2026, 12, 31), "papers": "",
}  # fmt: skip


def digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def levy(**changed: Any) -> Levy:
    """The levy, with `changed` fields; its digest is of `DUES`."""
    return Levy.model_validate({**LEVY, "dues_sha256": digest(DUES), **changed})


def levy_files(
    one: Levy | None = None, batches: Mapping[str, str] | None = None, more: tuple[Levy, ...] = ()
) -> OfficeFiles:
    """The office with the levy, its list of dues (`batches` may say otherwise), the procedure and everybody's vote."""
    kept = {"batches/J01-dues.csv": DUES, "batches/together.csv": PAYERS} if batches is None else batches
    return replace(
        office_files(),
        procedures={"raise": RAISE},
        ballots={"votes/R1.csv": BALLOTS},
        levies=tuple(enumerate((one or levy(), *more), start=2)),
        batches={name: content.encode() for name, content in kept.items()},
    )


def decided(
    voted: date | None = date(2026, 2, 20), vote_asked: bool = True, ballots: bytes = BALLOTS, **terms: Any
) -> Items:
    """The owners' decision R1, voted on at `voted` (`None`: not yet, or, unless `vote_asked`, never) and sealed."""
    resolution = Resolution.model_validate({**TERMS, **terms})
    items: Items = [(date(2026, 2, 1), "resolution", resolution)]
    if voted is not None:
        vote = Vote(code="R1", step="owners_vote", ballots="votes/R1.csv", sha256=digest(ballots))
        items.append((voted, "vote", vote))
    if voted is not None or not vote_asked:
        of = path_digest(read_records(records_of(items))[0])
        by = sealed("committee", of, voted or date(2026, 2, 20))
        use = SealUse(code="R1", step="sealed", seal="committee", key="YZ2", digest=of, signature=by)
        items.append((voted or date(2026, 2, 20), "seal", use))
    return items


def paid(
    code: str, amount: str, day: str = "2026-03-05", leg: str = "JIN", payee: str = "", more: str = "", number: int = 1
) -> str:
    """A receipt of a household, posted as `记-0001`."""
    who = f'"{payee or "付款人" + code}" '
    said = f'  household: "{code}"\n' if code else ""
    return (
        f'{day} * {who}"集资款"\n  voucher: "记-{number:04d}"\n'
        f'{said}  dues-sha256: "{digest(DUES)}"\n{more}  JBANK  {amount} CNY\n  {leg}  -{amount} CNY\n\n'
    )


def refund(code: str, amount: str, day: str = "2026-08-05", payee: str = "") -> str:
    """A refund to a household, posted."""
    return (
        f'{day} * "{payee or "付款人" + code}" "退还"\n  voucher: "记-9001"\n  household: "{code}"\n'
        f'  dues-sha256: "{digest(DUES)}"\n  resolution: "R1"\n  JBACK  {amount} CNY\n  JBANK  -{amount} CNY\n\n'
    )


def spent(amount: str, day: str = "2026-05-05", payee: str = "示例电梯公司", more: str = '  resolution: "R1"\n') -> str:
    """A payment to the contractor, posted."""
    return (
        f'{day} * "{payee}" "电梯款"\n  voucher: "记-0500"\n{more}  JPAY  {amount} CNY\n  JBANK  -{amount} CNY\n\n'
    )


ALL_PAID = "".join(
    paid(code, amount)
    for code, amount in (
        ("01-1-101", "1000.00"), ("01-1-102", "1000.00"), ("01-1-201", "1500.00"), ("01-1-201", "500.00"),
        ("01-1-202", "2000.00"),
    )
)  # fmt: skip
STORY = ALL_PAID + spent("5600.00") + refund("01-1-101", "66.67") + refund("01-1-202", "133.33")


def book(text: str, items: Items | None = None, files: OfficeFiles | None = None) -> OfficeView:
    """The view of a ledger in short words; the levy's accounts are opened."""
    for word, account in WORDS.items():
        text = text.replace(f" {word} ", f" {account} ")
    used = sorted(set(re.findall(r"^  ([A-Z][a-z]+:\S+)", text, re.MULTILINE)) | {WORDS["JBANK"]})
    opened = "".join(f"2026-01-01 open {account} CNY\n" for account in used)
    entries, errors, _ = parser.parse_string(textwrap.dedent(opened) + text)
    assert not errors, errors
    entries.sort(key=lambda entry: (entry.date, isinstance(entry, data.Transaction), entry.meta["lineno"]))
    records = records_of(decided() if items is None else items)
    return office_view("/street/C0007", [*records, *entries], files or levy_files())
