"""What staff do with members: approve, reject, give roles, change their standing."""

from datetime import datetime

import msgspec

from palabre.base import clock, events
from palabre.base.db import Conn, Database, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import letters, rules
from palabre.features.accounts.events import StandingChanged
from palabre.features.accounts.members import store
from palabre.features.accounts.members.delete import expunge
from palabre.features.accounts.members.sign_up import admit
from palabre.features.accounts.store import account, update_account


class Member(msgspec.Struct, frozen=True):
    """Who stands behind an account: for its owner, and for staff."""

    account_id: int
    username: str
    email: str
    role: str
    standing: str
    locale: str
    confirmed_at: datetime | None
    approved_at: datetime | None
    reason: str
    invite_code: str | None
    terms_version: int | None
    terms_accepted_at: datetime | None
    created_at: datetime
    last_active_at: datetime
    preferences: dict[str, object]


async def member(conn: Conn, account_id: int) -> Member:
    """Raises NotFound for an account without one."""
    return _member(_there(await store.one(conn, account_id)))


async def members(conn: Conn, *, roles: tuple[str, ...] | None = None, limit: int = 1_000) -> list[Member]:
    """Oldest first."""
    return [_member(row) for row in await store.listed(conn, roles, limit)]


async def waiting(conn: Conn, limit: int = 100) -> list[Member]:
    """Those who wait for approval, the longest waiting first."""
    return [_member(row) for row in await store.waiting(conn, limit)]


async def approve(conn: Conn, account_id: int, by: int) -> None:
    """Let somebody in. Doing it twice changes nothing. Raises NotFound."""
    row = _there(await store.lock(conn, account_id))
    if row["approved_at"]:
        return
    await store.update(conn, account_id, approved_at=clock.now(), approved_by=by)
    if row["confirmed_at"]:
        await admit(conn, account_id)
        await letters.welcome(conn, row["email"], row["locale"], row["username"])


async def reject(conn: Conn, account_id: int) -> None:
    """Turn somebody away and delete what he sent; name and address are free again. Raises NotFound once approved."""
    row = _there(await store.lock(conn, account_id))
    if row["approved_at"]:
        raise NotFound
    await letters.rejected(conn, row["email"], row["locale"], row["username"])
    await expunge(conn, row)


async def discard_unconfirmed(db: Database) -> None:
    """Forget sign-ups whose address nobody confirmed within a week."""
    async with db.transaction() as conn:
        for account_id in await store.never_confirmed(conn, 100):
            await expunge(conn, _there(await store.lock(conn, account_id)))


async def set_role(conn: Conn, account_id: int, role: str) -> None:
    """member, moderator or owner. Raises Refused for the last owner."""
    rules.check_role(role)
    if role != "owner" and await store.owners(conn) == [account_id]:
        raise Refused("The last owner cannot step down: make somebody else owner first.", code="last_owner")
    _there(await store.lock(conn, account_id))
    await store.update(conn, account_id, role=role)


async def set_standing(conn: Conn, account_id: int, standing: str) -> bool:
    """active, limited or suspended: for moderation. False where it was so already, or the account is gone or pending."""
    row = await account(conn, account_id)
    if row is None or row["standing"] in (standing, "deleted", "pending"):
        return False
    await update_account(conn, account_id, standing=standing)
    await events.record(conn, StandingChanged(account_id, standing))
    return True


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _member(row: Row) -> Member:
    return Member(**{name: row[name] for name in Member.__struct_fields__})
