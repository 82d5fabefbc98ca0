"""Appeals before a jury: sent there, judged there, or come back from there. The jury itself has tests of its own."""

from typing import Any

import pytest

from palabre.features import moderation
from palabre.features.moderation.appeals import to_jury
from palabre.features.moderation.appeals.appeal import Appeal
from tests.support.appealing import appeals, judges
from tests.support.network import Network
from tests.support.order import decides, letters, only_case, reports
from tests.support.people import Person

PANEL = 4711


@pytest.fixture(autouse=True)
def a_jury_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    async def call(conn: Any, appeal: Appeal) -> int:
        return PANEL

    monkeypatch.setattr(to_jury, "_call", call)


async def verdict(network: Network, case: Any, what: str, reason: str = "Four of six say so.") -> None:
    async with network.db.transaction() as conn:
        await to_jury.hear_verdict(conn, int(case["id"]), PANEL, what, reason)
        assert await moderation.verify(conn) == []
    await network.work()


async def test_in_the_end_before_a_jury_of_members(
    removed: Any, alice: Person, bob: Person, carol: Person, mona: Person, dan: Person, network: Network
) -> None:
    first = await appeals(alice, removed)
    await alice.post(f"/api/palabre/v1/appeals/{first['case_id']}/{first['id']}/jury", 422, words="Now.")
    await judges(mona, first, "upheld", reason="No.")
    (mine,) = await alice.get("/api/palabre/v1/appeals")
    assert mine["may_ask_jury"]
    path = f"/api/palabre/v1/appeals/{first['case_id']}/{first['id']}"
    await bob.post(f"{path}/jury", 404, words="Me too.")
    second = await alice.post(f"{path}/jury", words="Read the minutes.")
    assert (second["state"], second["after"]) == ("jury", first["id"])
    await alice.post(f"{path}/jury", 422, words="Again.")
    await alice.post(f"/api/palabre/v1/appeals/{second['case_id']}/{second['id']}/withdraw", 422)
    for who in (carol, mona):
        await judges(who, second, "upheld", 422)
    await verdict(network, removed, "overturn")
    await dan.get(f"/api/v1/statuses/{removed['decisions'][0]['post_ids'][0]}")
    (newest, _) = await alice.get("/api/palabre/v1/appeals")
    assert (newest["outcome"], newest["by_jury"], newest["reason"]) == ("overturned", True, "Four of six say so.")
    assert (await letters(bob))[0]["undoing"]


async def test_what_a_jury_upholds_is_final(removed: Any, alice: Person, mona: Person, network: Network) -> None:
    appeal = await appeals(alice, removed)
    path = f"/api/palabre/v1/cases/{removed['id']}/appeals/{appeal['id']}"
    assert (await mona.post(f"{path}/jury"))["state"] == "jury"
    await verdict(network, removed, "uphold", "x" * 20_000)
    (mine,) = await alice.get("/api/palabre/v1/appeals")
    assert (mine["outcome"], mine["may_ask_jury"]) == ("upheld", False)
    assert (await letters(alice))[0]["kind"] == "appeal"


async def test_where_a_jury_comes_to_nothing_a_moderator_judges(
    removed: Any, alice: Person, mona: Person, network: Network
) -> None:
    appeal = await appeals(alice, removed)
    await mona.post(f"/api/palabre/v1/cases/{removed['id']}/appeals/{appeal['id']}/jury")
    await verdict(network, removed, "none", "split")
    await judges(mona, appeal, "overturned")


async def test_after_an_overturned_dismissal_somebody_else_decides(
    alice: Person, bob: Person, carol: Person, mona: Person, network: Network
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "dismiss")
    appeal = await appeals(bob, case)
    await mona.post(f"/api/palabre/v1/cases/{case['id']}/appeals/{appeal['id']}/jury")
    await verdict(network, case, "overturn")
    assert (await only_case(mona))["id"] == case["id"]
    await decides(carol, case, "dismiss", 403)
    await decides(mona, case, "warn")


async def test_with_nobody_else_on_the_staff_it_goes_to_the_jury_by_itself(
    alice: Person, bob: Person, carol: Person
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "warn")
    assert (await appeals(alice, case))["state"] == "jury"
