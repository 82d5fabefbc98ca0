"""Signing in, the sessions that come of it, and ending them."""

from datetime import datetime

import msgspec

from palabre.base.db import Conn, Database, Row
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features.accounts import links, passwords, people, tokens, two_factor
from palabre.features.accounts.members import store


class Session(msgspec.Struct, frozen=True):
    """A browser or an application that acts for a member. `app`: its name; None for a browser."""

    id: int
    app: str | None
    website: str
    scopes: tuple[str, ...]
    ip: str
    user_agent: str
    created_at: datetime
    last_used_at: datetime


class SecondStep(Forbidden):
    """The password is right, and a code is still wanted: `sign_in_second` takes it with this `secret`."""

    def __init__(self, secret: str) -> None:
        super().__init__("Please give the code from your app.", code="second_step")
        self.secret = secret


async def sign_in(db: Database, login: str, password: str, *, ip: str | None = None, user_agent: str = "") -> str:
    """A web session's token, by e-mail address or username. Raises Refused; an unknown login looks like a wrong password.
    Raises SecondStep for members who sign in in two steps.

    A suspended member's session opens little: his letters, an appeal, deleting his account.
    """
    async with db.reading() as conn:
        member = await find(conn, login)
    if not await passwords.matches(password, member["password_hash"] if member else None) or member is None:
        raise Refused("That name and password don't belong together.", code="credentials")
    check_may_act(member)
    async with db.transaction() as conn:
        if not await two_factor.is_on(conn, member["account_id"]):
            return await start_session(conn, member["account_id"], ip=ip, user_agent=user_agent)
        secret = await links.make(conn, member["account_id"], "second")
    raise SecondStep(secret)


async def sign_in_second(conn: Conn, secret: str, code: str, *, ip: str | None = None, user_agent: str = "") -> str:
    """The web session's token, after the second step. Raises Refused: code `link` where the first step is too long ago."""
    account_id, _ = await links.check(conn, secret, "second")
    await two_factor.check(conn, account_id, code)
    await links.use(conn, secret, "second")
    return await start_session(conn, account_id, ip=ip, user_agent=user_agent)


async def check_password(db: Database, account_id: int, password: str) -> None:
    """Ask for the password once more before something that cannot be undone. Raises Refused."""
    async with db.reading() as conn:
        member = await store.one(conn, account_id)
    if not await passwords.matches(password, member["password_hash"] if member else None):
        raise Refused("is wrong", field="current_password", code="credentials")


async def start_session(conn: Conn, account_id: int, *, ip: str | None = None, user_agent: str = "") -> str:
    """A web session for somebody known by other means, such as a link; its token."""
    return await tokens.grant(conn, account_id, tokens.SESSION_SCOPES, ip=ip, user_agent=user_agent)


async def sessions(conn: Conn, account_id: int) -> list[Session]:
    """The latest used first."""
    return [
        Session(
            row["id"],
            row["name"] if row["client_id"] else None,
            row["website"] or "",
            tuple(row["scopes"]),
            str(row["ip"] or ""),
            row["user_agent"],
            row["created_at"],
            row["last_used_at"],
        )
        for row in await store.sessions(conn, account_id)
    ]


async def end_session(conn: Conn, account_id: int, token_id: int) -> None:
    """Raises NotFound for one that isn't this member's."""
    if not await store.end_session(conn, account_id, token_id):
        raise NotFound


async def end_other_sessions(conn: Conn, account_id: int, keep: int | None, *, apps: bool = False) -> None:
    """Sign out everywhere but here (`keep`: the token's id); of applications too where `apps` says so."""
    await store.end_sessions(conn, account_id, keep, apps)


async def find(conn: Conn, login: str) -> Row | None:
    """The member with this address, username or handle."""
    account_id = await store.account_of_email(conn, login.strip().lower()) or await people.by_handle(conn, login)
    return await store.one(conn, account_id) if account_id else None


def check_may_act(member: Row) -> None:
    """Raises Forbidden, saying what stands in the way."""
    if member["standing"] == "deleted":
        raise Forbidden("This account is deleted.")
    if member["confirmed_at"] is None:
        raise Forbidden("Please confirm your e-mail address first, by the link we sent you.", code="unconfirmed")
    if member["approved_at"] is None:
        raise Forbidden("Your account is waiting for a moderator's approval.", code="pending")
