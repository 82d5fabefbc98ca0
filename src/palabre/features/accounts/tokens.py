"""Tokens of web sessions and of client applications: made, recognised, listed, revoked.

A token begins with its account's id, so that a cluster finds its shard; only a hash of it is stored.
"""

import base64
import binascii
import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address

import msgspec

from palabre.base import ids
from palabre.base.db import Conn
from palabre.features.accounts import store

SESSION_SCOPE = "session"  # applications cannot ask for it
SESSION_SCOPES = ("read", "write", "follow", "push", SESSION_SCOPE)
STAFF = ("moderator", "owner")
_SECRET_BYTES = 24
_STALE = timedelta(hours=1)  # `last_used_at` is written no more often than this


class Caller(msgspec.Struct, frozen=True):
    """Who is asking, by which token. `id` 0: an application in its own name."""

    id: int
    token_id: int
    client_id: str | None
    scopes: tuple[str, ...]
    role: str = "member"
    standing: str = "active"
    locale: str = "en"
    preferences: dict[str, object] = {}
    confirmed: bool = True
    approved: bool = True
    terms_version: int = 0

    @property
    def staff(self) -> bool:
        """Who is frozen or suspended has no part in it until he is back."""
        return self.role in STAFF and self.standing not in ("frozen", "suspended")

    @property
    def owner(self) -> bool:
        return self.role == "owner"

    def may(self, scope: str) -> bool:
        """`read` covers `read:statuses`, `admin:read` covers `admin:read:reports`; `follow` covers the graph.
        Admin scopes are never implied.
        """
        family, _, part = scope.partition(":")
        if scope in self.scopes or family in self.scopes or scope.rpartition(":")[0] in self.scopes:
            return True
        return "follow" in self.scopes and family in ("read", "write") and part in ("follows", "blocks", "mutes")


def make(account_id: int) -> str:
    secret = secrets.token_bytes(_SECRET_BYTES)
    return base64.urlsafe_b64encode(account_id.to_bytes(8) + secret).decode().rstrip("=")


def account_of(token: str) -> int | None:
    """Whose token this claims to be; None if it cannot be one of ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return int.from_bytes(raw[:8], signed=True) if len(raw) == 8 + _SECRET_BYTES else None


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def grant(
    conn: Conn,
    account_id: int,
    scopes: tuple[str, ...],
    *,
    client_id: str | None = None,
    ip: str | None = None,
    user_agent: str = "",
    code_hash: bytes | None = None,
) -> str:
    """A new token. Without `client_id` it is a web session; `code_hash`: the authorisation code it is given for."""
    token = make(account_id)
    await store.add_token(
        conn, account_id, digest(token), ids.new(), client_id, list(scopes), address(ip), user_agent[:500], code_hash
    )
    if account_id:
        await store.note_day(conn, account_id)
    return token


def address(ip: str | None) -> store.Address | None:
    """None for what is no internet address, as a careless proxy may write it."""
    with suppress(ValueError):
        return ip_address(ip) if ip else None
    return None


async def recognise(conn: Conn, token: str, *, suspended: bool = False) -> Caller | None:
    """Whose token this is; None for one that is unknown, expired or revoked, or whose account may not act any more.

    `suspended`: let a suspended account in too; the caller has to look at its `standing`.
    """
    account_id = account_of(token)
    if account_id is None:
        return None
    row = await store.token(conn, account_id, digest(token))
    if row is None or row["standing"] == "deleted" or (row["standing"] == "suspended" and not suspended):
        return None
    if row["stale"]:
        await store.touch_token(conn, account_id, digest(token))
    return Caller(
        id=account_id,
        token_id=row["id"],
        client_id=row["client_id"],
        scopes=tuple(row["scopes"]),
        role=row["role"] or "member",
        standing=row["standing"] or "active",
        locale=row["locale"] or "en",
        preferences=row["preferences"] or {},
        confirmed=row["confirmed"],
        approved=row["approved"],
        terms_version=row["terms_version"] or 0,
    )


async def revoke(conn: Conn, token: str) -> None:
    account_id = account_of(token)
    if account_id is not None:
        await store.remove_token(conn, account_id, digest(token))


async def revoke_all(conn: Conn) -> int:
    """Sign everybody out, browsers and applications; how many tokens there were."""
    return await store.remove_all_tokens(conn)
