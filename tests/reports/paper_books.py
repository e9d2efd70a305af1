"""Books of a made-up compound for the papers of its fund; the naive model of tests/households writes the vouchers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from beancount.core import data
from little_fund import BANK, dwelling
from naive import Naive

from jiezhang.domain.fund_register import Change, FundRegister, Project
from jiezhang.domain.register import Compound, Dwelling, Street
from jiezhang.households.fund import FundFiles, FundReplay, replay_fund

START = date(2026, 1, 1)
STREET = Street.model_validate({
    "name": "示例区云溪街道办事处", "city": "hangzhou", "contact": "云溪街道物业科 0500-0000100",
    "communities": [{"code": "S01", "name": "长吴社区"}],
})
COMPOUND = Compound(
    code="C0007", name="长吴公寓", community="S01", kind="old", start=START, address="云溪路7号",
    manager="青桐物业服务有限公司", contact="小区服务站 0500-0000107",
)
HOMES = (
    dwelling("B01-1-101", "88.20"), dwelling("B01-1-102", "61.80"), dwelling("B01-2-101", "100.00"),
    dwelling("B01-2-102", "50.00", status="unsold"), dwelling("B02-1-101", "60.00", nature="public"),
    dwelling("B02-1-102", "40.00", nature="public"),
)


def project(code: str = "WX-01", scope: str = "building:B01", **more: Any) -> Project:
    row: dict[str, Any] = {
        "code": code, "name": "屋面防水翻修", "scope": scope, "object": "roof", "cause": "wear",
        "warranty_until": date(2015, 1, 1), "budget_yuan": Decimal("20000.00"), "decision": "业主大会2026年第2号决定",
        "decided": date(2026, 2, 1), "contractor": "示例防水工程有限公司", "contract": "HT-WX-01",
        "accepted": date(2026, 4, 1),
    }
    return Project.model_validate(row | more)


@dataclass
class Books:
    """Vouchers in the order they are added, numbered within their month; `model` says what everybody then has."""

    homes: tuple[Dwelling, ...] = HOMES
    projects: tuple[Project, ...] = ()
    changes: tuple[Change, ...] = ()
    entries: list[data.Directive] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = Naive({home.code: home for home in self.homes})
        about = {"bank-account": "3300000000000004417", "holder": "长吴公寓业主大会"}
        self.entries.append(data.Open(data.new_metadata("accounts.beancount", 1, about), START, BANK, None, None))

    def add(self, done: data.Transaction | None, **meta: Any) -> data.Transaction:
        assert done is not None
        months = [f"{e.date:%Y-%m}" for e in self.entries if isinstance(e, data.Transaction)]
        number = f"记-{months.count(f'{done.date:%Y-%m}') + 1:04d}"
        entry = done._replace(meta={**done.meta, "voucher": number, **meta})
        self.entries.append(entry)
        return entry

    @property
    def files(self) -> FundFiles:
        register = FundRegister(
            START, self.homes, projects=tuple(enumerate(self.projects, 2)), changes=tuple(enumerate(self.changes, 2))
        )
        return FundFiles(register, self.model.batches)

    def replay(self, until: date | None = None) -> FundReplay:
        made = replay_fund(self.files, self.entries, until)
        assert not made.faults, made.faults
        return made


def year() -> Books:
    """First deposits, a transfer and interest, a repair of B01 with an unsold dwelling and one of the whole compound
    that two households can't pay, a top-up, a distribution."""
    books = Books(projects=(project(), project("WX-02", "compound", name="道路翻修", budget_yuan=Decimal("5000.00"))))
    model, day = books.model, date
    first = {home.code: int(home.area_m2 * 100) * 65 for home in HOMES if home.status == "sold"}
    books.add(model.deposit(day(2026, 1, 5), first | {"B02/S": 700_000}, first=True))
    books.add(model.income(day(2026, 3, 21), "4101", 43_210))
    books.add(model.repair(day(2026, 4, 10), "building:B01", 1_234_567), project="WX-01")
    books.add(model.income(day(2026, 5, 6), "4201", 300_000))
    books.add(model.deposit(day(2026, 6, 1), {"B01-1-101": 200_000}, first=False))
    books.add(model.distribute(day(2026, 6, 30), 300_001, "jishu"))
    books.add(model.repair(day(2026, 7, 8), "building:B01", 1_500_000), project="WX-01")
    books.add(model.repair(day(2026, 9, 9), "compound", 400_000), project="WX-02")
    books.add(model.refund(day(2026, 9, 20), "B02-1-101", 1_000))
    return books


def estate(households: int = 1176, buildings: int = 8) -> Books:
    """A large compound: a repair of everything, one of a building, quarterly interest."""
    per = households // buildings
    homes = tuple(
        home(f"{b:02d}-{r % 2 + 1}-{r // 4 + 1:d}{r % 4 + 1:02d}", 6000 + (b * 37 + r * 191) % 9000)
        for b in range(1, buildings + 1)
        for r in range(per)
    )
    books = Books(homes, (project(scope="compound", name="小区消防系统改造", budget_yuan=Decimal("600000.00")),))
    model = books.model
    books.add(model.deposit(START, {home.code: int(home.area_m2 * 100) * 90 for home in homes}, first=True))
    books.add(model.income(date(2026, 3, 21), "4101", 4_321_098))
    books.add(model.repair(date(2026, 4, 10), "compound", 51_234_567), project="WX-01")
    books.add(model.distribute(date(2026, 6, 30), 4_321_098, "area"))
    books.add(model.deposit(date(2026, 8, 1), {homes[3].code: 150_000}, first=False))
    return books


def home(code: str, area_dm2: int) -> Dwelling:
    return dwelling(code, f"{area_dm2 // 100}.{area_dm2 % 100:02d}")

