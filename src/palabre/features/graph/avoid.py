"""Keeping somebody away: blocks end everything between two people, mutes only spare one the other's posts."""

from datetime import timedelta

from palabre.base import clock, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.features.graph import store
from palabre.features.graph.events import Blocked, Muted
from palabre.features.graph.follow import disconnect

LONGEST_NOTE = 2_000
_LONGEST_MUTE = timedelta(days=365 * 100)


async def block(conn: Conn, account_id: int, target_id: int) -> None:
    """Neither sees, follows nor can reach the other any more. Raises NotFound for nobody and oneself."""
    await _check(conn, account_id, target_id)
    await store.lock(conn, account_id, target_id)
    if await store.add_block(conn, account_id, target_id, ids.new()):
        await disconnect(conn, account_id, target_id)
        await disconnect(conn, target_id, account_id)
        await events.record(conn, Blocked(account_id, target_id))


async def unblock(conn: Conn, account_id: int, target_id: int) -> None:
    await store.remove_block(conn, account_id, target_id)


async def mute(
    conn: Conn, account_id: int, target_id: int, *, notifications: bool = True, duration: timedelta | None = None
) -> None:
    """Not see somebody in timelines, for a while or (no `duration`) until unmuted. Raises NotFound as `block` does."""
    await _check(conn, account_id, target_id)
    until = clock.now() + min(duration, _LONGEST_MUTE) if duration else None
    await store.set_mute(conn, account_id, target_id, ids.new(), notifications, until)
    await events.record(conn, Muted(account_id, target_id, notifications))


async def unmute(conn: Conn, account_id: int, target_id: int) -> None:
    await store.remove_mute(conn, account_id, target_id)


async def note(conn: Conn, account_id: int, target_id: int, comment: str) -> None:
    """Keep a private note on somebody; an empty one removes it. Raises Refused for one too long."""
    comment = clean(comment)
    if len(comment) > LONGEST_NOTE:
        raise Refused(f"is too long (maximum is {LONGEST_NOTE} characters)", field="comment", code="too_long")
    if not await store.exists(conn, target_id):
        raise NotFound
    await store.set_note(conn, account_id, target_id, comment)


async def _check(conn: Conn, account_id: int, target_id: int) -> None:
    if account_id == target_id or not await store.exists(conn, target_id):
        raise NotFound
