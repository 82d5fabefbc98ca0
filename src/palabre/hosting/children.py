"""The processes that a supervisor keeps running."""

import asyncio
import contextlib
import subprocess
import sys
import time
from dataclasses import dataclass, field

import structlog

from palabre.hosting.problems import StartFailed

_log = structlog.get_logger()
_STOP_PATIENCE = 10.0  # seconds until a process that won't stop is killed
_YOUNG = 30.0  # seconds
_LONGEST_PAUSE = 10.0
MOST_YOUNG_DEATHS = 3


@dataclass
class Child:
    """One process of ours, started again whenever it dies. What is killed is tried for ever, ever more slowly; what
    ends by itself soon after each start will not do better next time, and if it is `vital` the network ends with it."""

    arguments: list[str]
    fds: tuple[int, ...] = ()
    vital: bool = True
    process: asyncio.subprocess.Process | None = None
    pause: float = 0.2
    young_deaths: int = 0
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def start(self, environment: dict[str, str]) -> None:
        self.task = asyncio.create_task(self.keep_running(environment))

    async def keep_running(self, environment: dict[str, str]) -> None:
        """Until cancelled. Raises StartFailed if it cannot be kept running."""
        command = [sys.executable, "-m", "palabre", *self.arguments]
        while True:
            began = time.monotonic()
            self.process = await asyncio.create_subprocess_exec(
                *command, env=environment, pass_fds=self.fds, stdin=subprocess.PIPE, start_new_session=True
            )
            status = await self.process.wait()
            self._count(status, time.monotonic() - began)
            _log.error("process_died", process=self.arguments[0], status=status, again_in=self.pause)
            await asyncio.sleep(self.pause)

    def _count(self, status: int, age: float) -> None:
        young = age < _YOUNG
        self.pause = min(self.pause * 2, _LONGEST_PAUSE) if young else 0.2
        self.young_deaths = self.young_deaths + 1 if young and status >= 0 else 0
        if self.vital and self.young_deaths == MOST_YOUNG_DEATHS:
            name = self.arguments[0]
            raise StartFailed(f"the {name} process ended {self.young_deaths} times in a row; the lines above say why")

    async def stop(self, at_once: bool = False) -> None:
        """`at_once`: it may not finish what it is doing."""
        if self.task:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError, StartFailed):
                await self.task
        if self.process and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill() if at_once else self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), _STOP_PATIENCE)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
