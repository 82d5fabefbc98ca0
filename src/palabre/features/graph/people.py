"""Who stands in which relation to whom: lists of account ids, paged by when each relation began."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.base.paging import Page
from palabre.features.graph import store
from palabre.features.graph.view import People, Relationship


async def relationships(conn: Conn, viewer_id: int, account_ids: Iterable[int]) -> list[Relationship]:
    """The viewer's relation to each of these accounts that exists, in the order asked for; one statement."""
    wanted = list(dict.fromkeys(account_ids))
    found = {row["account_id"]: Relationship(**row) for row in await store.relationships(conn, viewer_id, wanted)}
    return [found[account_id] for account_id in wanted if account_id in found]


async def relationship(conn: Conn, viewer_id: int, account_id: int) -> Relationship:
    """Raises NotFound."""
    found = await relationships(conn, viewer_id, [account_id])
    if not found:
        raise NotFound
    return found[0]


async def followers(conn: Conn, account_id: int, viewer_id: int | None, page: Page) -> People:
    """Empty where the account keeps its follows to itself; without those whom a block parts from the viewer."""
    return _people(page, await store.followers(conn, account_id, viewer_id, page))


async def following(conn: Conn, account_id: int, viewer_id: int | None, page: Page) -> People:
    return _people(page, await store.following(conn, account_id, viewer_id, page))


async def follow_requests(conn: Conn, account_id: int, page: Page) -> People:
    """Those who ask to follow this account."""
    return _people(page, await store.own(conn, "follow_requests", account_id, page))


async def count_requests(conn: Conn, account_id: int) -> int:
    """How many ask to follow this account."""
    return await store.count_requests(conn, account_id)


async def blocks(conn: Conn, account_id: int, page: Page) -> People:
    return _people(page, await store.own(conn, "blocks", account_id, page))


async def mutes(conn: Conn, account_id: int, page: Page) -> tuple[People, dict[int, datetime | None]]:
    """Who is muted, and until when."""
    rows = await store.own(conn, "mutes", account_id, page)
    return _people(page, rows), {row["other_id"]: row["expires_at"] for row in rows}


async def familiar_followers(conn: Conn, viewer_id: int, account_id: int, limit: int = 40) -> list[int]:
    """Whom of those that the viewer follows also follow this account."""
    return await store.familiar_followers(conn, viewer_id, account_id, limit)


def _people(page: Page, rows: Sequence[Row]) -> People:
    if not rows:
        return People([])
    ordered = page.newest_first(rows)
    return People([row["other_id"] for row in ordered], ordered[0]["id"], ordered[-1]["id"])
