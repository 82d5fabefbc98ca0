"""Of an account that is deleted, no plan says anything any more: neither here, nor elsewhere as a follower."""

from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features.accounts.events import AccountDeleted
from palabre.features.portability.domain_moves import store


@duty
async def forget_moved(conn: Conn, event: AccountDeleted) -> None:
    await store.forget(conn, event.account_id)
