"""What the lists propose, for the moderators to accept or dismiss."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from palabre.base.db import Conn, Row
from palabre.base.duties import put
from palabre.base.errors import NotFound
from palabre.features.accounts import Caller
from palabre.features.moderation.domains.lists import store
from palabre.features.moderation.domains.lists.carry_out import BATCH, Pending, carry_out
from palabre.features.moderation.domains.measures import actor


class Draft(msgspec.Struct, frozen=True):
    list_id: int
    list_name: str
    domain: str
    severity: str
    reject_media: bool
    reject_reports: bool
    public_comment: str
    seen_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Draft":
        same = ("list_id", "domain", "severity", "reject_media", "reject_reports", "public_comment", "seen_at")
        return cls(list_name=row["name"], **{name: row[name] for name in same})


async def drafts(conn: Conn, by: Caller | None, *, after: str = "", limit: int = 50) -> list[Draft]:
    """By name, from the one behind `after` on."""
    actor(by)
    return [Draft.of(row) for row in await store.drafts(conn, after, limit)]


async def count_drafts(conn: Conn) -> int:
    return await store.count_drafts(conn)


async def accept(conn: Conn, by: Caller | None, chosen: Sequence[tuple[int, str]]) -> None:
    """Put drafts into force, each named by list and domain. Raises NotFound for what is none any more."""
    await _decide(conn, actor(by), chosen, "accepted")
    for list_id in {list_id for list_id, _ in chosen}:
        if len(chosen) <= BATCH:
            await carry_out(conn, Pending(list_id))
        else:
            await put(conn, carry_out, Pending(list_id))


async def dismiss(conn: Conn, by: Caller | None, chosen: Sequence[tuple[int, str]]) -> None:
    """Not to be asked again while the list says the same domain. Raises NotFound."""
    await _decide(conn, actor(by), chosen, "dismissed")


async def accept_all(conn: Conn, by: Caller | None, list_id: int | None = None) -> None:
    """All drafts of a list, or of all; carried out by the workers."""
    for each in await store.accept_all(conn, list_id, actor(by)):
        await put(conn, carry_out, Pending(each))


async def _decide(conn: Conn, actor_id: int | None, chosen: Sequence[tuple[int, str]], state: str) -> None:
    for list_id, domain in chosen:
        if not await store.decide_draft(conn, list_id, domain, state, actor_id):
            raise NotFound
