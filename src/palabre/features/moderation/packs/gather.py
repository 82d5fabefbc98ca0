"""Bringing together what a pack says of its cases. People appear by their part in it, not by name: a host needs no more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock, origin
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.features import instance
from palabre.features.moderation import log
from palabre.features.moderation.cases import cited
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.packs import store
from palabre.features.moderation.packs.of_notice import NoticePart
from palabre.features.moderation.store import decisions as decisions_in
from palabre.settings import current

#: Whose own words go back to them; a member's words stay here.
_OUTSIDE = ("notice", "host", "store", "authority", "order", "flagger")


class Incoming(msgspec.Struct, frozen=True):
    source: str
    category: str
    received_at: datetime
    due_at: datetime | None
    posts: int
    notice: str | None
    words: str


class Kept(msgspec.Struct, frozen=True):
    """What was looked at: where it stood, when it was kept, and the hash of what was kept."""

    url: str
    kind: str
    taken_at: datetime
    sha256: str


class Ruled(msgspec.Struct, frozen=True):
    action: str
    decided_at: datetime
    decided_by: str
    ground: str
    grounds: list[str]
    rules_version: int
    facts: str
    reason: str
    hours: float
    in_time: bool | None
    posts: int
    expires_at: datetime | None
    ended: str | None
    ended_at: datetime | None


class Happened(msgspec.Struct, frozen=True):
    seq: int
    at: datetime
    by: str
    kind: str
    hash: str


class CasePart(msgspec.Struct, frozen=True):
    id: str
    state: str
    opened_at: datetime
    came_in: list[Incoming]
    kept: list[Kept]
    decisions: list[Ruled]
    log: list[Happened]


class Evidence(msgspec.Struct, frozen=True):
    network: str
    origin: str
    made_at: datetime
    notice: NoticePart | None
    cases: list[CasePart]
    seals: list[dict[str, Any]]
    newest_seal: dict[str, Any] | None


async def gather(conn: Conn, case_ids: Sequence[int], notice: NoticePart | None = None) -> Evidence:
    """The cases named and those that the notice led to. Raises NotFound where one doesn't exist, or there is nothing."""
    wanted = {*case_ids, *(int(line.case) for line in (notice.lines if notice else ()) if line.case)}
    rows = await store.cases(conn, sorted(wanted))
    if len(rows) < len(wanted) or not (rows or notice):
        raise NotFound
    ids = [row["id"] for row in rows]
    reports, kept, entries = (
        _by_case(found)
        for found in (await store.reports(conn, ids), await store.snapshots(conn, ids), await store.entries(conn, ids))
    )
    ruled: dict[int, list[Decision]] = defaultdict(list)
    for row in await decisions_in(conn, ids):
        ruled[row["case_id"]].append(Decision.of(row))
    rules = {
        rule.id: rule.text
        for rule in await cited(conn, {r for some in ruled.values() for one in some for r in one.rule_ids})
    }
    actors = {row["actor_id"] for some in entries.values() for row in some if row["actor_id"]}
    roles = await store.roles(conn, list(actors))
    newest = await log.newest(conn)
    return Evidence(
        network=(await instance.about(conn)).name,
        origin=current().link_origin,
        made_at=clock.now(),
        notice=notice,
        cases=[
            CasePart(
                id=str(row["id"]),
                state=row["state"],
                opened_at=row["opened_at"],
                came_in=[_incoming(one) for one in reports[row["id"]]],
                kept=[_kept(one) for one in kept[row["id"]]],
                decisions=[_ruled(one, reports[row["id"]], rules) for one in ruled[row["id"]]],
                log=[_happened(one, row["account_id"], roles) for one in entries[row["id"]]],
            )
            for row in rows
        ],
        seals=[seal.published() for seal in await log.covering(conn, ids)],
        newest_seal=newest.published() if newest else None,
    )


def _by_case(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["case_id"]].append(row)
    return grouped


def _incoming(row: Row) -> Incoming:
    return Incoming(
        source=row["source"],
        category=row["category"],
        received_at=row["created_at"],
        due_at=row["due_at"],
        posts=len(row["post_ids"]),
        notice=str(row["notice_id"]) if row["notice_id"] else None,
        words=row["comment"] if row["source"] in _OUTSIDE else "",
    )


def _kept(row: Row) -> Kept:
    content = msgspec.json.decode(row["content"])
    public = (content["post"] or content["author"])["public"]
    url = str(public.get("url") or "").replace(origin.SENTINEL, current().link_origin)
    return Kept(url, "post" if row["post_id"] else "account", row["taken_at"], row["sha256"].hex())


def _ruled(one: Decision, reports: list[Row], rules: dict[int, str]) -> Ruled:
    before = [row for row in reports if row["created_at"] <= one.decided_at]
    due = min((row["due_at"] for row in before if row["due_at"]), default=None)
    first = min((row["created_at"] for row in before), default=one.decided_at)
    return Ruled(
        action=one.action,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        ground=one.ground,
        grounds=[one.law] if one.law else [rules[rule] for rule in one.rule_ids if rule in rules],
        rules_version=one.policy_version,
        facts=one.facts,
        reason=one.reason,
        hours=round((one.decided_at - first).total_seconds() / 3600, 1),
        in_time=one.decided_at <= due if due else None,
        posts=len(one.post_ids),
        expires_at=one.expires_at,
        ended=one.ended,
        ended_at=one.undone_at,
    )


def _happened(row: Row, account_id: int, roles: dict[int, str]) -> Happened:
    actor = row["actor_id"]
    if actor:
        by = "author" if actor == account_id else roles.get(actor, "member")
    else:
        by = "outside" if row["kind"] == "reported" else "network"
    return Happened(row["seq"], row["at"], by, row["kind"], row["hash"].hex())
