"""64-bit ids: 48 bits of milliseconds since 1970, then 16 random bits. They sort by time and cannot be counted up."""

import secrets
from datetime import UTC, datetime, timedelta

from palabre.base import clock

RANDOM_BITS = 16
LARGEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 64
_lately: dict[int, set[int]] = {}  # of the milliseconds last asked for, what was made of each


def new(at: datetime | None = None) -> int:
    """An id for something that happened at `at` (default: now). Times before 1970 count as 1970.

    A process that makes several in the same millisecond makes them different, also where it goes to and fro between a few.
    """
    start = _start(at or clock.now())
    if start not in _lately:
        if len(_lately) == _REMEMBERED:
            del _lately[next(iter(_lately))]
        _lately[start] = set()
    used = _lately[start]
    made = start | secrets.randbits(RANDOM_BITS)
    while made in used and len(used) < 1 << RANDOM_BITS - 1:
        made = start | secrets.randbits(RANDOM_BITS)
    used.add(made)
    return made


def first_at(at: datetime) -> int:
    """The smallest id that something from `at` on can have."""
    return _start(at)


def _start(at: datetime) -> int:
    return max((at - _EPOCH) // timedelta(milliseconds=1), 0) << RANDOM_BITS


def made_at(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value >> RANDOM_BITS)


def parse(text: str) -> int | None:
    """An id from a URL or a parameter; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST else None
