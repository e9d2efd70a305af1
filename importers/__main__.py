"""`python -m importers FILE...`: what each statement file is and whether it proves itself."""

from __future__ import annotations

import sys
from decimal import Decimal

from jiezhang.domain.money import show
from jiezhang.domain.problem import Refused

from .registry import read_statements


def describe(path: str) -> tuple[list[str], bool]:
    """Lines for one file, `file layout rows verdict`, tab-separated, and whether it was proven."""
    name = path.rpartition("/")[2]
    try:
        statements = read_statements(path)
    except Refused as refused:
        return [f"{name}\t-\t-\t拒绝：{refused}"], False
    return [
        f"{name}\t{s.layout}\t{len(s.rows)}\t已核对：账号 {s.account_no or '无'}，期末余额 {_shown(s.closing)}"
        for s in statements
    ], True


def _shown(amount: Decimal | None) -> str:
    return "无" if amount is None else show(amount)


def main(paths: list[str]) -> int:
    """Print a table; 0 when every file is proven, 1 otherwise, 2 without files."""
    if not paths:
        sys.stderr.write("用法：python -m importers 文件…\n")
        return 2
    all_proven = True
    for path in paths:
        lines, proven = describe(path)
        all_proven = all_proven and proven
        sys.stdout.write("\n".join(lines) + "\n")
    return 0 if all_proven else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
