"""A household's proof: how large, how long to make, how long to verify in Python and on the owner's page.

    python benchmarks/household_proofs.py [--households 1176,20000] [--keys 300] [--proofs 200] [--rounds 3]

Each proof holds the office's signature and four parties'. The verifier believes `--keys` keys, as many as a district
has. The peers: a plain RFC 6962 tree of as many leaves, without sums and names; the Ed25519 verifications alone, by
cryptography; and, for the page's JavaScript under node, the verifier in Python.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiezhang.domain.history import note
from jiezhang.domain.history.checkpoint import Checkpoint, SignedCheckpoint
from jiezhang.domain.history.household_proof import HouseholdProof, verify
from jiezhang.domain.history.merkle import Tree, verify_inclusion
from jiezhang.domain.history.sum_tree import SumTree
from jiezhang.domain.history.trust import Cosigner, Trust, TrustedKey, as_json

STREET, COMPOUND, MONTH = "示例区云溪街道办事处", "C0007", "2026-10"
ORIGIN = f"{STREET}/{COMPOUND}"
PARTIES: dict[Cosigner, str] = {"auditor": "A01", "bank": "B01", "owners": f"{COMPOUND}R1", "community": "S01"}
SEEN = 1_793_500_000
BYTES_MAX, SECONDS_MAX = 1500, 0.050
JS = Path(__file__).parents[1] / "tests" / "js" / "check_lines.mjs"


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def public_of(name: str) -> bytes:
    return key_of(name).public_key().public_bytes_raw()


def trust_of(keys: int) -> Trust:
    """The office, the four parties, and owners' representatives of other compounds, whose keys stand before theirs."""
    others = [f"R{number:03d}" for number in range(keys - len(PARTIES) - 1)]
    rows = [TrustedKey(party="owners", name=name, public=public_of(name).hex()) for name in others]
    rows += [TrustedKey(party=party, name=name, public=public_of(name).hex()) for party, name in PARTIES.items()]
    return Trust(street=STREET, keys=(TrustedKey(party="office", name="K02", public=public_of("K02").hex()), *rows))


def signed(tree: SumTree) -> SignedCheckpoint:
    """The tree's checkpoint with every signature."""
    digest, total_fen = tree.root
    made = Checkpoint(ORIGIN, 4321, sha256(b"vouchers").digest(), MONTH, sha256(b"figures").digest(), tree.count,
                      total_fen, digest)  # fmt: skip
    body = made.body()
    found = [note.sign(body, ORIGIN, public_of("K02"), key_of("K02").sign)]
    found += [
        note.sign(body, f"{STREET}/{name}", public_of(name), key_of(name).sign, SEEN) for name in PARTIES.values()
    ]
    return SignedCheckpoint(made, note.ordered(found))


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The median of processor time."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return median(took)


def page_seconds(codes: Sequence[str], trust: Trust, rounds: int) -> float:
    """Processor time that node takes to verify all of `codes` as the page does, its own start included."""
    lines = "".join(line + "\n" for line in (json.dumps(json.loads(as_json(trust))), *codes))
    took = []
    for _ in range(rounds):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(["node", str(JS)], input=lines, capture_output=True, text=True, check=True)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
        assert done.stdout.split() == ["ok"] * len(codes)
    return median(took)


def within(figure: float, most: float) -> str:
    return "kept" if figure < most else "BROKEN"


def show(name: str, ours: float, peer: str, theirs: float, count: int) -> None:
    print(f"  {name:40}{ours / count * 1000:9.3f} ms   ratio {ours / theirs:6.2f} to {peer}")


def of_size(count: int, trust: Trust, proofs: int, rounds: int) -> None:
    """The figures of a compound with so many households."""
    chance = Random(2026)
    balances = {f"{1 + at // 98:03d}-2-{101 + at % 98}": chance.randrange(50_000_00) for at in range(count)}
    secret, leaves = sha256(b"salt").digest(), [sha256(name.encode()).digest() for name in balances]
    tree, plain = SumTree.of(secret, COMPOUND, MONTH, balances), Tree.over(leaves)
    under = signed(tree)
    made = {name: HouseholdProof(under, tree.proof(name)) for name in balances}
    sizes = [len(one.to_bytes()) for one in made.values()]
    letters = max(len(one.code()) for one in made.values())
    bare = max(len(plain.inclusion(at)) for at in range(count)) * 32 + 32
    print(f"{count:,} households, office and {len(PARTIES)} signatures, {len(trust.keys)} keys trusted")
    print(f"  {min(sizes)} to {max(sizes)} bytes (below {BYTES_MAX}: {within(max(sizes), BYTES_MAX)}), {letters} "
          f"letters; ratio {max(sizes) / bare:.2f} to leaf and path of RFC 6962, {bare} bytes")  # fmt: skip
    some = chance.sample(sorted(balances), min(proofs, count))
    show("the tree", seconds(lambda: SumTree.of(secret, COMPOUND, MONTH, balances), rounds), "RFC 6962's tree",
         seconds(lambda: Tree.over(leaves), rounds), 1)  # fmt: skip
    show("a proof from the tree", seconds(lambda: [HouseholdProof(under, tree.proof(n)).code() for n in some], rounds),
         "RFC 6962's path", seconds(lambda: [plain.inclusion(tree.places[n]) for n in some], rounds), len(some))
    verified(some, [made[name].code() for name in some], plain, under, trust, rounds)


def verified(
    some: Sequence[str], codes: Sequence[str], plain: Tree, under: SignedCheckpoint, trust: Trust, rounds: int
) -> None:
    """How long the proofs take to verify, here and on the page."""
    body = under.checkpoint.body()
    keys = [key for one in under.signatures if (key := trust.key_of(ORIGIN, one)) is not None]
    pairs = [(one, bytes.fromhex(key.public)) for one, key in zip(under.signatures, keys, strict=True)]
    root, paths = plain.root(), [(at, plain.inclusion(at)) for at in range(len(some))]

    def signatures() -> None:
        assert all(note.is_signed(body, one, public) for _ in codes for one, public in pairs)

    def inclusions() -> None:
        assert all(verify_inclusion(plain.levels[0][at], at, plain.size, path, root) for at, path in paths)

    def ours() -> None:
        assert all(verify(code, trust).result == "ok" for code in codes)

    took, alone = seconds(ours, rounds), seconds(signatures, rounds)
    show("verified in Python", took, "the signatures, by cryptography", alone, len(codes))
    show("", took, "the signatures and RFC 6962's path", alone + seconds(inclusions, rounds), len(codes))
    if shutil.which("node") is None:
        print("  there is no node: the page's verifier is not measured")
        return
    start = page_seconds([], trust, rounds)
    first = page_seconds(codes[:1], trust, rounds) - start
    page = page_seconds(codes, trust, rounds) - start
    show("verified by the page, the first one", first, "Python", took / len(codes), 1)
    show("verified by the page, each of many", page, "Python", took, len(codes))
    slowest = max(took / len(codes), first)
    print(f"  the slowest {slowest * 1000:.1f} ms (below {SECONDS_MAX * 1000:.0f} ms: {within(slowest, SECONDS_MAX)})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", default="1176,20000")
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--proofs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    trust = trust_of(given.keys)
    for count in given.households.split(","):
        of_size(int(count), trust, given.proofs, given.rounds)


if __name__ == "__main__":
    main()
