"""Measures against domains: set, read, lifted, and each of that undone."""

from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.base.paging import Page
from palabre.features.accounts import Caller
from palabre.features.moderation.domains import log, rules, store
from palabre.features.moderation.domains.events import DomainChanged
from palabre.features.moderation.domains.log import Entry
from palabre.features.moderation.domains.rules import Measure
from palabre.features.moderation.rules import check_staff


class Standing(msgspec.Struct, frozen=True):
    """A measure that stands. `list_id`: the list it is owed to; None: the moderators' own."""

    id: int
    domain: str
    measure: Measure
    list_id: int | None
    set_by: int | None
    set_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Standing":
        measure = Measure(**{name: row[name] for name in Measure.__struct_fields__})
        return cls(row["id"], row["domain"], measure, row["list_id"], row["set_by"], row["set_at"])


async def browse(conn: Conn, by: Caller | None, page: Page, *, query: str = "") -> list[Standing]:
    """What stands, newest first; `query`: a part of the name."""
    actor(by)
    rows = await store.measures(conn, page, query.strip().lower())
    return page.newest_first([Standing.of(row) for row in rows])


async def every(conn: Conn) -> list[Standing]:
    """All that stands, by name."""
    return [Standing.of(row) for row in await store.all_measures(conn)]


async def one(conn: Conn, by: Caller | None, domain: str) -> Standing | None:
    actor(by)
    row = await store.measure(conn, rules.normal(domain))
    return Standing.of(row) if row else None


async def by_id(conn: Conn, by: Caller | None, measure_id: int) -> Standing:
    """Raises NotFound."""
    actor(by)
    row = await store.measure_by_id(conn, measure_id)
    if row is None:
        raise NotFound
    return Standing.of(row)


async def history(conn: Conn, by: Caller | None, domain: str) -> list[Entry]:
    actor(by)
    return await log.entries(conn, domain)


async def set_measure(conn: Conn, by: Caller | None, domain: str, measure: Measure) -> int:
    """In place of what stood; it is the moderators' own from now on. The number of the log's entry, for `undo`.

    `by` None: the operator, by command. Raises Refused naming what doesn't fit.
    """
    wanted = msgspec.structs.replace(
        measure, private_comment=clean(measure.private_comment), public_comment=clean(measure.public_comment)
    )
    return await change(conn, actor(by), rules.normal(domain), "set", rules.check(wanted), None)


async def lift(conn: Conn, by: Caller | None, domain: str) -> int:
    """Nothing is done about the domain any more; lists that name it are not asked again. Raises NotFound."""
    actor_id, domain = actor(by), rules.normal(domain)
    if await store.measure(conn, domain) is None:
        raise NotFound
    seq = await change(conn, actor_id, domain, "lifted", None, None)
    await store.dismiss(conn, domain)
    return seq


async def undo(conn: Conn, by: Caller | None, domain: str, seq: int) -> None:
    """As it was before this entry of the log, if nobody did anything since. Raises Refused, NotFound."""
    actor_id, domain = actor(by), rules.normal(domain)
    told = await log.entries(conn, domain)
    if not 1 <= seq <= len(told):
        raise NotFound
    if seq != len(told):
        raise Refused("This was changed since", code="changed_since")
    before = told[-1].data["before"]
    list_id = before["list_id"] if before else None
    measure = msgspec.convert(before, Measure) if before else None
    await change(conn, actor_id, domain, "undone", measure, list_id)
    if list_id is not None:
        await store.take_up_again(conn, list_id, domain)


async def change(
    conn: Conn, actor_id: int | None, domain: str, kind: str, measure: Measure | None, list_id: int | None
) -> int:
    """Let this stand, or nothing, and write it down; the number of the log's entry."""
    before = await store.lock_measure(conn, domain)
    if measure is None:
        await store.remove_measure(conn, domain)
    else:
        values: dict[str, Any] = msgspec.structs.asdict(measure)
        await store.put_measure(
            conn, domain, before["id"] if before else ids.new(), values, list_id, actor_id, clock.now()
        )
    after = None if measure is None else {**msgspec.structs.asdict(measure), "list_id": list_id}
    seq = await log.append(conn, domain, actor_id, kind, {"before": _noted(before), "after": after})
    await events.record(conn, DomainChanged(domain))
    return seq


def actor(by: Caller | None) -> int | None:
    """Raises Forbidden for anybody but the staff. None: the operator, by command."""
    if by is None:
        return None
    check_staff(by)
    return by.id


def _noted(row: Row | None) -> dict[str, Any] | None:
    return {name: row[name] for name in (*Measure.__struct_fields__, "list_id")} if row else None
