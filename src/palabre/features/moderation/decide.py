"""Deciding a case, and taking a decision back. All of it in one transaction: the deed, the log, the letters."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock, erase, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import log, reports, rules, store
from palabre.features.moderation.actions import ACTIONS, Action
from palabre.features.moderation.events import Decided
from palabre.settings import current


class Decision(msgspec.Struct, frozen=True):
    """`post_ids`: what it is about; `changed`: those of them that it changed (the others were so already, or gone)."""

    id: int
    case_id: int
    account_id: int
    moderator_id: int
    action: str
    post_ids: list[int]
    rule_ids: list[int]
    reason: str
    answer: str
    decided_at: datetime
    changed: list[int] = []
    undone_at: datetime | None = None
    undone_by: int | None = None
    undone_reason: str | None = None

    @classmethod
    def of(cls, row: Row) -> "Decision":
        return cls(**{name: row[name] for name in cls.__struct_fields__})


async def decide(
    conn: Conn,
    case_id: int,
    by: Caller,
    action: str,
    post_ids: Sequence[int] = (),
    rule_ids: Sequence[int] = (),
    reason: str = "",
    answer: str = "",
) -> Decision:
    """Decide an open case. `reason`: for the author; `answer`: for the reporters, if they are to read another.

    Without `post_ids`, an action on posts is about all that were reported. Raises Refused, Forbidden, NotFound.
    """
    case, reporter_ids = await _to_judge(conn, case_id, by)
    if case["state"] != "open":
        raise Refused("This case has been decided already", code="decided")
    chosen = _action(action)
    reason = rules.check_words("reason", clean(reason))
    answer = rules.check_words("answer", clean(answer), required=False)
    await reports.check_rules(conn, rule_ids)
    rules.check_rank(by, chosen, await store.role(conn, case["account_id"]))
    decision = Decision(
        id=ids.new(),
        case_id=case_id,
        account_id=case["account_id"],
        moderator_id=by.id,
        action=chosen.name,
        post_ids=await _posts_meant(conn, case_id, chosen, post_ids),
        rule_ids=list(dict.fromkeys(rule_ids)),
        reason=reason,
        answer=answer,
        decided_at=clock.now(),
    )
    row: dict[str, Any] = msgspec.structs.asdict(decision)
    await store.insert_decision(conn, row)
    changed = await chosen.apply(conn, decision.account_id, decision.post_ids)
    await store.update_decision(conn, case_id, decision.id, changed=changed)
    noted = {name: row[name] for name in ("action", "post_ids", "rule_ids", "reason", "answer")}
    await log.append(conn, case_id, by.id, "decided", {"decision": decision.id, "changed": changed, **noted})
    await store.update_case(conn, case_id, state="decided", decided_at=decision.decided_at)
    await store.close_subjects(conn, case_id)
    await erase.hold_until(conn, case_id, decision.decided_at + timedelta(days=current().evidence_days))
    author_id = decision.account_id if chosen.to_author else None
    await _tell(conn, decision, author_id, reporter_ids, undoing=False)
    return msgspec.structs.replace(decision, changed=changed)


async def undo(conn: Conn, case_id: int, decision_id: int, by: Caller, reason: str) -> None:
    """Take a decision back: what it took away is there again, and everybody who was told is told.

    The case stays decided; `cases.reopen` opens it for another decision.
    """
    _, reporter_ids = await _to_judge(conn, case_id, by)
    reason = rules.check_words("reason", clean(reason))
    found = [Decision.of(row) for row in await store.decisions(conn, [case_id]) if row["id"] == decision_id]
    if not found:
        raise NotFound
    decision = found[0]
    if decision.undone_at:
        raise Refused("This decision has been taken back already", code="undone")
    taken_back = ACTIONS[decision.action]
    rules.check_rank(by, taken_back, await store.role(conn, decision.account_id))
    await store.update_decision(
        conn, case_id, decision_id, undone_at=clock.now(), undone_by=by.id, undone_reason=reason
    )
    changed = await taken_back.undo(conn, decision.account_id, decision.post_ids)
    await log.append(conn, case_id, by.id, "undone", {"decision": decision_id, "changed": changed, "reason": reason})
    author_id = decision.account_id if taken_back.undone_to_author else None
    await _tell(conn, decision, author_id, reporter_ids, undoing=True)


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


async def _to_judge(conn: Conn, case_id: int, by: Caller) -> tuple[Row, set[int]]:
    """The case, locked, for somebody who may judge it; and who reported."""
    rules.check_staff(by)
    case = await store.lock_case(conn, case_id)
    if case is None:
        raise NotFound
    reporter_ids = await store.reporter_ids(conn, case_id)
    rules.check_uninvolved(by, case["account_id"], reporter_ids)
    return case, reporter_ids


def _action(name: str) -> Action:
    if name not in ACTIONS:
        raise Refused("is not included in the list", field="action", code="inclusion")
    return ACTIONS[name]


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
    await events.record(conn, Decided(decision.case_id, decision.id, written))
