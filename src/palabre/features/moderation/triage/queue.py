"""The queue: deadlines first, then threats, then the rest by priority, and every fifth place for whoever waited longest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.base.errors import Refused
from palabre.base.fold import words
from palabre.base.paging import Page
from palabre.features.accounts import Caller
from palabre.features.moderation import cases, log, rules
from palabre.features.moderation import store as core
from palabre.features.moderation.cases import Summary
from palabre.features.moderation.triage import store
from palabre.features.moderation.triage.rules import OLDEST_EVERY, Filter, check_order
from palabre.settings import current

#: More than this is not counted: "999+" says enough.
MOST_COUNTED = 1_000
SOON = timedelta(hours=4)
_MOST_WORDS = 10


class Waiting(msgspec.Struct, frozen=True):
    """A row of the queue. `alike`: how many open cases are about nearly the same, itself included."""

    case: Summary
    group_id: int
    alike: int
    priority: float


class Section(msgspec.Struct, frozen=True):
    """A page of the queue. `after`: where the next one begins; None at the end."""

    rows: list[Waiting]
    after: str | None


class Counts(msgspec.Struct, frozen=True):
    """How many cases are open, up to MOST_COUNTED. `soon`: due within SOON. `next_due`: what is due first, or was."""

    deadline: int = 0
    threat: int = 0
    rest: int = 0
    mine: int = 0
    overdue: int = 0
    soon: int = 0
    next_due: datetime | None = None


class _Cursor(msgspec.Struct, frozen=True):
    """How far one has read: in the order, among the oldest, and which of five places comes next."""

    keys: tuple[float, ...] = ()
    oldest: int = 0
    turn: int = 0

    def __str__(self) -> str:
        return "_".join([*(repr(key) for key in self.keys), str(self.oldest), str(self.turn)])


async def queue(
    conn: Conn,
    by: Caller,
    wanted: Filter | None = None,
    *,
    order: str = "priority",
    after: str = "",
    grouped: bool = True,
    limit: int = 20,
) -> Section:
    """A page of open cases. `order`: priority, due, oldest or newest; `grouped`: those alike as one row. The same place is
    never shown twice, whatever comes in meanwhile. Cases about the moderator himself are kept from him.
    """
    rules.check_staff(by)
    wanted = _searchable(wanted or Filter())
    cursor = _read(after, check_order(order))
    grouped = grouped and wanted.group_id is None
    if order == "priority":
        rows, cursor = await _mixed(conn, wanted, by.id, cursor, grouped, limit)
    else:
        rows = await store.queue(conn, wanted, by.id, order, after=cursor.keys, above=0, grouped=grouped, limit=limit)
        cursor = _Cursor(_keys(rows[-1], order)) if rows else cursor
    return Section(await _waiting(conn, by, rows), str(cursor) if len(rows) == limit else None)


async def by_id(conn: Conn, by: Caller, wanted: Filter, page: Page) -> list[Waiting]:
    """Cases newest first, paged as Mastodon pages; decided ones too, except those one is to judge again without knowing."""
    rules.check_staff(by)
    hidden = await core.to_review(conn, by.id)
    rows = await store.by_id(conn, _searchable(wanted), by.id, page, hidden)
    return await _waiting(conn, by, page.newest_first(rows))


async def _mixed(
    conn: Conn, wanted: Filter, me: int, cursor: _Cursor, grouped: bool, limit: int
) -> tuple[list[Row], _Cursor]:
    """Four by priority, one by age. Who was shown by either is passed over by the other."""
    many = limit + limit // OLDEST_EVERY + 1
    found = await store.queue(
        conn, wanted, me, "priority", after=cursor.keys, above=cursor.oldest, grouped=grouped, limit=many
    )
    aged = await store.queue(conn, wanted, me, "oldest", after=(cursor.oldest,), above=0, grouped=grouped, limit=many)
    aged = [row for row in aged if _keys(row, "priority") > cursor.keys]
    shown: dict[int, Row] = {}
    keys, oldest, turn = cursor.keys, cursor.oldest, cursor.turn
    while len(shown) < limit:
        source = aged if turn == OLDEST_EVERY - 1 and aged else found
        if not source:
            break
        row = source.pop(0)
        if source is aged:
            oldest = row["id"]
        else:
            keys = _keys(row, "priority")
        if row["id"] not in shown:
            shown[row["id"]] = row
            turn = (turn + 1) % OLDEST_EVERY
    return list(shown.values()), _Cursor(keys, oldest, turn)


def _keys(row: Row, order: str) -> tuple[float, ...]:
    names = {"priority": ("place", "id"), "due": ("due_order", "id")}.get(order, ("id",))
    return tuple(row[name] for name in names)


def _read(after: str, order: str) -> _Cursor:
    """Raises Refused for what was no cursor of ours."""
    if not after:
        return _Cursor()
    parts = after.split("_")
    try:
        *keys, oldest, turn = parts
        read = tuple(
            float(key) if order in ("priority", "due") and place == 0 else int(key) for place, key in enumerate(keys)
        )
        made = _Cursor(read, int(oldest), int(turn) % OLDEST_EVERY)
    except ValueError as error:
        raise Refused("is no place in this list", field="after") from error
    if len(read) not in ((0, 2) if order == "priority" else (2,) if order == "due" else (1,)):
        raise Refused("is no place in this list", field="after")
    if any(abs(number) >= 2**63 for number in (*read[-1:], made.oldest)):
        raise Refused("is no place in this list", field="after")
    return made


def _searchable(wanted: Filter) -> Filter:
    """What was typed, as a question to the index: all of the words, the last perhaps not typed to its end."""
    found = words(wanted.words)[:_MOST_WORDS]
    if not found:
        return msgspec.structs.replace(wanted, words="")
    return msgspec.structs.replace(wanted, words=" & ".join(f"'{word}'" for word in found) + ":*")


async def _waiting(conn: Conn, by: Caller, rows: Sequence[Row]) -> list[Waiting]:
    many = await store.alike(conn, [row["group_id"] for row in rows if row["group_id"]], by.id)
    summaries = await cases.summaries(conn, rows)
    return [
        Waiting(summary, row["group_id"] or row["id"], many.get(row["group_id"] or 0, 1), row["priority"])
        for summary, row in zip(summaries, rows, strict=True)
    ]


async def some(conn: Conn, by: Caller, case_ids: Sequence[int]) -> list[Waiting]:
    """These cases, as rows."""
    rules.check_staff(by)
    return await _waiting(conn, by, await store.some(conn, list(case_ids), by.id))


async def counts(conn: Conn, by: Caller) -> Counts:
    rules.check_staff(by)
    now = clock.now()
    row = await store.counts(conn, by.id, now.timestamp(), (now + SOON).timestamp(), MOST_COUNTED)
    return Counts(**row) if row else Counts()


async def take_next(conn: Conn, by: Caller) -> int | None:
    """Give the first free case to this moderator for a while; None: there is none. Every fifth time, the oldest."""
    rules.check_staff(by)
    oldest = await store.count_taken(conn, by.id) % OLDEST_EVERY == 0
    case_id = await store.next_free(conn, by.id, oldest=oldest)
    if case_id is not None:
        await store.lease(conn, case_id, by.id, clock.now() + timedelta(minutes=current().lease_minutes))
        await log.append(conn, case_id, by.id, "assigned", {"to": by.id})
    return case_id


async def end_leases(conn: Conn, limit: int = 100) -> int:
    """Cases that were taken and neither decided nor handed back are free again."""
    lapsed = await store.lapsed(conn, clock.now(), limit)
    for case_id in lapsed:
        await log.append(conn, case_id, None, "lapsed", {})
    return len(lapsed)


async def why_here(conn: Conn, by: Caller, case_id: int) -> list[dict[str, Any]]:
    """The signals by which a case is where it is. Raises NotFound; Forbidden for a case about the moderator himself."""
    return list((await cases.for_staff(conn, by, case_id))["signals"])
