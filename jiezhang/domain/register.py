"""What the office knows about a street and its compounds, as frozen models read from `street.toml` and `register/`.

Each model is one row of one file; the file's columns are the model's fields, in this order.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from .chart import CHART
from .meanings import Means, allowed_values

HOLDER_NAMES: dict[str, str] = {
    "assembly": "业主大会",
    "committee": "业主委员会",
    "neighbourhood": "居民委员会",
    "manager": "物业服务企业",
    "street": "街道办事处",
    "fund_authority": "维修资金代管机构",
    "person": "个人",
}

HolderKind = Annotated[
    Literal["assembly", "committee", "neighbourhood", "manager", "street", "fund_authority", "person"],
    Means(HOLDER_NAMES),
]

BANK_NAMES: dict[str, str] = {
    "icbc": "工商银行",
    "ccb": "建设银行",
    "abc": "农业银行",
    "boc": "中国银行",
    "cmb": "招商银行",
    "psbc": "邮储银行",
    "spdb": "浦发银行",
    "rcb": "农商银行",
    "wechat": "微信支付",
    "alipay": "支付宝",
    "other": "其他银行",
}
"""`other` is a bank whose statements are read with a column map, or as MT940 or CAMT.053."""

BankCode = Annotated[
    Literal["icbc", "ccb", "abc", "boc", "cmb", "psbc", "spdb", "rcb", "wechat", "alipay", "other"],
    Means(BANK_NAMES),
]

CompoundKind = Annotated[
    Literal["commercial", "old", "resettlement"],
    Means({"commercial": "商品房小区", "old": "老旧小区", "resettlement": "安置小区"}),
]

AssetKind = Annotated[
    Literal["parking", "lift_ad", "outdoor_ad", "locker", "telecom", "charger", "stall", "room", "vending"],
    Means(
        {
            "parking": "车位", "lift_ad": "电梯广告", "outdoor_ad": "户外及道闸广告", "locker": "快递柜",
            "telecom": "通信基站", "charger": "充电桩", "stall": "场地摊位", "room": "经营用房", "vending": "自助售卖",
        }
    ),
]  # fmt: skip

Cycle = Annotated[
    Literal["month", "quarter", "half_year", "year", "once"],
    Means({"month": "每月", "quarter": "每季", "half_year": "每半年", "year": "每年", "once": "一次"}),
]

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9-]*$", max_length=32)]
CommunityCode = Annotated[Code, Field(examples=["SQ01"])]
SubjectCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), Field(examples=["4002"])]
AccountNumber = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Za-z@.-]{4,40}$"), Field(examples=["1202000000000013021"])
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^<>\n\r\t]+$")]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^<>\n\r\t]*$")]


def _excel_day(value: object) -> object:
    """`2026/1/5`, as Excel writes a date back into a CSV, in ISO form; anything else unchanged."""
    found = re.fullmatch(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})", value.strip()) if isinstance(value, str) else None
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else value


Day = Annotated[date, BeforeValidator(_excel_day)]
Yuan = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
AreaM2 = Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=2)]


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, given: object) -> object:
        """A value may be written as what it means: `续交` for `top-up`."""
        if not isinstance(given, dict):
            return given
        codes = _codes(cls)
        return {
            name: codes[name].get(value.strip(), value) if name in codes and isinstance(value, str) else value
            for name, value in given.items()
        }


@lru_cache(maxsize=64)
def _codes(model: type[BaseModel]) -> dict[str, dict[str, str]]:
    """By column that has a list of values: what each means → its code."""
    found = {name: {means: code for code, means in allowed_values(model, name).items()} for name in model.model_fields}
    return {name: codes for name, codes in found.items() if codes}


class Community(Row):
    """社区, the community a compound belongs to."""

    code: CommunityCode
    name: Name


class Person(Row):
    """A person's part in the office. `roles` as in docs/glossary.md; no secrets here."""

    id: Code
    name: Name
    roles: tuple[str, ...]
    compounds: tuple[Code, ...] = ()
    """For which compounds; empty: for all of the street."""
    key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    """The public half of the person's Ed25519 key, by which what they post is signed; empty: they have none."""
    since: Day | None = None
    until: Day | None = None
    """First and last day of their part. Nobody is taken off the list: what they signed while they served counts."""
    banks: tuple[BankCode, ...] | None = None
    """Whose accounts a bank's person confirms; none named: every account of the compound."""


class Street(Row):
    """`street.toml`. `city` names the rule pack in `rules/`."""

    name: Name
    city: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    contact: Text = ""
    check_url: Annotated[str, StringConstraints(pattern=r"^(https?://[!-~]{1,120})?$")] = ""
    """Where the page stands that checks an owner's code; capital letters keep the printed code small."""
    communities: tuple[Community, ...] = ()
    people: tuple[Person, ...] = ()


class Compound(Row):
    """`register/compound.toml`. `start` is the first day of the books."""

    code: Annotated[str, StringConstraints(pattern=r"^C[0-9]{4}$"), Field(examples=["C0007"])]
    name: Annotated[
        str, StringConstraints(pattern=r"^[A-Z0-9\u3400-\u9fff]+$", max_length=20), Field(examples=["桂花苑2区"])
    ]
    community: CommunityCode
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
    nature: Annotated[Literal["commercial", "public"], Means({"commercial": "商品住宅", "public": "已售公有住房"})] = (
        "commercial"
    )
    """财会〔2020〕7号 keeps the two apart."""
    status: Annotated[Literal["sold", "unsold"], Means({"sold": "已售", "unsold": "未售"})] = "sold"
    owner: Text = ""
    """A pseudonym; who it is stays in the office's own list."""
    deposit_rate_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    """The standard of the first deposit, yuan for each m² (165号令 2008 art. 7)."""
    first_deposit_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    """The first deposit paid in before these books began; what comes later is a voucher."""


class Asset(Row):
    """`register/assets.csv`: a common asset that earns or could earn."""

    code: Code
    kind: AssetKind
    name: Name
    place: Text = ""
    quantity: Annotated[int, Field(ge=1)] = 1


class Contract(Row):
    """`register/contracts.csv`: who pays what for which asset; proposes the other leg of its payments."""

    code: Code
    asset: Code
    counterparty: Name
    counterparty_account: Text = ""
    subject: SubjectCode
    start: Day
    end: Day
    amount_yuan: Annotated[Yuan, Field(ge=0)]
    cycle: Cycle
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
    direction: Annotated[Literal["in", "out", ""], Means({"in": "收", "out": "支", "": "收支都算"})] = ""
    counterparty: Text = ""
    """Part of the counterparty's name."""
    words: Text = ""
    """Part of summary or remark."""
    subject: SubjectCode
    detail: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\u3400-\u9fff-]*$", max_length=20)] = ""
    narration: Text = ""
    """Replaces the bank's summary in the voucher; empty keeps it."""

    @model_validator(mode="after")
    def _makes_sense(self) -> BookingRule:
        if not any(self.subject in chart for chart in CHART.values()):
            raise ValueError(f"科目 {self.subject} 不在科目表中")
        return self


class AccountRow(Row):
    """One line of the table of dedicated accounts (专户表). `name` is short, e.g. 工行; its last four digits follow."""

    fund: Annotated[Literal["G", "W"], Means({"G": "公共收益", "W": "维修资金"})]
    bank: BankCode
    name: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9\u3400-\u9fff]+$", max_length=20), Field(examples=["工行"])
    ]
    number: AccountNumber
    holder: Name
    holder_kind: HolderKind


class DedicatedAccount(Row):
    """A bank's or platform's account (专户): the metadata of its `open` in `accounts.beancount`.

    `account` is the ledger account; `bank` the bank's or platform's code (`BANK_NAMES`); `number` its account or
    merchant number; `holder` in whose name it is.
    """

    account: str
    bank: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")]
    number: AccountNumber
    holder: Name
    holder_kind: HolderKind


class Completion(Row):
    """One line of a completion sheet (补录表): what a person says a bank row was.

    `account` and `bank_ref` name the bank row, `other_account` its other leg. `join_account` and `join_ref` name a
    second bank row that is the other side of the same registered transfer between two funds; one voucher holds both.
    From `household` to `bond` the maintenance fund says whose money it is, from `resolution` to `accepted` a payment
    says what allows it. The last three columns only help the person who fills it in.
    """

    account: str
    bank_ref: str
    other_account: str = ""
    """Empty: nobody knows yet, the row stays as it is."""
    contract: Text = ""
    narration: Text = ""
    join_account: str = ""
    join_ref: str = ""
    household: Text = ""
    """The maintenance fund's rows from here on: the one dwelling concerned."""
    deposit: Annotated[Literal["", "first", "top-up"], Means({"": "不是交存", "first": "首期", "top-up": "续交"})] = ""
    batch: Text = ""
    """A batch file (批量明细) of many dwellings."""
    project: Text = ""
    paid_outside: Annotated[Yuan, Field(ge=0)] | None = None
    """What others paid the contractor beside the fund, for unsold dwellings and for balances too small."""
    covered: Text = ""
    """`01-1-101=业主`: who pays what a dwelling's balance lacks."""
    bond: Text = ""
    resolution: Text = ""
    """A payment's rows from here on: the decision that allows it; empty: its project's, or a standing rule."""
    payment: Text = ""
    """The payment that the two seals were set on, where the procedure asks for them."""
    invoice: Annotated[str, StringConstraints(pattern=r"^([0-9A-Za-z]+(,[0-9A-Za-z]+)*)?$", max_length=200)] = ""
    """Numbers of the invoices it pays, joined by commas."""
    accepted: Day | None = None
    """When the work was accepted."""
    date: Text = ""
    amount: Text = ""
    counterparty: Text = ""
