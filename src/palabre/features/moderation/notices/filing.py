"""Bringing the lines of a notice before the moderators: one report for each post, joined to the case that is open on it."""

from typing import Any

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import reports
from palabre.features.moderation.notices import closing, rules, store
from palabre.features.moderation.notices.read import for_staff
from palabre.features.moderation.notices.resolve import Found, resolve
from palabre.features.moderation.reports import Complaint
from palabre.features.moderation.rules import CATEGORIES, due_at
from palabre.settings import current

CHUNK = 25


async def file_some(conn: Conn, notice_id: int, limit: int = CHUNK) -> int:
    """The next lines that wait; how many wait still."""
    notice = await store.lock_notice(conn, notice_id)
    if notice is None or not notice["unfiled"]:
        return 0
    for item in await store.waiting(conn, notice_id, limit):
        await _file(conn, notice, item, item["url"])
    return await closing.count(conn, notice_id, tell=notice["unfiled"] < notice["items"])


async def point(conn: Conn, by: Caller, notice_id: int, line: int, url: str) -> None:
    """A moderator says what an address means that could not be resolved. Raises Refused if that can't be either."""
    await for_staff(conn, by, notice_id)
    notice, item = await store.lock_notice(conn, notice_id), await store.item(conn, notice_id, line)
    if notice is None or item is None:
        raise NotFound
    if item["case_id"]:
        raise Refused("is in a case already", field="url", code="filed")
    await _file(conn, notice, item, url)
    changed = await store.item(conn, notice_id, line)
    if changed is None or not changed["case_id"]:
        raise Refused("leads to nothing here", field="url", code="nothing_there")
    await store.update_notice(conn, notice_id, closed_at=None)
    await closing.count(conn, notice_id)


async def _file(conn: Conn, notice: Row, item: Row, url: str) -> None:
    sees_all = rules.sees_all(notice["source"])
    found = await resolve(conn, url, notice["member_id"], sees_all=sees_all)
    changes: dict[str, Any] = {
        "account_id": found.account_id,
        "post_id": found.post_id,
        "problem": found.problem,
        "remarks": list(found.remarks),
    }
    if found.problem:
        changes |= _answered()
    elif found.decision:
        changes |= {"case_id": found.decision[0], "decision_id": found.decision[1]} | _answered()
    else:
        changes |= await _report(conn, notice, item, found)
    await store.update_item(conn, notice["id"], item["line"], **changes)


def _answered() -> dict[str, Any]:
    return {"state": "answered", "answered_at": clock.now()}


async def _report(conn: Conn, notice: Row, item: Row, found: Found) -> dict[str, Any]:
    assert found.account_id is not None
    twin = await store.same_thing(conn, notice["id"], item["line"], found.account_id, found.post_id)
    if twin:
        kept = ("case_id", "report_id", "decision_id", "state", "answered_at")
        return {name: twin[name] for name in kept} | {"remarks": [*found.remarks, "repeated"]}
    try:
        async with conn.savepoint():
            made = await reports.file(conn, _complaint(notice, item, found), _eyes(notice, found))
    except NotFound:  # deleted this very moment, or not for this sender
        return {"problem": "not_found"} | _answered()
    except Refused as why:
        if why.code == "conflict":  # somebody else was at it: the whole chunk is tried again
            raise
        return {"problem": "own" if why.code == "own" else "refused"} | _answered()
    return {"case_id": made.case_id, "report_id": made.id, "state": "filed"}


def _eyes(notice: Row, found: Found) -> int | None:
    return found.account_id if rules.sees_all(notice["source"]) else notice["member_id"]


def _complaint(notice: Row, item: Row, found: Found) -> Complaint:
    assert found.account_id is not None
    category = item["category"] if item["category"] in CATEGORIES else notice["category"]
    by_category = due_at(notice["received_at"], notice["source"], category, current().deadlines)
    own = category != notice["category"]
    subject = [found.post_id] if found.post_id else []
    return Complaint(
        account_id=found.account_id,
        post_ids=[] if found.gone else subject,
        gone=subject if found.gone else [],
        comment=rules.comment(notice["explanation"], item["comment"]),
        category=category,
        source=notice["source"],
        reporter_id=notice["member_id"],
        notice_id=notice["id"],
        due_at=min(notice["due_at"], by_category) if own else notice["due_at"],
    )
