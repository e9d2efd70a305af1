"""What each statement layout can carry. The true rows are cut down to that, so that a file says all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from jiezhang.domain.statement import StatementRow


@dataclass(frozen=True, slots=True)
class Traits:
    """`bank` code; `name` as importers call the layout; whether it gives a serial, a time, and two text columns."""

    bank: str
    name: str
    serial: bool = True
    time: bool = True
    two_texts: bool = True


LAYOUTS: Final[dict[str, Traits]] = {
    "icbc.history_detail": Traits("icbc", "icbc.history_detail", serial=False),
    "icbc.history_detail_csv": Traits("icbc", "icbc.history_detail", serial=False),
    "icbc.history_in_out": Traits("icbc", "icbc.history_in_out", serial=False),
    "icbc.in_out": Traits("icbc", "icbc.in_out", serial=False),
    "icbc.in_out_own": Traits("icbc", "icbc.in_out_own", serial=False),
    "icbc.printed": Traits("icbc", "icbc.printed", serial=False, time=False, two_texts=False),
    "ccb.current": Traits("ccb", "ccb.current"),
    "ccb.slash": Traits("ccb", "ccb.slash"),
    "ccb.two_row": Traits("ccb", "ccb.two_row"),
    "abc.detail": Traits("abc", "abc.detail", serial=False, two_texts=False),
    "boc.inquiry": Traits("boc", "boc.inquiry"),
    "cmb.detail": Traits("cmb", "cmb.detail"),
    "psbc.detail": Traits("psbc", "psbc.detail"),
    "spdb.detail": Traits("spdb", "spdb.detail"),
    "rcb.detail": Traits("rcb", "rcb.detail"),
    "wechat.fund": Traits("wechat", "wechat_fund"),
    "wechat.trade": Traits("wechat", "wechat_trade"),
    "alipay.account": Traits("alipay", "alipay_account"),
    "alipay.trade": Traits("alipay", "alipay_trade"),
}
"""By the name the sample asks for: `icbc.history_detail` comes as xlsx or, `_csv`, as text."""

BANKS: Final = ("icbc", "ccb", "abc", "boc", "cmb", "psbc", "spdb", "rcb")


def layouts_of(bank: str) -> tuple[str, ...]:
    return tuple(name for name, traits in LAYOUTS.items() if traits.bank == bank)


def fit(row: StatementRow, layout: str) -> StatementRow:
    """`row` as far as a file of `layout` can say it: one text column holds summary and remark, joined by a space."""
    traits = LAYOUTS[layout]
    texts = (row.summary, row.remark) if traits.two_texts else (f"{row.summary} {row.remark}".strip(), "")
    return replace(
        row,
        serial=row.serial if traits.serial else "",
        time=row.time if traits.time else "",
        summary=texts[0],
        remark=texts[1],
    )
