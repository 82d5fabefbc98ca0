"""Fetching lists every day, and what is new, changed or gone in them since."""

from datetime import timedelta

import msgspec

from palabre.base import clock, http
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import errand, put
from palabre.base.errors import Refused
from palabre.features.moderation.domains import csvs, rules
from palabre.features.moderation.domains.csvs import Line
from palabre.features.moderation.domains.lists import store
from palabre.features.moderation.domains.lists.carry_out import Pending, carry_out

MOST_BYTES = 10 * 1024**2
_EVERY = timedelta(days=1)
_AFTER_FAILURE = timedelta(hours=2)
_HARMLESS = ("", "empty", "comment", "duplicate")


class Fetch(msgspec.Struct, frozen=True):
    list_id: int


async def fetch_due(db: Database) -> None:
    """A round: leave to the workers whatever was not fetched for a day."""
    async with db.transaction() as conn:
        now = clock.now()
        for list_id in await store.claim_due(conn, now, now + _EVERY):
            await put(conn, fetch_list, Fetch(list_id))


@errand
async def fetch_list(db: Database, wanted: Fetch) -> None:
    """A list that can't be had, or can't be one, changes nothing: what came from it stands."""
    async with db.reading() as conn:
        followed = await store.one(conn, wanted.list_id)
    if followed is None:
        return
    try:
        headers = {"if-none-match": followed["etag"]} if followed["etag"] else {}
        reply = await http.get(followed["url"], limit_bytes=MOST_BYTES, headers=headers)
        lines = None if reply.status == 304 and followed["etag"] else _lines(reply, followed["severity"])
    except (http.Unreachable, Refused) as why:
        await _failed(db, wanted.list_id, str(why))
        return
    async with db.transaction() as conn:
        locked = await store.lock(conn, wanted.list_id)
        if locked is None or locked["removed_at"] or locked["url"] != followed["url"]:
            return
        now = clock.now()
        done = {"fetched_at": now, "next_fetch_at": now + _EVERY, "problem": ""}
        if lines is not None:
            await _take_in(conn, locked, lines)
            left_out = sum(line.problem not in _HARMLESS for line in lines)
            done |= {"etag": reply.headers.get("etag", "")[:500], "left_out": left_out}
        await store.update(conn, wanted.list_id, **done)


def _lines(reply: http.Reply, severity: str) -> list[Line]:
    if reply.status != 200:
        raise Refused(f"the server answered {reply.status}")
    lines = csvs.read(reply.text(), severity)
    named = sum(not line.problem for line in lines)
    strange = sum(line.problem not in _HARMLESS for line in lines)
    if not named or strange > named + 10:
        raise Refused("what the server answered is no list of domains")
    return lines


async def _take_in(conn: Conn, followed: Row, lines: list[Line]) -> None:
    never = {row["domain"] for row in await store.exclusions(conn)}
    found = [line for line in lines if not line.problem and not rules.excluded(line.domain, never)]
    await store.take_in(
        conn,
        followed["id"],
        [line.domain for line in found],
        [line.measure.severity for line in found],
        [line.measure.reject_media for line in found],
        [line.measure.reject_reports for line in found],
        [line.measure.obfuscate for line in found],
        [line.measure.public_comment for line in found],
        "accepted" if followed["adopt"] else "draft",
        clock.now(),
    )
    await store.mark_gone(conn, followed["id"], [line.domain for line in found])
    await put(conn, carry_out, Pending(followed["id"]))


async def _failed(db: Database, list_id: int, why: str) -> None:
    async with db.transaction() as conn:
        await store.update(conn, list_id, problem=why[:500], next_fetch_at=clock.now() + _AFTER_FAILURE)
