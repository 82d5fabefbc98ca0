"""Finding appeals, and what somebody has to do with a decision."""

from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import store
from palabre.features.moderation.appeals.appeal import Appeal, Appellant, Side
from palabre.features.moderation.decision import Decision


async def own(conn: Conn, who: Appellant, case_id: int, appeal_id: int) -> Appeal:
    """Raises NotFound for somebody else's."""
    appeal = await load(conn, case_id, appeal_id)
    if appeal.by != who:
        raise NotFound
    return appeal


async def load(conn: Conn, case_id: int, appeal_id: int) -> Appeal:
    """Raises NotFound."""
    row = await store.appeal(conn, case_id, appeal_id)
    if row is None:
        raise NotFound
    return Appeal.of(row)


async def against(conn: Conn, who: Appellant, decision: Decision) -> list[Appeal]:
    """All that this appellant made against a decision."""
    rows = await store.on_decision(conn, decision.case_id, decision.id)
    return [one for one in map(Appeal.of, rows) if one.by == who]


async def side_of(conn: Conn, who: Appellant, decision: Decision) -> Side:
    """Raises NotFound for who has nothing to do with it."""
    if who.account_id and who.account_id == decision.account_id:
        return "author"
    if who.account_id in await cases.reporter_ids(conn, decision.case_id):
        return "reporter"
    if who.notice_id and await store.came_by(conn, decision.case_id, who.notice_id):
        return "reporter"
    raise NotFound


async def somebody_else(conn: Conn, appeal: Appeal) -> bool:
    """Whether there is anybody on the staff who may judge it."""
    return bool(set(await cases.staff(conn)) - set(appeal.excluded))
