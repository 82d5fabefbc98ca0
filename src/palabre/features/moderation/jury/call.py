"""Bringing a case before a jury: an appeal does it by itself, a moderator by asking."""

from collections.abc import Collection, Iterable
from typing import Any

from palabre.base import clock, events
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import cases as views
from palabre.features.moderation import log, reports
from palabre.features.moderation import rules as core
from palabre.features.moderation import store as cases
from palabre.features.moderation.jury import rules, store
from palabre.features.moderation.jury.course import prepare
from palabre.features.moderation.jury.events import PanelCalled
from palabre.features.moderation.snapshot import Snapshot
from palabre.settings import current


async def call(
    conn: Conn,
    case_id: int,
    decision_id: int,
    question: str = "uphold",
    *,
    appellant_words: str = "",
    excluded: Collection[int] = (),
) -> int | None:
    """Have a jury say whether a decision stands; the panel's id. None: no jury can, so a moderator has to.

    `excluded`: parties beside the case's author and its reporters, first of all the appellant. `PanelClosed` brings the answer.
    """
    case = await cases.lock_case(conn, case_id)
    if case is None:
        raise NotFound
    if not await possible(conn, case):
        return None
    return await _call(
        conn, case, decision_id=decision_id, question=question, words=appellant_words, excluded=list(excluded)
    )


async def ask(conn: Conn, by: Caller, case_id: int, rule_id: int, words: str = "") -> int:
    """A moderator asks whether something breaks a rule. Raises Refused where no jury can say.

    The jury's answer goes to the case's log; the measure, if there is to be one, is the moderator's.
    """
    core.check_staff(by)
    await views.check_not_blind(conn, by, case_id)
    case = await cases.lock_case(conn, case_id)
    if case is None:
        raise NotFound
    core.check_uninvolved(by, case["account_id"], await cases.reporter_ids(conn, case_id))
    if case["state"] != "open":
        raise Refused("This case has been decided already", code="decided")
    rules.check_suits(case["categories"], _visibilities(await _kept(conn, case_id)))
    await reports.check_rules(conn, [rule_id])
    rules.check_first(rule_id, await store.panels_of_case(conn, case_id))
    if not await possible(conn, case):
        raise Refused("No jury can be had for this case now", code="jury_none")
    words = core.check_words("words", clean(words), required=False)
    return await _call(conn, case, question="borderline", rule_id=rule_id, words=words, called_by=by.id)


async def possible(conn: Conn, case: Row) -> bool:
    """Whether a jury may judge this case, none does so already, and there are jurors at all."""
    seats = current().jury_seats
    if not seats or not rules.suits(case["categories"], _visibilities(await _kept(conn, case["id"]))):
        return False
    if any(panel["state"] != "closed" for panel in await store.panels_of_case(conn, case["id"])):
        return False
    return await store.some_jurors(conn, seats) >= seats


async def _call(conn: Conn, case: Row, **asked: Any) -> int:
    """The question goes to the panel whose seed is committed to already; another one is made ready."""
    panel_id = await store.waiting_panel(conn) or await prepare(conn)
    await prepare(conn)
    chosen = current()
    await store.update_panel(
        conn,
        panel_id,
        state="called",
        case_id=case["id"],
        called_at=clock.now(),
        seats=chosen.jury_seats,
        votes=chosen.jury_votes,
        hours=chosen.jury_hours,
        **asked,
    )
    panel = await store.panel(conn, panel_id)
    assert panel is not None
    noted = {"panel": panel_id, "question": panel["question"], "commitment": panel["commitment"].hex()}
    noted |= {"decision": panel["decision_id"], "rule_id": panel["rule_id"], "words": panel["words"]}
    await log.append(conn, case["id"], panel["called_by"], "jury_called", noted)
    await events.record(conn, PanelCalled(panel_id))
    return panel_id


async def _kept(conn: Conn, case_id: int) -> list[Snapshot]:
    return [Snapshot(row) for row in await cases.snapshots(conn, [case_id])]


def _visibilities(kept: Iterable[Snapshot]) -> set[str]:
    return {one.post.visibility for one in kept if one.post}
