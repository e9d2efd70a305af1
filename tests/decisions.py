"""Decisions for test compounds: all owners agree to repairs, and that small payments of public revenue be made."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jiezhang.book.fund_files import read_fund_register
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.pack_log import LOG, founding_log
from jiezhang.book.registers import read_street, read_table, table_bytes
from jiezhang.book.render import render_entries
from jiezhang.domain.approval.electorate import electors_on, within
from jiezhang.domain.approval.records import AnyRecord, Entered, Resolution, SealUse, Vote, custom_of
from jiezhang.domain.approval.seals import SealKey, path_digest, seal_message
from jiezhang.domain.chart import CHART
from jiezhang.domain.register import Person
from jiezhang.domain.scope import parse_scope

RULE = "R2026-00"
COMMITTEE = Person(id="Y01", name="业委会主任", roles=("committee",))
KEY = Ed25519PrivateKey.from_private_bytes(b"committee of the test compound..")
_SMALL = """\
code = "small"
name = "小额开支"
source = "议事规则"
verified = true
matters = ["standing"]

[[steps]]
code = "propose"
title = "提议"
kind = "propose"
by = ["committee"]
article = "议事规则第1条"

[[steps]]
code = "vote"
title = "业主表决"
kind = "vote"
article = "民法典第278条"

[[steps]]
code = "seal"
title = "用印"
kind = "seal"
seals = ["committee"]
article = "议事规则第2条"

[[steps]]
code = "execute"
title = "执行"
kind = "execute"
article = "议事规则第3条"
"""
_OWNERS = (
    _SMALL.replace('"small"', '"owners"')
    .replace('"小额开支"', '"业主表决"')
    .replace('["standing"]', '["fund_use", "fund_raise"]')
)


def allow_small_payments(folder: CompoundFolder, day: date = date(2026, 1, 1)) -> CompoundFolder:
    """Let every subject of public revenue be spent from `day` on, up to a million yuan each time, without papers.

    `COMMITTEE` has to be among the street's people.
    """
    street = StreetFolder(folder.path.parent)
    (street.path / "procedures").mkdir(exist_ok=True)
    (street.path / "procedures/small.toml").write_text(_SMALL, "utf-8")
    (street.path / "procedures/owners.toml").write_text(_OWNERS, "utf-8")
    (street.path / LOG).write_bytes(founding_log(street, read_street(street).city, day))
    public = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    key = SealKey(code="YZ01", seal="committee", keeper=COMMITTEE.id, public=public, starts=day)
    (folder.register / "seals.csv").write_bytes(table_bytes([key], SealKey))
    subjects = [code for code, subject in CHART["G"].items() if subject.root in ("Expenses", "Liabilities")]
    decide(folder, day, code=RULE, title="日常小额开支", matter="standing", fund="G", subjects=" ".join(subjects),
           each_max_yuan="1000000.00")  # fmt: skip
    return folder


def decide(folder: CompoundFolder, day: date = date(2026, 1, 1), **terms: Any) -> None:
    """Propose `terms`, the fields of a resolution; let all owners agree, and the committee seal it; all on one day."""
    procedure = "small" if terms["matter"] == "standing" else "owners"
    usual = {"procedure": procedure, "by": COMMITTEE.id, "starts": day, "papers": ""}
    said = Resolution.model_validate({**usual, "ends": date(2199, 12, 31), **terms})
    records: list[tuple[str, AnyRecord]] = [("resolution", said), ("vote", _vote(folder, said, day))]
    entered = [Entered(kind, day, record, custom_of(kind, day, record)) for kind, record in records]
    digest = path_digest(entered)
    keys = read_table(folder.register / "seals.csv", SealKey)
    message = seal_message(folder.code, keys, "committee", "YZ01", day, digest)
    signature = KEY.sign(bytes.fromhex(message)).hex()
    seal = SealUse(code=said.code, step="seal", seal="committee", key="YZ01", digest=digest, signature=signature)
    path = folder.path / "resolutions.beancount"
    added = render_entries([*(one.entry for one in entered), custom_of("seal", day, seal)])
    path.write_text(path.read_text("utf-8") + "\n" + added, "utf-8")


def _vote(folder: CompoundFolder, said: Resolution, day: date) -> Vote:
    electors = within(electors_on(read_fund_register(folder), day), parse_scope(said.scope))
    ballots = "dwelling,choice\n" + "".join(f"{one.code},agree\n" for one in electors)
    file = folder.path / f"votes/{said.code}.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(ballots, "utf-8")
    digest = hashlib.sha256(ballots.encode()).hexdigest()
    return Vote(code=said.code, step="vote", ballots=f"votes/{said.code}.csv", sha256=digest)
