"""Counting what happened in a period, day by day."""

import platform
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from palabre import __version__
from palabre.base import ids
from palabre.base.db import Conn, server_facts
from palabre.base.errors import Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.figures import store
from palabre.features.moderation.rules import check_staff
from palabre.settings import current

MEASURES = store.MEASURES
DIMENSIONS = (*store.SORTS, "space_usage", "software_versions")
FREQUENCIES = ("day", "month")
_LONGEST = timedelta(days=400)
_UNITS = {"instance_media_attachments": "bytes"}


class Measure(msgspec.Struct, frozen=True):
    """`previous`: the total of the period before, of the same length."""

    key: str
    unit: str | None
    total: int
    previous: int
    days: list[tuple[date, int]]


class Size(msgspec.Struct, frozen=True):
    """`key` empty: this network, its pages, or no language, as the dimension is."""

    key: str
    value: int | str
    unit: str | None = None


class Share(msgspec.Struct, frozen=True):
    at: date
    members: int
    rate: float


class Cohort(msgspec.Struct, frozen=True):
    """Members who joined in one period, and how many of them were here in each later one."""

    period: date
    frequency: str
    shares: list[Share]


async def measure(conn: Conn, by: Caller, key: str, first: date, last: date, subject: str = "") -> Measure:
    """`last` is counted too. `subject`: the hashtag or domain, for measures of one. Raises Refused."""
    _check(by, first, last, key, MEASURES)
    length = last - first + timedelta(days=1)
    start, end = _id(first), _id(last + timedelta(days=1))
    found = await store.by_day(conn, key, start, end, subject)
    days = [first + timedelta(days=n) for n in range(length.days)]
    return Measure(
        key=key,
        unit=_UNITS.get(key),
        total=await store.total(conn, key, start, end, subject),
        previous=await store.total(conn, key, _id(first - length), start, subject),
        days=[(day, found.get((day - date(1970, 1, 1)).days, 0)) for day in days],
    )


async def dimension(
    conn: Conn, by: Caller, key: str, first: date, last: date, subject: str = "", limit: int = 10
) -> list[Size]:
    """Most first. Raises Refused."""
    _check(by, first, last, key, DIMENSIONS)
    if key == "software_versions":
        _, postgres, _ = await server_facts(conn)
        versions = {"palabre": __version__, "postgresql": postgres, "python": platform.python_version()}
        return [Size(name, version) for name, version in versions.items()]
    if key == "space_usage":
        row = await store.space(conn)
        return [Size("postgresql", row["database"], "bytes"), Size("media", row["media"], "bytes")]
    rows = await store.most_of(conn, key, _id(first), _id(last + timedelta(days=1)), subject, limit)
    own = current().name if key in ("servers", "tag_servers") else ""
    return [Size(row["key"] or own, row["value"]) for row in rows]


async def retention(conn: Conn, by: Caller, first: date, last: date, frequency: str) -> list[Cohort]:
    """Raises Refused."""
    _check(by, first, last, frequency, FREQUENCIES)
    if frequency == "month":
        first = first.replace(day=1)
    start, end = _id(first), _id(last + timedelta(days=1))
    joined = await store.joined(conn, start, end, frequency)
    back = await store.came_back(conn, start, end, frequency)
    periods = _periods(first, last, frequency)
    return [
        Cohort(
            period,
            frequency,
            [
                Share(later, members := back.get((period, later), 0), members / max(joined.get(period, 0), 1))
                for later in periods[at:]
            ],
        )
        for at, period in enumerate(periods)
    ]


def _periods(first: date, last: date, frequency: str) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return days if frequency == "day" else [day for day in days if day.day == 1]


def _id(day: date) -> int:
    return ids.first_at(datetime.combine(day, time(), UTC))


def _check(by: Caller, first: date, last: date, asked: str, known: tuple[str, ...]) -> None:
    check_staff(by)
    if asked not in known:
        raise Refused(f"must be one of {', '.join(known)}", field="keys", code="inclusion")
    if last < first or last - first > _LONGEST or first.year < 1971 or last.year > 5000:
        raise Refused("must be a period of at most 400 days", field="start_at", code="invalid")
