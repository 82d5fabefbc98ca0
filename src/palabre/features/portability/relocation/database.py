"""The database elsewhere, by way of an archive of its rows alone, which lies in the data folder meanwhile.

The old database is read and not touched, so that whatever happens on the way the network can be started on it again.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from anyio import to_thread

from palabre.base import clock
from palabre.base.blobs import Blobs
from palabre.base.db import Conn, Database
from palabre.base.filling import CONNECTIONS, Filling, connect, drop_all, together
from palabre.base.postgres import Server, prepare
from palabre.features.portability.archive.format import new_id
from palabre.features.portability.archive.parts import Files
from palabre.features.portability.archive.places import Place, open_place
from palabre.features.portability.archive.sealing import Opener, Seal
from palabre.features.portability.archive.store import columns
from palabre.features.portability.archive.tables import kept
from palabre.features.portability.archive.taking import owner_of, write
from palabre.features.portability.relocation import store
from palabre.features.portability.restore import Options, RestoreProblem, Target, restore, settings_file
from palabre.features.portability.restore.staging import Staging, flush_folder, held
from palabre.features.portability.restore.verifying import Progress
from palabre.settings import current

EMBEDDED = "embedded"
MOVING = ".moving-database"
_SWITCHING = "switching"
Sums = Mapping[str, tuple[int, str]]
#: So that both ends write the same value in the same words.
_PLAIN_SPEECH = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "search_path": "public",
    "statement_timeout": "0",
}


@dataclass(frozen=True)
class MovedDatabase:
    tables: int
    rows: int


async def move_database(data: Path, old: str, to: str, progress: Progress) -> MovedDatabase:
    """From the database `old` to another, or to one in the data folder (`EMBEDDED`); then palabre.toml names it. Nothing
    else may be at work on the old one. Broken off, the same call goes on. Raises RestoreProblem; nothing is switched then.
    """
    moving = data / MOVING
    new_url = "" if to == EMBEDDED else to
    if not new_url and (data / "postgres").exists() and not (moving / _SWITCHING).exists():
        raise RestoreProblem(
            f"{data / 'postgres'} is there already, from before: rename it first (it isn't used at the moment)."
        )
    moving.mkdir(mode=0o700, exist_ok=True)
    if moving.is_symlink():
        raise RestoreProblem(f"{moving} is a link: remove it. All rows lie there in the clear meanwhile.")
    moving.chmod(0o700)
    with held(moving / "lock", f"Another move of the database of {data} is at work."):
        before = await _sums(old, progress)
        if not await to_thread.run_sync(_still, moving, before):
            await _begin_anew(data, moving, new_url, progress)
            await _take(old, moving, progress)
            await to_thread.run_sync(_note, moving, before)
        if not (moving / _SWITCHING).exists():
            await _fill(moving, new_url, before, progress)
        await to_thread.run_sync(_switch, data, moving, new_url)
        await asyncio.to_thread(shutil.rmtree, moving)
    return MovedDatabase(len(before), sum(rows for rows, _ in before.values()))


async def _fill(moving: Path, new_url: str, before: Sums, progress: Progress) -> None:
    if not await _is_full(moving, new_url):
        await restore(
            str(moving / "rows"),
            Target(moving / "new", new_url),
            opener=Opener([]),
            progress=progress,
            options=Options(moved=True, index_now=True),
        )
    async with _opened(moving, new_url) as new:
        after = await _sums(new, progress)
    if differing := [table for table in before if before[table] != after.get(table)]:
        raise RestoreProblem(
            f"The new database isn't as the old one: {', '.join(differing[:5])} differ. The network still uses the old one. "
            f"Remove {moving}, empty the new database, and give the command again."
        )


async def _is_full(moving: Path, new_url: str) -> bool:
    """Whether it was filled to the end by an attempt that was broken off right after."""
    if not new_url and not (moving / "new/postgres").exists():
        return False
    async with _opened(moving, new_url) as dsn:
        db = connect(dsn)
        try:
            async with db.reading() as conn:
                return await store.is_whole(conn)
        finally:
            await db.close()


async def _take(old: str, moving: Path, progress: Progress) -> None:
    """The rows alone, in the clear: they stay on this machine, and are removed at the end."""
    from obstore.store import MemoryStore

    at = clock.now()
    db = Database(old, most=2)
    try:
        async with open_place(str(moving / "rows"), {}) as place:
            assert isinstance(place, Place)
            mark = await place.marked(current().name, await owner_of(db))
            await write(db, Blobs(MemoryStore()), Files(place, new_id(at), Seal([])), mark, progress, at)
    finally:
        await db.close()


async def _sums(dsn: str, progress: Progress) -> Sums:
    db = Database(dsn, most=CONNECTIONS, server_settings=_PLAIN_SPEECH)
    found: dict[str, tuple[int, str]] = {}
    try:
        async with db.reading() as conn:
            listed = await _columns(conn)

        async def add(table: str) -> None:
            async with db.reading() as conn:
                found[table] = await store.table_sum(conn, table, listed[table])
            progress("comparing", len(found), len(listed))

        await together(add, list(listed), CONNECTIONS)
    finally:
        await db.close()
    return found


async def _columns(conn: Conn) -> dict[str, list[str]]:
    """In one order, whatever the order in which migrations added them."""
    listed: dict[str, list[str]] = {table: [] for table in kept()}
    for row in await columns(conn):
        if row["table"] in listed:
            listed[row["table"]].append(row["column"])
    return {table: sorted(names) for table, names in listed.items()}


def _still(moving: Path, sums: Sums) -> bool:
    """Whether the rows that were taken before are those that are there now."""
    return _noted(moving) == sums


def _noted(moving: Path) -> Sums | None:
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode((moving / "sums.json").read_bytes(), type=dict[str, tuple[int, str]])
    return None


def _note(moving: Path, sums: Sums) -> None:
    (moving / "sums.json").write_bytes(msgspec.json.encode(sums))


async def _begin_anew(data: Path, moving: Path, new_url: str, progress: Progress) -> None:
    """What was prepared before is of no use: the network went on meanwhile."""
    if (moving / _SWITCHING).exists():
        await asyncio.to_thread(shutil.rmtree, data / "postgres", ignore_errors=True)
        (moving / _SWITCHING).unlink()
    if new_url:
        await _empty_what_we_filled(moving, new_url, progress)
    for name in ("rows", "new"):
        await asyncio.to_thread(shutil.rmtree, moving / name, ignore_errors=True)


async def _empty_what_we_filled(moving: Path, new_url: str, progress: Progress) -> None:
    """By notes in it, or, where it was filled to the end, by its being exactly what we took."""
    noted = _noted(moving)
    state = Staging(moving / "new").state()
    db = connect(new_url)
    try:
        if state:
            await Filling(db, state.run).give_up()
        elif noted and await _is_full(moving, new_url) and await _sums(new_url, progress) == noted:
            async with db.transaction() as conn:
                await drop_all(conn)
    finally:
        await db.close()


@contextlib.asynccontextmanager
async def _opened(moving: Path, new_url: str) -> AsyncIterator[str]:
    if new_url:
        yield new_url
        return
    server = Server(prepare(moving / "new"))
    await to_thread.run_sync(server.start)
    try:
        yield server.cluster.dsn
    finally:
        await to_thread.run_sync(server.stop)


def _switch(data: Path, moving: Path, new_url: str) -> None:
    """The marker says that a cluster in its place is ours, should this be broken off in between."""
    if not new_url:
        (moving / _SWITCHING).touch()
        flush_folder(moving)
        if (moving / "new/postgres").exists():
            (moving / "new/postgres").rename(data / "postgres")
            flush_folder(data)
    settings_file.change(data, {"database_url": new_url or None})
