"""Made-up names. Compounds are called after the sixty stem-branch years and communities after the solar terms, so
that no name is a real one by more than chance; firms carry 示例 or 测试; owners are rooms, never people."""

from __future__ import annotations

from typing import Final

CITY: Final = "示例市"
STREET: Final = "长吴街道"

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_TERMS: Final = tuple(
    "立春雨水惊蛰春分清明谷雨立夏小满芒种夏至小暑大暑立秋处暑白露秋分寒露霜降立冬小雪大雪冬至小寒大寒"[at : at + 2]
    for at in range(0, 48, 2)
)
_SUFFIXES: Final = {
    "commercial": ("花园", "公寓", "家园", "雅苑"),
    "old": ("新村", "里", "小区"),
    "resettlement": ("安居苑", "佳苑"),
}

FUND_AUTHORITY: Final = f"{CITY}住宅维修资金管理中心"

PAYERS: Final = {
    "lift_ad": ("示例梯影传媒有限公司", "测试梯间广告有限公司", "示例方框传媒有限公司"),
    "outdoor_ad": ("示例道闸广告有限公司", "测试户外传媒有限公司", "示例灯箱广告有限公司"),
    "locker": ("示例速柜科技有限公司", "测试智柜网络有限公司", "示例驿站服务有限公司"),
    "telecom": ("示例铁塔通信有限公司", "测试基站服务有限公司"),
    "charger": ("示例充电运营有限公司", "测试绿能充电有限公司"),
    "stall": ("示例果蔬便民摊点", "测试早餐便民摊点", "示例修配便民摊点"),
    "room": ("示例社区超市", "测试便民理发店", "示例托育服务中心"),
    "vending": ("示例售水设备有限公司", "测试自助售卖有限公司"),
}

REPAIRERS: Final = (
    "示例防水工程有限公司",
    "测试消防器材有限公司",
    "示例㙍口水电维修部",
    "䶮测管道疏通服务部",
    "示例监控安装有限公司",
    "测试道路修补有限公司",
    "示例绿化养护服务部",
)

CONTRACTORS: Final = {
    "building": ("示例建筑修缮工程有限公司", "测试建筑装饰工程有限公司", "示例房屋加固工程有限公司"),
    "waterproof": ("示例防水保温工程有限公司", "测试屋面防水工程有限公司", "示例外墙修补工程有限公司"),
    "machines": ("示例机电设备安装有限公司", "测试电梯工程有限公司", "示例消防设施工程有限公司"),
    "civil": ("示例市政管道工程有限公司", "测试道路养护工程有限公司", "示例排水工程有限公司"),
}

POWER: Final = f"{CITY}供电公司"
WATER: Final = f"{CITY}自来水公司"
AUDITOR: Final = "示例会计师事务所"
LIFT_SERVICE: Final = "示例电梯维保有限公司"
PRINT_SHOP: Final = "测试文印广告店"
EVENT_SHOP: Final = "示例社区活动服务部"
SCRAP_YARD: Final = "示例再生资源回收站"
BOND_DESK: Final = "示例储蓄国债代销户"
COLLECTOR: Final = "示例代收业务待清算户"
WECHAT_PAYER: Final = "财付通支付科技有限公司"
ALIPAY_PAYER: Final = "支付宝（中国）网络技术有限公司"


def compound_name(index: int, kind: str) -> str:
    """The name of the compound numbered `index` (from 1); different for every index."""
    years, place = divmod(index - 1, 60)
    suffixes = _SUFFIXES[kind]
    name = _STEMS[place % 10] + _BRANCHES[place % 12] + suffixes[place % len(suffixes)]
    return name + (f"{years + 1}区" if years else "")


def community_name(index: int) -> str:
    """The name of the community numbered `index` (from 1); different for every index."""
    rounds, place = divmod(index - 1, len(_TERMS))
    return f"{_TERMS[place]}{'' if not rounds else f'第{rounds + 1}'}社区"


def rivals(contractor: str) -> list[str]:
    """Who else could do what `contractor` does: first those of the same trade, then all others."""
    trades = sorted(CONTRACTORS.values(), key=lambda names: contractor not in names)
    return [name for names in trades for name in names if name != contractor]


def manager_name(index: int) -> str:
    """One of 21 property firms."""
    return f"示例物业服务{'甲乙丙丁戊己庚'[index % 7]}{'一二三'[index % 3]}有限公司"


def room_name(building: str, stair: str, room: str) -> str:
    """How an owner appears on a statement: `3幢2单元501室`."""
    return f"{int(building)}幢{stair}单元{room}室"
