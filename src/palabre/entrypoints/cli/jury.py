"""jury verify, camps: computing a draw again, and finding the camps of the follow graph anew."""

import json
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from palabre.base.db import Database
from palabre.entrypoints.cli.database import DataFolder, fail, with_database

app = typer.Typer(name="jury", help="Juries: their draws, and the camps they are drawn from.", no_args_is_help=True)


@app.command()
def verify(
    what: Annotated[
        str, typer.Argument(metavar="FILE|PANEL", help="A draw saved from any network, or a panel of this one.")
    ],
    data: DataFolder = None,
) -> None:
    """Compute a draw again; of a panel of this network, compare the ballots with the log too."""
    from palabre.features.moderation import jury

    path = Path(what)
    if path.is_file():
        try:
            faults = jury.verify(json.loads(path.read_text()))
        except (ValueError, msgspec.ValidationError) as error:
            fail(f"{what} is no draw: {error}", error)
    elif what.isascii() and what.isdigit() and len(what) < 20:
        faults = with_database(data, lambda db: _verify_here(db, int(what)))
    else:
        fail(f"{what} is neither a file nor the number of a panel")
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo("The draw is as it had to be.")


async def _verify_here(db: Database, panel_id: int) -> list[str]:
    from palabre.features.moderation import jury

    async with db.reading() as conn:
        document: dict[str, Any] = await jury.published(conn, panel_id)
        if document["why_none"] == "unfilled" and not document["drawn"]:
            return []
        return [*jury.verify(document), *await jury.verify_ballots(conn, panel_id)]


@app.command()
def camps(data: DataFolder = None) -> None:
    """Find the camps now. Workers do it once a day."""
    from palabre.features.moderation import jury

    sizes = with_database(data, jury.find_camps)
    for camp, members in sorted(sizes.items()):
        typer.echo(f"camp {camp}: {members} members" if camp else f"in none: {members} members")
