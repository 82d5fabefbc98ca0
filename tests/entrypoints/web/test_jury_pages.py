"""Members become jurors, judge, and read what came of it, through the pages, without JavaScript."""

import re

import pytest

from palabre.features import instance
from palabre.features.instance import Rule
from palabre.features.moderation import jury
from tests.entrypoints.web.conftest import member
from tests.support import images
from tests.support.jury import WHY, allow, call, drawn, jurors, votes
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person
from tests.support.visitor import Visitor


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


async def test_a_member_judges_in_the_browser(
    network: Network, amina: Visitor, alice: Person, bob: Person, carol: Person, guest: Visitor
) -> None:
    allow()
    await amina.open("/jury")
    await amina.send("/jury/join")
    assert "When the lot falls on you" in amina.html
    others = await jurors(network, 5)
    sent = await alice.request("POST", "/api/v2/media", files={"file": ("x.png", images.png(), "image/png")})
    post = await alice.says("You are all sheep.", media_ids=[sent.json()["id"]])
    await reports(bob, alice, post)
    panel_id = await call(network, await decides(carol, await only_case(carol), "remove"), "They are my own sheep.")
    await amina.open("/notifications")
    found = re.search(r'href="(/jury/panels/\d+/ballot)"', amina.html)
    assert found
    await amina.open(found[1])
    assert "You are all sheep." in amina.html and "They are my own sheep." in amina.html
    assert "We are kind to each other here." in amina.html
    picture = re.search(r'src="(/jury/panels/\d+/files/[^"]+)"', amina.html)
    assert picture and '<details class="veil">' in amina.html
    assert (await amina.http.get(picture[1])).status_code == 200
    assert (await (await member(network, "zoe")).http.get(picture[1])).status_code == 404
    await amina.send(found[1], 422, answer="overturn", reason="no")
    assert 'id="e-reason"' in amina.html
    await amina.send(found[1], answer="overturn", reason=WHY)
    assert "Your vote is cast." in amina.html
    assert (await amina.http.get(picture[1])).status_code == 404, "it is not shown any longer than needed"
    await guest.open(f"/jury/panels/{panel_id}")
    assert "Does the moderators’ decision stand?" in guest.html and WHY not in guest.html
    for one in others:
        await votes(one, panel_id, "overturn")
    await network.work()
    await guest.open(f"/jury/panels/{panel_id}")
    assert "The decision falls." in guest.html and WHY in guest.html
    assert not {name for name in ("amina", "juror0", "alice") if name in guest.html}, "no names"
    await guest.open("/jury/panels")
    assert "The decision falls." in guest.html
    await amina.open("/jury")
    assert "You voted: No, it falls." in amina.html


async def test_a_juror_steps_aside_and_leaves(
    network: Network, amina: Visitor, alice: Person, bob: Person, carol: Person
) -> None:
    allow()
    await amina.open("/jury")
    await amina.send("/jury/join")
    others = await jurors(network, 6)
    await reports(bob, alice, await alice.says("You are all sheep."))
    panel_id = await call(network, await decides(carol, await only_case(carol), "remove"))
    page = await amina.http.get(f"/jury/panels/{panel_id}/ballot")
    if page.status_code == 200:  # the lot fell on her
        await amina.open(f"/jury/panels/{panel_id}/ballot")
        await amina.send(f"/jury/panels/{panel_id}/recuse")
        await network.work()
    assert len(await drawn(others, panel_id)) == 6
    await amina.open("/jury")
    await amina.send("/jury/leave")
    assert 'action="/jury/join"' in amina.html


async def test_a_moderator_asks_from_the_case_and_reads_the_verdict(
    network: Network, moderator: Visitor, alice: Person, bob: Person
) -> None:
    allow()
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, "Be kind")])
    people = await jurors(network, 6)
    await reports(bob, alice, await alice.says("You are all sheep."))
    await network.work()
    await moderator.open("/moderation")
    case = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert case
    await moderator.open(case[1])
    await moderator.open(f"{case[1]}/jury")
    await moderator.send(f"{case[1]}/jury", words="Only teasing?")
    assert "The jury is being drawn." in moderator.html
    await network.work()
    async with network.db.reading() as conn:
        (panel,) = await jury.of_case(conn, int(case[1].rpartition("/")[2]))
    for one in people:
        await votes(one, panel.id, "uphold")
    await network.work()
    await moderator.open(case[1])
    assert "asked a jury" in moderator.html and "yes, it is so (6 : 0)" in moderator.html
    await moderator.open("/moderation/jury")
    assert "It breaks the rule." in moderator.html and "@juror0" in moderator.html
    await moderator.open("/jury")
    assert "Moderators judge otherwise" in moderator.html and 'action="/jury/join"' not in moderator.html


async def test_only_the_staff_sees_its_pages(network: Network, amina: Visitor) -> None:
    await amina.open("/moderation/jury", 403)
    await amina.open("/moderation/cases/1/jury", 403)
    await amina.open("/jury/panels/1", 404)
    await amina.open("/jury/panels/1/ballot", 404)
