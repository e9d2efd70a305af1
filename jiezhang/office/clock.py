"""Moments as the database keeps them: whole seconds since 1970, UTC. The clock is always the caller's."""

from __future__ import annotations

from datetime import UTC, datetime


def seconds(moment: datetime) -> int:
    """`moment` for the database; it must say its time zone."""
    assert moment.tzinfo is not None, "a moment without a time zone"
    return int(moment.timestamp())


def moment_of(stored: int) -> datetime:
    """A moment of the database."""
    return datetime.fromtimestamp(stored, UTC)
