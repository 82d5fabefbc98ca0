"""drill: the newest archive brought back on trial. examine: the part of it that looks at the restored network."""

import asyncio
import os
import signal
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer
from rich.console import Console

from palabre.base import i18n
from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, choose, fail, with_database
from palabre.entrypoints.cli.restore import opener_of, store_options
from palabre.features.portability import drill as drills
from palabre.features.portability.drill import Examination, Held, Wanted
from palabre.features.portability.drill.scratch import folder as drill_folder
from palabre.features.portability.restore.verifying import Progress
from palabre.features.portability.safekeeping.report import compared, opened
from palabre.settings import current

T = TypeVar("T")
_SAMPLE = Annotated[int, typer.Option("--sample", min=0, help="How many posts to open, drawn by lot.")]
_LEASHED = Annotated[bool, typer.Option("--leashed", help="Stop when stdin is closed.", hidden=True)]


def drill(
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="ID", help="Which archive. Default: the newest.")
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="DEST",
            help="Where it lies: a plan's place, or any other. Default: where the plans' newest one lies.",
        ),
    ] = "",
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--key", metavar="FILE", help="File with a private key. Default: this machine's own, DATA/drill.key."
        ),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", help="KEY=VALUE for the place: endpoint, region, access_key_id, …")
    ] = None,
    sample: _SAMPLE = 100,
    scratch: Annotated[
        Path | None, typer.Option("--scratch", metavar="DIR", help="Folder to work in. Default: DATA/drills.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The result for machines.")] = False,
    scheduled: Annotated[
        bool, typer.Option("--scheduled", help="Politely, as the worker begins it.", hidden=True)
    ] = False,
    leashed: _LEASHED = False,
    data: DataFolder = None,
) -> None:
    """Bring the newest archive back into a scratch folder, compare it with its manifest, verify its moderation log, open posts
    in it as their authors, and remove it again. Ends with status 1 where anything is wrong.
    """
    choose(data)
    _begin(scheduled, leashed)
    with Bars() as shown:

        async def examine(folder: Path, progress: Progress) -> Examination:
            from palabre.trial import examine_apart

            return await examine_apart(folder, sample, progress)

        async def go(db: Database) -> Held:
            folder = scratch.absolute() if scratch else drill_folder()
            options = store_options(option or [], "--option")
            wanted = Wanted(folder, opener_of(key or _own_key()), source, options, archive, bool(key))
            return await _until_stopped(drills.hold(db, wanted, examine, shown))

        held = with_database(data, go)
    if as_json:
        typer.echo(msgspec.json.encode(held).decode())
    else:
        _tell(held)
    raise typer.Exit(not held.well)


def examine(data: DataFolder, sample: _SAMPLE = 100, leashed: _LEASHED = False) -> None:
    """Look at a restored network that nobody serves; for `palabre drill`."""
    from palabre.trial import examine as look
    from palabre.trial.process import Line

    choose(data)
    _begin(False, leashed)
    if current().database_url.get_secret_value():
        fail("This looks only at networks with a database in their data folder.")

    def say(line: Line) -> None:
        print(msgspec.json.encode(line).decode(), flush=True)

    def told(part: str, done: int, total: int) -> None:
        say(Line(part, done, total))

    say(Line(found=with_database(data, lambda db: _until_stopped(look(db, sample, told)))))


def _begin(scheduled: bool, leashed: bool) -> None:
    from palabre.process import stop_with_parent

    if scheduled:
        os.nice(10)
    if leashed:
        stop_with_parent()


async def _until_stopped(work: Awaitable[T]) -> T:
    """SIGTERM ends it as Ctrl-C does: everything is cleared away first."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError as error:
        raise Refused("Broken off. Nothing was left behind.") from error


def _own_key() -> list[Path]:
    own = current().data / "drill.key"
    return [own] if own.exists() else []


def _tell(held: Held) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if held.well:
        console.print(
            f"It went well: archive {held.archive} in {held.destination} can be brought back.", style="bold green"
        )
    else:
        console.print(f"Archive {held.archive} in {held.destination} failed the drill.", style="bold red", markup=False)
        console.print(held.error or "", markup=False)
    if held.outcome.get("rows") is not None:
        console.print(f"  Compared: {compared(held.outcome, i18n.SOURCE)}, all as its manifest says", markup=False)
        faults = held.outcome["faults"]
        console.print(f"  Moderation log: {f'{faults} faults' if faults else 'as it was written'}", markup=False)
        console.print(f"  Opened: {opened(held.outcome, i18n.SOURCE)}", markup=False)
    console.print(f"  Took {held.outcome['seconds']:.0f} s", markup=False)
