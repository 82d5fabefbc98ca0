"""A whole network out of an archive, in this order: look, verify, prepare everything aside, then put it into place."""

import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread

from palabre.base import blobs, clock, ids
from palabre.base.db import DISK_FULL, UNREACHABLE, Database, server_facts
from palabre.base.filling import Filling, NotEmpty, connect
from palabre.base.migrate import migrate
from palabre.base.postgres import PostgresProblem, Server, flush, prepare
from palabre.features.portability.archive.sealing import SUFFIX, Opener
from palabre.features.portability.restore import derived, media, settings_file, store
from palabre.features.portability.restore.loading import load
from palabre.features.portability.restore.opened import OpenedArchive, choose, open_archive
from palabre.features.portability.restore.problems import NO_ROOM, Damaged, RestoreProblem, of_the_disk
from palabre.features.portability.restore.sources import Source, open_source
from palabre.features.portability.restore.staging import Staging, State, flush_folder
from palabre.features.portability.restore.verifying import (
    Progress,
    Verified,
    fetch_files,
    verify_files,
    verify_media,
)
from palabre.settings import only_networks_own

OLDEST_POSTGRES = 15
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
#: Rows become so many times as large with their indexes; a new cluster.
_GROWTH, _CLUSTER = 2, 100 * 1024**2
_NOTED, _MIGRATED, _ANALYSED = "noted", "migrated", "analysed"


@dataclass(frozen=True)
class Target:
    """`data`: the folder; in it a database and media, unless a `database_url` or a `media_store` is given for them.

    `keep_media`: the media store may hold things already.
    """

    data: Path
    database_url: str = ""
    media_store: str = ""
    media_options: Mapping[str, str] = field(default_factory=dict)
    keep_media: bool = False


@dataclass(frozen=True)
class Options:
    """`archive_id` None: the newest. `lenient`: go on without media that are damaged in the archive. `moved`: it is this very
    network that goes elsewhere, so that no restoration is noted. `index_now`: the search index too is complete at the end,
    however large. `sealed`: refuse an archive in the clear, which anybody can write.
    """

    archive_id: str | None = None
    source_options: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False
    start_over: bool = False
    moved: bool = False
    index_now: bool = False
    sealed: bool = False


@dataclass
class Restored:
    """What came back. `lost_media`: keys of those damaged in the archive; `gone`: erased while it was taken;
    `differing`: settings that palabre.toml has another value for; `origin`: the network's address when it was taken;
    `search_later`: the worker makes the search index."""

    archive: str
    source: str
    taken_at: str
    network: str
    origin: str
    data: str
    tables: int = 0
    rows: int = 0
    files: int = 0
    media: int = 0
    media_bytes: int = 0
    lost_media: list[str] = field(default_factory=list)
    gone: int = 0
    search_later: bool = False
    migrated: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    seconds: float = 0
    steps: dict[str, float] = field(default_factory=dict)


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
            await self._place(archive, state, found)
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
        await self._check_room(archive)
        await self._check_database()
        await self._check_store()
        return archive

    async def _choose(self, source: Source) -> str:
        """Gone on with is what was begun, although a newer one may be there by now."""
        state = self._staging.state()
        return await choose(source, self._options.archive_id or (state.archive if state else None))

    async def _check_room(self, archive: OpenedArchive) -> None:
        if self._staging.state() is not None:
            return
        manifest = archive.manifest
        rows = sum(part.bytes for table in manifest.tables.values() for part in table.parts)
        needed = manifest.media_bytes
        if not self._target.database_url:
            needed += _CLUSTER + _GROWTH * rows
        if not archive.source.local:
            needed += sum(file.size for file in archive.index.files)
        free = shutil.disk_usage(self._staging.folder).free
        if free < needed:
            raise RestoreProblem(
                f"This archive needs about {_gigabytes(needed)} in {self._staging.target}, where {_gigabytes(free)} are "
                "free. Make room, or give a folder on another disk (--data DIR)."
            )

    async def _check_database(self) -> None:
        if not self._target.database_url:
            return
        state = self._staging.state()
        async with self._given_database() as db:
            async with db.reading() as conn:
                number, version, _ = await server_facts(conn)
            if number // 10_000 < OLDEST_POSTGRES:
                raise RestoreProblem(f"PostgreSQL {version} is too old: {OLDEST_POSTGRES} or newer is needed.")
            try:
                await Filling(db, state.run if state else "").begun()
            except NotEmpty as error:
                raise RestoreProblem(f"This database can't be restored into: {error}. Give an empty one.") from error

    async def _check_store(self) -> None:
        """A media store that is given must be empty."""
        if not self._target.media_store or self._target.keep_media or self._staging.state() is not None:
            return
        try:
            async for entry in self._store().list():
                raise RestoreProblem(
                    f"The media store isn't empty: it holds {entry.key}… Give an empty one, or say --keep-media if these "
                    "are this network's own media."
                )
        except blobs.BlobError as error:
            raise RestoreProblem(f"The media store can't be used: {error}.") from error

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
        async with self._filled_database() as db:
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

    @contextlib.asynccontextmanager
    async def _filled_database(self) -> AsyncIterator[Database]:
        if self._target.database_url:
            async with self._given_database() as db:
                yield db
            return
        self._staging.data.mkdir(mode=0o700, exist_ok=True)
        _like_owner_of(self._staging.target, self._staging.data)
        cluster = await to_thread.run_sync(prepare, self._staging.data)
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
        with self._timed("sync"):
            await to_thread.run_sync(flush, cluster)

    @contextlib.asynccontextmanager
    async def _given_database(self) -> AsyncIterator[Database]:
        db = connect(self._target.database_url)
        try:
            yield db
        finally:
            await db.close()

    def _store(self) -> blobs.Blobs:
        try:
            return blobs.open_store(self._target.media_store, **self._target.media_options)
        except Exception as error:  # the store library's own, for addresses and options it doesn't know
            raise RestoreProblem(f"The media store can't be used: {str(error).partition(chr(10))[0]}") from error

    def _search_later(self, archive: OpenedArchive) -> bool:
        posts = archive.manifest.tables["posts"].rows if "posts" in archive.manifest.tables else 0
        return posts > derived.MANY_POSTS and not self._options.index_now

    async def _place(self, archive: OpenedArchive, state: State, found: Restored) -> None:
        """Into place, the database last: broken off between two, the same call goes on."""
        staging, target = self._staging, self._target
        if target.media_store and staging.media.exists():
            await media.hand_over(archive, staging.media, staging.folder / "handed", self._store(), self._progress)
        await to_thread.run_sync(os.sync)
        state.placed = True
        staging.save(state)
        found.differing = settings_file.add(staging.target, self._settings(archive))
        if not target.media_store and staging.media.exists():
            _own_all(staging.target, staging.media)
            staging.media.rename(staging.target / "media")
        if target.database_url:
            async with self._given_database() as db:
                await Filling(db, state.run).end()
        elif (staging.data / "postgres").exists():
            (staging.data / "postgres").rename(staging.target / "postgres")
        flush_folder(staging.target)
        staging.remove()

    def _settings(self, archive: OpenedArchive) -> dict[str, Any]:
        here: dict[str, Any] = {}
        if self._target.database_url:
            here["database_url"] = self._target.database_url
        if self._target.media_store:
            here["media_store"] = self._target.media_store
            if self._target.media_options:
                here["media_store_options"] = dict(self._target.media_options)
        return {**only_networks_own(archive.manifest.settings), **here}


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
        raise RestoreProblem(str(error)) from error
    except RestoreProblem:
        raise
    except UNREACHABLE as error:
        if isinstance(error, OSError) and error.errno and error.filename:
            raise of_the_disk(error) from error
        raise RestoreProblem(
            f"The database can't be reached: {error}. Give the same command again once it can."
        ) from error


def _shown_database(url: str) -> str:
    """To know it again, without its password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl() if url else ""


def _like_owner_of(folder: Path, made: Path) -> None:
    if os.geteuid() == 0 and (owner := folder.stat()).st_uid:
        os.chown(made, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _own_all(like: Path, folder: Path) -> None:
    """Restored by root into somebody's folder, it is his."""
    if os.geteuid() != 0 or not like.stat().st_uid:
        return
    for path in (folder, *folder.rglob("*")):
        _like_owner_of(like, path)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
