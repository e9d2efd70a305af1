"""Which queries may reach Fava's query shell.

The shell of Fava 1.30.16 is beanquery's own: `.output PATH` empties any file the process can write, `CREATE TABLE …
USING` opens any file it can read, and both come by GET. So only queries that read the ledger are let through.
"""

from __future__ import annotations

import re
from functools import lru_cache

from beanquery.parser import ParseError, ast, parse

LENGTH_MAX = 2000
SELECTS_MAX, COLUMNS_MAX = 10, 50
"""More of the first take seconds to parse, more of the second hundreds of MB to answer."""

_READING = (ast.Select, ast.Balances, ast.Journal, ast.Print)
_FIRST_WORDS = {"select", "balances", "journal", "print"}
_RUN = re.compile(r"run(\s+[^\s;'\"\\]+|\s+\"[^;\"\\]+\"|\s+'[^;'\\]+')?[\s;]*", re.IGNORECASE)
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_SELECT = re.compile(r"\bselect\b", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@lru_cache(maxsize=1024)
def refusal(query: str) -> str:
    """Why `query` may not be run, as a sentence; an empty string when it may.

    Asked at the door and again before the shell, hence the cache. A query that cannot be parsed passes when it begins
    like a reading one: the shell then says what is wrong with it.
    """
    text = query.strip()
    if len(query) > LENGTH_MAX:
        return f"查询太长，最多 {LENGTH_MAX} 个字"
    if not text or is_run(text):
        return ""
    word = re.match(r"[A-Za-z]*", text)
    if word is None or word[0].lower() not in _FIRST_WORDS or _INVISIBLE.search(text):
        return "只能用 SELECT、BALANCES、JOURNAL、PRINT 或 RUN 查询"
    if ";" in _STRING.sub("", text).rstrip("; \t\r\n"):
        return "一次只能执行一条查询"
    if len(_SELECT.findall(_STRING.sub("", text))) > SELECTS_MAX:
        return f"一条查询里最多写 {SELECTS_MAX} 个 SELECT"
    try:
        return _refusal_of(parse(text))
    except ParseError:
        return ""
    except RecursionError:
        return "查询的括号或条件套得太深"


def _refusal_of(statement: ast.Node) -> str:
    if not isinstance(statement, _READING):
        return "这条查询不只是读取账簿，不予执行"
    if any(isinstance(one, ast.Select) and _columns(one) > COLUMNS_MAX for one in statement.walk()):
        return f"一次最多查 {COLUMNS_MAX} 栏"
    return "查询里不能用 decimal，round 只能取 0 到 9 位小数" if any(map(_is_costly, statement.walk())) else ""


def _columns(select: ast.Select) -> int:
    return len(select.targets) if isinstance(select.targets, list) else 0


def _is_costly(node: object) -> bool:
    """Whether a function makes a number of any length out of a short text, and stops everything while it does."""
    if not isinstance(node, ast.Function):
        return False
    digits = node.operands[1:]
    written = all(isinstance(one, ast.Constant) and one.value in range(10) for one in digits)
    return node.fname == "decimal" or (node.fname == "round" and not written)


def is_run(query: str) -> bool:
    """Whether `query` runs one stored in the books, or lists them."""
    return _RUN.fullmatch(query.strip()) is not None
