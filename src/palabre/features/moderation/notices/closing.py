"""A notice is closed once each of its lines has its answer; then its sender is written to, once for all of them."""

from palabre.base import clock
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.duties import duty
from palabre.base.errors import NotFound
from palabre.features.accounts import Caller
from palabre.features.moderation import log
from palabre.features.moderation.events import Decided
from palabre.features.moderation.notices import mailing, store
from palabre.features.moderation.notices.read import for_staff
from palabre.features.moderation.rules import check_words


async def count(conn: Conn, notice_id: int, *, tell: bool = True) -> int:
    """Note how many lines are still to be filed and answered; with the last answer the notice is closed. How many are
    still to be filed. `tell` False: the receipt, still to be written, says it all.
    """
    notice, left = await store.lock_notice(conn, notice_id), await store.count_left(conn, notice_id)
    if notice is None:
        raise NotFound
    await store.update_notice(conn, notice_id, unfiled=left["unfiled"], unanswered=left["unanswered"])
    if not left["unanswered"] and notice["closed_at"] is None:
        await store.update_notice(conn, notice_id, closed_at=clock.now())
        if tell:
            await _tell(conn, notice, "outcome")
    return int(left["unfiled"])


@duty
async def answer_notices(conn: Conn, event: Decided) -> None:
    """What was decided is the answer to every line that was about it; orders of an authority hear at once."""
    if event.undoing:
        await _tell_of_undoing(conn, event)
        return
    lines: dict[int, list[int]] = {}
    for row in await store.answer_items(conn, event.case_id, event.decision_id, clock.now()):
        lines.setdefault(row["notice_id"], []).append(row["line"])
    for notice_id, answered in sorted(lines.items()):
        before = await store.lock_notice(conn, notice_id)
        assert before is not None
        noted = {"notice": notice_id, "decision": event.decision_id, "lines": sorted(answered)}
        await log.append(conn, event.case_id, None, "answered", noted)
        await count(conn, notice_id)
        after = await store.notice(conn, notice_id)
        at_once = before["source"] == "order" and after is not None and after["closed_at"] is None
        if at_once or before["closed_at"] is not None:
            await _tell(conn, before, "changed" if before["closed_at"] else "outcome")


async def _tell_of_undoing(conn: Conn, event: Decided) -> None:
    rows = await store.items_decided_by(conn, event.case_id, event.decision_id)
    for notice_id in sorted({row["notice_id"] for row in rows}):
        notice = await store.lock_notice(conn, notice_id)
        if notice is not None:
            await log.append(conn, event.case_id, None, "answered", {"notice": notice_id, "undone": event.decision_id})
            await _tell(conn, notice, "changed")


async def answer(conn: Conn, by: Caller, notice_id: int, line: int, words: str) -> None:
    """A moderator answers a line by hand that led to nothing."""
    await for_staff(conn, by, notice_id)
    notice, item = await store.lock_notice(conn, notice_id), await store.item(conn, notice_id, line)
    if notice is None or item is None or item["case_id"]:
        raise NotFound
    words = check_words("answer", clean(words))
    await store.update_item(
        conn, notice_id, line, answer=words, answered_by=by.id, answered_at=clock.now(), state="answered"
    )
    await count(conn, notice_id)
    if notice["closed_at"] is not None:
        await _tell(conn, notice, "changed")


async def _tell(conn: Conn, notice: Row, what: mailing.What) -> None:
    """Members hear by letter, case by case; everybody else by mail, and all of them on the notice's page."""
    await store.update_notice(conn, notice["id"], told_at=clock.now())
    if notice["member_id"] is None:
        await mailing.post_outcome(conn, notice["id"], what)
