"""database move, media move: the same network with its database or its media elsewhere."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from palabre.base import blobs
from palabre.base.db import UNREACHABLE, Database
from palabre.base.errors import Refused
from palabre.base.migrate import migrate
from palabre.base.postgres import DataFolderBusy, PostgresProblem, Server, prepare
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, cannot_use, choose, fail, only_where_it_serves
from palabre.entrypoints.cli.restore import store_options
from palabre.features.portability.relocation import EMBEDDED, MovedMedia, move_database, move_media, store
from palabre.features.portability.restore import settings_file
from palabre.hosting import control
from palabre.settings import current, use

database = typer.Typer(name="database", help="Where the database is.", no_args_is_help=True)
media = typer.Typer(name="media", help="Where media are.", no_args_is_help=True)
_VARIABLES = ("PALABRE_DATABASE_URL", "DATABASE_URL")


@database.callback()
def _database() -> None:
    """Where the database is."""


@media.callback()
def _media() -> None:
    """Where media are."""


@database.command("move")
def database_move(
    to: Annotated[
        str,
        typer.Option("--to", help=f"An empty PostgreSQL database, 15 or newer: postgresql://… Or: {EMBEDDED}."),
    ],
    despite_connections: Annotated[
        bool,
        typer.Option("--despite-connections", help="Others are connected to the old database, and don't write."),
    ] = False,
    data: DataFolder = None,
) -> None:
    """Move the database: embedded to a server, a server to embedded, one server to another. The network must be stopped.

    The old database stays as it is. Broken off, the same command goes on.
    """
    choose(data)
    only_where_it_serves()
    with _in_words():
        if to == EMBEDDED and not current().database_url.get_secret_value():
            raise Refused("The database is the embedded one already.")
        if to == current().database_url.get_secret_value():
            raise Refused("The database is there already.")
        if to != EMBEDDED and not to.startswith(("postgres://", "postgresql://")):
            raise Refused(f"--to must be postgresql://user:password@host/name or {EMBEDDED}.")
        folder, was_embedded = current().data.resolve(), not current().database_url.get_secret_value()
        with _still(despite_connections) as old, Bars() as shown:
            asyncio.run(_migrate(old))
            moved = asyncio.run(move_database(folder, old, to, shown))
    console = Console(stderr=True, highlight=False)
    console.print(
        f"The database is moved: {moved.rows:,} rows in {moved.tables} tables, every table compared. {folder}/palabre.toml "
        "says so; start the network again.",
        style="bold green",
        soft_wrap=True,
    )
    if set_in := [name for name in _VARIABLES if name in os.environ]:
        console.print(
            f"{set_in[0]} is set and counts for more than palabre.toml: take it out of the environment.",
            style="bold yellow",
            soft_wrap=True,
        )
    old_one = f"{folder}/postgres" if was_embedded else "the database where it was"
    console.print(f"The old one is as it was. Once you are sure, remove {old_one}.", soft_wrap=True)


@media.command("move")
def media_move(
    to: Annotated[str, typer.Option("--to", help="A folder, s3://bucket/prefix, gs://…")],
    option: Annotated[
        list[str] | None,
        typer.Option("--option", help="KEY=VALUE for the new store: endpoint, region, access_key_id, …"),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Move all media to another store, each read back and compared. While the network runs they are copied; stop it and
    give the command once more, and the rest follows and the network uses the new store.
    """
    choose(data)
    only_where_it_serves()
    with _in_words():
        settings, options = current(), store_options(option or [], "--option")
        where = settings.media_store or str(settings.data / "media")
        if to in (where, settings.media_store):
            raise Refused("The media are there already.")
        old, new = blobs.open_store(where, **settings.media_store_options), _opened(to, options)
        notes = settings.data / f".moving-media-{hashlib.sha256(f'{where} {to}'.encode()).hexdigest()[:12]}"
        runs = _runs()
        with contextlib.nullcontext() if runs else _still(False):
            with Bars() as shown:
                moved = asyncio.run(move_media(old, new, notes, shown))
            if not runs:
                lasting = to if "://" in to else str(Path(to).resolve())
                settings_file.change(settings.data, {"media_store": lasting, "media_store_options": options or None})
                notes.unlink()
    _tell_media(moved, where, to, runs)


def _tell_media(moved: MovedMedia, where: str, to: str, runs: bool) -> None:
    console = Console(stderr=True, highlight=False)
    shown = to.partition("?")[0]
    console.print(
        f"{moved.media:,} media ({moved.bytes / 1e6:,.1f} MB) are in {shown}, each read back and compared; {moved.copied:,} "
        "came this time.",
        style="bold green",
        soft_wrap=True,
        markup=False,
    )
    if moved.foreign:
        console.print(f"{moved.foreign:,} other files lie there; they were left alone.", soft_wrap=True)
    if runs:
        console.print(
            "The network runs and still uses the old store. Stop it and give the same command again: only what is new then is "
            "left to copy, and it switches over.",
            style="bold yellow",
            soft_wrap=True,
        )
    else:
        console.print(
            f"The network uses them there from its next start on. The old ones are as they were: once you are sure, remove "
            f"{where.partition('?')[0]}.",
            soft_wrap=True,
            markup=False,
        )


def _opened(to: str, options: dict[str, str]) -> blobs.Blobs:
    try:
        return blobs.open_store(to, **options)
    except Exception as error:  # the store library's own, for addresses and options it doesn't know
        raise Refused(f"{to.partition('?')[0]} can't be used: {str(error).partition(chr(10))[0]}") from error


def _runs() -> bool:
    """Whether a network runs on this data folder, or somebody else uses its database."""
    try:
        with _still(False):
            return False
    except DataFolderBusy:
        return True
    except Refused:
        return True


@contextlib.contextmanager
def _still(despite_connections: bool) -> Iterator[str]:
    """The address of the database, with nobody else at work on it. Raises DataFolderBusy, Refused."""
    outside = current().database_url.get_secret_value()
    if not outside:
        with Server(prepare(current().data)) as server:
            yield server.cluster.dsn
        return
    if control.is_running(current().data):
        raise Refused(f"The network on {current().data} runs: stop it first.")
    if (others := asyncio.run(_others(outside))) and not despite_connections:
        raise Refused(
            f"{others} others are connected to the database: stop the network first (all its processes, on all machines). If "
            "these only read, say --despite-connections."
        )
    yield outside


async def _others(dsn: str) -> int:
    db = Database(dsn, most=1)
    try:
        async with db.reading() as conn:
            return await store.others(conn)
    finally:
        await db.close()


async def _migrate(dsn: str) -> None:
    db = Database(dsn, most=2)
    try:
        await migrate(db)
    finally:
        await db.close()


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        fail(refused.message, refused)
    except PostgresProblem as problem:
        fail(str(problem), problem)
    except UNREACHABLE as error:
        fail(cannot_use(error), error)
    except KeyboardInterrupt:
        fail("Broken off. Nothing is switched over; give the same command again and it goes on.")
    finally:
        use(None)
