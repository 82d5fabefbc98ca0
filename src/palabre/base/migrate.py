"""Brings the schema up to date: plain SQL files, applied once each, in the order of their names."""

from collections.abc import Callable, Collection
from importlib import resources

from palabre.base.db import Conn, Database

_LOCK = 7_025_224_223  # any fixed number: two starters take turns on it
_NOTES = "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"


def available() -> list[tuple[str, str]]:
    """Every migration there is, as (name, SQL), in order."""
    folder = resources.files("palabre.migrations")
    files = [file for file in folder.iterdir() if file.name[:4].isdigit() and file.name.endswith(".sql")]
    return [(file.name.removesuffix(".sql"), file.read_text()) for file in sorted(files, key=lambda file: file.name)]


async def migrate(db: Database, tell: Callable[[str], None] = lambda name: None) -> list[str]:
    """Apply what is missing and name it. Safe to run from several processes at once and after a crash midway."""
    applied = []
    async with db.dedicated() as raw:
        await raw.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await raw.execute(_NOTES)
        done = {row["name"] for row in await raw.fetch("SELECT name FROM migrations")}
        for name, sql in available():
            if name in done:
                continue
            tell(name)
            async with raw.transaction():
                await raw.execute(sql)
                await raw.execute("INSERT INTO migrations (name) VALUES ($1)", name)
            applied.append(name)
    return applied


async def lay_out(conn: Conn, names: Collection[str]) -> None:
    """The tables as these migrations make them, in an empty database and within the caller's transaction."""
    await conn.script(_NOTES)
    for name, sql in available():
        if name in names:
            await conn.script(sql)
            await conn.execute("INSERT INTO migrations (name) VALUES ($1)", name)


async def pending(db: Database) -> list[str]:
    """What `migrate` would apply."""
    async with db.reading() as conn:
        if await conn.value("SELECT to_regclass('migrations')") is None:
            return [name for name, _ in available()]
        done = {row["name"] for row in await conn.rows("SELECT name FROM migrations")}
    return [name for name, _ in available() if name not in done]
