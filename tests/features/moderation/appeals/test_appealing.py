"""Who may appeal, against what, how long; and who may judge it."""

from datetime import timedelta
from typing import Any

import pytest

from palabre.base import clock
from tests.support.appealing import WORDS, appeals, judges
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, letters, only_case, reports
from tests.support.people import Person, said


async def test_an_overturned_removal_is_given_back_and_everybody_is_told(
    removed: Any, alice: Person, bob: Person, mona: Person, dan: Person, network: Network
) -> None:
    post_id = removed["decisions"][0]["post_ids"][0]
    appeal = await appeals(alice, removed)
    assert (appeal["state"], appeal["words"], appeal["by_jury"]) == ("open", WORDS, False)
    (waiting,) = await mona.get("/api/palabre/v1/appeals/waiting")
    heard = await mona.get(f"/api/palabre/v1/cases/{waiting['case_id']}/appeals/{waiting['id']}")
    assert heard["words"] == WORDS and heard["may_judge"]
    assert heard["case"]["snapshots"][0]["text"] == "The mayor is wrong about the well"
    await judges(mona, waiting, "overturned", 422, reason=" ")
    await judges(mona, waiting, "overturned")
    await network.work()
    assert said(await dan.get(f"/api/v1/statuses/{post_id}")) == "The mayor is wrong about the well"
    for who in (alice, bob):
        newest = (await letters(who))[0]
        assert (newest["undoing"], newest["reason"]) == (True, "The minutes say so.")
    (mine,) = await alice.get("/api/palabre/v1/appeals")
    assert (mine["state"], mine["outcome"], mine["reason"]) == ("decided", "overturned", "The minutes say so.")
    (decision,) = (await mona.get(f"/api/palabre/v1/cases/{removed['id']}"))["decisions"]
    assert (decision["ended"], decision["undone_by"], decision["overturned_on"]) == (
        "overturned",
        mona.id,
        appeal["id"],
    )
    await judges(mona, waiting, "upheld", 422)


async def test_a_milder_measure_takes_the_place_of_the_first(
    removed: Any, alice: Person, mona: Person, dan: Person, network: Network
) -> None:
    post_id = removed["decisions"][0]["post_ids"][0]
    appeal = await appeals(alice, removed)
    await judges(mona, appeal, "replaced", 422)
    assert (await alice.get("/api/palabre/v1/appeals"))[0]["state"] == "open", "half of it would be nothing"
    heard = await judges(mona, appeal, "replaced", action="sensitive", terms=True)
    assert (await dan.get(f"/api/v1/statuses/{post_id}"))["sensitive"]
    first, second = heard["case"]["decisions"]
    assert (first["ended"], second["action"], second["on_appeal"]) == ("overturned", "sensitive", appeal["id"])
    assert (second["moderator_id"], heard["replaced_by"]) == (mona.id, second["id"])
    assert [one["action"] for one in await letters(alice)] == ["sensitive", "remove", "remove"]
    again = await appeals(alice, heard["case"])
    assert not (await mona.get(f"/api/palabre/v1/cases/{again['case_id']}/appeals/{again['id']}"))["may_judge"]


async def test_an_appeal_turned_down_is_answered_with_the_reason(
    removed: Any, alice: Person, bob: Person, mona: Person, network: Network
) -> None:
    appeal = await appeals(alice, removed)
    await network.work()
    (told,) = [one for one in await alice.get("/api/v1/notifications") if one["type"] == "moderation_warning"]
    assert told["moderation_warning"]["appeal"] == {"text": WORDS, "state": "pending"}
    await judges(mona, appeal, "upheld", reason="The rule is clear.")
    await network.work()
    newest = (await letters(alice))[0]
    assert (newest["kind"], newest["reason"]) == ("appeal", "The rule is clear.")
    assert newest["words"] == "Your appeal was heard by somebody else than before: the decision stands."
    told = [one for one in await alice.get("/api/v1/notifications") if one["type"] == "moderation_warning"]
    assert {one["moderation_warning"]["appeal"]["state"] for one in told} == {"rejected"}
    assert len(await letters(bob)) == 1, "he was told of nothing that changed"
    await appeals(alice, removed, 422)


async def test_who_reported_appeals_against_no_measure_and_gets_one(
    alice: Person, bob: Person, carol: Person, mona: Person, dan: Person
) -> None:
    post = await alice.says("Burn it down")
    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "dismiss")
    await appeals(alice, case, 404)
    await appeals(dan, case, 404)
    appeal = await appeals(bob, case, words="She means the school.")
    assert appeal["side"] == "reporter"
    await judges(mona, appeal, "overturned", 422)
    await judges(mona, appeal, "replaced", action="remove", terms=True)
    await dan.get(f"/api/v1/statuses/{post['id']}", expect=404)
    assert [one["action"] for one in await letters(bob)] == ["remove", "dismiss", "dismiss"]
    assert [one["action"] for one in await letters(alice)] == ["remove"]


async def test_nobody_judges_his_own_decision_nor_his_own_matter(
    alice: Person, bob: Person, carol: Person, mona: Person, network: Network
) -> None:
    nora = await network.person("nora", role="moderator", scopes=STAFF_SCOPES)
    await reports(nora, alice, await alice.says("Hm"))
    await reports(bob, alice, await alice.says("Hm hm"))
    for open_case in await carol.get("/api/palabre/v1/cases"):
        case = await decides(carol, open_case, "warn")
        if case["reports"][0]["reporter"]["acct"] == "nora":
            mine = case
    appeal = await appeals(alice, mine)
    for who in (carol, nora):
        await judges(who, appeal, "upheld", 403)
        await judges(who, appeal, "overturned", 403)
        assert await who.get("/api/palabre/v1/appeals/waiting") == []
    await bob.get("/api/palabre/v1/appeals/waiting", expect=403)
    await judges(bob, appeal, "overturned", 403)
    await judges(mona, appeal, "overturned")


async def test_who_decided_can_only_give_in(removed: Any, alice: Person, carol: Person, mona: Person) -> None:
    case, path = removed["id"], f"/api/palabre/v1/cases/{removed['id']}"
    appeal = await appeals(alice, removed)
    await carol.post(f"{path}/decisions/{removed['decisions'][0]['id']}/undo", 422, reason="Quickly.")
    await mona.post(f"{path}/decisions/{removed['decisions'][0]['id']}/undo", 422, reason="Quickly.")
    await carol.post(f"{path}/reopen", 422)
    await carol.post(f"{path}/appeals/{appeal['id']}/view", words="She shouted.")
    await mona.post(f"{path}/appeals/{appeal['id']}/concede", 403, reason="Not mine to give in.")
    await carol.post(f"{path}/appeals/{appeal['id']}/concede", reason="I read it again.")
    (mine,) = await alice.get("/api/palabre/v1/appeals")
    assert (mine["outcome"], mine["reason"], mine["said"]) == ("conceded", "I read it again.", [])
    await carol.post(f"{path}/reopen")
    await decides(carol, {"id": case}, "remove", 403)
    await decides(mona, {"id": case}, "dismiss")


async def test_who_wants_more_done_can_t_be_conceded_to(
    alice: Person, bob: Person, carol: Person, mona: Person
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "dismiss")
    appeal = await appeals(bob, case)
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/appeals/{appeal['id']}/concede", 422, reason="All right.")
    await judges(mona, appeal, "upheld")


async def test_a_question_is_asked_and_answered(
    removed: Any, alice: Person, bob: Person, mona: Person, network: Network
) -> None:
    appeal = await appeals(alice, removed)
    path = f"/api/palabre/v1/cases/{removed['id']}/appeals/{appeal['id']}"
    await mona.post(f"{path}/ask", words="Which page of the minutes?")
    await network.work()
    assert (await letters(alice))[0]["kind"] == "question"
    mine = f"/api/palabre/v1/appeals/{removed['id']}/{appeal['id']}"
    await bob.post(f"{mine}/answer", 404, words="I know.")
    await alice.post(f"{mine}/answer", words="Page 4.")
    heard = await mona.get(path)
    assert [(one["kind"], one["words"]) for one in heard["said"]] == [
        ("asked", "Which page of the minutes?"),
        ("answered", "Page 4."),
    ]
    await alice.post(f"{mine}/withdraw")
    await alice.post(f"{mine}/answer", 422, words="Page 5.")
    assert await mona.get("/api/palabre/v1/appeals/waiting") == []


async def test_one_appeal_at_a_time_in_one_s_own_words_and_in_time(
    removed: Any, alice: Person, mona: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await appeals(alice, removed, 422, words="  ")
    first = await appeals(alice, removed)
    await appeals(alice, removed, 422)
    await alice.post(f"/api/palabre/v1/appeals/{first['case_id']}/{first['id']}/withdraw")
    later = clock.now() + timedelta(days=182)
    monkeypatch.setattr(clock, "now", lambda: later)
    again = await appeals(alice, removed)
    await alice.post(f"/api/palabre/v1/appeals/{again['case_id']}/{again['id']}/withdraw")
    much_later = later + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: much_later)
    await appeals(alice, removed, 422)


async def test_a_second_appeal_against_what_is_overturned_is_answered_with_it(
    removed: Any, alice: Person, bob: Person, mona: Person
) -> None:
    await appeals(bob, removed, words="Too little: suspend her.")
    hers = await appeals(alice, removed)
    await judges(mona, hers, "overturned")
    assert [one["outcome"] for one in await bob.get("/api/palabre/v1/appeals")] == ["overturned"]
    assert await mona.get("/api/palabre/v1/appeals/waiting") == []


async def test_with_a_single_moderator_the_appeal_waits_in_sight(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "warn")
    appeal = await appeals(alice, case)
    path = f"/api/palabre/v1/cases/{case['id']}/appeals/{appeal['id']}"
    assert (await carol.get(path))["needs_another_moderator"]
    olga = await network.person("olga", role="owner", scopes=STAFF_SCOPES)
    assert not (await carol.get(path))["needs_another_moderator"]
    await judges(olga, appeal, "overturned")


async def test_a_measure_that_ran_out_can_still_be_found_wrong(
    alice: Person, bob: Person, carol: Person, mona: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.features import moderation

    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "limit", hours=1)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    async with network.db.transaction() as conn:
        assert await moderation.end_expired(conn) == 1
    heard = await judges(mona, await appeals(alice, case), "overturned")
    assert heard["case"]["decisions"][0]["ended"] == "overturned"
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []
