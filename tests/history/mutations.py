"""Ways to falsify a household's proof: each takes chance and an original, and gives a code that must not be believed.

`None`: this original cannot be falsified in this way (it has no neighbour, say).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from jiezhang.domain.history.household_proof import HouseholdProof
from jiezhang.domain.history.note import Signature, ordered
from tests.history.made import (
    PEOPLE,
    REQUIRED,
    SEEN,
    Made,
    changed,
    join,
    make,
    number,
    pieces,
    resigned,
    signature,
    spell,
    with_own,
    with_signatures,
)

SIZES = (1, 2, 3, 7, 100, 1176)
COMPOUNDS = ("C0001", "C0002")
MONTHS = ("2026-09", "2026-10")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
NUMBERS = ("size", "count", "total", "balance", "index", "path0.sum")


@dataclass(frozen=True)
class Original:
    """A true proof, and where it comes from."""

    made: Made
    proof: HouseholdProof
    size: int


@lru_cache
def made(size: int, compound: str, month: str) -> Made:
    parties = (*REQUIRED, "owners") if size % 2 else REQUIRED
    return make(size, compound, month, vouchers=size * 3, parties=parties)


def pick(chance: Random) -> Original:
    """Any household of any size of compound, in one of two compounds and months."""
    size = chance.choice(SIZES)
    found = made(size, chance.choice(COMPOUNDS), chance.choice(MONTHS))
    return Original(found, found.proof(chance.randrange(size)), size)


def _bit(chance: Random, one: Original) -> str:
    data = bytearray(one.proof.to_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return spell(bytes(data))


def _byte(chance: Random, one: Original) -> str:
    data = bytearray(one.proof.to_bytes())
    data[chance.randrange(len(data))] = chance.randrange(256)
    return spell(bytes(data))


def _two_bytes(chance: Random, one: Original) -> str:
    data = bytearray(one.proof.to_bytes())
    a, b = chance.randrange(len(data)), chance.randrange(len(data))
    data[a], data[b] = data[b], data[a]
    return spell(bytes(data))


def _cut(chance: Random, one: Original) -> str:
    data = one.proof.to_bytes()
    return spell(data[: chance.randrange(1, len(data))])


def _hole(chance: Random, one: Original) -> str:
    data = one.proof.to_bytes()
    start = chance.randrange(len(data))
    return spell(data[:start] + data[start + chance.randrange(1, 80) :])


def _longer(chance: Random, one: Original) -> str:
    return spell(one.proof.to_bytes() + chance.randbytes(chance.randrange(1, 90)))


def _spliced(chance: Random, one: Original) -> str:
    data, other = one.proof.to_bytes(), pick(chance).proof.to_bytes()
    cut = chance.randrange(1, min(len(data), len(other)))
    return spell(data[:cut] + other[cut:])


def _letter(chance: Random, one: Original) -> str:
    code = one.proof.code()
    at = chance.randrange(len(code))
    return code[:at] + chance.choice(LETTERS + "0189=abz -Ａ") + code[at + 1 :]


def _spelling(chance: Random, one: Original) -> str:
    """The same bytes, spelled in a way nobody writes them."""
    code, at = one.proof.code(), chance.randrange(len(one.proof.code()))
    spare = LETTERS[LETTERS.index(code[-1]) | chance.randrange(32)]
    return chance.choice(
        [code.lower(), code + "=" * chance.randrange(1, 7), " " + code, code + " ", code[:at] + " " + code[at:],
         code[:at] + code[at:].lower(), code[:-1] + spare, code + chance.choice(LETTERS), code + code]
    )  # fmt: skip


def _number(chance: Random, one: Original) -> str | None:
    """A number with more bytes than it needs, or too large."""
    found = pieces(one.proof)
    name = chance.choice(NUMBERS)
    if name not in found:
        return None
    value = sum((byte & 0x7F) << 7 * at for at, byte in enumerate(found[name]))
    large = number(value + 2 ** chance.randrange(53, 70))
    return join({**found, name: chance.choice([number(value, longer=chance.randrange(1, 9)), large])})


def _one_piece(chance: Random, one: Original) -> str:
    """One value of the proof, its length kept, in another's place or made anew."""
    found, other = pieces(one.proof), pieces(pick(chance).proof)
    name = chance.choice(list(found))
    return join({**found, name: chance.choice([other.get(name, b""), chance.randbytes(len(found[name]))])})


def _signed_or_not(chance: Random, proof: HouseholdProof) -> str:
    """The falsified sum under the old signatures, or signed by everybody: the sum alone must give it away."""
    return (resigned(proof) if chance.randrange(2) else proof).code()


def _neighbours(chance: Random, one: Original) -> str | None:
    path = list(one.proof.balance.path)
    if len(path) < 2:
        return None
    a, b = chance.sample(range(len(path)), 2)
    path[a], path[b] = path[b], path[a]
    return _signed_or_not(chance, with_own(one.proof, path=tuple(path)))


def _sums(chance: Random, one: Original) -> str | None:
    """Two sums exchanged: the total stays."""
    path = list(one.proof.balance.path)
    if len(path) < 2:
        return None
    a, b = chance.sample(range(len(path)), 2)
    path[a], path[b] = (path[a][0], path[b][1]), (path[b][0], path[a][1])
    return _signed_or_not(chance, with_own(one.proof, path=tuple(path)))


def _moved_fen(chance: Random, one: Original) -> str | None:
    """Some fen between the leaf and a neighbour: the total stays."""
    path, own = list(one.proof.balance.path), one.proof.balance.balance_fen
    if not path:
        return None
    at = chance.randrange(len(path))
    fen = chance.randint(-min(own, 100), min(path[at][1], 100))
    path[at] = (path[at][0], path[at][1] - fen)
    return _signed_or_not(chance, with_own(one.proof, balance_fen=own + fen, path=tuple(path)))


def _fen(chance: Random, one: Original) -> str:
    """Another balance, and sometimes another total with it."""
    fen, said = chance.choice([1, 2, 100, 2**32]), one.proof.signed.checkpoint
    more = with_own(one.proof, balance_fen=one.proof.balance.balance_fen + fen)
    return _signed_or_not(chance, changed(more, total_fen=said.total_fen + fen * chance.randrange(2)))


def _index(chance: Random, one: Original) -> str | None:
    if one.size == 1:
        return None
    index = chance.choice([one.proof.balance.index ^ 1 << chance.randrange(11), chance.randrange(one.size)])
    same = index == one.proof.balance.index
    return None if same else _signed_or_not(chance, with_own(one.proof, index=index))


def _household(chance: Random, one: Original) -> str:
    """Another household's name or salt, or both, on this one's leaf."""
    other = pick(chance).proof.balance
    values: dict[str, object] = chance.choice(
        [{"household": other.household}, {"salt": other.salt}, {"household": other.household, "salt": other.salt},
         {"household": one.proof.balance.household + chance.choice("\u200b\ufeff 0")}]
    )  # fmt: skip
    return _signed_or_not(chance, with_own(one.proof, **values))


def _other_path(chance: Random, one: Original) -> str:
    """A true leaf of another compound, month or household under this checkpoint, or on another's path."""
    other = pick(chance).proof.balance
    index, path = (other.index, other.path) if chance.randrange(2) else (one.proof.balance.index, other.path)
    return _signed_or_not(chance, with_own(one.proof, index=index, path=path))


def _dropped(chance: Random, one: Original) -> str:
    """Without one or more of those who must have signed."""
    needed = [one.proof.signed.checkpoint.origin, *(f"/{PEOPLE[party]}" for party in REQUIRED[1:])]
    gone = tuple(chance.sample(needed, chance.randrange(1, 5)))
    return with_signatures(one.proof, (s for s in one.proof.signed.signatures if not s.name.endswith(gone))).code()


def _doubled(chance: Random, one: Original) -> str:
    signatures = list(one.proof.signed.signatures)
    signatures.insert(chance.randrange(len(signatures) + 1), chance.choice(signatures))
    return with_signatures(one.proof, signatures).code()


def _reordered(chance: Random, one: Original) -> str:
    signatures = list(one.proof.signed.signatures)
    chance.shuffle(signatures)
    return with_signatures(one.proof, signatures).code()


def _elsewhere(chance: Random, one: Original) -> str | None:
    """A party's signature, or everybody's, of another month or compound."""
    other = pick(chance)
    if other.made is one.made:
        return None
    own, theirs = one.proof.signed.signatures, other.proof.signed.signatures
    if not chance.randrange(4):
        return with_signatures(one.proof, theirs).code()
    taken = chance.choice(theirs)
    office = replace(taken, name=own[0].name, key_id=own[0].key_id)
    taken = office if taken.time is None else taken
    return with_signatures(one.proof, _in_place(own, taken)).code()


def _checkpoint(chance: Random, one: Original) -> str:
    """Other books under the old signatures, or under those of only some."""
    said, random = one.proof.signed.checkpoint, chance.randbytes(32)
    values: dict[str, object] = chance.choice([{"root": random}, {"figures": random}, {"size": said.size + 1}])
    other = changed(one.proof, **values)
    if chance.randrange(2):
        return other.code()
    some = chance.sample(REQUIRED, chance.randrange(4))
    fresh = resigned(other, some).signed.signatures
    names = {new.name for new in fresh}
    kept = [] if chance.randrange(2) else [old for old in one.proof.signed.signatures if old.name not in names]
    return with_signatures(other, ordered([*fresh, *kept])).code()


def _stranger(chance: Random, one: Original) -> str:
    """Signed in a party's name by a key nobody trusts, or by another party's key."""
    party = chance.choice(REQUIRED)
    key = chance.choice(["X01", "X02", *(name for other, name in PEOPLE.items() if other != party)])
    new = signature(one.proof.signed.checkpoint.body(), party, key)
    new = replace(new, key_id=chance.choice([new.key_id, _of_name(one.proof, new.name).key_id]))
    return with_signatures(one.proof, _in_place(one.proof.signed.signatures, new)).code()


def _time(chance: Random, one: Original) -> str:
    old = chance.choice(one.proof.signed.signatures[1:])
    new = replace(old, time=chance.choice([0, SEEN + 1, chance.randrange(2**53)]))
    return with_signatures(one.proof, _in_place(one.proof.signed.signatures, new)).code()


def _of_name(proof: HouseholdProof, name: str) -> Signature:
    return next(one for one in proof.signed.signatures if one.name == name)


def _in_place(signatures: Sequence[Signature], new: Signature) -> list[Signature]:
    return [new if one.name == new.name else one for one in signatures]


KINDS: dict[str, Callable[[Random, Original], str | None]] = {
    "a bit flipped": _bit,
    "a byte changed": _byte,
    "two bytes exchanged": _two_bytes,
    "cut off": _cut,
    "some bytes left out": _hole,
    "bytes after the end": _longer,
    "spliced with another proof": _spliced,
    "a letter changed": _letter,
    "spelled otherwise": _spelling,
    "a number spelled longer, or too large": _number,
    "one value of another proof, or random": _one_piece,
    "two neighbours exchanged": _neighbours,
    "two neighbours' sums exchanged": _sums,
    "fen moved between leaf and neighbour": _moved_fen,
    "another balance": _fen,
    "another place": _index,
    "another household's name or salt": _household,
    "another's path": _other_path,
    "signatures left out": _dropped,
    "a signature twice": _doubled,
    "signatures in another order": _reordered,
    "signatures of another month or compound": _elsewhere,
    "other books under some signatures": _checkpoint,
    "signed by a stranger": _stranger,
    "seen at another time": _time,
}


@lru_cache
def true_codes() -> frozenset[str]:
    """Every proof that must be believed: of all households there are, the owners' signature with it or not."""
    signed = [made(size, code, month) for size in SIZES for code in COMPOUNDS for month in MONTHS]
    proofs = [HouseholdProof(one.signed, one.tree.proof(household)) for one in signed for household in one.tree.places]
    bare = [with_signatures(one, one.signed.signatures[: len(REQUIRED)]) for one in proofs]
    return frozenset(one.code() for one in (*proofs, *bare))


def mutant(kind: str, chance: Random) -> tuple[str, str]:
    """A falsified code of this kind, and the true one it was made from; the falsified one is nobody's true one."""
    while True:
        original = pick(chance)
        code = KINDS[kind](chance, original)
        if code is not None and code not in true_codes():
            return code, original.proof.code()
