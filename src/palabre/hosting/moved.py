"""The role `moved`: another host serves in our place. This one sees to it that it does, and hands on whatever comes here."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from palabre.base.link import Address, LinkProblem, ask, dial, hear_or_none
from palabre.hosting import state, tally
from palabre.hosting.children import Child
from palabre.hosting.host import Host

_PAUSE = 0.5  # seconds
_PROMOTION = 120.0


class Moved:
    """Never touches the database here: it stays as it was, for whoever wants to look."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.to = Address.parse(host.state.to)
        self.serves = False
        self._leave = asyncio.Event()

    async def run(self) -> None:
        await self.host.stop_postgres()
        with self.host.doing(status=self.status):
            await self.host.open_control()
            listening = await self.host.listen()
            self.host.start_link()
            fd = listening.fileno()
            forwarder = Child(["forward", "--leashed", "--fd", str(fd)], (fd,))
            forwarder.start(self.host.environment())
            self.host.children.append(forwarder)
            self.host.voice.say(f"This network has moved to {self.to.place}: requests that come here are handed on.")
            await self.host.watch(self._leave, self._see_it_serve())

    async def _see_it_serve(self) -> None:
        """Until the new host does, however long it takes: nobody else will."""
        said = ""
        while not self.serves:
            try:
                async with asyncio.timeout(_PROMOTION):
                    await self._promote()
            except (LinkProblem, TimeoutError) as problem:
                if said != str(problem):
                    said = str(problem)
                    self._tell(f"{self.to.place} does not serve yet: {said or 'no answer'}. Trying again.")
                await asyncio.sleep(_PAUSE)
        self._done()

    async def _promote(self) -> None:
        """Raises LinkProblem."""
        if (await ask(self.to, "status")).get("role") in ("serving", "moved"):  # moved on: it hands on in its turn
            self.serves = True
            return
        reader, writer = await dial(self.to, "promote")
        try:
            while (told := await hear_or_none(reader)) is not None and "done" not in told:
                if "error" in told:
                    raise LinkProblem(str(told["error"]))
                self._tell(f"The new host: {told.get('step', '')}")
        except (OSError, ValueError) as error:
            raise LinkProblem(f"it broke off ({type(error).__name__})") from error
        finally:
            writer.close()

    def _tell(self, words: str) -> None:
        if moving := self.host.moving:
            moving.telling.step(words)
        else:
            self.host.voice.say(words)

    def _done(self) -> None:
        if moving := self.host.moving:
            seconds = time.monotonic() - (moving.began or time.monotonic())
            moving.telling.end(
                {"done": {"seconds": round(seconds, 2), "host": self.to.host, "url": self.host.state.url}}
            )
            self.host.moving = None
        self.host.voice.say(f"{self.to.place} serves the network.")

    async def status(self) -> AsyncIterator[dict[str, Any]]:
        here = state.load(self.host.data)
        yield {
            "done": {"role": here.role, "term": here.term, "to": self.to.place, "serves": self.serves}
            | tally.read(self.host.data)
        }
