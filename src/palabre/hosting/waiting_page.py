"""What a host that doesn't serve answers on its web port: 503, in words; so that load balancers look elsewhere."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

_PATIENCE = 10.0  # seconds for a request to come


@contextlib.asynccontextmanager
async def answering(listening: socket.socket, words: str) -> AsyncIterator[None]:
    """Meanwhile; then the socket is free for others, who inherit whoever waits on it."""
    server = await asyncio.start_server(lambda reader, writer: _answer(reader, writer, words), sock=listening.dup())
    try:
        yield
    finally:
        server.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: str) -> None:
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        async with asyncio.timeout(_PATIENCE):
            asked = await reader.readuntil(b"\r\n\r\n")
            body = b"" if asked.startswith(b"HEAD ") else f"{words}\n".encode()
            writer.write(
                b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 30\r\n"
                b"Cache-Control: no-store\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(f"{words}\n".encode()), body)
            )
            await writer.drain()
    writer.close()
