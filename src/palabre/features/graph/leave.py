"""What an account's end undoes between people."""

from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.features.accounts.events import AccountDeleted
from palabre.features.graph import store
from palabre.features.graph.follow import disconnect

_BATCH = 50


@duty
async def part_from_all(conn: Conn, event: AccountDeleted) -> None:
    """Nobody follows the account any more or is followed by it: one batch, then once more until nothing is left."""
    account_id = event.account_id
    others = await store.tied_to(conn, account_id, _BATCH)
    for other in others:
        await store.lock(conn, account_id, other)
        await disconnect(conn, account_id, other)
        await disconnect(conn, other, account_id)
    if others:
        await put(conn, part_from_all, event)
    else:
        await store.forget(conn, account_id)
