"""Domains that are never taken from a list, whatever it says."""

from datetime import datetime

import msgspec

from palabre.base import clock
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.duties import put
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.domains import rules
from palabre.features.moderation.domains.lists import store
from palabre.features.moderation.domains.lists.carry_out import Pending, carry_out
from palabre.features.moderation.domains.measures import actor


class Exclusion(msgspec.Struct, frozen=True):
    domain: str
    reason: str
    excluded_by: int | None
    excluded_at: datetime


async def exclusions(conn: Conn, by: Caller | None) -> list[Exclusion]:
    actor(by)
    return [Exclusion(**dict(row)) for row in await store.exclusions(conn)]


async def exclude(conn: Conn, by: Caller | None, domain: str, reason: str = "") -> None:
    """What stands by a list against this domain, or one below it, is lifted; a measure of the moderators' own stays."""
    actor_id, domain = actor(by), rules.normal(domain)
    if len(reason) > rules.LONGEST_COMMENT:
        raise Refused("is too long", field="reason", code="too_long")
    await store.exclude(conn, domain, clean(reason), actor_id, clock.now())
    for list_id in await store.mark_excluded(conn, domain):
        await put(conn, carry_out, Pending(list_id))


async def include(conn: Conn, by: Caller | None, domain: str) -> None:
    """Lists may name it again, from the next time they are fetched. Raises NotFound."""
    actor(by)
    if not await store.include(conn, rules.normal(domain)):
        raise NotFound
    await store.fetch_anew(conn)
