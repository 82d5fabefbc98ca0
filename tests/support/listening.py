"""The network under test on a socket of this process, for browsers and other programs."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn

from palabre import settings
from tests.support.network import Network


@contextlib.asynccontextmanager
async def listening(network: Network) -> AsyncIterator[str]:
    """Its address; the settings say that the world sees it there."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    before = settings.current()
    # Made anew, since a settings object remembers its name and origin.
    settings.use(settings.Settings(**{**before.model_dump(), "public_url": address}))
    config = uvicorn.Config(network.app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield address
    finally:
        server.should_exit = True
        await running
        sock.close()
        settings.use(before)
