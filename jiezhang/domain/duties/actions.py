"""Everything a person can do in the office, and which roles may: the single table behind commands, pages and rules.

Three tiers (三维管理): street and platform; community; owner representatives, who see, alert and escalate, and never
post. Sources: 会计法 2024 art. 25(1), 35 (what is kept apart); 财会〔2024〕11号 art. 16 (经办、审核、审批).
What a step of a procedure asks of its signer is the procedure's word (`approval.signers`); the table only opens the
door to the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "street_board", "desk", "books", "vouchers", "decisions", "parties", "query", "download", "inbox", "import",
    "complete", "attach", "correct", "review", "post", "present", "explain", "sign", "close", "disclose", "publish",
    "decide", "seal", "alert", "answer", "log", "people",
]  # fmt: skip
"""Names of what a person does; `RULES` says what each is."""

Scope = Literal["compound", "street", "whole"]


@dataclass(frozen=True, slots=True)
class ActionRule:
    """`title` as a page says it, and who may. `scope` `street`: it is not of one compound; `whole`: nor for those who
    serve some compounds only. `steps_up`: a session that was opened a while ago is asked for the password again."""

    title: str
    roles: tuple[str, ...]
    scope: Scope = "compound"
    steps_up: bool = False
    changes: bool = False


_STREET = ("bookkeeper", "reviewer", "street_head", "street")
_COMMUNITY = ("community", "community_accountant")
_READERS = (*_STREET, "cashier", *_COMMUNITY, "committee", "auditor", "owner_representative")
_DECIDERS = ("committee", "firm", "branch", "joint_meeting", "owner", *_COMMUNITY, "street", "auditor", "bank")
_EVERYBODY = tuple(dict.fromkeys((*_READERS, *_DECIDERS)))

RULES: Mapping[Action, ActionRule] = {
    "street_board": ActionRule("看全街道小区一览", (*_STREET, *_COMMUNITY, "auditor"), "street"),
    "desk": ActionRule("看自己的工作台", _EVERYBODY, "street"),
    "books": ActionRule("看账簿", _READERS),
    "vouchers": ActionRule("看凭证", _READERS),
    "decisions": ActionRule("看决议", _EVERYBODY),
    "parties": ActionRule("看三方对账", (*_READERS, "bank")),
    "query": ActionRule("查询账簿", ("bookkeeper", "auditor")),
    "download": ActionRule("下载报表", _READERS),
    "inbox": ActionRule("看收件夹", ("bookkeeper",), "whole"),
    "import": ActionRule("导入对账单", ("bookkeeper",), "whole", changes=True),
    "complete": ActionRule("补录、制单", ("bookkeeper",), changes=True),
    "attach": ActionRule("附单据", ("bookkeeper",), changes=True),
    "correct": ActionRule("更正凭证", ("bookkeeper",), changes=True),
    "review": ActionRule("复核", ("reviewer", "street_head"), changes=True),
    "post": ActionRule("过账", ("bookkeeper", "street_head"), steps_up=True, changes=True),
    "present": ActionRule("报送当月数字", ("bookkeeper", "street_head"), steps_up=True, changes=True),
    "explain": ActionRule("说明差异", ("bookkeeper", "street_head"), changes=True),
    "sign": ActionRule(
        "签署三方对账单", ("bank", "auditor", *_COMMUNITY, "owner_representative"), steps_up=True, changes=True
    ),
    "close": ActionRule("封月", ("bookkeeper", "street_head"), steps_up=True, changes=True),
    "disclose": ActionRule("编制公示表", ("bookkeeper", "reviewer", "street_head", *_COMMUNITY, "committee")),
    "publish": ActionRule("登记公示张贴", (*_COMMUNITY, "committee"), changes=True),
    "decide": ActionRule("办理决议的步骤", _DECIDERS, changes=True),
    "seal": ActionRule("用印", ("community", "committee"), steps_up=True, changes=True),
    "alert": ActionRule("提出疑问、上报", ("owner_representative", "committee", *_COMMUNITY), changes=True),
    "answer": ActionRule("答复疑问", ("bookkeeper", "reviewer", "street_head"), changes=True),
    "log": ActionRule("查操作日志", ("street_head", "auditor"), "whole"),
    "people": ActionRule("管理登录账号", ("street_head",), "whole", steps_up=True, changes=True),
}
"""The table. A page or command that is in none of its rows is open to nobody."""


def roles_for(action: Action) -> tuple[str, ...]:
    """The roles that may."""
    return RULES[action].roles
