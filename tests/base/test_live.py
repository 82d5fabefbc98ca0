"""The line on which news is told: it ends when it is told to, whatever happens at that very moment."""

import asyncio
import contextlib

import pytest

from palabre.base.live import Live


class Wire:
    """A connection on which everything arrives."""

    def is_closed(self) -> bool:
        return False

    async def execute(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("turns", range(5))
async def test_news_at_the_moment_of_ending_does_not_keep_it_going(turns: int) -> None:
    line = Live()
    line._has_news = asyncio.Event()
    sending = asyncio.create_task(line._send_forever(Wire()))
    for _ in range(10):  # until it waits for news
        await asyncio.sleep(0)
    line._has_news.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    sending.cancel()
    async with asyncio.timeout(60):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(sending)
    assert sending.cancelled()
