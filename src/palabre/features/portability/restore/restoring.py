"""A whole network out of an archive, in this order: look, verify, prepare everything aside, then put it into place."""

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from palabre.base import clock, ids
from palabre.base.db import DISK_FULL, UNREACHABLE
from palabre.base.filling import Filling, connect
from palabre.base.migrate import migrate
from palabre.base.postgres import PostgresProblem
from palabre.features.portability.archive.sealing import SUFFIX, Opener
from palabre.features.portability.restore import derived, media, store
from palabre.features.portability.restore.checks import check_database, check_room, check_store
from palabre.features.portability.restore.databases import filled
from palabre.features.portability.restore.loading import load
from palabre.features.portability.restore.opened import OpenedArchive, choose, open_archive
from palabre.features.portability.restore.placing import place
from palabre.features.portability.restore.problems import NO_ROOM, Damaged, RestoreProblem, is_full, of_the_disk
from palabre.features.portability.restore.sources import Source, open_source
from palabre.features.portability.restore.staging import Staging, State
from palabre.features.portability.restore.verifying import (
    Progress,
    Verified,
    fetch_files,
    verify_files,
    verify_media,
)
from palabre.features.portability.restore.wanted import Options, Restored, Target

_NOTED, _MIGRATED, _ANALYSED = "noted", "migrated", "analysed"


def _silent(part: str, done: int, total: int) -> None:
    """Tells nobody."""


async def restore(
    source: str,
    target: Target,
    *,
    opener: Opener,
    archive_id: str | None = None,
    progress: Progress = _silent,
    options: Options | None = None,
) -> Restored:
    """Bring a network back into an empty folder. Raises RestoreProblem or WrongKey, and then the target is as it was, but
    for a staging folder from which the same call goes on. Nothing is started: `serve` does that.
    """
    options = options or Options(archive_id)
    staging = Staging(target.data)
    staging.check_target()
    made = not staging.target.exists()
    with _in_words(), staging.held():
        if options.start_over:
            await _give_up(staging, target)
        restoring = _Restoring(source, target, opener, progress, options, staging)
        try:
            return await restoring.run()
        except BaseException:
            restoring.leave_no_trace(made)
            raise


async def check(
    source: str, *, opener: Opener, progress: Progress = _silent, options: Options, scratch: Path
) -> tuple[OpenedArchive, Verified]:
    """Verify an archive, every byte of it, and change nothing."""
    with _in_words():
        opened = await open_source(source, options.source_options, scratch)
        archive = await open_archive(opened, await choose(opened, options.archive_id), opener)
        verified = await verify_files(archive, progress)
        await verify_media(archive, verified, progress)
        return archive, verified


class _Restoring:
    def __init__(
        self, source: str, target: Target, opener: Opener, progress: Progress, options: Options, staging: Staging
    ) -> None:
        self._source, self._target, self._opener = source, target, opener
        self._progress, self._options, self._staging = progress, options, staging
        self._began = time.monotonic()
        self._steps: dict[str, float] = {}
        self._touched = staging.state() is not None

    async def run(self) -> Restored:
        archive = await self._look()
        found = Restored(
            archive=archive.id,
            source=archive.source.shown,
            taken_at=archive.manifest.taken_at.isoformat(),
            network=archive.manifest.network,
            origin=archive.manifest.origin,
            data=str(self._staging.target),
        )
        with self._timed("verify"):
            verified = await self._verify(archive)
        self._touched = True
        state = self._staging.begin(archive.id, _shown_database(self._target.database_url))
        found.files = verified.files
        found.gone = archive.manifest.gone
        found.search_later = self._search_later(archive)
        if not state.placed:
            with self._timed("media"):
                brought = await self._media(archive, verified)
            await self._database(archive, state, found)
            found.lost_media = brought.lost
        found.tables = len(archive.manifest.tables)
        found.rows = sum(table.rows for table in archive.manifest.tables.values())
        found.media, found.media_bytes = archive.manifest.media - len(found.lost_media), archive.manifest.media_bytes
        with self._timed("place"):
            found.differing = await place(archive, self._staging, self._target, state, self._progress)
        found.seconds = time.monotonic() - self._began
        found.steps = self._steps
        return found

    def leave_no_trace(self, made: bool) -> None:
        """Nothing was prepared yet: then no folder is left behind either."""
        if self._touched:
            return
        shutil.rmtree(self._staging.folder, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):
                self._staging.target.rmdir()

    @contextlib.contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._steps[step] = self._steps.get(step, 0) + time.monotonic() - began

    async def _look(self) -> OpenedArchive:
        """The index and the manifest; whether all there is room for is there."""
        source = await open_source(self._source, self._options.source_options, self._staging.folder / "spool")
        archive = await open_archive(source, await self._choose(source), self._opener)
        if self._options.sealed and not archive.index.manifest.endswith(SUFFIX):
            raise RestoreProblem(
                f"Archive {archive.id} isn't encrypted, although you gave a key: somebody else may have put it there. If you "
                "know that it is yours, give no key."
            )
        await archive.unlock()
        check_room(archive, self._staging, self._target)
        await check_database(self._staging, self._target)
        await check_store(self._staging, self._target)
        return archive

    async def _choose(self, source: Source) -> str:
        """Gone on with is what was begun, although a newer one may be there by now."""
        state = self._staging.state()
        return await choose(source, self._options.archive_id or (state.archive if state else None))

    async def _verify(self, archive: OpenedArchive) -> Verified:
        """What is remote is brought here, its media only later: they are verified as they come."""
        if not archive.source.local:
            await fetch_files(archive, self._staging.files, self._progress)
            return Verified(len(archive.index.files), sum(file.size for file in archive.index.files))
        verified = await verify_files(archive, self._progress)
        await verify_media(archive, verified, self._progress)
        self._refuse_lost(verified.bad_media)
        return verified

    def _refuse_lost(self, lost: list[str]) -> None:
        if lost and not self._options.lenient:
            raise Damaged(
                f"Media of this archive are damaged or missing ({len(lost)}; the first: {lost[0]}). "
                "Take another copy of it, or say --without-damaged to go on without them."
            )

    async def _media(self, archive: OpenedArchive, verified: Verified) -> media.Brought:
        bringing = media.Bringing(
            archive,
            self._opener,
            self._staging.media,
            self._staging.folder / "opening",
            self._progress,
            bad=verified.bad_media,
            handed=media.handed_over(self._staging.folder / "handed"),
        )
        brought = await bringing.all()
        self._refuse_lost(brought.lost)
        if brought.media + len(brought.lost) != archive.manifest.media:
            raise Damaged("The archive's lists of media name other media than its manifest says.")
        return brought

    async def _database(self, archive: OpenedArchive, state: State, found: Restored) -> None:
        async with filled(self._staging, self._target, self._timed) as db:
            filling = Filling(db, state.run)
            with self._timed("rows and indexes"):
                await load(filling, archive, self._progress)
            done = await filling.done()
            if _MIGRATED not in done:
                found.migrated = await migrate(db)
                async with filling.step(_MIGRATED):
                    pass
            if _NOTED not in done:
                async with filling.step(_NOTED) as conn:
                    at = clock.now()
                    if not self._options.moved:
                        await store.close_runs(conn, archive.id, at)
                        await store.note(
                            conn, ids.new(), archive.id, archive.source.shown, archive.manifest.taken_at, at
                        )
            with self._timed("derived"):
                await derived.rebuild(filling, self._progress, search_later=found.search_later)
            if _ANALYSED not in done:
                with self._timed("analyse"):
                    await filling.analyse()
                async with filling.step(_ANALYSED):
                    pass
            if not self._target.database_url:
                await filling.end()

    def _search_later(self, archive: OpenedArchive) -> bool:
        posts = archive.manifest.tables["posts"].rows if "posts" in archive.manifest.tables else 0
        return posts > derived.MANY_POSTS and not self._options.index_now


async def _give_up(staging: Staging, target: Target) -> None:
    """Throw away what another attempt prepared; never what is in place already."""
    state = staging.state()
    if state and state.placed:
        raise RestoreProblem(
            f"The restore into {staging.target} is nearly done: give its command again, without --start-over."
        )
    if state and target.database_url:
        db = connect(target.database_url)
        try:
            await Filling(db, state.run).give_up()
        finally:
            await db.close()
    staging.throw_away()


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """What goes wrong with disk or database, for people."""
    try:
        yield
    except DISK_FULL as error:
        raise RestoreProblem(NO_ROOM) from error
    except PostgresProblem as error:
        full = os.strerror(errno.ENOSPC) in str(error)
        raise RestoreProblem(NO_ROOM if full else str(error)) from error
    except RestoreProblem:
        raise
    except UNREACHABLE as error:
        if isinstance(error, OSError) and (error.filename or is_full(error)):
            raise of_the_disk(error) from error
        raise RestoreProblem(
            f"The database can't be reached: {error}. Give the same command again once it can."
        ) from error


def _shown_database(url: str) -> str:
    """To know it again, without its password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl() if url else ""
