"""Changing and resetting what a member signs in with."""

from palabre.base.db import Conn, Database, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import barred, letters, links, passwords, rules
from palabre.features.accounts.members import sign_in, store
from palabre.settings import current


async def change_password(db: Database, account_id: int, old: str, new: str, *, keep: int | None = None) -> None:
    """Other browsers are signed out; `keep`: the id of the token that asks."""
    member = await _member(db, account_id)
    rules.check_password(new, member["username"], member["email"])
    await sign_in.check_password(db, account_id, old)
    hashed = await passwords.make(new)
    async with db.transaction() as conn:
        await store.update(conn, account_id, password_hash=hashed)
        await store.end_sessions(conn, account_id, keep, False)
        await links.revoke(conn, account_id, "reset")
        await links.revoke(conn, account_id, "second")
        await letters.password_changed(conn, member["email"], member["locale"], member["username"])


async def ask_reset(conn: Conn, email: str) -> None:
    """Send a link to choose a new password. Says nothing of whether the address is known."""
    account_id = await store.account_of_email(conn, email.strip().lower())
    member = await store.one(conn, account_id) if account_id else None
    if member:
        secret = await links.make(conn, member["account_id"], "reset", member["email"])
        await letters.reset(conn, member["email"], member["locale"], member["username"], secret)


async def reset_link(conn: Conn, account_id: int) -> str:
    """The secret of a link to choose a new password, for operators to hand over."""
    member = await store.one(conn, account_id)
    if member is None:
        raise NotFound
    return await links.make(conn, account_id, "reset", member["email"])


async def reset_password(db: Database, secret: str, new: str) -> int:
    """Choose a new password by the link; the account's id. Every browser and application is signed out."""
    async with db.reading() as conn:
        account_id, _ = await links.check(conn, secret, "reset")
    member = await _member(db, account_id)
    rules.check_password(new, member["username"], member["email"])
    hashed = await passwords.make(new)
    async with db.transaction() as conn:
        await links.use(conn, secret, "reset")
        await _replace(conn, member, hashed)
    return account_id


async def set_password(db: Database, account_id: int, new: str) -> None:
    """Give somebody a new password: for operators. Every browser and application is signed out."""
    member = await _member(db, account_id)
    rules.check_password(new, member["username"], member["email"])
    hashed = await passwords.make(new)
    async with db.transaction() as conn:
        await _replace(conn, member, hashed)


async def change_email(db: Database, account_id: int, password: str, email: str) -> bool:
    """Use another address. False: it first has to be confirmed by the link sent there."""
    email = rules.normal_email(email)
    await sign_in.check_password(db, account_id, password)
    await barred.check_email(db, email)
    async with db.transaction() as conn:
        member = await store.lock(conn, account_id)
        if member is None:
            raise NotFound
        if email == member["email"]:
            return True
        taken = await store.account_of_email(conn, email)
        if taken and taken != account_id:
            raise Refused("has already been taken", field="email", code="taken")
        await letters.email_changing(conn, member["email"], member["locale"], member["username"])
        if current().confirms_email:
            secret = await links.make(conn, account_id, "confirm", email)
            await letters.confirm_change(conn, email, member["locale"], member["username"], secret)
            return False
        if not await store.claim_email(conn, email, account_id):
            raise Refused("has already been taken", field="email", code="taken")
        await store.release_email(conn, member["email"], account_id)
        await links.revoke(conn, account_id, "reset")
        await store.update(conn, account_id, email=email)
    return True


async def _replace(conn: Conn, member: Row, hashed: str) -> None:
    await store.update(conn, member["account_id"], password_hash=hashed)
    await store.end_sessions(conn, member["account_id"], None, True)
    await links.revoke(conn, member["account_id"], "second")
    await letters.password_changed(conn, member["email"], member["locale"], member["username"])


async def _member(db: Database, account_id: int) -> Row:
    async with db.reading() as conn:
        member = await store.one(conn, account_id)
    if member is None:
        raise NotFound
    return member
