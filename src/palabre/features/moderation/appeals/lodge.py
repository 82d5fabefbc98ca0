"""Appealing, thinking better of it, and asking for a jury in the end."""

from datetime import timedelta

from palabre.base import clock, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.features.moderation import log
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import rules, store
from palabre.features.moderation.appeals.appeal import Appeal, Appellant, Side
from palabre.features.moderation.appeals.closing import close
from palabre.features.moderation.appeals.events import Appealed
from palabre.features.moderation.appeals.find import against, load, own, side_of, somebody_else
from palabre.features.moderation.appeals.telling import note_state
from palabre.features.moderation.appeals.to_jury import send
from palabre.features.moderation.decide import find_decision
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.rules import check_words
from palabre.settings import current


async def lodge(conn: Conn, who: Appellant, case_id: int, decision_id: int, words: str) -> Appeal:
    """Appeal against a decision, in one's own words. Raises NotFound for who has nothing to do with it; Refused."""
    if await cases.lock_case(conn, case_id) is None:
        raise NotFound
    decision = await find_decision(conn, case_id, decision_id)
    side = await side_of(conn, who, decision)
    rules.check_appealable(decision, side, clock.now(), current().appeal_days)
    rules.check_first(await against(conn, who, decision))
    made = await _insert(conn, who, decision, side, words, after=None)
    if current().appeals_to == "jury" or not await somebody_else(conn, made):
        await send(conn, made, None)
    return await load(conn, case_id, made.id)


async def ask_jury(conn: Conn, who: Appellant, case_id: int, appeal_id: int, words: str) -> Appeal:
    """In the end before a jury of members: once, after a moderator turned the appeal down. If none can be drawn, a
    moderator who had nothing to do with it so far judges. Raises Refused.
    """
    await cases.lock_case(conn, case_id)
    first = await own(conn, who, case_id, appeal_id)
    decision = await find_decision(conn, case_id, first.decision_id)
    rules.check_appealable(decision, first.side, clock.now(), current().appeal_days)
    rules.check_jury_may_be_asked(first, await against(conn, who, decision))
    made = await _insert(conn, who, decision, first.side, words, after=first.id)
    await send(conn, made, None)
    return await load(conn, case_id, made.id)


async def withdraw(conn: Conn, who: Appellant, case_id: int, appeal_id: int) -> None:
    """Raises Refused once a jury has it, or it is answered."""
    await cases.lock_case(conn, case_id)
    appeal = await own(conn, who, case_id, appeal_id)
    rules.check_open(appeal)
    await store.update(conn, case_id, appeal_id, state="withdrawn")
    await log.append(conn, case_id, who.account_id or None, "appeal_withdrawn", {"appeal": appeal_id})
    await note_state(conn, await load(conn, case_id, appeal_id))
    await close(conn, case_id)


async def _insert(
    conn: Conn, who: Appellant, decision: Decision, side: Side, words: str, *, after: int | None
) -> Appeal:
    at = clock.now()
    appeal_id = ids.new(at)
    due_at = at + timedelta(hours=current().deadlines["appeal"])
    row = {
        "case_id": decision.case_id,
        "id": appeal_id,
        "decision_id": decision.id,
        "moderator_id": decision.moderator_id,
        "side": side,
        "appellant_id": who.account_id,
        "notice_id": who.notice_id,
        "words": check_words("words", clean(words)),
        "after": after,
        "lodged_at": at,
        "due_at": due_at,
    }
    await store.insert(conn, row)
    noted = {"appeal": appeal_id} | {name: row[name] for name in ("decision_id", "side", "notice_id", "words", "after")}
    await log.append(conn, decision.case_id, who.account_id or None, "appealed", noted)
    await cases.update_case(conn, decision.case_id, due_at=due_at)
    made = await load(conn, decision.case_id, appeal_id)
    await note_state(conn, made)
    await events.record(conn, Appealed(made.case_id, made.id, made.decision_id))
    return made
