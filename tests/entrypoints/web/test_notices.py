"""Notifying without an account, and the moderators' pages of what came in from outside."""

import re

import pytest

from palabre.base import mail
from palabre.features.moderation import packs
from tests.entrypoints.web.conftest import member
from tests.support.network import Network
from tests.support.notices import FORM, key_for, notifies, url
from tests.support.order import STAFF_SCOPES, decides
from tests.support.people import Person
from tests.support.post_box import PostBox
from tests.support.visitor import Visitor

NADIA = str(FORM["email"])
TYPED = {name: str(FORM[name]) for name in ("explanation", "name", "email")} | {
    "category": "illegal",
    "good_faith": "1",
}


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


async def sends_notice(visitor: Visitor, *urls: str, **more: str) -> str:
    """The path of the page that follows."""
    await visitor.open("/notice")
    await visitor.send("/notice", urls="\n".join(urls), **{**TYPED, **more})
    return visitor.path


async def test_a_stranger_goes_from_a_post_to_the_form_and_to_the_answer(
    guest: Visitor, moderator: Visitor, alice: Person, network: Network
) -> None:
    post = await alice.says("Burn them all")
    await guest.open(f"/@alice/{post['id']}")
    assert 'href="/notice"' in guest.html
    link = re.search(r'href="(/notice\?url=[^"]+)"', guest.html)
    assert link
    await guest.open(link[1])
    assert url(post) in guest.html
    await guest.send("/notice", **TYPED)
    assert re.fullmatch(r"/notice/[0-9a-f]{48}", guest.path)
    assert "We received your notice" in guest.html and "Received" in guest.html
    receipt = guest.path
    await moderator.open("/moderation/notices")
    assert "Nadia Stranger" in moderator.html
    await moderator.open(re.search(r'href="(/moderation/notices/\d+)"', moderator.html)[1])  # type: ignore[index]
    case = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert case
    await moderator.open(case[1])
    assert "Nadia Stranger" in moderator.html and "/moderation/notices/" in moderator.html
    await moderator.send(f"{case[1]}/decide", action="remove", ground="terms", reason="A threat.")
    await network.work()
    await guest.open(receipt)
    assert "A threat." in guest.html and "Everything in it has been answered" in guest.html
    assert "Decided by a moderator" in guest.html and "You can appeal" in guest.html
    await guest.send(f"{receipt}/reminder")
    assert "A mail with this is on its way" in guest.html
    assert guest.page.headers["x-robots-tag"] == "noindex"


async def test_the_form_comes_back_with_what_was_typed(guest: Visitor) -> None:
    await guest.open("/notice")
    await guest.send("/notice", 422, urls="https://talk.example/@alice/1", **{**TYPED, "name": "", "law": "§ 111"})
    assert 'id="e-name"' in guest.html and "§ 111" in guest.html and "https://talk.example/@alice/1" in guest.html
    await guest.send("/notice", 422, **{**TYPED, "good_faith": None})
    assert 'id="e-good_faith"' in guest.html
    await guest.send("/notice", 422, **{**TYPED, "category": None})
    assert 'id="e-category"' in guest.html
    path = await sends_notice(guest, "https://talk.example/@alice/1", category="child", name="", email="")
    assert path.startswith("/notice/")


async def test_the_form_is_there_in_french_and_for_members(network: Network, amina: Visitor, alice: Person) -> None:
    french = Visitor(network, "fr")
    await french.open("/notice")
    assert "Nous signaler un contenu" in french.html and "Notify" not in french.html
    path = await sends_notice(french, "https://ailleurs.example/1")
    assert "Cette adresse appartient à un autre réseau" in french.html
    english = Visitor(network)
    await english.open(path)
    assert "Cette adresse appartient à un autre réseau" in english.html
    await amina.open("/notice")
    assert 'name="email"' not in amina.html
    await amina.send("/notice", urls=url(await alice.says("x")), explanation="Bad", category="spam", good_faith="1")
    assert "Received" in amina.html


async def test_a_list_is_shown_before_it_is_taken_in(moderator: Visitor, alice: Person, network: Network) -> None:
    post = await alice.says("One")
    table = f"Lien;Motif\n{url(post)};menace\nhttps://elsewhere.example/1;\n".encode("cp1252")
    await moderator.open("/moderation/notices/new")
    files = {"file": ("list.csv", table, "text/csv")}
    await moderator.send("/moderation/notices/new", files=files, source="host", go="preview", email="a@host.example")
    assert "on another server" in moderator.html and "A post" in moderator.html
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM notices") == 0
    await moderator.send("/moderation/notices/new", go="file", name="The host")
    assert re.fullmatch(r"/moderation/notices/\d+", moderator.path) and "The host" in moderator.html
    notice = moderator.path
    original = await moderator.http.get(f"{notice}/original")
    assert original.content == table and "attachment" in original.headers["content-disposition"]
    outcome = (await moderator.http.get(f"{notice}/outcome.csv")).text.splitlines()
    assert len(outcome) == 3 and outcome[2].startswith("2,https://elsewhere.example/1,answered,elsewhere")
    await moderator.open("/moderation/notices/new")
    await moderator.send("/moderation/notices/new", 422, source="host", go="preview", list="nothing in it")
    assert 'id="e-list"' in moderator.html
    await moderator.send("/moderation/notices/new", 422, source="host", go="file", list=url(post), hours="soon")
    assert 'id="e-hours"' in moderator.html


async def test_lines_are_pointed_to_what_was_meant_or_answered(
    moderator: Visitor, alice: Person, guest: Visitor
) -> None:
    post = await alice.says("Here")
    path = await sends_notice(guest, "https://talk.example/nonsense", "https://elsewhere.example/1")
    await moderator.open("/moderation/notices?tab=answered")
    notice = re.search(r'href="(/moderation/notices/\d+)"', moderator.html)
    assert notice
    await moderator.open(notice[1])
    await moderator.send(f"{notice[1]}/lines/1/point", 422, url="https://talk.example/@nobody")
    assert "This leads to nothing here." in moderator.html
    await moderator.send(f"{notice[1]}/lines/1/point", url=url(post))
    await moderator.send(f"{notice[1]}/lines/2/answer", answer="=Write to them.")
    await guest.open(path)
    assert "=Write to them." in guest.html and "Here" not in guest.html
    assert "'=Write to them." in (await moderator.http.get(f"{notice[1]}/outcome.csv")).text


async def test_the_owner_gives_keys_and_takes_them_back(owner: Visitor, moderator: Visitor, network: Network) -> None:
    await owner.open("/moderation/notifiers")
    await owner.send("/moderation/notifiers", 422, kind="flagger", name=" ", email="x")
    await owner.send(
        "/moderation/notifiers", kind="flagger", name="Watchdogs", email="w@dogs.example", **{"areas[]": "spam"}
    )
    key = re.search(r"palabre-notifier-[\w-]+", owner.html)
    assert key and "Watchdogs" in owner.html
    dogs = Person(network, "dogs", 0, key[0])
    spam = await dogs.post("/api/palabre/v1/notices/lists", 201, urls=["https://talk.example/@x/1"], category="spam")
    other = {"urls": ["https://talk.example/@x/1"], "category": "legal", "explanation": "x"}
    outside = await dogs.post("/api/palabre/v1/notices/lists", 201, **other)
    assert (spam["source"], outside["source"]) == ("flagger", "notice")
    await moderator.open("/moderation/notifiers")
    assert key[0] not in moderator.html and "/revoke" not in moderator.html
    await owner.open("/moderation/notifiers")
    revoke = re.search(r'action="(/moderation/notifiers/\d+/revoke)"', owner.html)
    assert revoke
    await owner.send(revoke[1])
    await dogs.post("/api/palabre/v1/notices/lists", 401, urls=["https://talk.example/@x/2"])
    await owner.send(revoke[1].replace("revoke", "renew"))
    again = re.search(r"palabre-notifier-[\w-]+", owner.html)
    assert again and again[0] != key[0]


async def test_an_authority_orders_a_removal_with_its_key(
    network: Network, guest: Visitor, moderator: Visitor, alice: Person
) -> None:
    owner = await network.person("oscar", role="owner")
    authority, host = await key_for(network, owner, "authority"), await key_for(network, owner, "host")
    order = {
        "urls": url(await alice.says("Bomb them")),
        "explanation": "Terrorist content",
        "law": "Regulation (EU) 2021/784",
        "reference": "TCO-17",
        "issued_on": "2026-11-24",
    }
    await guest.open("/notice/order")
    await guest.send("/notice/order", 422, key="palabre-notifier-x", **order)
    assert "This key opens nothing." in guest.html and "palabre-notifier-x" not in guest.html
    await guest.send("/notice/order", 422, key=authority.token, **{**order, "issued_on": "yesterday"})
    assert 'id="e-issued_on"' in guest.html
    await guest.send("/notice/order", 422, key=authority.token, **{**order, "reference": ""})
    assert 'id="e-reference"' in guest.html
    await guest.send("/notice/order", key=authority.token, **order)
    assert "TCO-17" in guest.html
    await guest.open("/notice/order")
    await guest.send("/notice/order", 403, key=host.token, **order)
    await moderator.open("/moderation/notices?source=order")
    assert "Removal order" in moderator.html and "The authority" in moderator.html
    await moderator.open("/moderation/notices/new")
    mailed = {"list": order["urls"], "go": "file", "source": "order", "name": "Office", "email": "o@office.example"}
    await moderator.send("/moderation/notices/new", 422, **mailed)
    fields = {name: order[name] for name in ("explanation", "law", "reference", "issued_on")}
    await moderator.send("/moderation/notices/new", **mailed, **fields)
    assert "Removal order" in moderator.html and "TCO-17" in moderator.html


async def test_who_abuses_notices_is_warned_then_suspended_for_a_time(
    moderator: Visitor, alice: Person, guest: Visitor, network: Network, stranger: Person
) -> None:
    async def unfounded(times: int) -> None:
        for _ in range(times):
            await notifies(stranger, url(await alice.says("Nice weather")))
            await moderator.open("/moderation")
            case = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
            assert case
            await moderator.open(case[1])
            box = re.search(r'name="unfounded\[\]" value="(\d+)"', moderator.html)
            assert box
            ticked = {"unfounded[]": box[1]}
            await moderator.send(f"{case[1]}/decide", 422, action="warn", reason="Because.", **ticked)
            await moderator.send(f"{case[1]}/decide", action="dismiss", reason="Nothing in it.", **ticked)
            await network.work()

    async def does(what: str, expect: int = 200, **more: str) -> None:
        await moderator.open("/moderation/notifiers")
        fields = {"do": what, "reason": "Three notices about the weather."} | more
        await moderator.send("/moderation/senders", expect, **fields)

    await unfounded(2)
    await moderator.open("/moderation/notifiers")
    assert "Proposed" not in moderator.html
    await unfounded(1)
    await moderator.open("/moderation/notifiers")
    assert "Proposed: warn" in moderator.html and FORM["email"] in moderator.html
    await does("warn", 422, reason=" ")
    await does("suspend", 422, days="30")
    await does("warn")
    assert "Warned." in moderator.html
    await unfounded(3)
    await moderator.open("/moderation/notifiers")
    assert "Proposed: suspend" in moderator.html
    await does("suspend", 422, days="400")
    await does("suspend", days="30")
    post = url(await alice.says("Nice"))
    await guest.open("/notice")
    await guest.send("/notice", 403, urls=post, **TYPED)
    assert "nothing is taken up from you" in guest.html and "Three notices about the weather." in guest.html
    refused = await notifies(stranger, post, expect=403)
    assert "Three notices about the weather." in refused["error"]
    await notifies(stranger, post, category="threat")
    await moderator.send("/moderation/senders")  # the undo beside the word that it is done
    await notifies(stranger, post)


async def test_a_member_can_be_suspended_from_reporting(moderator: Visitor, network: Network, alice: Person) -> None:
    bob = await network.person("bob")
    amina = await member(network, "berta")
    post = await alice.says("Hello")
    async with network.db.transaction() as conn:
        await conn.execute(
            """INSERT INTO senders SELECT 'member:' || id, NULL, now(), now() + interval '1 day', 'Too many'
               FROM accounts WHERE username IN ('bob', 'berta')"""
        )
    body = {"account_id": alice.id, "status_ids": [post["id"]]}
    assert "Too many" in (await bob.post("/api/v1/reports", 403, **body))["error"]
    await bob.post("/api/v1/reports", category="threat", **body)
    await amina.open(f"/report?post={post['id']}")
    await amina.send("/report", 403, category="spam")
    await amina.open(f"/report?post={post['id']}")
    await amina.send("/report", category="threat")


@pytest.mark.parametrize("path", ["notices", "notices/new", "notices/1", "notifiers"])
async def test_members_have_no_business_there(amina: Visitor, path: str) -> None:
    await amina.open(f"/moderation/{path}", 403)


async def test_who_sent_a_notice_appeals_on_its_page_and_hears_the_answer(
    guest: Visitor, network: Network, alice: Person, carol: Person
) -> None:
    box = PostBox()
    mail.use(box)
    path = await sends_notice(guest, url(await alice.says("Burn them all")))
    judge = await network.person("judge", role="moderator", scopes=STAFF_SCOPES)
    case = (await carol.get("/api/palabre/v1/cases"))[0]
    await decides(carol, case, "dismiss")
    await network.work()
    await guest.open(path)
    await guest.send(f"{path}/appeal", 422, line="1", words="")
    assert 'id="e-words"' in guest.html
    await guest.send(f"{path}/appeal", line="1", words="You read the first word only.")
    assert "Your appeal is in" in guest.html and "Being looked into" in guest.html
    assert 'name="line"' not in guest.html, "one appeal at a time"
    (appeal,) = await judge.get("/api/palabre/v1/appeals/waiting")
    assert appeal["notice_id"] and appeal["words"] == "You read the first word only."
    at = f"/api/palabre/v1/cases/{appeal['case_id']}/appeals/{appeal['id']}"
    await judge.post(f"{at}/ask", words="Which words do you mean?")
    await network.work()
    assert "asks you something" in box.to(NADIA)[-1].text
    await guest.open(path)
    assert "Which words do you mean?" in guest.html
    field = f"words-{appeal['id']}"
    await guest.send(f"{path}/appeal/{appeal['id']}/answer", **{field: "All of them."})
    assert "All of them." in guest.html
    await judge.post(f"{at}/judge", outcome="upheld", reason="It quotes a song.")
    await network.work()
    mail.use(None)
    assert "The decision stands" in box.to(NADIA)[-1].text and "It quotes a song." in box.to(NADIA)[-1].text
    await guest.open(path)
    assert "The decision stands" in guest.html and "It quotes a song." in guest.html
    assert "Ask for a jury of members" in guest.html and 'name="line"' not in guest.html
    await guest.send(f"{path}/appeal/{appeal['id']}/jury", **{field: "Let others say."})
    shown = await network.stranger().get(f"/api/palabre/v1/{path.replace('notice', 'notices').strip('/')}")
    assert [one["state"] for one in shown["appeals"]].count("decided") == 1 and len(shown["appeals"]) == 2


async def test_a_notice_is_appealed_by_api_and_the_removal_is_told(
    network: Network, alice: Person, carol: Person
) -> None:
    box = PostBox()
    mail.use(box)
    nadia = network.stranger()
    notice = await notifies(nadia, url(await alice.says("Burn them all")))
    at = f"/api/palabre/v1/notices/{notice['secret']}/appeal"
    assert (await nadia.post(at, 422, line=1, words="Why?"))["error"]
    await decides(carol, (await carol.get("/api/palabre/v1/cases"))[0], "dismiss")
    await network.work()
    await nadia.post(at, 422, line=9, words="Which line?")
    assert (await nadia.post(at, line=1, words="Read on."))["appeals"][0]["state"] == "open"
    judge = await network.person("judge", role="moderator", scopes=STAFF_SCOPES)
    (appeal,) = await judge.get("/api/palabre/v1/appeals/waiting")
    judging = f"/api/palabre/v1/cases/{appeal['case_id']}/appeals/{appeal['id']}/judge"
    await judge.post(judging, outcome="replaced", action="remove", law="§ 126", reason="So.")
    await network.work()
    mail.use(None)
    shown = await nadia.get(f"/api/palabre/v1/notices/{notice['secret']}")
    assert shown["appeals"][0]["outcome"] == "replaced" and shown["items"][0]["measure"] == "remove"
    assert any("Another decision was made" in one.text for one in box.to(NADIA))


async def test_the_staff_page_of_a_notice_offers_its_signed_evidence(
    guest: Visitor, moderator: Visitor, alice: Person
) -> None:
    await sends_notice(guest, url(await alice.says("Burn them all")), "https://elsewhere.example/@eve/1")
    await moderator.open("/moderation/notices")
    page = re.search(r'href="(/moderation/notices/\d+)"', moderator.html)
    assert page
    await moderator.open(page[1])
    assert f'href="{page[1]}/pack.zip"' in moderator.html
    await moderator.open(f"{page[1]}/pack")
    assert "https://elsewhere.example/@eve/1" in moderator.html and "another network" in moderator.html
    await moderator.open(f"{page[1]}/pack.zip")
    assert packs.check(moderator.page.content) == []
    await guest.open(f"{page[1]}/pack.zip")
    assert moderator.page.content != guest.page.content
