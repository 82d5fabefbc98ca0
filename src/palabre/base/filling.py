"""Fills an empty database with very many rows: tables first, then the rows, then indexes and constraints.

    filling = Filling(db, run="what is loaded")
    await filling.begin(migrations)                        # the tables, without what slows loading down
    async with filling.part(name, table, whole=…) as conn: # its rows, and that they are there
    async with filling.step(name) as conn:                 # anything that is to happen once
    await filling.build(told)                              # indexes and constraints, several at once
    await filling.end()

What is done is noted in a schema of its own (`palabre_restore`), in the same transactions: broken off anywhere, all of
it can be asked for again and goes on from there.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from typing import Any

from palabre.base.db import Conn, Database
from palabre.base.migrate import lay_out

CONNECTIONS = 4
"""At once, for loading and building."""
#: For each connection, whatever the server is set to.
_SESSION = {
    "synchronous_commit": "off",
    "maintenance_work_mem": "256MB",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "search_path": "public",
}
_NOTES = """
    CREATE SCHEMA palabre_restore;
    CREATE TABLE palabre_restore.run (name text PRIMARY KEY);
    CREATE TABLE palabre_restore.done (name text PRIMARY KEY);
    CREATE TABLE palabre_restore.builds (name text PRIMARY KEY, stage int NOT NULL, on_table text NOT NULL, make text NOT NULL);
"""
_OURS = """(SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
            AND relname <> 'migrations')"""
#: Stage 1: indexes; 2: keys, which take over the index made for them; 3: what refers to keys.
_KEEP = (
    f"""INSERT INTO palabre_restore.builds
        SELECT i.relname, 1, t.relname, pg_get_indexdef(i.oid)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE x.indrelid IN {_OURS}""",
    f"""INSERT INTO palabre_restore.builds
        SELECT c.conname || ' key', 2, t.relname, format('ALTER TABLE public.%I ADD CONSTRAINT %I %s USING INDEX %I%s%s',
            t.relname, c.conname, CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, i.relname,
            CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END,
            CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END)
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class i ON i.oid = c.conindid
        WHERE c.contype IN ('p', 'u') AND c.conrelid IN {_OURS}""",
    f"""INSERT INTO palabre_restore.builds
        SELECT t.relname || ' ' || c.conname, 3, t.relname,
               format('ALTER TABLE public.%I ADD CONSTRAINT %I %s', t.relname, c.conname, pg_get_constraintdef(c.oid))
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype = 'f' AND c.conrelid IN {_OURS}""",
)
#: Each gives the statements that drop these: what refers to keys, keys, the other indexes.
_DROPS = (
    *(
        f"""SELECT format('ALTER TABLE public.%I DROP CONSTRAINT %I', t.relname, c.conname) AS sql
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
            WHERE c.contype IN {types} AND c.conrelid IN {_OURS}"""
        for types in ("('f')", "('p', 'u')")
    ),
    f"""SELECT format('DROP INDEX public.%I', i.relname) AS sql FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid IN {_OURS}""",
    # Some migrations put rows of their own into their tables.
    f"SELECT format('TRUNCATE public.%I', relname) AS sql FROM pg_class WHERE oid IN {_OURS}",
)

_LOOSE = """SELECT i.relname AS name, t.relname AS of, pg_get_indexdef(i.oid) AS make
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relname = ANY ($1) AND t.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)"""


class NotEmpty(Exception):
    """The database holds tables already, or what somebody else is filling it with."""


def connect(dsn: str) -> Database:
    """A pool for filling."""
    return Database(dsn, most=CONNECTIONS + 1, server_settings=_SESSION)


class Filling:
    """`run` names what is loaded: only the same is gone on with. Raises NotEmpty where something else is there."""

    def __init__(self, db: Database, run: str) -> None:
        self.db = db
        self.run = run

    async def begun(self) -> bool:
        async with self.db.reading() as conn:
            return await self._begun(conn)

    async def begin(self, migrations: Collection[str]) -> None:
        """The tables that these migrations make, empty, without indexes and constraints; unless begun already."""
        async with self.db.transaction() as conn:
            if await self._begun(conn):
                return
            await lay_out(conn, migrations)
            await conn.script(_NOTES)
            await conn.execute("INSERT INTO palabre_restore.run VALUES ($1)", self.run)
            for statement in _KEEP:
                await conn.execute(statement)
            for query in _DROPS:
                for row in await conn.rows(query):
                    await conn.script(row["sql"])

    async def done(self) -> set[str]:
        """The parts and steps that are behind us."""
        async with self.db.reading() as conn:
            return {row["name"] for row in await conn.rows("SELECT name FROM palabre_restore.done")}

    @contextlib.asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[Conn]:
        """A transaction that also notes that this was done."""
        async with self.db.transaction() as conn:
            await conn.execute("INSERT INTO palabre_restore.done VALUES ($1)", name)
            yield conn

    @contextlib.asynccontextmanager
    async def part(self, name: str, table: str, *, whole: bool) -> AsyncIterator[Conn]:
        """A transaction that takes rows into a table. `whole`: they are all it gets."""
        async with self.step(name) as conn:
            if whole:  # where the server's settings allow it, it then needs no log of them
                await conn.execute(f'TRUNCATE public."{table}"')
            yield conn

    async def build(self, told: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Indexes and constraints, those of the largest tables first."""
        async with self.db.reading() as conn:
            rows = await conn.rows(
                """SELECT name, stage FROM palabre_restore.builds
                   ORDER BY pg_relation_size(format('public.%I', on_table)::regclass) DESC, name"""
            )
        done = 0

        async def build(name: str) -> None:
            nonlocal done
            await self._build(name)
            done += 1
            told(done, len(rows))

        for stage in (1, 2, 3):
            names = [row["name"] for row in rows if row["stage"] == stage]
            await together(build, names, CONNECTIONS if stage == 1 else 1)

    async def set_aside(self, tables: Collection[str]) -> None:
        """Drop the indexes of these tables, but keys, until `build`: for those that are filled in other ways."""
        async with self.db.transaction() as conn:
            for row in await conn.rows(_LOOSE, list(tables)):
                await conn.execute(
                    "INSERT INTO palabre_restore.builds VALUES ($1, 1, $2, $3)", row["name"], row["of"], row["make"]
                )
                await conn.script(f'DROP INDEX public."{row["name"]}"')

    async def count(self, table: str) -> int:
        async with self.db.reading() as conn:
            return int(await conn.value(f'SELECT count(*) FROM public."{table}"'))

    async def analyse(self) -> None:
        """So that the first pages are planned as well as the later ones."""
        async with self.db.reading() as conn:
            tables = await conn.rows(f"SELECT relname FROM pg_class WHERE oid IN {_OURS} ORDER BY relpages DESC")

        async def analyse(table: str) -> None:
            async with self.db.reading() as conn:
                await conn.execute(f'ANALYZE public."{table}"')

        await together(analyse, [row["relname"] for row in tables], CONNECTIONS)

    async def end(self) -> None:
        """Forget all notes."""
        async with self.db.transaction() as conn:
            await conn.script("DROP SCHEMA IF EXISTS palabre_restore CASCADE")

    async def give_up(self) -> None:
        """Leave the database as empty as it was found; nothing is done to one that was not being filled."""
        async with self.db.transaction() as conn:
            if await _noted(conn):
                await drop_all(conn)

    async def _begun(self, conn: Conn) -> bool:
        if await _noted(conn):
            if await conn.value("SELECT name FROM palabre_restore.run") != self.run:
                raise NotEmpty("something else is being restored into it")
            return True
        if await conn.value(f"SELECT count(*) FROM {_OURS} AS ours"):
            raise NotEmpty("it holds tables already")
        return False

    async def _build(self, name: str) -> None:
        async with self.db.transaction(durable=False) as conn:
            await conn.script(await conn.value("SELECT make FROM palabre_restore.builds WHERE name = $1", name))
            await conn.execute("DELETE FROM palabre_restore.builds WHERE name = $1", name)


async def drop_all(conn: Conn) -> None:
    """Every table of a network."""
    for row in await conn.rows(f"SELECT relname FROM pg_class WHERE oid IN {_OURS} OR relname = 'migrations'"):
        await conn.script(f'DROP TABLE IF EXISTS public."{row["relname"]}" CASCADE')
    await conn.script("DROP SCHEMA IF EXISTS palabre_restore CASCADE")


async def _noted(conn: Conn) -> bool:
    return await conn.value("SELECT to_regclass('palabre_restore.run')") is not None


async def together(do: Callable[[Any], Awaitable[None]], what: Collection[Any], at_once: int) -> None:
    """All of it, so many at once, in order; the first failure ends it and is raised."""
    left = list(reversed(list(what)))

    async def work() -> None:
        while left:
            await do(left.pop())

    tasks = [asyncio.ensure_future(work()) for _ in range(min(at_once, len(left)))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
