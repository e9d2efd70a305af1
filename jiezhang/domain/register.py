"""What the office knows about a street and its compounds, as frozen models read from `street.toml` and `register/`.

Each model is one row of one file; the file's columns are the model's fields, in this order.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from .chart import CHART

CompoundKind = Literal["commercial", "old", "resettlement"]
"""商品房小区, 老旧小区, 安置小区."""

HolderKind = Literal["assembly", "committee", "neighbourhood", "manager", "street", "fund_authority", "person"]
"""业主大会, 业主委员会, 居民委员会, 物业服务企业, 街道办事处, 维修资金代管机构, 个人."""

HOLDER_NAMES: dict[str, str] = {
    "assembly": "业主大会",
    "committee": "业主委员会",
    "neighbourhood": "居民委员会",
    "manager": "物业服务企业",
    "street": "街道办事处",
    "fund_authority": "维修资金代管机构",
    "person": "个人",
}

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9-]*$", max_length=32)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^<>\n\r\t]+$")]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^<>\n\r\t]*$")]
def _excel_day(value: object) -> object:
    """`2026/1/5`, as Excel writes a date back into a CSV, in ISO form; anything else unchanged."""
    found = re.fullmatch(r"(\d{4})/(\d{1,2})/(\d{1,2})", value.strip()) if isinstance(value, str) else None
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else value


Day = Annotated[date, BeforeValidator(_excel_day)]
Yuan = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
AreaM2 = Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=2)]


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Community(Row):
    """社区, the community a compound belongs to."""

    code: Code
    name: Name


class Person(Row):
    """A person's part in the office. `roles` as in docs/glossary.md; no secrets here."""

    id: Code
    name: Name
    roles: tuple[str, ...]


class Street(Row):
    """`street.toml`. `city` names the rule pack in `rules/`."""

    name: Name
    city: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    contact: Text = ""
    communities: tuple[Community, ...] = ()
    people: tuple[Person, ...] = ()


class Compound(Row):
    """`register/compound.toml`. `start` is the first day of the books."""

    code: Annotated[str, StringConstraints(pattern=r"^C\d{4}$")]
    name: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9\u3400-\u9fff]+$", max_length=20)]
    community: Code
    kind: CompoundKind
    start: date
    address: Text = ""
    manager: Text = ""
    """物业服务企业."""
    contact: Text = ""
    """Where an owner asks or objects: telephone and place."""
    posting_days: Annotated[int, Field(ge=1, le=366)] = 15
    """How many days the statement hangs on the board (杭州市物业管理条例 2021 art. 30: at least 15)."""

    @property
    def component(self) -> str:
        """The second part of every account name."""
        return self.code + self.name


class Dwelling(Row):
    """`register/dwellings.csv`: one 户."""

    code: Code
    building: Code
    stair: Code
    room: Code
    area_m2: AreaM2
    nature: Literal["commercial", "public"] = "commercial"
    """商品住宅 or 已售公有住房 (财会〔2020〕7号 keeps the two apart)."""
    status: Literal["sold", "unsold"] = "sold"


class Asset(Row):
    """`register/assets.csv`: a common asset that earns or could earn."""

    code: Code
    kind: Literal["parking", "lift_ad", "outdoor_ad", "locker", "telecom", "charger", "stall", "room", "vending"]
    name: Name
    place: Text = ""
    quantity: Annotated[int, Field(ge=1)] = 1


class Contract(Row):
    """`register/contracts.csv`: who pays what for which asset; proposes the other leg of its payments."""

    code: Code
    asset: Code
    counterparty: Name
    counterparty_account: Text = ""
    subject: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
    start: Day
    end: Day
    amount_yuan: Annotated[Yuan, Field(ge=0)]
    cycle: Literal["month", "quarter", "half_year", "year", "once"]
    note: Text = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> Contract:
        if self.subject not in CHART["G"]:
            raise ValueError(f"科目 {self.subject} 不在公共收益科目表中")
        if self.end < self.start:
            raise ValueError(f"终止日期 {self.end} 早于起始日期 {self.start}")
        return self


class BookingRule(Row):
    """`register/rules.csv`: what a bank row is, by its words. All given conditions must hold; the first rule wins."""

    code: Code
    account: Text = ""
    """Part of the statement account's name, e.g. `1002银行存款`; empty: any."""
    direction: Literal["in", "out", ""] = ""
    counterparty: Text = ""
    """Part of the counterparty's name."""
    words: Text = ""
    """Part of summary or remark."""
    subject: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
    detail: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\u3400-\u9fff-]*$", max_length=20)] = ""
    narration: Text = ""
    """Replaces the bank's summary in the voucher; empty keeps it."""

    @model_validator(mode="after")
    def _makes_sense(self) -> BookingRule:
        if not any(self.subject in chart for chart in CHART.values()):
            raise ValueError(f"科目 {self.subject} 不在科目表中")
        return self


class DedicatedAccount(Row):
    """A bank's or platform's account (专户): the metadata of its `open` in `accounts.beancount`.

    `account` is the ledger account; `bank` the bank's or platform's code (`icbc`, `ccb`, `abc`, `boc`, `cmb`, `psbc`,
    `spdb`, `rcb`, `wechat`, `alipay`, …); `number` its account or merchant number; `holder` in whose name it is.
    """

    account: str
    bank: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")]
    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z@.-]{4,40}$")]
    holder: Name
    holder_kind: HolderKind


class Completion(Row):
    """One line of a completion sheet (补录表): what a person says a bank row was.

    `account` and `bank_ref` name the bank row, `other_account` its other leg. `join_account` and `join_ref` name a
    second bank row that is the other side of the same registered transfer between two funds; one voucher holds both.
    The last three columns only help the person who fills it in.
    """

    account: str
    bank_ref: str
    other_account: str = ""
    """Empty: nobody knows yet, the row stays as it is."""
    contract: Text = ""
    narration: Text = ""
    join_account: str = ""
    join_ref: str = ""
    date: Text = ""
    amount: Text = ""
    counterparty: Text = ""
