"""Reading in the browser: home, public, tags, threads, profiles, what one keeps."""

from tests.support.browser import browser
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


async def test_a_visitor_stands_at_the_door_and_a_member_at_home(network: Network, alice: Person, bob: Person) -> None:
    await alice.follows(bob)
    await bob.says("the bench is mended")
    await network.work()
    door = await (await browser(network)).get("/")
    assert door.has("main .hero") and door.posts == ["the bench is mended"]
    home = await (await browser(network, alice)).get("/")
    assert home.posts == ["the bench is mended"]
    assert home.has("form[data-composer]")


async def test_an_empty_home_suggests_people_who_talk(network: Network, alice: Person, bob: Person) -> None:
    await bob.says("anybody there?")
    seen = await (await browser(network, alice)).get("/")
    assert seen.links("main .account-row a.person") == ["/@bob"]


async def test_older_and_newer_pages_hold_every_post_once(network: Network, alice: Person, bob: Person) -> None:
    said = [f"number {n}" for n in range(45)]
    for text in said:
        await bob.says(text)
    reader = await browser(network, alice)
    first = await reader.get("/public")
    assert not first.links("a[rel=prev]")
    second = await reader.get("/public" + first.links("a[rel=next]")[0])
    third = await reader.get("/public" + second.links("a[rel=next]")[0])
    assert first.posts + second.posts + third.posts == said[::-1]
    assert not third.links("a[rel=next]")
    back = await reader.get("/public" + third.links("a[rel=prev]")[0])
    assert back.posts == second.posts
    top = await reader.get("/public" + first.links("a[rel=next]")[0].replace("max_id", "min_id"))
    assert top.posts == first.posts


async def test_new_posts_are_counted_and_none_is_no_answer(network: Network, alice: Person, bob: Person) -> None:
    await alice.follows(bob)
    await bob.says("one")
    await network.work()
    reader = await browser(network, alice)
    look = (await reader.get("/")).value(".look", "hx-get")
    await reader.get(look, expect=204)
    await bob.says("two")
    await network.work()
    assert "1 new post" in (await reader.get(look)).text(".new-posts")
    await reader.get("/new?since=nonsense", expect=204)


async def test_a_tag_page_lists_what_is_tagged(network: Network, alice: Person) -> None:
    await alice.says("honey at the market #Bees")
    seen = await (await browser(network)).get("/tags/bees")
    assert seen.text("h1") == "#Bees" and len(seen.posts) == 1
    assert (await (await browser(network)).get("/tags/nobody")).posts == []


async def test_kept_posts_are_ones_own(network: Network, alice: Person, bob: Person) -> None:
    post = await bob.says("keep me")
    reader = await browser(network, alice)
    await reader.post(f"/@bob/{post['id']}/bookmark")
    await reader.post(f"/@bob/{post['id']}/favourite")
    assert (await reader.get("/bookmarks")).posts == ["keep me"]
    assert (await reader.get("/favourites")).posts == ["keep me"]
    other = await (await browser(network)).http.get("/bookmarks", follow_redirects=False)
    assert other.headers["location"].startswith("/sign-in")


async def test_a_thread_shows_what_came_before_and_after(network: Network, alice: Person, bob: Person) -> None:
    root = await alice.says("who has a ladder?")
    mine = await bob.says("@alice I do", in_reply_to_id=root["id"])
    await alice.says("@bob wonderful", in_reply_to_id=mine["id"])
    seen = await (await browser(network, alice)).get(f"/@bob/{mine['id']}")
    assert seen.posts == ["who has a ladder?", "@alice I do", "@bob wonderful"]
    assert "I do" in seen.text("article.focus")
    assert seen.text("textarea.words").strip() == "@bob"
    stranger = await (await browser(network)).get(f"/@bob/{mine['id']}")
    assert not stranger.has("form[data-composer]")
    assert stranger.value('meta[property="og:url"]', "content").endswith(f"/@bob/{mine['id']}")


async def test_a_post_has_one_address(network: Network, alice: Person, bob: Person) -> None:
    post = await alice.says("here")
    seen = await (await browser(network)).get(f"/@bob/{post['id']}")
    assert seen.path == f"/@alice/{post['id']}"
    for wrong in ("/@alice/1", "/@alice/zzz", "/@nobody", "/@alice/99999999999999999999", "/@alice/1/history"):
        page = await (await browser(network)).get(wrong, expect=404)
        assert "Nobody sits here" in page.text("main")


async def test_followers_only_posts_stay_among_followers(network: Network, alice: Person, bob: Person) -> None:
    post = await alice.says("just us", visibility="private")
    await (await browser(network)).get(f"/@alice/{post['id']}", expect=404)
    await (await browser(network, bob)).get(f"/@alice/{post['id']}", expect=404)
    await bob.follows(alice)
    assert (await (await browser(network, bob)).get(f"/@alice/{post['id']}")).posts == ["just us"]


async def test_a_profile_has_posts_replies_and_pictures_apart(network: Network, alice: Person, bob: Person) -> None:
    root = await alice.says("hello")
    await alice.says("hello myself? no, @bob", in_reply_to_id=(await bob.says("hm"))["id"])
    picture = await upload(alice, description="a hive")
    await alice.says("my bees", media_ids=[picture["id"]])
    reader = await browser(network, alice)
    await reader.post(f"/@alice/{root['id']}/pin")
    profile = await reader.get("/@alice")
    assert profile.posts == ["hello", "my bees"]  # the pinned one once, above
    assert len((await reader.get("/@alice/with_replies")).posts) == 3
    media = await reader.get("/@alice/media")
    assert media.posts == ["my bees"]
    assert media.value(".medium img", "alt") == "a hive"


async def test_history_shows_every_version(network: Network, alice: Person) -> None:
    post = await alice.says("teh bench")
    await alice.put(f"/api/v1/statuses/{post['id']}", status="the bench")
    seen = await (await browser(network, lang="fr")).get(f"/@alice/{post['id']}/history")
    assert seen.texts("main .prose") == ["the bench", "teh bench"]
    assert seen.value("html", "lang") == "fr"


async def test_search_finds_posts_people_and_tags(network: Network, alice: Person, bob: Person) -> None:
    await bob.says("Les abeilles sont rentrées #Ruche")
    await network.work()
    reader = await browser(network, alice)
    assert (await reader.get("/search?q=abeille")).posts == ["Les abeilles sont rentrées #Ruche"]
    assert (await reader.get("/search?q=@bo")).links("main .account-row a.person") == ["/@bob"]
    assert (await reader.get("/search?q=%23ruc")).links("a.tag-row") == ["/tags/Ruche"]
    assert "Nothing found" in (await reader.get("/search?q=quetzal&tab=nonsense")).text("main")
    visitor = await browser(network)
    assert (await visitor.get("/search?q=bob")).links("main .account-row a.person") == ["/@bob"]
    assert "Sign in to search posts" in (await visitor.get("/search?q=abeille&tab=posts")).text("main")
