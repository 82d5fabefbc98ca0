"""archive: the whole network into a folder, a tar or an object store, once or by itself."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from palabre.base import blobs
from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli import archives
from palabre.entrypoints.cli.archives import megabytes
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, choose, fail, with_database
from palabre.features.portability.archive import Taken, choose_seal, make_key, plan_for, run_plan, take
from palabre.process import running

_BROKEN_OFF = "Broken off: there is no archive. Media that were sent stay there; the same command sends the rest."


def archive(
    destination: Annotated[
        str,
        typer.Argument(
            metavar="DEST", help="A folder, a name ending in .tar, - for standard output, or s3://…, gs://…, az://…"
        ),
    ] = "",
    to_key: Annotated[
        list[str] | None,
        typer.Option("--to-key", help="Public key (age1…, ssh-ed25519 …) or a file of such. Several may be given."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Don't encrypt: whoever has it can read all of it.")] = False,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Remove all but so many archives there. Scheduled: 14.")
    ] = None,
    every: Annotated[
        str, typer.Option("--schedule", metavar="24h|off", help="Take one there every so often: 30m, 24h, 7d. Or off.")
    ] = "",
    schedules: Annotated[bool, typer.Option("--schedules", help="List what is scheduled, and how it went.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the archives in DEST, or in all scheduled.")] = False,
    verified: Annotated[bool, typer.Option("--verify", help="Check every stored byte in DEST; no key needed.")] = False,
    which: Annotated[str, typer.Option("--archive", metavar="ID", help="Verify this one. Default: the newest.")] = "",
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--option",
            help="KEY=VALUE for the object store: endpoint, region, access_key_id, … Also as JSON in "
            "PALABRE_ARCHIVE_OPTIONS, or AWS_…",
        ),
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", metavar="FILE", help="Make a private key, and print its public half.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The result for machines.")] = False,
    plan: Annotated[int | None, typer.Option("--plan", hidden=True)] = None,
    leashed: Annotated[bool, typer.Option("--leashed", hidden=True)] = False,
    data: DataFolder = None,
) -> None:
    """Take an archive of the whole running network: every table, medium, key and setting. `palabre restore` reads it."""
    choose(data)
    try:
        if new_key:
            return _new_key(new_key)
        if plan is not None:
            return _run_plan(plan, leashed)
        options = archives.read_options(option or [])
        if schedules:
            return archives.show_schedules(as_json)
        if listed:
            return archives.show(destination, options, as_json)
        if not destination:
            fail("Say where: palabre archive DEST. `palabre archive --help` tells more.")
        if verified:
            return archives.check(destination, options, which, as_json)
        if every == "off":
            return archives.unplan(destination)
        if every:
            return archives.plan(destination, options, to_key or [], plain, every, keep)
        taken = _take(destination, options, to_key or [], plain, keep)
    except Refused as refused:
        fail(refused.message, refused)
    except KeyboardInterrupt:
        Console(stderr=True).print(f"\n{_BROKEN_OFF}", style="yellow")
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(asdict(taken)), err=destination == "-")
    else:
        _tell(taken, destination)


def _new_key(file: Path) -> None:
    public = make_key(file)
    console = Console(stderr=True, highlight=False)
    console.print(
        f"{file} opens the archives. Keep it, and a copy, elsewhere than on this machine: without it no archive can "
        "be read. Its public half, for --to-key or the setting archive_recipients:",
        soft_wrap=True,
        markup=False,
    )
    typer.echo(public)


def _take(destination: str, options: dict[str, str], to_key: list[str], plain: bool, keep: int | None) -> Taken:
    async def go(db: Database) -> Taken:
        planned = None if to_key or plain else await plan_for(db, destination)
        seal = planned.seal() if planned else choose_seal(to_key, plain=plain)
        given = options or (planned.options if planned else {})
        async with running(db):
            with Bars() as shown:
                return await take(db, blobs.current(), destination, given, seal=seal, progress=shown, keep=keep)

    if destination == "-" and sys.stdout.isatty():
        fail("The archive would go to the terminal: send it on, as in `palabre archive - | ssh host 'cat > a.tar'`.")
    return with_database(None, go)


def _run_plan(plan_id: int, leashed: bool) -> None:
    """For a worker, which hears of trouble alone."""
    from palabre.process import stop_with_parent

    if leashed:
        stop_with_parent()

    async def go(db: Database) -> Taken:
        async with running(db):
            return await run_plan(db, blobs.current(), plan_id, lambda *_: None)

    with_database(None, go)


def _tell(taken: Taken, destination: str) -> None:
    console = Console(stderr=True, highlight=False)
    gone = f" ({taken.gone:,} were erased meanwhile)" if taken.gone else ""
    where, source = ("went to", "FILE.tar") if destination == "-" else ("is in", destination)
    console.print(
        f"Archive {taken.archive} {where} {taken.place}: {taken.rows:,} rows, {taken.media:,} media{gone}, "
        f"{megabytes(taken.bytes)} in all, {megabytes(taken.new_bytes)} of it new, in {taken.seconds:.1f} s.",
        soft_wrap=True,
        markup=False,
    )
    if taken.warning:
        console.print(taken.warning, style="yellow", soft_wrap=True, markup=False)
    console.print(f"It comes back by: palabre restore {source} --data DIR", soft_wrap=True, markup=False)
