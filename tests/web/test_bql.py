"""Which queries reach the shell."""

from __future__ import annotations

import pytest

from jiezhang.domain.bql import COLUMNS_MAX, LENGTH_MAX, SELECTS_MAX, refusal

ONLY_READING = "只能用 SELECT、BALANCES、JOURNAL、PRINT 或 RUN 查询"
ONE = "一次只能执行一条查询"
MANY = f"一条查询里最多写 {SELECTS_MAX} 个 SELECT"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT account, sum(position) GROUP BY account", ""),
        ("  select date where narration ~ '电梯;广告' ;  ", ""),
        ("BALANCES FROM year = 2026", ""),
        ("journal 'Assets'", ""),
        ("print", ""),
        ("run", ""),
        ("RUN 月报;", ""),
        ("run '月 报'", ""),
        ("", ""),
        ("select from where", ""),  # the shell says what is wrong with it
        (".output /tmp/x", ONLY_READING),
        ("  .output /tmp/x", ONLY_READING),
        (".run x", ONLY_READING),
        ("?", ONLY_READING),
        ("!ls", ONLY_READING),
        ("output /tmp/x", ONLY_READING),
        ("set format csv", ONLY_READING),
        ("help", ONLY_READING),
        ("history", ONLY_READING),
        ("parse select 1", ONLY_READING),
        ("explain select 1", ONLY_READING),
        ("run a b", ONLY_READING),
        ("run a;.output x", ONLY_READING),
        ("CREATE TABLE t USING 'csv:/etc/passwd'", ONLY_READING),
        ("insert into t values (1)", ONLY_READING),
        ("/* select */ create table t using 'csv:/etc/passwd'", ONLY_READING),
        ("select 1\x00", ONLY_READING),
        ("select 1; select 2", ONE),
        ("select 1;\n.output /tmp/x", ONE),
        ("select ';'; .output x", ONE),
        ("select account where " + " or ".join(["id = any(select id)"] * (SELECTS_MAX - 1)), ""),
        ("select account where " + " or ".join(["id = any(SELECT id)"] * SELECTS_MAX), MANY),
        ("select account where narration = '" + "select " * 20 + "'", ""),
        ("select " + ", ".join(["id"] * COLUMNS_MAX), ""),
        ("select " + ", ".join(["id"] * (COLUMNS_MAX + 1)), f"一次最多查 {COLUMNS_MAX} 栏"),
        ("select id from (select " + ", ".join(["id"] * (COLUMNS_MAX + 1)) + ")", f"一次最多查 {COLUMNS_MAX} 栏"),
        ("select '" + "长" * LENGTH_MAX + "'", f"查询太长，最多 {LENGTH_MAX} 个字"),
    ],
)
def test_only_one_reading_query_passes(query: str, said: str) -> None:
    assert refusal(query) == said
