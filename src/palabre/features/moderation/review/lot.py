"""Which decisions are judged again, and by whom: by lot from the decision's own entry in the log, so that nobody picks."""

from collections.abc import Sequence
from datetime import timedelta

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features.moderation import log
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals.events import Appealed
from palabre.features.moderation.decide import find_decision
from palabre.features.moderation.events import Decided
from palabre.features.moderation.log import store as logs
from palabre.features.moderation.log.verify import data_of
from palabre.features.moderation.review import store
from palabre.settings import current

_BATCH = 100


def drawn(entry_hash: bytes, share: float) -> bool:
    """Whether the first eight bytes, as a fraction of all they could be, lie below `share` percent."""
    return int.from_bytes(entry_hash[:8]) < share / 100 * 2**64


def reviewer(entry_hash: bytes, eligible: Sequence[int]) -> int:
    """Which of them: by the next eight bytes, in the order of their ids."""
    return sorted(eligible)[int.from_bytes(entry_hash[8:16]) % len(eligible)]


@duty
async def draw(conn: Conn, event: Decided) -> None:
    """Draw for a decision; one taken back leaves nothing to judge again. A jury's are judged by six already."""
    await cases.lock_case(conn, event.case_id)
    if event.undoing:
        await _stop(conn, event.case_id, event.decision_id)
        return
    decision = await find_decision(conn, event.case_id, event.decision_id)
    entries = await logs.of_cases(conn, [event.case_id])
    entry = next(row for row in entries if row["kind"] == "decided" and data_of(row).get("decision") == decision.id)
    share = current().review_share
    if not decision.stands or decision.decided_by == "jury" or not drawn(entry["hash"], share):
        return
    eligible = set(await cases.staff(conn)) - {row["actor_id"] for row in entries}
    eligible -= {decision.account_id, *await cases.reporter_ids(conn, event.case_id)}
    if not eligible:
        return
    chosen, at = reviewer(entry["hash"], sorted(eligible)), clock.now()
    due_at = at + timedelta(days=current().review_days)
    if await store.insert(conn, event.case_id, decision.id, decision.moderator_id, chosen, at, due_at):
        noted = {"decision_id": decision.id, "share": share, "eligible": sorted(eligible), "reviewer": chosen}
        await log.append(conn, event.case_id, None, "review_drawn", noted)


@duty
async def stop_for_appeal(conn: Conn, event: Appealed) -> None:
    """Who was to judge it again may be needed as the appeal's judge; and the appeal is a second judgement."""
    await cases.lock_case(conn, event.case_id)
    await _stop(conn, event.case_id, event.decision_id)


async def lapse_overdue(conn: Conn) -> int:
    """What nobody judged again in time is let go, and counted so; how many there were."""
    rows = await store.overdue(conn, clock.now(), _BATCH)
    for row in rows:
        await cases.lock_case(conn, row["case_id"])
        await _stop(conn, row["case_id"], row["decision_id"])
    return len(rows)


async def _stop(conn: Conn, case_id: int, decision_id: int) -> None:
    if await store.lapse(conn, case_id, decision_id):
        await log.append(conn, case_id, None, "review_lapsed", {"decision_id": decision_id})
