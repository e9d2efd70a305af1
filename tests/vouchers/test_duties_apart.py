"""One person, two parts that the law keeps apart: the whole table."""

from __future__ import annotations

import itertools

import pytest

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import toml_bytes
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person, Street
from jiezhang.street.booking import post_rows, review_rows
from tests.conftest import G_BANK, MAKER, PEOPLE
from tests.vouchers.desk import CITY, REPAIR, ROWS, SEPTEMBER, book, complete, load, ref, voucher

EVERYTHING = ("bookkeeper", "reviewer", "street_head", "cashier")
ALL_ROUND = tuple(Person(id=f"Q0{n}", name=f"多面手{n}", roles=EVERYTHING) for n in range(1, 5))


def set_people(street: StreetFolder, *people: Person) -> None:
    street.toml.write_bytes(toml_bytes(Street(name="长吴街道", city=CITY, people=people)))


@pytest.mark.parametrize("who", list(itertools.product(("Q01", "Q02"), ("Q01", "Q02", "Q03"), ("Q01", "Q02", "Q03"))))
def test_maker_reviewer_poster(street: StreetFolder, compound: CompoundFolder, who: tuple[str, str, str]) -> None:
    """Everybody here has every role, so that only the separation stops them."""
    set_people(street, *ALL_ROUND, *PEOPLE)
    maker, reviewer, poster = who
    book(compound, (G_BANK, ROWS), cashier="Q04")
    complete(compound, "-30.00", REPAIR, "换楼道灯", actor=maker)
    row = [(G_BANK, ref(compound, "-30.00"))]

    def carry_out() -> None:
        review_rows(compound, CITY, SEPTEMBER, reviewer, row)
        post_rows(compound, CITY, SEPTEMBER, poster, row)

    if reviewer in (maker, poster):
        with pytest.raises(Refused, match="既制单又复核" if reviewer == maker else "既复核又记账"):
            carry_out()
    else:
        carry_out()
        assert load(compound) and voucher(compound, "记-0001").meta["poster"] == poster


@pytest.mark.parametrize("part", ["制单", "复核", "记账"])
def test_the_cashier_has_no_part(street: StreetFolder, compound: CompoundFolder, part: str) -> None:
    set_people(street, *ALL_ROUND, *PEOPLE)
    people = {"制单": "Q01", "复核": "Q02", "记账": "Q03"}
    book(compound, (G_BANK, ROWS), cashier=people[part])
    with pytest.raises(Refused, match=f"是出纳，不得{part}（会计法第35条）"):
        complete(compound, "-30.00", REPAIR, actor=people["制单"])
        row = [(G_BANK, ref(compound, "-30.00"))]
        review_rows(compound, CITY, SEPTEMBER, people["复核"], row)
        post_rows(compound, CITY, SEPTEMBER, people["记账"], row)


@pytest.mark.parametrize(
    ("part", "said"),
    [("maker", "不得再为它的付款制单"), ("reviewer", "不得再为它的付款复核"), ("poster", "不得再为它的付款记账")],
)
def test_who_decided_keeps_no_books(street: StreetFolder, imported: CompoundFolder, part: str, said: str) -> None:
    """Y01 proposed and keeps the seal; here they also have every role at the office."""
    decider = PEOPLE[3].model_copy(update={"roles": ("committee", *EVERYTHING)})
    set_people(street, *PEOPLE[:3], decider)
    who = {"maker": MAKER, "reviewer": "F01", "poster": "T01"} | {part: "Y01"}
    with pytest.raises(Refused, match=said):
        complete(imported, "-30.00", REPAIR, actor=who["maker"])
        row = [(G_BANK, ref(imported, "-30.00"))]
        review_rows(imported, CITY, SEPTEMBER, who["reviewer"], row)
        post_rows(imported, CITY, SEPTEMBER, who["poster"], row)
