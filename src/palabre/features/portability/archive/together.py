"""Several things at once, and the error of the first that fails instead of a group of errors."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def together(work: Iterable[Coroutine[Any, Any, None]], at_once: int | None = None) -> None:
    """All of it, `at_once` at a time; the first that fails ends the others, and is raised itself."""
    jobs = list(work)
    turns = asyncio.Semaphore(at_once or max(1, len(jobs)))

    async def run(job: Coroutine[Any, Any, None]) -> None:
        async with turns:
            await job

    try:
        async with asyncio.TaskGroup() as tasks:
            for job in jobs:
                tasks.create_task(run(job))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from group
    finally:
        for job in jobs:
            job.close()  # those that never had their turn
