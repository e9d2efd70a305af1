"""Seals of a compound: keys registered and ended, seals set, the register of their use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.keys import Key
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked
from jiezhang.book.registers import read_street, table_bytes
from jiezhang.book.write import write_all
from jiezhang.close.recording import path_of
from jiezhang.close.seal_register import NewKey, numbered, plan_end, plan_enrolment
from jiezhang.close.sealing import SealedPayment, ToSign, key_of, message_for, seal_use, to_sign
from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.procedure import SEAL_NAMES, SealName
from jiezhang.domain.approval.seals import SEALS_FILE, SealKey
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from reports.render import seal_register_pdf, seal_register_text
from reports.seal_register import SealRegister, seal_register

from .resolving import Days, Draft, add_record, read_office, readable_office


@dataclass(frozen=True, slots=True)
class Signer:
    """How a signature comes: from a key at hand or asked for, or made elsewhere (`signature`, hex)."""

    private: Key | None = None
    signature: str | None = None

    def of(self, key: SealKey, digest: str, asked: str) -> str:
        """The signature of `key` over `digest`; `asked` begins the sentence that says what is to be signed."""
        if self.private is not None:
            if self.private.public != key.public:
                raise Refused(f"这把私钥不是钥匙 {key.code} 的")
            return self.private.sign(digest)
        if self.signature is not None:
            return self.signature
        raise Refused(f"{asked}，须由钥匙 {key.code} 签名：用 --key 给出它的私钥，或签好 {digest} 用 --signature 给出")


def enrol(street: StreetFolder, folder: CompoundFolder, new: NewKey, signer: Signer) -> SealKey:
    """Add a key to the register; `Refused` when it is not vouched for, or anything else is wrong with it."""
    city = read_street(street).city
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        key, rows = plan_enrolment(
            readable_office(ledger).files,
            new,
            lambda by, digest: signer.of(by, digest, f"{SEAL_NAMES[new.seal]}换钥匙"),
        )
        commit(ledger, city, {SEALS_FILE: table_bytes(rows, SealKey)})
    return key


def end_key(
    street: StreetFolder, folder: CompoundFolder, code: str, why: str, days: Days
) -> list[str]:
    """End a key from a day on; the resolutions on which it was used since, which count no more from there.

    Written even though the books then have errors: that a key is lost must never wait for the harm to be mended.
    """
    with exclusive(folder):
        view = readable_office(load_unlocked(folder, read_street(street).city))
        rows = plan_end(view, code, why, days.on, days.today)
        after = walk_all(view.records, replace(view.files, keys=numbered(rows)))
        write_all(folder.path, {SEALS_FILE: table_bytes(rows, SealKey)})
    return sorted(one for one, path in after.items() if path.fault is not None and view.paths[one].fault is None)


def digest_of(
    street: StreetFolder, folder: CompoundFolder, code: str, seal: SealName, payment: SealedPayment | None, day: date
) -> str:
    """What the key of `seal` in use on `day` has to sign now (hex)."""
    view = read_office(street, folder)
    what = to_sign(path_of(view, code), payment)
    return message_for(view.files, seal, key_of(view.files, seal, day, None), day, what)


def set_seal(
    street: StreetFolder,
    folder: CompoundFolder,
    code: str,
    seal: SealName,
    payment: SealedPayment | None,
    signer: Signer,
    days: Days,
) -> ToSign:
    """Set a seal: sign what is recorded, and record the signature; what was signed."""
    signed: list[ToSign] = []

    def make(view: OfficeView) -> Draft:
        path = path_of(view, code)
        what = to_sign(path, payment)
        key = key_of(view.files, seal, days.on, signer.private.public if signer.private else None)
        message = message_for(view.files, seal, key, days.on, what)
        signed.append(what)
        return seal_use(path, seal, key, what, signer.of(key, message, f"盖{SEAL_NAMES[seal]}")), {}

    add_record(street, folder, "seal", make, days)
    return signed[0]


def register_of_use(street: StreetFolder, folder: CompoundFolder, first: Month, last: Month) -> SealRegister:
    """The register of seal use of one compound."""
    view = read_office(street, folder)
    return seal_register(view, read_street(street), view.files.compound, first, last)


def write_register(register: SealRegister, out: Path) -> tuple[Path, ...]:
    """The register as text and PDF in the folder `out`."""
    issuer = register.issuer
    stem = f"{issuer.compound}{issuer.compound_name}-{register.first}至{register.last}-印章使用情况"
    contents = {
        f"{stem}.txt": seal_register_text.render_text(register).encode(),
        f"{stem}.pdf": seal_register_pdf.render_pdf(register),
    }
    write_all(out, contents)
    return tuple(out / name for name in contents)
