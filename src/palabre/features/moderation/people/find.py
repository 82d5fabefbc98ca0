"""Looking accounts up, for the staff alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.base.paging import Page
from palabre.features import accounts
from palabre.features.accounts import AccountView, Caller
from palabre.features.moderation import rules
from palabre.features.moderation.people import store

STATES = ("active", "pending", "limited", "suspended")


class Person(msgspec.Struct, frozen=True):
    """`email` empty: no member of this network (any more)."""

    account: AccountView
    domain: str | None
    email: str
    role: str
    locale: str
    confirmed: bool
    approved: bool
    reason: str
    ip: str | None
    created_at: datetime
    last_active_at: datetime | None


async def find(
    conn: Conn,
    by: Caller,
    page: Page,
    *,
    state: str | None = None,
    local: bool | None = None,
    staff: bool = False,
    query: str = "",
    email: str = "",
) -> list[Person]:
    """Accounts, newest first. `state`: one of STATES; `query`: the beginning of a name."""
    rules.check_staff(by)
    rows = await store.find(conn, page, state=state, local=local, staff=staff, query=query, email=email)
    return page.newest_first(await _persons(conn, rows))


async def some(conn: Conn, account_ids: Iterable[int]) -> dict[int, Person]:
    rows = await store.some(conn, list(set(account_ids)))
    return {person.account.id: person for person in await _persons(conn, rows)}


async def one(conn: Conn, by: Caller, account_id: int) -> Person:
    rules.check_staff(by)
    found = await some(conn, [account_id])
    if account_id not in found:
        raise NotFound
    return found[account_id]


async def _persons(conn: Conn, rows: Sequence[Row]) -> list[Person]:
    views = await accounts.look(conn, [row["id"] for row in rows])
    return [
        Person(
            account=views[row["id"]],
            domain=row["domain"],
            email=row["email"] or "",
            role=row["role"] or "member",
            locale=row["locale"] or "en",
            confirmed=row["confirmed_at"] is not None,
            approved=row["approved_at"] is not None,
            reason=row["reason"] or "",
            ip=str(row["sign_up_ip"]) if row["sign_up_ip"] else None,
            created_at=row["created_at"],
            last_active_at=row["last_active_at"],
        )
        for row in rows
    ]
