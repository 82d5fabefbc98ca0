"""The socket by which commands reach a running supervisor."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from palabre.hosting import control
from palabre.hosting.problems import HostProblem


async def count(to: int) -> AsyncIterator[dict[str, Any]]:
    for number in range(to):
        yield {"step": f"step {number}"}
    yield {"done": to}


async def refuse() -> AsyncIterator[dict[str, Any]]:
    yield {"step": "trying"}
    raise HostProblem("the other host is alive")


async def test_steps_come_as_they_are_made_and_the_answer_last(tmp_path: Path) -> None:
    server = await control.serve(tmp_path, {"count": count})
    assert server
    async with server:
        told = await asyncio.to_thread(list, control.ask(tmp_path, "count", to=2))
        assert told == [{"step": "step 0"}, {"step": "step 1"}, {"done": 2}]
        assert stat.S_IMODE(control.path_of(tmp_path).stat().st_mode) == 0o600


async def test_a_refusal_comes_in_words(tmp_path: Path) -> None:
    server = await control.serve(tmp_path, {"refuse": refuse})
    assert server
    async with server:
        for verb, why in (("refuse", "the other host is alive"), ("dance", "cannot do that now: dance")):
            with pytest.raises(HostProblem, match=why):
                await asyncio.to_thread(list, control.ask(tmp_path, verb))


async def test_nothing_running_is_said(tmp_path: Path) -> None:
    with pytest.raises(control.NotRunning, match="palabre serve"):
        await asyncio.to_thread(control.done, tmp_path, "status")


async def test_what_a_killed_supervisor_left_is_no_hindrance_and_a_living_one_is_left_alone(tmp_path: Path) -> None:
    first = await control.serve(tmp_path, {"count": count})
    assert first and await control.serve(tmp_path, {}) is None
    first.close()  # the file stays, as after kill -9
    again = await control.serve(tmp_path, {"count": count})
    assert again and await asyncio.to_thread(control.done, tmp_path, "count", to=3) == 3
    again.close()


async def test_a_deep_folder_has_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 20) / ("name" * 20)
    deep.mkdir(parents=True)
    server = await control.serve(deep, {"count": count})
    assert server
    async with server:
        assert await asyncio.to_thread(control.done, deep, "count", to=1) == 1
    control.path_of(deep).unlink(missing_ok=True)  # Python 3.13 does so itself


async def test_a_socket_that_somebody_else_put_there_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In /tmp anybody can wait for a command to tell him the other host's secret."""
    server = await control.serve(tmp_path, {"count": count})
    assert server
    async with server:
        monkeypatch.setattr(control, "_is_ours", lambda *_: False)
        with pytest.raises(HostProblem, match="belongs to somebody else"):
            await asyncio.to_thread(control.done, tmp_path, "count", to=1)
