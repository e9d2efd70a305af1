"""Ledgers of a little fund in short words, and their replay."""

from __future__ import annotations

import datetime as dt
import hashlib
from textwrap import dedent

from beancount.core import data
from beancount.parser import parser
from little_fund import dwelling

from jiezhang.households.batch import write_batch
from jiezhang.households.from_ledger import events_from_ledger
from jiezhang.households.identity import identity
from jiezhang.households.replay import apply
from jiezhang.households.state import Households, new_households

HOMES = [
    dwelling("B01-1-101"), dwelling("B01-1-102"), dwelling("B01-2-101", "50.00"),
    dwelling("B02-1-101", "60.00", nature="public"), dwelling("B02-1-102", "40.00", status="unsold"),
]
OPENING = (("B01-1-101", 100_000), ("B01-1-102", 100_000), ("B01-2-101", 50_000), ("B02-1-101", 20_000),
           ("B02/S", 30_000))
FIRST = dict(OPENING)
SHORT = {
    "BANK": "Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417",
    "CASH": "Assets:C0007长吴公寓:W维修资金:1201备用金",
    "BOND": "Assets:C0007长吴公寓:W维修资金:1101国债投资",
    "OWED": "Liabilities:C0007长吴公寓:W维修资金:2001应付房屋灭失返还资金",
    "WAIT": "Liabilities:C0007长吴公寓:W维修资金:2999待查款项",
    "OWN": "Equity:C0007长吴公寓:W维修资金:3001商品住宅维修资金",
    "PUB": "Equity:C0007长吴公寓:W维修资金:3002已售公有住房维修资金",
    "YIELD": "Equity:C0007长吴公寓:W维修资金:3101待分配累计收益",
    "PAID": "Income:C0007长吴公寓:W维修资金:4001交存",
    "INT": "Income:C0007长吴公寓:W维修资金:4101存款利息",
    "BINT": "Income:C0007长吴公寓:W维修资金:4102国债利息",
    "BIZ": "Income:C0007长吴公寓:W维修资金:4201经营",
    "REP": "Expenses:C0007长吴公寓:W维修资金:5001维修",
    "LOST": "Expenses:C0007长吴公寓:W维修资金:5101返还",
    "G-OUT": "Expenses:C0007长吴公寓:G公共收益:5201转入维修资金",
    "G-BANK": "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021",
}
BATCHES = {"opening.csv": write_batch(OPENING), "two.csv": b"dwelling,amount\nB01-1-101,10.00\nB01-1-102,5.00\n"}
SHA = {name: hashlib.sha256(content).hexdigest() for name, content in BATCHES.items()}

START = f"""
    2026-01-01 * "期初"
      opening: TRUE
      batch: "opening.csv"
      batch-sha256: "{SHA['opening.csv']}"
      BANK  3100.00 CNY
      OWN:B01  -2500.00 CNY
      PUB:B02   -500.00 CNY
      YIELD     -100.00 CNY
    """


def entries(ledger: str) -> list[data.Directive]:
    """A ledger in short words: `BANK`, `OWN:B01` …"""
    lines = []
    for line in dedent(ledger).splitlines():
        word = line.strip().partition(" ")[0].partition(":")[0]
        lines.append(line.replace(word, SHORT.get(word, word), 1) if word else line)
    found, errors, _ = parser.parse_string("\n".join(lines))
    assert not errors
    return list(found)


def replayed(ledger: str, state: Households | None = None) -> Households:
    state = state or new_households(HOMES, dt.date(2026, 1, 1), FIRST)
    for event in events_from_ledger(entries(ledger), BATCHES):
        state = apply(state, event)
        assert identity(state).holds
    return state


def balances(state: Households) -> str:
    return " ".join(f"{fen}" for fen in state.balance_fen.tolist())
