"""Many cases by one form: each gets a decision of its own, what can't be decided is left over, and all can be taken back."""

from typing import Any

import pytest

from palabre.base import duties
from palabre.features import moderation
from palabre.features.moderation import triage
from tests.support.network import Network
from tests.support.order import caller, letters, reports
from tests.support.people import Person

BULK, CASES = "/api/palabre/v1/bulk_decisions", "/api/palabre/v1/cases"
SPAM = "Buy cheap watches today at https://watches{0}.example/{0} dear @friend{0}, offer {0} ends soon, really cheap watches"
REASON = {"reason": "The same advertisement again and again.", "terms": True}


async def campaign(who: Person, authors: list[Person], many: int) -> None:
    """So many posts of the same advertisement, each reported."""
    for number in range(many):
        author = authors[number % len(authors)]
        await reports(who, author, await author.says(SPAM.format(number)), category="spam")
    await who.network.work()


async def group_of(moderator: Person) -> Any:
    (found,) = await moderator.get(CASES, grouped=True, more_than=2)
    return found


async def test_a_group_is_decided_together_but_for_the_exceptions(
    network: Network, alice: Person, bob: Person, dan: Person, carol: Person
) -> None:
    await campaign(alice, [bob, dan], 6)
    group = await group_of(carol)
    spared = (await carol.get(CASES, group=group["group_id"]))[0]
    done = await carol.post(BULK, action="remove", group_id=group["group_id"], except_ids=[spared["id"]], **REASON)
    assert (done["state"], done["total"], done["decided"], done["left_over"]) == ("done", 5, 5, 0)
    await network.work()
    assert [case["id"] for case in await carol.get(CASES)] == [spared["id"]]
    assert (
        len(await alice.get(f"/api/v1/accounts/{bob.id}/statuses"))
        + len(await alice.get(f"/api/v1/accounts/{dan.id}/statuses"))
        == 1
    )
    decided = await carol.get(CASES, state="decided")
    one = await carol.get(f"{CASES}/{decided[0]['id']}")
    assert one["decisions"][0]["reason"] == REASON["reason"] and one["log"][-1]["kind"] == "decided"
    assert len(await letters(alice)) == 5, "each report is answered"
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []


async def test_what_may_not_be_decided_is_left_over_and_says_why(
    network: Network, alice: Person, bob: Person, carol: Person, olga: Person
) -> None:
    await campaign(alice, [bob], 1)
    await reports(carol, bob, await bob.says("Carol reported this herself"))
    await reports(alice, olga, await olga.says("By the owner"))
    await reports(alice, bob)
    cases = {case["excerpt"][:5]: case["id"] for case in await carol.get(CASES)}
    done = await carol.post(BULK, action="suspend", case_ids=[*cases.values()], **REASON)
    why = {one["case_id"]: one["why"] for one in done["left"]}
    assert done["decided"] == 2 and why == {cases["Carol"]: "own_case", cases["By th"]: "rank"}
    assert {case["id"] for case in await carol.get(CASES)} == set(why)


async def test_all_of_it_is_taken_back(network: Network, alice: Person, bob: Person, carol: Person) -> None:
    await campaign(alice, [bob], 4)
    group = await group_of(carol)
    done = await carol.post(BULK, action="remove", group_id=group["group_id"], **REASON)
    await carol.post(f"{BULK}/{done['id']}/undo", 422, reason=" ")
    single = (await carol.get(CASES, state="decided"))[0]
    decision = (await carol.get(f"{CASES}/{single['id']}"))["decisions"][0]["id"]
    await carol.post(f"{CASES}/{single['id']}/decisions/{decision}/undo", reason="This one first")
    undone = await carol.post(f"{BULK}/{done['id']}/undo", reason="It was no spam", reopen=True)
    assert (undone["state"], undone["undone"], undone["left"]) == (
        "undone",
        3,
        [{"case_id": single["id"], "why": "undone"}],
    )
    assert len(await alice.get(f"/api/v1/accounts/{bob.id}/statuses")) == 4
    assert len(await carol.get(CASES)) == 3
    await carol.post(f"{BULK}/{done['id']}/undo", 422, reason="Again")
    assert [one["id"] for one in await carol.get(BULK)] == [done["id"]]


async def test_a_large_one_goes_on_in_the_background_and_survives_its_worker(
    network: Network, alice: Person, bob: Person, carol: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.features.moderation.triage import many

    monkeypatch.setattr(many, "AT_ONCE", 4)
    await campaign(alice, [bob], 10)
    group = await group_of(carol)
    begun = await carol.post(BULK, action="remove", group_id=group["group_id"], **REASON)
    assert (begun["state"], begun["decided"], begun["waiting"]) == ("running", 4, 6)
    await carol.post(f"{BULK}/{begun['id']}/undo", 422, reason="Not while it runs")
    with pytest.raises(RuntimeError):  # the worker dies in the middle of a batch
        async with network.db.transaction() as conn:
            await many.carry_on(conn, many.Work(int(begun["id"])))
            raise RuntimeError
    assert (await carol.get(f"{BULK}/{begun['id']}"))["decided"] == 4
    await network.work()
    done = await carol.get(f"{BULK}/{begun['id']}")
    assert (done["state"], done["decided"], done["waiting"]) == ("done", 10, 0)
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM decisions") == 10
        assert await duties.dead(conn) == []


async def test_what_no_case_would_take_is_refused_at_once(alice: Person, bob: Person, carol: Person) -> None:
    await campaign(alice, [bob], 1)
    (case,) = await carol.get(CASES)
    for wrong in (
        {"action": "remove", "reason": " ", "terms": True},
        {"action": "remove", "reason": "No ground"},
        {"action": "vanish", **REASON},
        {"action": "remove", **REASON, "rule_ids": [77]},
        {"action": "suspend", **REASON, "hours": -1},
    ):
        await carol.post(BULK, 422, case_ids=[case["id"]], **wrong)
    await carol.post(BULK, 422, action="remove", case_ids=[], **REASON)
    await carol.get(f"{BULK}/17", 404)
    await alice.post(BULK, 403, action="remove", case_ids=[case["id"]], **REASON)
    assert len(await carol.get(CASES)) == 1


async def test_forty_in_a_row_call_for_a_break_but_a_group_is_one_effort(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await campaign(alice, [bob], 5)
    me = await caller(network, carol)
    async with network.db.transaction() as conn:
        await triage.set_desk(conn, me, 2, True)
    group = await group_of(carol)
    await carol.post(BULK, action="remove", group_id=group["group_id"], **REASON)
    async with network.db.reading() as conn:
        assert (await triage.desk(conn, me)).in_a_row == 0
    for number in range(2):
        await reports(alice, bob, await bob.says(f"Post {number}"))
        (case,) = await carol.get(CASES)
        await carol.post(f"{CASES}/{case['id']}/decide", action="dismiss", reason="Fine")
    async with network.db.reading() as conn:
        assert (await triage.desk(conn, me)).tired


async def test_pictures_of_child_abuse_are_sealed_until_somebody_says_why(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    from tests.support.images import upload

    picture = await upload(bob)
    post = await bob.says("See", media_ids=[picture["id"]])
    await reports(alice, bob, post, category="child")
    (case,) = await carol.get(CASES)
    assert case["lane"] == "deadline"
    kept = (await carol.get(f"{CASES}/{case['id']}"))["snapshots"][0]["files"][0]["original_key"]
    path = f"{CASES}/{case['id']}/files/{kept}"
    assert (await carol.request("GET", path)).status_code == 403
    await carol.post(f"{CASES}/{case['id']}/look", 422, reason="")
    seen = await carol.post(f"{CASES}/{case['id']}/look", reason="The police ask which of the two it is")
    assert seen["log"][-1]["kind"] == "looked" and "police" in seen["log"][-1]["data"]["reason"]
    assert (await carol.request("GET", path)).status_code == 200
