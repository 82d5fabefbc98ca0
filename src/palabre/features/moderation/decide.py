"""Deciding a case, and taking a decision back. All of it in one transaction: the deed, the log, the letters."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.features import instance
from palabre.features.accounts import Caller
from palabre.features.moderation import cases, log, reports, rules, store
from palabre.features.moderation.actions import ACTIONS, Action
from palabre.features.moderation.canonical import timestamp
from palabre.features.moderation.decision import DecidedBy, Decision, Ended, Ruling, stated
from palabre.features.moderation.events import Decided

NOBODY_IN_PERSON = 0


async def decide(conn: Conn, case_id: int, by: Caller, ruling: Ruling) -> Decision:
    """A moderator decides an open case. Without `post_ids`, an action on posts is about all that were reported.

    Raises Refused, Forbidden, NotFound.
    """
    case, reporter_ids = await _to_judge(conn, case_id, by)
    rules.check_uninvolved(by, case["account_id"], reporter_ids)
    rules.check_not_appealed(by.id, await store.appealed(conn, case_id))
    rules.check_rank(by, _action(ruling.action), await store.role(conn, case["account_id"]))
    return await _decide(conn, case, ruling, reporter_ids, moderator_id=by.id, decided_by="moderator")


async def draw_up(conn: Conn, case_id: int, by: Caller, ruling: Ruling) -> Decision:
    """The decision that this ruling would be, for looking at; nothing is written. Raises what `decide` would."""
    case, reporter_ids = await _to_judge(conn, case_id, by)
    rules.check_uninvolved(by, case["account_id"], reporter_ids)
    rules.check_not_appealed(by.id, await store.appealed(conn, case_id))
    rules.check_rank(by, _action(ruling.action), await store.role(conn, case["account_id"]))
    return await _draw_up(conn, case, ruling, moderator_id=by.id, decided_by="moderator")


async def decide_anew(conn: Conn, case_id: int, by: Caller, ruling: Ruling, appeal_id: int) -> Decision:
    """Who judges an appeal puts another decision in the place of the one appealed against, which he overturned."""
    case, reporter_ids = await _to_judge(conn, case_id, by)
    rules.check_uninvolved(by, case["account_id"], reporter_ids)
    rules.check_rank(by, _action(ruling.action), await store.role(conn, case["account_id"]))
    await store.update_case(conn, case_id, state="open")
    reopened = await store.lock_case(conn, case_id)
    assert reopened
    return await _decide(
        conn, reopened, ruling, reporter_ids, moderator_id=by.id, decided_by="moderator", on_appeal=appeal_id
    )


async def impose(conn: Conn, case_id: int, ruling: Ruling, decided_by: DecidedBy) -> Decision:
    """A rule or a jury decides an open case: nobody in person."""
    case = await store.lock_case(conn, case_id)
    if case is None:
        raise NotFound
    reporter_ids = await store.reporter_ids(conn, case_id)
    return await _decide(conn, case, ruling, reporter_ids, moderator_id=NOBODY_IN_PERSON, decided_by=decided_by)


async def _decide(
    conn: Conn,
    case: Row,
    ruling: Ruling,
    reporter_ids: Collection[int],
    *,
    moderator_id: int,
    decided_by: DecidedBy,
    on_appeal: int | None = None,
) -> Decision:
    drawn_up = await _draw_up(conn, case, ruling, moderator_id=moderator_id, decided_by=decided_by)
    decision = msgspec.structs.replace(drawn_up, on_appeal=on_appeal)
    chosen = ACTIONS[decision.action]
    row: dict[str, Any] = msgspec.structs.asdict(decision)
    await store.insert_decision(conn, row)
    changed = await chosen.apply(conn, decision)
    await store.update_decision(conn, decision.case_id, decision.id, changed=changed)
    noted = {"decision": decision.id, "changed": changed, **stated(row)}
    if on_appeal:
        noted["on_appeal"] = on_appeal
    await log.append(conn, decision.case_id, moderator_id or None, "decided", noted)
    await store.update_case(conn, decision.case_id, state="decided", decided_at=decision.decided_at)
    await store.close_subjects(conn, decision.case_id)
    author_id = decision.account_id if chosen.to_author else None
    await _tell(conn, decision, author_id, reporter_ids, undoing=False)
    return msgspec.structs.replace(decision, changed=changed)


async def _draw_up(conn: Conn, case: Row, ruling: Ruling, *, moderator_id: int, decided_by: DecidedBy) -> Decision:
    if case["state"] != "open":
        raise Refused("This case has been decided already", code="decided")
    chosen = _action(ruling.action)
    await reports.check_rules(conn, ruling.rule_ids)
    rules.check_ground(chosen, ruling)
    at, rule_ids = clock.now(), list(dict.fromkeys(ruling.rule_ids))
    return Decision(
        id=ids.new(),
        case_id=case["id"],
        account_id=case["account_id"],
        moderator_id=moderator_id,
        action=chosen.name,
        post_ids=await _posts_meant(conn, case["id"], chosen, ruling.post_ids),
        rule_ids=rule_ids,
        rule_texts=await _as_worded(conn, rule_ids),
        reason=rules.check_words("reason", clean(ruling.reason)),
        answer=rules.check_words("answer", clean(ruling.answer), required=False),
        decided_at=at,
        decided_by=decided_by,
        facts=rules.check_words("facts", clean(ruling.facts), required=False),
        law=rules.check_words("law", clean(ruling.law), required=False),
        policy_version=(await instance.about(conn)).rules_version,
        sources=case["sources"],
        detected="rule" if case["sources"] == ["rule"] else "people",
        label=rules.check_label(chosen, clean(ruling.label)),
        expires_at=_end(at, rules.check_hours(chosen, ruling.hours)),
    )


async def undo(conn: Conn, case_id: int, decision_id: int, by: Caller, reason: str) -> None:
    """A moderator takes a decision back. The case stays decided; `cases.reopen` opens it for another decision."""
    case, reporter_ids = await _to_judge(conn, case_id, by)
    rules.check_uninvolved(by, case["account_id"], reporter_ids)
    decision = await find_decision(conn, case_id, decision_id)
    appealed = await store.appealed(conn, case_id)
    rules.check_not_open(decision.id, appealed)
    rules.check_not_appealed(by.id, appealed)
    rules.check_rank(by, ACTIONS[decision.action], await store.role(conn, decision.account_id))
    await take_back(conn, decision, by.id, reason)


async def take_back(
    conn: Conn, decision: Decision, actor_id: int, reason: str, how: Ended = "undone", on_appeal: int | None = None
) -> None:
    """What it took away is there again, and everybody who was told is told. `actor_id` 0: nobody in person. `on_appeal`:
    the appeal by which it is overturned; so a decision can be, whose time is up: it was wrong all the same.

    Raises Refused where it stands no more.
    """
    if not decision.stands and not (on_appeal and decision.ended == "expired"):
        raise Refused("This decision has been taken back already", code="undone")
    reason, at = rules.check_words("reason", clean(reason), required=how != "expired"), clock.now()
    taken_back = ACTIONS[decision.action]
    await store.update_decision(
        conn,
        decision.case_id,
        decision.id,
        undone_at=at,
        undone_by=actor_id,
        undone_reason=reason,
        ended=how,
        overturned_on=on_appeal,
    )
    changed = await taken_back.undo(conn, decision)
    noted = {"decision": decision.id, "changed": changed, "reason": reason, "undone_at": timestamp(at)}
    if on_appeal:
        noted["appeal"] = on_appeal
    await log.append(conn, decision.case_id, actor_id or None, how, noted)
    author_id = decision.account_id if taken_back.undone_to_author else None
    told = [] if how == "expired" else await store.reporter_ids(conn, decision.case_id)
    await _tell(conn, decision, author_id, told, undoing=True)


async def find_decision(conn: Conn, case_id: int, decision_id: int) -> Decision:
    """Raises NotFound."""
    found = [Decision.of(row) for row in await store.decisions(conn, [case_id]) if row["id"] == decision_id]
    if not found:
        raise NotFound
    return found[0]


async def lift(conn: Conn, account_id: int, by: Caller, action: str, reason: str) -> int:
    """Undo every decision of this kind on an account that still stands; how many there were."""
    rules.check_staff(by)
    standing = [
        row
        for row in await store.decisions_about(conn, account_id)
        if row["action"] == _action(action).name and row["undone_at"] is None
    ]
    for row in standing:
        await undo(conn, row["case_id"], row["id"], by, reason)
    return len(standing)


async def end_expired(conn: Conn, limit: int = 100) -> int:
    """Take back the decisions whose time is up; how many there were."""
    rows = await store.expired_decisions(conn, clock.now(), limit)
    for row in rows:
        await store.lock_case(conn, row["case_id"])
        await take_back(conn, await find_decision(conn, row["case_id"], row["id"]), NOBODY_IN_PERSON, "", "expired")
    return len(rows)


async def _to_judge(conn: Conn, case_id: int, by: Caller) -> tuple[Row, set[int]]:
    """The case, locked; and who reported."""
    rules.check_staff(by)
    await cases.check_not_blind(conn, by, case_id)
    case = await store.lock_case(conn, case_id)
    if case is None:
        raise NotFound
    return case, await store.reporter_ids(conn, case_id)


def _action(name: str) -> Action:
    if name not in ACTIONS:
        raise Refused("is not included in the list", field="action", code="inclusion")
    return ACTIONS[name]


async def _as_worded(conn: Conn, rule_ids: Sequence[int]) -> list[str]:
    worded = {row["id"]: row["text"] for row in await store.rules_cited(conn, rule_ids)}
    return [worded[rule_id] for rule_id in rule_ids]


def _end(at: datetime, hours: float | None) -> datetime | None:
    return at + timedelta(hours=hours) if hours is not None else None


async def _posts_meant(conn: Conn, case_id: int, action: Action, post_ids: Sequence[int]) -> list[int]:
    reported = list(dict.fromkeys(row["post_id"] for row in await store.snapshots(conn, [case_id]) if row["post_id"]))
    if set(post_ids) - set(reported):
        raise Refused("must be among those reported in this case", field="post_ids", code="not_reported")
    meant = list(dict.fromkeys(post_ids)) or (reported if action.subject == "posts" else [])
    if action.subject == "posts" and not meant:
        raise Refused("No post was reported in this case", field="action", code="no_posts")
    return meant


async def _tell(
    conn: Conn, decision: Decision, author_id: int | None, reporter_ids: Collection[int], *, undoing: bool
) -> None:
    at = clock.now()
    written = []
    for account_id in (author_id, *sorted(reporter_ids)):
        if account_id is not None:
            letter_id, kind = ids.new(at), "author" if account_id == decision.account_id else "reporter"
            await store.insert_letter(conn, account_id, letter_id, decision.case_id, kind, decision.id, undoing, at)
            written.append((account_id, letter_id))
    await events.record(conn, Decided(decision.case_id, decision.id, written, undoing))
