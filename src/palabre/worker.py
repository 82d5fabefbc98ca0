"""The worker process: does the duties that wait in the database, and those that come round by the clock."""

import asyncio
import signal

import palabre.consequences  # noqa: F401 - wires the events
from palabre.base.db import Database
from palabre.base.duties import work_forever
from palabre.process import running
from palabre.rounds import make_rounds
from palabre.settings import current


async def run() -> None:
    """Until SIGTERM or SIGINT; the duty in hand is finished first."""
    db = Database(current().database_url.get_secret_value(), most=6)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(db):
        rounds = asyncio.create_task(make_rounds(db, stop))
        await work_forever(db, stop)
        await rounds
