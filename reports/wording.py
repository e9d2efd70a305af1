"""How figures, numbers and names are worded for the notice board, the same in every format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from jiezhang.domain.period import Month

_ORGANISATION = re.compile(
    r".*(公司|中心|集团|银行|委员会|居委|物业|超市|商店|商行|学校|医院).*"
    r"|.{3,}[店铺馆厂站社院队部会行所局]"
)
_PERSON = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff]{2,10}·[\u3400-\u9fff·]{2,14}")
_ROLE = re.compile(
    r"(本户|该户|各户|全体|相关|责任|相邻|原|现|新|前)?"
    r"(业主|产权人|房主|住户|租户|承租人|使用人|买方|卖方|出让人|受让人|继承人|保险人|责任人|侵权人"
    r"|业委会|村委会|街道办?|社区|财政|政府|售房(单位|方)|(开发)?建设单位|开发(单位|企业|商)|公有住房单位|公房单位"
    r"|产权单位|施工(单位|方)|承包(单位|方|人)|供应商|其他(人|单位)?|第三方)"
)
"""A word for what somebody is, not for who."""
_VOUCHER = re.compile(r"(.*?)(\d+)")


def month_name(month: Month) -> str:
    """`2026年10月`."""
    return f"{month.year}年{month.number}月"


def day_name(day: date) -> str:
    """`2026年11月5日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def mask_number(number: str) -> str:
    """An account number as the board shows it: the last four characters, the rest counted as stars in fours."""
    return f"**** **** {number[-4:]}" if len(number) > 4 else number and "****"


def mask_party(name: str) -> str:
    """A counterparty as the board shows it: a private person keeps the first character only (个人信息保护).

    Two to four characters that do not name an organisation are taken for a person's name; so is a name with a middle
    dot. A role (业主, 售房单位) is nobody's name. In doubt the name is masked: a shop of three characters can be
    told by its contract.
    """
    if _PERSON.fullmatch(name) and not (_ORGANISATION.fullmatch(name) or _ROLE.fullmatch(name)):
        return name[0] + "**"
    return name


def voucher_ranges(numbers: Iterable[str]) -> str:
    """Voucher numbers with runs drawn together: `记-0003、0007–0009`; a series' word is written once."""
    parsed = []
    for number in set(numbers):
        found = _VOUCHER.fullmatch(number)
        parsed.append((found[1], int(found[2]), found[2]) if found else (number, -1, ""))
    parts: list[str] = []
    for prefix, series in groupby(sorted(parsed), key=lambda v: v[0]):
        runs: list[list[tuple[int, str]]] = []
        for _, value, digits in series:
            if runs and value == runs[-1][-1][0] + 1:
                runs[-1].append((value, digits))
            else:
                runs.append([(value, digits)])
        shown = [r[0][1] if len(r) == 1 else f"{r[0][1]}–{r[-1][1]}" for r in runs]
        parts.append(prefix + "、".join(shown))
    return "、".join(parts)
