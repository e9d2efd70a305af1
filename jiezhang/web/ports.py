"""Ports that every browser refuses to open: a server there looks as if it were broken."""

from __future__ import annotations

import sys

from jiezhang.domain.problem import Refused

BLOCKED = frozenset(
    {
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104),
        *(109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515),
        *(526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049),
        *(3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    }
)
"""The bad ports of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking)."""


def refuse_port(port: int) -> None:
    """`Refused` for a port that no browser opens, or that is none; 0 asks for any that is free."""
    if not 0 <= port <= 65535:
        raise Refused(f"没有端口 {port}，请用 1 到 65535 里的数，如 5001")
    if port in BLOCKED:
        raise Refused(f"端口 {port} 浏览器不肯打开，请换一个，如 5001")


def main(given: str) -> int:
    """For `make demo`, before it does anything: the exit code, 2 with a sentence."""
    try:
        if not given.isdecimal():
            raise Refused(f"端口须是数字，如 5001，不是“{given}”")
        refuse_port(int(given))
    except Refused as refused:
        print(refused.message, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
