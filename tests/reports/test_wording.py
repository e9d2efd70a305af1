"""Whose name the board must not show, and which words are nobody's name."""

from __future__ import annotations

import pytest

from reports.fund_paper import coverer_words
from reports.wording import mask_party


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("周一", "周**"),
        ("业明", "业**"),
        ("欧阳若水", "欧**"),
        ("阿依古丽·买买提", "阿**"),
        ("业主", "业主"),
        ("原业主", "原业主"),
        ("全体业主", "全体业主"),
        ("业委会", "业委会"),
        ("业主大会", "业主大会"),
        ("售房单位", "售房单位"),
        ("建设单位", "建设单位"),
        ("开发建设单位", "开发建设单位"),
        ("开发商", "开发商"),
        ("公有住房单位", "公有住房单位"),
        ("物业", "物业"),
        ("物业企业", "物业企业"),
        ("物业服务企业", "物业服务企业"),
        ("承租人", "承租人"),
        ("居委会", "居委会"),
        ("街道", "街道"),
        ("青桐物业服务有限公司", "青桐物业服务有限公司"),
        ("", ""),
    ],
)
def test_a_person_s_name_is_masked_and_a_role_is_not(name: str, shown: str) -> None:
    assert mask_party(name) == shown


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("owner", "业主"),
        ("developer", "开发建设单位"),
        ("housing_unit", "公有住房单位"),
        ("业主", "业主"),
        ("周一一", "周**"),
    ],
)
def test_who_covers_a_shortfall(who: str, shown: str) -> None:
    assert coverer_words(who) == shown
