"""What goes on, told to whoever asks: from the first step on, also to those who ask late."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import structlog

_log = structlog.get_logger()


class Telling:
    """One long work's steps, in the form of the control socket's lines."""

    def __init__(self) -> None:
        self._told: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._ended = False

    def step(self, words: str) -> None:
        _log.info("step", words=words)
        self.note({"step": words})

    def note(self, told: dict[str, Any]) -> None:
        self._told.append(told)
        self._news.set()
        self._news = asyncio.Event()

    def end(self, last: dict[str, Any] | None = None) -> None:
        """`{"done": …}` or `{"error": …}`; nothing comes after it."""
        self._ended = True
        if last:
            self._told.append(last)
        self._news.set()

    async def all(self) -> AsyncIterator[dict[str, Any]]:
        """Until the end."""
        heard = 0
        while True:
            for told in self._told[heard:]:
                heard += 1
                yield told
            if self._ended and heard == len(self._told):
                return
            news = self._news
            if heard == len(self._told):
                await news.wait()
