"""Alice's post is removed; she appeals; six members judge; everything is back, and everybody is told."""

from typing import Any

import pytest

from palabre.features import moderation
from palabre.features.moderation import jury
from tests.support.appealing import appeals, judges
from tests.support.jury import WHY, allow, drawn, jurors, pass_time, votes
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, letters, only_case, reports
from tests.support.people import Person


@pytest.fixture
async def removed(network: Network, alice: Person, bob: Person, carol: Person) -> Any:
    allow(appeals_to="jury")
    await reports(bob, alice, await alice.says("The mayor is wrong about the well."))
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    return case


async def before_a_jury(
    network: Network, alice: Person, removed: Any, people: list[Person]
) -> tuple[Any, list[Person]]:
    appeal = await appeals(alice, removed)
    assert appeal["state"] == "jury"
    await network.work()
    panels = await alice.get("/api/palabre/v1/jury/panels")
    return appeal, await drawn(people, int(panels[0]["id"]))


async def test_four_of_six_give_it_back(
    network: Network, removed: Any, alice: Person, bob: Person, dan: Person, stranger: Person
) -> None:
    people = await jurors(network, 8)
    _, sitting = await before_a_jury(network, alice, removed, people)
    (panel,) = await stranger.get("/api/palabre/v1/jury/panels")
    brief = (await sitting[0].get(f"/api/palabre/v1/jury/seats/{panel['id']}"))["brief"]
    assert brief["words"] == "I quoted the town's own minutes." and brief["action"] == "remove"
    post_id = removed["decisions"][0]["post_ids"][0]
    for place, one in enumerate(sitting):
        await dan.get(f"/api/v1/statuses/{post_id}", expect=404)
        await votes(one, panel["id"], "overturn" if place < 4 else "uphold")
    await network.work()
    await dan.get(f"/api/v1/statuses/{post_id}")
    (mine,) = await alice.get("/api/palabre/v1/appeals")
    assert (mine["outcome"], mine["by_jury"]) == ("overturned", True)
    assert mine["reason"] == "\n\n".join([f"– {WHY}"] * 4), "what the majority wrote is the reason"
    for who in (alice, bob):
        assert (await letters(who))[0]["reason"] == mine["reason"]
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []
        assert await jury.verify_ballots(conn, int(panel["id"])) == []
    assert jury.verify(await stranger.get(f"/api/palabre/v1/jury/panels/{panel['id']}")) == []


async def test_four_of_six_let_it_stand(network: Network, removed: Any, alice: Person, dan: Person) -> None:
    people = await jurors(network, 6)
    _, sitting = await before_a_jury(network, alice, removed, people)
    (panel,) = await alice.get("/api/palabre/v1/jury/panels")
    for one in sitting:
        await votes(one, panel["id"], "uphold")
    await network.work()
    (mine,) = await alice.get("/api/palabre/v1/appeals")
    assert (mine["outcome"], mine["by_jury"]) == ("upheld", True)
    await dan.get(f"/api/v1/statuses/{removed['decisions'][0]['post_ids'][0]}", expect=404)


async def test_when_nobody_votes_another_moderator_judges(
    network: Network, removed: Any, alice: Person, carol: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await jurors(network, 12)
    appeal, _ = await before_a_jury(network, alice, removed, people)
    mona = await network.person("mona", role="moderator", scopes=STAFF_SCOPES)
    await judges(mona, appeal, "overturned", 422)
    await pass_time(network, monkeypatch, 24)
    await pass_time(network, monkeypatch, 24)
    await judges(carol, appeal, "upheld", 403)
    await judges(mona, appeal, "overturned")


async def test_without_jurors_a_moderator_judges_at_once(network: Network, removed: Any, alice: Person) -> None:
    assert (await appeals(alice, removed))["state"] == "open"
