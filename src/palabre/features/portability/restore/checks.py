"""What is found out before anything is brought: whether there is room, and whether what was given can be restored into."""

import shutil

from palabre.base import blobs
from palabre.base.db import server_facts
from palabre.base.filling import Filling, NotEmpty
from palabre.features.portability.restore.databases import given
from palabre.features.portability.restore.opened import OpenedArchive
from palabre.features.portability.restore.problems import RestoreProblem
from palabre.features.portability.restore.staging import Staging
from palabre.features.portability.restore.wanted import Target

OLDEST_POSTGRES = 15
#: Rows become so many times as large with their indexes; a new cluster.
_GROWTH, _CLUSTER = 2, 100 * 1024**2


def check_room(archive: OpenedArchive, staging: Staging, target: Target) -> None:
    """Where nothing has been brought yet."""
    if staging.state() is not None:
        return
    manifest = archive.manifest
    rows = sum(part.bytes for table in manifest.tables.values() for part in table.parts)
    needed = manifest.media_bytes
    if not target.database_url:
        needed += _CLUSTER + _GROWTH * rows
    if not archive.source.local:
        needed += sum(file.size for file in archive.index.files)
    free = shutil.disk_usage(staging.folder).free
    if free < needed:
        raise RestoreProblem(
            f"This archive needs about {_gigabytes(needed)} in {staging.target}, where {_gigabytes(free)} are "
            "free. Make room, or give a folder on another disk (--data DIR)."
        )


async def check_database(staging: Staging, target: Target) -> None:
    """One that is given must be new enough, and empty."""
    if not target.database_url:
        return
    state = staging.state()
    async with given(target) as db:
        async with db.reading() as conn:
            number, version, _ = await server_facts(conn)
        if number // 10_000 < OLDEST_POSTGRES:
            raise RestoreProblem(f"PostgreSQL {version} is too old: {OLDEST_POSTGRES} or newer is needed.")
        try:
            await Filling(db, state.run if state else "").begun()
        except NotEmpty as error:
            raise RestoreProblem(f"This database can't be restored into: {error}. Give an empty one.") from error


async def check_store(staging: Staging, target: Target) -> None:
    """A media store that is given must be empty."""
    if not target.media_store or target.keep_media or staging.state() is not None:
        return
    try:
        async for entry in open_media_store(target).list():
            raise RestoreProblem(
                f"The media store isn't empty: it holds {entry.key}… Give an empty one, or say --keep-media if these "
                "are this network's own media."
            )
    except blobs.BlobError as error:
        raise RestoreProblem(f"The media store can't be used: {error}.") from error


def open_media_store(target: Target) -> blobs.Blobs:
    """Raises RestoreProblem."""
    try:
        return blobs.open_store(target.media_store, **target.media_options)
    except Exception as error:  # the store library's own, for addresses and options it doesn't know
        raise RestoreProblem(f"The media store can't be used: {str(error).partition(chr(10))[0]}") from error


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
