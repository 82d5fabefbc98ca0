"""Everything that was prepared, into its place."""

import os
from pathlib import Path
from typing import Any

from anyio import to_thread

from palabre.base.filling import Filling
from palabre.features.portability.restore import media, settings_file
from palabre.features.portability.restore.checks import open_media_store
from palabre.features.portability.restore.databases import given, like_owner_of
from palabre.features.portability.restore.opened import OpenedArchive
from palabre.features.portability.restore.staging import Staging, State, flush_folder
from palabre.features.portability.restore.verifying import Progress
from palabre.features.portability.restore.wanted import Target
from palabre.settings import only_networks_own


async def place(
    archive: OpenedArchive, staging: Staging, target: Target, state: State, progress: Progress
) -> list[str]:
    """The database last: broken off between two, the same call goes on. Returns settings that palabre.toml has other
    values for."""
    if target.media_store and staging.media.exists():
        await media.hand_over(archive, staging.media, staging.folder / "handed", open_media_store(target), progress)
    await to_thread.run_sync(os.sync)
    state.placed = True
    staging.save(state)
    differing = settings_file.add(staging.target, _settings(archive, target))
    if not target.media_store and staging.media.exists():
        _own_all(staging.target, staging.media)
        staging.media.rename(staging.target / "media")
    if target.database_url:
        async with given(target) as db:
            await Filling(db, state.run).end()
    elif (staging.data / "postgres").exists():
        (staging.data / "postgres").rename(staging.target / "postgres")
    flush_folder(staging.target)
    staging.remove()
    return differing


def _settings(archive: OpenedArchive, target: Target) -> dict[str, Any]:
    here: dict[str, Any] = {}
    if target.database_url:
        here["database_url"] = target.database_url
    if target.media_store:
        here["media_store"] = target.media_store
        if target.media_options:
            here["media_store_options"] = dict(target.media_options)
    return {**only_networks_own(archive.manifest.settings), **here}


def _own_all(like: Path, folder: Path) -> None:
    """Restored by root into somebody's folder, it is his."""
    if os.geteuid() != 0 or not like.stat().st_uid:
        return
    for path in (folder, *folder.rglob("*")):
        like_owner_of(like, path)
