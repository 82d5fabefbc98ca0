"""In which order cases are read: deadlines, threats, then by priority, and whoever waits longest isn't forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from palabre.base import clock
from palabre.features.moderation.triage import rules, signals
from palabre.features.moderation.triage.likeness import print_of
from palabre.features.moderation.triage.rules import Record
from palabre.features.moderation.triage.signals import Facts
from tests.support.network import Network
from tests.support.order import decides, reports
from tests.support.people import Person

CASES = "/api/palabre/v1/cases"
SPAM = "Buy cheap watches today at https://watches{0}.example/{0} dear @friend{0}, offer {0} ends soon, really cheap watches"


async def reported(who: Person, whom: Person, text: str, **more: Any) -> str:
    """`whom` says it, `who` reports it; the id of the case."""
    post = await whom.says(text)
    await reports(who, whom, post, **more)
    await who.network.work()
    return str(post["id"])


async def said(moderator: Person, **asked: Any) -> list[str]:
    return [case["excerpt"] for case in await moderator.get(CASES, **asked)]


async def test_deadlines_come_first_then_threats_then_the_rest_by_priority(
    alice: Person, bob: Person, carol: Person
) -> None:
    await reported(alice, bob, "Something else", category="other")
    await reported(alice, bob, "Against the law", category="legal")
    await reported(alice, bob, "I will find you", category="threat")
    await reported(alice, bob, "A picture without consent", category="intimate")
    assert await said(carol, order="priority") == [
        "A picture without consent",
        "I will find you",
        "Against the law",
        "Something else",
    ]
    assert (await said(carol))[0] == "A picture without consent", "newest first, as Mastodon's clients page"
    assert await said(carol, order="due") == [
        "I will find you",
        "Against the law",
        "A picture without consent",
        "Something else",
    ]
    assert await said(carol, order="oldest", lane="rest") == ["Something else", "Against the law"]


async def test_every_fifth_place_goes_to_the_oldest_and_nothing_comes_twice(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    for number in range(12):
        await reported(
            alice, bob, f"{'Old' if number < 3 else 'New'} {number}", category="other" if number < 3 else "legal"
        )
    first = await carol.request("GET", CASES, params={"order": "priority", "limit": 5})
    assert [case["excerpt"][:3] for case in first.json()] == ["New", "New", "New", "New", "Old"]
    assert first.json()[4]["excerpt"] == "Old 0"
    seen = [case["id"] for case in first.json()]
    await reported(alice, bob, "Meanwhile", category="legal")
    await reported(alice, bob, "Meanwhile, a threat", category="threat")
    page = first
    while "next" in page.links:
        page = await carol.request("GET", page.links["next"]["url"].removeprefix("https://talk.example"))
        seen += [case["id"] for case in page.json()]
    assert len(seen) == len(set(seen)) and len(seen) >= 12


async def test_a_place_that_is_none_is_refused(carol: Person) -> None:
    for after in ("x", "nan_1_1_1_1", "1e99_999999999999999999999_0_0", "1_1_1_1_1"):
        await carol.get(CASES, 422, order="priority", after=after)
    await carol.get(CASES, 422, order="sideways")
    await carol.get(CASES, 422, lane="fast")
    await carol.get(CASES, 422, older_than="long")
    await carol.get(CASES, 422, severity=9)


async def test_what_is_nearly_the_same_is_one_row(alice: Person, bob: Person, dan: Person, carol: Person) -> None:
    for number, author in enumerate((bob, dan, bob, dan)):
        await reported(alice, author, SPAM.format(number), category="spam")
    await reported(alice, bob, "Something quite different, about bread and how it is baked at home", category="spam")
    grouped = await carol.get(CASES, order="priority", grouped=True)
    assert sorted(case["alike"] for case in grouped) == [1, 4]
    many = next(case for case in grouped if case["alike"] == 4)
    assert len(await carol.get(CASES, group=many["group_id"], order="oldest")) == 4
    assert len(await carol.get(CASES, grouped=True, more_than=3)) == 1
    assert len(await carol.get(CASES)) == 5


def test_short_texts_are_alike_by_chance_and_pictures_by_look() -> None:
    assert print_of(["Yes!"], []).bands == []
    one = [{"blurhash": "abc", "width": 3, "height": 4, "bytes": 99}]
    assert print_of([""], one).like(print_of(["Look, all of you, at this fine picture of mine"], one))
    assert not print_of([""], one).like(print_of([""], [{**one[0], "bytes": 98}]))
    long = "The committee met on Thursday and agreed on nothing at all, again."
    assert print_of([long], []).like(print_of([long.upper() + " @bob"], []))
    assert not print_of([long], []).like(print_of(["Bread is baked from flour, water, salt and time."], []))


async def test_who_was_right_before_is_read_first(
    alice: Person, bob: Person, dan: Person, carol: Person, network: Network
) -> None:
    for number in range(3):
        await reported(alice, bob, f"Nonsense {number}")
        (case,) = await carol.get(CASES)
        await decides(carol, case, "dismiss")
        await reported(dan, bob, f"Bad {number}")
        (case,) = await carol.get(CASES)
        last = await decides(carol, case, "warn")
    await network.work()
    await reported(dan, bob, "By Dan")
    await reported(alice, bob, "By Alice")
    assert await said(carol, order="priority") == ["By Dan", "By Alice"]
    (case, _) = await carol.get(CASES, order="priority")
    why = await carol.get(f"{CASES}/{case['id']}/signals")
    assert [one["name"] for one in why] == ["severity", "record", "reach"] and "3 of 3" in why[1]["words"]
    assert case["priority"] == pytest.approx(sum(one["score"] for one in why))
    decision = last["decisions"][0]["id"]
    await carol.post(f"{CASES}/{last['id']}/decisions/{decision}/undo", reason="A mistake")
    await network.work()
    why = await carol.get(f"{CASES}/{case['id']}/signals")
    assert "2 of 2" in why[1]["words"], "the record is counted anew, and the open case weighed again"


def test_a_bad_record_takes_nothing_from_what_a_better_one_said() -> None:
    good, bad = Record(18, 2), Record(2, 18)
    alone = signals.priority(signals.weigh(Facts(1, [good])))
    assert signals.priority(signals.weigh(Facts(1, [good, bad, bad, bad]))) == alone
    assert (
        signals.priority(signals.weigh(Facts(1, [bad]))) < signals.priority(signals.weigh(Facts(1, [Record()]))) < alone
    )


def test_what_a_decision_says_of_a_report() -> None:
    def said(action: str, ended: str | None = None) -> dict[str, str | None]:
        return {"action": action, "ended": ended}

    assert rules.outcome([said("remove")]) is True and rules.outcome([said("dismiss")]) is False
    assert (
        rules.outcome([said("remove", "overturned")]) is False
        and rules.outcome([said("dismiss", "overturned")]) is True
    )
    assert rules.outcome([said("suspend", "expired")]) is True
    assert rules.outcome([said("remove", "undone")]) is None and rules.outcome([]) is None
    assert rules.outcome([said("dismiss"), said("remove")]) is True


async def test_filters_and_search(alice: Person, bob: Person, dan: Person, carol: Person) -> None:
    await reported(alice, bob, "The Œuvre of bakers", category="spam", comment="He sells croissants")
    await reported(alice, dan, "Something about trains", category="legal")
    assert await said(carol, text="oeuvre") == ["The Œuvre of bakers"]
    assert await said(carol, text="croiss", order="priority") == ["The Œuvre of bakers"]
    assert await said(carol, text="'; drop & | ! (") == []
    assert await said(carol, category="legal") == await said(carol, severity=2) == ["Something about trains"]
    assert await said(carol, account_id=dan.id, order="due") == ["Something about trains"]
    assert await said(carol, source="host") == [] and len(await said(carol, source="member")) == 2
    assert await said(carol, older_than=1) == [] and await said(carol, overdue=True) == []
    assert await said(carol, assigned_to="me") == [] and len(await said(carol, assigned_to="nobody")) == 2
    saved = await carol.post(
        "/api/palabre/v1/case_filters", name="  My  law ", category="legal", severity=2, text="trains"
    )
    (kept,) = await carol.get("/api/palabre/v1/case_filters")
    assert kept == {
        "id": saved["id"],
        "name": "My law",
        "filter": {"category": "legal", "severity": 2, "text": "trains"},
    }
    assert await said(carol, **kept["filter"]) == ["Something about trains"]
    await carol.post("/api/palabre/v1/case_filters", 422, name=" ")
    await carol.delete(f"/api/palabre/v1/case_filters/{saved['id']}")
    assert await carol.get("/api/palabre/v1/case_filters") == []


async def test_the_next_case_is_leased_and_comes_back(
    network: Network, alice: Person, bob: Person, carol: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.features.moderation import triage

    await reported(alice, bob, "One", category="legal")
    await reported(alice, bob, "Two", category="threat")
    await reported(carol, bob, "Mine", category="threat")
    taken = await carol.post(f"{CASES}/next")
    assert taken["excerpt"] == "Two" and taken["assigned_to"]["id"] == carol.id
    assert (await carol.post(f"{CASES}/next"))["excerpt"] == "One"
    await carol.post(f"{CASES}/next", 404)
    assert (await carol.get(f"{CASES}/counts"))["mine"] == 2
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    async with network.db.transaction() as conn:
        assert await triage.end_leases(conn) == 2
    assert (await carol.get(f"{CASES}/counts"))["mine"] == 0
    case = await carol.get(f"{CASES}/{taken['id']}")
    assert case["log"][-1]["kind"] == "lapsed" and case["assigned_to"] is None


async def test_counts_know_lanes_and_what_is_due(alice: Person, bob: Person, carol: Person) -> None:
    await reported(alice, bob, "A threat", category="threat")
    await reported(alice, bob, "No consent", category="intimate")
    found = await carol.get(f"{CASES}/counts")
    assert {name: found[name] for name in ("deadline", "threat", "rest", "overdue", "soon")} == {
        "deadline": 1,
        "threat": 1,
        "rest": 0,
        "overdue": 0,
        "soon": 1,
    }


async def test_a_case_that_is_called_something_else_is_weighed_anew(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await reported(alice, bob, "Against the law", category="other")
    (report,) = await carol.get("/api/v1/admin/reports")
    before = (await carol.get(CASES))[0]["priority"]
    await carol.put(f"/api/v1/admin/reports/{report['id']}", category="legal")
    await network.work()
    assert (await carol.get(CASES))[0]["priority"] == pytest.approx(before + 2)
