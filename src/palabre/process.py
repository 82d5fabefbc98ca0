"""What every process of the network holds while it runs."""

import contextlib
from collections.abc import AsyncIterator

from palabre.base import blobs, logs, mail
from palabre.base.db import Database
from palabre.base.live import live
from palabre.settings import current


@contextlib.asynccontextmanager
async def running(db: Database) -> AsyncIterator[None]:
    """Logs, the blob store, the database, and the line on which news is told and heard."""
    settings = current()
    logs.set_up(settings.log_level, settings.log_format)
    store = settings.media_store or str(settings.data / "media")
    blobs.use(blobs.open_store(store, **settings.media_store_options))
    if settings.sends_mail:
        mail.use(mail.Smtp(settings.smtp_url.get_secret_value(), settings.sender))
    with contextlib.suppress(OSError):
        await db.open()
    await live.start(db)
    try:
        yield
    finally:
        await live.stop()
        await db.close()
