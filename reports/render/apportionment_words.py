"""What the 分摊清册 says around its figures, the same on paper and in Excel."""

from __future__ import annotations

from jiezhang.domain.apportion import Payer
from jiezhang.domain.money import yuan

from ..apportionment import ApportionmentList, ShareLine
from ..fund_paper import PAYERS, area_words, per_m2, scope_words
from ..wording import day_name

TITLE = "维修费用分摊清册"
HEADS = ("户号", "面积（㎡）", "性质", "承担方", "应分摊（元）", "分摊前余额", "分摊后余额", "不足（元）")
NO_AMOUNT = "—"
_SHORT_PAYERS: dict[Payer, str] = {
    "household": "业主", "seller": "售房单位", "developer": "开发单位", "housing_unit": "公房单位",
}  # fmt: skip

_BY_AREA = (
    "分摊办法：按各户建筑面积占分摊范围内建筑面积的比例分摊（165号令第20条，民法典第283条）。每户算到分，分以下先舍去；"
    "剩下的尾差逐分加给余数大的户，余数相同的加给户号在前的（户号逐字比较）。各户之和等于总费用，一分不差。"
)
_PUBLIC = (
    "已售公有住房：先按建筑面积得出公有住房应承担的总数，由业主与售房单位按交存维修资金的比例分担，业主部分再按建筑面积"
    "分到户（165号令第20条）。"
)


def full_title(value: ApportionmentList) -> str:
    return TITLE + ("（征求意见）" if value.is_proposal else "")


def standing(value: ApportionmentList) -> str:
    """Whether it is booked, can be approved or not."""
    if not value.is_proposal:
        return f"已入账：{value.voucher}"
    if not value.uncovered:
        return "尚未批准、尚未入账"
    short = sum(line.short_fen for line in value.uncovered)
    return f"不能批准：{len(value.uncovered)} 户余额不足，共缺 {yuan(short)} 元，没有写明由谁补足"


def cells(line: ShareLine) -> tuple[str, ...]:
    """The figures of one line as printed."""
    seller = line.payer == "seller"
    account = (NO_AMOUNT, NO_AMOUNT) if line.in_cash else (yuan(line.before_fen), yuan(line.after_fen))
    return (
        "售房单位" if seller else line.code,
        NO_AMOUNT if seller else area_words(line.area_dm2),
        nature(line),
        PAYERS[line.payer],
        yuan(line.share_fen),
        *account,
        yuan(line.short_fen) if line.short_fen else NO_AMOUNT,
    )


def nature(line: ShareLine) -> str:
    kind = "公有住房" if line.public else "商品住宅"
    return f"未售{kind}" if line.in_cash else kind


def short_kind(line: ShareLine) -> str:
    """Nature and payer in one narrow column."""
    return f"{nature(line).removesuffix('住宅').removesuffix('住房')} {_SHORT_PAYERS[line.payer]}"


def cover(line: ShareLine) -> str:
    """Who pays what is short."""
    return line.covered_by or "没有写明"


def uniform(value: ApportionmentList) -> bool:
    """Whether every line is of one nature and one payer, so that a sentence says it for all."""
    return len({(line.public, line.payer) for line in value.lines}) == 1


def about(value: ApportionmentList) -> list[tuple[tuple[str, str], ...]]:
    """The facts on top, line by line: label and value."""
    project = value.project
    decided = f"（{day_name(project.decided)}）" if project and project.decided else ""
    contract = "　".join(filter(None, (project.contractor, project.contract))) if project else ""
    budget = f"{project.budget_yuan:,} 元" if project and project.budget_yuan else ""
    return [
        (("项　　目", f"{project.name}（{project.code}）" if project else "凭证没有写明已登记的项目"),),
        (("业主决定", project.decision + decided if project and project.decision else "尚未登记"),),
        (("合　　同", contract or "尚未登记"),),
        (("分摊范围", scope_words(value.scope)), ("预　　算", budget or "尚未登记")),
        (("费用日期", day_name(value.day)), ("凭　　证", value.voucher or "尚未入账")),
    ]


def method(value: ApportionmentList) -> list[str]:
    """How it was reckoned, for anybody who wants to do it again."""
    if value.scope is None:
        return ["分摊办法：按凭证所附的约定明细分摊（民法典第283条：有约定的，按照约定）。"]
    whole = value.whole
    said = [_BY_AREA]
    if any(line.public and not line.in_cash for line in value.lines):
        said.append(_PUBLIC)
    else:
        per = per_m2(value.total_fen, whole.area_dm2)
        share = f"本户面积 ÷ {area_words(whole.area_dm2)} ㎡ × {yuan(value.total_fen)} 元"
        said.append(f"自己核对：{share}（约每平方米 {per} 元），与清册相差不到 1 分。")
    if any(line.in_cash for line in value.lines):
        said.append("尚未售出的房屋：由开发建设单位或公有住房单位按建筑面积承担，在维修资金以外支付（165号令第21条）。")
    if value.short:
        said.append("余额不足的户：分户账只付到余额为零，不足部分由清册写明的人在维修资金以外补足。")
    return said
