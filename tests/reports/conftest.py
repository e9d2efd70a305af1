"""Made-up books for the statement's tests: no person, firm or account in them exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from beancount import loader

from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound, Contract, Street
from reports.disclosure import Disclosure, build_disclosure

STREET = Street.model_validate({
    "name": "示例区云溪街道办事处", "city": "example", "contact": "云溪街道物业科 0500-0000100",
    "communities": [{"code": "S01", "name": "长吴社区"}],
})
COMPOUND = Compound(
    code="C0007", name="长吴公寓", community="S01", kind="old", start=date(2026, 3, 1), address="云溪路7号",
    manager="青桐物业服务有限公司", contact="小区服务站 0500-0000107", posting_days=15,
)

BOOK = '''
option "operating_currency" "CNY"
option "tolerance_multiplier" "0"
2026-03-01 open Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021
  bank-account: "6222000000003021"
  holder: "长吴公寓业主大会"
2026-03-01 open Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信
  bank-account: "1600007001"
2026-03-01 open Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-在途
2026-03-01 open Assets:C0007长吴公寓:W维修资金:1001银行存款-建行9001
2026-03-01 open Liabilities:C0007长吴公寓:G公共收益:2241其他应付款-押金
2026-03-01 open Liabilities:C0007长吴公寓:G公共收益:2999待查款项
2026-03-01 open Equity:C0007长吴公寓:G公共收益:3001公共收益结余
2026-03-01 open Income:C0007长吴公寓:G公共收益:4001车位场地
2026-03-01 open Income:C0007长吴公寓:G公共收益:4001车位场地-临停
2026-03-01 open Income:C0007长吴公寓:G公共收益:4002电梯广告
2026-03-01 open Income:C0007长吴公寓:G公共收益:4004快递柜
2026-03-01 open Income:C0007长吴公寓:G公共收益:4101利息
2026-03-01 open Income:C0007长吴公寓:W维修资金:4901其他
2026-03-01 open Expenses:C0007长吴公寓:G公共收益:5001经营成本
2026-03-01 open Expenses:C0007长吴公寓:G公共收益:5101维修养护
2026-03-01 open Expenses:C0007长吴公寓:G公共收益:5108手续费
2026-03-01 open Expenses:C0007长吴公寓:G公共收益:5201转入维修资金

2026-03-01 * "建账"
  voucher: "记-0001"
  opening: TRUE
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021   100000.00 CNY
  Liabilities:C0007长吴公寓:G公共收益:2241其他应付款-押金  -2000.00 CNY
  Equity:C0007长吴公寓:G公共收益:3001公共收益结余        -98000.00 CNY

2026-09-10 * "电梯广告三季度"
  voucher: "记-0001"
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021    12000.00 CNY
  Income:C0007长吴公寓:G公共收益:4002电梯广告            -12000.00 CNY
    contract: "HT-0003"

2026-09-20 * "楼道灯维修"
  voucher: "记-0002"
  Expenses:C0007长吴公寓:G公共收益:5101维修养护            1406.50 CNY
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021    -1406.50 CNY

2026-10-03 * "电梯广告四季度"
  voucher: "记-0001"
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021    12000.00 CNY
  Income:C0007长吴公寓:G公共收益:4002电梯广告            -12000.00 CNY
    contract: "HT-0003"

2026-10-05 * "临停收费"
  voucher: "记-0002"
  Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信   3500.20 CNY
  Income:C0007长吴公寓:G公共收益:4001车位场地-临停        -3500.20 CNY

2026-10-06 * "临停收费"
  voucher: "记-0003"
  Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信   1499.80 CNY
  Income:C0007长吴公寓:G公共收益:4001车位场地-临停        -1499.80 CNY

2026-10-08 * "微信提现"
  voucher: "记-0004"
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021     3000.00 CNY
  Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信  -3000.00 CNY

2026-10-12 * "快递柜，押金与租金一笔到账"
  voucher: "记-0005"
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021     4000.00 CNY
  Income:C0007长吴公寓:G公共收益:4004快递柜               -3000.00 CNY
    contract: "HT-0009"
  Liabilities:C0007长吴公寓:G公共收益:2241其他应付款-押金  -1000.00 CNY

2026-10-15 * "停车管理员人工"
  voucher: "记-0006"
  Expenses:C0007长吴公寓:G公共收益:5001经营成本             900.00 CNY
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021     -900.00 CNY

2026-10-20 * "补充维修资金"
  voucher: "记-0007"
  Expenses:C0007长吴公寓:G公共收益:5201转入维修资金        8000.00 CNY
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021    -8000.00 CNY
  Assets:C0007长吴公寓:W维修资金:1001银行存款-建行9001     8000.00 CNY
  Income:C0007长吴公寓:W维修资金:4901其他                 -8000.00 CNY

2026-11-02 * "下月的一笔，不在本表"
  voucher: "记-0001"
  Expenses:C0007长吴公寓:G公共收益:5108手续费                10.00 CNY
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021      -10.00 CNY
'''

BANK = "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021"
WECHAT = "Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信"
BANK_SAYS = {BANK: Decimal("120693.50"), WECHAT: Decimal("2000.00")}

Build = Callable[..., Disclosure]


def contract(code: str = "HT-0003", counterparty: str = "城市光影广告有限公司", **more: Any) -> Contract:
    row = {
        "code": code, "asset": "A01", "counterparty": counterparty, "subject": "4002", "start": date(2026, 1, 1),
        "end": date(2026, 12, 31), "amount_yuan": Decimal("12000.00"), "cycle": "quarter",
    }
    return Contract.model_validate(row | more)


@pytest.fixture(scope="session")
def build() -> Build:
    """The statement of 2026-10 from ledger text added to `BOOK`, or instead of it; any argument can be replaced."""

    def make(more: str = "", book: str = BOOK, **changed: Any) -> Disclosure:
        entries, errors, _ = loader.load_string(book + more, dedent=False)
        assert not errors, errors
        given: dict[str, Any] = {
            "street": STREET, "compound": COMPOUND, "contracts": [contract()], "month": Month(2026, 10),
            "bank_balances": BANK_SAYS, "posted_from": date(2026, 11, 5),
        }
        return build_disclosure(entries, **(given | changed))

    return make


@pytest.fixture(scope="session")
def small(build: Build) -> Disclosure:
    return build()


@pytest.fixture(scope="session")
def large(build: Build) -> Disclosure:
    """45 contracts with long names, tens of millions, a negative line, two banks that disagree, a draft."""
    lines = [
        "2026-03-01 open Assets:C0007长吴公寓:G公共收益:1002银行存款-农商行7788",
        '  bank-account: "6230910000007788"',
        '  holder: "长吴公寓业主大会"',
        "2026-03-01 open Income:C0007长吴公寓:G公共收益:4003户外及道闸广告",
        "2026-03-01 open Expenses:C0007长吴公寓:G公共收益:5202分配业主",
    ]
    contracts = [contract()]
    for n in range(1, 46):
        code, subject = f"HT-{n + 100:04d}", ("4003户外及道闸广告", "4002电梯广告", "4004快递柜")[n % 3]
        name = "云溪市城市记忆文化传媒股份有限公司长吴分公司" if n % 4 == 0 else "白鹭智能科技有限公司"
        contracts.append(contract(code, name))
        amount = Decimal("-350.00") if n == 7 else Decimal("1234567.89") + 1000 * n
        lines += [
            f'2026-10-{n % 27 + 1:02d} * "收入"',
            f'  voucher: "记-{n * 2 + 10:04d}"',
            f"  Assets:C0007长吴公寓:G公共收益:1002银行存款-农商行7788  {amount} CNY",
            f"  Income:C0007长吴公寓:G公共收益:{subject}  {-amount} CNY",
            f'    contract: "{code}"',
        ]
    lines += [
        '2026-10-28 * "分配业主"',
        '  voucher: "记-0200"',
        "  Expenses:C0007长吴公寓:G公共收益:5202分配业主  60000000.00 CNY",
        "  Assets:C0007长吴公寓:G公共收益:1002银行存款-农商行7788  -60000000.00 CNY",
        '2026-10-30 ! "来历不明的一笔"',
        f"  {BANK}  5000.00 CNY",
        "  Liabilities:C0007长吴公寓:G公共收益:2999待查款项  -5000.00 CNY",
    ]
    other = "Assets:C0007长吴公寓:G公共收益:1002银行存款-农商行7788"
    return build(
        "\n".join(lines) + "\n", contracts=contracts, bank_balances=BANK_SAYS | {other: Decimal("-4711.00")}
    )
