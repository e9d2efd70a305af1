"""The chart of accounts: one place to change it.

Fund W follows 财会〔2020〕7号 (in force 2021-01-01); the codes come from a secondary source, and those listed in
`UNVERIFIED` (待核实) must be checked against the annex before anybody relies on them. Public revenue (G) and
special levies (J) have no national chart; theirs is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

FUND_NAMES = {"G": "公共收益", "W": "维修资金", "J": "专项集资"}

SUSPENSE = "2999"
"""待查款项: where a bank row stands until a person says what it was. Empty before a month is closed."""

IN_TRANSIT = "1012支付平台待结算-在途"


@dataclass(frozen=True, slots=True)
class Subject:
    """A first-level account (科目): `code`, `name`, and the Beancount root it lives under."""

    code: str
    name: str
    root: str

    @property
    def component(self) -> str:
        return self.code + self.name


def _subjects(text: str) -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for line in text.strip().splitlines():
        root, *names = line.split()
        for name in names:
            found[name[:4]] = Subject(name[:4], name[4:], root)
    return found


CHART: dict[str, dict[str, Subject]] = {
    "G": _subjects("""
        Assets 1002银行存款 1012支付平台待结算
        Liabilities 2241其他应付款 2999待查款项
        Equity 3001公共收益结余
        Income 4001车位场地 4002电梯广告 4003户外及道闸广告 4004快递柜 4005通信基站 4006充电桩 4007场地摊位
        Income 4008经营用房 4009自助售卖 4010赔偿 4101利息 4901其他
        Expenses 5001经营成本 5101维修养护 5102设施增设 5103业主大会业委会经费 5104委员津贴 5105审计 5106公益活动
        Expenses 5107水电 5108手续费 5201转入维修资金 5202分配业主 5901其他
    """),
    "W": _subjects("""
        Assets 1001银行存款 1101国债投资 1201备用金
        Liabilities 2001应付房屋灭失返还资金 2999待查款项
        Equity 3001商品住宅维修资金 3002已售公有住房维修资金 3101待分配累计收益
        Income 4001交存 4101存款利息 4102国债利息 4201经营 4301共用设施处置 4901其他
        Expenses 5001维修 5101返还 5901其他
    """),
    "J": _subjects("""
        Assets 1002银行存款
        Liabilities 2241其他应付款 2999待查款项
        Equity 3001专项集资结余
        Income 4001集资收入 4101利息 4201公共收益补助 4202财政补助 4901其他
        Expenses 5001项目支出 5108手续费 5202退还业主 5901其他
    """),
}

UNVERIFIED = {("W", "1201"), ("W", "4201")}

BANK_SUBJECTS = {("G", "1002"), ("W", "1001"), ("J", "1002")}
"""Subjects whose balance a bank keeps."""

STATEMENT_SUBJECTS = BANK_SUBJECTS | {("G", "1012")}
"""Subjects whose balance somebody else keeps and sends us a statement of."""
