"""Decisions: done, told, taken back."""

import pytest

from palabre.base import mail
from palabre.features import instance, moderation
from palabre.features.instance import Rule
from palabre.features.moderation.actions import ACTIONS
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, caller, decides, letters, only_case, reports
from tests.support.people import Person, said
from tests.support.post_box import PostBox


async def test_a_removed_post_is_gone_and_its_undoing_brings_it_back_with_its_counts(
    alice: Person, bob: Person, carol: Person, dan: Person, network: Network, stranger: Person
) -> None:
    post = await alice.says("Not so kind")
    await bob.says("Oh", in_reply_to_id=post["id"])
    await reports(bob, alice, post, category="other")
    before = await dan.get(f"/api/v1/statuses/{post['id']}")
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    await dan.get(f"/api/v1/statuses/{post['id']}", expect=404)
    assert await stranger.get("/api/v1/timelines/public") == []
    (decision,) = case["decisions"]
    undo = f"/api/palabre/v1/cases/{case['id']}/decisions/{decision['id']}/undo"
    await carol.post(undo, 422)
    await carol.post(undo, reason="We were wrong.")
    await carol.post(undo, 422, reason="Twice.")
    assert await dan.get(f"/api/v1/statuses/{post['id']}") == before
    assert [one["id"] for one in await stranger.get("/api/v1/timelines/public")] == [post["id"]]
    assert before["replies_count"] == 1
    told = await letters(alice)
    assert [one["undoing"] for one in told] == [True, False]
    assert [one["reason"] for one in told] == ["We were wrong.", "We are kind to each other here."]
    assert [said(one["post"]) for one in told[1]["posts"]] == ["Not so kind"]
    assert [one["words"] for one in await letters(bob)] == [
        "The decision on your report about @alice has been taken back.",
        "Thank you for your report. What you reported of @alice has been removed.",
    ]


async def test_a_post_removed_twice_comes_back_when_both_decisions_are_undone(
    alice: Person, bob: Person, carol: Person, dan: Person
) -> None:
    first, second = await alice.says("one"), await alice.says("two")
    await reports(bob, alice, first)
    await reports(dan, alice, second)
    newer, older = await carol.get("/api/palabre/v1/cases")
    await decides(carol, older, "remove")
    await carol.post(f"/api/palabre/v1/cases/{older['id']}/reopen")
    again = await decides(carol, older, "remove")
    ids = [one["id"] for one in again["decisions"]]
    for decision_id, status in zip(ids, (404, 200), strict=True):
        await carol.post(f"/api/palabre/v1/cases/{older['id']}/decisions/{decision_id}/undo", reason="Hm.")
        await dan.get(f"/api/v1/statuses/{first['id']}", expect=status)
    assert (await carol.get(f"/api/palabre/v1/cases/{newer['id']}"))["state"] == "open"


async def test_pictures_are_covered_and_uncovered(alice: Person, bob: Person, carol: Person, dan: Person) -> None:
    bare = await alice.says("On the beach")
    careful = await alice.says("On the beach again", sensitive=True)
    await reports(bob, alice, bare, careful)
    case = await decides(carol, await only_case(carol), "sensitive")
    assert (await dan.get(f"/api/v1/statuses/{bare['id']}"))["sensitive"]
    path = f"/api/palabre/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/undo"
    await carol.post(path, reason="It is harmless.")
    assert not (await dan.get(f"/api/v1/statuses/{bare['id']}"))["sensitive"]
    assert (await dan.get(f"/api/v1/statuses/{careful['id']}"))["sensitive"], "what its author covered stays covered"


async def test_a_suspended_account_is_gone_from_view_and_cannot_act_until_it_is_lifted(
    alice: Person, bob: Person, carol: Person, stranger: Person
) -> None:
    post = await alice.says("Spam, spam")
    await reports(bob, alice)
    await decides(carol, await only_case(carol), "suspend")
    await stranger.get(f"/api/v1/statuses/{post['id']}", expect=404)
    await alice.post("/api/v1/statuses", 401, status="Still here")
    await carol.post(f"/api/v1/admin/accounts/{alice.id}/unsuspend")
    await stranger.get(f"/api/v1/statuses/{post['id']}")
    assert [one["action"] for one in await letters(alice)] == ["suspend", "suspend"]


async def test_undoing_a_limit_does_not_lift_a_suspension(alice: Person, bob: Person, carol: Person) -> None:
    for action in ("limit", "suspend"):
        path = f"/api/v1/admin/accounts/{alice.id}/action"
        await carol.post(path, type={"limit": "silence"}.get(action, action), text="Enough.")
    shown = await carol.post(f"/api/v1/admin/accounts/{alice.id}/unsilence")
    assert (shown["silenced"], shown["suspended"]) == (False, True)
    shown = await carol.post(f"/api/v1/admin/accounts/{alice.id}/unsuspend")
    assert (shown["silenced"], shown["suspended"]) == (False, False)


async def test_nobody_decides_on_himself_or_on_his_own_report(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    mona = await network.person("mona", role="moderator", scopes=STAFF_SCOPES)
    post = await mona.says("Moderators are people too")
    await reports(carol, mona, post)
    case = await only_case(carol)
    assert not case["may_decide"]
    await decides(carol, case, "warn", 403)
    assert await mona.get("/api/palabre/v1/cases") == []
    await mona.get(f"/api/palabre/v1/cases/{case['id']}", expect=403)
    await decides(mona, case, "dismiss", 403)
    await mona.get(f"/api/v1/admin/reports/{case['reports'][0]['id']}", expect=403)


async def test_measures_go_downwards(alice: Person, bob: Person, carol: Person, olga: Person, network: Network) -> None:
    mona = await network.person("mona", role="moderator", scopes=STAFF_SCOPES)
    act = "/api/v1/admin/accounts/{}/action"
    await carol.post(act.format(olga.id), 403, type="suspend", text="Out.")
    await carol.post(act.format(mona.id), 403, type="silence", text="Hush.")
    await carol.post(act.format(mona.id), type="none", text="Please don't.")
    await olga.post(act.format(mona.id), type="suspend", text="Out.")


async def test_a_decision_needs_a_reason_posts_of_the_case_and_rules_that_are(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, "Be kind")])
        (rule,) = (await instance.about(conn, fresh=True)).rules
    post, other = await alice.says("one"), await alice.says("two")
    made = await reports(bob, alice, post, rule_ids=[str(rule.id)])
    assert made["category"] == "violation"
    case = await only_case(carol)
    await decides(carol, case, "remove", 422, reason="  ")
    await decides(carol, case, "explode", 422)
    await decides(carol, case, "remove", 422, rule_ids=["12"])
    await decides(carol, case, "remove", 422, post_ids=[other["id"]])
    await decides(carol, case, "remove", rule_ids=[str(rule.id)], answer="We took it away.")
    await decides(carol, case, "warn", 422)
    assert (await letters(alice))[0]["rules"] == [{"id": str(rule.id), "text": "Be kind"}]
    assert (await letters(bob))[0]["reason"] == "We took it away."
    await carol.get(f"/api/v1/statuses/{other['id']}")


async def test_a_dismissal_is_told_to_the_reporter_alone(alice: Person, bob: Person, carol: Person) -> None:
    await reports(bob, alice, await alice.says("Fine"))
    await decides(carol, await only_case(carol), "dismiss")
    assert await letters(alice) == []
    assert (await letters(bob))[0]["words"] == "We read your report about @alice and found no reason to act."


async def test_a_decision_goes_out_by_mail(alice: Person, bob: Person, carol: Person, network: Network) -> None:
    box = PostBox()
    mail.use(box)
    try:
        await reports(bob, alice, await alice.says("Not\nso kind"))
        await decides(carol, await only_case(carol), "remove")
        await network.work()
    finally:
        mail.use(None)
    (to_alice,) = box.to("alice@mail.example")
    assert "We are kind to each other here." in to_alice.text
    assert "> Not\n> so kind" in to_alice.text
    assert len(box.to("bob@mail.example")) == 1
    assert box.to("carol@mail.example") == []


async def test_reading_a_letter_is_noted(alice: Person, bob: Person, carol: Person, network: Network) -> None:
    await reports(bob, alice)
    await decides(carol, await only_case(carol), "warn")
    (letter,) = await letters(alice)
    await bob.post(f"/api/palabre/v1/letters/{letter['id']}/read", 404)
    await alice.post(f"/api/palabre/v1/letters/{letter['id']}/read")
    async with network.db.reading() as conn:
        assert await moderation.count_unread(conn, int(alice.id)) == 0
        assert await moderation.count_unread(conn, int(bob.id)) == 1


async def test_a_member_follows_what_became_of_his_reports(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    await reports(bob, alice)
    case = await only_case(carol)
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/assign")

    async def mine() -> moderation.Report:
        async with network.db.reading() as conn:
            (found,) = await moderation.my_reports(conn, int(bob.id))
            return found

    assert ((await mine()).assigned_to, (await mine()).decided_at) == (int(carol.id), None)
    await decides(carol, case, "warn")
    assert (await mine()).decided_at is not None


async def test_the_queue_is_filtered_and_paged(
    alice: Person, bob: Person, carol: Person, dan: Person, network: Network
) -> None:
    await reports(bob, alice, category="spam")
    await reports(bob, dan, category="threat")
    newer, older = await carol.get("/api/palabre/v1/cases")
    assert newer["account"]["acct"] == "dan"
    assert await carol.get("/api/palabre/v1/cases", category="spam") == [older]
    assert await carol.get("/api/palabre/v1/cases", max_id=newer["id"]) == [older]
    assert await carol.get("/api/palabre/v1/cases", account_id=dan.id) == [newer]
    await carol.post(f"/api/palabre/v1/cases/{older['id']}/assign")
    assert [one["id"] for one in await carol.get("/api/palabre/v1/cases", assigned_to="me")] == [older["id"]]
    assert [one["id"] for one in await carol.get("/api/palabre/v1/cases", assigned_to="nobody")] == [newer["id"]]
    async with network.db.reading() as conn:
        assert await moderation.counts(conn, await caller(network, carol)) == {"waiting": 2, "mine": 1}
    await decides(carol, older, "dismiss")
    assert [one["id"] for one in await carol.get("/api/palabre/v1/cases", state="decided")] == [older["id"]]


@pytest.mark.parametrize("action", ACTIONS.values(), ids=list(ACTIONS))
def test_every_action_has_an_undo_and_words(action: moderation.Action) -> None:
    """House rule: whatever moderators can do can be undone, and is said to the people concerned."""
    assert callable(action.apply) and callable(action.undo)
    assert action.label and action.to_reporter and action.undone_to_reporter
    assert action.subject == "none" or (action.to_author and action.undone_to_author)
    for words in (action.to_reporter, action.undone_to_reporter):
        assert words % {"acct": "alice"} != words
