"""Which lists are followed, and in which order."""

from datetime import datetime

import msgspec

from palabre.base import clock, http, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.duties import put
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.domains.lists import store
from palabre.features.moderation.domains.lists.carry_out import Pending, carry_out
from palabre.features.moderation.domains.lists.fetch import Fetch, fetch_list
from palabre.features.moderation.domains.measures import actor
from palabre.features.moderation.domains.rules import SEVERITIES

MOST_LISTS = 50


class Wish(msgspec.Struct, frozen=True):
    """`priority`: of two lists that name a domain, the higher is followed. `severity`: where a list says none.
    `adopt`: what is in it is put into force without asking.
    """

    name: str
    url: str
    priority: int = 0
    severity: str = "suspend"
    adopt: bool = False


class Subscription(msgspec.Struct, frozen=True):
    """`problem`: why the last try failed; empty: it didn't. `left_out`: lines that could not be read."""

    id: int
    name: str
    url: str
    priority: int
    severity: str
    adopt: bool
    fetched_at: datetime | None
    problem: str
    left_out: int
    entries: int
    drafts: int

    @classmethod
    def of(cls, row: Row) -> "Subscription":
        return cls(**{name: row[name] for name in cls.__struct_fields__})


async def subscriptions(conn: Conn, by: Caller | None) -> list[Subscription]:
    """The foremost first."""
    actor(by)
    return [Subscription.of(row) for row in await store.lists(conn)]


async def subscription(conn: Conn, by: Caller | None, list_id: int) -> Subscription:
    """Raises NotFound."""
    actor(by)
    row = await store.one(conn, list_id)
    if row is None:
        raise NotFound
    return Subscription.of(row)


async def subscribe(conn: Conn, by: Caller | None, wish: Wish) -> int:
    """Fetched as soon as a worker gets to it. Raises Refused naming what doesn't fit."""
    actor_id, wish = actor(by), _checked(wish)
    known = await store.lists(conn)
    if len(known) >= MOST_LISTS:
        raise Refused(f"are too many (maximum is {MOST_LISTS})", code="too_many")
    if wish.url in {row["url"] for row in known}:
        raise Refused("is followed already", field="url", code="taken")
    list_id, now = ids.new(), clock.now()
    values = msgspec.structs.asdict(wish)
    await store.insert(conn, id=list_id, created_by=actor_id, created_at=now, next_fetch_at=now, **values)
    await _fetch(conn, list_id)
    return list_id


async def edit(conn: Conn, by: Caller | None, list_id: int, wish: Wish) -> None:
    """Another address is fetched at once. Raises Refused, NotFound."""
    before = await subscription(conn, by, list_id)
    wish = _checked(wish)
    await store.update(conn, list_id, **msgspec.structs.asdict(wish))
    if (wish.url, wish.severity) != (before.url, before.severity):
        await store.update(conn, list_id, etag="")
        await _fetch(conn, list_id)


async def fetch_now(conn: Conn, by: Caller | None, list_id: int) -> None:
    """Raises NotFound."""
    await subscription(conn, by, list_id)
    await _fetch(conn, list_id)


async def unsubscribe(conn: Conn, by: Caller | None, list_id: int, *, keep: bool) -> None:
    """`keep`: what is in force by this list stays, as the moderators' own; otherwise it is lifted. Raises NotFound."""
    await subscription(conn, by, list_id)
    if keep:
        await store.keep_measures(conn, list_id)
    await store.update(conn, list_id, removed_at=clock.now())
    await store.mark_gone(conn, list_id, [])
    await put(conn, carry_out, Pending(list_id))


async def _fetch(conn: Conn, list_id: int) -> None:
    await put(conn, fetch_list, Fetch(list_id))


def _checked(wish: Wish) -> Wish:
    wish = msgspec.structs.replace(wish, name=clean(wish.name).strip(), url=wish.url.strip())
    if not wish.name or len(wish.name) > 100:
        raise Refused("must have between 1 and 100 characters", field="name", code="invalid")
    if not -1_000 <= wish.priority <= 1_000:
        raise Refused("must be between -1,000 and 1,000", field="priority", code="inclusion")
    if wish.severity not in SEVERITIES[1:]:
        raise Refused("must be limit or suspend", field="severity", code="inclusion")
    try:
        http.check_url(wish.url)
    except http.Unreachable as why:
        raise Refused(f"can't be fetched: {why}", field="url", code="unreachable") from why
    if len(wish.url) > 2_000:
        raise Refused("is too long", field="url", code="too_long")
    return wish
