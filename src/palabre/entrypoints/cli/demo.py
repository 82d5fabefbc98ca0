"""demo: the whole network, with a believable community in it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from palabre.base.db import Database
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import with_database
from palabre.entrypoints.cli.run import serve
from palabre.process import running


def demo(
    data: Annotated[Path, typer.Option("--data", help="A folder of its own; not that of a real network.")] = Path(
        "palabre-demo"
    ),
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.", envvar="PALABRE_PORT")] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.", envvar="PALABRE_HOST")] = None,
    load_only: Annotated[bool, typer.Option("--load-only", help="Load the community, and don't start.")] = False,
) -> None:
    """Start the network with forty made-up people and two months of their talk. Ctrl-C stops all of it."""
    from palabre.demo import load

    async def go(db: Database) -> None:
        async with running(db):
            with Bars() as shown:
                await load.load(db, shown)

    data.mkdir(parents=True, exist_ok=True, mode=0o755)
    with_database(data, go)
    console = Console(stderr=True, highlight=False)
    console.print("[bold]A demonstration:[/] everybody here is made up, and the password is known to all. Sign in as")
    for name, what in (("olive", "the owner"), ("tariq", "a moderator"), (load.BROUGHT, "who brought her archive")):
        console.print(f"  [bold]{load.email(name)}[/]  {load.PASSWORD}  ({what})")
    if not load_only:
        serve(data, port, host)
