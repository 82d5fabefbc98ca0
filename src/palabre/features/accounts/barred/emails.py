"""Providers of e-mail, and single mailboxes, whose addresses are not taken."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn, Database, Row
from palabre.base.errors import NotFound, Refused
from palabre.base.paging import Page
from palabre.features.accounts.barred import rules, store
from palabre.features.accounts.tokens import Caller, address

_DAYS = 7


class Attempts(msgspec.Struct, frozen=True):
    """Sign-ups refused on a day, and from how many addresses."""

    day: date
    accounts: int
    uses: int


class EmailDomain(msgspec.Struct, frozen=True):
    id: int
    domain: str
    created_at: datetime
    history: list[Attempts]


class Mailbox(msgspec.Struct, frozen=True):
    id: int
    hash: str


async def check_email(db: Database, email: str, ip: str | None = None) -> None:
    """Whether the address may be used. Raises Refused; a provider's refusals are counted by address asked from."""
    async with db.reading() as conn:
        blocked = await store.blocked_among(conn, rules.domains_of(email))
        known = not blocked and await store.mailbox_by_hash(conn, rules.mailbox_hash(email))
    if blocked and (asking := address(ip)):
        async with db.transaction() as conn:
            await store.count_attempt(conn, blocked, asking)
    if blocked or known:
        raise Refused("is not accepted here", field="email", code="blocked")


async def email_domains(conn: Conn, by: Caller, page: Page) -> list[EmailDomain]:
    """Newest first."""
    rules.check_staff(by)
    return page.newest_first(await _with_history(conn, await store.email_domains(conn, page)))


async def email_domain(conn: Conn, by: Caller, block_id: int) -> EmailDomain:
    """Raises NotFound."""
    rules.check_staff(by)
    row = await store.email_domain(conn, block_id)
    if row is None:
        raise NotFound
    return (await _with_history(conn, [row]))[0]


async def block_email_domain(conn: Conn, by: Caller, domain: str) -> int:
    """Those who have an address there already keep it. Raises Refused."""
    rules.check_staff(by)
    block_id = ids.new()
    if not await store.add_email_domain(conn, rules.email_domain(domain), block_id, by.id, clock.now()):
        raise Refused("has already been taken", field="domain", code="blocked_already")
    return block_id


async def unblock_email_domain(conn: Conn, by: Caller, block_id: int) -> EmailDomain:
    """What it was. Raises NotFound."""
    before = await email_domain(conn, by, block_id)
    await store.remove_email_domain(conn, block_id)
    return before


async def forget_attempts(db: Database) -> None:
    """A round: what is older than a week, and blocks of addresses that have ended."""
    async with db.transaction() as conn:
        await store.forget_attempts(conn)


async def mailboxes(conn: Conn, by: Caller, page: Page) -> list[Mailbox]:
    rules.check_staff(by)
    return page.newest_first([_mailbox(row) for row in await store.mailboxes(conn, page)])


async def mailbox(conn: Conn, by: Caller, block_id: int) -> Mailbox:
    """Raises NotFound."""
    rules.check_staff(by)
    row = await store.mailbox(conn, block_id)
    if row is None:
        raise NotFound
    return _mailbox(row)


async def mailbox_matches(conn: Conn, by: Caller, email: str) -> list[Mailbox]:
    """What keeps this address out, if anything does."""
    rules.check_staff(by)
    row = await store.mailbox_by_hash(conn, rules.mailbox_hash(_address(email)))
    return [_mailbox(row)] if row else []


async def block_mailbox(conn: Conn, by: Caller, *, email: str = "", hash_: str = "") -> Mailbox:
    """By the address, of which only a hash is kept, or by the hash. Raises Refused."""
    rules.check_staff(by)
    found = rules.parsed_hash(hash_) if hash_ else rules.mailbox_hash(_address(email))
    if not await store.add_mailbox(conn, found, ids.new(), by.id, clock.now()):
        raise Refused("has already been taken", field="email", code="blocked_already")
    row = await store.mailbox_by_hash(conn, found)
    assert row is not None
    return _mailbox(row)


async def unblock_mailbox(conn: Conn, by: Caller, block_id: int) -> Mailbox:
    """Raises NotFound."""
    before = await mailbox(conn, by, block_id)
    await store.remove_mailbox(conn, block_id)
    return before


def _address(email: str) -> str:
    name, _, domain = email.strip().rpartition("@")
    if not name or "." not in domain:
        raise Refused("is not a valid e-mail address", field="email", code="invalid")
    return email


def _mailbox(row: Row) -> Mailbox:
    return Mailbox(row["id"], row["hash"].hex())


async def _with_history(conn: Conn, rows: Sequence[Row]) -> list[EmailDomain]:
    tried: dict[str, dict[date, Row]] = defaultdict(dict)
    for row in await store.attempts(conn, [row["domain"] for row in rows]):
        tried[row["domain"]][row["day"]] = row
    today = clock.now().date()
    days = [today - timedelta(days=back) for back in range(_DAYS)]
    return [
        EmailDomain(row["id"], row["domain"], row["created_at"], [_on(day, tried[row["domain"]]) for day in days])
        for row in rows
    ]


def _on(day: date, tried: dict[date, Row]) -> Attempts:
    row = tried.get(day)
    return Attempts(day, row["accounts"], row["uses"]) if row else Attempts(day, 0, 0)
