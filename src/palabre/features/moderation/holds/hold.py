"""Preserving, opening, and letting go."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock, erase, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.base.paging import Page
from palabre.features.accounts import Caller, traces
from palabre.features.moderation import cases, log
from palabre.features.moderation import rules as core
from palabre.features.moderation import store as records
from palabre.features.moderation.canonical import canonical, digest
from palabre.features.moderation.holds import rules, store
from palabre.features.moderation.snapshot import Snapshot

_LONGEST_NAME = 200


class Wanted(msgspec.Struct, frozen=True):
    """`authority`, `reference`: who asks, and its own number for it. `days` None: as long as the law behind `kind` says."""

    kind: str
    reason: str
    authority: str = ""
    reference: str = ""
    days: int | None = None


class Hold(msgspec.Struct, frozen=True):
    """`purged_at`: since when what it sealed is gone."""

    id: int
    case_id: int
    account_id: int
    kind: str
    reason: str
    authority: str
    reference: str
    sha256: str
    made_by: int
    made_at: datetime
    until: datetime
    purged_at: datetime | None

    @classmethod
    def of(cls, row: Row) -> "Hold":
        kept = {name: row[name] for name in cls.__struct_fields__}
        return cls(**kept | {"sha256": row["sha256"].hex()})


class Sealed(msgspec.Struct, frozen=True):
    """What a hold keeps: `account` and its connections as they were, and the case's snapshots."""

    hold: Hold
    account: dict[str, Any]
    connections: dict[str, Any]
    snapshots: list[Snapshot]


async def hold(conn: Conn, by: Caller, case_id: int, wanted: Wanted) -> Hold:
    """Preserve all that a case keeps, and what is known of the account at this moment. Raises Refused, NotFound, Forbidden."""
    case = await cases.for_staff(conn, by, case_id)
    rules.check_kind(wanted.kind)
    reason = core.check_words("reason", clean(wanted.reason))
    days = rules.check_days(wanted.kind, wanted.days)
    await records.lock_case(conn, case_id)
    kept = await records.snapshots(conn, [case_id])
    at, hold_id = clock.now(), ids.new()
    sealed = canonical(
        {
            "account": await records.described_account(conn, case["account_id"]),
            "connections": await traces(conn, case["account_id"]),
            "snapshots": {str(row["id"]): row["sha256"].hex() for row in kept},
        }
    )
    row = {
        "case_id": case_id,
        "id": hold_id,
        "account_id": case["account_id"],
        "kind": wanted.kind,
        "reason": reason,
        "authority": clean(wanted.authority)[:_LONGEST_NAME],
        "reference": clean(wanted.reference)[:_LONGEST_NAME],
        "sealed": sealed,
        "sha256": digest(sealed),
        "made_by": by.id,
        "made_at": at,
        "until": at + timedelta(days=days),
    }
    await store.insert(conn, row)
    await erase.hold(conn, hold_id, _files(kept))
    noted = {name: row[name] for name in ("kind", "reason", "authority", "reference")}
    until = row["until"].isoformat()
    await log.append(
        conn, case_id, by.id, "held", {"hold": hold_id, "until": until, "sha256": digest(sealed).hex()} | noted
    )
    return await _one(conn, case_id, hold_id)


async def open_hold(conn: Conn, by: Caller, case_id: int, hold_id: int, why: str) -> Sealed:
    """What a hold keeps, for an owner who says why he looks. Raises Forbidden, NotFound, Refused."""
    rules.check_may_open(by)
    await cases.for_staff(conn, by, case_id)
    why = core.check_words("why", clean(why))
    row = await store.one(conn, case_id, hold_id)
    if row is None:
        raise NotFound
    if row["purged_at"]:
        raise Refused("Its time is up: what it kept has been erased", code="purged")
    await records.lock_case(conn, case_id)
    await log.append(conn, case_id, by.id, "hold_opened", {"hold": hold_id, "why": why})
    kept = msgspec.json.decode(row["sealed"])
    snapshots = [Snapshot(one) for one in await records.snapshots(conn, [case_id])]
    return Sealed(Hold.of(row), kept["account"], kept["connections"], snapshots)


async def of_case(conn: Conn, by: Caller, case_id: int) -> list[Hold]:
    """The holds of a case, the newest first."""
    await cases.for_staff(conn, by, case_id)
    return [Hold.of(row) for row in await store.of_case(conn, case_id)]


async def holds(conn: Conn, by: Caller, page: Page) -> list[Hold]:
    """All holds, the newest first; not those about the moderator himself."""
    core.check_staff(by)
    return page.newest_first([Hold.of(row) for row in await store.holds(conn, page, not_about=by.id)])


async def purge_ended(conn: Conn, limit: int = 100) -> int:
    """Erase what was sealed by holds whose time is up; how many there were."""
    rows = await store.ended(conn, clock.now(), limit)
    for row in rows:
        await records.lock_case(conn, row["case_id"])
        await store.purge(conn, row["case_id"], row["id"], clock.now())
        await erase.hold_until(conn, row["id"], clock.now())
        await log.append(conn, row["case_id"], None, "hold_purged", {"hold": row["id"]})
    return len(rows)


async def _one(conn: Conn, case_id: int, hold_id: int) -> Hold:
    row = await store.one(conn, case_id, hold_id)
    if row is None:
        raise NotFound
    return Hold.of(row)


def _files(kept: list[Row]) -> list[str]:
    return sorted(
        {
            one[name]
            for row in kept
            for one in Snapshot(row).files
            for name in ("original_key", "small_key")
            if one[name]
        }
    )
