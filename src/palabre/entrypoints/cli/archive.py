"""archive: the whole network into a folder, a tar or an object store."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from palabre.base import blobs
from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, choose, fail, with_database
from palabre.features.portability.archive import Taken, choose_seal, make_key, open_place, take
from palabre.features.portability.archive.sealing import Seal
from palabre.process import running


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
    option: Annotated[
        list[str] | None,
        typer.Option("--option", help="KEY=VALUE for the object store: endpoint, region, access_key_id, …"),
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", metavar="FILE", help="Make a private key, and print its public half.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The result for machines.")] = False,
    data: DataFolder = None,
) -> None:
    """Take an archive of the whole running network: every table, medium, key and setting. `palabre restore` reads it."""
    choose(data)
    try:
        if new_key:
            return _new_key(new_key)
        if not destination:
            fail("Say where to: palabre archive DEST. `palabre archive --help` tells more.")
        seal = choose_seal(to_key or [], plain=plain)
        options = _options(option or [])
    except Refused as refused:
        fail(refused.message, refused)
    taken = _take(destination, options, seal, data)
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


def _take(destination: str, options: dict[str, str], seal: Seal, data: Path | None) -> Taken:
    async def go(db: Database) -> Taken:
        async with running(db):
            with Bars() as shown:
                place = open_place(destination, options)
                return await take(db, blobs.current(), place, seal=seal, progress=shown)

    if destination == "-" and sys.stdout.isatty():
        fail("The archive would go to the terminal: send it on, as in `palabre archive - | ssh host 'cat > a.tar'`.")
    return with_database(data, go)


def _options(given: list[str]) -> dict[str, str]:
    """From the environment, and over it those of the command. Raises Refused."""
    try:
        found = msgspec.json.decode(os.environ.get("PALABRE_ARCHIVE_OPTIONS") or "{}", type=dict[str, str])
    except msgspec.DecodeError as error:
        raise Refused(f'PALABRE_ARCHIVE_OPTIONS must be JSON such as {{"endpoint": "https://…"}}: {error}') from error
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise Refused(f"--option must be KEY=VALUE, not {each}.")
        found[name] = value
    return found


def _tell(taken: Taken, destination: str) -> None:
    console = Console(stderr=True, highlight=False)
    gone = f" ({taken.gone:,} were erased meanwhile)" if taken.gone else ""
    source = "FILE.tar" if destination == "-" else destination
    console.print(
        f"Archive {taken.archive} is in {taken.place}: {taken.rows:,} rows, {taken.media:,} media{gone}, "
        f"{megabytes(taken.bytes)} in all, {megabytes(taken.new_bytes)} of it new, in {taken.seconds:.1f} s.",
        soft_wrap=True,
        markup=False,
    )
    console.print(f"It comes back by: palabre restore {source} --data DIR", soft_wrap=True, markup=False)


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
