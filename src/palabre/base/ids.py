"""64-bit ids: 48 bits of milliseconds since 1970, then 16 random bits. They sort by time and cannot be counted up."""

import secrets
import time
from datetime import UTC, datetime, timedelta

from palabre.base import clock

RANDOM_BITS = 16
LARGEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 64
_lately: dict[int, set[int]] = {}  # of the milliseconds last asked for, what was made of each
_STEP_BITS = 6
_CROWDED = 1_000 << RANDOM_BITS  # so far ahead of the clock may a burst run: a second
_newest = 0  # of what was made for "now"


class _Course:
    """The time as ids have it. It never goes back: where the clock does, it goes on at half its pace until that is there."""

    def __init__(self) -> None:
        self._reached, self._seen = _EPOCH, time.monotonic()

    def reach(self, at: datetime) -> None:
        if at > self._now():
            self._reached, self._seen = at, time.monotonic()

    def ahead(self, now: datetime) -> timedelta:
        """Of the clock; zero where the clock is right. A day or more is not heeded: that date was never right."""
        ahead = self._now() - now
        if timedelta() < ahead < MOST_AHEAD:
            return ahead
        self._reached, self._seen = now, time.monotonic()
        return timedelta()

    def _now(self) -> datetime:
        return self._reached + timedelta(seconds=(time.monotonic() - self._seen) / 2)


MOST_AHEAD = timedelta(days=1)
_RECENT = timedelta(minutes=1)
_course = _Course()


def follow(at: datetime) -> None:
    """Ids of what happens from now on come after those of `at`, though the clock be behind it: up to a day."""
    _course.reach(min(at, clock.now() + MOST_AHEAD - _RECENT))


def new(at: datetime | None = None) -> int:
    """An id for something that happened at `at` (default: now). Times before 1970 count as 1970.

    What happens now comes after all that this process, or whom it follows, has made, though the clock be put back and
    though it be the same millisecond: what is done in order is shown in order.

    Of several in the same millisecond all differ, also where it goes to and fro between a few.
    """
    global _newest
    if at is None:
        return (_newest := _unused(_next(_start(clock.now()))))
    return _unused(_start(at) | secrets.randbits(RANDOM_BITS))


def _next(start: int) -> int:
    """A little after the newest in the same millisecond, or, where it was full, in the one after."""
    if start <= _newest < start + _CROWDED:
        return _newest + 1 + secrets.randbits(_STEP_BITS)
    return start | secrets.randbits(RANDOM_BITS - 1)


def _unused(made: int) -> int:
    start = made >> RANDOM_BITS << RANDOM_BITS
    if start not in _lately:
        if len(_lately) == _REMEMBERED:
            del _lately[next(iter(_lately))]
        _lately[start] = set()
    used = _lately[start]
    while made in used and len(used) < 1 << RANDOM_BITS - 1:
        made = start | secrets.randbits(RANDOM_BITS)
    used.add(made)
    return made


def first_at(at: datetime) -> int:
    """The smallest id that something from `at` on can have."""
    return _start(at)


def _start(at: datetime) -> int:
    now = clock.now()
    if now - at < _RECENT:
        at += _course.ahead(now)
    return max((at - _EPOCH) // timedelta(milliseconds=1), 0) << RANDOM_BITS


def made_at(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value >> RANDOM_BITS)


def parse(text: str) -> int | None:
    """An id from a URL or a parameter; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST else None
