"""The rules in force, made ready once per process, and again when they change."""

import asyncio
import time

import msgspec
import regex
import structlog

from palabre.base.db import Conn
from palabre.base.duties import put
from palabre.base.live import live, say
from palabre.features.moderation.screening import alarm, store
from palabre.features.moderation.screening.match import Ready, ready
from palabre.features.moderation.screening.model import Content

TOPIC = "screening"
_KEEP = 60.0  # seconds, should the news of a change get lost
_log = structlog.get_logger()
_cached: tuple[float, list[Ready]] | None = None


async def active(conn: Conn) -> list[Ready]:
    """A rule that can't be made ready is left out, and its staff told: it stops nobody from posting."""
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > _KEEP:
        found = []
        for row in await store.active(conn):
            try:
                found.append(ready(row["id"], row["version"], msgspec.convert(row["content"], Content)))
            except (regex.error, msgspec.ValidationError, ValueError) as error:
                _log.exception("screening_rule_broken", rule=row["id"], version=row["version"])
                await put(conn, alarm.report_trouble, alarm.Trouble(row["id"], str(error)))
        _cached = (time.monotonic(), found)
    return _cached[1]


def forget() -> None:
    """Read them anew when next asked."""
    global _cached
    _cached = None


def changed(conn: Conn) -> None:
    """Tell every process, once this transaction is durable."""
    conn.after_commit(forget)
    say(conn, TOPIC)


async def keep_fresh() -> None:
    """For as long as the process runs: forget them when somebody changes one."""
    forget()
    async with live.listen(TOPIC, backlog=1) as news:
        while True:
            await news.get()
            forget()
            await asyncio.sleep(0)
