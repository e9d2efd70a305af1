"""A payment without the owners' decision is refused by every path there is to the books: each is tried.

The books are the example street's; in its open month a contractor was paid something that nobody decided.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.book import pack_log, rulepacks
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.book.office_files import chain_bytes, read_chain
from jiezhang.cli.main import main
from jiezhang.domain.chain import Link, content_digest, next_head, posted_digest
from tests.conftest import snapshot
from tests.signed_in import client_as, open_app

EXAMPLE = Path(__file__).parents[2] / "ledgers" / "ganzhi"
CODE, NAME = "C0004", "C0004丁卯雅苑"
MONTH_FILE, BOOKED = f"{CODE}/2026/2026-10.beancount", f"{CODE}/2026/2026-09.beancount"
SUSPENSE = f"Liabilities:{NAME}:G公共收益:2999待查款项"
COST = f"Expenses:{NAME}:G公共收益:5102设施增设"
UNDECIDED = "付款 2,200.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"
KEY = "example-keys/K02.pem"


def jiezhang(street: Path, who: str, *words: str) -> Result:
    return CliRunner(env={"JIEZHANG_AS": who}).invoke(main, ["-C", str(street), *words], catch_exceptions=False)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """October imported, and everything completed but the undecided payment."""
    street = tmp_path_factory.mktemp("example") / "street"
    shutil.copytree(EXAMPLE, street)
    assert jiezhang(street, "K01", "import").exit_code == 0
    assert jiezhang(street, "K01", "complete", str(street / "completions/2026-10.csv")).exit_code == 0
    return street


@pytest.fixture
def street(imported: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "street"
    shutil.copytree(imported, copy)
    return copy


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new, 1), "utf-8")


def undecided(street: Path) -> str:
    """The text of the row that nobody decided, as it waits."""
    text = (street / MONTH_FILE).read_text("utf-8")
    (found,) = [block for block in text.split("\n\n") if "-2200.00 CNY" in block and SUSPENSE in block]
    return found


def completed(row: str, more: str = "") -> str:
    """The same row as a person with an editor would complete it."""
    return row.replace(SUSPENSE, COST).replace("\n  Assets", f'\n  maker: "K01"\n  attachments: 1\n{more}  Assets', 1)


def ledger(street: Path) -> Ledger:
    return load_ledger(StreetFolder(street).compound(CODE), "hangzhou")


def found_by_check(street: Path) -> str:
    """What `check` says, whose exit code says that the books have errors."""
    checked = jiezhang(street, "T01", "check", "--compound", CODE)
    assert checked.exit_code == 1, checked.output
    return checked.output


def nothing_is_posted(street: Path) -> None:
    """Neither this compound nor the whole street is posted while the books have errors; and nothing changes."""
    jiezhang(street, "F01", "review", "2026-10")
    before = snapshot(street)
    for scope in (["--compound", CODE], []):
        assert jiezhang(street, "K02", "post", "2026-10", "--key", str(street / KEY), *scope).exit_code == 2
    assert snapshot(street) == before


def test_completing_it_is_refused(street: Path) -> None:
    before = snapshot(street)
    tried = jiezhang(street, "K01", "complete", str(street / "completions/refused.csv"))
    assert tried.exit_code == 2
    assert UNDECIDED in tried.output
    assert snapshot(street) == before


@pytest.mark.parametrize(
    ("resolution", "sentence"),
    [
        ("R2099-01", "决议 R2099-01 没有登记，不能支付（民法典第278条）"),
        ("S-03", "决议 S-03 只能用于科目 5101 5103 5106，不能用于 5102"),
        ("R2026-01", "决议 R2026-01 用的是资金 W，不能从 G 支付"),
    ],
)
def test_completing_it_under_another_decision_is_refused(street: Path, resolution: str, sentence: str) -> None:
    sheet = street / "completions/refused.csv"
    header, line = sheet.read_text("utf-8").splitlines()
    cells = line.split(",")
    cells[header.split(",").index("resolution")] = resolution
    sheet.write_text(f"{header}\n{','.join(cells)}\n", "utf-8")
    before = snapshot(street)
    tried = jiezhang(street, "K01", "complete", str(sheet))
    assert (tried.exit_code, sentence in tried.output) == (2, True), tried.output
    assert snapshot(street) == before


def test_editing_the_file_by_hand_is_found(street: Path) -> None:
    row = undecided(street)
    edit(street / MONTH_FILE, row, completed(row))
    assert UNDECIDED in found_by_check(street)
    nothing_is_posted(street)


def post_by_hand(street: Path, more: str = "") -> None:
    """As whoever knows the program: a numbered, reviewed voucher, and the chain made to fit, but for the signature."""
    row = undecided(street)
    told = '  reviewer: "F01"\n  voucher: "记-0001"\n  poster: "K02"\n  reviewed-sha256: "DIGEST"\n' + more
    edit(street / MONTH_FILE, row, completed(row, told).replace(" ! ", " * ", 1))
    entry = next(one for one in ledger(street).entries if getattr(one, "meta", {}).get("reviewed-sha256") == "DIGEST")
    edit(street / MONTH_FILE, "DIGEST", content_digest(entry))  # type: ignore[arg-type]
    books = ledger(street)
    voucher = next(one for one in books.entries if one.meta.get("voucher") == "记-0001" and one.date == entry.date)
    chain = list(read_chain(books.folder))
    digest = posted_digest(voucher)  # type: ignore[arg-type]
    head = next_head(chain[-1].head, "2026-10", "记-0001", digest, "K02")
    link = Link(number=len(chain) + 1, month="2026-10", voucher="记-0001", digest=digest, poster="K02", head=head)
    (street / CODE / "chain.csv").write_bytes(chain_bytes(books.folder, [link]))


def test_a_whole_voucher_written_by_hand_is_found_twice(street: Path) -> None:
    """It has no decision; and whoever wrote it does not have the poster's key."""
    post_by_hand(street)
    said = found_by_check(street)
    assert UNDECIDED in said
    assert re.search("K02.*没有签名|没有签名.*K02", said), said
    nothing_is_posted(street)


def test_a_decision_made_up_for_it_is_found(street: Path) -> None:
    """A resolution written by hand has no seal: nobody has the keeper's key."""
    added = f"""
2026-10-01 custom "resolution" "R2026-99" "four_steps"
  title: "门卫室装修"
  matter: "other"
  fund: "G"
  subjects: "5102"
  by: "{CODE}Y1"
  budget-yuan: 2200.00
  starts: 2026-10-01
  ends: 2026-12-31
  papers: ""

2026-10-02 custom "stage" "R2026-99" "branch_review"
  by: "{CODE}D1"
"""
    with (street / CODE / "resolutions.beancount").open("a", encoding="utf-8") as file:
        file.write(added)
    row = undecided(street)
    edit(street / MONTH_FILE, row, completed(row, '  resolution: "R2026-99"\n'))
    assert "决议 R2026-99 还没有办" in found_by_check(street)
    nothing_is_posted(street)


def test_fava_takes_it_by_no_door(street: Path) -> None:
    client = client_as(open_app(StreetFolder(street)), "K01")
    origin = {"Origin": "http://localhost", "Host": "localhost"}
    page = f"/{CODE.lower()}/extension/MonthPage/"
    text = client.get(f"{page}?month=2026-10").text
    version = text.partition('data-version="')[2].partition('"')[0]
    row = undecided(street)
    ref = row.partition('bank-ref: "')[2].partition('"')[0]
    account = row.partition("\n  Assets:")[2].partition(" ")[0]
    asked = {"account": f"Assets:{account}", "ref": ref, "other": COST, "narration": "门卫室装修"}
    body = {"month": "2026-10", "version": version, "rows": [asked]}
    before = snapshot(street)
    answer = client.post(f"{page}complete", json=body, headers=origin)
    assert (answer.status_code, answer.get_json()["message"]) == (422, UNDECIDED)
    for door in ("add_entries", "source", "source_slice"):
        taken = client.put(f"/{CODE.lower()}/api/{door}", json={"entries": [], "source": row}, headers=origin)
        assert taken.status_code == 403, door
    assert snapshot(street) == before


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_merged_branch_brings_it_in_and_is_found(street: Path) -> None:
    def git(*words: str) -> None:
        about = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(street), *about, *words], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "October")
    git("checkout", "-q", "-b", "other")
    post_by_hand(street)
    git("commit", "-q", "-a", "-m", "a voucher")
    git("checkout", "-q", "main")
    edit(street / "C0001/2026/2026-10.beancount", ";; 2026-10\n", ";; 2026-10\n;; 核对过\n")
    git("commit", "-q", "-a", "-m", "something else")
    git("merge", "-q", "--no-edit", "other")
    assert UNDECIDED in found_by_check(street)
    nothing_is_posted(street)


@dataclass(frozen=True)
class Register:
    """A file of the compound or street, what is changed in it, and what `check` says then."""

    name: str
    file: str
    change: Callable[[str], str]
    said: str


def _flip(text: str) -> str:
    return text.replace(",against", ",agree", 1) if ",against" in text else text.replace(",abstain", ",agree", 1)


REGISTERS = [
    Register("a budget raised in the decision", f"{CODE}/resolutions.beancount",
             lambda text: text.replace("budget-yuan: 22600.00", "budget-yuan: 92600.00"),
             "盖的不是这份决议现在的内容"),
    Register("another payee in the decision", f"{CODE}/resolutions.beancount",
             lambda text: re.sub('supplier: "[^"]+"', 'supplier: "张三装修队"', text, count=1), "张三装修队"),
    Register("a standing rule widened", f"{CODE}/resolutions.beancount",
             lambda text: text.replace('subjects: "5101 5103 5106"', 'subjects: "5101 5102 5103 5106"'),
             "盖的不是这份决议现在的内容"),
    Register("a ballot turned", f"{CODE}/votes/R2026-01.csv", _flip, "的表决票文件 votes/R2026-01.csv 登记以后有改动"),
    Register("a budget raised in the register of projects", f"{CODE}/register/projects.csv",
             lambda text: text.replace("22600.00", "92600.00", 1),
             "预算 92600.00 元与决议 R2026-01 的 22600.00 元不同"),
    Register("another decision in the register of projects", f"{CODE}/register/projects.csv",
             lambda text: text.replace("R2026-01", "R2099-01", 1), "不是维修项目 WX-2026-01 登记的“R2099-01”"),
    Register("another key for a seal", f"{CODE}/register/seals.csv",
             lambda text: re.sub("[0-9a-f]{64}", hashlib.sha256(b"x").hexdigest(), text, count=1), "签名与钥匙"),
    Register("a keeper's office taken away", "street.toml",
             lambda text: text.replace('roles = ["community"]', 'roles = ["owner"]', 1), "须由社区（居委会）"),
    Register("a link cut out of the chain", f"{CODE}/chain.csv",
             lambda text: "".join(line for place, line in enumerate(text.splitlines(True)) if place != 5), "凭证链在"),
    Register("a posted voucher", BOOKED,
             lambda text: text.replace("voucher: ", 'note-to-self: "x"\n  voucher: ', 1), "复核以后内容变了"),
    Register("who posted it", BOOKED,
             lambda text: text.replace('poster: "K02"', 'poster: "K01"', 1), "与过账时不同"),
]  # fmt: skip


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_an_edited_register_is_found(street: Path, register: Register) -> None:
    file = street / register.file
    before = file.read_text("utf-8")
    after = register.change(before)
    assert after != before
    file.write_text(after, "utf-8")
    assert register.said in found_by_check(street)
    nothing_is_posted(street)


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own packs, as whoever maintains the program could change them."""
    copy = tmp_path / "rules"
    shutil.copytree(rulepacks.shipped(), copy)
    for module in (rulepacks, pack_log):
        monkeypatch.setattr(module, "shipped", lambda: copy)
    return copy


@pytest.mark.parametrize(
    ("pack", "old", "new"),
    [
        ("national", 'key = "vote.other"\nvalue = ">1/2"', 'key = "vote.other"\nvalue = "≥1/100"'),
        ("hangzhou", 'key = "fund.over_budget_percent"\nvalue = 110', 'key = "fund.over_budget_percent"\nvalue = 900'),
        ("procedures/standing", "days_min = 7", "days_min = 1"),
    ],
)  # fmt: skip
def test_an_edited_rule_pack_stops_everything(street: Path, packs: Path, pack: str, old: str, new: str) -> None:
    edit(packs / f"{pack}.toml", old, new)
    said = f"规则包 {pack} 有改动，还没有经提出、批准两人办理，请用 jiezhang packs propose / approve"
    assert said in found_by_check(street)
    nothing_is_posted(street)
    tried = jiezhang(street, "K01", "complete", str(street / "completions/refused.csv"))
    assert (tried.exit_code, said in tried.output) == (2, True)


def test_a_procedure_of_ones_own_is_not_used_before_two_agreed(street: Path) -> None:
    (street / "procedures").mkdir()
    text = (rulepacks.shipped() / "procedures/standing.toml").read_text("utf-8")
    (street / "procedures/easy.toml").write_text(text.replace('code = "standing"', 'code = "easy"', 1), "utf-8")
    assert "规则包 procedures/easy 还没有采用" in found_by_check(street)
    nothing_is_posted(street)
