"""The workers' loop: duties one batch after the other; beside them errands, none of which holds up another."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from palabre.base.db import UNAVAILABLE, Database, Row
from palabre.base.duties import queue
from palabre.base.duties.doing import do_duties, do_errand
from palabre.base.duties.queue import LEASE
from palabre.base.live import live

#: How many errands of one worker are under way at once.
MOST_ERRANDS = 20
#: How many seconds those under way may take to end when the worker stops; then another worker does them again.
GRACE = 3

_log = structlog.get_logger()


async def work_forever(db: Database, stop: asyncio.Event) -> None:
    """Until `stop`; the duties in hand are finished first."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_as_news_comes(stop, lambda: do_duties(db)))
        tasks.create_task(_run_errands(db, stop))


async def _as_news_comes(stop: asyncio.Event, work: Callable[[], Awaitable[int]]) -> None:
    """Again and again, for as long as there is some: woken by `live`, and polling every second behind it."""
    async with live.listen(queue.TOPIC, backlog=1) as news:
        while not stop.is_set():
            try:
                if await work():
                    continue
            except (*UNAVAILABLE, OSError) as error:
                _log.warning("database_away", error=str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await news.get()


async def _run_errands(db: Database, stop: asyncio.Event) -> None:
    errands = Errands(db)
    keeping = asyncio.create_task(errands.keep_leases())
    try:
        await _as_news_comes(stop, errands.start)
        await errands.end()
    finally:
        keeping.cancel()


class Errands:
    """Those under way in this worker."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._under_way: dict[asyncio.Task[None], Row] = {}

    async def start(self) -> int:
        """As many more as there is room for, waiting for room where there is none; how many."""
        if len(self._under_way) >= MOST_ERRANDS:
            await asyncio.wait(self._under_way, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        rows = await queue.claim(self._db, MOST_ERRANDS - len(self._under_way), errands=True)
        for row in rows:
            task = asyncio.create_task(do_errand(self._db, row))
            self._under_way[task] = row
            task.add_done_callback(self._ended)
        return len(rows)

    async def keep_leases(self) -> None:
        """So that none is done a second time because it is slow."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            if self._under_way:
                with contextlib.suppress(*UNAVAILABLE, OSError):
                    await queue.renew(self._db, list(self._under_way.values()))

    async def end(self) -> None:
        """Wait a little for those under way; the rest is given back."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE)
        rest = dict(self._under_way)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        if rest:
            with contextlib.suppress(*UNAVAILABLE, OSError):
                await queue.renew(self._db, list(rest.values()), timedelta())

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled() and (error := task.exception()):
            _log.warning("errand_unsure", error=str(error))
