"""Making the index anew from the posts and accounts: while the network runs (`rebuild`), before it does (`fill`), or by
its worker, the newest posts first (`fill_later`)."""

from collections.abc import Callable

import msgspec

from palabre.base.db import Conn, Database
from palabre.base.duties import duty, put
from palabre.base.filling import CONNECTIONS, together
from palabre.features.search import index, store

_BATCH = 1_000
_LARGE_BATCH = 2_500
_LAST = 2**63 - 1


class Older(msgspec.Struct, frozen=True):
    """Posts older than this one."""

    post_id: int


async def rebuild(db: Database, told: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Take in everything again, a batch a transaction, then drop what is left over; how much was taken in.

    `told` hears how much is done, of how much. Interrupted, it has harmed nothing: run it again.
    """
    async with db.reading() as conn:
        totals = await store.totals(conn)
    total = totals["accounts"] + totals["posts"]
    done = await _accounts(db)
    told(done, total)
    after = 0
    while True:
        async with db.transaction(durable=False) as conn:
            rows = await store.posts_after(conn, after, _BATCH)
            await index.add(conn, rows)
        done += len(rows)
        told(done, total)
        if len(rows) < _BATCH:
            break
        after = rows[-1]["id"]
    async with db.transaction() as conn:
        await store.forget_lost(conn)
    return done


async def fill(db: Database, told: Callable[[int, int], None] = lambda done, total: None) -> None:
    """The same for an empty index and a network that does nothing else, by several connections. Harmless twice."""
    await _accounts(db)
    async with db.reading() as conn:
        marks = await store.landmarks(conn, _LARGE_BATCH)
    done = 0

    async def take(between: tuple[int, int]) -> None:
        nonlocal done
        async with db.transaction(durable=False) as conn:
            await index.add(conn, await store.posts_between(conn, *between))
        done += 1
        told(done, len(marks) + 1)

    await together(take, list(zip([0, *marks], [*marks, _LAST], strict=True)), CONNECTIONS)


async def fill_later(db: Database) -> None:
    """Accounts at once, posts as duties."""
    await _accounts(db)
    async with db.transaction() as conn:
        await put(conn, index_older, Older(_LAST))


@duty
async def index_older(conn: Conn, than: Older) -> None:
    """Take in some posts, and go on with those before them."""
    rows = await store.posts_before(conn, than.post_id, _BATCH)
    await index.add(conn, rows)
    if len(rows) == _BATCH:
        await put(conn, index_older, Older(rows[-1]["id"]))


async def _accounts(db: Database) -> int:
    done = after = 0
    while True:
        async with db.transaction(durable=False) as conn:
            rows = await store.accounts_after(conn, after, _BATCH)
            await index.add_accounts(conn, rows)
        done += len(rows)
        if len(rows) < _BATCH:
            return done
        after = rows[-1]["id"]
