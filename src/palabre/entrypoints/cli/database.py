"""The database for the length of a command: the one that the settings name, or the data folder's own."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar
from urllib.parse import urlsplit

import typer
from rich.console import Console

from palabre.base.db import DISK_FULL, UNAVAILABLE, UNREACHABLE, Database
from palabre.base.errors import Refused
from palabre.settings import current, use

T = TypeVar("T")
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="Folder for database, media and palabre.toml.", envvar="PALABRE_DATA")
]


def choose(data: Path | None) -> None:
    """Use this data folder, and the settings that lie in it."""
    if data is not None:
        os.environ["PALABRE_DATA"] = str(data.resolve())
        use(None)


def with_database(
    data: Path | None,
    work: Callable[[Database], Awaitable[T]],
    tell: Callable[[str], None] = lambda name: None,
    *,
    only_read: bool = False,
) -> T:
    """Do something with the migrated database; on trouble say what is wrong and end the command with status 1.

    `tell` hears the name of each migration applied. `only_read`: nothing is migrated, so that a replica will do.
    """
    import palabre.consequences  # noqa: F401 - wires the events
    from palabre.base.migrate import migrate, pending
    from palabre.base.postgres import PostgresProblem

    async def go(dsn: str) -> T:
        db = Database(dsn, most=4)
        try:
            if not only_read:
                await migrate(db, tell)
            elif await pending(db):
                raise Refused("The database is of an older version of Palabre. Run: palabre migrate")
            return await work(db)
        finally:
            await db.close()

    choose(data)
    try:
        with reachable() as dsn:
            return asyncio.run(go(dsn))
    except Refused as refused:
        fail(f"{refused.field} {refused.message}" if refused.field else refused.message, refused)
    except PostgresProblem as problem:
        fail(str(problem), problem)
    except UNREACHABLE as error:
        fail(cannot_use(error), error)


def cannot_use(error: BaseException) -> str:
    """Why the database can't be used, for one of `UNREACHABLE`."""
    if isinstance(error, DISK_FULL):
        return "The database's disk is full: make room, and give the same command again."
    return f"The database cannot be reached: {error}"


@contextlib.contextmanager
def reachable() -> Iterator[str]:
    """The database's address. The data folder's own server is started for as long, unless it runs already."""
    from palabre.base.postgres import Server, prepare, refuse_half_restored

    only_where_it_serves()
    refuse_half_restored(current().data)
    outside = current().database_url.get_secret_value()
    if outside:
        yield outside
        return
    cluster = prepare(current().data)
    if asyncio.run(_answers(cluster.dsn)):
        yield cluster.dsn
        return
    # While the network is down no standby can be there, and what is done now reaches it later.
    with Server(cluster, {"synchronous_standby_names": ""}):
        yield cluster.dsn


def only_where_it_serves() -> None:
    """Ends the command, with status 1 and in words, in a data folder whose network another host serves."""
    from palabre.hosting.clocks import heed
    from palabre.hosting.state import StateProblem, load

    try:
        state = load(current().data)
    except StateProblem as problem:
        fail(str(problem), problem)
    heed(state)
    if state.role == "standby":
        fail(
            f"This is the standby of {shown(state.of)}: do it there. `palabre promote` makes this host serve in its place."
        )
    if state.moving:
        fail("This network is being moved to another host just now: do it there in a moment (`palabre move --status`).")
    if state.role == "moved":
        fail(f"This network has moved to {shown(state.to)}, which serves it now ({state.url}): do it there.")


def shown(address: str) -> str:
    """Host and port of a link's address, without its secret."""
    return urlsplit(address).netloc or address.partition("?")[0]


async def _answers(dsn: str) -> bool:
    try:
        async with Database(dsn).dedicated():
            return True
    except (*UNAVAILABLE, OSError):
        return False


def fail(message: str, cause: BaseException | None = None) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(message.rstrip(), style="bold red", markup=False)
    raise typer.Exit(1) from cause
