"""The database that is being filled: our own in a staging folder, or one that was given."""

import contextlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from pathlib import Path

from anyio import to_thread

from palabre.base.db import Database
from palabre.base.filling import connect
from palabre.base.postgres import Server, flush, prepare
from palabre.features.portability.restore.staging import Staging
from palabre.features.portability.restore.wanted import Target

#: While it is filled nothing has to be durable: broken off by the machine's end, it is begun anew.
_IN_A_HURRY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "40",
}


@contextlib.asynccontextmanager
async def filled(
    staging: Staging, target: Target, timed: Callable[[str], AbstractContextManager[None]]
) -> AsyncIterator[Database]:
    """Our own is durable only afterwards."""
    if target.database_url:
        async with given(target) as db:
            yield db
        return
    staging.data.mkdir(mode=0o700, exist_ok=True)
    like_owner_of(staging.target, staging.data)
    cluster = await to_thread.run_sync(prepare, staging.data)
    server = Server(cluster, _IN_A_HURRY)
    await to_thread.run_sync(server.start)
    try:
        db = connect(cluster.dsn)
        try:
            yield db
        finally:
            await db.close()
    finally:
        await to_thread.run_sync(server.stop)
    with timed("sync"):
        await to_thread.run_sync(flush, cluster)


@contextlib.asynccontextmanager
async def given(target: Target) -> AsyncIterator[Database]:
    db = connect(target.database_url)
    try:
        yield db
    finally:
        await db.close()


def like_owner_of(folder: Path, made: Path) -> None:
    """Made by root in somebody's folder, it is his."""
    if os.geteuid() == 0 and (owner := folder.stat()).st_uid:
        os.chown(made, owner.st_uid, owner.st_gid, follow_symlinks=False)
