"""Errands take their time outside: none is done twice because it is slow, and none holds up the rest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from palabre.base import duties
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import loop, queue
from tests.support.network import Network

_began: list[str] = []
_done: list[str] = []
_doors: dict[str, asyncio.Event] = {}


@duties.errand
async def _visit(db: Database, who: str) -> None:
    """Ends when somebody opens the door."""
    _began.append(who)
    await _doors[who].wait()
    _done.append(who)


@duties.errand
async def _call_a_dead_line(db: Database, _: None) -> None:
    raise ConnectionResetError("nobody there")


@duties.duty
async def _note(conn: Conn, text: str) -> None:
    _done.append(text)


@pytest.fixture
async def worker(network: Network, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.Event]:
    """A worker at work until this is set."""
    monkeypatch.setattr(queue, "LEASE", timedelta(seconds=0.6))
    monkeypatch.setattr(loop, "LEASE", timedelta(seconds=0.6))
    monkeypatch.setattr(loop, "GRACE", 0)
    _began.clear()
    _done.clear()
    _doors.clear()
    stop = asyncio.Event()
    working = asyncio.create_task(duties.work_forever(network.db, stop))
    yield stop
    stop.set()
    await working


async def _put(network: Network, *visits: str, note: str = "") -> None:
    async with network.db.transaction() as conn:
        for who in visits:
            _doors[who] = asyncio.Event()
            await duties.put(conn, _visit, who)
        if note:
            await duties.put(conn, _note, note)


async def _row(network: Network) -> Row | None:
    async with network.db.reading() as conn:
        return await conn.row("SELECT run_at, run_at > now() AS leased, claimed_at, attempts, last_error FROM duties")


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.01)


async def test_a_slow_errand_keeps_its_lease_and_is_done_once(network: Network, worker: asyncio.Event) -> None:
    await _put(network, "bob")

    async def renewed_twice() -> bool:
        row = await _row(network)
        return bool(row and row["claimed_at"] and row["run_at"] - row["claimed_at"] > 2.5 * queue.LEASE / 1.5)

    await _until(renewed_twice)
    _doors["bob"].set()

    async def gone() -> bool:
        return await _row(network) is None

    await _until(gone)
    assert (_began, _done) == (["bob"], ["bob"])


async def test_one_that_hangs_holds_up_neither_duties_nor_other_errands(
    network: Network, worker: asyncio.Event
) -> None:
    await _put(network, "bob")

    async def begun() -> bool:
        return _began == ["bob"]

    await _until(begun)
    await _put(network, "carol", note="a duty")
    _doors["carol"].set()

    async def others_done() -> bool:
        return sorted(_done) == ["a duty", "carol"]

    await _until(others_done)
    _doors["bob"].set()


async def test_however_many_hang_duties_go_on(network: Network, worker: asyncio.Event) -> None:
    many = [f"host {number}" for number in range(loop.MOST_ERRANDS + 5)]
    await _put(network, *many)

    async def full() -> bool:
        return len(_began) == loop.MOST_ERRANDS

    await _until(full)
    await _put(network, note="a duty")

    async def noted() -> bool:
        return _done == ["a duty"]

    await _until(noted)
    for door in _doors.values():
        door.set()

    async def all_done() -> bool:
        return sorted(_done) == sorted(["a duty", *many])

    await _until(all_done)
    assert sorted(_began) == sorted(many)


async def test_a_worker_that_stops_gives_back_what_it_has_in_hand(network: Network, worker: asyncio.Event) -> None:
    await _put(network, "bob")

    async def begun() -> bool:
        return _began == ["bob"]

    await _until(begun)
    worker.set()

    async def given_back() -> bool:
        row = await _row(network)
        return bool(row and not row["leased"])

    await _until(given_back)
    assert _done == []
    _doors["bob"].set()
    await network.work()
    assert (_began, _done) == (["bob", "bob"], ["bob"])


async def test_a_line_that_is_dead_is_tried_again_and_is_no_absent_database(network: Network) -> None:
    async with network.db.transaction() as conn:
        await duties.put(conn, _call_a_dead_line, None)
    await network.work()
    row = await _row(network)
    assert row and row["claimed_at"] is None and row["attempts"] == 1 and "nobody there" in row["last_error"]
    async with network.db.reading() as conn:
        await conn.execute("DELETE FROM duties")
