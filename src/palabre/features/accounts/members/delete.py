"""An account's end."""

from palabre.base import events
from palabre.base.db import Conn, Database, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import profile, two_factor
from palabre.features.accounts import store as accounts
from palabre.features.accounts.events import AccountDeleted
from palabre.features.accounts.members import sign_in, store
from palabre.features.accounts.oauth.store import remove_codes


async def delete_account(db: Database, account_id: int, password: str) -> None:
    """By the member, for good: gone from view at once, erased bit by bit. Raises Refused for a wrong password."""
    await sign_in.check_password(db, account_id, password)
    async with db.transaction() as conn:
        await remove(conn, account_id)


async def remove(conn: Conn, account_id: int) -> None:
    """The account disappears; its handle is never given away again. Raises Refused for the last owner."""
    if await store.owners(conn) == [account_id]:
        raise Refused("The last owner cannot leave: make somebody else owner first.", code="last_owner")
    member = await store.lock(conn, account_id)
    if member is None:
        raise NotFound
    await profile.blank(conn, account_id)
    await _forget(conn, member)
    await accounts.retire_handle(conn, account_id)
    await events.record(conn, AccountDeleted(account_id))


async def expunge(conn: Conn, member: Row) -> None:
    """Remove a sign-up that never became a member, as if it had not been; nobody has seen it."""
    await _forget(conn, member)
    await accounts.free(conn, member["account_id"])
    await events.record(conn, AccountDeleted(member["account_id"]))


async def _forget(conn: Conn, member: Row) -> None:
    account_id = member["account_id"]
    await store.end_sessions(conn, account_id, None, True)
    await accounts.remove_all_links(conn, account_id)
    await accounts.forget_days(conn, account_id)
    await remove_codes(conn, account_id)
    await two_factor.turn_off(conn, account_id)
    await store.remove_invites(conn, account_id)
    await store.release_email(conn, member["email"], account_id)
    await store.remove(conn, account_id)
