"""The rows of an archive into an empty database, each part against its sum and in a transaction of its own."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from palabre.base.db import NOT_THERE, BadRows
from palabre.base.filling import CONNECTIONS, Filling, NotEmpty, together
from palabre.features.portability.archive.format import Part, TableContent
from palabre.features.portability.restore.opened import OpenedArchive
from palabre.features.portability.restore.problems import Damaged, RestoreProblem
from palabre.features.portability.restore.verifying import Progress

_MEGABYTE = 1024**2
COUNTED = "counted"


@dataclass(frozen=True)
class _Task:
    table: str
    content: TableContent
    part: Part


async def load(filling: Filling, archive: OpenedArchive, progress: Progress) -> None:
    """All tables with all their rows, indexes and constraints; goes on where it was broken off."""
    try:
        await _begin(filling, archive)
        done = await filling.done()
        if COUNTED not in done:
            await _parts(filling, archive, done, progress)
        await filling.build(lambda done, total: progress("indexes", done, total))
        if COUNTED not in done:
            await _count(filling, archive)
    except NOT_THERE as error:
        raise Damaged(f"The migrations that its manifest names don't make the tables it has: {error}.") from error


async def _begin(filling: Filling, archive: OpenedArchive) -> None:
    try:
        await filling.begin(archive.manifest.migrations)
    except NotEmpty as error:
        raise RestoreProblem(f"This database can't be restored into: {error}. Give an empty one.") from error


async def _parts(filling: Filling, archive: OpenedArchive, done: set[str], progress: Progress) -> None:
    tables = archive.manifest.tables
    todo = [_Task(table, content, part) for table, content in tables.items() for part in content.parts]
    # Those of the largest tables first, so that no connection is left alone with one at the end.
    todo.sort(key=lambda task: -sum(part.bytes for part in task.content.parts))
    total = sum(task.part.bytes for task in todo)
    read = 0

    async def take(task: _Task) -> None:
        nonlocal read
        if task.part.name not in done:
            await _take(filling, archive, task)
        read += task.part.bytes
        progress("rows, MB", read // _MEGABYTE, max(total // _MEGABYTE, 1))

    await together(take, todo, CONNECTIONS)


async def _take(filling: Filling, archive: OpenedArchive, task: _Task) -> None:
    part = task.part
    pieces = await archive.content(part.name)
    digest, left = hashlib.sha256(), [part.bytes]

    def next_piece() -> bytes:
        piece = next(pieces, b"")
        digest.update(piece)
        left[0] -= len(piece)
        if left[0] < 0:
            raise Damaged(f"{part.name} holds more than was written once.")
        return piece

    async def read() -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(next_piece):
            yield piece

    whole = len(task.content.parts) == 1
    async with filling.part(part.name, task.table, whole=whole) as conn:
        try:
            rows = await conn.load(task.table, task.content.columns, read())
        except BadRows as error:
            raise Damaged(f"{part.name} doesn't fit its table: {error}.") from error
        if (rows, digest.hexdigest()) != (part.rows, part.sha256):
            raise Damaged(f"{part.name} holds other rows than were written once.")


async def _count(filling: Filling, archive: OpenedArchive) -> None:
    """Against the manifest, and before newer migrations change the tables."""
    wrong = []

    async def count(table: str) -> None:
        found, expected = await filling.count(table), archive.manifest.tables[table].rows
        if found != expected:
            wrong.append(f"{table} has {found:,} rows instead of {expected:,}")

    await together(count, archive.manifest.tables, CONNECTIONS)
    if wrong:
        raise Damaged(f"The database isn't what the archive's manifest says: {'; '.join(wrong)}.")
    async with filling.step(COUNTED):
        pass
