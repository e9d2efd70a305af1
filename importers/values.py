"""Cells to values: dates, times, amounts, account numbers. Each raises `ValueError` with a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from jiezhang.domain.money import exact, parse_yuan

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?:-(?P<m>\d{1,2})-(?P<d>\d{1,2})|/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})"
    r"|年(?P<m3>\d{1,2})月(?P<d3>\d{1,2})日|\.(?P<m4>\d{1,2})\.(?P<d4>\d{1,2})|(?P<m5>\d\d)(?P<d5>\d\d))"
)
_TIME = re.compile(r"(\d{1,2})[:：](\d\d)(?:[:：](\d\d))?(?:\.\d+)?")
_SERIAL_DAY = re.compile(r"([3-7]\d{4})(\.\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_GROUPED = re.compile(r"[^\d,]*(\d{1,3}(,\d{3})+|\d+)(\.\d*)?[^\d,.]*")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)


def day_and_time(text: str, time_text: str = "", date_format: str = "") -> tuple[date, str] | None:
    """The day and `HH:MM:SS` (or empty) of a date cell, with the time from `time_text` if given.

    `None` when the cell holds no date at all; `ValueError` when it holds an impossible one (2026-02-30).
    `date_format` is a `strptime` format that replaces the formats known here.
    """
    if date_format:
        try:
            # A statement's dates are calendar days of the bank; no time zone is meant.
            moment = datetime.strptime(text, date_format)  # noqa: DTZ007
        except ValueError:
            return None
        return moment.date(), clock(time_text) or (f"{moment:%H:%M:%S}" if "%H" in date_format else "")
    serial = _SERIAL_DAY.fullmatch(text)
    if serial:
        seconds = round(Decimal(serial[2] or 0) * 86400)
        at = str(timedelta(seconds=min(seconds, 86399))).zfill(8) if serial[2] else ""
        return _EXCEL_EPOCH + timedelta(days=int(serial[1])), clock(time_text) or at
    found = _DATE.match(text)
    if not found:
        return None
    rest = text[found.end() :].strip(" T\t")
    at = clock(rest)
    if rest and not at:
        return None
    return _day(found, text), clock(time_text) or at


def dates_in(text: str) -> list[date]:
    """Every date written in `text`, in order."""
    return [_day(found, text) for found in _DATE.finditer(text)]


def _day(found: re.Match[str], text: str) -> date:
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{text}”不是日历上有的日期") from None


def clock(text: str) -> str:
    """`HH:MM:SS` from `9:12`, `09:12:30`, `091230` or `91230`; empty when there is none."""
    bare = text.strip()
    if not bare:
        return ""
    found = _TIME.fullmatch(bare)
    if found:
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    elif bare.isdigit() and len(bare) in (5, 6):
        whole = bare.zfill(6)
        hour, minute, second = int(whole[:2]), int(whole[2:4]), int(whole[4:])
    else:
        return ""
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"“{text}”不是钟点")
    return f"{hour:02d}:{minute:02d}:{second:02d}"


def yuan(text: str, decimal_comma: bool = False) -> Decimal | None:
    """The amount in a cell, or `None` for an empty one; commas must group by three (`50,00` is no amount here)."""
    if decimal_comma:
        text = text.replace(".", "").replace(",", ".")
    elif "," in text and not _GROUPED.fullmatch("".join(text.split())):
        raise ValueError(f"金额“{text}”的逗号位置不对")
    return parse_yuan(text)


def exact_decimal(text: str) -> Decimal:
    """A plain decimal number as XML writes it, at most two places; `ValueError` with a sentence."""
    if not re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", text.strip(), re.ASCII):
        raise ValueError(f"金额“{text.strip()}”不是数字")
    return exact(Decimal(text.strip()))


def identifier(text: str, damaged: bool) -> str:
    """An account or serial number; `ValueError` when Excel has already rounded its digits away."""
    if damaged or _SCIENTIFIC.fullmatch(text):
        raise ValueError(f"号码“{text}”被当作数字保存，后几位已经丢失，请重新下载，不要用 Excel 另存")
    return text


def bare_account(text: str) -> str:
    """An account number for comparison: letters and digits only."""
    return "".join(ch for ch in text if ch.isalnum())
