"""How what waits is said."""

from __future__ import annotations

from collections.abc import Sequence

from jiezhang.domain.approval.procedure import SEAL_NAMES
from jiezhang.street.standing_value import StepStanding
from jiezhang.web.wording import where_of

_STATES = {"next": "", "owed": "（支付以后应补办）", "payment": ""}


def accounts_named(accounts: Sequence[str]) -> str:
    """`公共收益 工行3021、维修资金 建行4417`."""
    return "、".join(where_of(account) for account in accounts)


def step_words(step: StepStanding) -> str:
    """`R2026-01“垃圾房改造” 业委会用印：业主委员会印章`."""
    seals = f"：{'、'.join(SEAL_NAMES[seal] for seal in step.seals)}" if step.seals else ""
    return f"{step.resolution}“{step.title}” {step.name}{seals}{_STATES[step.state]}"
