"""The course of a panel: the draw, silence and replacements, the end. Workers alone do this, each step once."""

import secrets
from datetime import datetime, timedelta

import msgspec

from palabre.base import clock, events, ids
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import duty
from palabre.features.moderation import log
from palabre.features.moderation.canonical import canonical, digest
from palabre.features.moderation.jury import pool, rules, store
from palabre.features.moderation.jury.draw import commitment, held_seats
from palabre.features.moderation.jury.events import JurorReminded, PanelCalled, PanelClosed
from palabre.features.moderation.jury.urn import Urn
from palabre.settings import current

_AT_ONCE = 200


class Panel(msgspec.Struct, frozen=True):
    panel_id: int


async def prepare(conn: Conn) -> int:
    """Make a panel that has no question yet, and commit to its seed."""
    panel_id, seed = ids.new(), secrets.token_bytes(32)
    await store.insert_panel(conn, panel_id, seed, commitment(seed), clock.now())
    return panel_id


async def keep_one_ready(db: Database) -> None:
    """A round: there is always a seed that was committed to before anybody knows for what."""
    async with db.transaction() as conn:
        if current().jury_seats and not await store.next_panels(conn):
            await prepare(conn)
        await store.forget_pools(conn, clock.now() - timedelta(days=current().evidence_days))


async def advance_due(db: Database) -> None:
    """A round: whatever time has brought about in panels that sit."""
    async with db.reading() as conn:
        due = await store.due(conn, clock.now(), _AT_ONCE)
    for panel_id in due:
        async with db.transaction() as conn:
            await advance(conn, Panel(panel_id))


@duty
async def draw_panel(conn: Conn, event: PanelCalled) -> None:
    """Fix the pool and draw the first jurors from it; with too few of them, a moderator has to decide."""
    panel = await store.panel(conn, event.panel_id, lock=True)
    if panel is None or panel["state"] != "called":
        return
    at = clock.now()
    who = await pool.qualified(conn, panel["id"])
    sha256, length = digest(canonical(who)), timedelta(hours=panel["hours"])
    await store.update_panel(
        conn,
        panel["id"],
        state="open",
        pool=pool.pack(who),
        pool_size=len(who),
        pool_digest=sha256,
        drawn_at=at,
        closes_at=at + length * current().jury_rounds,
    )
    noted = {"panel": panel["id"], "size": len(who), "sha256": sha256.hex()}
    await log.append(conn, panel["case_id"], None, "jury_pool", noted)
    panel = await _again(conn, panel["id"])
    urn = await Urn.of(conn, panel, [])
    if not await urn.fill([None] * panel["seats"], at + length, or_none=True):
        await _close(conn, panel, "none", "unfilled", [])
        return
    await advance(conn, Panel(panel["id"]))


@duty
async def advance(conn: Conn, which: Panel) -> None:
    """Do what is due on a panel: note silence, replace, remind, close. Harmless at any time."""
    panel = await store.panel(conn, which.panel_id, lock=True)
    if panel is None or panel["state"] != "open":
        return
    now = clock.now()
    await _note_silence(conn, panel, now)
    ballots = await store.ballots(conn, [panel["id"]])
    found = rules.outcome([ballot["answer"] for ballot in ballots], panel["votes"])
    if found == "none" and now + timedelta(hours=panel["hours"] / 4) <= panel["closes_at"]:
        await _replace(conn, panel, now)
    waiting = [seat for seat in await store.seats(conn, [panel["id"]]) if seat["state"] == "drawn"]
    if waiting:
        await _remind(conn, panel, waiting, now)
        return
    why = "" if found != "none" else "split" if len(ballots) == panel["seats"] else "silence"
    await _close(conn, panel, found, why, ballots)


async def _note_silence(conn: Conn, panel: Row, now: datetime) -> None:
    for seat in await store.seats(conn, [panel["id"]]):
        if seat["state"] == "drawn" and seat["due_at"] <= now:
            await store.update_seat(conn, panel["id"], seat["seat"], state="silent")
            await log.append(conn, panel["case_id"], None, "jury_silent", {"panel": panel["id"], "seat": seat["seat"]})


async def _replace(conn: Conn, panel: Row, now: datetime) -> None:
    """Draw somebody for each seat whose juror won't vote."""
    seats = await store.seats(conn, [panel["id"]])
    held = held_seats([(seat["seat"], seat["juror"], seat["replaces"]) for seat in seats])
    empty = [seat["seat"] for seat in seats if seat["seat"] in held and seat["state"] in ("silent", "recused", "left")]
    if empty:
        urn = await Urn.of(conn, panel, seats)
        await urn.fill(empty, min(now + timedelta(hours=panel["hours"]), panel["closes_at"]))


async def _remind(conn: Conn, panel: Row, waiting: list[Row], now: datetime) -> None:
    """Once, when half of a juror's time is over; and say when to look at the panel next."""
    moments = []
    for seat in waiting:
        half = seat["drawn_at"] + (seat["due_at"] - seat["drawn_at"]) / 2
        if half <= now and seat["reminded_at"] is None:
            await store.update_seat(conn, panel["id"], seat["seat"], reminded_at=now)
            await events.record(conn, JurorReminded(panel["id"], seat["seat"]))
        moments.append(half if half > now else seat["due_at"])
    await store.update_panel(conn, panel["id"], next_at=min(moments))


async def _close(conn: Conn, panel: Row, outcome: str, why: str, ballots: list[Row]) -> None:
    at = clock.now()
    await store.update_panel(
        conn, panel["id"], state="closed", outcome=outcome, why_none=why or None, closed_at=at, next_at=None
    )
    votes = {answer: sum(ballot["answer"] == answer for ballot in ballots) for answer in rules.ANSWERS}
    noted = {"panel": panel["id"], "outcome": outcome, "why": why, "votes": votes, "seed": panel["seed"].hex()}
    await log.append(conn, panel["case_id"], None, "jury_closed", noted)
    reason = why or "\n\n".join(f"– {ballot['reason']}" for ballot in ballots if ballot["answer"] == outcome)
    await events.record(conn, PanelClosed(panel["id"], panel["case_id"], panel["decision_id"] or 0, outcome, reason))


async def _again(conn: Conn, panel_id: int) -> Row:
    found = await store.panel(conn, panel_id)
    assert found is not None
    return found
