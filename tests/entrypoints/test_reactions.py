"""Boosting, favouriting, bookmarking, pinning, muting, and the lists of it."""

import asyncio
import sys
from typing import Any

from tests.support.network import Network
from tests.support.people import Person, said
from tests.support.ties import block


async def ids_by_links(person: Person, path: str) -> list[list[str]]:
    """Every page's ids, found as clients do: by following the Link header to the next."""
    pages: list[list[str]] = []
    following: str | None = path
    while following and len(pages) < 50:
        response = await person.request("GET", following)
        if found := [item["id"] for item in response.json()]:
            pages.append(found)
        links = {part.partition('rel="')[2][:4]: part.split(">")[0].strip(" <") for part in _parts(response)}
        following = links.get("next")
    return pages


def _parts(response: Any) -> list[str]:
    return [part for part in response.headers.get("link", "").split(",") if part]


async def test_reacting_twice_counts_once_and_can_be_taken_back(alice: Person, bob: Person) -> None:
    posted = await alice.says("like it?")
    path = f"/api/v1/statuses/{posted['id']}"
    for verb, flag, count in (
        ("favourite", "favourited", "favourites_count"),
        ("reblog", "reblogged", "reblogs_count"),
        ("bookmark", "bookmarked", None),
    ):
        for _ in range(2):
            answer = await bob.post(f"{path}/{verb}")
            assert answer[flag] and (answer["reblog"] or answer)[flag]
        seen = await bob.get(path)
        assert seen[flag] and (count is None or seen[count] == 1)
        for _ in range(2):
            seen = await bob.post(f"{path}/un{verb}")
        assert not seen[flag] and (count is None or seen[count] == 0)


async def test_counters_hold_when_many_react_at_once(alice: Person, network: Network) -> None:
    posted = await alice.says("popular")
    path = f"/api/v1/statuses/{posted['id']}"
    crowd = [await network.person(f"fan{number}") for number in range(8)]
    await asyncio.gather(*(fan.post(f"{path}/{verb}") for fan in crowd for verb in ("favourite", "reblog") * 2))
    await asyncio.gather(*(fan.says("me too", in_reply_to_id=posted["id"]) for fan in crowd))
    seen = await alice.get(path)
    assert (seen["favourites_count"], seen["reblogs_count"], seen["replies_count"]) == (8, 8, 8)
    await asyncio.gather(*(fan.post(f"{path}/{verb}") for fan in crowd for verb in ("unfavourite", "unreblog") * 2))
    seen = await alice.get(path)
    assert (seen["favourites_count"], seen["reblogs_count"]) == (0, 0)


async def test_nothing_is_left_when_a_post_is_deleted_while_people_react(alice: Person, network: Network) -> None:
    posted = await alice.says("here and gone")
    path = f"/api/v1/statuses/{posted['id']}"
    crowd = [await network.person(f"fan{number}") for number in range(6)]
    acts = [fan.request("POST", f"{path}/{verb}") for fan in crowd for verb in ("favourite", "bookmark", "reblog")]
    acts += [
        fan.request("POST", "/api/v1/statuses", json={"status": "hm", "in_reply_to_id": posted["id"]}) for fan in crowd
    ]
    acts.insert(len(acts) // 2, alice.request("DELETE", path))
    assert {response.status_code for response in await asyncio.gather(*acts)} <= {200, 404}
    await network.work()
    assert await traces(network, posted["id"]) == {}


async def traces(network: Network, post_id: str) -> dict[str, int]:
    """In which tables something still refers to the post."""
    columns = {
        "posts": ("id", "reblog_of_id", "in_reply_to_id"),
        "post_counts": ("post_id",),
        "post_revisions": ("post_id",),
        "post_tags": ("post_id",),
        "favourites": ("post_id",),
        "bookmarks": ("post_id",),
        "pins": ("post_id",),
        "media": ("post_id",),
        "idempotency_keys": ("post_id",),
    }
    async with network.db.reading() as conn:
        found = {
            f"{table}.{name}": await conn.value(f"SELECT count(*) FROM {table} WHERE {name} = $1", int(post_id))
            for table, names in columns.items()
            for name in names
        }
    return {name: number for name, number in found.items() if number}


async def test_deleting_deletes_all_that_hung_on_a_post(
    alice: Person, bob: Person, network: Network, monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        sys.modules["palabre.features.posts.remove"], "_BATCH", 2
    )  # a crowd of five makes several batches
    posted = await alice.says("#short life")
    path = f"/api/v1/statuses/{posted['id']}"
    await alice.put(path, status="#shorter life")
    await alice.post(f"{path}/pin")
    crowd = [await network.person(f"fan{number}") for number in range(5)]
    for fan in crowd:
        for verb in ("favourite", "bookmark", "reblog"):
            await fan.post(f"{path}/{verb}")
        await fan.says("yes", in_reply_to_id=posted["id"])
    await network.work()
    await alice.delete(path)
    for route in ("favourites", "bookmarks"):
        assert await crowd[0].get(f"/api/v1/{route}") == []
    await network.work()
    assert await traces(network, posted["id"]) == {}
    assert [(await fan.says("count me"))["account"]["statuses_count"] for fan in crowd] == [2] * 5
    assert (await alice.says("still here"))["account"]["statuses_count"] == 1


async def test_what_moderators_withhold_is_gone_for_everybody_until_restored(
    alice: Person, bob: Person, carol: Person, network: Network, stranger: Person
) -> None:
    from palabre.features import posts
    from tests.support.images import upload

    media = await upload(alice)
    root = await bob.says("root")
    posted = await alice.says("#bad", media_ids=[media["id"]], in_reply_to_id=root["id"])
    boost = await bob.post(f"/api/v1/statuses/{posted['id']}/reblog")
    await bob.post(f"/api/v1/statuses/{posted['id']}/favourite")

    async def seen() -> list[object]:
        single = [
            (await person.request("GET", f"/api/v1/statuses/{post_id}")).status_code
            for person in (alice, bob, carol, stranger)
            for post_id in (posted["id"], boost["id"])
        ]
        lists = [len(await bob.get(path)) for path in ("/api/v1/favourites", "/api/v1/timelines/tag/bad")]
        context = await stranger.get(f"/api/v1/statuses/{root['id']}/context")
        counts = (await stranger.get(f"/api/v1/statuses/{root['id']}"))["replies_count"]
        picture = (await stranger.request("GET", media["url"])).status_code
        uses = (await stranger.get("/api/v1/tags/bad"))["history"][0]["uses"]
        return [single, lists, len(context["descendants"]), counts, picture, uses]

    shown = await seen()
    assert shown == [[200] * 8, [1, 1], 1, 1, 200, "1"]
    async with network.db.transaction() as conn:
        assert await posts.withhold(conn, int(alice.id), int(posted["id"]))
        assert not await posts.withhold(conn, int(alice.id), int(posted["id"]))
    await network.work()
    assert await seen() == [[404] * 8, [0, 0], 0, 0, 404, "0"]
    assert (await alice.says("other"))["account"]["statuses_count"] == 1
    await alice.put(f"/api/v1/statuses/{posted['id']}", expect=404, status="a way round it")
    await network.work()
    async with network.db.transaction() as conn:
        assert await posts.restore(conn, int(alice.id), int(posted["id"]))
    await network.work()
    assert await seen() == shown


async def test_favourites_and_bookmarks_page_by_when_they_were_set(alice: Person, bob: Person) -> None:
    made = [(await alice.says(f"post {number}"))["id"] for number in range(7)]
    order = [made[place] for place in (3, 0, 6, 1, 5, 2, 4)]
    for post_id in order:
        await bob.post(f"/api/v1/statuses/{post_id}/favourite")
        await bob.post(f"/api/v1/statuses/{post_id}/bookmark")
    for path in ("/api/v1/favourites", "/api/v1/bookmarks"):
        pages = await ids_by_links(bob, f"{path}?limit=3")
        assert [len(page) for page in pages] == [3, 3, 1]
        assert [post_id for page in pages for post_id in page] == order[::-1]


async def test_who_favourited_and_boosted(alice: Person, network: Network, stranger: Person, dan: Person) -> None:
    posted = await alice.says("who?")
    crowd = [await network.person(f"fan{number}") for number in range(5)]
    for fan in crowd:
        await fan.post(f"/api/v1/statuses/{posted['id']}/favourite")
        await fan.post(f"/api/v1/statuses/{posted['id']}/reblog")
    latest_first = [fan.id for fan in crowd][::-1]
    await block(dan, crowd[4])
    await block(crowd[3], dan)
    for route in ("favourited_by", "reblogged_by"):
        path = f"/api/v1/statuses/{posted['id']}/{route}"
        pages = await ids_by_links(stranger, f"{path}?limit=2")
        assert [account for page in pages for account in page] == latest_first
        assert [account["id"] for account in await dan.get(path)] == latest_first[2:]


async def test_at_most_five_posts_are_pinned_and_only_ones_own(alice: Person, bob: Person) -> None:
    made = [await alice.says(f"post {number}") for number in range(6)]
    for post in made[:5]:
        assert (await alice.post(f"/api/v1/statuses/{post['id']}/pin"))["pinned"]
    await alice.post(f"/api/v1/statuses/{made[5]['id']}/pin", expect=422)
    await bob.post(f"/api/v1/statuses/{made[0]['id']}/pin", expect=422)
    assert not (await alice.post(f"/api/v1/statuses/{made[0]['id']}/unpin"))["pinned"]
    await alice.post(f"/api/v1/statuses/{made[5]['id']}/pin")


async def test_a_muted_conversation_leaves_the_timelines(alice: Person, bob: Person, network: Network) -> None:
    posted = await alice.says("a long story")
    answer = await bob.post(f"/api/v1/statuses/{posted['id']}/mute")
    assert answer["muted"]
    await alice.says("and then", in_reply_to_id=posted["id"])
    assert await bob.get("/api/v1/timelines/public") == []
    assert not (await bob.post(f"/api/v1/statuses/{posted['id']}/unmute"))["muted"]
    assert len(await bob.get("/api/v1/timelines/public")) == 2


async def test_a_tag_tells_how_it_was_used(alice: Person, bob: Person, stranger: Person) -> None:
    await alice.says("#Été one")
    await bob.says("#ete two #été")
    await bob.says("#ete for friends", visibility="private")
    tag = await stranger.get("/api/v1/tags/ÉTÉ")
    assert (tag["name"], tag["url"]) == ("Été", "https://talk.example/tags/ete")
    assert len(tag["history"]) == 7
    assert {"uses": "2", "accounts": "2"}.items() <= tag["history"][0].items()
    assert (await stranger.get("/api/v1/tags/unheard"))["history"][0]["uses"] == "0"
    for written in ("ete", "Été", "ETE"):
        assert [said(post) for post in await stranger.get(f"/api/v1/timelines/tag/{written}")] == [
            "#ete two #été",
            "#Été one",
        ]
