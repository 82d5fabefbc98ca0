"""Archives that are taken by themselves, each once and again after trouble."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from palabre import settings
from palabre.base import clock
from palabre.base.db import Database
from palabre.features.portability.archive import plans, store


async def test_a_plan_that_fails_is_on_record_and_tried_again(
    configured: settings.Settings, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its place is damaged: that is on record, and the next try is in minutes, not in a day."""
    place = configured.data / "place"
    monkeypatch.setattr(plans, "_log", structlog.wrap_logger(structlog.ReturnLogger()))
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("PALABRE_DATA", str(configured.data))
    db = Database(dsn, most=4)
    try:
        await plans.schedule(db, str(place), {}, [], plans.read_every("24h"), 3)
        (place / "palabre-archive.json").write_text("{")
        for failures in (1, 2):
            (plan,) = await plans.all_plans(db)
            async with db.transaction() as conn:
                await store.set_next(conn, plan.id, clock.now())
            await plans.run_due(db)
            (running,) = plans._running
            await plans.run_due(db)
            assert plans._running == {running}, "one at a time"
            await running
            run = (await plans.last_runs(db))[plan.id]
            assert "damaged" in run["error"]
            (plan,) = await plans.all_plans(db)
            wait = plan.next_at - run["failed_at"]
            assert timedelta(minutes=2**failures) <= wait < timedelta(minutes=2**failures + 1)
    finally:
        await _empty(db)


async def test_a_machine_that_was_off_takes_one_archive_when_it_is_back(
    configured: settings.Settings, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one for each day that was missed; and the next a day from now."""
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("PALABRE_DATA", str(configured.data))
    db = Database(dsn, most=4)
    place = configured.data / "place"
    try:
        await plans.schedule(db, str(place), {}, [], plans.read_every("24h"), 7)
        (plan,) = await plans.all_plans(db)
        async with db.transaction() as conn:
            await store.set_next(conn, plan.id, clock.now() - timedelta(days=3))
        back = clock.now()
        await plans.run_due(db)
        await asyncio.gather(*plans._running)
        await plans.run_due(db)
        assert not plans._running, "nothing more is due"
        assert len(list(place.glob("archives/*/index.json"))) == 1
        (plan,) = await plans.all_plans(db)
        assert timedelta(days=1) <= plan.next_at - back < timedelta(days=1, minutes=10)
    finally:
        await _empty(db)


async def test_several_workers_take_a_due_plan_once(configured: settings.Settings, dsn: str) -> None:
    db = Database(dsn, most=4)

    async def claim() -> int | None:
        async with db.transaction() as conn:
            return await store.claim_plan(conn, clock.now(), plans.LEASE)

    try:
        for name in ("one", "two"):
            await plans.schedule(db, str(configured.data / name), {}, [], plans.read_every("1h"), 3)
        claimed = [plan_id for plan_id in await asyncio.gather(*(claim() for _ in range(6))) if plan_id]
        assert len(claimed) == len(set(claimed)) > 0
        while plan_id := await claim():
            claimed.append(plan_id)
        assert sorted(claimed) == sorted(plan.id for plan in await plans.all_plans(db))
    finally:
        await _empty(db)


async def _empty(db: Database) -> None:
    async with db.transaction() as conn:
        for table in ("archive_plans", "archive_runs", "signing_keys"):
            await conn.execute(f"DELETE FROM {table}")
    await db.close()
