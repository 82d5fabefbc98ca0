"""The web port: held by the supervisor, whatever its role, and handed down to the web processes."""

import asyncio
import errno
import socket
import time

from palabre.hosting.problems import PortTaken, StartFailed

_PORT_PATIENCE = 3.0  # seconds that processes of a killed network may take to let go of the port


async def listen(host: str, port: int) -> socket.socket:
    """Raises PortTaken, or StartFailed for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + _PORT_PATIENCE
    while True:
        try:
            listening.bind((host, port))
            listening.listen(2048)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
                continue
            listening.close()
            kind = PortTaken if error.errno == errno.EADDRINUSE else StartFailed
            raise kind(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
        listening.set_inheritable(True)
        return listening


async def wait_for_answer(listening: socket.socket, patience: float = 60) -> None:
    """Until a web process serves a page on the socket. Raises StartFailed."""
    host, port = listening.getsockname()[:2]
    try:
        async with asyncio.timeout(patience):
            while not await _answers(host, port):  # noqa: ASYNC110 - another process, which cannot tell us
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise StartFailed(f"no page was served within {patience:.0f} seconds; the lines above say why") from error


async def _answers(host: str, port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return (await reader.readline()).startswith(b"HTTP/1.1 200")
        finally:
            writer.close()
    except OSError:
        return False
