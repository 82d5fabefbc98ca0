"""Two hosts' clocks: compared while both are there, and what a host that takes over does when its own is behind."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from palabre.base import duties, ids
from palabre.base.db import Conn
from palabre.base.link import Address, ask
from palabre.hosting import state, store

MOST_APART = 5.0
"""Seconds; less may be the way from host to host."""


async def ask_status(address: Address) -> tuple[dict[str, Any], float | None]:
    """What that host says of itself, and by how many seconds our clock is ahead of its. Raises LinkProblem."""
    before = time.time()
    found = await ask(address, "status")
    theirs = found.get("clock")
    return found, (before + time.time()) / 2 - theirs if isinstance(theirs, (int, float)) else None


def words(ahead: float | None) -> Iterator[str]:
    """For people, where it matters. `ahead`: seconds by which our clock is ahead of the other host's."""
    if ahead is not None and abs(ahead) > MOST_APART:
        yield (
            f"This machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the first host's: set both "
            "by NTP (`timedatectl set-ntp true`). Second factors, times shown and waiting work depend on it."
        )


async def take_up(conn: Conn) -> datetime | None:
    """On promotion: no work waits for the first host's clock, where that was ahead. What it showed when last heard."""
    last = await store.last_heard(conn)
    if last and (late := last - await store.now(conn)) > timedelta():
        await duties.bring_forward(conn, late)
    return last


def heed(here: state.State) -> None:
    """In each process that serves."""
    if here.ids_after:
        ids.follow(ids.made_at(here.ids_after))
