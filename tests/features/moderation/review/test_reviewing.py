"""Blind double review: Mona judges again what Carol decided, and nothing tells her how."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from palabre import settings
from palabre.base import clock
from palabre.features import moderation
from palabre.features.moderation import review
from tests.support.appealing import appeals, judges
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person

REASON = "Words that would give it away."


@pytest.fixture(autouse=True)
def every_decision_is_drawn(configured: settings.Settings) -> Iterator[None]:
    settings.use(configured.model_copy(update={"review_share": 100}))
    yield
    settings.use(configured)


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


@pytest.fixture
async def mona(network: Network) -> Person:
    return await network.person("mona", role="moderator", scopes=STAFF_SCOPES)


@pytest.fixture
async def decided(alice: Person, bob: Person, carol: Person, mona: Person, network: Network) -> Any:
    """Carol took the case, noted something, and suspended Alice."""
    await reports(bob, alice, await alice.says("Hm"), category="spam")
    case = await only_case(carol)
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/assign")
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/notes", note=REASON)
    case = await decides(carol, case, "suspend", reason=REASON)
    await network.work()
    return case


async def reviews(who: Person, case: Any, action: str, expect: int = 200, **more: Any) -> Any:
    body = {"action": action, "reason": "As I see it.", **more}
    return await who.post(f"/api/palabre/v1/reviews/{case['id']}", expect, **body)


async def test_the_case_looks_undecided_until_it_is_judged_again(
    decided: Any, alice: Person, carol: Person, mona: Person
) -> None:
    (due,) = await mona.get("/api/palabre/v1/reviews")
    assert due["case_id"] == decided["id"]
    assert await carol.get("/api/palabre/v1/reviews") == []
    seen = await mona.get(f"/api/palabre/v1/cases/{decided['id']}")
    assert (seen["state"], seen["blind"], seen["decisions"], seen["assigned_to"]) == ("open", True, [], None)
    assert [one["kind"] for one in seen["log"]] == ["opened", "reported"]
    assert seen["snapshots"][0]["text"] == "Hm"
    told = msgspec.json.encode(seen).decode()
    assert REASON not in told and carol.id not in told and "suspend" not in told.replace('"suspended":false', "")
    assert await mona.get("/api/palabre/v1/cases", state="decided") == []
    assert await mona.get("/api/v1/admin/reports", resolved=True) == []
    await mona.get(f"/api/v1/admin/reports/{decided['reports'][0]['id']}", expect=403)
    for path, body in (("reopen", {}), ("notes", {"note": "Hm"}), ("assign", {})):
        await mona.post(f"/api/palabre/v1/cases/{decided['id']}/{path}", 403, **body)
    decision = decided["decisions"][0]["id"]
    await mona.post(f"/api/palabre/v1/cases/{decided['id']}/decisions/{decision}/undo", 403, reason="Hm")
    await reviews(mona, decided, "explode", 422)
    await reviews(mona, decided, "warn", 422, reason=" ")
    await reviews(carol, decided, "warn", 404)
    made = await reviews(mona, decided, "warn")
    assert (made["same_action"], made["same_direction"]) == (False, True)
    seen = await mona.get(f"/api/palabre/v1/cases/{decided['id']}")
    assert (seen["state"], seen["blind"], seen["decisions"][0]["reason"]) == ("decided", False, REASON)
    await reviews(mona, decided, "dismiss", 404)


async def test_where_two_differ_both_and_the_owner_hear_of_it_and_it_can_be_taken_back(
    decided: Any, carol: Person, mona: Person, network: Network
) -> None:
    olga = await network.person("olga", role="owner", scopes=STAFF_SCOPES)
    since = clock.now() - timedelta(hours=1)
    before = {who.name: len(await who.get("/api/v1/notifications")) for who in (carol, mona, olga)}
    await reviews(mona, decided, "dismiss")
    await network.work()
    for who in (carol, mona, olga):
        assert len(await who.get("/api/v1/notifications")) == before[who.name] + 1
    (differing,) = await olga.get("/api/palabre/v1/reviews/disagreements")
    assert (differing["action"], differing["stands"]) == ("dismiss", True)
    decision = decided["decisions"][0]["id"]
    await olga.post(f"/api/palabre/v1/cases/{decided['id']}/decisions/{decision}/undo", reason="Mona is right.")
    await network.work()
    async with network.db.reading() as conn:
        found = await review.figures(conn, since, clock.now() + timedelta(hours=1))
        assert await moderation.verify(conn) == []
    assert found == review.Figures(
        reviewed=1, agreement=0.0, same_action=0.0, overturned=1, overturn_rate=1.0, lapsed=0
    )


async def test_agreement_raises_no_flag(decided: Any, carol: Person, mona: Person, network: Network) -> None:
    before = len(await carol.get("/api/v1/notifications"))
    await reviews(mona, decided, "suspend")
    await network.work()
    assert len(await carol.get("/api/v1/notifications")) == before
    assert await carol.get("/api/palabre/v1/reviews/disagreements") == []


async def test_an_appeal_takes_the_place_of_the_review(
    decided: Any, bob: Person, mona: Person, network: Network
) -> None:
    appeal = await appeals(bob, decided)
    await network.work()
    assert await mona.get("/api/palabre/v1/reviews") == []
    await judges(mona, appeal, "upheld")


async def test_what_nobody_judges_again_lapses(
    decided: Any, mona: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    async with network.db.transaction() as conn:
        assert await review.lapse_overdue(conn) == 1
        assert await review.lapse_overdue(conn) == 0
        assert await moderation.verify(conn) == []
    assert (await mona.get(f"/api/palabre/v1/cases/{decided['id']}"))["state"] == "decided"
    await reviews(mona, decided, "dismiss", 404)


async def test_who_decided_can_t_review_nor_choose_who_does(
    decided: Any, carol: Person, mona: Person, network: Network
) -> None:
    nora = await network.person("nora", role="moderator", scopes=STAFF_SCOPES)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        async with network.db.transaction() as conn:
            await conn.execute("UPDATE reviews SET reviewer_id = $1", int(carol.id))
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE reviews SET reviewer_id = $1", int(nora.id))
        assert await moderation.verify(conn)
        await conn.execute("UPDATE reviews SET reviewer_id = $1", int(mona.id))
        assert await moderation.verify(conn) == []


async def test_with_nobody_else_there_is_no_second_look(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    await decides(carol, await only_case(carol), "warn")
    await network.work()
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM reviews") == 0


def test_the_lot_takes_its_share_and_spreads_it_over_the_moderators() -> None:
    hashes = [hashlib.sha256(str(number).encode()).digest() for number in range(20_000)]
    drawn = [one for one in hashes if review.drawn(one, 5)]
    assert 900 < len(drawn) < 1_100
    chosen = [review.reviewer(one, [30, 10, 20]) for one in drawn]
    assert all(chosen.count(who) > 250 for who in (10, 20, 30))
    assert not any(review.drawn(one, 0) for one in hashes) and all(review.drawn(one, 100) for one in hashes)
