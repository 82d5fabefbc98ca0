"""What is left of imports when an account is deleted: nothing."""

from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features.accounts.events import AccountDeleted
from palabre.features.portability import store


@duty
async def forget_imports(conn: Conn, event: AccountDeleted) -> None:
    await store.forget(conn, event.account_id)
