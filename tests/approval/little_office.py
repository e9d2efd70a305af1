"""One compound's office in short words: who is who, a procedure of three steps, keys, and a book to try rules on.

Keys come from fixed seeds: the same signatures on every run.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.parser import parser
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.procedure import Procedure
from jiezhang.domain.approval.records import AnyRecord, Resolution, SealUse, Stage, Vote, custom_of, read_records
from jiezhang.domain.approval.seals import SealKey, path_digest, payment_digest, seal_message
from jiezhang.domain.approval.view import OfficeView, office_view
from jiezhang.domain.fund_register import FundRegister, Project
from jiezhang.domain.people import by_id
from jiezhang.domain.register import Compound, Dwelling, Person

CODE = "C0007"
COMPOUND = Compound(code=CODE, name="长吴公寓", community="SQ01", kind="commercial", start=date(2026, 1, 1))

SHORT = {
    "GBANK": "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021",
    "WBANK": "Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417",
    "TRANSIT": "Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-在途",
    "SHOP": "Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信",
    "COST": "Expenses:C0007长吴公寓:G公共收益:5001经营成本",
    "REPAIR": "Expenses:C0007长吴公寓:G公共收益:5101维修养护",
    "BUILD": "Expenses:C0007长吴公寓:G公共收益:5102设施增设",
    "ALLOW": "Expenses:C0007长吴公寓:G公共收益:5104委员津贴",
    "FEE": "Expenses:C0007长吴公寓:G公共收益:5108手续费",
    "TOFUND": "Expenses:C0007长吴公寓:G公共收益:5201转入维修资金",
    "RENT": "Income:C0007长吴公寓:G公共收益:4001车位场地",
    "HELD": "Liabilities:C0007长吴公寓:G公共收益:2241其他应付款",
    "SURPLUS": "Equity:C0007长吴公寓:G公共收益:3001公共收益结余",
    "WHAT": "Liabilities:C0007长吴公寓:G公共收益:2999待查款项",
    "WREP": "Expenses:C0007长吴公寓:W维修资金:5001维修",
    "WOTHER": "Expenses:C0007长吴公寓:W维修资金:5901其他",
    "WPAID": "Income:C0007长吴公寓:W维修资金:4001交存",
    "WGAIN": "Income:C0007长吴公寓:W维修资金:4901其他",
    "WINT": "Income:C0007长吴公寓:W维修资金:4101存款利息",
    "WCASH": "Assets:C0007长吴公寓:W维修资金:1201备用金",
    "WBOND": "Assets:C0007长吴公寓:W维修资金:1101国债投资",
}

PEOPLE = [
    Person(id="K01", name="代理会计", roles=("bookkeeper",)),
    Person(id="F01", name="复核员", roles=("reviewer",)),
    Person(id="T01", name="负责人", roles=("street_head",)),
    Person(id="J01", name="街道经办", roles=("street",)),
    Person(id="S01", name="社区书记", roles=("community",)),
    Person(id="A01", name="审计员", roles=("auditor",)),
    Person(id="C01", name="出纳", roles=("cashier",), compounds=(CODE,)),
    *(Person(id=f"Y0{n}", name=f"委员{n}", roles=("committee",), compounds=(CODE,)) for n in range(1, 6)),
]


def private(seed: str) -> Ed25519PrivateKey:
    """A key that is always the same."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def public(seed: str) -> str:
    """The public half of `private(seed)`, in hex."""
    return private(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def signed(seed: str, digest: str) -> str:
    """`digest` signed, in hex."""
    return private(seed).sign(bytes.fromhex(digest)).hex()


def sealed(seal: str, digest: str, day: date) -> str:
    """The signature (hex) of a seal set on `digest` that day."""
    keys = [key for _, key in KEYS]
    return signed(seal, seal_message(CODE, keys, seal, KEY_OF[seal], day, digest))


KEYS = (
    (2, SealKey(code="YZ1", seal="assembly", keeper="S01", public=public("assembly"), starts=date(2025, 1, 1))),
    (3, SealKey(code="YZ2", seal="committee", keeper="Y01", public=public("committee"), starts=date(2025, 1, 1))),
)
KEY_OF = {"assembly": "YZ1", "committee": "YZ2"}

PLAIN = Procedure.model_validate(
    {
        "code": "plain",
        "name": "小程序",
        "source": "试用办法",
        "verified": True,
        "matters": ["emergency", "fund_use", "other", "standing"],
        "payment_seals": ["assembly", "committee"],
        "payment_seals_above_yuan": "20000.00",
        "steps": [
            {"code": "propose", "title": "提议", "kind": "propose", "by": ["committee"], "article": "试用办法第1条"},
            {"code": "street_review", "title": "街道复审", "kind": "review", "by": ["street"], "above_yuan": "5000.00",
             "article": "试用办法第2条"},
            {"code": "vote", "title": "业主表决", "kind": "vote", "matters": ["standing", "fund_use"],
             "article": "民法典第278条"},
            {"code": "sealed", "title": "用印", "kind": "seal", "seals": ["committee"], "article": "试用办法第3条"},
            {"code": "execute", "title": "执行", "kind": "execute", "article": "试用办法第4条"},
            {"code": "settlement_audit", "title": "结算审计", "kind": "duty", "by": ["auditor"],
             "article": "试用办法第5条"},
            {"code": "report", "title": "公开结果", "kind": "duty", "by": ["committee"], "within_days": 90,
             "article": "试用办法第6条"},
        ],
    }
)  # fmt: skip

HOMES = tuple(
    Dwelling(
        code=f"01-1-{room}", building="01", stair="1", room=str(room), area_m2=Decimal("100.00"), owner=f"业{room}"
    )
    for room in (101, 102, 201, 202)
)  # fmt: skip

BALLOTS = ("dwelling,choice\n" + "".join(f"{home.code},agree\n" for home in HOMES)).encode()
BALLOTS_FILE = "votes/all-agree.csv"


def office_files(**changed: Any) -> OfficeFiles:
    """The office, with `changed` fields."""
    register = FundRegister(COMPOUND.start, HOMES)
    packs, votes = read_packs("hangzhou"), {BALLOTS_FILE: BALLOTS}
    files = OfficeFiles(COMPOUND, by_id(PEOPLE), {"plain": PLAIN}, packs, KEYS, votes, (), register)
    return replace(files, **changed)


def with_project(**fields: Any) -> OfficeFiles:
    """The office with one project, `WX-1`, decided by `R2`."""
    usual = {
        "code": "WX-1", "name": "屋面", "scope": "building:01", "object": "roof", "cause": "wear",
        "warranty_until": date(2020, 1, 1), "budget_yuan": "50000.00", "decision": "R2", "decided": date(2026, 2, 3),
        "contractor": "示例防水公司", "contract": "HT-1", "accepted": date(2026, 3, 1),
    }  # fmt: skip
    project = Project.model_validate({**usual, **fields})
    return office_files(register=FundRegister(COMPOUND.start, HOMES, projects=((2, project),)))


def records_of(items: Iterable[tuple[date, str, AnyRecord]]) -> list[data.Directive]:
    """Records as a ledger has them, one below the other."""
    made: list[data.Directive] = []
    for line, (day, kind, record) in enumerate(items, start=1):
        entry = custom_of(kind, day, record)
        made.append(entry._replace(meta={**entry.meta, "filename": "resolutions.beancount", "lineno": line}))
    return made


def decided(code: str, day: date = date(2026, 2, 1), seals: Sequence[str] = ("committee",), **terms: Any) -> list[
    tuple[date, str, AnyRecord]
]:
    """A resolution taken by the little procedure on `day` and the two days after."""
    usual = {
        "code": code, "procedure": "plain", "title": "一件事", "matter": "other", "fund": "G", "subjects": "5102",
        "by": "Y01", "budget_yuan": "4000.00", "supplier": "示例工程公司", "starts": day, "ends": date(2026, 12, 31),
        "papers": "",
    }  # fmt: skip
    resolution = Resolution.model_validate({**usual, **terms})
    items: list[tuple[date, str, AnyRecord]] = [(day, "resolution", resolution)]
    if PLAIN.steps[1].asked_of(resolution.matter, resolution.budget_yuan):
        items.append((day.replace(day=day.day + 1), "stage", Stage(code=code, step="street_review", by="J01")))
    if resolution.matter in ("standing", "fund_use"):
        own_vote = Vote(code=code, step="vote", ballots=BALLOTS_FILE, sha256=hashlib.sha256(BALLOTS).hexdigest())
        items.append((day.replace(day=day.day + 1), "vote", own_vote))
    read, _ = read_records(records_of(items))
    digest = path_digest(read)
    when = day.replace(day=day.day + 2)
    for seal in seals:
        own = {"seal": seal, "key": KEY_OF[seal], "digest": digest, "signature": sealed(seal, digest, when)}
        use = SealUse.model_validate({"code": code, "step": "sealed", **own})
        items.append((when, "seal", use))
    return items


def payment_sealed(
    items: Sequence[tuple[date, str, AnyRecord]], code: str, payment: str, payee: str, amount: str, day: date,
    seals: Sequence[str] = ("assembly", "committee"),
) -> list[tuple[date, str, AnyRecord]]:  # fmt: skip
    """The seals on one payment of the resolution `code` among `items`."""
    read, _ = read_records(records_of(items))
    path = walk_all(read, office_files())[code].digest
    digest = payment_digest(path, payment, payee, Decimal(amount))
    paid = {"code": code, "payment": payment, "payee": payee, "amount_yuan": amount, "digest": digest}
    return [
        (day, "seal", SealUse.model_validate(
            {**paid, "seal": seal, "key": KEY_OF[seal], "signature": sealed(seal, digest, day)}
        ))
        for seal in seals
    ]  # fmt: skip


def book(text: str, items: Iterable[tuple[date, str, AnyRecord]], files: OfficeFiles | None = None) -> OfficeView:
    """The view of a ledger in short words and of `items`."""
    for word, account in SHORT.items():
        text = text.replace(f" {word} ", f" {account} ")
    entries, errors, _ = parser.parse_string(textwrap.dedent(text))
    assert not errors, errors
    return office_view("/street/C0007", [*records_of(items), *entries], files or office_files())
