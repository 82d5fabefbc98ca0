"""Promoting a standby that doesn't run: its database is started for as long as it takes."""

import asyncio
import os
from collections.abc import Callable

from palabre.base.postgres import Server, access, prepare, service_user
from palabre.hosting import base_backup
from palabre.hosting.network import postgres_settings
from palabre.hosting.problems import HostProblem
from palabre.hosting.promote import take_over
from palabre.settings import Settings


async def promote_alone(settings: Settings, say: Callable[[str], None], force: bool) -> None:
    """Raises DataFolderBusy when somebody else promotes or follows, HostProblem, PostgresProblem."""
    data = settings.data
    lock = await asyncio.to_thread(access.take, data / "standby.lock", service_user.choose(data / "postgres", data))
    try:
        if not base_backup.is_there(data):
            raise HostProblem("this standby has not copied the database yet: there is nothing to promote")
        base_backup.put_in_place(data)
        cluster = prepare(data)
        server = Server(cluster, postgres_settings(settings))
        try:
            await take_over(data, cluster.dsn, say, force=force, hold=lambda: asyncio.to_thread(server.start))
        finally:
            await asyncio.to_thread(server.stop)
    finally:
        os.close(lock)
