"""Whom one talks with where one talks with nobody else: the setting `limited_federation`."""

from datetime import datetime

import msgspec

from palabre.base import clock, events, ids
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.base.paging import Page
from palabre.features.accounts import Caller
from palabre.features.moderation.domains import log, rules, store
from palabre.features.moderation.domains.events import DomainChanged
from palabre.features.moderation.domains.measures import actor


class Allow(msgspec.Struct, frozen=True):
    id: int
    domain: str
    allowed_by: int | None
    allowed_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Allow":
        return cls(row["id"], row["domain"], row["allowed_by"], row["allowed_at"])


async def allowed(conn: Conn, by: Caller | None, page: Page) -> list[Allow]:
    """Newest first."""
    actor(by)
    return page.newest_first([Allow.of(row) for row in await store.allows(conn, page)])


async def one_allowed(conn: Conn, by: Caller | None, allow_id: int) -> Allow:
    """Raises NotFound."""
    actor(by)
    row = await store.allow_by_id(conn, allow_id)
    if row is None:
        raise NotFound
    return Allow.of(row)


async def allow(conn: Conn, by: Caller | None, domain: str) -> Allow:
    """Doing it twice changes nothing. Raises Refused for what is no domain."""
    actor_id, domain = actor(by), rules.normal(domain)
    if await store.add_allow(conn, domain, ids.new(), actor_id, clock.now()):
        await log.append(conn, domain, actor_id, "allowed", {})
        await events.record(conn, DomainChanged(domain))
    row = await store.allow(conn, domain)
    assert row is not None
    return Allow.of(row)


async def disallow(conn: Conn, by: Caller | None, domain: str) -> None:
    """Raises NotFound."""
    actor_id, domain = actor(by), rules.normal(domain)
    if not await store.remove_allow(conn, domain):
        raise NotFound
    await log.append(conn, domain, actor_id, "disallowed", {})
    await events.record(conn, DomainChanged(domain))
