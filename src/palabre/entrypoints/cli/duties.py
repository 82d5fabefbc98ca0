"""duties dead, revive: the work that was given up on, and another try at it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from palabre.base import duties
from palabre.base.db import Database, Row
from palabre.entrypoints.cli.database import DataFolder, with_database

app = typer.Typer(name="duties", help="Work that failed too often and was given up on.", no_args_is_help=True)


@app.command()
def dead(data: DataFolder = None) -> None:
    """Show the duties that were given up on, the newest first, and what each failed by."""
    table = Table("Id", "Duty", "Tries", "Given up", "Failed by")
    for row in with_database(data, _dead):
        last = (row["last_error"] or "").strip().splitlines()
        table.add_row(
            str(row["id"]),
            row["kind"],
            str(row["attempts"]),
            f"{row['dead_at']:%Y-%m-%d %H:%M}",
            last[-1] if last else "",
        )
    Console().print(table)


@app.command()
def revive(
    duty_ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="None: all of them.")] = None,
    data: DataFolder = None,
) -> None:
    """Have duties tried again that were given up on."""

    async def go(db: Database) -> int:
        chosen = [row["id"] for row in await _dead(db) if not duty_ids or row["id"] in duty_ids]
        async with db.transaction() as conn:
            for duty_id in chosen:
                await duties.revive(conn, duty_id)
        return len(chosen)

    typer.echo(f"{with_database(data, go)} will be tried again")


async def _dead(db: Database) -> list[Row]:
    async with db.reading() as conn:
        return await duties.dead(conn)
