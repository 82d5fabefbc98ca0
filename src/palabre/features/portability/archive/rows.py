"""Every row of every table, as of one moment, over several connections at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from palabre.base.db import Conn, Database, server_facts
from palabre.base.errors import Refused
from palabre.base.filling import together
from palabre.features.portability.archive import store, tables
from palabre.features.portability.archive.format import TableContent
from palabre.features.portability.archive.parts import Files, Numbers, Parts

Progress = Callable[[str, int, int], None]
CONNECTIONS = 4
#: Tables are copied in stretches of so many pages (64 MB), so that several connections share a large one.
STRETCH = 8192
MEGABYTE = 1024**2


class ArchiveFailed(Refused):
    """No archive was made; says why."""


@dataclass
class Rows:
    """What the snapshot held."""

    content: dict[str, TableContent]
    migrations: list[str]
    postgres: str

    @property
    def count(self) -> int:
        return sum(table.rows for table in self.content.values())


@dataclass
class _Stretch:
    """Pages `first` up to `end` (None: to the last) of a table, and about how many bytes that is."""

    table: str
    first: int
    end: int | None
    bytes: int


@dataclass
class _Copying:
    files: Files
    columns: dict[str, list[str]]
    types: dict[str, list[str]]
    todo: list[_Stretch]
    progress: Progress
    numbers: dict[str, Numbers] = field(default_factory=dict)
    written: dict[str, list[Any]] = field(default_factory=dict)
    done: int = 0

    async def work(self, conn: Conn) -> None:
        while self.todo:
            stretch = self.todo.pop(0)
            numbers = self.numbers.setdefault(stretch.table, Numbers())
            parts = Parts(self.files, f"tables/{stretch.table}", numbers=numbers)
            columns = self.columns[stretch.table]
            await store.copy_pages(conn, stretch.table, columns, stretch.first, stretch.end, parts.add)
            await parts.close()
            self.written.setdefault(stretch.table, []).extend(parts.written)
            self.done += stretch.bytes
            self.progress("tables, MB", -(-self.done // MEGABYTE), -(-self.total // MEGABYTE))

    def __post_init__(self) -> None:
        self.total = sum(each.bytes for each in self.todo)


async def copy_all(db: Database, files: Files, progress: Progress) -> Rows:
    """Raises ArchiveFailed where the database's tables are not those that this version knows."""
    async with db.snapshot(CONNECTIONS) as conns:
        copying = await _prepare(conns[0], files, progress)
        rows = Rows({}, await store.applied(conns[0]), (await server_facts(conns[0]))[1])
        await together(copying.work, conns, CONNECTIONS)
    for name in tables.kept():
        written = sorted(copying.written.get(name, []), key=lambda part: part.name)
        count = sum(part.rows for part in written)
        rows.content[name] = TableContent(copying.columns[name], copying.types[name], count, written)
    return rows


async def _prepare(conn: Conn, files: Files, progress: Progress) -> _Copying:
    found = {row["name"]: row for row in await store.tables(conn) if row["name"] != "migrations"}
    _check(set(found))
    kept = [found[name] for name in tables.kept()]
    columns: dict[str, list[str]] = {}
    types: dict[str, list[str]] = {}
    for row in await store.columns(conn):
        columns.setdefault(row["table"], []).append(row["column"])
        types.setdefault(row["table"], []).append(row["type"])
    largest_first = sorted(kept, key=lambda row: -row["bytes"])
    todo = [stretch for row in largest_first for stretch in _stretches(row["name"], row["pages"], row["bytes"])]
    return _Copying(files, columns, types, todo, progress)


def _check(found: set[str]) -> None:
    known = set(tables.of_the_network())
    if lacking := sorted(known - found):
        raise ArchiveFailed(f"The database lacks tables of this version: {', '.join(lacking)}. Run `palabre migrate`.")
    if unknown := sorted(found - known):
        raise ArchiveFailed(
            f"The database has tables that this version doesn't know: {', '.join(unknown)}. "
            "They would be missing from the archive: move them to another schema, or bring Palabre up to date."
        )


def _stretches(table: str, pages: int, size: int) -> list[_Stretch]:
    """The last one is open: what was added to the table since it was measured would be behind it."""
    starts = list(range(0, pages, STRETCH)) or [0]
    ends = [*starts[1:], None]
    return [_Stretch(table, first, end, size // len(starts)) for first, end in zip(starts, ends, strict=True)]
