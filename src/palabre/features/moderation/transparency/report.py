"""The transparency report: counted from the log, kept as published, and counted again by whoever doubts it."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from palabre.base import clock, signing
from palabre.base.db import Conn, Database
from palabre.base.errors import Refused
from palabre.features import instance
from palabre.features.moderation import log
from palabre.features.moderation.transparency import store
from palabre.features.moderation.transparency.numbers import Numbers
from palabre.features.moderation.transparency.public import blind, derive
from palabre.features.moderation.transparency.tally import Tally
from palabre.features.moderation.transparency.template import About, as_csv, tables

_BATCH = 500
_OLD = timedelta(hours=1)

Progress = Callable[[str, int, int], None]


class Report(msgspec.Struct, frozen=True):
    """As published: `seal` is the newest seal when it was counted."""

    made_at: datetime
    seal: int
    numbers: Numbers


async def count(conn: Conn, starts: date, ends: date, tell: Progress = lambda part, done, total: None) -> Numbers:
    """Both days included. Raises Refused for a period that ends before it begins."""
    if ends < starts:
        raise Refused("The period ends before it begins", field="to", code="period")
    tally, (start, end) = Tally(starts, ends), _moments(starts, ends)
    total, done, after = await store.count_cases_between(conn, start, end), 0, 0
    while case_ids := await store.cases_between(conn, start, end, after, _BATCH):
        for case_log in (await store.logs(conn, case_ids)).values():
            tally.case(case_log)
        after, done = case_ids[-1], done + len(case_ids)
        tell("cases", done, max(total, done))
    return tally.numbers


async def make_reports(db: Database) -> None:
    """A round: the report of this half-year, as far as it goes, and those of earlier ones, once each."""
    async with db.transaction() as conn:
        first, today = await store.first_entry(conn), clock.now().date()
        for starts, ends in half_years(first.date(), today) if first else []:
            row = await store.report(conn, starts, ends)
            final = row is not None and row["made_at"].date() > ends
            fresh = row is not None and clock.now() - row["made_at"] < _OLD
            if not final and not (fresh and ends >= today):
                await _make(conn, starts, ends)


async def _make(conn: Conn, starts: date, ends: date) -> None:
    numbers, newest = await count(conn, starts, ends), await log.newest(conn)
    text = msgspec.json.encode(numbers, order="sorted").decode()
    await store.keep_report(conn, starts, ends, clock.now(), newest.seq if newest else 0, text)


async def published(conn: Conn) -> list[Report]:
    """The newest period first."""
    return [
        Report(row["made_at"], row["seal"], msgspec.json.decode(row["numbers"], type=Numbers))
        for row in await store.reports(conn)
    ]


def half_years(first: date, last: date) -> list[tuple[date, date]]:
    """Those that any of the days from `first` to `last` lie in, the newest first."""
    found = []
    starts = date(first.year, 1 if first.month < 7 else 7, 1)
    while starts <= last:
        following = date(starts.year, 7, 1) if starts.month == 1 else date(starts.year + 1, 1, 1)
        found.append((starts, following - timedelta(days=1)))
        starts = following
    return found[::-1]


async def about(conn: Conn, numbers: Numbers, words: Mapping[str, str]) -> About:
    """The frame of the tables. `words`: what part 11 says."""
    community = await instance.about(conn)
    earlier = [row["made_at"].date() for row in await store.reports(conn) if row["ends"] < numbers.starts]
    provider = community.contacts.operator.partition("\n")[0] or community.name
    return About(provider, community.name, clock.now().date(), max(earlier, default=None), words)


async def verify(conn: Conn, starts: date, ends: date, files: Mapping[str, bytes] | None = None) -> list[str]:
    """What doesn't fit, in plain words: PostgreSQL's own count of the entries against ours, the published report against
    both, and, if given, the CSV files of a report.
    """
    numbers = await count(conn, starts, ends)
    found = [
        f"{figure} {name}: counted {ours}, but the log has {theirs}"
        for (figure, name), ours, theirs in _compared(numbers, await store.recount(conn, *_moments(starts, ends)))
    ]
    row = await store.report(conn, starts, ends)
    if row and row["made_at"].date() > ends:
        kept = msgspec.to_builtins(msgspec.json.decode(row["numbers"], type=Numbers))
        found += [
            f"{name}: the published report says {kept[name]}, the log {value}"
            for name, value in msgspec.to_builtins(numbers).items()
            if kept[name] != value
        ]
    found += await _check_public(conn, starts, ends)
    if files is not None:
        found += _differences(tables(numbers, await about(conn, numbers, {})), files)
    return found


async def _check_public(conn: Conn, starts: date, ends: date) -> list[str]:
    """The public log against what it derives from."""
    signer, (start, end) = await signing.signer(conn), _moments(starts, ends)
    shown = {row["id"]: row for row in await store.public_between(conn, start, end)}
    found, after = [], 0
    while case_ids := await store.cases_between(conn, start, end, after, _BATCH):
        sealed = await store.sealed(conn, case_ids)
        for case_id, entries in (await store.logs(conn, case_ids)).items():
            covered = sealed.get(case_id, 0)
            hidden = blind(entries[:covered])
            for seq, made in derive(case_id, entries, 0, signer):
                row = shown.pop(made.id, None)
                if row is None and seq <= covered and not hidden and start <= made.at < end:
                    found.append(f"public log: the entry {made.id} is missing")
                elif row and (row["at"], row["refers_to"], msgspec.json.decode(row["entry"])) != (
                    made.at,
                    made.refers_to,
                    made.entry,
                ):
                    found.append(f"public log: the entry {made.id} is not what the log says")
        after = case_ids[-1]
    return [*found, *(f"public log: the entry {one} stands in no log" for one in shown)]


def _compared(numbers: Numbers, rows: list[Any]) -> Iterator[tuple[tuple[str, str], int, int]]:
    theirs: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        theirs[(row["figure"], row["name"])] += row["found"]
    complaints = numbers.complaints.values()
    decided = sum(one.upheld + one.partially_reversed + one.reversed for one in complaints)
    ours = {
        (figure, name): value
        for figure in ("reports", "categories", "decisions", "grounds", "deciders", "taken_back")
        for name, value in getattr(numbers, figure).items()
    } | {
        ("complaints", "received"): sum(one.received for one in complaints),
        ("complaints", "decided"): decided,
        ("juries", "panels"): numbers.juries.get("panels", 0),
    }
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key, 0) != theirs.get(key, 0):
            yield key, ours.get(key, 0), theirs.get(key, 0)


def _differences(expected: dict[str, list[list[Any]]], files: Mapping[str, bytes]) -> Iterator[str]:
    """Cell by cell; words (part 11) and the days of publication are nobody's to count."""
    for name, rows in expected.items():
        if name[:2] in ("1_", "11"):
            continue
        if name not in files:
            yield f"{name}: is missing"
            continue
        ours = list(csv.reader(io.StringIO(as_csv(rows).decode(), newline="")))
        theirs = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))
        if len(ours) != len(theirs):
            yield f"{name}: has {len(theirs)} lines instead of {len(ours)}"
        for line, (right, given) in enumerate(zip(ours, theirs, strict=False), 1):
            if right != given:
                at = next(
                    (place for place, pair in enumerate(zip(right, given, strict=False)) if pair[0] != pair[1]), 0
                )
                yield f"{name}, line {line}, {ours[0][at]!r}: {given[at]!r} instead of {right[at]!r}"


def _moments(starts: date, ends: date) -> tuple[datetime, datetime]:
    return datetime.combine(starts, time(), UTC), datetime.combine(ends, time(), UTC) + timedelta(days=1)
