"""64-bit ids: 48 bits of milliseconds since 1970, then 16 random bits. They sort by time and cannot be counted up."""

import secrets
from datetime import UTC, datetime, timedelta

from palabre.base import clock

RANDOM_BITS = 16
LARGEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new(at: datetime | None = None) -> int:
    """An id for something that happened at `at` (default: now). Times before 1970 count as 1970."""
    elapsed = (at or clock.now()) - _EPOCH
    return max(elapsed // timedelta(milliseconds=1), 0) << RANDOM_BITS | secrets.randbits(RANDOM_BITS)


def first_at(at: datetime) -> int:
    """The smallest id that something from `at` on can have."""
    return new(at) >> RANDOM_BITS << RANDOM_BITS


def made_at(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value >> RANDOM_BITS)


def parse(text: str) -> int | None:
    """An id from a URL or a parameter; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST else None
