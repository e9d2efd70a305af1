"""The records of a resolution: `custom` directives of `resolutions.beancount`, read as frozen models and written back.

    2026-08-01 custom "resolution" "R2026-07" "四步法"
      title: "3幢屋面防水维修"
      ...

The first value is the resolution, the second what the record is of (`SECOND`); everything else is metadata, a field's
name with hyphens. Records stand in the order of their days; on one day, in the order of their lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from beancount.core import data
from beancount.parser.grammar import ValueType
from pydantic import Field, StringConstraints, ValidationError

from ..register import Code, Day, Name, Row, Text, Yuan
from .procedure import Matter, SealName, StepCode

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,200}$")]
Persons = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9-]*(,[A-Z0-9][A-Za-z0-9-]*)*$", max_length=400)]
Subjects = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}( [0-9]{4})*$", max_length=200)]
_PAPER = "(contract|invoice|acceptance)"
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\u3400-\u9fff〔〕（）()\[\]_-]+$", max_length=60)]


class Resolution(Row):
    """What is to be decided: the step `propose`. `by` are persons of `street.toml`, joined by commas.

    A standing rule (议事规则, matter `standing`) has `each_max_yuan`, and may have `count_max` and `month_max_yuan`.
    """

    code: Code
    procedure: StepCode
    title: Name
    matter: Matter
    fund: Annotated[str, StringConstraints(pattern=r"^([GW]|J[0-9]{1,4})$")]
    subjects: Subjects
    by: Persons
    budget_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    scope: Text = "compound"
    supplier: Text = ""
    """The only one who may be paid; empty: whoever wins the bids, or, of a standing rule, anybody."""
    project: Text = ""
    starts: Day
    ends: Day
    each_max_yuan: Annotated[Yuan, Field(ge=0)] | None = None
    count_max: Annotated[int, Field(ge=1)] | None = None
    """Payments a month."""
    month_max_yuan: Annotated[Yuan, Field(ge=0)] | None = None
    papers: Annotated[str, StringConstraints(pattern=rf"^({_PAPER}( {_PAPER})*)?$")] = "contract invoice acceptance"
    """What each payment must come with."""
    cause: Text = ""
    """Of an emergency."""
    document: Digest | None = None


class Stage(Row):
    """A review, or a duty done: who signed, and what they said."""

    code: Code
    step: StepCode
    by: Persons
    outcome: Literal["agree", "reject"] = "agree"
    opinion: Text = ""
    supplier: Text = ""
    """Whom this step chose."""
    document: Digest | None = None


class Vote(Row):
    """Owners voted: the ballots are a file of `votes/`, fixed by its digest."""

    code: Code
    step: StepCode
    ballots: Annotated[str, StringConstraints(pattern=r"^votes/[0-9A-Za-z\u3400-\u9fff_.-]+\.csv$")]
    sha256: Digest


class Bid(Row):
    """A sealed bid when it is handed in (`sealed`: the digest of price and nonce), and again when it is opened."""

    code: Code
    supplier: Name
    step: StepCode = "bids"
    sealed: Digest | None = None
    price_yuan: Annotated[Yuan, Field(gt=0)] | None = None
    nonce: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{8,64}$")] | None = None


class SealUse(Row):
    """A seal set: the signature of its keeper's key over `digest`. `payment` names the payment it is of, if it is of
    one; otherwise it is of the resolution, in step `step`."""

    code: Code
    seal: SealName
    key: Code
    digest: Digest
    signature: Signature
    step: StepCode | None = None
    payment: Code | None = None
    payee: Text = ""
    amount_yuan: Annotated[Yuan, Field(gt=0)] | None = None


class Publication(Row):
    """Made public at `place` from the record's day to `until`, both included."""

    code: Code
    step: StepCode
    until: Day
    place: Name
    by: Persons


class Objection(Row):
    """An owner's objection (`text`), or what was answered (`answer`); `number` joins the two."""

    code: Code
    number: Code
    text: Text = ""
    answer: Text = ""
    by: Text = ""


class Filing(Row):
    """Filed with community or street under `number`."""

    code: Code
    step: StepCode
    number: Number
    by: Persons


AnyRecord = Resolution | Stage | Vote | Bid | SealUse | Publication | Objection | Filing

KINDS: dict[str, type[AnyRecord]] = {
    "resolution": Resolution,
    "stage": Stage,
    "vote": Vote,
    "bid": Bid,
    "seal": SealUse,
    "publication": Publication,
    "objection": Objection,
    "filing": Filing,
}
KIND_NAMES = {
    "resolution": "决议",
    "stage": "审议",
    "vote": "表决",
    "bid": "报价",
    "seal": "用印",
    "publication": "公开",
    "objection": "异议",
    "filing": "备案",
}
SECOND = {
    "resolution": "procedure",
    "stage": "step",
    "vote": "step",
    "bid": "supplier",
    "seal": "seal",
    "publication": "step",
    "objection": "number",
    "filing": "step",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """A record with its day and the directive it was read from."""

    kind: str
    day: date
    record: Any
    entry: data.Custom


@dataclass(frozen=True, slots=True)
class Misread:
    """A directive that is no record, and why, as a Chinese sentence."""

    entry: data.Custom
    message: str


def read_records(entries: Sequence[data.Directive]) -> tuple[list[Entered], list[Misread]]:
    """All records among `entries`, by day and line; and the directives that can't be read."""
    found: list[Entered] = []
    wrong: list[Misread] = []
    for entry in entries:
        if isinstance(entry, data.Custom) and entry.type in KINDS:
            try:
                found.append(Entered(entry.type, entry.date, _read(entry), entry))
            except (ValidationError, ValueError) as error:
                wrong.append(Misread(entry, _said(entry, error)))
    found.sort(key=lambda one: (one.day, one.entry.meta["lineno"]))
    return found, wrong


def _read(entry: data.Custom) -> AnyRecord:
    values = [value.value for value in entry.values or []]
    if len(values) != 2:
        raise ValueError("后面应写两项：决议编号，再写" + SECOND[entry.type])
    given = {
        key.replace("-", "_"): value
        for key, value in entry.meta.items()
        if key not in ("filename", "lineno") and not key.startswith("__")
    }
    return KINDS[entry.type].model_validate({**given, "code": values[0], SECOND[entry.type]: values[1]})


def _said(entry: data.Custom, error: Exception) -> str:
    name = KIND_NAMES[entry.type]
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        field = str(first["loc"][0]).replace("_", "-") if first["loc"] else ""
        why = {"missing": f"没有写 {field}", "extra_forbidden": f"没有 {field} 这一项"}.get(first["type"])
        return f"{name}记录写法不对：{why or f'{field} 的写法不对'}"
    return f"{name}记录写法不对：{error}"


def custom_of(kind: str, day: date, record: AnyRecord) -> data.Custom:
    """A record as the directive that says it; `read_records` gives it back."""
    given = record.model_dump(mode="python", exclude_none=True, exclude_defaults=True)
    second = str(getattr(record, SECOND[kind]))
    meta = data.new_metadata("<记录>", 0)
    for name, value in given.items():
        if name not in ("code", SECOND[kind]):
            meta[name.replace("_", "-")] = Decimal(value) if isinstance(value, int) else value
    values = [ValueType(record.code, str), ValueType(second, str)]
    return data.Custom(meta, day, kind, values)


def said_of(one: Entered) -> Mapping[str, str]:
    """What a record says, as text by field: what seals sign. Empty fields and defaults are left out."""
    fields = one.record.model_dump(mode="json", exclude_none=True)
    return {"kind": one.kind, "day": one.day.isoformat(), **{k: str(v) for k, v in fields.items() if v != ""}}
