"""The street's board and a desk from the read model, against reading every ledger anew for them.

    python benchmarks/street_board.py [--compounds 255] [--dwellings 20] [--months 3] [--rounds 9] [--street FOLDER]

The board is made as a request makes it: look at every file's signature, make the value, render the page. Printed are
the warm board, a desk, and the first board after a restart of the server;
beside them what the same figures cost by loading the ledgers, on all cores and on one as a request would. `--street`
takes a street that is there already; nothing in it is changed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person, Street
from jiezhang.street.parallel import run
from jiezhang.street.read_model import ReadModel
from jiezhang.street.sampling import write_sample
from jiezhang.street.standing import compound_standing
from jiezhang.web.desks.desk_view import desk_view
from jiezhang.web.desks.street_view import street_view
from jiezhang.web.pages import environment

FIRST = Month(2026, 8)


def seconds(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def board(model: ReadModel, about: Street, head: Person, today: date) -> str:
    """The street head's page."""
    view = street_view(model.standings(), about, head, {}, today)
    return environment.get_template("board.html").render(view=view, street=about.name)


def desk(model: ReadModel, about: Street, person: Person, today: date) -> str:
    """A person's page."""
    view = desk_view(model.standings(), person, today)
    return environment.get_template("desk.html").render(view=view, street=about.name)


def measure(street: StreetFolder, kept: Path, rounds: int, today: date) -> None:
    """Print every figure, in milliseconds."""
    about = read_street(street)
    head = next(one for one in about.people if "street_head" in one.roles)
    keeper = next(one for one in about.people if "bookkeeper" in one.roles)
    folders = street.compounds()
    model = ReadModel(street, kept, look_seconds=0)
    made = seconds(lambda: model.refresh(3600))
    board(model, about, head, today)  # templates are compiled once
    desk(model, about, keeper, today)
    warm = median(seconds(lambda: board(model, about, head, today)) for _ in range(rounds))
    own = median(seconds(lambda: desk(model, about, keeper, today)) for _ in range(rounds))
    again = median(
        seconds(lambda: board(ReadModel(street, kept, look_seconds=0), about, head, today)) for _ in range(rounds)
    )
    looked = median(seconds(model.standings) for _ in range(rounds))
    one = partial(compound_standing, city=about.city)
    anew = seconds(lambda: [one(folder) for folder in folders])
    cores = seconds(lambda: run(one, folders))
    lines = (
        ("board, warm", warm), ("  of it: looking at the files", looked), ("desk of a bookkeeper, warm", own),
        ("board, first after a restart", again),
    )  # fmt: skip
    print(f"{len(folders)} compounds, {rounds} rounds, medians:")
    for label, took in lines:
        print(f"{label:38} {took * 1000:9.1f} ms   ratio {took / anew:.4f}")
    print(f"{'reading the ledgers anew, one core':38} {anew * 1000:9.1f} ms   ratio 1")
    print(f"{'reading the ledgers anew, all cores':38} {cores * 1000:9.1f} ms   ratio {cores / anew:.2f}")
    print(f"{'making the read model from nothing':38} {made * 1000:9.1f} ms   ratio {made / anew:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compounds", type=int, default=255)
    parser.add_argument("--dwellings", type=int, default=20)
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--street", type=Path)
    arguments = parser.parse_args()
    today = FIRST.shift(arguments.months).first_day
    with tempfile.TemporaryDirectory() as folder:
        street = arguments.street or Path(folder) / "street"
        if arguments.street is None:
            booked = max(1, arguments.months - 1)
            write_sample(
                street, compounds=arguments.compounds, dwellings=arguments.dwellings, months=arguments.months,
                booked=booked, first_month=FIRST, seed=1,
            )  # fmt: skip
        measure(StreetFolder(street), Path(folder) / "kept", arguments.rounds, today)


if __name__ == "__main__":
    main()
