"""A small made-up street: two compounds, each with one bank account, an opening balance, three waiting rows, a standing
rule for small payments; and, where a test asks for them, resolutions taken as the commands take them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.create import NewCompound, create_compound, create_street
from jiezhang.book.edit import apply
from jiezhang.book.keys import PrivateKey
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked, office_of
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.register import Asset, Community, Compound, Contract, DedicatedAccount, Dwelling, Person, Street
from jiezhang.domain.statement import Statement, StatementRow
from jiezhang.street.resolving import Days, add
from jiezhang.street.resolving_seals import Signer, set_seal
from tests.decisions import COMMITTEE, KEY, allow_small_payments

CITY = "huzhou"
MONTH_FILE = "2026/2026-10.beancount"
PAGE = "/c0001/extension/MonthPage/"
VOUCHERS = "/c0001/extension/VouchersPage/"
DECISIONS = "/c0001/extension/DecisionsPage/"
ORIGIN = {"Origin": "http://localhost"}

MAKER, REVIEWER, POSTER, SIGNER, STRANGER = "K01", "F01", "T01", "T02", "F09"
SIGNER_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
"""What `give_key` registers for the signer."""
PEOPLE = (
    Person(id=MAKER, name="代理会计1号", roles=("bookkeeper",)),
    Person(id=REVIEWER, name="复核员", roles=("reviewer",)),
    Person(id=POSTER, name="负责人", roles=("street_head",)),
    Person(id=SIGNER, name="代理会计2号", roles=("bookkeeper",)),
    Person(id=STRANGER, name="别区复核员", roles=("reviewer",), compounds=("C0002",)),
    COMMITTEE,
    Person(id="Y02", name="委员甲", roles=("committee",), compounds=("C0001",)),
    Person(id="Z01", name="支部书记", roles=("branch",)),
)
"""Two who may post, one of whom gets a key where a test asks for it; a reviewer of the other compound only; who
decides."""
DECIDED, WAITING, REJECTED = "R2026-01", "R2026-02", "R2026-03"

HOME = Dwelling(code="1-1-101", building="1", stair="1", room="101", area_m2=Decimal("90.00"), owner="甲")


def bank(code: str) -> str:
    return f"Assets:{code}甲子花园:G公共收益:1002银行存款-工行3021"


def subject(code: str, root: str, name: str) -> str:
    return f"{root}:{code}甲子花园:G公共收益:{name}"


def row(line: int, day: int, amount: str, balance: str, counterparty: str, summary: str) -> StatementRow:
    return StatementRow(
        line=line,
        date=date(2026, 10, day),
        time=f"0{day}:30:00",
        amount=Decimal(amount),
        balance=Decimal(balance),
        counterparty=counterparty,
        summary=summary,
        serial=f"S{line}",
    )


ROWS = (
    row(2, 3, "1200.00", "11200.00", "示例传媒有限公司", "电梯广告费"),
    row(3, 5, "-350.00", "10850.00", "示例保洁有限公司", "保洁费"),
    row(4, 9, "8.88", "10858.88", "", "结息"),
)


def make_compound(street: StreetFolder, code: str) -> CompoundFolder:
    """One compound's books with `ROWS` waiting."""
    account = bank(code)
    opening = [(account, Decimal("10000.00")), (subject(code, "Equity", "3001公共收益结余"), Decimal("-10000.00"))]
    new = NewCompound(
        compound=Compound(code=code, name="甲子花园", community="SQ1", kind="commercial", start=date(2026, 9, 1)),
        accounts=[
            DedicatedAccount(
                account=account,
                bank="icbc",
                number=f"1205{code[1:]}3021",
                holder="甲子花园业主大会",
                holder_kind="assembly",
            )
        ],
        opening=opening,
        dwellings=(HOME,),
        assets=[Asset(code="A1", kind="lift_ad", name="电梯轿厢")],
        contracts=[
            Contract(
                code="HT-01",
                asset="A1",
                counterparty="示例传媒有限公司",
                subject="4002",
                start=date(2026, 1, 1),
                end=date(2026, 12, 31),
                amount_yuan=Decimal("1200.00"),
                cycle="month",
            )
        ],
    )
    folder = allow_small_payments(create_compound(street, new))
    statement = Statement("icbc.history_detail", "a.csv", "ab" * 32, f"1205{code[1:]}3021", "", "CNY", ROWS)
    with exclusive(folder):
        ledger = load_unlocked(folder, CITY)
        plan = plan_import(ledger.entries, [(account, statement)], new.contracts, (), office=office_of(ledger))
        commit(ledger, CITY, apply(ledger.folder, plan.changes, imported_by(plan.additions, MAKER)))
    return folder


def make_street(path: Path, *codes: str) -> StreetFolder:
    communities = (Community(code="SQ1", name="一社区"),)
    street = create_street(path, Street(name="样例街道", city=CITY, communities=communities, people=PEOPLE))
    for code in codes:
        make_compound(street, code)
    return street


def give_key(street: StreetFolder) -> None:
    """Register the key of the signer: from then on nobody posts without one."""
    known = read_street(street)
    people = [one.model_copy(update={"key": SIGNER_KEY}) if one.id == SIGNER else one for one in known.people]
    street.toml.write_bytes(toml_bytes(known.model_copy(update={"people": tuple(people)})))


def resolve(street: StreetFolder) -> None:
    """Three resolutions of C0001 by the four steps: one that may be paid, one half way, one the branch rejected."""
    for code, title in ((DECIDED, "垃圾房改造"), (WAITING, "凉亭<b>油漆"), (REJECTED, "门禁更换")):
        _propose(street, code, title.replace("<b>", ""))
    say_step(street, DECIDED, 3, step="branch_review", by="Z01", opinion="同意")
    say_step(street, DECIDED, 4, step="committee_decision", by=f"{COMMITTEE.id},Y02")
    folder, key = street.compound("C0001"), Signer(PrivateKey(KEY))
    set_seal(street, folder, DECIDED, "committee", None, key, _days(5))
    say_step(street, REJECTED, 3, step="branch_review", by="Z01", outcome="reject", opinion="另行比选")


def _days(day: int) -> Days:
    return Days(date(2026, 9, day), date(2026, 12, 31))


def _propose(street: StreetFolder, code: str, title: str) -> None:
    fields = {
        "code": code, "procedure": "four_steps", "title": title, "matter": "other", "fund": "G", "subjects": "5001",
        "by": COMMITTEE.id, "budget_yuan": "400.00", "supplier": "示例保洁有限公司", "starts": "2026-09-01",
        "ends": "2199-12-31", "papers": "invoice",
    }  # fmt: skip
    add(street, street.compound("C0001"), "resolution", fields, _days(2))


def say_step(street: StreetFolder, code: str, day: int, **fields: str) -> None:
    """Record a step taken in September 2026."""
    add(street, street.compound("C0001"), "stage", {"code": code, **fields}, _days(day))
