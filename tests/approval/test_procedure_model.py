"""A procedure that makes no sense is refused when it is read, with the sentence that says why."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from jiezhang.domain.approval.procedure import Procedure


def _step(code: str, kind: str, **more: Any) -> dict[str, Any]:
    who: dict[str, Any] = {"seal": {"seals": ["committee"]}, "propose": {"by": ["firm"]}}.get(kind, {})
    return {"code": code, "title": f"步骤{code}", "kind": kind, "article": "第1条", **who, **more}


PROPOSE, SEAL, EXECUTE = _step("propose", "propose"), _step("seal", "seal"), _step("execute", "execute")
VOTE = _step("vote", "vote")


@pytest.mark.parametrize(
    ("matters", "steps", "message"),
    [
        (["other"], [PROPOSE, SEAL, SEAL, EXECUTE], "程序“示例”有重名的步骤"),
        (["other"], [SEAL, PROPOSE, EXECUTE], "程序“示例”须以一个提议开始，并有一个执行的步骤"),
        (["other"], [PROPOSE, SEAL], "程序“示例”须以一个提议开始，并有一个执行的步骤"),
        (["other"], [], "程序“示例”须以一个提议开始，并有一个执行的步骤"),
        (["other"], [PROPOSE, EXECUTE, SEAL], "程序“示例”执行之后只能有公开和事后的责任"),
        (["other"], [PROPOSE, VOTE, EXECUTE], "程序“示例”没有每次都用印的步骤，谁都可以改写它的记录"),
        (["other"], [PROPOSE, {**SEAL, "above_yuan": 1}, EXECUTE],
         "程序“示例”没有每次都用印的步骤，谁都可以改写它的记录"),
        (["fund_use"], [PROPOSE, SEAL, EXECUTE],
         "程序“示例”没有让业主表决“使用维修资金”：这只能由业主共同决定（民法典第278条）"),
        (["other", "operate"], [PROPOSE, {**VOTE, "above_yuan": 5000}, SEAL, EXECUTE],
         "程序“示例”没有让业主表决“利用共有部分经营”：这只能由业主共同决定（民法典第278条）"),
        (["rebuild"], [PROPOSE, {**VOTE, "matters": ["other"]}, SEAL, EXECUTE],
         "程序“示例”没有让业主表决“改建、重建”：这只能由业主共同决定（民法典第278条）"),
        (["standing"], [PROPOSE, SEAL, EXECUTE],
         "程序“示例”没有让业主表决“议事规则授权的日常开支”：这只能由业主共同决定（民法典第278条）"),
        (["standing"], [PROPOSE, {**VOTE, "above_yuan": 5000}, SEAL, EXECUTE],
         "程序“示例”没有让业主表决“议事规则授权的日常开支”：这只能由业主共同决定（民法典第278条）"),
        (["other"], [PROPOSE, SEAL, {**EXECUTE, "above_yuan": 1}],
         "步骤“步骤execute”：提议和执行人人都要办，不写 above_yuan、matters"),
        (["other"], [{**PROPOSE, "matters": ["other"]}, SEAL, EXECUTE],
         "步骤“步骤propose”：提议和执行人人都要办，不写 above_yuan、matters"),
        (["other"], [PROPOSE, SEAL, _step("a", "bids"), _step("b", "bids"), EXECUTE],
         "程序“示例”至多有一个报价的步骤"),
        (["other"], [PROPOSE, {**SEAL, "awards": True}, EXECUTE], "步骤“步骤seal”：只有审议的步骤能定标（awards）"),
        (["other"], [{**PROPOSE, "by": ["mayor"]}, SEAL, EXECUTE], "步骤“步骤propose”的角色“mayor”无法识别"),
        (["other"], [{**PROPOSE, "by": []}, SEAL, EXECUTE], "步骤“步骤propose”没有写明由谁办"),
        (["other"], [{**PROPOSE, "seals": ["assembly"]}, SEAL, EXECUTE],
         "步骤“步骤propose”：用印的步骤须写 seals，其他步骤不写"),
    ],
)  # fmt: skip
def test_a_procedure_that_makes_no_sense_is_refused(matters: list[str], steps: list[Any], message: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Procedure.model_validate({
            "code": "example", "name": "示例", "source": "第1条", "verified": True, "matters": matters, "steps": steps,
        })  # fmt: skip
    assert wrong.value.errors()[0]["msg"] == f"Value error, {message}"
