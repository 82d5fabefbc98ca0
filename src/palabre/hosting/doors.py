"""A local door to the first host's database, where PostgreSQL's own programs find it."""

import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from palabre.base.link import Address, door
from palabre.base.postgres.access import private_folder
from palabre.base.postgres.cluster import PORT, SHORT_FOLDERS
from palabre.base.postgres.service_user import ServiceUser


def folder_of(data: Path) -> Path:
    """A short path, whatever the data folder's: PostgreSQL's user may not get through the folders above that one."""
    return SHORT_FOLDERS / f"palabre-{hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]}-door"


@contextlib.asynccontextmanager
async def open_door(data: Path, address: Address, user: ServiceUser) -> AsyncIterator[Path]:
    """The folder of a Unix socket that leads to the database of the other host, for this user only."""
    folder = folder_of(data)
    private_folder(folder, user)
    socket = folder / f".s.PGSQL.{PORT}"
    opened = await door(socket, address, "postgres")
    if not user.is_me:
        os.chown(socket, user.uid, user.gid)
    try:
        yield folder
    finally:
        await opened.close()
        with contextlib.suppress(OSError):
            folder.rmdir()
