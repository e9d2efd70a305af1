"""Changes of the register of seal keys (`register/seals.csv`): a key is added, or ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jiezhang.book.cells import from_options
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.procedure import SEAL_NAMES
from jiezhang.domain.approval.records import SealUse
from jiezhang.domain.approval.rules.seals import register_faults
from jiezhang.domain.approval.seals import SEALS_FILE, SealKey, key_end_names, successor_voucher, vouching_digest
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.problem import Refused

Sign = Callable[[SealKey, str], str]
"""The signature (hex) of a registered key over a digest (hex); the caller has the private half, or asks for it."""

_LENGTHS = {64: "ed25519", 130: "p256"}


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is said of a key to be added; an empty `code` is made."""

    seal: str
    keeper: str
    public: str
    starts: date
    code: str = ""


def plan_enrolment(files: OfficeFiles, new: NewKey, sign: Sign) -> tuple[SealKey, list[SealKey]]:
    """The new row, and all rows with it.

    A key that follows another is vouched for by a signature that `sign` gives. `Refused` for whatever the rule `seals`
    would find.
    """
    keys = [key for _, key in files.keys]
    if new.public in {key.public for key in keys}:
        raise Refused("这把公钥已经登记过，一把钥匙只能登记一次")
    if len(new.public) not in _LENGTHS:
        raise Refused("公钥应是 Ed25519（64 位十六进制）或 P-256（130 位十六进制，04 开头）")
    code = new.code or _free_code(keys)
    if code in {key.code for key in keys}:
        raise Refused(f"钥匙编号 {code} 已经使用")
    fields = {"code": code, "seal": new.seal, "keeper": new.keeper, "public": new.public, "starts": new.starts}
    key = from_options(SealKey, {**fields, "algorithm": _LENGTHS[len(new.public)]})
    own = [one for one in keys if one.seal == key.seal]
    if own:
        before = max(own, key=lambda one: one.starts)
        voucher = successor_voucher(key, before, keys) if before.ended is not None else None
        if voucher is not None:
            signature = sign(voucher, vouching_digest(key))
            key = key.model_copy(update={"vouched_by": voucher.code, "voucher_signature": signature})
    return key, _proven(files, [*keys, key])


def plan_end(view: OfficeView, code: str, why: str, day: date, today: date) -> list[SealKey]:
    """All rows with the key `code` ended from `day` on.

    A lost key may have been used since by whoever has it: what it signed from `day` on will count no more. A key that
    was handed over or revoked cannot take back what it signed itself.
    """
    keys = [key for _, key in view.files.keys]
    key = next((one for one in keys if one.code == code), None)
    if key is None:
        raise Refused(f"没有钥匙 {code}", SEALS_FILE)
    if key.ended is not None:
        raise Refused(f"钥匙 {code} 自 {key.ended} 起已经{key_end_names()[key.why]}，不能再改", SEALS_FILE)
    if day > today or day < key.starts:
        raise Refused(f"停用日期 {day} 应在启用日期 {key.starts} 和今天 {today} 之间")
    used = [one.day for path in view.paths.values() for one in path.records
            if isinstance(one.record, SealUse) and one.record.key == code]
    if why != "lost" and used and max(used) >= day:
        said = f"钥匙 {code} 于 {max(used)} 还盖过{SEAL_NAMES[key.seal]}"
        raise Refused(f"{said}，{key_end_names()[why]}的日期最早是 {max(used) + timedelta(days=1)}")
    ended = key.model_copy(update={"ended": day, "why": why})
    return _proven(view.files, [ended if one is key else one for one in keys])


def numbered(keys: Sequence[SealKey]) -> tuple[tuple[int, SealKey], ...]:
    """Rows with the lines they will stand on."""
    return tuple(enumerate(keys, start=2))


def _proven(files: OfficeFiles, keys: list[SealKey]) -> list[SealKey]:
    """`keys`, unless they bring a fault that was not there."""
    known = {one.message for one in register_faults(files)}
    faults = [one.message for one in register_faults(replace(files, keys=numbered(keys)))]
    fresh = [said for said in faults if said not in known]
    if fresh:
        raise Refused(fresh[0])  # no line: it will never be written
    return keys


def _free_code(keys: Sequence[SealKey]) -> str:
    taken = {key.code for key in keys}
    return next(f"YZ{number}" for number in range(1, len(keys) + 2) if f"YZ{number}" not in taken)
