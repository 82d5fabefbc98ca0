"""What goes to the police where a life is in danger: content, times, account, connections, hashes."""

from typing import Any

import msgspec

from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import cases, log
from palabre.features.moderation import rules as core
from palabre.features.moderation import store as records
from palabre.features.moderation.holds import rules, store
from palabre.features.moderation.holds.hold import Hold
from palabre.features.moderation.log import Entry
from palabre.features.moderation.reports import Report
from palabre.features.moderation.snapshot import Snapshot


class Contents(msgspec.Struct, frozen=True):
    """`sealed` and `originals` (snapshot id -> text): to the letter as they were hashed."""

    hold: Hold
    to: str
    sealed: str
    account: dict[str, Any]
    connections: dict[str, Any]
    snapshots: list[Snapshot]
    originals: dict[int, str]
    reports: list[Report]
    log: list[Entry]


async def contents(conn: Conn, by: Caller, case_id: int, hold_id: int, to: str) -> Contents:
    """All that a pack holds; the case's log keeps who made it, and for whom. `to`: which police, and how it reaches them.

    Any moderator may where a life is in danger; other holds are an owner's to give away. Raises Forbidden, NotFound, Refused.
    """
    await cases.for_staff(conn, by, case_id)
    to = core.check_words("to", clean(to))
    row = await store.one(conn, case_id, hold_id)
    if row is None:
        raise NotFound
    if row["kind"] != "life":
        rules.check_may_open(by)
    if row["purged_at"]:
        raise Refused("Its time is up: what it kept has been erased", code="purged")
    await records.lock_case(conn, case_id)
    await log.append(conn, case_id, by.id, "police", {"hold": hold_id, "why": to})
    kept = await records.snapshots(conn, [case_id])
    sealed = msgspec.json.decode(row["sealed"])
    return Contents(
        hold=Hold.of(row),
        to=to,
        sealed=row["sealed"],
        account=sealed["account"],
        connections=sealed["connections"],
        snapshots=[Snapshot(one) for one in kept],
        originals={one["id"]: one["content"] for one in kept},
        reports=[Report.of(one) for one in await records.reports_in(conn, case_id)],
        log=await log.entries(conn, case_id),
    )
