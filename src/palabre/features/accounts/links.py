"""Links that work once and for a while: confirm an address, reset a password, make the owner account."""

from datetime import timedelta
from typing import Literal

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features.accounts import store, tokens

Purpose = Literal["confirm", "reset", "own", "second"]
LIFETIMES: dict[Purpose, timedelta] = {
    "confirm": timedelta(days=7),
    "reset": timedelta(hours=6),
    "own": timedelta(days=7),
    "second": timedelta(minutes=10),
}
_WORN = "This link has been used or is too old. Please ask for a new one."


async def make(conn: Conn, account_id: int, purpose: Purpose, email: str = "") -> str:
    """The link's secret part; earlier links of this purpose no longer work."""
    await store.remove_links(conn, account_id, purpose)
    secret = tokens.make(account_id)
    await store.add_link(conn, account_id, tokens.digest(secret), purpose, email, clock.now() + LIFETIMES[purpose])
    return secret


async def check(conn: Conn, secret: str, purpose: Purpose) -> tuple[int, str]:
    """(account id, e-mail) of a link that still works. Raises Refused."""
    account_id = tokens.account_of(secret)
    found = await store.link(conn, account_id, tokens.digest(secret), purpose) if account_id is not None else None
    if found is None:
        raise Refused(_WORN, code="link")
    return found["account_id"], found["email"]


async def use(conn: Conn, secret: str, purpose: Purpose) -> tuple[int, str]:
    """As `check`, and the link works no more."""
    account_id = tokens.account_of(secret)
    found = await store.take_link(conn, account_id, tokens.digest(secret), purpose) if account_id is not None else None
    if found is None:
        raise Refused(_WORN, code="link")
    return found["account_id"], found["email"]


async def revoke(conn: Conn, account_id: int, purpose: Purpose) -> None:
    await store.remove_links(conn, account_id, purpose)


async def owner_link(conn: Conn) -> str | None:
    """The secret of a link that makes the owner account; None once there is an owner."""
    return None if await store.has_owner(conn) else await make(conn, 0, "own")
