"""The office served to fifty signed-in people, beside stock Fava on the same ledger.

    python benchmarks/office_load.py [--compounds 255] [--dwellings 20] [--months 3] [--users 50] [--seconds 20]
                                     [--street FOLDER]

Printed: the first page of every compound cold, in the order of their codes, and the server's memory after all of them;
the street head's board; then the load, by wrk: each of its connections is one signed-in person who opens desks, boards,
months, vouchers and journals of the dozen compounds that are worked on, first as people do, who read a page for five
seconds on average before they open the next, then without a pause, which shows what the server can take. The peer is
stock Fava with one of the ledgers, asked without a pause for the same page as ours. `--street` takes a street that is
there already; it becomes a git repository.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.duties.may import may
from jiezhang.domain.period import Month
from jiezhang.office.accounts import Accounts
from jiezhang.office.home import open_home
from jiezhang.office.sessions import Sessions
from jiezhang.street.sampling import write_sample
from jiezhang.web.gate import COOKIE
from jiezhang.web.serving import utc_now

PAGE = "extension/MonthPage/"
SAME = "trial_balance/"
"""What ours and stock Fava are both asked for."""

_STOCK = """
import sys, waitress
from fava.application import create_app
waitress.serve(create_app([sys.argv[1]], load=True), host="127.0.0.1", port=int(sys.argv[2]), threads=12)
"""

_SCRIPT = """
local cookies, pages, threads = {COOKIES}, {PAGES}, {}
local count = 0
function setup(thread)
  count = count + 1
  thread:set("number", count)
end
function init(args)
  math.randomseed(2026 + number)
end
function request()
  local page = pages[math.random(#pages)]
  return wrk.format("GET", page, { ["Host"] = "localhost", ["Cookie"] = cookies[math.random(#cookies)] })
end
{PAUSE}
function done(summary, latency, requests)
  io.write(string.format("p50 %.1f p95 %.1f p99 %.1f requests %d errors %d\\n", latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, latency:percentile(99) / 1000, summary.requests,
    summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect))
end
"""


@contextmanager
def served(command: Sequence[str], port: int) -> Iterator[int]:
    """A server in a process of its own, from when it answers; gives its pid."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield process.pid
        finally:
            process.terminate()


def get(port: int, path: str, cookie: str = "") -> tuple[int, float]:
    """The status of a page, and how many milliseconds it took."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    start = time.perf_counter()
    connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, (time.perf_counter() - start) * 1000


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def memory_mb(pid: int, field: str) -> int:
    """`VmRSS` or `VmHWM` of a process."""
    found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) // 1024


def wrk(
    port: int, cookies: Sequence[str], pages: Sequence[str], users: int, seconds: int, scratch: Path, reads_ms: int = 0
) -> str:
    """What wrk measured; each connection asks again after `reads_ms` on average."""

    def listed(texts: Sequence[str]) -> str:
        return "{" + ",".join(f'"{text}"' for text in texts) + "}"

    script = scratch / "mix.lua"
    pause = f"function delay() return math.random(0, {2 * reads_ms}) end" if reads_ms else ""
    parts = {"{COOKIES}": listed(cookies), "{PAGES}": listed(pages), "{PAUSE}": pause}
    script.write_text(reduce(lambda text, part: text.replace(*part), parts.items(), _SCRIPT))
    command = ["wrk", "-t1", f"-c{users}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script)]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True)
    return next(line for line in done.stdout.splitlines() if line.startswith("p50"))


def cookies_for(street: StreetFolder, home: Path, users: int) -> list[str]:
    """Sessions of `users` browsers, of those who read the books; the street head's comes first."""
    opened = open_home(street, home)
    accounts, sessions = Accounts(opened), Sessions(opened)
    people = [one for one in read_street(street).people if may(one, "books", None) and not one.compounds]
    people.sort(key=lambda one: "street_head" not in one.roles)
    found = []
    for number in range(users):
        person = people[number % len(people)].id if number else people[0].id
        if accounts.find(person) is None:
            accounts.add(person, None, utc_now())
        found.append(f"{COOKIE}={sessions.open(person, utc_now())[0]}")
    return found


def cold(port: int, street: StreetFolder, head: str, pid: int) -> float:
    """Print how long the first page of each compound takes, and what they leave in memory; the median."""
    took = []
    for folder in street.compounds():
        status, spent = get(port, f"/{folder.code.lower()}/{PAGE}", head)
        assert status == 200, (folder.code, status)
        took.append(spent)
    longest = f"longest {max(took):.0f} ms, {len(took)} of them"
    print(f"first page of a compound, cold: median {median(took):.0f} ms, {longest}")
    print(f"memory after all of them: {memory_mb(pid, 'VmRSS')} MB, at most {memory_mb(pid, 'VmHWM')} MB")
    return median(took)


def board(port: int, head: str, rounds: int) -> None:
    """Print how long the board takes once everything is known."""
    for _ in range(240):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/jiezhang/board", headers={"Host": "localhost", "Cookie": head})
        if "更新中" not in connection.getresponse().read().decode():
            break
        time.sleep(0.5)
    took = sorted(get(port, "/jiezhang/board", head)[1] for _ in range(rounds))
    print(f"street board: median {median(took):.0f} ms, longest of {rounds} {took[-1]:.0f} ms")


def load(port: int, street: StreetFolder, cookies: Sequence[str], arguments: argparse.Namespace, scratch: Path) -> None:
    """Print what wrk says, of ours and of stock Fava."""
    codes = [folder.code.lower() for folder in street.compounds()]
    month = "/{}/extension/{}/"
    pages = ["/jiezhang/desk"] * 12 + ["/jiezhang/board"] * 4
    for code in (*codes[:: max(1, len(codes) // 12)], *codes[-2:]):  # what fifty people have open on one morning
        pages += [month.format(code, page) for page in ("MonthPage", "VouchersPage")] * 2
        pages.append(f"/{code}/api/journal_page?page=1&order=desc")
    pages.append(month.format(codes[len(codes) // 2], "MonthPage"))
    for words, reads_ms, times in (("five seconds a page", 5000, 3), ("no pause", 0, 1)):
        mixed = wrk(port, cookies[1:] or cookies, pages, arguments.users, times * arguments.seconds, scratch, reads_ms)
        print(f"{arguments.users} people, everything, {words}: {mixed} (ms)")
    ours = wrk(port, cookies[:1], [f"/{codes[0]}/{SAME}"], 8, arguments.seconds, scratch)
    other = free_port()
    main = street.compounds()[0].path / "main.beancount"
    with served([sys.executable, "-c", _STOCK, str(main), str(other)], other):
        title = HTTPConnection("127.0.0.1", other, timeout=60)
        title.request("GET", "/", headers={"Host": "localhost"})
        slug = str(title.getresponse().headers["Location"]).split("/")[1]
        stock = wrk(other, [""], [f"/{slug}/{SAME}"], 8, arguments.seconds, scratch)
    print(f"one page of one compound, 8 at once: ours {ours}; stock Fava {stock}")
    first, second = (float(line.split()[1]) for line in (ours, stock))
    print(f"ratio {first / second:.2f} (our guard, session and table of duties, beside a Fava that asks nobody)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("compounds", 255), ("dwellings", 20), ("months", 3), ("users", 50), ("seconds", 20)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--street", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        street = StreetFolder(arguments.street or scratch / "street")
        if arguments.street is None:
            write_sample(
                street.path, compounds=arguments.compounds, dwellings=arguments.dwellings, months=arguments.months,
                booked=arguments.months - 1, first_month=Month(2026, 8), seed=1,
            )  # fmt: skip
        cookies = cookies_for(street, scratch / "home", arguments.users)
        port = free_port()
        program = str(Path(sys.executable).parent / "jiezhang")
        os.environ["JIEZHANG_HOME"] = str(scratch / "home")
        with served([program, "-C", str(street.path), "serve", "--port", str(port)], port) as pid:
            first = cold(port, street, cookies[0], pid)
            board(port, cookies[0], 20)
            if shutil.which("wrk"):
                load(port, street, cookies, arguments, scratch)
            else:
                page = f"/{street.compounds()[0].code.lower()}/{PAGE}"
                warm = median(get(port, page, cookies[0])[1] for _ in range(5))
                print(f"ratio {first / warm:.1f} (cold beside warm); for the load: apt-get install wrk")


if __name__ == "__main__":
    main()
