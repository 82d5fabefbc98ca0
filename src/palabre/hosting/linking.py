"""The process `palabre link`: the one port on which the other hosts of this network reach this one."""

import asyncio
import signal

from palabre.base import logs
from palabre.base.link import Identity, serve
from palabre.hosting import invite, state
from palabre.hosting.services import Services
from palabre.settings import current


async def run() -> None:
    """Until SIGTERM or SIGINT. Raises LinkProblem when the port cannot be had."""
    settings = current()
    logs.set_up(settings.log_level, settings.log_format)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    identity = Identity.of(settings.data / "link")
    port = state.load(settings.data).link_port or settings.link_port

    def admits(name: str, secret: str) -> bool:
        return invite.admits(settings.data, name, secret)

    link = await serve(settings.link_host, port, identity, admits, Services(settings).all())
    try:
        await stop.wait()
    finally:
        await link.close()
