"""A corrupt office with every private key of its own writes a sealed month anew, all consistent with itself.

It has the keys of who posts and of both seals' keepers, and none of bank, auditor, community and representatives: it
makes itself new ones and puts them into `street.toml`. What it makes passes every check that believes the street's own
list of people; only what the parties have outside can find it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random

from beancount.core import data
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiezhang.book.keys import PrivateKey
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.book.office_files import read_chain
from jiezhang.book.registers import read_street, table_bytes
from jiezhang.book.seal_files import SALT, checkpoint_name, figures_name, read_salt, seal_name, value_bytes
from jiezhang.close.attesting import Word, attest
from jiezhang.close.closing import in_order
from jiezhang.close.presenting import Making, make_figures, making_from
from jiezhang.domain.booking import is_opening
from jiezhang.domain.chain import CHAIN_FILE, GENESIS, OPENING, Link, content_digest, next_head, posted_digest
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_bytes
from jiezhang.domain.tri_party.months import MonthFiles, Presented
from jiezhang.domain.tri_party.signing import note_of
from jiezhang.street.presenting import office_note
from jiezhang.street.sample_seals import hand_of, signers
from tests.faults.tamper_street import OFFICE, SEALED, Changes, Sealed, key_of

Edit = Callable[[Sealed, Random], Mapping[str, str]]
"""New texts of the compound's files by path; what follows from them is made by `rewritten`."""


def forged_key(person: str) -> PrivateKey:
    """The key that the office made itself in a party's name."""
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(sha256(f"forged:{person}".encode()).digest()))


def rewritten(sealed: Sealed, edit: Mapping[str, str], *, forge: bool = True) -> Changes:
    """Every file that is another once `edit` is carried through: reviews, chain and, with `forge`, keys and seals."""
    with tempfile.TemporaryDirectory() as scratch:
        street = _copy(sealed, Path(scratch) / "street")
        folder = street.compound(sealed.code)
        for name in sealed.names("seals/") if forge else ():
            if name != SALT:
                (folder.path / name).unlink()
        for name, text in edit.items():
            (folder.path / name).write_text(text)
        _chain_anew(street, folder)
        if forge:
            _swap_keys(street)
            _seal_anew(street, folder)
        now = Sealed(street, sealed.code).files
        names = [name for name in {*now, *sealed.files} if name.startswith(f"{sealed.code}/") or name == "street.toml"]
        return {name: now.get(name) for name in names if now.get(name) != sealed.files.get(name)}


def _copy(sealed: Sealed, path: Path) -> StreetFolder:
    ignored = shutil.ignore_patterns("inbox", "completions", sealed.other)
    return StreetFolder(Path(shutil.copytree(sealed.street.path, path, ignore=ignored)))


def _chain_anew(street: StreetFolder, folder: CompoundFolder) -> None:
    """Every voucher reviewed as it is now, and the chain over them, signed where it was signed."""
    ledger = load_ledger(folder, read_street(street).city)
    posted = {}
    texts = {name: (folder.path / name).read_text() for name in ledger.folder.ledger_files()}
    for entry in ledger.entries:
        if isinstance(entry, data.Transaction) and entry.flag == "*":
            new, old = content_digest(entry), str(entry.meta.get("reviewed-sha256", ""))
            if old and old != new:
                texts = {name: text.replace(old, new) for name, text in texts.items()}
                entry = entry._replace(meta={**entry.meta, "reviewed-sha256": new})
            name = OPENING if is_opening(entry) else str(entry.meta["voucher"])
            posted[str(Month.of(entry.date)), name] = posted_digest(entry)
    for name, text in texts.items():
        (folder.path / name).write_text(text)
    links: list[Link] = []
    head, key = GENESIS, key_of(street, OFFICE)
    for old in read_chain(folder):
        digest = posted.get((old.month, old.voucher), old.digest)
        head = next_head(head, old.month, old.voucher, digest, old.poster)
        signature = key.sign(head) if old.signature else ""
        links.append(old.model_copy(update={"digest": digest, "head": head, "signature": signature}))
    (folder.path / CHAIN_FILE).write_bytes(table_bytes(links, Link))


def _swap_keys(street: StreetFolder) -> None:
    """The parties' public keys in `street.toml` become those that the office made."""
    text = street.toml.read_text()
    for person in read_street(street).people:
        if person.key and "bookkeeper" not in person.roles:
            text = text.replace(person.key, forged_key(person.id).public)
    street.toml.write_text(text)


def _seal_anew(street: StreetFolder, folder: CompoundFolder) -> None:
    about, salt = read_street(street), read_salt(folder)
    ledger = load_ledger(folder, about.city)
    assert salt is not None
    now = making_from(about, ledger, salt, SEALED[-1].next.first_day)
    seals: list[MonthSeal] = []
    for month in SEALED:
        chain = [link for link in now.chain if link.month <= str(month)]
        seals.append(_sealed(replace(now, months=MonthFiles(tuple(seals)), chain=chain), month, street))
        (folder.path / seal_name(month)).write_bytes(seal_bytes(seals[-1]))
    figures = seals[-1].figures
    (folder.path / figures_name(figures.period)).write_bytes(value_bytes(figures))
    note = office_note(figures, key_of(street, OFFICE)).text()
    (folder.path / checkpoint_name(figures.period)).write_text(note)


def _sealed(making: Making, month: Month, street: StreetFolder) -> MonthSeal:
    figures, people = make_figures(making, month), by_id(making.street.people)
    presented = Presented(figures, office_note(figures, key_of(street, OFFICE)).text())
    signed = tuple(
        attest(presented, one.party, people[one.person], Word(checked=figures.vouchers.count),
               hand_of(forged_key(one.person)), 1_790_000_000 + number)
        for number, one in enumerate(signers(making.street.people, figures.compound))
    )  # fmt: skip
    office = SignedCheckpoint.parse(presented.checkpoint)
    note = note_of(office, signed).text()
    return MonthSeal(figures=figures, checkpoint=note, signed=in_order(signed), closed_by=OFFICE)


def ledger_of(sealed: Sealed) -> Ledger:
    """The compound's ledger as it was sealed."""
    return load_ledger(sealed.folder, "hangzhou")


# ---------------------------------------------------------------- what such an office would like to be different
def another_payee(sealed: Sealed, chance: Random) -> Mapping[str, str]:
    """A payment went to somebody else, for something else."""
    name = sealed.month_file(chance)
    text = sealed.text(name)
    found = chance.choice(list(re.finditer(r'^(2026-\d\d-\d\d \* )"([^"\n]+)" "([^"\n]+)"', text, re.MULTILINE)))
    payee, said = chance.choice([("某某公司", found[3]), (found[2], f"{found[3]}（补）")])
    new = f'{found[1]}"{payee}" "{said}"'
    return {name: text[: found.start()] + new + text[found.end() :]}


def another_subject(sealed: Sealed, chance: Random) -> Mapping[str, str]:
    """Income from parking becomes income from adverts; interest, other income."""
    name = sealed.month_file(chance)
    text = sealed.text(name)
    pairs = (("4001车位场地", "4002电梯广告"), ("4101利息", "4901其他"))
    there = [(old, new) for old, new in pairs if f"G公共收益:{old} " in text]
    old, new = chance.choice(there)
    places = [found.start() for found in re.finditer(f"G公共收益:{old} ", text)]
    at = chance.choice(places) + len("G公共收益:")
    return {name: text[:at] + new + text[at + len(old) :]}


def another_household(sealed: Sealed, chance: Random) -> Mapping[str, str]:
    """One household's payment into the fund becomes another's of the same building."""
    name = sealed.month_file(chance)
    text = sealed.text(name)
    found = chance.choice(list(re.finditer(r'household: "([^"]+)"', text)))
    building = found[1][:3]
    homes = [line.split(",")[0] for line in sealed.text("batches/opening.csv").splitlines()[1:]]
    other = chance.choice([home for home in homes if home.startswith(building) and home != found[1]])
    return {name: text[: found.start(1)] + other + text[found.end(1) :]}


_ROW = re.compile(r"^`(?P<time>[^,]+),`(?P<ref>\d+),.*,`交易,`收入,`(?P<amount>[\d.]+),`(?P<balance>[\d.]+),", re.M)


def other_amounts(sealed: Sealed, chance: Random) -> Mapping[str, str]:
    """The month's first receipt of parking fees is some fen more and a later one less: the bank's file, its digest,
    and every voucher and balance between say so."""
    month = sealed.month(chance)
    path = next(name for name in sealed.names(f"statements/{month}/", "资金账单.csv"))
    raw = sealed.text(path)
    rows = list(_ROW.finditer(raw))
    first, second = sorted(chance.sample(rows, 2), key=lambda row: row.start())
    delta = Decimal(chance.randrange(1, int(Decimal(second["amount"]) * 100))).scaleb(-2)
    lines = raw.splitlines(keepends=True)
    begin, end = raw[: first.start()].count("\n"), raw[: second.start()].count("\n")
    for at in range(begin, end + 1):
        cells = lines[at].split(",")
        if at in (begin, end):
            cells[6] = f"`{Decimal(cells[6][1:]) + (delta if at == begin else -delta)}"
        if at < end:
            cells[7] = f"`{Decimal(cells[7][1:]) + delta}"
        lines[at] = ",".join(cells)
    new = "".join(lines)
    old_digest, new_digest = (sha256(text.encode()).hexdigest() for text in (raw, new))
    edited = {path: new}
    for name in sealed.names("2026/"):
        text = sealed.text(name)
        blocks = [
            _moved(block, begin + 1, end + 1, delta) if old_digest in block else block for block in text.split("\n\n")
        ]
        edited[name] = "\n\n".join(blocks).replace(old_digest, new_digest)
    return edited


def _moved(block: str, first: int, last: int, delta: Decimal) -> str:
    """A voucher of the bank's file with the rows `first` and `last` changed by `delta`, and the balances between."""
    row = re.search(r"source-row: (\d+)", block)
    if row is None or not first <= int(row[1]) <= last:
        return block
    at = int(row[1])
    if at < last:
        block = re.sub(r"(bank-balance: )(-?[\d.]+)", lambda one: f"{one[1]}{Decimal(one[2]) + delta}", block)
    if at not in (first, last):
        return block
    by = delta if at == first else -delta
    amount = re.search(r" ([\d.]+) CNY", block)
    assert amount is not None
    was, now = Decimal(amount[1]), Decimal(amount[1]) + by
    block = block.replace(f" {was} CNY", f" {now} CNY").replace(f" -{was} CNY", f" -{now} CNY")
    return block.replace(f'/{int(was * 100)}"', f'/{int(now * 100)}"')


EDITS: tuple[Edit, ...] = (another_payee, another_subject, another_household, other_amounts)
