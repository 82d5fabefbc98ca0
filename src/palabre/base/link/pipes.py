"""Bytes carried from one stream to another, and a local door to a service far away."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from palabre.base.link import wire
from palabre.base.link.address import Address
from palabre.base.link.dialling import dial
from palabre.base.link.problem import LinkProblem

log = structlog.get_logger("palabre.link")


async def pipe(a: wire.Streams, b: wire.Streams) -> None:
    """Carry bytes both ways until both have ended; close both.

    One side's end is passed on while the other way goes on, where both can say "no more from me" (TCP, Unix sockets).
    asyncio's TLS can't: there the end of one way ends both, after all that came before it has been handed on.
    """
    half = a[1].can_write_eof() and b[1].can_write_eof()
    ways = [asyncio.create_task(_carry(a[0], b[1], half)), asyncio.create_task(_carry(b[0], a[1], half))]
    try:
        await asyncio.wait(ways, return_when=asyncio.ALL_COMPLETED if half else asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:  # a dead line would not take the last bytes for a long time
        for writer in (a[1], b[1]):
            writer.transport.abort()
        raise
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await asyncio.gather(wire.hang_up(a[1]), wire.hang_up(b[1]))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, half: bool) -> None:
    try:
        while chunk := await reader.read(wire.CHUNK):
            writer.write(chunk)
            await writer.drain()
        if half:
            writer.write_eof()
    except OSError:
        writer.transport.abort()


async def door(path: Path, address: Address, service: str, /, **args: Any) -> "LocalDoor":
    """A Unix socket for this user only; each connection to it becomes a call of that service."""
    made = LocalDoor(path, address, service, args)
    await made.open()
    return made


class LocalDoor:
    """`problem`: why the last call through it failed; None once one got through."""

    def __init__(self, path: Path, address: Address, service: str, args: dict[str, Any]) -> None:
        self.path = path
        self.problem: LinkProblem | None = None
        self._address = address
        self._service = service
        self._args = args
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self.path.unlink(missing_ok=True)
        unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        unix.bind(str(self.path))
        self.path.chmod(0o600)  # before it listens, so that nobody was in before
        self._server = await asyncio.start_unix_server(self._enter, sock=unix, limit=wire.LIMIT)

    async def close(self) -> None:
        """Shut the door and cut who is still in it."""
        if self._server:
            self._server.close()
        for call in self._calls:
            call.cancel()
        if self._calls:
            await asyncio.wait(self._calls)
        self.path.unlink(missing_ok=True)

    def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.create_task(self._through(reader, writer))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far = await dial(self._address, self._service, **self._args)
        except LinkProblem as problem:
            if str(problem) != str(self.problem):
                log.warning("a call over the link failed", service=self._service, problem=str(problem))
            self.problem = problem
            writer.transport.abort()
            return
        except BaseException:
            writer.transport.abort()
            raise
        self.problem = None
        with suppress(OSError):
            await pipe((reader, writer), far)
