"""Anybody may notify us of anything here; every address in a notice gets its answer."""

from typing import Any

import pytest

from palabre.features import posts
from palabre.features.moderation import notices
from palabre.features.posts import Revision, media
from tests.support import images
from tests.support.network import Network
from tests.support.notices import FORM, account_view, key_for, moved, notifies, states, status, url
from tests.support.order import caller, decides, deletes, letters, only_case, reports
from tests.support.people import Person
from tests.support.post_box import PostBox


async def test_a_stranger_notifies_and_hears_the_outcome(
    alice: Person, carol: Person, stranger: Person, network: Network, post_box: PostBox
) -> None:
    post = await alice.says("Burn them all")
    notice = await notifies(stranger, url(post), law="Criminal code, § 111")
    assert notice["items"][0]["state"] == "received"
    await network.work()
    (receipt,) = post_box.to(FORM["email"])
    assert notice["url"] in receipt.text
    case = await only_case(carol)
    assert case["reports"][0]["source"] == "notice" and case["reports"][0]["notice_id"] == notice["id"]
    assert case["reports"][0]["comment"] == FORM["explanation"]
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/assign")
    assert await states(stranger, notice) == ["looking"]
    await decides(carol, case, "remove", answer="You were right.")
    await network.work()
    item = (await status(stranger, notice))["items"][0]
    assert (item["state"], item["measure"], item["reason"]) == ("decided", "remove", "You were right.")
    assert "has been removed" in item["answer"]
    outcome = post_box.to(FORM["email"])[1]
    assert "You were right." in outcome.text and url(post) in outcome.text and notice["url"] in outcome.text
    closed = await status(stranger, notice)
    assert closed["closed_at"]
    log = (await carol.get(f"/api/palabre/v1/cases/{case['id']}"))["log"]
    assert log[-1]["kind"] == "answered" and str(log[-1]["data"]["notice"]) == notice["id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"explanation": " "}, "explanation"),
        ({"explanation": "x" * 5_001}, "explanation"),
        ({"urls": []}, "urls"),
        ({"urls": [" "]}, "urls"),
        ({"urls": ["https://talk.example/@a/1"] * 101}, "urls"),
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"good_faith": False}, "good_faith"),
        ({"category": "unkind"}, "category"),
        ({"category": "intimate", "name": ""}, "name"),
    ],
)
async def test_a_notice_says_what_the_law_asks_for(stranger: Person, change: Any, field: str) -> None:
    body = {**FORM, "urls": ["https://talk.example/@alice/1"], **change}
    refused = await stranger.post("/api/palabre/v1/notices", 422, **body)
    assert list(refused["details"]) == [field]


async def test_child_abuse_may_be_pointed_out_without_a_name(
    alice: Person, carol: Person, stranger: Person, network: Network, post_box: PostBox
) -> None:
    post = await alice.says("Something vile")
    notice = await notifies(stranger, url(post), category="child", name="", email="")
    await network.work()
    assert post_box.letters == [] and await states(stranger, notice) == ["received"]
    assert notice["due_at"] < (await notifies(stranger, url(post)))["due_at"]


async def test_what_an_address_leads_to(
    alice: Person, bob: Person, carol: Person, dan: Person, stranger: Person, network: Network, olga: Person
) -> None:
    host = await key_for(network, olga, "host")
    plain, edited, private = (
        await alice.says("One"),
        await alice.says("Before"),
        await alice.says("Two", visibility="private"),
    )
    await alice.put(f"/api/v1/statuses/{edited['id']}", status="After")
    boost = await bob.post(f"/api/v1/statuses/{plain['id']}/reblog")
    kept, lost, removed = await alice.says("Kept"), await alice.says("Lost"), await alice.says("Removed")
    await reports(bob, alice, kept)
    await reports(dan, alice, removed, category="spam")
    for case in await carol.get("/api/palabre/v1/cases"):
        await decides(carol, case, "remove" if "spam" in case["categories"] else "dismiss")
    for post in (kept, lost):
        await deletes(network, alice, post)
    addresses = [
        url(plain),
        f"https://talk.example/web/statuses/{boost['id']}",
        url(edited).upper().replace("/@ALICE", "/@alice"),
        url(private),
        url(kept),
        url(lost),
        url(removed),
        "https://talk.example/@dan",
        "https://elsewhere.example/@eve/1",
        "no address",
        "https://talk.example/@alice/1",
    ]
    said = await host.post("/api/palabre/v1/notices/lists", 201, urls=addresses)
    assert [(item["problem"] or item["state"], item["remarks"]) for item in said["items"]] == [
        ("received", []),
        ("received", ["boost", "repeated"]),
        ("received", ["edited"]),
        ("received", []),
        ("received", ["deleted"]),
        ("deleted", []),
        ("decided", ["withheld"]),
        ("received", []),
        ("elsewhere", []),
        ("malformed", []),
        ("not_found", []),
    ]
    assert said["items"][6]["measure"] == "remove" and said["source"] == "host"
    strangers = await notifies(stranger, url(private), url(plain))
    assert [item["problem"] or item["state"] for item in strangers["items"]] == ["not_found", "received"]
    cases = [
        await carol.get(f"/api/palabre/v1/cases/{case['id']}") for case in await carol.get("/api/palabre/v1/cases")
    ]
    assert sorted(case["snapshots"][0]["text"] for case in cases) == ["", "After", "Kept", "One", "Two"]
    assert max(len(case["reports"]) for case in cases) == 2
    assert await network.stranger().get("/api/v1/instance")


async def test_a_snapshot_holds_what_a_post_said_before(
    alice: Person, carol: Person, stranger: Person, network: Network
) -> None:
    post = await alice.says("Kill them")
    async with network.db.transaction() as conn:
        await posts.edit(conn, int(alice.id), int(post["id"]), Revision(text="Kiss them"))
    await notifies(stranger, url(post))
    case = await only_case(carol)
    (kept,) = case["snapshots"]
    assert kept["text"] == "Kiss them"
    assert ["Kill them" in version["content"] for version in kept["earlier"]] == [True]


async def test_a_picture_is_traced_to_its_post(
    alice: Person, stranger: Person, network: Network, carol: Person
) -> None:
    media_id = await media.upload(network.db, int(alice.id), media.Upload(images.png(), "image/png"))
    post = await alice.says("Look", media_ids=[str(media_id)])
    address = post["media_attachments"][0]["url"]
    first = await notifies(stranger, address)
    assert first["items"][0]["remarks"] == ["file"]
    await deletes(network, alice, post)
    again = await notifies(stranger, address)
    assert (again["items"][0]["state"], again["items"][0]["remarks"]) == ("received", ["file", "deleted"])
    assert len((await only_case(carol))["reports"]) == 2


async def test_the_same_file_comes_in_once(alice: Person, carol: Person, olga: Person, network: Network) -> None:
    host = await key_for(network, olga, "host")
    post = await alice.says("Loud")
    body = {"list": f"url,reason\n{url(post)},noise\n,forgotten\n", "filename": "list.csv"}
    first = await host.post("/api/palabre/v1/notices/lists", 201, **body)
    again = await host.post("/api/palabre/v1/notices/lists", 200, **body)
    assert again["id"] == first["id"] and again["already_received"]
    assert [item["problem"] for item in first["items"]] == [None, "malformed"]
    assert len((await only_case(carol))["reports"]) == 1


async def test_many_lines_are_told_to_the_staff_once_and_answered_in_one_mail(
    alice: Person, bob: Person, carol: Person, olga: Person, network: Network, post_box: PostBox
) -> None:
    host = await key_for(network, olga, "host")
    said = [await (alice if n % 2 else bob).says(f"Number {n}") for n in range(40)]
    notice = await host.post("/api/palabre/v1/notices/lists", 201, urls=[url(post) for post in said])
    assert {item["state"] for item in notice["items"]} == {"received", "waiting"}
    await network.work()
    assert await states(host, notice) == ["received"] * 40
    told = await carol.get("/api/v1/notifications", types=["admin.report"])
    assert len(told) == 1
    cases = await carol.get("/api/palabre/v1/cases", limit=100)
    assert len(cases) == 40
    for case in cases[:-1]:
        await decides(carol, case, "dismiss")
        await network.work()
    assert len(post_box.to("host@out.example")) == 1
    await decides(carol, cases[-1], "remove")
    await network.work()
    _, outcome = post_box.to("host@out.example")
    assert outcome.text.count("https://talk.example/@") == 40
    await host.post(f"/api/palabre/v1/notices/{notice['secret']}/reminder", 202)
    await network.work()
    assert len(post_box.to("host@out.example")) == 3


async def test_an_order_is_due_in_an_hour_and_answered_at_once(
    alice: Person, carol: Person, olga: Person, network: Network, post_box: PostBox
) -> None:
    authority, host = await key_for(network, olga, "authority"), await key_for(network, olga, "host")
    bad, worse = await alice.says("Bad"), await alice.says("Worse", visibility="direct")
    order = {
        "urls": [url(bad), url(worse)],
        "explanation": "Terrorist content",
        "law": "Regulation (EU) 2021/784, Article 3",
        "reference": "TCO-17",
        "issued_on": "2026-11-24",
        "email": "contact@authority.example",
    }
    await host.post("/api/palabre/v1/notices/orders", 403, **order)
    await network.stranger().post("/api/palabre/v1/notices/orders", 401, **order)
    for field in ("reference", "law", "explanation", "issued_on"):
        missing = {name: value for name, value in order.items() if name != field}
        assert list((await authority.post("/api/palabre/v1/notices/orders", 422, **missing))["details"]) == [field]
    notice = await authority.post("/api/palabre/v1/notices/orders", 201, **order)
    assert await states(authority, notice) == ["received", "received"]
    async with network.db.reading() as conn:
        by = await caller(network, carol)
        kept = await notices.notice(conn, by, int(notice["id"]))
        lanes = {row["lane"] for row in await conn.rows("SELECT lane FROM cases")}
    assert (kept.due_at - kept.received_at).total_seconds() == 3600 and lanes == {"deadline"}
    cases = await carol.get("/api/palabre/v1/cases")
    await decides(carol, cases[0], "remove")
    await network.work()
    assert len(post_box.to("contact@authority.example")) == 2  # the receipt and, at once, the first outcome
    await decides(carol, cases[1], "remove")
    await network.work()
    assert len(post_box.to("contact@authority.example")) == 3


async def test_who_was_told_hears_when_a_decision_is_taken_back(
    alice: Person, carol: Person, stranger: Person, network: Network, post_box: PostBox
) -> None:
    post = await alice.says("Rude")
    notice = await notifies(stranger, url(post))
    case = await only_case(carol)
    decided = await decides(carol, case, "remove")
    await network.work()
    undo = f"/api/palabre/v1/cases/{case['id']}/decisions/{decided['decisions'][0]['id']}/undo"
    await carol.post(undo, reason="Too hard")
    await network.work()
    item = (await status(stranger, notice))["items"][0]
    assert (item["state"], item["measure"], item["reason"]) == ("undone", None, "Too hard")
    assert "Too hard" in post_box.to(FORM["email"])[-1].text
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/reopen")
    await decides(carol, case, "warn")
    await network.work()
    assert (await status(stranger, notice))["items"][0]["measure"] == "warn"
    assert len(post_box.to(FORM["email"])) == 4


async def test_a_decision_on_other_posts_is_no_measure_here(
    alice: Person, bob: Person, carol: Person, stranger: Person, network: Network
) -> None:
    mine, other = await alice.says("Fine"), await alice.says("Not fine")
    await reports(bob, alice, mine, other)
    notice = await notifies(stranger, url(mine))
    await decides(carol, await only_case(carol), "remove", post_ids=[other["id"]])
    await network.work()
    assert "found no reason to act" in (await status(stranger, notice))["items"][0]["answer"]


async def test_a_member_notifies_too_and_hears_by_letter(
    alice: Person, bob: Person, carol: Person, network: Network, post_box: PostBox
) -> None:
    post = await alice.says("To my followers", visibility="private")
    await bob.follows(alice)
    notice = await notifies(bob, url(post), name="", email="")
    assert await states(bob, notice) == ["received"]
    assert await states(alice, await notifies(alice, url(post))) == ["own"]
    await decides(carol, await only_case(carol), "remove")
    await network.work()
    assert [one["kind"] for one in await letters(bob)] == ["reporter"]
    assert [letter.to for letter in post_box.letters].count("bob@mail.example") == 1


async def test_a_moderator_points_to_what_was_meant_or_answers_by_hand(
    alice: Person, carol: Person, stranger: Person, network: Network, post_box: PostBox
) -> None:
    post = await alice.says("There it is")
    notice = await notifies(stranger, "talk.example/nonsense", "https://elsewhere.example/1")
    await network.work()
    assert (await status(stranger, notice))["closed_at"]
    by = await caller(network, carol)
    async with network.db.transaction() as conn:
        await notices.point(conn, by, int(notice["id"]), 1, url(post))
        await notices.answer(conn, by, int(notice["id"]), 2, "Please write to elsewhere.example.")
    shown = await status(stranger, notice)
    assert [item["state"] for item in shown["items"]] == ["received", "answered"]
    assert shown["closed_at"] is None and shown["items"][1]["reason"] == "Please write to elsewhere.example."
    await decides(carol, await only_case(carol), "remove")
    await network.work()
    assert (await status(stranger, notice))["closed_at"]
    assert "Please write" in post_box.to(FORM["email"])[-1].text


async def test_french_notices_are_answered_in_french(
    alice: Person, stranger: Person, network: Network, post_box: PostBox
) -> None:
    await notifies(stranger, url(await alice.says("Bonjour")), language="fr")
    await network.work()
    assert "Nous avons reçu votre notification" in post_box.to(FORM["email"])[0].text


async def test_nobody_writes_mail_to_others_by_our_hand(
    stranger: Person, alice: Person, network: Network, post_box: PostBox
) -> None:
    await notifies(stranger, "Buy pills at pills.example!", "https://pills.example/buy", url(await alice.says("x")))
    await notifies(stranger, "https://pills.example/buy", explanation="Buy pills")
    await network.work()
    first, second = post_box.to(FORM["email"])
    assert "pills" not in first.text + second.text
    assert "Line 1" in second.text and "We received your notice. This is the answer:" in second.text


async def test_a_wrong_secret_leads_nowhere(alice: Person, stranger: Person) -> None:
    notice = await notifies(stranger, url(await alice.says("x")))
    for secret in ("x", "é", notice["secret"][:-1] + "!", notice["secret"][:-1], notice["secret"].upper(), "a" * 48):
        await stranger.get(f"/api/palabre/v1/notices/{secret}", 404)


async def test_other_servers_flags_come_in(alice: Person, bob: Person, carol: Person, network: Network) -> None:
    said = [await alice.says("One"), await alice.says("Two")]
    async with network.db.transaction() as conn:
        actor = await account_view(network, bob)
        post_ids = [int(post["id"]) for post in said]
        await notices.receive_flag(conn, actor, int(alice.id), post_ids, "Reported over there")
        await notices.receive_flag(conn, actor, int(alice.id), [], "The whole account")
    cases = await carol.get("/api/palabre/v1/cases")
    details = [await carol.get(f"/api/palabre/v1/cases/{case['id']}") for case in cases]
    assert [case["reports"][0]["source"] for case in details] == ["flag"] * 3
    assert {case["reports"][0]["comment"] for case in details} == {"Reported over there", "The whole account"}


async def test_that_a_post_was_deleted_is_forgotten_in_time(
    alice: Person, stranger: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await alice.says("Gone soon")
    await deletes(network, alice, post)
    assert await states(stranger, await notifies(stranger, url(post))) == ["deleted"]
    moved(monkeypatch, 24 * 184)
    await posts.forget_removed(network.db)
    assert await states(stranger, await notifies(stranger, url(post))) == ["not_found"]


async def test_who_pointed_something_out_is_forgotten_in_time(
    alice: Person, carol: Person, olga: Person, stranger: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, post = await key_for(network, olga, "host"), await alice.says("Loud")
    theirs = await notifies(stranger, url(post))
    await host.post("/api/palabre/v1/notices/lists", 201, urls=[url(post)])
    await decides(carol, await only_case(carol), "dismiss")
    await network.work()
    still_open = await notifies(stranger, url(post))

    async def known() -> list[str]:
        await notices.senders.forget_old(network.db)
        async with network.db.reading() as conn:
            return [row["email"] for row in await conn.rows("SELECT email FROM notices ORDER BY id")]

    assert await known() == [FORM["email"], "host@out.example", FORM["email"]]
    moved(monkeypatch, 24 * 190)
    assert await known() == ["", "host@out.example", FORM["email"]]
    assert (await status(stranger, theirs))["closed_at"] and not (await status(stranger, still_open))["closed_at"]
