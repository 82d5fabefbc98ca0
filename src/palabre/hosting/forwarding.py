"""The process `palabre forward`: a web server whose answers come from the new host, through the link."""

import socket

import uvicorn

from palabre.base import logs
from palabre.base.link import Address, door
from palabre.hosting import state
from palabre.hosting.doors import folder_of
from palabre.hosting.forward import Forwarder
from palabre.hosting.tally import Tally
from palabre.settings import current


async def run(fd: int) -> None:
    """Until SIGTERM or SIGINT."""
    settings = current()
    logs.set_up(settings.log_level, settings.log_format)
    folder = folder_of(settings.data)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "web"
    opened = await door(path, Address.parse(state.load(settings.data).to), "http")
    config = uvicorn.Config(
        Forwarder(path, counted=Tally(settings.data).count),
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    try:
        await uvicorn.Server(config).serve(sockets=[socket.socket(fileno=fd)])
    finally:
        await opened.close()
