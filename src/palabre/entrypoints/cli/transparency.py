"""transparency report, verify, statements: what everybody may know of how this network is moderated."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from palabre.base import clock
from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, with_database
from palabre.features.moderation import transparency
from palabre.features.moderation.transparency.words import words
from palabre.features.moderation.transparency.zipped import zipped

app = typer.Typer(name="transparency", help="Reports and statements made from the log.", no_args_is_help=True)
_From = Annotated[datetime, typer.Option("--from", help="First day.", formats=["%Y-%m-%d"])]
_To = Annotated[datetime | None, typer.Option("--to", help="Last day; today if left out.", formats=["%Y-%m-%d"])]


@app.command()
def report(
    start: _From,
    end: _To = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the tables of Regulation 2024/2835 there: a folder, or a .zip.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the part in words.")] = "en",
    data: DataFolder = None,
) -> None:
    """Count a period from the log, and print the figures as JSON or write them as CSV."""

    async def go(db: Database) -> tuple[transparency.Numbers, transparency.About]:
        with Bars() as bars:
            async with db.reading() as conn:
                numbers = await transparency.count(conn, start.date(), _last(end), bars)
                return numbers, await transparency.about(conn, numbers, words(lang))

    numbers, about = with_database(data, go)
    if csv is None:
        typer.echo(msgspec.json.format(msgspec.json.encode(numbers)).decode())
        return
    files = {name: transparency.as_csv(rows) for name, rows in transparency.tables(numbers, about).items()}
    if csv.suffix == ".zip":
        csv.write_bytes(zipped(files))
    else:
        csv.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (csv / name).write_bytes(content)
    typer.echo(f"{len(files)} tables written to {csv}", err=True)


@app.command()
def verify(
    start: _From,
    end: _To = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Tables to compare with: a folder or a .zip.", exists=True)
    ] = None,
    data: DataFolder = None,
) -> None:
    """Count anew, straight from the entries, and compare with what was published; ends with status 1 if it doesn't fit."""

    async def go(db: Database) -> list[str]:
        files = _read(csv) if csv else None
        async with db.reading() as conn:
            return await transparency.verify(conn, start.date(), _last(end), files)

    found = with_database(data, go)
    for one in found:
        typer.echo(one)
    typer.echo(f"{len(found)} found" if found else "The figures are those of the log")
    raise typer.Exit(bool(found))


@app.command()
def statements(
    start: _From,
    out: Annotated[
        Path, typer.Option("--out", help="JSON file; with more than 100 statements a second file ….2.json, and so on.")
    ],
    end: _To = None,
    reworded: Annotated[
        Path | None,
        typer.Option("--reworded", help='JSON of texts in other words: {"puid": {"field": "text"}}.', exists=True),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Write statements of reasons for the DSA Transparency Database; those with personal data are listed instead."""

    async def go(db: Database) -> transparency.Export:
        texts = _reworded(reworded) if reworded else {}
        async with db.transaction() as conn:
            return await transparency.export(conn, start.date(), _last(end), texts)

    made = with_database(data, go)
    for number, batch in enumerate(made.batches() or [{"statements": []}], 1):
        path = out if number == 1 else out.with_suffix(f".{number}{out.suffix}")
        path.write_bytes(msgspec.json.format(msgspec.json.encode(batch)))
    for one in made.refused:
        typer.echo(f"held back {one.puid} (case {one.case_id}): {one.field} {one.why}, {one.where}")
    held = len({one.puid for one in made.refused})
    typer.echo(f"{len(made.statements)} written, {held} held back", err=True)
    raise typer.Exit(bool(made.refused))


def _last(end: datetime | None) -> date:
    return end.date() if end else clock.now().date()


def _reworded(path: Path) -> dict[str, dict[str, str]]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    except (OSError, msgspec.DecodeError) as error:
        raise Refused(f"{path} can't be read: {error}") from error


def _read(path: Path) -> dict[str, bytes]:
    try:
        if path.is_dir():
            return {one.name: one.read_bytes() for one in path.glob("*.csv")}
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(f"{path} can't be read: {error}") from error
