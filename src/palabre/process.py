"""What every process of the network holds while it runs."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator

from palabre.base import blobs, logs, mail
from palabre.base.db import UNAVAILABLE, Database, Error
from palabre.base.live import live
from palabre.features import instance, posts
from palabre.features.moderation import screening
from palabre.features.portability import standby
from palabre.settings import current


@contextlib.asynccontextmanager
async def running(db: Database) -> AsyncIterator[None]:
    """Logs, the blob store, the database, and the line on which news is told and heard."""
    settings = current()
    logs.set_up(settings.log_level, settings.log_format)
    store = settings.media_store or str(settings.data / "media")
    media = blobs.open_store(store, **settings.media_store_options)
    blobs.use(standby.Mirrored(media, db, settings.standby_synchronous))
    if settings.sends_mail:
        mail.use(mail.Smtp(settings.smtp_url.get_secret_value(), settings.sender))
    with contextlib.suppress(*UNAVAILABLE, OSError, Error):
        await db.open()
        async with db.reading() as conn:
            await posts.go_on(conn)
    await live.start(db)
    fresh = [asyncio.create_task(keep()) for keep in (screening.keep_fresh, instance.keep_fresh)]
    try:
        yield
    finally:
        for task in fresh:
            task.cancel()
        await live.stop()
        await db.close()


def stop_with_parent() -> None:
    """Stop when whoever started this process ends, however it does: then the pipe at our stdin is closed."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="leash", daemon=True).start()
