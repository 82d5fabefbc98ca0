"""The load: keep-alive connections in a process of their own, each asking again as soon as it was answered."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import cast


@dataclass
class Load:
    """What one run measured; times in seconds."""

    requests: int = 0
    errors: int = 0
    seconds: float = 0.0
    bytes: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class _Connection(asyncio.Protocol):
    """Writes a request, counts the answer's bytes by its Content-Length, and goes on until told to stop."""

    def __init__(self, requests: "itertools.cycle[bytes]", load: Load, until: float) -> None:
        self.requests, self.load, self.until = requests, load, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.head = b""
        self.missing = -1
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._ask()

    def _ask(self) -> None:
        self.head, self.missing, self.began = b"", -1, time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.load.bytes += len(data)
        if self.missing < 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.head[:end].lower()
            if not head.startswith(b"http/1.1 2"):
                self.load.errors += 1
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            self.missing = length - (len(self.head) - end - 4)
        else:
            self.missing -= len(data)
        if self.missing <= 0:
            now = time.perf_counter()
            self.load.requests += 1
            self.load.times.append(now - self.began)
            if now < self.until:
                self._ask()
            else:
                self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _press(host: str, port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    load = Load()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    pool = []
    for number in range(connections):
        start = number * len(requests) // connections
        turn = itertools.cycle([*requests[start:], *requests[:start]])
        _, protocol = await loop.create_connection(
            lambda turn=turn: _Connection(turn, load, began + seconds),
            host,
            port,  # type: ignore[misc]
        )
        pool.append(protocol)
    await asyncio.gather(*(protocol.done for protocol in pool))
    load.seconds = time.perf_counter() - began
    return load


def _in_process(host: str, port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    import uvloop

    return uvloop.run(_press(host, port, requests, connections, seconds))


def press(port: int, requests: Sequence[bytes], *, connections: int = 64, seconds: float = 5.0) -> Load:
    """Bounded in count and time, on the loopback address only."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_in_process, ("127.0.0.1", port, requests, connections, seconds))


def get(path: str, token: str | None = None) -> bytes:
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer}\r\n".encode()


def post(path: str, body: str, token: str, *headers: str) -> bytes:
    extra = "".join(f"{header}\r\n" for header in headers)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n{extra}"
        f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
    ).encode()
