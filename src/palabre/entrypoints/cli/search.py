"""palabre search: the index of posts and people."""

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from palabre.base.db import Database
from palabre.entrypoints.cli.database import DataFolder, with_database

app = typer.Typer(name="search", help="The index by which posts and people are found.", no_args_is_help=True)


@app.callback()
def search() -> None:
    """The index by which posts and people are found."""


@app.command()
def rebuild(data: DataFolder = None) -> None:
    """Make the search index anew from the posts and accounts. The network may run meanwhile; safe to interrupt."""
    done = with_database(data, _rebuild)
    typer.echo(f"{done} taken in")


async def _rebuild(db: Database) -> int:
    from palabre.features.search import rebuild as make_anew

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("posts and people", total=None)
        return await make_anew(db, lambda done, total: progress.update(task, completed=done, total=total))
