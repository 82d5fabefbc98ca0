"""Taking an archive of the running network."""

import contextlib
import importlib.metadata
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec
import zstandard

from palabre.base import clock, ids, signing
from palabre.base.blobs import Blobs
from palabre.base.db import UNAVAILABLE, Database
from palabre.features.portability.archive import store, tables
from palabre.features.portability.archive.format import Index, Manifest, PlaceMark, index_name, new_id
from palabre.features.portability.archive.media import Sending, Sent
from palabre.features.portability.archive.parts import LEVEL, Files
from palabre.features.portability.archive.places import Place, PlaceProblem, open_place, shown
from palabre.features.portability.archive.retention import keep_newest, sweep
from palabre.features.portability.archive.rows import ArchiveFailed, Progress, Rows, copy_all
from palabre.features.portability.archive.sealing import Seal
from palabre.settings import current, networks_own


@dataclass(frozen=True)
class Taken:
    """`bytes`: all that the archive needs of the place; `new_bytes`: what of this was sent now."""

    archive: str
    place: str
    rows: int
    media: int
    gone: int
    bytes: int
    new_media: int
    new_bytes: int
    seconds: float
    warning: str = ""


async def take(
    db: Database,
    media: Blobs,
    destination: str,
    options: Mapping[str, str],
    *,
    seal: Seal,
    progress: Progress,
    plan_id: int | None = None,
    keep: int | None = None,
) -> Taken:
    """A whole archive, or none: then it raises PlaceProblem or ArchiveFailed. `keep`: remove all but so many."""
    began, at = time.monotonic(), clock.now()
    archive = new_id(at)
    async with _noted(db, archive, destination, plan_id, at) as run_id, open_place(destination, options) as place:
        mark = await place.marked(current().name, await owner_of(db))
        async with db.alone(f"archive {mark.id}") as alone:
            if not alone:
                raise ArchiveFailed(f"Another archive is being taken to {place.shown} at this moment.")
            if isinstance(place, Place):
                await _tidy(db, place, run_id)
            files = Files(place, archive, seal)
            rows, sent = await write(db, media, files, mark, progress, at)
            await place.complete()
            taken = _taken(files, rows, sent, time.monotonic() - began)
            async with db.transaction() as conn:
                await store.finish(conn, run_id, clock.now(), taken.rows, taken.bytes, taken.new_bytes, taken.media)
            if keep and isinstance(place, Place):
                taken = replace(taken, warning=await _keep_newest(db, place, mark.id, keep, run_id))
    return taken


@contextlib.asynccontextmanager
async def _noted(db: Database, archive: str, destination: str, plan_id: int | None, at: datetime) -> AsyncIterator[int]:
    """The run on record, and why it failed if it did."""
    run_id = ids.new()
    async with db.transaction() as conn:
        await store.begin(conn, run_id, plan_id, shown(destination), archive, at)
    try:
        yield run_id
    except BaseException as error:
        with contextlib.suppress(*UNAVAILABLE):
            async with db.transaction() as conn:
                await store.fail(conn, run_id, clock.now(), str(error) or type(error).__name__)
        raise


async def _tidy(db: Database, place: Place, run_id: int) -> None:
    """Of runs that were killed: what they left, there and on record. None is under way: we are alone."""
    async with db.transaction() as conn:
        await store.break_off(conn, place.shown, run_id, clock.now())
    await sweep(place)


async def _keep_newest(db: Database, place: Place, place_id: str, keep: int, run_id: int) -> str:
    """What was in the way, if anything: the archive is there all the same."""
    try:
        await keep_newest(db, place, place_id, keep)
    except PlaceProblem as problem:
        warning = f"Older archives could not all be removed: {problem}"
        async with db.transaction() as conn:
            await store.warn(conn, run_id, warning)
        return warning
    return ""


def _taken(files: Files, rows: Rows, sent: Sent, seconds: float) -> Taken:
    written = sum(file.size for file in files.stored)
    return Taken(
        archive=files.archive,
        place=files.place.shown,
        rows=rows.count,
        media=sent.count,
        gone=sent.gone,
        bytes=written + sent.stored_bytes,
        new_media=sent.new,
        new_bytes=written + sent.new_bytes,
        seconds=seconds,
    )


async def owner_of(db: Database) -> str:
    """The network's first public key."""
    async with db.transaction() as conn:
        await signing.signer(conn)
        return (await signing.keys(conn))[-1].raw.hex()


async def write(
    db: Database, media: Blobs, files: Files, mark: PlaceMark, progress: Progress, at: datetime
) -> tuple[Rows, Sent]:
    """All files of an archive, its index last."""
    rows = await copy_all(db, files, progress)
    with tempfile.TemporaryDirectory(prefix="palabre-archive-") as scratch:
        sent = await Sending(db, media, files, mark.id, Path(scratch)).all(progress)
    manifest = _manifest(files, rows, sent, at)
    name = await files.put("manifest.json.zst", zstandard.compress(msgspec.json.encode(manifest), LEVEL))
    index = Index(
        id=manifest.id,
        network=manifest.network,
        palabre=manifest.palabre,
        taken_at=at,
        recipients=files.seal.recipients,
        manifest=name,
        files=files.stored,
        media=sent.count,
        media_bytes=sent.stored_bytes,
    )
    await files.place.put(index_name(files.archive), msgspec.json.encode(index))
    return rows, sent


def _manifest(files: Files, rows: Rows, sent: Sent, at: datetime) -> Manifest:
    settings = current()
    return Manifest(
        id=files.archive,
        network=settings.name,
        origin=settings.origin,
        palabre=importlib.metadata.version("palabre"),
        postgres=rows.postgres,
        taken_at=at,
        migrations=rows.migrations,
        tables=rows.content,
        left_out=tables.derived(),
        settings=networks_own(settings),
        keys=sent.keys,
        media=sent.count,
        media_bytes=sent.bytes,
        gone=sent.gone,
    )
