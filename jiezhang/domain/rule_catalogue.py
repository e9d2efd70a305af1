"""The catalogue of rules: every key a pack may set, its name in Chinese, and the form of its value.

A key not listed here can't be set, so a slip of the pen in a pack is found when it is read. A `_percent`, `_yuan` or
`_days` at the end of a key is its unit.
"""

from __future__ import annotations

from typing import NamedTuple

from .register import HOLDER_NAMES
from .rule_values import Count, Days, Flag, Form, OneOf, PartOf, Percent, PercentSpan, SomeOf, Yuan
from .rule_words import (
    AUDIT_TRIGGERS,
    BONDS_FORBIDDEN,
    BOOKKEEPERS,
    COMMON_FACILITIES,
    COMMON_PARTS,
    EMERGENCY_CAUSES,
    EMERGENCY_CONFIRMERS,
    FUND_CONTENTS,
    INCOME_TO_FUND,
    NEVER_PAYABLE,
    PERIODS,
    RECONCILERS,
    REVENUE_FORBIDDEN,
    REVENUE_USES,
    SEAL_KEEPERS,
)


class Subject(NamedTuple):
    """What a key is about."""

    title: str
    form: Form


SECTIONS: dict[str, str] = {
    "fund": "维修资金",
    "revenue": "公共收益",
    "posting": "公示",
    "vote": "业主共同决定",
    "approval": "审批",
    "seal": "印章",
    "holders": "专户户名",
}

HOLDERS = "holders."
"""Keys that are made from a pack's `[[holders]]`, never written among its `[[rules]]`."""

_ACCOUNTS = {
    "household": "以物业管理区域为单位设账，按户门号设分户账",
    "building_household": "按幢立账，按户核算",
}
_RENEW_TO = {
    "owners": "由业主约定或共同决定",
    "current_standard": "补足到届时适用的交存标准",
}

CATALOGUE: dict[str, Subject] = {
    "fund.separate_natures": Subject("商品住宅与已售公有住房分开核算", Flag("须分开", "可以合并")),
    "fund.cash_basis": Subject("记账基础", Flag("收付实现制", "权责发生制")),
    "fund.accounts_by": Subject("怎样设账", OneOf(_ACCOUNTS)),
    "fund.first_deposit_percent": Subject("首期交存标准", PercentSpan("当地住宅建筑安装工程每平方米造价")),
    "fund.public_owner_percent": Subject("已售公有住房业主交存", Percent("每平方米房改成本价")),
    "fund.public_seller_multistorey": Subject("公有住房售房单位提取（多层）", PartOf("售房款中", percent=True)),
    "fund.public_seller_highrise": Subject("公有住房售房单位提取（高层）", PartOf("售房款中", percent=True)),
    "fund.seller_pays_in_days": Subject("售房单位收到售房款后存入专户的期限", Days()),
    "fund.handed_over_in_days": Subject("业主大会成立后划转余额的期限", Days()),
    "fund.special_receipt": Subject("交存开具专用票据", Flag("须开具", "不要求")),
    "fund.renew_below_percent": Subject("续交线（低于此数须续交）", Percent("首期交存额")),
    "fund.renew_to": Subject("续交到多少", OneOf(_RENEW_TO)),
    "fund.renew_default_percent": Subject("业主没有决定时一次补到", Percent("首期筹集金额")),
    "fund.renew_decide_in_days": Subject("业主大会作出续交决定的期限", Days()),
    "fund.renew_pay_in_days": Subject("收到交款通知后交款的期限", Days()),
    "fund.low_balance_emergency_only": Subject("余额低于续交线时的使用", Flag("只能用于应急维修", "不限")),
    "fund.warranty_over": Subject("只用于保修期满之后", Flag("须保修期满", "不限")),
    "fund.common_parts": Subject("共用部位", SomeOf(COMMON_PARTS)),
    "fund.common_facilities": Subject("共用设施设备", SomeOf(COMMON_FACILITIES)),
    "fund.negative_list": Subject("不得列支", SomeOf(NEVER_PAYABLE)),
    "fund.pay_contractor_only": Subject("款项付给维修单位", Flag("只付给维修单位", "不限")),
    "fund.apportion_by": Subject("商品住宅之间分摊", OneOf({"area": "按建筑面积比例"})),
    "fund.public_apportion_by": Subject(
        "已售公有住房之间分摊", OneOf({"deposit_then_area": "先按业主与售房单位的交存比例，业主部分再按建筑面积"})
    ),
    "fund.mixed_apportion_by": Subject(
        "商品住宅与公有住房之间分摊", OneOf({"area_then_nature": "先按建筑面积分到各物业，再按各自的办法"})
    ),
    "fund.unsold_borne_by": Subject(
        "未售出房屋的份额", OneOf({"developer": "由开发建设单位或公有住房单位按建筑面积承担"})
    ),
    "fund.emergency_causes": Subject("可以走应急程序的情形", SomeOf(EMERGENCY_CAUSES)),
    "fund.emergency_confirmed_by": Subject("应急使用由谁审核、确认", SomeOf(EMERGENCY_CONFIRMERS)),
    "fund.emergency_limit_percent": Subject("应急使用不得超过", Percent("首期交存维修资金总额")),
    "fund.emergency_reserve_percent": Subject("应急备用金", Percent("首期交存维修资金总额")),
    "fund.emergency_audit": Subject("应急维修完工后审计或审价", Flag("须审", "不要求")),
    "fund.settlement_audit_above_yuan": Subject("决（结）算超过此数须审计", Yuan()),
    "fund.price_review": Subject("使用实行工程审价和程序审核", Flag("须审", "不要求")),
    "fund.over_budget_percent": Subject("决（结）算达到此数时超出部分须重新申报", Percent("预算", high=1000)),
    "fund.over_budget_yuan": Subject("决（结）算超出预算达到此数时超出部分须重新申报", Yuan()),
    "fund.bonds_only_treasury": Subject("投资只限国债", Flag("只限一级市场新发国债", "不限")),
    "fund.bonds_hold_to_maturity": Subject("国债持有到期", Flag("须持有到期", "不限")),
    "fund.bonds_forbidden": Subject("禁止的投资", SomeOf(BONDS_FORBIDDEN)),
    "fund.rolls_in": Subject("应转入维修资金的收入", SomeOf(INCOME_TO_FUND)),
    "fund.yield_basis": Subject(
        "收益分配到户的依据", OneOf({"area": "按建筑面积", "jishu": "按积数（余额乘天数）"})
    ),
    "fund.sale_passes_balance": Subject("房屋转让时余额随房转移", Flag("随房转移", "退还原业主")),
    "fund.lost_house_refund": Subject(
        "房屋灭失时余额", OneOf({"owner_and_seller": "退还业主，售房单位部分退还售房单位"})
    ),
    "fund.reconcile_every": Subject("与专户银行核对至少", OneOf(PERIODS)),
    "fund.statement_every": Subject("专户银行发对账单至少", OneOf(PERIODS)),
    "fund.publish_every": Subject("维修资金公布至少", OneOf(PERIODS)),
    "fund.publish_contents": Subject("维修资金公布内容", SomeOf(FUND_CONTENTS)),
    "revenue.after_cost": Subject("收入扣除合理成本后归业主共有", Flag("归业主共有", "不归业主")),
    "revenue.parking_is_common": Subject(
        "哪些车位归业主共有", OneOf({"on_common_land": "占用共有道路、场地的车位", "all": "小区内全部停车位"})
    ),
    "revenue.distribute_by": Subject("收益分配（没有约定时）", OneOf({"area": "按专有部分面积比例"})),
    "revenue.separate_books": Subject("单独列账", Flag("须单独列账", "不要求")),
    "revenue.accounting_standards": Subject("按会计准则建立账簿", Flag("须按会计准则", "不要求")),
    "revenue.books_kept_by": Subject("账可以由谁来记", SomeOf(BOOKKEEPERS)),
    "revenue.mainly_to_fund": Subject("主要用于补充维修资金", Flag("是，业主另有决定的除外", "否")),
    "revenue.share_to_fund": Subject("补充维修资金的比例", PartOf(percent=True)),
    "revenue.share_of": Subject("按什么计算比例", OneOf({"income": "公共收益金额", "balance": "公共收益专户余额"})),
    "revenue.share_when": Subject(
        "什么时候须补充",
        OneOf({"unless_decided": "业主没有决定另作他用时", "below_renew_line": "维修资金低于续交线时"}),
    ),
    "revenue.share_period": Subject("多久补充一次", OneOf(PERIODS)),
    "revenue.share_stops_at": Subject("补充到多少可以停止", OneOf({"first_deposit": "首期交存金额"})),
    "revenue.pre_service_share": Subject(
        "业主大会成立前（前期物业服务期间）补充维修资金的比例", PartOf("收益中", percent=True)
    ),
    "revenue.pre_service_in_workdays": Subject("前期收益存入维修资金账户的期限", Count("个工作日")),
    "revenue.pre_service_cost_percent": Subject("前期代为经营管理的支出不得超过", Percent("经营收入")),
    "revenue.spending_decided_by": Subject(
        "使用由谁决定",
        OneOf(
            {
                "owners": "业主共同决定，不得授权",
                "owners_or_limits": "业主共同决定，议事规则限额之内除外",
                "assembly": "未经业主大会决定不得使用",
            }
        ),
    ),
    "revenue.spent_on": Subject("可以用于", SomeOf(REVENUE_USES)),
    "revenue.forbidden": Subject("不得用于", SomeOf(REVENUE_FORBIDDEN)),
    "revenue.publish_every": Subject("公共收益公布至少", OneOf(PERIODS)),
    "revenue.self_managed_publish_every": Subject("自行管理的账目公布至少", OneOf(PERIODS)),
    "revenue.publish_by": Subject("上一年度的收支须何时公布", OneOf({"march": "三月底前"})),
    "revenue.committee_costs_publish_every": Subject("业主大会、业主委员会经费公布至少", OneOf(PERIODS)),
    "revenue.audit_when": Subject("什么时候须审计", SomeOf(AUDIT_TRIGGERS)),
    "revenue.handover_in_days": Subject("物业服务合同终止后移交公共收益的期限", Days()),
    "posting.days_min": Subject("公示至少张贴", Days()),
    "posting.workdays_min": Subject("公示至少张贴（工作日）", Count("个工作日")),
    "posting.audit_days_min": Subject("审计结果至少张贴", Days()),
    "posting.refiled_in_days": Subject("公开的信息变更后在物业管理信息系统重新填报的期限", Days()),
    "vote.taking_part": Subject("参与表决（面积和人数都要）", PartOf("全体业主中")),
    "vote.counted_over": Subject(
        "同意的比例以谁为分母", OneOf({"taking_part": "参与表决的业主", "all": "列支范围内全体业主"})
    ),
    "vote.fund_use": Subject("使用维修资金须同意", PartOf("面积和人数都")),
    "vote.fund_raise": Subject("筹集维修资金须同意", PartOf("面积和人数都")),
    "vote.rebuild": Subject("改建、重建须同意", PartOf("面积和人数都")),
    "vote.operate": Subject("利用共有部分经营须同意", PartOf("面积和人数都")),
    "vote.other": Subject("其他事项须同意", PartOf("面积和人数都")),
    "vote.owners_call_meeting": Subject("提议即须召开临时业主大会会议", PartOf("全体业主中", percent=True)),
    "vote.owners_may_demand_audit": Subject("业主要求审计即须审计", PartOf("全体业主中", percent=True)),
    "vote.demand_audit_counted": Subject(
        "要求审计的比例怎样算", OneOf({"both": "面积和人数都要达到", "either": "面积或者人数达到一项"})
    ),
    "vote.owners_may_propose_audit": Subject("业主可以提议审计，再由业主大会表决", PartOf("全体业主人数中")),
    "approval.committee_quorum": Subject("业主委员会会议须出席", PartOf("全体成员中")),
    "approval.committee_agrees": Subject("业主委员会决定须同意", PartOf("全体成员中")),
    "approval.members_sign": Subject("同意业主委员会决定的成员签字", Flag("须签字", "不要求")),
    "approval.no_proxy": Subject("业主委员会成员委托他人出席会议", Flag("不得委托", "可以委托")),
    "approval.announced_before_days": Subject("业主委员会会议的事项提前公开", Days()),
    "approval.decision_published_in_days": Subject("业主委员会的决定公布期限", Days()),
    "approval.report_to_community": Subject("决定告知居民委员会", Flag("须告知，并听取其建议", "不要求")),
    "approval.meeting_notice_days": Subject("业主大会会议提前通知", Days()),
    "approval.unannounced_not_voted": Subject("没有公示过的议题", Flag("不得表决", "可以表决")),
    "approval.over_limit_filed": Subject("超出议事规则授权额度的使用", Flag("须报社区书面备案", "不要求")),
    "approval.bids_min": Subject("采购、工程至少比选", Count("家")),
    "approval.tenders_supervised_by": Subject("业主委员会招标由谁监督", OneOf({"street": "街道办事处（乡镇）"})),
    "approval.emergency_publish": Subject("应急使用的结算和分摊", Flag("须公布", "不要求")),
    "approval.emergency_publish_in_days": Subject("应急使用在拨付完成后公布的期限", Days()),
    "approval.handover_in_days": Subject("业主委员会换届移交资料、印章、财物的期限", Days()),
    "approval.member_handover_in_days": Subject("业主委员会成员职务终止后移交的期限", Days()),
    "seal.assembly_kept_by": Subject("业主大会印章由谁保管", SomeOf(SEAL_KEEPERS)),
    "seal.committee_kept_by": Subject("业主委员会印章由谁保管", SomeOf(SEAL_KEEPERS)),
    "seal.both_on_major": Subject("重大事项用印", Flag("两枚印章都要", "不要求")),
    "seal.needs_decision": Subject("用印的根据", Flag("须有业主大会或业主委员会会议的决定", "不要求")),
    "seal.logged": Subject("用印登记", Flag("须如实登记并存档", "不要求")),
    "seal.signed_by": Subject("封月须签署的各方", SomeOf(RECONCILERS)),
    "seal.log_every": Subject("印章使用情况公布至少", OneOf(PERIODS)),
    "holders.G": Subject("公共收益专户可以用谁的户名", SomeOf(HOLDER_NAMES)),
    "holders.J": Subject("专项集资专户可以用谁的户名", SomeOf(HOLDER_NAMES)),
    "holders.W": Subject("维修资金专户可以用谁的户名", SomeOf(HOLDER_NAMES)),
}


def section(key: str) -> str:
    """The Chinese heading a key stands under."""
    return SECTIONS[key.partition(".")[0]]
