"""Judging an appeal: what is overturned is given back, what is replaced is decided anew, and everybody is told."""

from typing import Any

import msgspec

from palabre.base import clock, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import Forbidden, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import cases as views
from palabre.features.moderation import log
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import rules, store
from palabre.features.moderation.appeals.appeal import Appeal, Outcome
from palabre.features.moderation.appeals.closing import close
from palabre.features.moderation.appeals.events import AppealDecided
from palabre.features.moderation.appeals.find import load
from palabre.features.moderation.decide import decide_anew, find_decision, take_back
from palabre.features.moderation.decision import Ruling
from palabre.features.moderation.rules import check_staff, check_words

JURY = 0


async def judge(
    conn: Conn, by: Caller, case_id: int, appeal_id: int, outcome: str, reason: str, ruling: Ruling | None = None
) -> Appeal:
    """Uphold the decision, overturn it, or put `ruling` in its place; `reason` is the reply to who appealed.

    Raises Forbidden for whose decision it was and for parties; Refused.
    """
    check_staff(by)
    await views.check_not_blind(conn, by, case_id)
    await cases.lock_case(conn, case_id)
    appeal = await load(conn, case_id, appeal_id)
    rules.check_open(appeal)
    rules.check_may_judge(by, appeal)
    rules.check_outcome(appeal, outcome, ruling)
    reason = check_words("reason", clean(reason))
    if outcome == "upheld":
        await settle(conn, appeal, "upheld", by.id, reason)
        return await load(conn, case_id, appeal_id)
    await _check_no_jury_at_it(conn, appeal)
    if outcome == "overturned" or ruling is None:
        await settle(conn, appeal, "overturned", by.id, reason)
    else:
        await settle(conn, appeal, "replaced", by.id, reason)
        anew = msgspec.structs.replace(ruling, reason=ruling.reason.strip() or reason)
        decision = await decide_anew(conn, case_id, by, anew, appeal.id)
        await store.update(conn, case_id, appeal.id, replaced_by=decision.id)
    return await load(conn, case_id, appeal_id)


async def concede(conn: Conn, by: Caller, case_id: int, appeal_id: int, reason: str) -> None:
    """Who made the decision takes it back whole: the only thing he can still do about it. Not where somebody appealed who
    wants more done, for only somebody else can say what would be enough. Raises Forbidden, Refused.
    """
    check_staff(by)
    await cases.lock_case(conn, case_id)
    appeal = await load(conn, case_id, appeal_id)
    if by.id != appeal.moderator_id:
        raise Forbidden
    rules.check_open(appeal)
    others = [one for one in await _others(conn, appeal) if one.open]
    if appeal.side != "author" or any(one.side != "author" or one.state == "jury" for one in others):
        raise Refused("Only somebody else can judge this appeal", code="not_to_concede")
    reason = check_words("reason", clean(reason))
    decision = await find_decision(conn, case_id, appeal.decision_id)
    if decision.stands:
        await take_back(conn, decision, by.id, reason)
    for one in (appeal, *others):
        await _answer(conn, one, "conceded", None, by.id, reason)
    await close(conn, case_id)


async def settle(conn: Conn, appeal: Appeal, outcome: Outcome, judge_id: int, reason: str) -> None:
    """Carry out what a moderator, or a jury, found. Whoever else appealed against what is gone now is answered too."""
    await _answer(conn, appeal, outcome, judge_id, judge_id, reason)
    if outcome != "upheld":
        decision = await find_decision(conn, appeal.case_id, appeal.decision_id)
        await take_back(conn, decision, judge_id, reason, "overturned", appeal.id)
        for one in await _others(conn, appeal):
            if one.open:
                await store.update(conn, one.case_id, one.id, panel_id=one.panel_id or appeal.panel_id)
                await _answer(conn, one, outcome, judge_id, judge_id, reason)
    await close(conn, appeal.case_id)


async def _answer(
    conn: Conn, appeal: Appeal, outcome: Outcome, judge_id: int | None, actor_id: int, reason: str
) -> None:
    at = clock.now()
    await store.update(
        conn,
        appeal.case_id,
        appeal.id,
        state="decided",
        outcome=outcome,
        judge_id=judge_id,
        reason=reason,
        decided_at=at,
    )
    noted: dict[str, Any] = {
        "appeal": appeal.id,
        "decision_id": appeal.decision_id,
        "outcome": outcome,
        "judge": judge_id,
        "panel": appeal.panel_id,
        "reason": reason,
    }
    await log.append(conn, appeal.case_id, actor_id or None, "appeal_decided", noted)
    letters = []
    if outcome == "upheld" and appeal.appellant_id:
        letter_id = ids.new(at)
        await cases.insert_letter(
            conn, appeal.appellant_id, letter_id, appeal.case_id, "appeal", appeal.decision_id, False, at, appeal.id
        )
        letters.append((appeal.appellant_id, letter_id))
    await events.record(conn, AppealDecided(appeal.case_id, appeal.id, appeal.decision_id, outcome, letters))


async def _others(conn: Conn, appeal: Appeal) -> list[Appeal]:
    rows = await store.on_decision(conn, appeal.case_id, appeal.decision_id)
    return [one for one in map(Appeal.of, rows) if one.id != appeal.id]


async def _check_no_jury_at_it(conn: Conn, appeal: Appeal) -> None:
    """What a jury is deliberating on isn't taken from under it."""
    if any(one.state == "jury" for one in await _others(conn, appeal)):
        raise Refused("A jury has this appeal", code="with_jury")
