"""Putting into force what was accepted from a list, and lifting what it says no more, a batch at a time."""

import msgspec

from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.features.moderation.domains import store as domains
from palabre.features.moderation.domains.lists import store
from palabre.features.moderation.domains.measures import change
from palabre.features.moderation.domains.rules import Measure

BATCH = 100


class Pending(msgspec.Struct, frozen=True):
    list_id: int


@duty
async def carry_out(conn: Conn, pending: Pending) -> None:
    """What waits in a list; the rest of it is left to the next duty."""
    followed = await store.lock(conn, pending.list_id)
    if followed is None:
        return
    rows = await store.waiting(conn, pending.list_id, BATCH)
    for row in rows:
        await (_retract if row["state"] == "gone" else _put_into_force)(conn, row, followed)
    if len(rows) == BATCH:
        await put(conn, carry_out, pending)
    elif followed["removed_at"]:
        await store.forget(conn, pending.list_id)


async def _put_into_force(conn: Conn, row: Row, followed: Row) -> None:
    """Unless the moderators have a measure of their own, or a list that comes first has one."""
    await store.set_state(conn, row["list_id"], row["domain"], "in_force")
    standing = await domains.lock_measure(conn, row["domain"])
    if standing and standing["list_id"] is None:
        return
    if standing and standing["list_id"] != row["list_id"]:
        other = await store.lock(conn, standing["list_id"])
        if other and other["removed_at"] is None and other["priority"] >= followed["priority"]:
            return
    await change(conn, row["accepted_by"], row["domain"], "set", _measure(row), row["list_id"])


async def _retract(conn: Conn, row: Row, followed: Row) -> None:
    """What came from this list alone is lifted; what another says too stands by that one."""
    domain = row["domain"]
    await store.remove_entry(conn, row["list_id"], domain)
    standing = await domains.lock_measure(conn, domain)
    if standing is None or standing["list_id"] != row["list_id"]:
        return
    other = await store.best(conn, domain, row["list_id"])
    if other:
        await change(conn, other["accepted_by"], domain, "set", _measure(other), other["list_id"])
    else:
        await change(conn, None, domain, "retracted", None, None)


def _measure(row: Row) -> Measure:
    return Measure(
        severity=row["severity"],
        reject_media=row["reject_media"],
        reject_reports=row["reject_reports"],
        obfuscate=row["obfuscate"],
        public_comment=row["public_comment"],
    )
