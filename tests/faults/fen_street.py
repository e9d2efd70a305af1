"""A small street whose books hold every kind of figure: three compounds, three months, made by the code that makes real
ones (books opened, bank files imported, rows completed, vouchers posted).

Each compound has public revenue at ICBC and a maintenance fund at CCB over two buildings, commercial and public, with
an unsold dwelling, a selling unit, two repairs, a batch, bonds, a distribution, a correction and a lost house.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from jiezhang.book.create import NewCompound, create_compound, create_street
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import table_bytes
from jiezhang.close.completing import waiting
from jiezhang.domain.accounts import account_name
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.fund_register import Building, Change, Project, TreasuryBond
from jiezhang.domain.household_events import Detail
from jiezhang.domain.period import Month
from jiezhang.domain.register import Asset, Completion, Compound, Contract, DedicatedAccount, Dwelling, Street
from jiezhang.domain.scope import parse_scope
from jiezhang.domain.starter_rules import STARTER_RULES
from jiezhang.domain.statement import Statement, StatementRow
from jiezhang.households.batch import write_batch
from jiezhang.households.effects import proposed_repair
from jiezhang.households.fund import replay_fund
from jiezhang.households.state import Households
from jiezhang.street.booking import complete_street
from jiezhang.street.fund_booking import add_changes, correct, distribute, lose
from jiezhang.street.importing import import_files
from jiezhang.street.sample.files_ccb import current
from jiezhang.street.sample.files_icbc import history_detail_csv
from tests.conftest import MAKER, PEOPLE
from tests.decisions import allow_small_payments, decide
from tests.desk import review_and_post

CITY = "hangzhou"
START = date(2026, 7, 1)
NAMES = ("甲子花园", "乙丑新村", "丙寅苑")
SIZES = ((3, 2), (4, 4), (6, 6))
"""Dwellings in each of the two buildings."""
BUILDER = "示例防水公司"


BATCH = "top-up.csv"


@dataclass(frozen=True)
class Row:
    """One row of the bank account of fund `kind`, and what a person says of it (nothing: a rule knows it, or nobody).

    Of a repair `fen` is the whole cost.
    """

    kind: str
    day: str
    fen: int
    counterparty: str
    summary: str
    said: Mapping[str, str] | None = None


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def make_street(path: Path) -> StreetFolder:
    street = create_street(path, Street(name="样例街道", city=CITY, people=PEOPLE))
    for number, (name, sizes) in enumerate(zip(NAMES, SIZES, strict=True), start=1):
        office = Office(street, number, name, sizes)
        office.open()
        office.keep()
    return street


def make_one(path: Path, number: int) -> Office:
    """A street with the compound `number` alone, its books opened and nothing in them yet."""
    street = create_street(path, Street(name="样例街道", city=CITY, people=PEOPLE))
    office = Office(street, number, NAMES[number - 1], SIZES[number - 1])
    office.open()
    return office


class Office:
    """One compound, from its opening to the last voucher. Amounts differ from compound to compound."""

    def __init__(self, street: StreetFolder, number: int, name: str, sizes: tuple[int, int]) -> None:
        self.street, self.number = street, number
        self.compound = Compound(
            code=f"C{number:04d}", name=name, community="SQ01", kind="commercial", start=START, contact="000-0000"
        )
        self.bank = {kind: self.account(kind, code, detail) for kind, code, detail in (
            ("G", "1002", "工行3021"), ("W", "1001", "建行4417")
        )}  # fmt: skip
        self.homes = tuple(self._homes(sizes))
        self.detail = tuple((code, 410_000 + 137 * place + 11 * number) for place, code in enumerate(
            [*(home.code for home in self.homes if home.status == "sold"), "02/S"]
        ))  # fmt: skip

    def account(self, kind: str, code: str, detail: str = "") -> str:
        fund = {"G": "G公共收益", "W": "W维修资金"}[kind]
        return account_name(self.compound.component, fund, code, detail)

    def number_of(self, kind: str) -> str:
        return {"G": f"12020000000{self.number:04d}3021", "W": f"330000000000{self.number:04d}4417"}[kind]

    def _homes(self, sizes: tuple[int, int]) -> Iterator[Dwelling]:
        """The last of building 01 is unsold; building 02 is public but for its last dwelling."""
        for building, size in zip(("01", "02"), sizes, strict=True):
            for room in range(101, 101 + size):
                last = room == 100 + size
                area = Decimal(6053 + 731 * (room % 7) + 19 * self.number).scaleb(-2)
                unsold = building == "01" and last
                yield Dwelling.model_validate({
                    "code": f"{building}-1-{room}", "building": building, "stair": "1", "room": f"{room}",
                    "area_m2": area, "nature": "public" if building == "02" and not last else "commercial",
                    "status": "unsold" if unsold else "sold", "owner": f"Y{building}{room}",
                    "first_deposit_yuan": Decimal("0.00") if unsold else (area * 71).quantize(Decimal("0.01")),
                })  # fmt: skip

    # ------------------------------------------------------------------ opening
    def _buildings(self) -> Iterator[Building]:
        for code in ("01", "02"):
            own = [home for home in self.homes if home.building == code]
            yield Building(
                code=code,
                dwellings=len(own),
                area_m2=sum((home.area_m2 for home in own), Decimal(0)),
                first_deposit_yuan=sum((home.first_deposit_yuan for home in own), Decimal(0)),
                seller_deposit_yuan=Decimal("7001.01") if code == "02" else Decimal("0.00"),
            )

    def _opening(self) -> list[tuple[str, Decimal]]:
        sums: dict[str, int] = {}
        nature = {home.code: home.nature for home in self.homes}
        for code, fen in self.detail:
            subject = "3001" if nature.get(code) == "commercial" else "3002"
            name = f"{self.account('W', subject)}:{code[:2]}"
            sums[name] = sums.get(name, 0) - fen
        held = -sum(sums.values())
        return [
            (self.bank["G"], Decimal("80000.07")),
            (self.account("G", "3001"), Decimal("-80000.07")),
            (self.bank["W"], yuan(held + 32_145 - 500_000)),
            (self.account("W", "1101"), Decimal("5000.00")),
            *((name, yuan(fen)) for name, fen in sums.items()),
            (self.account("W", "3101"), Decimal("-321.45")),
        ]

    def open(self) -> None:
        project = {
            "object": "roof", "cause": "wear", "warranty_until": "2020-12-31",
            "decided": "2026-07-01", "contractor": BUILDER, "contract": "HT-1", "prepay_percent": 30,
        }  # fmt: skip
        bond = {"kind": "treasury", "market": "primary", "decision": "R2026-03"}
        new = NewCompound(
            compound=self.compound,
            accounts=[
                DedicatedAccount(account=self.bank[kind], bank=bank, number=self.number_of(kind),
                                 holder=f"{self.compound.name}业主大会", holder_kind="assembly")
                for kind, bank in (("G", "icbc"), ("W", "ccb"))
            ],
            opening=self._opening(),
            dwellings=self.homes,
            buildings=list(self._buildings()),
            household_opening=self.detail,
            projects=[
                # The whole cost is 110 % of a fen less than the budget.
                Project.model_validate({**project, "code": "XM1", "name": "屋面", "scope": "compound",
                                        "decision": "R2026-01", "budget_yuan": "1000.01", "accepted": "2026-08-01"}),
                Project.model_validate({**project, "code": "XM2", "name": "外墙", "scope": "building:02",
                                        "decision": "R2026-02", "budget_yuan": "200.01", "accepted": "2026-08-01"}),
            ],
            bonds=[
                TreasuryBond.model_validate({**bond, "code": "GZ1", "matures": "2026-08-15",
                                             "opening_cost_yuan": "5000.00"}),
                TreasuryBond.model_validate({**bond, "code": "GZ2", "matures": "2027-09-02"}),
            ],
            assets=[Asset(code="ZC-001", kind="lift_ad", name="电梯轿厢广告位")],
            contracts=[
                Contract(code="HT-0003", asset="ZC-001", counterparty="示例传媒有限公司", subject="4002",
                         start=date(2026, 1, 1), end=date(2026, 12, 31), amount_yuan=Decimal("900.00"), cycle="month")
            ],
            rules=STARTER_RULES,
        )  # fmt: skip
        self.folder = create_compound(self.street, new)
        self._decide()
        self.balance = {kind: dict(self._opening())[self.bank[kind]] for kind in self.bank}
        self.settled: dict[tuple[str, str, str], Row] = {}

    def _decide(self) -> None:
        allow_small_payments(self.folder)
        about = {"matter": "fund_use", "fund": "W"}
        repair = {**about, "subjects": "5001", "supplier": BUILDER}
        decide(self.folder, START, **repair, code="R2026-01", title="屋面", project="XM1", budget_yuan="1000.01")
        decide(self.folder, START, **repair, code="R2026-02", title="外墙", project="XM2", budget_yuan="200.01",
               scope="building:02")  # fmt: skip
        decide(self.folder, START, **about, code="R2026-03", title="买国债", subjects="1101", budget_yuan="9000.00")

    # ------------------------------------------------------------------ what the banks say
    def rows(self) -> list[Row]:
        odd, paid, repair = 13 * self.number, self.account("W", "4001"), self.account("W", "5001")
        top_up = {"other_account": paid, "deposit": "top-up"}
        home, bond = self.homes[0].code, self.account("W", "1101")
        whole, name = sum(fen for _, fen in self.batch()), f"{self.compound.name}业主大会"
        found = [
            Row("W", "07-03", 50_000 + odd, "张某", "交存", {**top_up, "household": home}),
            Row("W", "07-05", whole, "某银行", "批量续交", {**top_up, "batch": BATCH}),
            Row("W", "07-09", 30_000, BUILDER, "屋面预付", {"other_account": repair, "project": "XM1"}),
            Row("W", "07-20", 12_345 + odd, "", "结息"),
            Row("W", "08-03", 80_000, BUILDER, "屋面付清", {"other_account": repair, "project": "XM1"}),
            Row("W", "08-10", 22_000, BUILDER, "外墙", {"other_account": repair, "project": "XM2"}),
            Row("W", "08-16", 512_300, "某银行", "国债到期", {"other_account": bond, "bond": "GZ1"}),
            Row("W", "08-20", 120_000 + odd, name, "公共收益转入"),
            Row("W", "09-02", -300_000 - odd, "某银行", "买国债", {"other_account": bond, "bond": "GZ2"}),
            Row("W", "09-08", -1_000 - odd, "张某", "退回", {**top_up, "household": home}),
            Row("W", "09-20", 0, "李某", "灭失返还",
                {"other_account": self.account("W", "2001"), "household": self.homes[-1].code}),
            Row("W", "09-29", 333, "某人", "不明收入"),
            Row("G", "08-20", -120_000 - odd, name, "补充维修资金", {"other_account": self.account("G", "5201")}),
            Row("G", "09-29", 7_777, "某公司", "不明收入"),
        ]  # fmt: skip
        for month in ("07", "08", "09"):
            cleaning = {"other_account": self.account("G", "5101")}
            found += [
                Row("G", f"{month}-05", 90_000, "示例传媒有限公司", "电梯广告费"),
                Row("G", f"{month}-11", -35_000 - odd, "示例保洁有限公司", "管道疏通", cleaning),
                Row("G", f"{month}-11", -4_321, "某供电公司", "电费"),
                Row("G", f"{month}-21", 888 + odd, "", "结息"),
                Row("G", f"{month}-28", -1_000, "", "手续费"),
            ]
        return sorted(found, key=lambda row: row.day)

    def batch(self) -> Detail:
        return tuple((home.code, 30_000 + 29 * place) for place, home in enumerate(self.homes) if home.status == "sold")

    # ------------------------------------------------------------------ the books
    def keep(self, until: str = "12-31", by_hand: bool = True) -> None:
        """Everything in the order of its days, chapter by chapter; what others owe is known when its chapter begins."""
        begin = ""
        for end, voucher in (
            ("07-06", None), ("07-31", self._distribute), ("08-12", None), ("08-31", self._distribute_some),
            ("09-14", self._correct_and_lose), ("09-30", None),
        ):  # fmt: skip
            if end > until:
                return
            rows = [self._settled(row) for row in self.rows() if begin < row.day <= end]
            self.settled |= {(row.day, row.kind, row.summary): row for row in rows}
            self._book(rows, end)
            review_and_post(self.folder, CITY, Month(2026, int(end[:2])))
            if voucher and by_hand:
                voucher()
                review_and_post(self.folder, CITY, Month(2026, int(end[:2])))
            begin = end

    def _state(self, day: str) -> Households:
        entries = load_ledger(self.folder, CITY).entries
        return replay_fund(read_fund_files(self.folder), entries, date.fromisoformat(f"2026-{day}")).state

    def _settled(self, row: Row) -> Row:
        """A repair's cost becomes what the fund pays of it; the lost house is paid what is owed."""
        if row.summary == "灭失返还":
            return replace(row, fen=-self._state(row.day).controls.payable_fen)
        if "project" not in (row.said or {}):
            return row
        assert row.said is not None
        scope = {"XM1": "compound", "XM2": "building:02"}[row.said["project"]]
        charge = int(proposed_repair(self._state(row.day), parse_scope(scope), row.fen).charge_fen.sum())
        return replace(row, fen=-charge, said={**row.said, "paid_outside": f"{yuan(row.fen - charge)}"})

    def _book(self, rows: Sequence[Row], end: str) -> None:
        self.receive(rows, end)
        sheet = self.street.inbox / "sheet.csv"
        self.hand_in(sheet.parent)
        sheet.write_bytes(table_bytes(self.completions(rows), Completion))
        complete_street(self.street, sheet, MAKER)
        shutil.rmtree(self.street.inbox)
        self.street.inbox.mkdir()

    def receive(self, rows: Sequence[Row], end: str) -> None:
        """Import the banks' files of `rows`, which end on the day `end`."""
        files = []
        for kind, layout, suffix in (("G", history_detail_csv, "csv"), ("W", current, "xls")):
            made = list(self._statement_rows(kind, rows))
            if made:
                number, holder = self.number_of(kind), f"{self.compound.name}业主大会"
                files.append(self.street.inbox / f"{number}_{end}.{suffix}")
                files[-1].write_bytes(layout(Statement("", "", "", number, holder, "CNY", tuple(made))))
        import_files(self.street, files, MAKER)

    def hand_in(self, folder: Path) -> None:
        """Put the batch file where the completion sheet will be."""
        (folder / BATCH).write_bytes(write_batch(self.batch()))

    def completions(self, rows: Sequence[Row]) -> list[Completion]:
        """What a person says of the `rows` that wait."""
        refs = {
            (leg.account, str(entry.date)[5:], leg.units.number): row_key(leg)[1]
            for entry in waiting(load_ledger(self.folder, CITY).entries) for leg in bank_legs(entry) if leg.units
        }  # fmt: skip
        return [self._completion(row, refs) for row in rows if row.said]

    def _statement_rows(self, kind: str, rows: Sequence[Row]) -> Iterator[StatementRow]:
        for place, row in enumerate(rows, start=1):
            if row.kind == kind:
                self.balance[kind] += yuan(row.fen)
                day = date.fromisoformat(f"2026-{row.day}")
                yield StatementRow(place, day, f"10:00:{place:02d}", yuan(row.fen), self.balance[kind],
                                   row.counterparty, "", row.summary, serial=f"{place}" if kind == "W" else "")

    def _completion(self, row: Row, refs: Mapping[tuple[str, str, Decimal | None], str]) -> Completion:
        account = self.bank[row.kind]
        said = dict(row.said or {})
        if row.summary == "补充维修资金":
            said |= {"join_account": self.bank["W"], "join_ref": refs[self.bank["W"], row.day, yuan(-row.fen)]}
        return Completion.model_validate(
            {"account": account, "bank_ref": refs[account, row.day, yuan(row.fen)], **said}
        )

    def _distribute(self) -> None:
        distribute(self.street, self.folder, MAKER, date(2026, 7, 31), None, None)

    def _distribute_some(self) -> None:
        distribute(self.street, self.folder, MAKER, date(2026, 8, 31), 10_000 + 7 * self.number, None)

    def _correct_and_lose(self) -> None:
        home = self.homes[0].code
        (wrong,) = [
            entry.meta["voucher"] for entry in load_ledger(self.folder, CITY).entries
            if str(entry.date) == "2026-07-03" and entry.meta.get("household") == home
        ]  # fmt: skip
        correct(self.street, self.folder, MAKER, date(2026, 9, 10), corrects=f"2026-07/{wrong}", giver=home,
                taker=self.homes[-2].code, fen=1_500 + self.number)
        lost = Change.model_validate(
            {"code": "BG1", "date": "2026-09-15", "kind": "loss", "dwellings": self.homes[-1].code}
        )
        sheet = self.street.inbox / "changes.csv"
        sheet.write_bytes(table_bytes([lost], Change))
        add_changes(self.street, self.folder, sheet)
        sheet.unlink()
        # A lost house gets its yield before its account closes.
        distribute(self.street, self.folder, MAKER, date(2026, 9, 14), None, None)
        lose(self.street, self.folder, MAKER, date(2026, 9, 15), self.homes[-1].code)
