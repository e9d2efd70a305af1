"""seals: whose key signs for which seal, and since when (双章: two seals, two keepers).

The register of keys only grows: a key is ended, never taken away, and whoever follows it is vouched for, by the key
before it when the keeper handed over, by the other seal's when it was lost or revoked. So nobody makes themselves a
seal's keeper alone. Sources: 杭州市物业管理条例 2021 art. 27 (custody); 电子签名法 2019 art. 13 (the signer alone has
the key), art. 15 (who loses it says so and stops). What a seal was set on is judged on the resolution's path
(`path_seals`), not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...people import has_role, named, role_names
from ...problem import Finding, Refused
from ..files import OfficeFiles
from ..procedure import SEAL_NAMES
from ..seals import KEEPERS, SEALS_FILE, SealKey, is_usable, key_end_names, successor_voucher, verifies, vouching_digest
from ..view import OfficeView

RULE = "seals"

_CUSTODY = "杭州市物业管理条例第27条"
_TWO_KEEPERS = "双章制度：业主大会印章由社区保管，业主委员会印章由业委会保管"
"""Some cities' law leaves more room (杭州 2021 art. 27 names either body for either seal); two seals do not."""
_OWN_KEY = "电子签名法第13条"
_LOSS = "电子签名法第15条"

def find(view: OfficeView) -> list[Finding]:
    """A finding for each fault of the register of keys, at its line."""
    return [view.refusal(RULE, fault) for fault in register_faults(view.files)]


def register_faults(files: OfficeFiles) -> list[Refused]:
    """Everything wrong with the register of keys, each at its line of `register/seals.csv`."""
    found = [*_each(files), *_shared(files.keys)]
    for seal in SEAL_NAMES:
        in_turn = sorted((key.starts, line, key) for line, key in files.keys if key.seal == seal)
        found += _succession([(line, key) for _, line, key in in_turn], files.keys)
    return sorted(found, key=lambda one: one.line)


def _each(files: OfficeFiles) -> Iterator[Refused]:
    """What is wrong with a key by itself."""
    for line, key in files.keys:
        code, seal = key.code, SEAL_NAMES[key.seal]
        if not is_usable(key):
            yield Refused(f"钥匙 {code} 的公钥不是能用的 {key.algorithm} 公钥（{_OWN_KEY}）", SEALS_FILE, line)
        keeper = files.people.get(key.keeper)
        if keeper is None:
            said = f"{seal}的钥匙 {code} 的保管人 {key.keeper} 没有登记在 street.toml（{_CUSTODY}）"
            yield Refused(said, SEALS_FILE, line)
        elif not has_role(keeper, KEEPERS[key.seal], files.compound.code):
            who, roles = named(files.people, key.keeper), role_names(KEEPERS[key.seal])
            yield Refused(f"{seal}的钥匙 {code} 须由{roles}保管，{who}不是（{_TWO_KEEPERS}）", SEALS_FILE, line)
        if (key.ended is None) != (key.why == ""):
            yield Refused(f"钥匙 {code} 的停用日期和停用原因须一起写明（{_LOSS}）", SEALS_FILE, line)
        if key.ended is not None and key.ended < key.starts:
            said = f"钥匙 {code} 的停用日期 {key.ended} 早于启用日期 {key.starts}（{_LOSS}）"
            yield Refused(said, SEALS_FILE, line)


def _shared(keys: Sequence[tuple[int, SealKey]]) -> Iterator[Refused]:
    """One key for both seals, or one keeper of both, at whatever time: who once had both keys could sign for both."""
    publics: dict[str, SealKey] = {}
    keepers: dict[str, SealKey] = {}
    for line, key in keys:
        first = publics.setdefault(key.public, key)
        if first is not key:
            said = f"钥匙 {key.code} 与钥匙 {first.code} 的公钥相同，一把钥匙只能登记一次（{_OWN_KEY}）"
            yield Refused(said, SEALS_FILE, line)
        other = keepers.setdefault(key.keeper, key)
        if other.seal != key.seal:
            held, wanted = SEAL_NAMES[other.seal], SEAL_NAMES[key.seal]
            said = f"{key.keeper} 已经保管{held}（钥匙 {other.code}），不得再保管{wanted}（{_CUSTODY}）"
            yield Refused(said, SEALS_FILE, line)


def _succession(keys: Sequence[tuple[int, SealKey]], everybody: Sequence[tuple[int, SealKey]]) -> Iterator[Refused]:
    """What is wrong with how the keys of one seal follow each other, oldest first."""
    for number, (line, key) in enumerate(keys):
        if number == 0:
            if key.vouched_by or key.voucher_signature:
                said = f"{SEAL_NAMES[key.seal]}的第一把钥匙 {key.code} 不须担保，担保的两栏应空着（{_OWN_KEY}）"
                yield Refused(said, SEALS_FILE, line)
            continue
        before = keys[number - 1][1]
        if before.ended is None or before.ended > key.starts:
            told = f"{SEAL_NAMES[key.seal]}的钥匙 {key.code} 启用时，钥匙 {before.code} 还没有停用"
            yield Refused(f"{told}，同一枚印章同时只能有一把钥匙（{_OWN_KEY}）", SEALS_FILE, line)
            continue
        yield from _vouching(line, key, before, [one for _, one in everybody])


def _vouching(line: int, key: SealKey, before: SealKey, everybody: Sequence[SealKey]) -> Iterator[Refused]:
    """Why `key` is not vouched for, if it is not."""
    voucher = successor_voucher(key, before, everybody)
    why = key_end_names()[before.why] if before.why else "停用"
    told = f"钥匙 {key.code} 之前的钥匙 {before.code} 已{why}"
    if voucher is None:
        said = f"{told}，须由另一枚印章在用的钥匙担保，当天没有这样的钥匙（{_LOSS}）"
        yield Refused(said, SEALS_FILE, line)
    elif key.vouched_by != voucher.code:
        said = f"{told}，须由钥匙 {voucher.code} 担保，写的是“{key.vouched_by}”（{_LOSS}）"
        yield Refused(said, SEALS_FILE, line)
    elif not verifies(voucher, vouching_digest(key), key.voucher_signature):
        yield Refused(f"{told}，钥匙 {voucher.code} 的担保签名不符（{_LOSS}）", SEALS_FILE, line)
