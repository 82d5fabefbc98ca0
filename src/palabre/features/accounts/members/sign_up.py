"""Becoming a member: by oneself, by the owner's link, or by a command."""

from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock, events, i18n
from palabre.base.db import Conn, Database
from palabre.base.errors import Forbidden, Refused
from palabre.features import instance
from palabre.features.accounts import barred, letters, links, passwords, people, rules
from palabre.features.accounts.events import MemberJoined, SignUpWaits
from palabre.features.accounts.members import invites, store
from palabre.features.accounts.store import has_owner, update_account
from palabre.features.accounts.tokens import address
from palabre.features.instance import Instance
from palabre.settings import current


class SignUp(msgspec.Struct, frozen=True):
    """What somebody who wants to join fills in. `agreement`: to the rules and terms. `client_id`: by which application."""

    username: str
    email: str
    password: str
    agreement: bool = False
    reason: str = ""
    invite: str = ""
    locale: str = i18n.SOURCE
    ip: str | None = None
    client_id: str | None = None


async def sign_up(db: Database, new: SignUp) -> int:
    """The new account's id; whether it may act yet, its confirmation and approval say. Raises Refused."""
    async with db.reading() as conn:
        community = await instance.about(conn, fresh=True)
        invited = bool(new.invite) and await store.invite(conn, new.invite) is not None
        barred_by = await barred.sign_up_rule(conn, new.ip)
    _check_welcome(community, new, invited)
    if barred_by in ("sign_up_block", "no_access"):
        raise Forbidden("From your network nobody can sign up here.", code="address_blocked")
    rules.check_free_name(new.username)
    email = _checked(new)
    await barred.check_email(db, email, new.ip)
    hashed = await passwords.make(new.password)
    now = clock.now()
    needs_approval = bool(barred_by) or (community.registration == "approval" and not invited)
    async with db.transaction() as conn:
        if invited:
            await invites.use(conn, new.invite)
        return await enrol(
            conn,
            new.username,
            email,
            hashed,
            confirmed_at=None if current().confirms_email else now,
            approved_at=None if needs_approval else now,
            reason=new.reason.strip(),
            invite_code=new.invite if invited else None,
            terms_version=community.terms_version,
            terms_accepted_at=now,
            locale=_locale(new.locale),
            sign_up_ip=address(new.ip),
            signed_up_with=new.client_id,
        )


async def add_member(db: Database, new: SignUp, role: str = "member") -> int:
    """As `sign_up`, asked of nobody and confirmed at once: for operators."""
    rules.check_role(role)
    email = _checked(new)
    hashed = await passwords.make(new.password)
    now = clock.now()
    async with db.transaction() as conn:
        return await enrol(
            conn,
            new.username,
            email,
            hashed,
            role=role,
            confirmed_at=now,
            approved_at=now,
            locale=_locale(new.locale),
        )


async def own(db: Database, secret: str, new: SignUp) -> int:
    """Make the owner account by the one-time link; its id. Raises Refused for a link that works no more."""
    async with db.reading() as conn:
        await check_owner_link(conn, secret)
    email = _checked(new)
    hashed = await passwords.make(new.password)
    now = clock.now()
    async with db.transaction() as conn:
        await check_owner_link(conn, secret)
        await links.use(conn, secret, "own")
        community = await instance.about(conn, fresh=True)
        return await enrol(
            conn,
            new.username,
            email,
            hashed,
            role="owner",
            confirmed_at=now,
            approved_at=now,
            terms_version=community.terms_version,
            terms_accepted_at=now,
            locale=_locale(new.locale),
        )


async def check_owner_link(conn: Conn, secret: str) -> None:
    """Raises Refused for one that works no more."""
    await links.check(conn, secret, "own")
    if await has_owner(conn):
        raise Refused("This network has an owner already.", code="owned")


async def enrol(
    conn: Conn, username: str, email: str, password_hash: str, *, joined_at: datetime | None = None, **member: Any
) -> int:
    """Account and member in one; pending, with a letter sent, until it is confirmed and approved."""
    ready = member["confirmed_at"] and member["approved_at"]
    standing = "active" if ready else "pending"
    account_id = await people.create(conn, username, created_at=joined_at, standing=standing)
    if not await store.claim_email(conn, email, account_id):
        raise Refused("has already been taken", field="email", code="taken")
    await store.add(conn, account_id=account_id, email=email, password_hash=password_hash, **member)
    if not member["confirmed_at"]:
        secret = await links.make(conn, account_id, "confirm", email)
        await letters.confirm(conn, email, member["locale"], username, secret)
    else:
        await events.record(conn, MemberJoined(account_id) if ready else SignUpWaits(account_id))
    return account_id


async def confirm(conn: Conn, secret: str) -> int:
    """Confirm an address by the link sent to it: a new member's, or one that a member changes to; the account's id.

    Raises Refused for a link that works no more, or an address that somebody else has by now.
    """
    account_id, email = await links.use(conn, secret, "confirm")
    member = await store.lock(conn, account_id)
    if member is None:
        raise Refused("This account is gone.", code="link")
    if member["email"] != email:
        if not await store.claim_email(conn, email, account_id):
            raise Refused("has already been taken", field="email", code="taken")
        await store.release_email(conn, member["email"], account_id)
        await links.revoke(conn, account_id, "reset")  # which went to the old address
        await store.update(conn, account_id, email=email)
    if member["confirmed_at"] is None:
        await store.update(conn, account_id, confirmed_at=clock.now())
        if member["approved_at"] is None:
            await events.record(conn, SignUpWaits(account_id))
        else:
            await admit(conn, account_id)
    return account_id


async def confirm_again(conn: Conn, email: str) -> None:
    """Send the link once more. Says nothing of whether anybody waits for it."""
    account_id = await store.account_of_email(conn, email.strip().lower())
    member = await store.one(conn, account_id) if account_id else None
    if member and member["confirmed_at"] is None:
        secret = await links.make(conn, member["account_id"], "confirm", member["email"])
        await letters.confirm(conn, member["email"], member["locale"], member["username"], secret)


async def admit(conn: Conn, account_id: int) -> None:
    """From here on the account is seen and may act."""
    await update_account(conn, account_id, standing="active")
    await events.record(conn, MemberJoined(account_id))


def _check_welcome(community: Instance, new: SignUp, invited: bool) -> None:
    if community.end or (community.registration == "closed" and not invited):
        raise Forbidden("Sign-up is closed on this network.", code="closed")
    if new.invite and not invited:
        raise Refused("This invitation has been used up or withdrawn, or is too old.", code="invite")
    if community.registration == "invite" and not invited:
        raise Forbidden("One needs an invitation to join this network.", code="invite")
    if not new.agreement:
        raise Refused("must be accepted", field="agreement", code="accepted")
    if len(new.reason) > rules.LONGEST_REASON:
        raise Refused(f"is too long (maximum is {rules.LONGEST_REASON} characters)", field="reason", code="too_long")
    if community.registration == "approval" and not invited and not new.reason.strip():
        raise Refused("can't be blank", field="reason", code="blank")


def _checked(new: SignUp) -> str:
    """The address, once all that costs no transaction is found to be in order."""
    people.check_username(new.username)
    email = rules.normal_email(new.email)
    rules.check_password(new.password, new.username, email)
    return email


def _locale(wanted: str) -> str:
    """Palabre's own words in the member's language, if it has them."""
    return i18n.negotiate(wanted)
