"""Appeals that go before a jury of members, and what becomes of its verdict."""

from datetime import timedelta

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.errors import Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import cases as views
from palabre.features.moderation import jury, log
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import rules, store
from palabre.features.moderation.appeals.appeal import Appeal
from palabre.features.moderation.appeals.find import load
from palabre.features.moderation.appeals.judge import JURY, settle
from palabre.features.moderation.jury.events import PanelClosed
from palabre.features.moderation.rules import LONGEST_REASON, check_staff
from palabre.settings import current


async def leave_to_jury(conn: Conn, by: Caller, case_id: int, appeal_id: int) -> None:
    """Who could judge it leaves it to a jury. Raises Forbidden; Refused where none can be had for this case."""
    check_staff(by)
    await views.check_not_blind(conn, by, case_id)
    await cases.lock_case(conn, case_id)
    appeal = await load(conn, case_id, appeal_id)
    rules.check_may_judge(by, appeal)
    rules.check_open(appeal)
    if not await send(conn, appeal, by.id):
        raise Refused("No jury can be had for this case: please judge it yourself", code="jury_none")


async def send(conn: Conn, appeal: Appeal, actor_id: int | None) -> bool:
    """False: no jury can have it, so it stays with the moderators."""
    panel_id = await _call(conn, appeal)
    if panel_id is None:
        return False
    await store.update(conn, appeal.case_id, appeal.id, state="jury", panel_id=panel_id)
    await log.append(conn, appeal.case_id, actor_id, "sent_to_jury", {"appeal": appeal.id, "panel": panel_id})
    return True


async def hear_verdict(conn: Conn, case_id: int, panel_id: int, verdict: str, reason: str) -> None:
    """What a jury said: `uphold`, `overturn`, or `none` where it came to nothing, so that a moderator judges. What was asked
    for by who reported is then decided by somebody else than before: the jury says that it was wrong, not what is right.
    """
    await cases.lock_case(conn, case_id)
    row = await store.with_panel(conn, case_id, panel_id)
    if row is None:
        return
    appeal, words = Appeal.of(row), _short(reason)
    if verdict == "uphold":
        await settle(conn, appeal, "upheld", JURY, words)
    elif verdict == "overturn":
        await settle(conn, appeal, "overturned", JURY, words)
        case = await cases.case(conn, case_id)
        if appeal.side == "reporter" and case and case["state"] == "decided":
            await views.open_again(conn, case, None)
    else:
        due_at = clock.now() + timedelta(hours=current().deadlines["appeal"])
        await store.update(conn, case_id, appeal.id, state="open", panel_id=None, due_at=due_at)
        await log.append(conn, case_id, None, "back_from_jury", {"appeal": appeal.id, "panel": panel_id, "why": reason})


def _short(reason: str) -> str:
    """What six people wrote may be more than a letter holds; their paragraphs stay."""
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"


@duty
async def hear(conn: Conn, event: PanelClosed) -> None:
    await hear_verdict(conn, event.case_id, event.panel_id, event.outcome, event.reason)


async def _call(conn: Conn, appeal: Appeal) -> int | None:
    appellant = [appeal.appellant_id] if appeal.appellant_id else []
    return await jury.call(conn, appeal.case_id, appeal.decision_id, appellant_words=appeal.words, excluded=appellant)
