"""The words a rule's list may hold: code → how the law says it, briefly."""

from __future__ import annotations

PERIODS = {"month": "每月一次", "quarter": "每季度一次", "half_year": "每半年一次", "year": "每年一次"}

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""How many months each of `PERIODS` is."""

NEVER_PAYABLE = {
    "builder_duty": "应由建设单位或施工单位承担的",
    "utility_lines": "应由供水、供电、供气、供热、通信、有线电视等单位承担的管线和设施设备",
    "person_damage": "人为损坏，应由当事人承担的",
    "service_contract": "按物业服务合同应由物业服务企业承担的",
    "other_duty": "国家和省规定应由有关单位和个人承担的",
}

COMMON_PARTS = {
    "foundation": "基础",
    "bearing_walls": "承重墙体",
    "columns": "柱",
    "beams": "梁",
    "slabs": "楼板",
    "roof": "屋顶",
    "outer_walls": "户外的墙面",
    "lobbies": "门厅",
    "stairs": "楼梯间",
    "corridors": "走廊通道",
}

COMMON_FACILITIES = {
    "lifts": "电梯",
    "aerials": "天线",
    "lighting": "照明",
    "fire": "消防设施",
    "green": "绿地",
    "roads": "道路",
    "street_lamps": "路灯",
    "drains": "沟渠",
    "ponds": "池",
    "wells": "井",
    "parking": "非经营性车场车库",
    "sports": "公益性文体设施",
    "housings": "共用设施设备使用的房屋",
}

EMERGENCY_CAUSES = {
    "house_safety": "危及房屋安全",
    "lift": "电梯故障",
    "fire": "消防设施损坏",
    "facade": "外墙、附属构件有脱落危险",
    "collapse": "围墙、道路坍塌",
    "leak": "屋顶、外墙渗漏",
    "drain": "排水设施堵塞或损坏",
    "water_supply": "水泵、水箱（池）故障",
    "other": "其他紧急情况",
}

EMERGENCY_CONFIRMERS = {
    "committee": "业主委员会",
    "neighbourhood": "居民委员会",
    "committee_or_neighbourhood": "业主委员会或者居民委员会",
    "street_or_neighbourhood": "街道办事处（乡镇）或受其委托的居民委员会",
    "housing_office": "街道的房管机构",
    "authority": "物业主管部门",
    "fund_authority": "维修资金管理机构",
}

BONDS_FORBIDDEN = {
    "repo": "国债回购",
    "entrusted": "委托理财",
    "pledge": "质押、抵押等担保",
}

INCOME_TO_FUND = {
    "deposit_interest": "存储利息",
    "bond_yield": "购买国债的增值收益",
    "operating": "利用共用部位、共用设施设备经营的业主所得收益（业主大会另有决定的除外）",
    "salvage": "共用设施设备报废后回收的残值",
}

FUND_CONTENTS = {
    "totals": "交存、使用、增值收益和结存的总额",
    "projects": "列支的项目、费用和分摊情况",
    "households": "各分户账的交存、使用、增值收益和结存",
    "other": "其他有关情况",
}

AUDIT_TRIGGERS = {
    "yearly": "每年",
    "regularly": "定期",
    "term_end": "业主委员会任期届满或换届",
    "officer_leaves": "主任或管财务的成员任内终止职务",
    "pre_service_end": "前期物业服务合同终止",
    "contract_end": "物业服务合同终止、移交",
    "owners_ask": "达到规定比例的业主要求",
    "owners_decide": "业主大会（业主代表大会）决定",
    "own_rules": "管理规约、议事规则、物业服务合同约定的情形",
}

REVENUE_FORBIDDEN = {
    "invest": "投资",
    "lend": "借贷给他人",
    "guarantee": "为他人提供担保",
}

REVENUE_USES = {
    "fund": "补充维修资金",
    "repair": "共有部分的维修、更新、改造",
    "upkeep": "共有部分的日常维修养护",
    "committee_costs": "业主大会、业主委员会工作经费",
    "allowances": "业主委员会成员津贴、工作人员报酬",
    "audit": "审计费用",
    "activities": "业主公益活动",
    "other": "业主共同决定的其他需要",
}

BOOKKEEPERS = {
    "committee": "业主委员会聘请的财务人员",
    "neighbourhood": "居民委员会（社区）",
    "street": "街道办事处（乡镇）",
    "agency": "代理记账机构等专业机构",
}

RECONCILERS = {
    "bank": "银行",
    "auditor": "专业审计",
    "community": "社区",
}

SEAL_KEEPERS = {
    "committee": "业主委员会",
    "designated": "业主委员会指定的专人（主任、副主任除外）",
    "neighbourhood": "居民委员会",
}
