"""Well-formed codes, freshly signed by everybody, whose leaf does not lead to the total: all `not_in_total`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.history.made import changed, make, resigned, with_own

Case = tuple[str, str, str]


def not_in_total() -> Iterator[Case]:
    proof, other = make(7).proof(2), make(7).proof(4).balance
    own, total_fen = proof.balance, proof.signed.checkpoint.total_fen
    (digest, sum_fen), *rest = own.path
    swapped = [(own.path[0][0], own.path[1][1]), (own.path[1][0], own.path[0][1]), own.path[2]]
    for name, bad in (
        ("a fen more", with_own(proof, balance_fen=own.balance_fen + 1)),
        ("a fen more, in the total too",
         changed(with_own(proof, balance_fen=own.balance_fen + 1), total_fen=total_fen + 1)),
        ("a fen moved to the neighbour",
         with_own(proof, balance_fen=own.balance_fen - 1, path=((digest, sum_fen + 1), *rest))),
        ("two neighbours' sums exchanged", with_own(proof, path=tuple(swapped))),
        ("two neighbours exchanged", with_own(proof, path=(own.path[1], own.path[0], own.path[2]))),
        ("a neighbour's hash changed", with_own(proof, path=((bytes(32), sum_fen), *rest))),
        ("at the neighbour's place", with_own(proof, index=own.index ^ 1)),
        ("at a place in the other half", with_own(proof, index=4)),
        ("another household's name", with_own(proof, household=other.household)),
        ("another household's salt", with_own(proof, salt=other.salt)),
        ("another household's path", replace(proof, balance=replace(own, index=other.index, path=other.path))),
        ("last month's leaf", replace(proof, balance=make(7, month="2026-09").proof(2).balance)),
        ("of another month", changed(proof, month="2026-11")),
        ("of another compound", changed(proof, origin="长吴街道/C0002")),
        ("another total", changed(proof, total_fen=total_fen + 1)),
        ("another root", changed(proof, households_root=bytes(32))),
        ("one household alone, a fen more", with_own(make(1).proof(0), balance_fen=5_000_001)),
        ("unseen mark U+FEFF before the household", with_own(proof, household="\ufeff" + own.household)),
        ("unseen mark U+200B after the household", with_own(proof, household=own.household + "\u200b")),
        ("nothing signed, either", replace(with_own(proof, index=3), signed=replace(proof.signed, signatures=()))),
    ):  # fmt: skip
        yield name, (resigned(bad) if bad.signed.signatures else bad).code(), "not_in_total"
    yield "another household, under old signatures", with_own(proof, household="x").code(), "not_in_total"
