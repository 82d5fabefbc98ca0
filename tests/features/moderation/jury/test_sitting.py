"""A jury from the call to the verdict: drawn, told, blind to each other, replaced when silent, and closed."""

from typing import Any

import pytest

from palabre.base import mail
from palabre.base.paging import Page
from palabre.features import notifications
from palabre.features.moderation import jury
from palabre.settings import current, use
from tests.support.jury import WHY, allow, call, drawn, jurors, pass_time, votes
from tests.support.network import Network
from tests.support.order import decides, only_case, reports
from tests.support.people import Person, said
from tests.support.post_box import PostBox


@pytest.fixture
async def case(network: Network, alice: Person, bob: Person, carol: Person) -> Any:
    """Bob reported a post of Alice's, and Carol removed it."""
    allow()
    await reports(bob, alice, await alice.says("You are all sheep."), category="other")
    decided = await decides(carol, await only_case(carol), "remove")
    await network.work()
    return decided


async def test_six_members_overturn_a_decision(case: Any, network: Network, alice: Person, stranger: Person) -> None:
    people = await jurors(network, 9)
    panel_id = await call(network, case, "It was a joke about my own farm.", [alice])
    sitting = await drawn(people, panel_id)
    assert len(sitting) == 6
    seat = await sitting[0].get(f"/api/palabre/v1/jury/seats/{panel_id}")
    assert seat["brief"]["words"] == "It was a joke about my own farm."
    assert [said(one["post"]) for one in seat["brief"]["snapshots"]] == ["You are all sheep."]
    assert seat["brief"]["reason"] == "We are kind to each other here."
    for who, answer in zip(sitting, ["overturn"] * 4 + ["uphold"], strict=False):
        await votes(who, panel_id, answer)
        await network.work()
        public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
        assert (public["state"], public["seed"], public["tally"], public["pool"]) == ("open", None, None, None)
        async with network.db.reading() as conn:
            (view,) = await jury.of_case(conn, int(case["id"]))
        assert view.tally == {} and {chair.reason for chair in view.chairs} == {None}, "not even the staff"
    await votes(sitting[5], panel_id, "uphold")
    await network.work()
    public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
    assert (public["outcome"], public["tally"]) == ("overturn", {"overturn": 4, "uphold": 2})
    assert jury.verify(public) == []
    assert public["pool_size"] == 9 and len(public["drawn"]) == 6
    figures = await stranger.get("/api/palabre/v1/jury/figures")
    assert (figures["panels"], figures["overturned"], figures["ballots"]) == (1, 1, 6)
    assert figures["agreement"] == pytest.approx(14 / 30)


async def test_the_commitment_stands_before_the_question(case: Any, network: Network, stranger: Person) -> None:
    await jury.keep_one_ready(network.db)
    async with network.db.reading() as conn:
        (waiting,) = await jury.ready(conn)
    people = await jurors(network, 6)
    panel_id = await call(network, case)
    assert panel_id == waiting.id
    for one in await drawn(people, panel_id):
        await votes(one, panel_id, "uphold")
    await network.work()
    public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
    assert public["commitment"] == waiting.commitment and jury.verify(public) == []
    async with network.db.reading() as conn:
        assert [one.id for one in await jury.ready(conn)] != [panel_id]


async def test_two_camps_have_three_seats_each(case: Any, network: Network) -> None:
    many, few = await jurors(network, 12, "many", 1), await jurors(network, 4, "few", 2)
    panel_id = await call(network, case)
    assert (len(await drawn(many, panel_id)), len(await drawn(few, panel_id))) == (3, 3)


async def test_who_has_to_do_with_a_party_does_not_sit(
    case: Any, network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    allow()
    people = await jurors(network, 13)
    tied = people[:7]
    await tied[0].follows(alice)
    await alice.follows(tied[1])
    await tied[2].post(f"/api/v1/accounts/{alice.id}/block")
    await bob.post(f"/api/v1/accounts/{tied[3].id}/mute")
    await tied[4].says("@alice how are the sheep?")
    answered = await tied[5].says("Good morning")
    await bob.says("Good morning @juror5", in_reply_to_id=answered["id"])
    await bob.post("/api/palabre/v1/jury/join")
    await alice.post("/api/palabre/v1/jury/join")
    await carol.post("/api/palabre/v1/jury/join", 422)
    panel_id = await call(network, case, "", [tied[6]])
    assert {one.name for one in await drawn([*people, alice, bob], panel_id)} == {one.name for one in people[7:]}
    await people[0].get(f"/api/palabre/v1/jury/seats/{panel_id}", 404)


async def test_who_took_part_in_the_conversation_does_not_sit(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    allow()
    people = await jurors(network, 8)
    first = await bob.says("Sheep?")
    post = await alice.says("You are all sheep.", in_reply_to_id=first["id"])
    await people[0].says("Quite so.", in_reply_to_id=first["id"])
    await people[1].post(f"/api/v1/statuses/{post['id']}/favourite")
    await reports(bob, alice, post)
    panel_id = await call(network, await decides(carol, await only_case(carol), "remove"))
    assert {one.name for one in await drawn(people, panel_id)} == {one.name for one in people[2:]}


async def test_silence_is_reminded_then_replaced_and_in_the_end_a_moderator_decides(
    case: Any, network: Network, monkeypatch: pytest.MonkeyPatch, stranger: Person
) -> None:
    box = PostBox()
    mail.use(box)
    try:
        people = await jurors(network, 13)
        panel_id = await call(network, case)
        first = await drawn(people, panel_id)
        await votes(first[0], panel_id, "overturn")
        await votes(first[1], panel_id, "overturn")
        await first[2].post(f"/api/palabre/v1/jury/seats/{panel_id}/recuse")
        await network.work()
        assert len(await drawn(people, panel_id)) == 4, "somebody else was drawn at once"
        await pass_time(network, monkeypatch, 13)
        assert len(box.to(f"{first[5].name}@mail.example")) == 2, "drawn, and reminded"
        assert len(box.to(f"{first[0].name}@mail.example")) == 1
        await pass_time(network, monkeypatch, 11.5)
        second = await drawn(people, panel_id)
        assert not {one.name for one in second} & {one.name for one in first}
        await votes(first[5], panel_id, "uphold", 422)
        await votes(second[0], panel_id, "overturn")
        await pass_time(network, monkeypatch, 24)
    finally:
        mail.use(None)
    public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
    assert (public["outcome"], public["why_none"]) == ("none", "silence")
    assert jury.verify(public) == [], "replacements are computed again too"
    assert len([one for one in public["drawn"] if one["replaces"]]) >= 4


async def test_a_majority_at_the_deadline_is_enough(
    case: Any, network: Network, monkeypatch: pytest.MonkeyPatch, stranger: Person
) -> None:
    people = await jurors(network, 12)
    panel_id = await call(network, case)
    for one in (await drawn(people, panel_id))[:4]:
        await votes(one, panel_id, "overturn")
    await pass_time(network, monkeypatch, 25)
    public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
    assert (public["outcome"], len(public["drawn"])) == ("overturn", 6)


async def test_three_against_three_is_no_verdict(case: Any, network: Network, stranger: Person) -> None:
    people = await jurors(network, 6)
    panel_id = await call(network, case)
    for place, one in enumerate(people):
        await votes(one, panel_id, ("uphold", "overturn")[place % 2])
    await network.work()
    public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
    assert (public["outcome"], public["why_none"]) == ("none", "split")


async def test_too_few_unpartial_jurors_leave_it_to_a_moderator(
    case: Any, network: Network, alice: Person, stranger: Person
) -> None:
    assert await call(network, case) is None, "nobody is willing"
    people = await jurors(network, 6)
    await people[0].follows(alice)
    panel_id = await call(network, case)
    public = await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}")
    assert (public["outcome"], public["why_none"], public["drawn"]) == ("none", "unfilled", [])
    assert await drawn(people, panel_id) == []


@pytest.mark.parametrize("category", ["threat", "intimate", "child"])
async def test_threats_and_the_like_stay_with_the_staff(
    category: str, network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    allow()
    await jurors(network, 8)
    await reports(bob, alice, await alice.says("…"), category=category)
    assert await call(network, await decides(carol, await only_case(carol), "remove")) is None


async def test_what_was_not_public_stays_with_the_staff(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    allow()
    await jurors(network, 8)
    await reports(bob, alice, await alice.says("@bob you sheep", visibility="direct"))
    assert await call(network, await decides(carol, await only_case(carol), "warn")) is None


async def test_a_ballot_needs_a_reason_and_is_cast_once(case: Any, network: Network, bob: Person) -> None:
    people = await jurors(network, 6)
    panel_id = await call(network, case)
    await votes(people[0], panel_id, "uphold", 422, reason="  no ")
    await votes(people[0], panel_id, "perhaps", 422)
    await votes(people[0], panel_id, "uphold")
    await votes(people[0], panel_id, "overturn", 422)
    await votes(bob, panel_id, "uphold", 404)
    mine = await people[0].get(f"/api/palabre/v1/jury/seats/{panel_id}")
    assert (mine["answer"], mine["reason"], mine["open"]) == ("uphold", WHY, False)
    assert "brief" not in mine, "what was judged is not kept at hand"


async def test_newcomers_the_absent_and_members_under_a_measure_are_not_drawn(
    case: Any, network: Network, carol: Person, bob: Person
) -> None:
    use(current().model_copy(update={"jury_account_days": 30}))
    people = await jurors(network, 9)
    assert (await people[0].get("/api/palabre/v1/jury"))["hindrance"] == "new"
    async with network.db.transaction() as conn:
        old = [int(one.id) for one in people[:8]]
        await conn.execute("UPDATE members SET created_at = now() - interval '1 year' WHERE account_id = ANY ($1)", old)
        await conn.execute(
            "UPDATE members SET last_active_at = now() - interval '15 days' WHERE account_id = $1", int(people[6].id)
        )
    await reports(bob, people[7])
    await decides(carol, await only_case(carol), "warn")
    assert (await people[7].get("/api/palabre/v1/jury"))["hindrance"] == "measure"
    panel_id = await call(network, case)
    assert {one.name for one in await drawn(people, panel_id)} == {one.name for one in people[:6]}


async def test_nobody_judges_a_case_twice(case: Any, network: Network) -> None:
    people = await jurors(network, 12)
    first, again = await _ends(network, case, people), await _ends(network, case, people)
    assert first and again and first != again
    async with network.db.reading() as conn:
        rows = await conn.rows("SELECT account_id, count(*) AS times FROM jury_seats GROUP BY 1")
    assert {row["times"] for row in rows} == {1} and len(rows) == 12


async def test_nobody_is_drawn_more_often_in_a_month_than_is_fair(
    case: Any, network: Network, bob: Person, carol: Person, stranger: Person
) -> None:
    allow(jury_monthly=1)
    people, erin = await jurors(network, 12), await network.person("erin")
    await _ends(network, case, people)
    await reports(bob, erin, await erin.says("Sheep, all of you."))
    another = await decides(carol, await only_case(carol), "remove")
    panel_id = await call(network, another)
    assert (await stranger.get(f"/api/palabre/v1/jury/panels/{panel_id}"))["pool_size"] == 6


async def _ends(network: Network, case: Any, people: list[Person]) -> int | None:
    panel_id = await call(network, case)
    for one in await drawn(people, panel_id):
        await votes(one, panel_id, "uphold")
    await network.work()
    return panel_id


async def test_who_leaves_is_replaced_and_forgotten(case: Any, network: Network, stranger: Person) -> None:
    people = await jurors(network, 7)
    panel_id = await call(network, case)
    (spare,) = [one for one in people if one not in await drawn(people, panel_id)]
    going = next(one for one in people if one is not spare)
    await going.post("/api/palabre/v1/jury/leave")
    await network.work()
    assert await drawn([spare], panel_id) == [spare]
    assert not (await going.get("/api/palabre/v1/jury"))["juror"]


async def test_a_moderator_asks_whether_a_rule_is_broken(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    from palabre.features import instance
    from palabre.features.instance import Rule

    allow()
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, "Be kind")])
        (rule,) = (await instance.about(conn, fresh=True)).rules
    await reports(bob, alice, await alice.says("You are all sheep."))
    case = await only_case(carol)
    path = f"/api/palabre/v1/cases/{case['id']}/ask-jury"
    await carol.post(path, 422, rule_id=str(rule.id))
    people = await jurors(network, 6)
    await alice.post(path, 403, rule_id=str(rule.id))
    panel = await carol.post(path, rule_id=str(rule.id), words="Is this only teasing?")
    await carol.post(path, 422, rule_id=str(rule.id))
    await network.work()
    brief = (await people[0].get(f"/api/palabre/v1/jury/seats/{panel['panel']}"))["brief"]
    assert (brief["rules"][0]["text"], brief["words"], brief["reason"]) == ("Be kind", "Is this only teasing?", None)
    for one in people:
        await votes(one, int(panel["panel"]), "overturn")
    await network.work()
    log = (await carol.get(f"/api/palabre/v1/cases/{case['id']}"))["log"]
    kinds = [one["kind"] for one in log]
    assert kinds[2:4] == ["jury_called", "jury_pool"] and kinds[-1] == "jury_closed"
    assert kinds.count("jury_drawn") == kinds.count("jury_voted") == 6
    assert log[-1]["data"]["votes"] == {"uphold": 0, "overturn": 6}
    assert not {one["actor_id"] for one in log[3:]} - {None}, "the log names no juror"


async def test_a_changed_ballot_is_found(case: Any, network: Network) -> None:
    people = await jurors(network, 6)
    panel_id = await call(network, case)
    for one in people:
        await votes(one, panel_id, "uphold")
    await network.work()
    assert panel_id
    async with network.db.transaction() as conn:
        assert await jury.verify_ballots(conn, panel_id) == []
        await conn.execute("UPDATE jury_ballots SET answer = 'overturn' WHERE seat = 3")
        assert await jury.verify_ballots(conn, panel_id) == ["the ballot of seat 3 was changed"]
        await conn.execute("DELETE FROM jury_ballots WHERE seat = 2")
        assert len(await jury.verify_ballots(conn, panel_id)) == 2


async def test_every_step_may_be_made_twice(case: Any, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    from palabre.features.moderation.jury.course import Panel, advance, draw_panel
    from palabre.features.moderation.jury.events import PanelCalled

    people = await jurors(network, 12)
    panel_id = await call(network, case)
    assert panel_id
    for _ in range(2):
        async with network.db.transaction() as conn:
            await draw_panel(conn, PanelCalled(panel_id))
            await advance(conn, Panel(panel_id))
        await network.work()
    assert len(await drawn(people, panel_id)) == 6
    for one in await drawn(people, panel_id):
        assert await one.get("/api/v1/notifications") == [], "Mastodon's clients have no word for it"
        async with network.db.reading() as conn:
            found = await notifications.browse(conn, int(one.id), Page(10), notifications.Selection())
        assert [note.type for note in found] == ["palabre.jury.drawn"]
