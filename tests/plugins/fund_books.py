"""One compound's books with a maintenance fund, in short words, and the folder they are written to."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from beancount import loader
from beancount.parser import parser

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder
from jiezhang.domain.household_events import RepairApportioned, YieldDistribution
from jiezhang.domain.problem import Refused
from jiezhang.households.batch import shares_digest
from jiezhang.households.fund import replay_fund

HEAD = """
option "title" "C0007长吴公寓"
option "tolerance_multiplier" "0"
plugin "plugins.{plugin}"
"""

SHORT = {
    "BANK": "Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417",
    "CASH": "Assets:C0007长吴公寓:W维修资金:1201备用金",
    "BOND": "Assets:C0007长吴公寓:W维修资金:1101国债投资",
    "OWED": "Liabilities:C0007长吴公寓:W维修资金:2001应付房屋灭失返还资金",
    "OWN": "Equity:C0007长吴公寓:W维修资金:3001商品住宅维修资金",
    "PUB": "Equity:C0007长吴公寓:W维修资金:3002已售公有住房维修资金",
    "YIELD": "Equity:C0007长吴公寓:W维修资金:3101待分配累计收益",
    "PAID": "Income:C0007长吴公寓:W维修资金:4001交存",
    "INT": "Income:C0007长吴公寓:W维修资金:4101存款利息",
    "BINT": "Income:C0007长吴公寓:W维修资金:4102国债利息",
    "GAIN": "Income:C0007长吴公寓:W维修资金:4901其他",
    "BIZ": "Income:C0007长吴公寓:W维修资金:4201经营",
    "GBANK": "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021",
    "GGIVE": "Expenses:C0007长吴公寓:G公共收益:5201转入维修资金",
    "REP": "Expenses:C0007长吴公寓:W维修资金:5001维修",
    "LOST": "Expenses:C0007长吴公寓:W维修资金:5101返还",
    "OTHER": "Expenses:C0007长吴公寓:W维修资金:5901其他",
}

LEDGER = """
2026-01-01 * "期初余额"
  opening: TRUE
  batch: "batches/opening.csv"
  batch-sha256: "DIGEST"
  BANK  3000.00 CNY
  BOND   100.00 CNY
  OWN:01  -2000.00 CNY
  OWN:02   -500.00 CNY
  PUB:02   -400.00 CNY
  YIELD    -200.00 CNY

2026-01-02 * "分配累计收益"
  apportion: "compound"
  basis: "jishu"
  shares-sha256: "SHARES"
  apportion-total: 29.00
  YIELD    29.00 CNY
  OWN:01  -20.00 CNY
  OWN:02   -5.00 CNY
  PUB:02   -4.00 CNY

2026-02-01 * "续交"
  voucher: "记-0001"
  household: "01-1-101"
  BANK    100.00 CNY
  PAID:01 -100.00 CNY

2026-02-02 * "更正 2026-02/记-0001"
  correction: "2026-02/记-0001"
  deposit: "top-up"
  correction-total: 10.00
  OWN:01   10.00 CNY
    household: "01-1-101"
  PUB:02  -10.00 CNY
    household: "02-1-101"

2026-03-02 * "示例防水公司" "屋面，预付"
  project: "XM1"
  apportion: "building:01"
  basis: "area"
  shares-sha256: "SHARES"
  apportion-total: 30.00
  paid-outside: 10.00
  REP:01   20.00 CNY
  BANK    -20.00 CNY

2026-04-01 * "买国债"
  bond: "GZ2"
  bond-kind: "treasury"
  bond-market: "primary"
  bond-matures: 2027-04-01
  BOND   50.00 CNY
  BANK  -50.00 CNY

2026-06-02 * "示例防水公司" "屋面，验收后付清"
  project: "XM1"
  apportion: "building:01"
  basis: "area"
  shares-sha256: "SHARES"
  apportion-total: 120.00
  paid-outside: 40.00
  REP:01   80.00 CNY
  BANK    -80.00 CNY

2026-10-02 * "国债到期"
  bond: "GZ1"
  BANK   103.00 CNY
  BOND  -100.00 CNY
  BINT    -3.00 CNY

2026-10-03 * "印制专用票据"
  OTHER    1.00 CNY
  BANK    -1.00 CNY

2026-11-02 * "房屋灭失应返还"
  household: "02-1-102"
  LOST:02   505.00 CNY
  OWED     -505.00 CNY
"""

FILES = {
    "ledger": LEDGER,
    "batch": """dwelling,amount
01-1-101,1000.00
01-1-102,1000.00
02-1-101,200.00
02-1-102,500.00
02/S,200.00
""",
    "compound": """code = "C0007"
name = "长吴公寓"
community = "SQ01"
kind = "commercial"
start = 2026-01-01
""",
    "dwellings": """code,building,stair,room,area_m2,nature,status,first_deposit_yuan
01-1-101,01,1,101,100.00,commercial,sold,3000.00
01-1-102,01,1,102,100.00,commercial,sold,3000.00
01-1-103,01,1,103,100.00,commercial,unsold,0.00
02-1-101,02,1,101,50.00,public,sold,600.00
02-1-102,02,1,102,50.00,commercial,sold,1500.00
""",
    "buildings": """code,dwellings,area_m2,first_deposit_yuan,seller_deposit_yuan
01,3,300.00,6000.00,0.00
02,2,100.00,2100.00,900.00
""",
    "changes": """code,date,kind,dwellings,into,owner,note
BG1,2026-11-01,loss,02-1-102,,,
""",
    "projects": """code,name,scope,object,cause,warranty_until,budget_yuan,decision,decided,contractor,contract,\
prepay_percent,accepted
XM1,屋面防水,building:01,roof,wear,2020-12-31,150.00,业主大会2026-1号,2026-03-01,示例防水公司,HT-1,\
20,2026-06-01
""",
    "bonds": """code,kind,market,matures,decision,opening_cost_yuan
GZ1,treasury,primary,2026-10-01,业主大会2025-1号,100.00
GZ2,treasury,primary,2027-04-01,业主大会2026-2号,0.00
""",
}


def changed(files: dict[str, str], where: str, change: str) -> dict[str, str]:
    """`files` after `old|new`, then perhaps `|+more`; the first place is meant, none missing."""
    files = dict(files)
    if not change.startswith("+"):
        old, new, *more = change.split("|")
        assert old in files[where], old
        files[where] = files[where].replace(old, new, 1)
        change = more[0] if more else ""
    files[where] += change[1:]
    return files


def write(folder: Path, plugin: str, files: dict[str, str], shares: dict[str, str] | None = None) -> Path:
    """The books as files; `shares` are digests of vouchers shared by rule, by narration, computed when not given."""
    ledger = HEAD.format(plugin=plugin) + files["ledger"]
    ledger = ledger.replace("DIGEST", hashlib.sha256(files["batch"].encode()).hexdigest())
    for short, full in SHORT.items():
        ledger = re.sub(rf"(?<=[ \n]){short}(?=[ :])", full, ledger)
    for account in sorted(set(re.findall(r"^  ([A-Z]\S+) +-?[0-9]", ledger, re.MULTILINE))):
        ledger += f"2026-01-01 open {account} CNY\n"
    (folder / "C0007/register").mkdir(parents=True)
    (folder / "C0007/batches").mkdir()
    (folder / "C0007/batches/opening.csv").write_text(files["batch"], "utf-8")
    (folder / "C0007/register/compound.toml").write_text(files["compound"], "utf-8")
    for name in ("dwellings", "buildings", "changes", "projects", "bonds"):
        (folder / f"C0007/register/{name}.csv").write_text(files[name], "utf-8")
    main = folder / "C0007/main.beancount"
    main.write_text(_with_shares(ledger, digests(main.parent, ledger) if shares is None else shares), "utf-8")
    return main


def digests(folder: Path, ledger: str) -> dict[str, str]:
    """What the rules give everybody in `ledger`, as posting would write it, by narration."""
    entries, _, _ = parser.parse_string(re.sub(r"  shares-sha256.*\n", "", ledger))
    try:
        replayed = replay_fund(read_fund_files(CompoundFolder(folder)), entries)
    except Refused:
        return {}  # the register contradicts itself: there is nothing to share
    codes = replayed.state.roll.codes.tolist()
    return {
        booked.entry.narration: shares_digest(codes, booked.change_fen.tolist())
        for booked in replayed.journal
        if booked.entry is not None and isinstance(booked.event, RepairApportioned | YieldDistribution)
    }


def _with_shares(ledger: str, shares: dict[str, str]) -> str:
    said = ""
    lines = []
    for line in ledger.splitlines():
        said = line.rpartition(' "')[2].rstrip('"') if re.match(r"[0-9-]{10} [*!]", line) else said
        lines.append(line.replace("SHARES", shares.get(said, "0" * 64)))
    return "\n".join(lines) + "\n"


def findings(main: Path, plugin: str) -> list[str]:
    """What `plugin` says of the books, each at a line of them."""
    _, errors, _ = loader.load_file(str(main))
    ours = [error for error in errors if getattr(error, "rule", "") == plugin]
    assert all(Path(error.source["filename"]).is_relative_to(main.parent) for error in ours)
    assert all(error.source["lineno"] > 0 or "没有登记控制数" in error.message for error in ours)
    return [error.message for error in ours]
