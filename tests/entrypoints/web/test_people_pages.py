"""Following, blocking, reacting, notifications, reports and documents in the browser."""

from palabre.features import instance
from tests.support.browser import browser
from tests.support.network import Network
from tests.support.people import Person


async def test_following_by_form_and_by_htmx(network: Network, alice: Person, bob: Person) -> None:
    reader = await browser(network, alice)
    page = await reader.get("/@bob")
    assert page.text("form.follow") == "Follow"
    after = await reader.post(page.value("form.follow", "action"))
    assert after.path == "/@bob" and after.text("form.follow") == "Following"
    part = await reader.press("/@bob/unfollow")
    assert part.text("form.follow") == "Follow" and not part.has("html")
    people = await reader.get("/@bob/followers")
    assert not people.has(".account-row")


async def test_a_locked_member_answers_requests(network: Network, alice: Person) -> None:
    carla = await network.person("carla", locked=True)
    reader, owner = await browser(network, alice), await browser(network, carla)
    assert (await reader.press("/@carla/follow")).text("form.follow") == "Requested"
    await network.work()
    waiting = await owner.get("/notifications")
    assert "asks to follow you" in waiting.text("main")
    requests = await owner.get("/follow-requests")
    done = await owner.post(requests.value("main form", "action"), answer="accept")
    assert "@alice follows you now" in done.text(".flash")
    assert (await reader.get("/@carla/followers")).links("main .account-row a.person") == ["/@alice"]


async def test_blocking_and_muting_can_be_taken_back(network: Network, alice: Person, bob: Person) -> None:
    await bob.says("hello")
    reader = await browser(network, alice)
    await reader.get("/@bob")
    blocked = await reader.post("/@bob/block")
    assert "You blocked @bob" in blocked.text(".flash") and blocked.posts == []
    back = await reader.post(blocked.value(".flash form", "action"))
    assert back.posts == ["hello"]
    muted = await reader.post("/@bob/mute")
    assert "Muted" in muted.text(".profile-line")
    assert (await reader.get("/public")).posts == []
    await reader.post(muted.value(".flash form", "action"))
    assert (await reader.get("/public")).posts == ["hello"]
    other = await browser(network, bob)
    await reader.post("/@bob/block")
    refused = await other.post("/@alice/follow")
    assert "block" in refused.text(".flash.problem")
    await other.press("/@alice/follow", 403)
    await reader.post("/@nobody/follow", 404)
    await reader.post("/@alice/block", 404)


async def test_reactions_come_back_as_the_row_or_the_page(network: Network, alice: Person, bob: Person) -> None:
    post = await bob.says("good bread")
    reader, address = await browser(network, alice), f"/@bob/{post['id']}"
    row = await reader.press(f"{address}/favourite")
    assert row.value("button.favourite", "aria-pressed") == "true" and not row.has("html")
    await reader.get("/public")
    page = await reader.post(f"{address}/boost")
    assert page.path == "/public" and page.value("button.boost", "aria-pressed") == "true"
    for undo in ("unfavourite", "unboost", "bookmark", "unbookmark"):
        row = await reader.press(f"{address}/{undo}")
    assert {button["aria-pressed"] for button in row.all(".toggle button")} == {"false"}
    elsewhere = await reader.post(f"{address}/bookmark", headers={"referer": "https://evil.example/x"})
    assert elsewhere.path == address
    await reader.post("/@bob/1/boost", 404)
    await reader.post(f"{address}/pin", 422)


async def test_a_visitor_who_reacts_is_asked_to_sign_in(network: Network, bob: Person) -> None:
    post = await bob.says("hello")
    visitor = await browser(network)
    await visitor.get("/public")
    answer = await visitor.http.post(f"/@bob/{post['id']}/boost", headers={"hx-request": "true", "referer": visitor.at})
    assert answer.headers["hx-redirect"] == "/sign-in?next=/public"


async def test_five_pins_are_enough(network: Network, alice: Person) -> None:
    writer = await browser(network, alice)
    ids = [(await alice.says(f"post {n}"))["id"] for n in range(6)]
    for post_id in ids[:5]:
        await writer.post(f"/@alice/{post_id}/pin")
    assert "Only five" in (await writer.post(f"/@alice/{ids[5]}/pin")).text(".flash")


async def test_notifications_are_gathered_and_read_by_seeing_them(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    post = await alice.says("honey is here")
    for friend in (bob, carol):
        await friend.post(f"/api/v1/statuses/{post['id']}/favourite")
    await bob.says("@alice how much?")
    await network.work()
    reader = await browser(network, alice)
    assert (await reader.get("/public")).has(".rail .badge")
    seen = await reader.get("/notifications")
    said = seen.texts(".notification .said")
    assert any("and 1 other favourited your post" in line for line in said) and len(said) == 2
    assert len(seen.all(".notification.unread")) == 2
    again = await reader.get("/notifications")
    assert not again.has(".badge") and not again.has(".notification.unread")
    assert len((await reader.get("/notifications?tab=mentions")).all(".notification")) == 1


async def test_all_can_be_marked_as_read(network: Network, alice: Person, bob: Person) -> None:
    await bob.says("@alice hello")
    await network.work()
    reader = await browser(network, alice)
    tab = await reader.get("/notifications?tab=mentions")
    assert tab.has("form[action='/notifications/read']")
    assert not (await reader.post("/notifications/read")).has(".badge")


async def test_a_report_is_heard_and_answered(network: Network, alice: Person, bob: Person, carol: Person) -> None:
    post = await bob.says("something nasty")
    reader = await browser(network, alice)
    form = await reader.get(f"/report?post={post['id']}")
    assert form.posts == ["something nasty"]
    missing = await reader.post("/report", 422, account=bob.id, post=post["id"], comment="see", category="")
    assert missing.text("textarea[name=comment]") == "see"
    sent = await reader.post("/report", account=bob.id, post=post["id"], comment="see", category="threat", block="1")
    assert (
        sent.path == "/reports" and "Received" in sent.text("main") and "something nasty" not in sent.text("blockquote")
    )
    async with network.db.reading() as conn:
        case_id = await conn.value("SELECT id FROM cases")
    staff = await network.person("mona", role="moderator", scopes=("read", "write", "admin:read", "admin:write"))
    decision = {"action": "remove", "status_ids": [post["id"]], "reason": "It was a threat.", "terms": True}
    await staff.post(f"/api/palabre/v1/cases/{case_id}/decide", **decision)
    await network.work()
    answered = await reader.get("/reports")
    assert "Acted upon" in answered.text("main") and "It was a threat." in answered.text(".outcome")
    author = await browser(network, bob)
    assert (await author.get("/")).links("a.callout") == ["/letters"]
    letter = await author.get("/letters")
    whole = await author.get(letter.links("h2 a")[0])
    assert "It was a threat." in letter.text("main") and "something nasty" in whole.text("main")
    assert not (await author.get("/")).has("a.callout")
    await reader.get("/notifications")
    await author.get("/notifications")


async def test_reporting_oneself_or_nobody_finds_nothing(network: Network, alice: Person) -> None:
    reader = await browser(network, alice)
    for query in ("", "?post=1", f"?account={alice.id}", "?account=zzz"):
        await reader.get(f"/report{query}", expect=404)


async def test_documents_are_there_in_both_languages(network: Network) -> None:
    for lang, word in (("en", "kept"), ("fr", "gardé")):
        visitor = await browser(network, lang=lang)
        assert word in (await visitor.get("/privacy")).text("main")
        for path in ("/about", "/terms", "/offline", "/search"):
            assert (await visitor.get(path)).value("html", "lang") == lang


async def test_language_and_theme_stay_with_the_browser(network: Network, alice: Person) -> None:
    for visitor in (await browser(network), await browser(network, alice)):
        page = await visitor.post("/preferences", lang="fr", theme="dark", back="/about")
        assert page.path == "/about"
        assert (page.value("html", "lang"), page.value("html", "data-theme")) == ("fr", "dark")
        page = await visitor.post("/preferences", lang="xx", theme="pink", back="https://evil.example/")
        assert page.path == "/" and page.value("html", "lang") == "fr"


async def test_an_owner_writes_a_privacy_notice_in_markdown(network: Network) -> None:
    owner = await network.person("olive", role="owner")
    async with network.db.transaction() as conn:
        await instance.configure(
            conn, int(owner.id), privacy="# Ours\n\n<script>alert(1)</script> [x](javascript:alert(1))"
        )
    seen = await (await browser(network)).get("/privacy")
    assert "Ours" in seen.text(".prose h1") and not seen.has(".prose script") and not seen.has(".prose a")
