"""Making the index anew from the posts and accounts, while the network runs."""

from collections.abc import Callable

from palabre.base.db import Database
from palabre.features.search import index, store

_BATCH = 1_000


async def rebuild(db: Database, told: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Take in everything again, a batch a transaction, then drop what is left over; how much was taken in.

    `told` hears how much is done, of how much. Interrupted, it has harmed nothing: run it again.
    """
    async with db.reading() as conn:
        totals = await store.totals(conn)
    total = totals["accounts"] + totals["posts"]
    done = after = 0
    while True:
        async with db.transaction(durable=False) as conn:
            rows = await store.accounts_after(conn, after, _BATCH)
            await index.add_accounts(conn, rows)
        done += len(rows)
        told(done, total)
        if len(rows) < _BATCH:
            break
        after = rows[-1]["id"]
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
