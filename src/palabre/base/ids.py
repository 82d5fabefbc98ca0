"""64-bit ids: 48 bits of milliseconds since 1970, then 16 random bits. They sort by time and cannot be counted up."""

import secrets
from datetime import UTC, datetime, timedelta

from palabre.base import clock

RANDOM_BITS = 16
LARGEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


_start = -1
_lately: set[int] = set()  # made of the last millisecond asked for


def new(at: datetime | None = None) -> int:
    """An id for something that happened at `at` (default: now). Times before 1970 count as 1970.

    A process that makes several in the same millisecond makes them different.
    """
    global _start
    elapsed = (at or clock.now()) - _EPOCH
    start = max(elapsed // timedelta(milliseconds=1), 0) << RANDOM_BITS
    if start != _start:
        _start = start
        _lately.clear()
    made = start | secrets.randbits(RANDOM_BITS)
    while made in _lately and len(_lately) < 1 << RANDOM_BITS - 1:
        made = start | secrets.randbits(RANDOM_BITS)
    _lately.add(made)
    return made


def first_at(at: datetime) -> int:
    """The smallest id that something from `at` on can have."""
    return new(at) >> RANDOM_BITS << RANDOM_BITS


def made_at(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value >> RANDOM_BITS)


def parse(text: str) -> int | None:
    """An id from a URL or a parameter; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST else None
