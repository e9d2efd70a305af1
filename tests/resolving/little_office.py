"""A made-up street whose procedure has every kind of step, and a small language to walk it: a person, a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from jiezhang.book.create import create_compound, create_street
from jiezhang.book.layout import StreetFolder
from jiezhang.cli.main import main
from jiezhang.domain.register import Person, Street
from tests.conftest import new_compound

PEOPLE = (
    Person(id="K01", name="代理会计", roles=("bookkeeper",)),
    Person(id="F01", name="街道复核员", roles=("reviewer",)),
    Person(id="T01", name="街道负责人", roles=("street_head",)),
    Person(id="J01", name="街道经办", roles=("street",)),
    Person(id="S01", name="社区主任", roles=("community",)),
    Person(id="S02", name="社区副主任", roles=("community",)),
    Person(id="Z01", name="支部书记", roles=("branch",), compounds=("C0007",)),
    Person(id="Y01", name="业委会主任", roles=("committee",), compounds=("C0007",)),
    Person(id="Y02", name="业委会副主任", roles=("committee",), compounds=("C0007",)),
    Person(id="Y03", name="业委会委员", roles=("committee",), compounds=("C0007",)),
)

PROCEDURE = """code = "little"
name = "小程序"
source = "本街道办法（虚构）"
verified = false
matters = ["fund_use", "other"]
payment_seals = ["assembly", "committee"]

[[steps]]
code = "propose"
title = "业委会提议"
kind = "propose"
by = ["committee"]
article = "办法第1条"

[[steps]]
code = "branch"
title = "党支部审议"
kind = "review"
by = ["branch"]
within_days = 30
article = "办法第2条"

[[steps]]
code = "bids"
title = "比选"
kind = "bids"
article = "办法第3条"

[[steps]]
code = "committee"
title = "业委会决议"
kind = "review"
majority_of = "committee"
article = "办法第4条"

[[steps]]
code = "vote"
title = "业主表决"
kind = "vote"
article = "民法典第278条"

[[steps]]
code = "notice"
title = "公开"
kind = "publication"
by = ["committee"]
days_min = 7
article = "办法第5条"

[[steps]]
code = "filing"
title = "备案"
kind = "filing"
by = ["street"]
article = "办法第6条"

[[steps]]
code = "seals"
title = "用印"
kind = "seal"
seals = ["assembly", "committee"]
article = "办法第7条"

[[steps]]
code = "execute"
title = "执行"
kind = "execute"
article = "办法第8条"

[[steps]]
code = "acceptance"
title = "验收"
kind = "duty"
by = ["committee"]
within_days = 60
article = "办法第9条"

[[steps]]
code = "result"
title = "公开结果"
kind = "publication"
by = ["committee"]
days_min = 15
article = "办法第10条"
"""

BIDDERS = {
    "甲防水公司": ("9000.00", "a" * 16),
    "乙防水公司": ("9500.00", "b" * 16),
    "丙防水公司": ("9900.00", "c" * 16),
}


@dataclass(slots=True)
class Office:
    """A street being worked in; `keys` are private key files by seal."""

    path: Path
    keys: dict[str, Path] = field(default_factory=dict)

    def run(self, who: str, *words: str) -> Result:
        return CliRunner().invoke(main, ["-C", str(self.path), "--as", who, *words], prog_name="jiezhang")

    def do(self, who: str, *words: str) -> str:
        """What a command prints; it must succeed."""
        done = self.run(who, *words)
        assert done.exit_code == 0, (words, done.output, done.exception)
        return done.stdout

    def refused(self, who: str, *words: str) -> str:
        """The sentence by which a command is refused; nothing in the street may have changed."""
        before = self.files()
        done = self.run(who, *words)
        assert done.exit_code == 2, (words, done.output, done.exception)
        assert self.files() == before
        return done.stderr.strip()

    def on(self, who: str, day: str, *words: str) -> str:
        """`do` for a command about R1 of the compound on a day of 2025."""
        return self.do(who, *self.about(day, *words))

    def about(self, day: str, *words: str) -> list[str]:
        at = 1 if words[0] == "vote" else 2
        return [*words[:at], "R1", *words[at:], "--compound", "C0007", "--on", f"2025-{day}"]

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }

    @property
    def compound(self) -> Path:
        return StreetFolder(self.path).compound("C0007").path

    def key(self, name: str, *, p256: bool = False) -> tuple[Path, str]:
        """A new private key, and its public half."""
        file = self.path.parent / f"{name}.pem"
        return file, self.do("K01", "seal", "key", str(file), *(["--p256"] if p256 else [])).strip()

    def enrol(self, seal: str, keeper: str, name: str, day: str, *more: str, p256: bool = False) -> Path:
        file, public = self.key(name, p256=p256)
        words = ["--compound", "C0007", "--seal", seal, "--keeper", keeper, "--public", public]
        self.do("K01", "seal", "enrol", *words, "--on", f"2025-{day}", *more)
        self.keys[seal] = file
        return file

    def ballots(self, choices: dict[str, str]) -> Path:
        file = self.path.parent / "表决票.csv"
        file.write_text("dwelling,choice\n" + "".join(f"{code},{said}\n" for code, said in choices.items()), "utf-8")
        return file


def make_office(place: Path) -> Office:
    """The street with one compound, both seals' keys registered, no resolution yet."""
    street = create_street(place / "street", Street(name="长吴街道", city="hangzhou", people=PEOPLE))
    (street.path / "procedures").mkdir()
    (street.path / "procedures/little.toml").write_text(PROCEDURE, "utf-8")
    office = Office(street.path)
    office.do("F01", "packs", "propose", "procedures/little", "--reason", "本街道办法")
    office.do("T01", "packs", "approve", "procedures/little")
    new = new_compound()
    started = new.compound.model_copy(update={"start": date(2025, 1, 1)})
    create_compound(
        street, type(new)(started, new.accounts, new.opening, new.dwellings, new.buildings, new.household_opening)
    )
    office.enrol("assembly", "S01", "大会章", "02-01")
    office.enrol("committee", "Y01", "委员会章", "02-01", p256=True)
    return office


NEW = (
    "--procedure", "little", "--title", "屋面防水", "--matter", "fund_use", "--fund", "W", "--subjects", "5001",
    "--budget", "10000", "--scope", "building:01", "--starts", "2025-03-01", "--ends", "2025-12-31",
)  # fmt: skip
ALL_AGREE = {"01-1-101": "agree", "01-1-102": "同意", "01-1-201": "agree", "01-1-202": ""}


def propose(office: Office) -> None:
    office.on("Y01", "03-01", "resolve", "new", *NEW)


def review(office: Office) -> None:
    office.on("Z01", "03-05", "resolve", "stage", "--opinion", "同意立项")


def hand_in(office: Office) -> None:
    for supplier, (price, nonce) in BIDDERS.items():
        said = office.do(
            "K01", "resolve", "bid-seal", "R1", "--supplier", supplier, "--price", price, "--nonce", nonce
        )
        sealed = said.split("：")[1].split()[0]
        office.on("K01", "03-06", "resolve", "bid", "--supplier", supplier, "--sealed", sealed)


def open_bids(office: Office) -> None:
    for supplier, (price, nonce) in BIDDERS.items():
        words = ["--supplier", supplier, "--price", price, "--nonce", nonce]
        office.on("K01", "03-10", "resolve", "open-bid", *words)


def resolve(office: Office) -> None:
    office.on("Y01", "03-11", "resolve", "stage", "--by", "Y01,Y02", "--supplier", "甲防水公司")


def vote(office: Office) -> None:
    office.on("K01", "03-20", "vote", "--ballots", str(office.ballots(ALL_AGREE)))


def publish(office: Office) -> None:
    office.on("Y01", "03-21", "resolve", "publish", "--until", "2025-03-27", "--place", "各单元门口")


def register(office: Office) -> None:
    office.on("J01", "03-28", "resolve", "file", "--number", "长备〔2025〕3号")


def seal(office: Office, day: str = "03-29", *payment: str) -> None:
    for name in ("assembly", "committee"):
        office.on("K01", day, "seal", "set", "--seal", name, "--key", str(office.keys[name]), *payment)


STORY = (propose, review, hand_in, open_bids, resolve, vote, publish, register, seal)


def walk(office: Office, until: int = len(STORY)) -> Office:
    """The first `until` acts of the story."""
    for act in STORY[:until]:
        act(office)
    return office
