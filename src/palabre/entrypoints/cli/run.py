"""serve, web, worker, migrate: the network's processes."""

import asyncio
import socket
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from palabre.base.db import Database
from palabre.entrypoints.cli.bars import PassingBars
from palabre.entrypoints.cli.database import DataFolder, choose, fail, only_where_it_serves, with_database
from palabre.settings import Settings, current, use

_LAST_REQUESTS = 0.2  # seconds for what was sent on a connection that was accepted already
_DATA = typer.Option("--data", help="Folder for database, media and palabre.toml.", envvar="PALABRE_DATA")
Leashed = Annotated[bool, typer.Option("--leashed", help="Stop when stdin is closed.", hidden=True)]
_PORT = typer.Option("--port", help="Port to listen on.", envvar="PALABRE_PORT")


def serve(
    data: Annotated[Path | None, _DATA] = None,
    port: Annotated[int | None, _PORT] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.", envvar="PALABRE_HOST")] = None,
) -> None:
    """Start what the data folder is for: the whole network, or following another host. Ctrl-C stops all of it."""
    run_host(chosen(data, port, host))


def chosen(data: Path | None, port: int | None, host: str | None) -> Settings:
    """The settings of this data folder, with a command's options over them; used from now on."""
    choose(data)
    given = {"data": data, "port": port, "host": host}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    use(settings)
    return settings


def run_host(settings: Settings) -> None:
    """Until it is stopped; ends the command with status 1 where it cannot start or go on."""
    from palabre import hosting
    from palabre.base.postgres import PostgresProblem
    from palabre.hosting.state import StateProblem

    console = Console(stderr=True, highlight=False)
    console.print(f"Starting Palabre on {settings.link_origin} (data in {settings.data})…")

    def ready(owner_link: str | None) -> None:
        console.print(f"[bold green]Palabre is running:[/] {settings.link_origin}  (Ctrl-C stops it)")
        if owner_link:
            console.print(f"It has no owner yet. This link makes you the owner, once:\n  [bold]{owner_link}[/]")

    bars = PassingBars()
    try:
        asyncio.run(hosting.serve(settings, hosting.Voice(ready, partial(console.print, markup=False), bars)))
    except (PostgresProblem, StateProblem) as problem:
        fail(str(problem), problem)
    except hosting.HostProblem as problem:
        fail(f"Palabre cannot run: {problem}", problem)
    finally:
        bars.stop()
    console.print("Palabre has stopped.")


def web(
    fd: Annotated[
        int | None, typer.Option("--fd", help="An inherited listening socket, instead of host and port.")
    ] = None,
    leashed: Leashed = False,
) -> None:
    """Start one web process. Any number may run, anywhere, on the same DATABASE_URL."""
    import uvicorn

    from palabre.app import App
    from palabre.base.live import live
    from palabre.process import stop_with_parent

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """Who has just been let in is still answered; open streams would be waited for otherwise."""
            for server in self.servers:
                server.close()
            live.hang_up()
            await asyncio.sleep(_LAST_REQUESTS)
            await super().shutdown(sockets)

    if leashed:
        stop_with_parent()
    only_where_it_serves()
    settings = current()
    config = uvicorn.Config(
        App(),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    sockets = [socket.socket(fileno=fd)] if fd is not None else None
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(Server(config).serve(sockets=sockets))


def worker(leashed: Leashed = False) -> None:
    """Start one worker process: deliveries, notifications, timelines, clean-up."""
    from palabre.process import stop_with_parent
    from palabre.worker import run

    if leashed:
        stop_with_parent()
    only_where_it_serves()
    asyncio.run(run())


def migrate(data: DataFolder = None) -> None:
    """Bring the database's tables up to date; safe at any time, from several machines at once."""
    with_database(data, _nothing_more, tell=lambda name: typer.echo(f"applying {name}"))
    typer.echo("up to date")


async def _nothing_more(db: Database) -> None:
    """Migrating is all."""
