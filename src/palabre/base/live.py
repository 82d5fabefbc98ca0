"""Telling other processes at once what just happened, over PostgreSQL's NOTIFY.

Never inside a write transaction (NOTIFY there makes commits queue for one lock): messages are sent after commit,
gathered for a moment, over one connection per process. They may get lost; whoever listens also polls.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec
import structlog

from palabre.base.db import UNAVAILABLE, Conn, Database

_CHANNEL = "palabre"
_GATHER = 0.01  # seconds
_LARGEST = 7_500  # bytes; PostgreSQL refuses 8,000
_log = structlog.get_logger()

Message = tuple[str, str]  # topic, text


class News(asyncio.Queue[Message]):
    """What one listener has not yet heard."""

    def __init__(self, backlog: int) -> None:
        super().__init__(backlog)
        self.topics: set[str] = set()


class Live:
    def __init__(self) -> None:
        self._waiting: dict[Message, None] = {}  # a set that keeps its order: the same message is sent once
        self._has_news = asyncio.Event()
        self._listeners: dict[str, set[News]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self.ending = False

    async def start(self, db: Database) -> None:
        self.ending = False
        self._waiting, self._has_news = {}, asyncio.Event()
        self._task = asyncio.create_task(self._run(db))

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def hang_up(self) -> None:
        """Wake all listeners to see that this process is `ending`."""
        self.ending = True
        for news in {news for listeners in self._listeners.values() for news in listeners}:
            with contextlib.suppress(asyncio.QueueFull):
                news.put_nowait(("", ""))

    def publish(self, topic: str, text: str = "") -> None:
        """Send soon. Does nothing in a process that has not started its connection, such as a command."""
        if self._task:
            self._waiting[(topic, text)] = None
            self._has_news.set()

    @contextlib.asynccontextmanager
    async def listen(self, *topics: str, backlog: int = 256) -> AsyncIterator[News]:
        """A queue of (topic, text). A listener too slow for `backlog` messages misses the newest."""
        news = News(backlog)
        self.attend(news, topics)
        try:
            yield news
        finally:
            self.attend(news, ())

    def attend(self, news: News, topics: Iterable[str]) -> None:
        """Listen to these topics from now on, and to no others."""
        wanted = set(topics)
        for topic in news.topics - wanted:
            self._listeners[topic].discard(news)
            if not self._listeners[topic]:
                del self._listeners[topic]
        for topic in wanted - news.topics:
            self._listeners[topic].add(news)
        news.topics = wanted

    async def _run(self, db: Database) -> None:
        while True:
            try:
                async with db.dedicated() as raw:
                    await raw.add_listener(_CHANNEL, self._received)
                    await self._send_forever(raw)
            except (*UNAVAILABLE, OSError) as error:
                _log.warning("live_connection_lost", error=str(error))
                await asyncio.sleep(0.5)

    async def _send_forever(self, raw: Any) -> None:
        while not raw.is_closed():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):  # not wait_for, which Python 3.11 lets swallow a cancellation
                    await self._has_news.wait()
            await asyncio.sleep(_GATHER)
            self._has_news.clear()
            batch, self._waiting = list(self._waiting), {}
            for payload in _payloads(batch):
                await raw.execute("SELECT pg_notify($1, $2)", _CHANNEL, payload)

    def _received(self, _raw: object, _pid: int, _channel: str, payload: object) -> None:
        for message in msgspec.json.decode(str(payload), type=list[Message]):
            for queue in self._listeners.get(message[0], ()):
                with contextlib.suppress(asyncio.QueueFull):
                    queue.put_nowait(message)


def _payloads(messages: list[Message]) -> list[str]:
    """Messages packed into as few payloads as the limit allows."""
    packed: list[str] = []
    batch: list[Message] = []
    size = 2
    for message in messages:
        length = len(msgspec.json.encode(message)) + 1
        if batch and size + length > _LARGEST:
            packed.append(msgspec.json.encode(batch).decode())
            batch, size = [], 2
        batch.append(message)
        size += length
    if batch:
        packed.append(msgspec.json.encode(batch).decode())
    return packed


live = Live()


def say(conn: Conn, topic: str, text: str = "") -> None:
    """Publish once this transaction is durable."""
    conn.after_commit(lambda: live.publish(topic, text))
