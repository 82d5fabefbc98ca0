"""Child-abuse material is not shown to moderators: only after a reason is given, on the record, and for minutes."""

from datetime import timedelta

from palabre.base import clock
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import Forbidden
from palabre.features.accounts import Caller
from palabre.features.moderation import cases, log, rules
from palabre.features.moderation.triage import store

SEALED = "child"
LASTS = timedelta(minutes=10)


async def look(conn: Conn, by: Caller, case_id: int, reason: str) -> None:
    """Ask to see the pictures of such a case; the log says who did, when and why."""
    await cases.case(conn, by, case_id)
    await log.append(conn, case_id, by.id, "looked", {"reason": rules.check_words("reason", clean(reason))})


async def may_see(conn: Conn, by: Caller, case_id: int) -> bool:
    """Whether the pictures of a case may be shown to this moderator now."""
    if SEALED not in await store.categories(conn, case_id):
        return True
    return await store.looked_since(conn, case_id, by.id, clock.now() - LASTS)


async def check_file(conn: Conn, by: Caller, case_id: int, key: str) -> None:
    """As `cases.check_file`, and the seal on it. Raises NotFound, Forbidden."""
    await cases.check_file(conn, by, case_id, key)
    if not await may_see(conn, by, case_id):
        raise Forbidden("The pictures of this case are sealed", code="sealed")
