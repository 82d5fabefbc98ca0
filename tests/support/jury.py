"""Juries, as the tests have them sit."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from palabre.base import clock
from palabre.features.moderation import jury
from palabre.settings import current, use
from tests.support.network import Network
from tests.support.people import Person

WHY = "It is rude, but it breaks no rule of ours."


def allow(**more: Any) -> None:
    """Newcomers may be drawn, in this test."""
    use(current().model_copy(update={"jury_account_days": 0, **more}))


async def jurors(network: Network, count: int, name: str = "juror", camp: int = 0) -> list[Person]:
    """Members who have said that they are willing to judge, all of one camp."""
    found = [await network.person(f"{name}{number}") for number in range(count)]
    for one in found:
        await one.post("/api/palabre/v1/jury/join")
    if camp:
        async with network.db.transaction() as conn:
            for one in found:
                await conn.execute("INSERT INTO jury_camps VALUES ($1, $2)", int(one.id), camp)
    return found


async def call(network: Network, case: Any, words: str = "", excluded: Iterable[Person] = ()) -> int | None:
    """What an appeal against the last decision in a case does."""
    decision = int(case["decisions"][-1]["id"])
    outside = [int(one.id) for one in excluded]
    async with network.db.transaction() as conn:
        panel_id = await jury.call(conn, int(case["id"]), decision, appellant_words=words, excluded=outside)
    await network.work()
    return panel_id


async def drawn(people: Iterable[Person], panel_id: int | None) -> list[Person]:
    """Who of these has an open seat."""
    found = []
    for one in people:
        seats = (await one.get("/api/palabre/v1/jury"))["seats"]
        if any(seat["panel"] == str(panel_id) and seat["open"] for seat in seats):
            found.append(one)
    return found


async def votes(who: Person, panel_id: int | None, answer: str, expect: int = 200, reason: str = WHY) -> Any:
    return await who.post(f"/api/palabre/v1/jury/seats/{panel_id}/vote", expect, answer=answer, reason=reason)


async def pass_time(network: Network, monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """Hours go by, and the workers make their round."""
    later = clock.now() + timedelta(hours=hours)
    monkeypatch.setattr(clock, "now", lambda: later)
    await jury.advance_due(network.db)
    await network.work()


async def closed(network: Network) -> list[dict[str, Any]]:
    """What other features heard of panels that were closed, with whom."""
    async with network.db.reading() as conn:
        rows = await conn.rows(
            "SELECT id, case_id, outcome, why_none FROM jury_panels WHERE state = 'closed' ORDER BY id"
        )
    return [dict(row) for row in rows]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
