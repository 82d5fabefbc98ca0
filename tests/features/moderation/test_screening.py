"""Rules before publication: what they hold, mark, keep out of lists or ask about, and what people make of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from palabre.base import clock, mail
from palabre.base.live import live
from palabre.features import moderation
from tests.support.network import Network
from tests.support.order import caller, decides, letters, only_case, reports
from tests.support.people import Person, said
from tests.support.post_box import PostBox
from tests.support.screening import RULES, drafts, enforces, held, tries_and_activates

SPEECH = "There is an Éléphant — the ELEPHANT! — in the room"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`later(hours=25)`: time passes."""
    real, passed = clock.now, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: real() + passed[0])

    def go(**span: float) -> None:
        passed[0] += timedelta(**span)

    return go


async def test_a_held_post_is_its_authors_alone_until_a_moderator_finds_nothing_wrong(
    network: Network, alice: Person, bob: Person, carol: Person, stranger: Person
) -> None:
    await bob.follows(alice)
    await enforces(network, carol)
    first = await bob.says("What do you think?")
    before = (await alice.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"]
    post = await alice.says(f"@bob {SPEECH} #zoo", in_reply_to_id=first["id"])
    assert post["palabre"]["held_at"]
    assert post["visibility"] == "public"
    await network.work()
    assert (await alice.get(f"/api/v1/statuses/{post['id']}"))["palabre"]
    for who in (bob, carol, stranger):
        await who.get(f"/api/v1/statuses/{post['id']}", expect=404)
        assert await who.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    assert [one["id"] for one in await stranger.get("/api/v1/timelines/public")] == [first["id"]]
    assert await stranger.get("/api/v1/timelines/tag/zoo") == []
    assert (await bob.get("/api/v2/search", q="elephant"))["statuses"] == []
    assert await bob.home() == ["What do you think?"]
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == []
    assert (await bob.get(f"/api/v1/statuses/{first['id']}/context"))["descendants"] == []
    assert (await bob.get(f"/api/v1/statuses/{first['id']}"))["replies_count"] == 0
    assert (await alice.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"] == before

    notice = (await alice.get("/api/v1/notifications"))[0]
    assert notice["type"] == "moderation_warning"
    assert notice["moderation_warning"]["status_ids"] == [post["id"]]
    assert "Please don't mention the elephant in the room." in notice["moderation_warning"]["text"]
    (waiting,) = await held(alice)
    assert waiting["rule"] == {"title": "Elephants", "words": "Please don't mention the elephant in the room."}
    assert waiting["publishes_at"]
    assert await held(bob) == []
    case = await only_case(carol)
    assert [(one["source"], one["comment"], one["reporter"]) for one in case["reports"]] == [
        ("rule", "Elephants", None)
    ]
    assert said(case["snapshots"][0]["post"]) == f"@bob {SPEECH} #zoo"
    later_one = await bob.says("Anybody?")
    await decides(carol, case, "dismiss")
    await network.work()
    assert await bob.home() == [f"@bob {SPEECH} #zoo", "Anybody?", "What do you think?"], "published as of now"
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention"]
    out = (await stranger.get("/api/v1/timelines/tag/zoo"))[0]
    assert int(out["id"]) > int(later_one["id"])
    assert "palabre" not in out
    assert (await bob.get(f"/api/v1/statuses/{first['id']}"))["replies_count"] == 1
    assert (await alice.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"] == before + 1
    assert await held(alice) == []
    assert await letters(alice) == []
    (rule,) = await carol.get(RULES)
    assert rule["record"] == {"hits": 1, "confirmed": 0, "rejected": 1, "precision": 0.0}


async def test_a_rejected_post_brings_its_author_the_reasons_and_comes_out_when_that_is_undone(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await bob.follows(alice)
    rule = await enforces(network, carol)
    await alice.says(SPEECH)
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    assert await held(alice) == []
    assert await alice.home() == []
    (told,) = await letters(alice)
    assert told["words"] == "The moderators removed posts of yours."
    assert (await carol.get(f"{RULES}/{rule['id']}"))["record"]["precision"] == 1.0
    undo = f"/api/palabre/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/undo"
    await carol.post(undo, reason="It was about a zoo.")
    await network.work()
    assert await bob.home() == [SPEECH]
    assert (await carol.get(f"{RULES}/{rule['id']}"))["record"]["precision"] == 0.0


async def test_a_released_post_can_still_be_removed_in_its_case(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await bob.follows(alice)
    await enforces(network, carol)
    await alice.says(SPEECH)
    case = await decides(carol, await only_case(carol), "dismiss")
    await network.work()
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/reopen")
    await decides(carol, case, "remove")
    await network.work()
    assert await bob.home() == []


async def test_nothing_hangs_on_a_held_post_and_its_author_may_delete_it(
    network: Network, alice: Person, carol: Person
) -> None:
    await enforces(network, carol)
    post = await alice.says(SPEECH)
    for verb in ("favourite", "bookmark", "reblog", "pin"):
        await alice.post(f"/api/v1/statuses/{post['id']}/{verb}", expect=422)
    await alice.post("/api/v1/statuses", 422, status="And then", in_reply_to_id=post["id"])
    await alice.put(f"/api/v1/statuses/{post['id']}", 422, status="Harmless")
    await alice.delete(f"/api/v1/statuses/{post['id']}")
    await network.work()
    assert (await alice.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"] == 0
    assert await held(alice) == []
    await decides(carol, await only_case(carol), "dismiss")
    await network.work()


async def test_silence_silences_nobody_but_what_severe_rules_hold_waits(
    network: Network, alice: Person, bob: Person, carol: Person, later: Any
) -> None:
    await bob.follows(alice)
    await enforces(network, carol)
    await enforces(network, carol, title="Addresses", conditions={"words": ["lives at"]}, severe=True)
    await alice.says(SPEECH)
    await alice.says("He lives at number seven")
    assert [bool(one["publishes_at"]) for one in await held(alice)] == [False, True]
    later(hours=23)
    async with network.db.transaction() as conn:
        assert await moderation.screening.release_overdue(conn) == 0
    later(hours=2)
    async with network.db.transaction() as conn:
        assert await moderation.screening.release_overdue(conn) == 1
    await network.work()
    assert await bob.home() == [SPEECH]
    cases = await carol.get("/api/palabre/v1/cases")
    assert len(cases) == 2, "the moderators still have both"
    one = await carol.get(f"/api/palabre/v1/cases/{cases[1]['id']}")
    assert [entry["kind"] for entry in one["log"]][-1] == "released"
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []


async def test_its_author_asks_for_a_human_and_the_case_is_due_sooner(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await enforces(network, carol)
    post = await alice.says(SPEECH)
    before = await only_case(carol)
    path = f"/api/palabre/v1/statuses/{post['id']}/ask_moderator"
    await bob.post(path, expect=404)
    assert (await alice.post(path))["asked_at"]
    await alice.post(path)
    after = await only_case(carol)
    assert len(after["reports"]) == 2, "asking twice changes nothing"
    assert after["reports"][1]["due_at"] < before["reports"][0]["due_at"]
    assert after["reports"][1]["comment"] == "Elephants: the author asks for a moderator"


async def test_a_suspended_authors_held_posts_stay_in_until_he_is_back(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await bob.follows(alice)
    await enforces(network, carol)
    await alice.says(SPEECH)
    case = await decides(carol, await only_case(carol), "suspend")
    await network.work()
    undo = f"/api/palabre/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/undo"
    await carol.post(undo, reason="Wrong person.")
    assert await bob.home() == []
    await network.work()
    assert await bob.home() == [SPEECH]


async def test_whom_a_rule_asks_to_think_again_may_say_the_same_once_more(
    network: Network, alice: Person, carol: Person, later: Any
) -> None:
    rule = await enforces(network, carol, "ask")
    key = {"idempotency-key": "one"}
    first = await alice.request("POST", "/api/v1/statuses", json={"status": SPEECH}, headers=key)
    assert first.status_code == 422
    assert "Please don't mention the elephant in the room." in first.json()["error"]
    await alice.post("/api/v1/statuses", 422, status=f"{SPEECH}, really")
    again = await alice.request("POST", "/api/v1/statuses", json={"status": SPEECH}, headers=key)
    assert again.status_code == 200
    later(minutes=11)
    await alice.post("/api/v1/statuses", 422, status=SPEECH)
    await alice.post("/api/v1/statuses", status=SPEECH, insisted=True)
    hits = await carol.get(f"{RULES}/{rule['id']}/hits")
    assert [bool(one["status_id"]) for one in hits] == [False] * 3
    assert hits[0]["variables"]["met"] == {"words": ["elephant"]}
    assert await carol.get("/api/palabre/v1/cases") == []


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("limit", "Posts of yours are kept out of public lists and hashtags. Everybody can still see them."),
        (
            "label",
            "The moderators marked posts of yours as sensitive: pictures are shown to those who ask for them.",
        ),
    ],
)
async def test_what_a_rule_does_itself_is_a_decision_with_its_letter_and_undo(
    network: Network, alice: Person, bob: Person, carol: Person, stranger: Person, action: str, words: str
) -> None:
    rule = await enforces(network, carol, action)
    post = await alice.says(f"{SPEECH} #zoo")
    await network.work()
    shown = await stranger.get(f"/api/v1/statuses/{post['id']}")
    assert (shown["visibility"], shown["sensitive"]) == {"limit": ("unlisted", False), "label": ("public", True)}[
        action
    ]
    listed = [] if action == "limit" else [post["id"]]
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/zoo"):
        assert [one["id"] for one in await stranger.get(path)] == listed
    (told,) = await letters(alice)
    assert (told["words"], told["reason"]) == (words, "Please don't mention the elephant in the room.")
    (case,) = await carol.get("/api/palabre/v1/cases", state="decided")
    case = await carol.get(f"/api/palabre/v1/cases/{case['id']}")
    (decision,) = case["decisions"]
    assert (decision["decided_by"], decision["detected"], decision["moderator_id"]) == ("rule", "rule", "0")
    assert decision["facts"] == "Elephants: words"
    assert await carol.get("/api/v1/notifications") == [], "nobody has to act"
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/decisions/{decision['id']}/undo", reason="A zoo is a zoo.")
    await network.work()
    shown = await stranger.get(f"/api/v1/statuses/{post['id']}")
    assert (shown["visibility"], shown["sensitive"]) == ("public", False)
    assert [one["id"] for one in await stranger.get("/api/v1/timelines/tag/zoo")] == [post["id"]]
    assert (await carol.get(f"{RULES}/{rule['id']}"))["record"]["rejected"] == 1


async def test_what_somebody_has_reported_no_rule_decides(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    post = await alice.says("A room")
    await enforces(network, carol, "limit")
    await reports(bob, alice, post)
    await alice.put(f"/api/v1/statuses/{post['id']}", status=SPEECH)
    case = await only_case(carol)
    assert [one["source"] for one in case["reports"]] == ["member", "rule"]
    assert case["decisions"] == []
    assert (await bob.get(f"/api/v1/statuses/{post['id']}"))["visibility"] == "public"


async def test_an_edit_is_looked_at_for_what_it_adds(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    old, clean = await alice.says(SPEECH), await alice.says("A room")
    await enforces(network, carol)
    await alice.put(f"/api/v1/statuses/{old['id']}", status=f"{SPEECH}.")
    path = f"/api/v1/statuses/{clean['id']}"
    refused = await alice.put(path, 422, status="A room with an elephant")
    assert "The post stays as it was" in refused["error"]
    assert said(await bob.get(path)) == "A room"
    assert (await alice.get(path)).get("palabre") is None


async def test_a_rule_comes_into_force_after_a_dry_run_over_last_weeks_posts(
    network: Network, alice: Person, bob: Person, carol: Person, later: Any
) -> None:
    await alice.says("An elephant of long ago")
    later(days=8)
    mine, secret = await alice.says(SPEECH), await alice.says("elephant", visibility="direct")
    await bob.says("elephant")
    await bob.says("A mouse")
    later(days=1)
    await carol.says("elephant")
    await network.work()
    rule = await drafts(carol, conditions={"words": ["elephant"], "everything": True})
    path = f"{RULES}/{rule['id']}"
    await carol.post(f"{path}/activate", 422)
    assert (await alice.says("elephant")).get("palabre") is None
    await carol.post(f"{path}/try")
    await carol.post(f"{path}/try", 422)
    assert (await carol.get(path))["trial"]["finished_at"] is None
    await network.work()
    trial = (await carol.get(path))["trial"]
    counts = {name: trial[name] for name in ("total", "seen", "hits", "authors", "newcomers")}
    assert counts == {"total": 6, "seen": 6, "hits": 4, "authors": 2, "newcomers": 4}, "the staff is left alone"
    assert mine["id"] in trial["sample_ids"]
    assert secret["id"] not in trial["sample_ids"]
    assert len(await carol.get(f"{path}/samples")) == 3
    await carol.post(f"{path}/activate")
    assert (await alice.says("elephant"))["palabre"]


async def test_a_changed_rule_is_tried_anew_and_the_old_one_holds_meanwhile(
    network: Network, alice: Person, carol: Person
) -> None:
    rule = await enforces(network, carol)
    path = f"{RULES}/{rule['id']}"
    body = {name: rule[name] for name in ("title", "words", "action")} | {"conditions": {"words": ["mouse"]}}
    changed = await carol.put(path, **body)
    assert (changed["version"], changed["active_version"], changed["state"]) == (2, 1, "active")
    await carol.post(f"{path}/activate", 422)
    assert (await alice.says("elephant")).get("palabre")
    assert not (await alice.says("mouse")).get("palabre")
    await tries_and_activates(network, carol, rule)
    assert not (await alice.says("elephant")).get("palabre")
    assert (await alice.says("mouse")).get("palabre")
    await carol.post(f"{path}/turn_off")
    assert not (await alice.says("mouse again")).get("palabre")
    whole = await carol.get(path)
    assert [one["conditions"]["words"] for one in whole["versions"]] == [["mouse"], ["elephant"]]
    assert [(one["version"], one["state"], one["changed_by"]) for one in whole["switches"]] == [
        (2, "off", carol.id),
        (2, "active", carol.id),
        (1, "active", carol.id),
    ]


async def test_a_young_rule_that_hits_too_much_switches_itself_off(
    network: Network, alice: Person, carol: Person, later: Any
) -> None:
    box = PostBox()
    mail.use(box)
    rule = await enforces(network, carol)
    for _ in range(4):
        await alice.says(SPEECH)
    await network.work()
    assert (await carol.get(f"{RULES}/{rule['id']}"))["state"] == "active"
    await alice.says(SPEECH)
    await network.work()
    after = await carol.get(f"{RULES}/{rule['id']}")
    assert after["state"] == "off"
    assert after["disarmed_at"]
    assert not (await alice.says(SPEECH)).get("palabre")
    assert any("switched itself off" in letter.subject for letter in box.letters)
    await tries_and_activates(network, carol, rule)
    later(hours=25)
    for _ in range(6):
        await alice.says(SPEECH)
    await network.work()
    assert (await carol.get(f"{RULES}/{rule['id']}"))["state"] == "active", "what was in force for a day is meant"


async def test_a_rule_that_is_broken_stops_nobody(network: Network, alice: Person, carol: Person) -> None:
    box = PostBox()
    mail.use(box)
    rule = await enforces(network, carol)
    async with network.db.transaction() as conn:  # as a later version of the program might have left it
        await conn.execute("""UPDATE screening_versions SET content = content || '{"category": "nonsense"}'::jsonb""")
    moderation.screening.forget()
    post = await alice.says(SPEECH)
    assert not post.get("palabre")
    await network.work()
    assert "included in the list" in (await carol.get(f"{RULES}/{rule['id']}"))["trouble"]
    assert [letter.subject for letter in box.letters] == ["The rule “Elephants” does not work as it should"]
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE screening_rules SET trouble = ''")
        await conn.execute("""UPDATE screening_versions SET content = '{"conditions": 7}'::jsonb""")
    moderation.screening.forget()
    assert not (await alice.says(SPEECH)).get("palabre")
    await network.work()
    assert [letter.subject for letter in box.letters[1:]] == ["The rule “?” does not work as it should"]
    assert (await carol.get(f"{RULES}/{rule['id']}"))["title"] == "?"


async def test_a_rule_changed_by_another_process_is_heard_of(network: Network, alice: Person, carol: Person) -> None:
    async with live.listen("screening") as news:
        rule = await enforces(network, carol)
        await asyncio.wait_for(news.get(), 60)
    assert (await alice.says(SPEECH)).get("palabre")
    async with network.db.transaction() as conn:  # as another process would, whose memory is not ours
        await conn.execute("UPDATE screening_rules SET state = 'off' WHERE id = $1", int(rule["id"]))
    assert (await alice.says(SPEECH)).get("palabre"), "it is kept in memory"
    async with live.listen("screening") as news:
        live.publish("screening")
        await asyncio.wait_for(news.get(), 60)
    assert not (await alice.says(SPEECH)).get("palabre")


@pytest.mark.parametrize(
    ("conditions", "caught", "spared"),
    [
        ({"words": ["zoo"]}, "The ZOO.", "zoos"),
        ({"words": ["été"]}, "ÉTE !", "étés"),
        ({"words": ["zoo*"]}, "zoologists", "bazoo"),
        ({"words": ["l'œuvre d’art"]}, "Voilà l’oeuvre d'art", "l'œuvre de l’art"),
        ({"words": ["大象"]}, "我看见大象了", "象大"),
        ({"patterns": [r"\bfree\s+money\b"]}, "FREE   money", "freemoney"),
        ({"domains": ["spam.example"]}, "https://www.Shop.spam.example/x", "https://notspam.example/x"),
        ({"links": 2}, "https://a.example https://b.example", "https://a.example and https://a.example"),
        ({"mentions": 2}, "@bob @carol hello", "@bob @nobody hello"),
        ({"words": ["zoo"], "links": 1}, "zoo https://a.example", "zoo"),
        ({"words": ["zoo"], "links": 1, "match": "any"}, "zoo", "park"),
        ({"words": ["zoo"], "languages": ["fr"]}, None, "zoo"),
        ({"words": ["zoo"], "newcomers": True}, "zoo", "park"),
        ({"words": ["zoo"], "newcomers": True, "newcomer_days": 0, "newcomer_posts": 0, "links": 1}, None, "zoo"),
        ({"words": ["zoo"], "allow": ["alice"]}, None, "zoo"),
        ({"words": ["zoo"], "except_followers": 1}, None, "zoo"),
    ],
)
async def test_what_a_condition_catches(
    network: Network, alice: Person, bob: Person, carol: Person, conditions: Any, caught: str | None, spared: str
) -> None:
    await bob.follows(alice)
    await enforces(network, carol, conditions=conditions)
    assert not (await alice.says(spared)).get("palabre"), spared
    if caught:
        assert (await alice.says(caught)).get("palabre"), caught


async def test_private_posts_are_left_alone_unless_the_rule_says_so(
    network: Network, alice: Person, carol: Person
) -> None:
    await enforces(network, carol)
    for visibility, caught in (("public", True), ("unlisted", True), ("private", False), ("direct", False)):
        assert bool((await alice.says("elephant", visibility=visibility)).get("palabre")) == caught
    await enforces(network, carol, conditions={"words": ["elephant"], "everything": True})
    for visibility in ("private", "direct"):
        assert (await alice.says("elephant", visibility=visibility)).get("palabre")


async def test_mentioning_many_who_dont_follow(network: Network, alice: Person, bob: Person, carol: Person) -> None:
    await enforces(network, carol, conditions={"strangers": 3})
    dan, erin = await network.person("dan"), await network.person("erin")
    await erin.follows(alice)
    await alice.says("@bob hi")
    await alice.says("@dan hi")
    assert not (await alice.says("@erin hi")).get("palabre"), "she follows"
    assert not (await alice.says("nobody")).get("palabre")
    assert (await alice.says("@carol hi")).get("palabre")
    assert dan


async def test_the_same_again_and_again(network: Network, alice: Person, carol: Person, later: Any) -> None:
    await enforces(network, carol, conditions={"repeats": 3})
    await alice.says("Buy my very good apples now at 5 https://a.example")
    await alice.says("BUY my very good apples now, at 6! @bob")
    assert not (await alice.says("Somebody sold me apples and they were very good")).get("palabre")
    assert (await alice.says("Buy my very good apples now https://b.example")).get("palabre")
    later(days=2)
    assert not (await alice.says("Buy my very good apples now")).get("palabre")


async def test_newcomers_first_posts_wait_and_members_of_old_do_not(
    network: Network, alice: Person, bob: Person, carol: Person, later: Any
) -> None:
    probation = {"newcomers": True, "newcomer_days": 0, "newcomer_posts": 2}
    await alice.says("one")
    await alice.says("two")
    await enforces(network, carol, conditions=probation)
    assert not (await alice.says("three")).get("palabre")
    first = await bob.says("one")
    assert first["palabre"]
    await decides(carol, await only_case(carol), "dismiss")
    await network.work()
    assert (await bob.says("two"))["palabre"]


async def test_what_is_brought_along_is_not_screened(network: Network, alice: Person, carol: Person) -> None:
    from palabre.features import posts

    await enforces(network, carol)
    async with network.db.transaction() as conn:
        post_id = await posts.publish(conn, int(alice.id), posts.Draft(text=SPEECH, quiet=True))
    assert not (await alice.get(f"/api/v1/statuses/{post_id}")).get("palabre")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "Title"),
        ({"words": ""}, "Words"),
        ({"action": "refuse"}, "Action"),
        ({"category": "nonsense"}, "Category"),
        ({"rule_ids": ["5"]}, "Rule ids"),
        ({"conditions": {}}, "Match"),
        ({"conditions": {"words": ["!!"]}}, "Words"),
        ({"conditions": {"words": ["x"] * 501}}, "Words"),
        ({"conditions": {"links": 0}}, "Links"),
        ({"conditions": {"repeats": 1}}, "Repeats"),
        ({"conditions": {"patterns": ["("]}}, "Patterns"),
        ({"conditions": {"patterns": ["x*"]}}, "Patterns"),
        ({"conditions": {"patterns": ["x" * 201]}}, "Patterns"),
        ({"conditions": {"patterns": ["x"] * 21}}, "Patterns"),
        ({"conditions": {"patterns": [r"(a+)+$"]}}, "Patterns"),
        ({"conditions": {"patterns": [r"(\w+\s?)+:$"]}}, "Patterns"),
        ({"conditions": {"patterns": [r"^(free|fre+)*!$"]}}, "Patterns"),
        ({"conditions": {"patterns": [r"(.*a){12}b"]}}, "Patterns"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(carol: Person, more: Any, field: str) -> None:
    refused = await drafts(carol, expect=422, **more)
    assert field.lower() in refused["error"].lower(), refused


async def test_rules_are_for_the_staff(network: Network, alice: Person, carol: Person, stranger: Person) -> None:
    rule = await enforces(network, carol)
    for who in (alice, stranger):
        expect = 403 if who is alice else 401
        await who.get(RULES, expect=expect)
        await who.post(RULES, expect, title="x", words="x", action="hold")
        await who.post(f"{RULES}/{rule['id']}/turn_off", expect)
    (announced,) = await stranger.get("/api/palabre/v1/screening")
    assert announced == {"title": "Elephants", "purpose": "", "action": "hold"}, "what it looks for is not told"


async def test_of_somebody_who_leaves_nothing_waits(network: Network, alice: Person, carol: Person) -> None:
    from palabre.features import accounts

    await enforces(network, carol)
    await enforces(network, carol, "ask", conditions={"words": ["mouse"]})
    await alice.says(SPEECH)
    await alice.post("/api/v1/statuses", 422, status="mouse")
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(alice.id))
    await network.work()
    async with network.db.reading() as conn:
        for table in ("held_posts", "screening_asked"):
            assert await conn.value(f"SELECT count(*) FROM {table}") == 0
        assert await conn.value("SELECT count(*) FROM screening_hits WHERE author_id <> 0") == 0
    assert (await caller(network, carol)).staff
