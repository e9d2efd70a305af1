"""The declarations of 会住维01, 02 and 03: rows, signs, and where income and expense go at the period's end.

The row titles and form numbers come from a secondary source; what must be compared with the annex of 财会〔2020〕7号
before anybody relies on it carries a mark, printed as 待核实 with its footnote.
"""

from __future__ import annotations

from dataclasses import dataclass

from jiezhang.domain.chart import CHART, SUSPENSE, UNVERIFIED

from .fund_value import FormKey, RowKind

OWNERS, YIELD, UNSPLIT, COMMON = "owners", "3101", "unsplit", "common"
"""The owners' fund (3001, 3002, or `unsplit` where the nature is unknown), 待分配累计收益; what both natures own."""

CLOSES_TO: dict[str, str] = {
    "4001": OWNERS,
    "4101": YIELD,
    "4102": YIELD,
    "4201": YIELD,
    "4301": YIELD,
    "4901": YIELD,
    "5001": OWNERS,
    "5101": OWNERS,
    "5901": YIELD,
}
"""Where each income and expense subject goes at the period's end. Only 4001 is verified. A secondary source takes 5901
from the owners' fund; here it goes against the yield, because no household is named for it (待核实)."""

FUND_TITLES = {
    "3001": "商品住宅维修资金",
    "3002": "已售公有住房维修资金",
    UNSPLIT: "维修资金（性质未分）",
    YIELD: "待分配累计收益",
}
"""The parts of net assets, in the order of the forms."""


@dataclass(frozen=True, slots=True)
class RowSpec:
    """A row: `key` is the subject's code where it is a subject's row; `seldom` rows are left out when empty."""

    key: str
    title: str
    kind: RowKind = "plain"
    adds: tuple[str, ...] = ()
    mark: str = ""
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class FormSpec:
    key: FormKey
    number: str
    title: str
    rows: tuple[RowSpec, ...]


def _subject(code: str, title: str = "", mark: str = "") -> RowSpec:
    own = "annex" if ("W", code) in UNVERIFIED else ""
    return RowSpec(code, title or CHART["W"][code].name, mark=mark or own)


_INCOME = ("4001", "4101", "4102", "4201", "4301", "4901")
_EXPENSES = ("5001", "5101", "5901")

BALANCE_SHEET = FormSpec(
    "01",
    "会住维01表",
    "资产负债表",
    (
        RowSpec("head-assets", "资产", "section"),
        _subject("1001"),
        _subject("1101"),
        _subject("1201"),
        RowSpec("assets", "资产总计", "total", ("1001", "1101", "1201")),
        RowSpec("head-claims", "负债和净资产", "section"),
        _subject("2001", mark="accrual"),
        RowSpec(SUSPENSE, "待查款项", mark="suspense", seldom=True),
        _subject("3001", mark="closing"),
        _subject("3002", mark="closing"),
        RowSpec(UNSPLIT, FUND_TITLES[UNSPLIT], mark="unsplit", seldom=True),
        _subject("3101", mark="closing"),
        RowSpec("claims", "负债和净资产总计", "total", ("2001", SUSPENSE, "3001", "3002", UNSPLIT, "3101")),
    ),
)

INCOME = FormSpec(
    "02",
    "会住维02表",
    "收支表",
    (
        RowSpec("head-income", "一、本期收入", "section"),
        _subject("4001", "交存收入"),
        _subject("4101", "存款利息收入"),
        _subject("4102", "国债利息收入"),
        _subject("4201", "经营收入"),
        _subject("4301", "共用设施处置收入"),
        _subject("4901", "其他收入"),
        RowSpec("income", "收入合计", "total", _INCOME),
        RowSpec("head-expenses", "二、本期支出", "section"),
        _subject("5001", "维修支出"),
        _subject("5101", "返还支出"),
        _subject("5901", "其他支出", "annex"),
        RowSpec("expenses", "支出合计", "total", _EXPENSES),
        RowSpec("surplus", "三、本期收支差额", "grand", ("income", "-expenses")),
    ),
)

NET_ASSETS = FormSpec(
    "03",
    "会住维03表",
    "净资产变动表",
    (
        RowSpec("start", "上年年末余额", mark="first"),
        RowSpec("head-change", "本年变动", "section"),
        RowSpec("surplus", "本年收支差额", mark="closing"),
        RowSpec("distribution", "分配累计收益"),
        RowSpec("other", "其他变动"),
        RowSpec("end", "期末余额", "grand", ("start", "surplus", "distribution", "other")),
    ),
)

FOOTNOTES: dict[str, str] = {
    "form01": "本表表号和栏目排列取自二手资料，待核实，须对照财会〔2020〕7号附录。",
    "form02": "本表表号和行次取自二手资料，待核实，须对照财会〔2020〕7号附录。",
    "form03": "本表表号、行次名称取自二手资料，待核实，须对照财会〔2020〕7号附录。",
    "annex": "待核实：科目编号和用途须对照财会〔2020〕7号附录。",
    "accrual": "待核实：房屋灭失应返还而未付的资金记入本行，是收付实现制的例外，须对照附录。",
    "suspense": "本行不在财会〔2020〕7号的表样中，列示尚未查明的银行流水和未过账凭证的对方金额。",
    "closing": (
        "待核实：期末不必另作结转凭证，收支已并入本行。交存收入、维修支出、返还支出并入商品住宅或已售公有住房维修资金，"
        "利息、经营、处置、其他收入和其他支出并入待分配累计收益；其中只有交存收入的去向经过核实。"
    ),
    "common": (
        "两种性质共有、尚未分配到户的资金：待分配累计收益、待查款项，和与其对应的资产。专户由两种性质共用的，"
        "各栏银行存款为该栏负债和净资产减去该栏其他资产，共用的国债投资、备用金按各栏资金的比例列示，各栏相加等于账面数。"
        "财会〔2020〕7号要求两种性质分别明细核算；本栏和列示方法在表样中没有，待核实。"
    ),
    "common-flows": "两种性质共有的收支，还没有分到户，并入待分配累计收益。本栏在表样中没有，待核实。",
    "unsplit": "表样中没有：凭证没有写明属商品住宅还是已售公有住房，只能列入合计，不作推断。",
    "first": "年度中间建账的，为建账时的期初余额。",
}
"""What a mark says at the foot."""
