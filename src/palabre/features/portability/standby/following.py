"""The standby's side: copy all media once, and follow each change for ever.

Both go on at once, so that a change need not wait for the first copy, and both only ever make a key here what it is there
now; so nothing depends on the order in which changes are heard, and everything may be done twice.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import structlog

from palabre.base import clock, link
from palabre.base.blobs import BlobError, Blobs
from palabre.features.portability.standby.fetching import Busy, Courier
from palabre.features.portability.standby.serving import HEARTBEAT

COURIERS = 4
_BATCH = 64
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_FEW = 10
#: What may pass: the link, either store, a disk that is full.
_HINDRANCES = (link.LinkProblem, BlobError, OSError, EOFError, ValueError, TimeoutError)

T = TypeVar("T")
log = structlog.get_logger("palabre.standby")


@dataclass
class Progress:
    """How far a standby's media are. `copied` of `total` belong to the first copy, which ends as `complete` becomes true;
    `waiting`: changes not yet here; `heard_at`: when the first host last said anything; `problem`: what hinders just now.
    """

    total: int = 0
    total_bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0
    complete: bool = False
    waiting: int = 0
    followed: int = 0
    heard_at: datetime | None = None
    problem: str = ""


async def follow_media(
    address: link.Address,
    store: Blobs,
    *,
    told: Callable[[Progress], None] = lambda progress: None,
    scratch: Path | None = None,
) -> None:
    """Keep `store` as the first host's is, until cancelled. `told` hears of each step; `scratch` is for large files
    under way. What hinders is put into the progress, and tried again with pauses of up to 10 s.
    """
    while True:
        follower = _Follower(address, store, told, scratch)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(follower.copy())
                tasks.create_task(follower.follow())
        except* Anew:
            log.info("registered anew: looking at all media again")


class Anew(Exception):
    """The registration we knew is over: changes may have gone unnoted."""


@dataclass
class _Follower:
    address: link.Address
    store: Blobs
    told: Callable[[Progress], None]
    scratch: Path | None
    progress: Progress = field(default_factory=Progress)
    busy: Busy = field(default_factory=Busy)
    since: str | None = None
    registered: asyncio.Event = field(default_factory=asyncio.Event)

    async def copy(self) -> None:
        """The first copy; again it is quick, since what is there with the same size is left alone."""
        wanted = await self._patiently(self._compare)
        pause = _FIRST_PAUSE
        while wanted:
            failed = await self._bring_all(wanted)
            if failed:
                pause = min(2 * pause, _LONGEST_PAUSE) if len(failed) == len(wanted) else _FIRST_PAUSE
                await asyncio.sleep(pause)
            wanted = failed
        self._tell(complete=True, problem="")

    async def follow(self) -> None:
        await self.registered.wait()
        await self._patiently(self._attend)

    async def _compare(self) -> dict[str, int]:
        """What is to be brought, with its size: what is missing here or differs, and what is here alone (-1)."""
        here = {entry.key: entry.size async for entry in self.store.list()}
        held, wanted, count = len(here), dict[str, int](), -1
        reader, writer = await link.dial(self.address, "blobs")
        try:
            self._know(str((await link.hear(reader)).get("since")))
            while "end" not in (said := await link.hear(reader)):
                for key, size in said["blobs"]:
                    if here.pop(key, -1) != size:
                        wanted[key] = size
            count = said["end"]
        finally:
            writer.transport.abort()
        if len(here) > max(_FEW, held // 2):
            log.warning("the first host lacks most of what is here: nothing is deleted", here=held, there=count)
        else:
            wanted |= dict.fromkeys(here, -1)
        total = held - len(here) + len(wanted)
        self._tell(
            total=total, copied=total - len(wanted), total_bytes=sum(filter(lambda size: size > 0, wanted.values()))
        )
        return wanted

    def _know(self, since: str) -> None:
        if self.since not in (None, since):
            raise Anew
        self.since = since
        self.registered.set()

    async def _bring_all(self, wanted: dict[str, int]) -> dict[str, int]:
        """With several couriers at once; what could not be brought."""
        keys = iter(wanted)
        failed = dict(wanted)

        async def carry() -> None:
            courier = self._courier()
            try:
                while batch := list(islice(keys, _BATCH)):
                    async with aclosing(courier.bring(batch)) as brought:
                        async for one in brought:
                            if one.problem:
                                self._tell(problem=one.problem)
                                continue
                            del failed[one.key]
                            self.progress.copied_bytes += one.size or 0
                            self._tell(copied=self.progress.copied + 1, problem="")
            except _HINDRANCES as error:
                self._tell(problem=str(error) or type(error).__name__)
            finally:
                courier.hang_up()

        async with asyncio.TaskGroup() as couriers:
            for _ in range(min(COURIERS, len(wanted))):
                couriers.create_task(carry())
        return failed

    async def _attend(self) -> None:
        """One call of the service `mirrored`, until it breaks."""
        reader, writer = await link.dial(self.address, "mirrored", since=self.since)
        courier = self._courier()
        said_copied = False
        try:
            while True:
                async with asyncio.timeout(4 * HEARTBEAT):  # it speaks at each heartbeat, if it lives
                    said = await link.hear(reader)
                if said.get("again"):
                    raise Anew
                self._tell(waiting=int(said["left"]), heard_at=clock.now())
                if self.progress.complete:
                    self._tell(problem="")
                if not await self._make_so(said["waiting"], courier, writer):
                    await asyncio.sleep(1)
                if self.progress.complete and not said_copied:
                    said_copied = True
                    await link.say(writer, {"copied": True})
                await link.say(writer, {"next": True})
        finally:
            courier.hang_up()
            writer.transport.abort()

    async def _make_so(
        self, waiting: Sequence[tuple[int, str]], courier: Courier, writer: asyncio.StreamWriter
    ) -> bool:
        """Bring these and confirm each once it is on disk; whether none failed."""
        notes: dict[str, list[int]] = {}
        for note, key in waiting:
            notes.setdefault(key, []).append(note)
        well, keys = True, list(notes)
        for start in range(0, len(keys), _BATCH):
            async with aclosing(courier.bring(keys[start : start + _BATCH])) as brought:
                async for one in brought:
                    if one.problem:
                        well = False
                        self._tell(problem=one.problem)
                        continue
                    await link.say(writer, {"done": notes[one.key]})
                    left = max(self.progress.waiting - len(notes[one.key]), 0)
                    self._tell(followed=self.progress.followed + 1, waiting=left)
        return well

    def _courier(self) -> Courier:
        return Courier(self.address, self.store, self.scratch, self.busy)

    async def _patiently(self, step: Callable[[], Awaitable[T]]) -> T:
        """Again and again until it is done, with longer and longer pauses."""
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                return await step()
            except _HINDRANCES as error:
                self._tell(problem=str(error) or type(error).__name__)
            if time.monotonic() - began > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _tell(self, **news: Any) -> None:
        problem = news.get("problem")
        if problem and problem != self.progress.problem:
            log.warning("media can't be followed just now", problem=problem)
        for name, value in news.items():
            setattr(self.progress, name, value)
        self.told(self.progress)
