"""Which queries may reach Fava's query shell.

The shell of Fava 1.30.16 is beanquery's own: `.output PATH` empties any file the process can write, `CREATE TABLE …
USING` opens any file it can read, and both come by GET. So only queries that read the ledger are let through.
"""

from __future__ import annotations

import re
from functools import lru_cache

from beanquery.parser import ParseError, ast, parse

LENGTH_MAX = 2000

_READING = (ast.Select, ast.Balances, ast.Journal, ast.Print)
_FIRST_WORDS = {"select", "balances", "journal", "print"}
_RUN = re.compile(r"run(\s+[^\s;'\"\\]+|\s+\"[^;\"\\]+\"|\s+'[^;'\\]+')?[\s;]*", re.IGNORECASE)
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
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
    try:
        statement = parse(text)
    except ParseError:
        return ""
    return "" if isinstance(statement, _READING) else "这条查询不只是读取账簿，不予执行"


def is_run(query: str) -> bool:
    """Whether `query` runs one stored in the books, or lists them."""
    return _RUN.fullmatch(query.strip()) is not None
