"""Accounts elsewhere get the standing that their domain's measures and the decisions on themselves add up to."""

from collections.abc import Sequence

from palabre.base.db import Conn, Database, Row
from palabre.base.duties import duty, put
from palabre.features import accounts
from palabre.features.accounts.events import AccountCreated, StandingChanged
from palabre.features.moderation.actions import own_standing
from palabre.features.moderation.domains import rules, store
from palabre.features.moderation.domains.events import DomainChanged
from palabre.features.moderation.domains.policy import policies

_BATCH = 200


@duty
async def settle_domain(conn: Conn, event: DomainChanged) -> None:
    """A batch of a domain's accounts; the rest is left to the next duty."""
    rows = await store.accounts_of(conn, event.domain, event.after, _BATCH)
    await _settle(conn, rows)
    if len(rows) == _BATCH:
        await put(conn, settle_domain, DomainChanged(event.domain, rows[-1]["id"]))


@duty
async def settle_new(conn: Conn, event: AccountCreated) -> None:
    await _settle(conn, await store.elsewhere(conn, event.account_id))


@duty
async def settle_changed(conn: Conn, event: StandingChanged) -> None:
    """A decision on an account, or its undoing, doesn't loosen what holds for its domain."""
    await _settle(conn, await store.elsewhere(conn, event.account_id))


async def settle_all(db: Database) -> None:
    """A round, for what no event tells of: the setting `limited_federation` was changed. Most accounts fit as they are."""
    after, more = 0, True
    while more:
        async with db.transaction() as conn:
            rows = await store.all_elsewhere(conn, after, _BATCH)
            held = await policies(conn, {row["domain"] for row in rows})
            await _settle(conn, [row for row in rows if row["standing"] != held[row["domain"]].standing])
        after, more = (rows[-1]["id"], True) if rows else (after, False)


async def _settle(conn: Conn, rows: Sequence[Row]) -> None:
    held = await policies(conn, {row["domain"] for row in rows})
    for row in rows:
        standing = rules.strictest(await own_standing(conn, row["id"]), held[row["domain"]].standing)
        await accounts.set_standing(conn, row["id"], standing)
