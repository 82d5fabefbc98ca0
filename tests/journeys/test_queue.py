"""Journey 2, small: 300 open reports, a quarter of them spam campaigns, one of which is decided by one form while its worker
is taken away. (`make bench-reports` does the same with 26,000.)
"""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from bench.reports import PAST, World, fill, moderator, orders

from palabre import settings
from palabre.app import App
from palabre.base.db import Database
from palabre.base.postgres import prepare
from palabre.features.moderation import Ruling, triage, verify
from palabre.features.moderation.triage import Filter
from tests.support.network import Network
from tests.support.running import Running, until

pytestmark = pytest.mark.journey


async def test_a_flood_is_read_in_order_and_its_campaigns_are_decided_at_once(
    dsn: str, configured: settings.Settings
) -> None:
    app = App(Database(dsn, most=4))
    async with app.running():
        network = Network(app)
        world = World(300, people=60, authors=30)
        world.CAMPAIGN = 25
        known = await fill(app.db, world)
        by, _secret = await moderator(app.db)
        found = await orders(app.db, by, set(known["threats"]))
        assert sum(found["the queue"]) >= sum(found["first in, first out"])
        async with app.db.reading() as conn:
            section = await triage.queue(conn, by, Filter(category="spam", more_than=20))
            assert len(section.rows) == 3 and {row.alike for row in section.rows} == {25}
            assert await conn.value("SELECT count(DISTINCT group_id) FROM cases") == 300 - 75 + 3
            upheld = await conn.value("SELECT max(upheld) FROM reporter_records")
            assert PAST // 2 < upheld <= PAST
        ruling = Ruling("remove", "The same advertisement again and again.", terms=True)
        async with app.db.transaction() as conn:
            bulk = await triage.decide_many(conn, by, ruling, group_id=section.rows[0].group_id)
        assert bulk.state == "running"
        worker = asyncio.create_task(network.work())
        await asyncio.sleep(0)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        async with app.db.transaction() as conn:  # its lease is up
            await conn.execute("UPDATE duties SET run_at = now() WHERE dead_at IS NULL")
        await network.work()
        async with app.db.reading() as conn:
            done = await triage.bulk(conn, by, bulk.id)
            assert (done.state, done.decided, done.left_over) == ("done", 25, 0)
            assert await conn.value("SELECT count(*) FROM decisions") == 25
            assert await verify(conn) == []
        await network.empty()


def test_a_large_bulk_decision_survives_kill_9_of_its_worker(tmp_path: Path) -> None:
    with Running(tmp_path / "data") as network:
        dsn = prepare(tmp_path / "data").dsn
        world = World(1_200, people=60, authors=30)
        world.CAMPAIGN = 300

        async def begin() -> str:
            db = Database(dsn, most=2)
            await fill(db, world)
            return (await moderator(db))[1]

        async def look(sql: str) -> int:
            async with Database(dsn, most=1).dedicated() as raw:
                return int(await raw.fetchval(sql))

        decided = "SELECT count(*) FROM bulk_cases WHERE state = 'decided'"
        cookies = {"palabre_session": asyncio.run(begin())}
        with network.http(cookies=cookies, follow_redirects=True) as http:
            page = http.get("/moderation?category=spam&more_than=100").text
            group = page.partition("/moderation/groups/")[2].partition('"')[0]
            form = {"group": group, "others": "1", "action": "remove", "reason": "The same advertisement."}
            answer = http.post("/moderation/bulk", data=form)
            assert answer.status_code == 200 and "of 300 decided" in answer.text
            until(lambda: asyncio.run(look(decided)) >= 60)
            for pid in network.pids("worker"):
                os.kill(pid, signal.SIGKILL)
            until(lambda: "300 of 300 decided" in http.get(answer.url.path).text, patience=120)
        assert asyncio.run(look("SELECT count(*) FROM decisions")) == 300
        assert asyncio.run(look("SELECT count(*) FROM cases WHERE state = 'decided'")) == 300
