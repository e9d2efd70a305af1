"""More breaks, as in `breaks`: seals on the resolution, and on each payment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jiezhang.domain.approval.procedure import Step

from .breaks import Broken, broken, go_on, names, of_kind
from .office import LETTER
from .story import DAY, Setting, Story

OTHER_BYTES = "0" * 64

# On the resolution


def _sealed(setting: Setting, step: Step, key: str = "", digest: str = "", other: bool = False) -> Story:
    """The first seal of a step, set in some other way, and nothing else."""
    story = setting.story(step)
    seal = step.seals[0]
    of = next(one for one in LETTER if one != seal) if other else seal
    code = f"{LETTER[of]}-{key}" if key else ""
    story.add("seal", **story.set_seal(step, seal, digest or story.content(step), code))
    return story


def _enter_keys() -> None:
    for kind, key, says in (
        ("key_lost", "LOST", "起已遗失，不能再用"),
        ("key_revoked", "REVOKED", "起已吊销，不能再用"),
        ("key_handed_over", "HANDED", "起已移交，不能再用"),
        ("key_not_yet_valid", "LATER", "起才启用"),
        ("key_unknown", "NONE", "没有登记在 seals.csv"),
    ):
        broken(kind, says, of_kind("seal"))(
            lambda setting, step, key=key: (_sealed(setting, step, key), names(step))
        )


_enter_keys()


@broken("seal_over_other_bytes", "盖的不是这份决议现在的内容", of_kind("seal"))
def seal_over_other_bytes(setting: Setting, step: Step) -> Broken:
    return _sealed(setting, step, digest=OTHER_BYTES), names(step)


@broken("seal_before_a_change", "盖的不是这份决议现在的内容", of_kind("seal"))
def seal_before_a_change(setting: Setting, step: Step) -> Broken:
    """The budget was raised after the digest was taken."""
    digest = replace(setting, budget_yuan=setting.budget_yuan + 1).story(step).content(step)
    return _sealed(setting, step, digest=digest), names(step)


@broken("seal_by_other_key", "不能代盖", of_kind("seal"))
def seal_by_other_key(setting: Setting, step: Step) -> Broken:
    return _sealed(setting, step, key="GOOD", other=True), names(step)


@broken("seal_forged", "的签名与钥匙", of_kind("seal"))
def seal_forged(setting: Setting, step: Step) -> Broken:
    """The right key is named, another has signed."""
    story, seal = setting.story(step), step.seals[0]
    forged = story.set_seal(step, seal, story.content(step), f"{LETTER[seal]}-LATER")
    story.add("seal", **{**forged, "key": f"{LETTER[seal]}-GOOD"})
    return story, names(step)


@broken("one_seal_only", "还没有办", lambda _, step: len(step.seals) > 1)
def one_seal_only(setting: Setting, step: Step) -> Broken:
    story = _sealed(setting, step)
    story.day += DAY
    go_on(setting, story, step)
    return story, names(step)


@broken("same_seal_twice", "已经盖过", lambda _, step: len(step.seals) > 1)
def same_seal_twice(setting: Setting, step: Step) -> Broken:
    story = _sealed(setting, step)
    story.add("seal", **story.set_seal(step, step.seals[0], story.content(step)))
    return story, names(step)


@broken("seal_not_asked_for", "不用", lambda _, step: len(step.seals) == 1)
def seal_not_asked_for(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    other = next(seal for seal in LETTER if seal not in step.seals)
    story.add("seal", **story.set_seal(step, other, story.content(step)))
    return story, names(step)


# Each payment's own seals


def _pays(setting: Setting, step: Step) -> bool:
    return step.kind == "execute" and bool(setting.procedure.payment_seals)


def _payment(setting: Setting, story: Story | None = None, **changed: Any) -> Broken:
    told = story or setting.story()
    told.add("seal", **{**told.seal_payment(setting.procedure.payment_seals[0]), **changed})
    return told, ("付款 P1", setting.procedure.source)


@broken("payment_sealed_too_early", "还没有办，不能用印", _pays)
def payment_sealed_too_early(setting: Setting, _: Step) -> Broken:
    return _payment(setting, setting.story(setting.before[-1]))


@broken("payment_sealed_amid_objection", "业主异议 Y1 还没有答复，不能用印", _pays)
def payment_sealed_amid_objection(setting: Setting, _: Step) -> Broken:
    story = setting.story()
    story.add("objection", number="Y1", text="报价太高")
    return _payment(setting, story)


@broken("payment_seal_over_other_bytes", "盖的不是这笔付款", _pays)
def payment_seal_over_other_bytes(setting: Setting, _: Step) -> Broken:
    return _payment(setting, amount_yuan="800.01")


@broken("payment_sealed_for_another", "盖的不是这笔付款", _pays)
def payment_sealed_for_another(setting: Setting, _: Step) -> Broken:
    return _payment(setting, payee="丁建设公司")


@broken("payment_seal_by_other_key", "不能代盖", _pays)
def payment_seal_by_other_key(setting: Setting, _: Step) -> Broken:
    story, seal = setting.story(), setting.procedure.payment_seals[0]
    other = next(letter for one, letter in LETTER.items() if one != seal)
    return _payment(setting, story, **story.seal_payment(seal, key=f"{other}-GOOD"))


@broken("payment_seal_by_lost_key", "起已遗失，不能再用", _pays)
def payment_seal_by_lost_key(setting: Setting, _: Step) -> Broken:
    story, seal = setting.story(), setting.procedure.payment_seals[0]
    return _payment(setting, story, **story.seal_payment(seal, key=f"{LETTER[seal]}-LOST"))


@broken("payment_seal_twice", "已经盖过", _pays)
def payment_seal_twice(setting: Setting, _: Step) -> Broken:
    return _payment(setting, _payment(setting)[0])


@broken("payment_seals_disagree", "与另一枚印章盖的收款人或金额不同", lambda setting, step: _pays(setting, step)
        and len(setting.procedure.payment_seals) > 1)
def payment_seals_disagree(setting: Setting, _: Step) -> Broken:
    story, named = _payment(setting)
    story.add("seal", **story.seal_payment(setting.procedure.payment_seals[1], amount="799.00"))
    return story, named


