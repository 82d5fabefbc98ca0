"""What both ends agree on: the first line each says, and when a silent connection counts as dead."""

import asyncio
import json
import socket
from typing import Any

VERSION = 1
HANDSHAKE_SECONDS = 10.0
FAREWELL_SECONDS = 30.0
"""For the last bytes to reach a slow reader; then the connection is cut."""
LIMIT = 256 * 1024
"""Bytes a reader keeps before it makes the sender wait (asyncio keeps up to twice that); also the longest line."""
CHUNK = 64 * 1024
_FIRST_LINE = 16 * 1024

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def say(writer: asyncio.StreamWriter, fields: dict[str, Any]) -> None:
    """One line of JSON."""
    writer.write(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    await writer.drain()


async def hear(reader: asyncio.StreamReader, most: int = LIMIT) -> dict[str, Any]:
    """One line of JSON. EOFError: the other side had no more to say; ValueError: too long, cut off, or not an object."""
    line = await reader.readline()
    if not line:
        raise EOFError("hung up")
    if not line.endswith(b"\n") or len(line) > most:
        raise ValueError("no whole line")
    try:
        fields = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(fields, dict):
        raise ValueError("not an object")
    return fields


async def hear_or_none(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """One line of JSON; None once the other side has hung up between two lines."""
    try:
        return await hear(reader)
    except EOFError:
        return None


async def hear_first(reader: asyncio.StreamReader) -> dict[str, Any]:
    """The first line: what isn't known yet gets little room."""
    return await hear(reader, _FIRST_LINE)


def watch(tcp: socket.socket, sending: bool) -> None:
    """Notice within about 15 s that the other end is gone without a word.

    `sending` looks after bytes under way too. Only the caller asks for it: it also cuts one whose reader takes nothing for
    so long, which a new host copying to a slow disk may well do.
    """
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    options = {"TCP_KEEPIDLE": 6, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3}
    if sending:
        options["TCP_USER_TIMEOUT"] = 15_000
    for name, value in options.items():
        if option := getattr(socket, name, None):  # not every system has them all
            tcp.setsockopt(socket.IPPROTO_TCP, option, value)


async def hang_up(writer: asyncio.StreamWriter, seconds: float = FAREWELL_SECONDS) -> None:
    """Close once what was written has been delivered; at once if that takes longer than `seconds`."""
    try:
        if not writer.is_closing():  # closed twice, asyncio's TLS loses what `abort` needs
            writer.close()
        async with asyncio.timeout(seconds):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        pass
    finally:
        writer.transport.abort()
