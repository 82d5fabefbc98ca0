"""What members are told, through the client API."""

from collections.abc import Awaitable, Callable

import pytest

from palabre.base.db import Conn
from palabre.features import posts
from palabre.features.notifications import store
from palabre.features.posts import Revision
from tests.support.network import Network
from tests.support.people import Person


async def _told(person: Person, **params: object) -> list[tuple[str, str]]:
    told = await person.get("/api/v1/notifications", **params)
    return [(entry["type"], entry["account"]["acct"]) for entry in told]


async def _does(person: Person, act: Callable[[Conn, int, int], Awaitable[object]], post_id: str) -> None:
    """React to a post, and let what follows happen."""
    async with person.network.db.transaction() as conn:
        await act(conn, int(person.id), int(post_id))
    await person.network.work()


async def test_people_are_told_what_concerns_them(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("a post")
    await bob.follows(alice)
    await network.work()
    await _does(bob, posts.favourite, posted["id"])
    await _does(bob, posts.boost, posted["id"])
    await bob.says("@alice hello")
    await network.work()
    everything = [("mention", "bob"), ("reblog", "bob"), ("favourite", "bob"), ("follow", "bob")]
    assert await _told(alice) == everything
    assert await _told(alice, **{"types[]": "follow"}) == [("follow", "bob")]
    assert await _told(alice, **{"exclude_types[]": ["follow", "reblog"]}) == [everything[0], everything[2]]
    assert await _told(alice, account_id=bob.id, limit=1) == [("mention", "bob")]
    assert await _told(alice, account_id=alice.id) == []
    await alice.get("/api/v1/notifications", expect=404, account_id="x")
    assert await _told(bob) == []


async def test_undoing_takes_the_notification_away(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("a post")
    for act in (posts.favourite, posts.boost):
        await _does(bob, act, posted["id"])
    await bob.follows(alice)
    await network.work()
    assert len(await _told(alice)) == 3
    await _does(bob, posts.unfavourite, posted["id"])
    assert len(await _told(alice)) == 2
    await _does(bob, posts.unboost, posted["id"])
    assert len(await _told(alice)) == 1
    await bob.post(f"/api/v1/accounts/{alice.id}/unfollow")
    await network.work()
    assert await _told(alice) == []


async def test_a_deleted_post_is_told_of_no_longer(network: Network, alice: Person, bob: Person) -> None:
    posted = await bob.says("@alice hello")
    await network.work()
    assert await _told(alice) == [("mention", "bob")]
    async with network.db.transaction() as conn:
        await posts.remove(conn, int(bob.id), int(posted["id"]))
    await network.work()
    async with network.db.reading() as conn:
        assert not await conn.value("SELECT count(*) FROM notifications")


async def test_a_withheld_post_is_told_of_again_once_restored(network: Network, alice: Person, bob: Person) -> None:
    posted = await bob.says("@alice hello")
    await _does(bob, posts.withhold, posted["id"])
    assert await _told(alice) == []
    async with network.db.transaction() as conn:
        await posts.restore(conn, int(bob.id), int(posted["id"]))
    await bob.says("@alice again")
    await network.work()
    assert await _told(alice) == [("mention", "bob")]


async def test_nobody_hears_of_those_kept_away(network: Network, alice: Person, bob: Person, dan: Person) -> None:
    await dan.says("@alice hello")
    await network.work()
    assert await _told(alice) == [("mention", "dan")]
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    await network.work()
    assert await _told(alice) == []
    for person in (dan, bob):
        await person.says("@alice hello?")
    await network.work()
    assert await _told(alice) == []
    await alice.post(f"/api/v1/accounts/{bob.id}/mute", notifications=False)
    await bob.says("@alice still there?")
    await network.work()
    assert await _told(alice) == [("mention", "bob")]


async def test_a_muted_thread_is_quiet(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("a post")
    await _does(alice, posts.mute_thread, posted["id"])
    await bob.says("@alice a reply", in_reply_to_id=posted["id"])
    await network.work()
    assert await _told(alice) == []


async def test_a_bell_rings_for_each_post(network: Network, alice: Person, bob: Person, carol: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow", notify=True)
    await carol.follows(alice)
    await alice.says("news")
    await alice.says("@bob you", visibility="direct")
    await network.work()
    assert await _told(bob) == [("mention", "alice"), ("status", "alice")]
    assert await _told(carol) == []


async def test_whoever_boosted_hears_of_the_latest_edit(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("frist")
    await _does(bob, posts.boost, posted["id"])
    for text in ("first", "first, @bob"):
        async with network.db.transaction() as conn:
            await posts.edit(conn, int(alice.id), int(posted["id"]), Revision(text))
        await network.work()
    assert sorted(await _told(bob)) == [("mention", "alice"), ("update", "alice")]


async def test_requests_come_and_go(network: Network, alice: Person, bob: Person) -> None:
    eva = await network.person("eva", locked=True)
    for person in (alice, bob):
        await person.follows(eva)
    await network.work()
    assert await _told(eva) == [("follow_request", "bob"), ("follow_request", "alice")]
    await eva.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    await eva.post(f"/api/v1/follow_requests/{bob.id}/reject")
    await network.work()
    assert await _told(eva) == []


async def test_notifications_can_be_put_away(network: Network, alice: Person, bob: Person) -> None:
    for _ in range(3):
        await bob.says("@alice hello")
    await network.work()
    first, second, _ = await alice.get("/api/v1/notifications")
    assert (await alice.get(f"/api/v1/notifications/{first['id']}"))["status"]["id"] == first["status"]["id"]
    await bob.get(f"/api/v1/notifications/{first['id']}", expect=404)
    await bob.post(f"/api/v1/notifications/{first['id']}/dismiss", expect=404)
    await alice.post(f"/api/v1/notifications/{first['id']}/dismiss")
    assert (await alice.get("/api/v1/notifications"))[0]["id"] == second["id"]
    await alice.post("/api/v1/notifications/clear")
    assert await _told(alice) == []


async def test_unread_are_counted_from_the_marker(network: Network, alice: Person, bob: Person) -> None:
    for _ in range(3):
        await bob.says("@alice hello")
    await network.work()
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 3}
    assert await alice.get("/api/v1/notifications/unread_count", limit=2) == {"count": 2}
    told = await alice.get("/api/v1/notifications")
    marked = await alice.post("/api/v1/markers", notifications={"last_read_id": told[1]["id"]})
    assert marked["notifications"]["last_read_id"] == told[1]["id"]
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 1}
    assert await alice.get("/api/v2/notifications/unread_count") == {"count": 1}


async def test_markers_are_kept_for_each_timeline(alice: Person) -> None:
    assert await alice.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]}) == {}
    await alice.post("/api/v1/markers", home={"last_read_id": "5"})
    again = await alice.post("/api/v1/markers", home={"last_read_id": "6"}, notifications={"last_read_id": "7"})
    assert {name: marker["version"] for name, marker in again.items()} == {"home": 2, "notifications": 1}
    assert list(await alice.get("/api/v1/markers", **{"timeline[]": "home"})) == ["home"]
    for wrong in ("x", "-1", "99999999999999999999"):
        await alice.post("/api/v1/markers", expect=422, home={"last_read_id": wrong})


async def test_favourites_of_one_post_are_one_group(
    network: Network, alice: Person, bob: Person, carol: Person, dan: Person
) -> None:
    posted = await alice.says("a post")
    for person in (bob, carol):
        await _does(person, posts.favourite, posted["id"])
    await bob.says("@alice hello")
    await network.work()
    await _does(dan, posts.favourite, posted["id"])
    found = await alice.get("/api/v2/notifications")
    favourites, mention = found["notification_groups"]
    assert favourites["group_key"] == f"favourite-{posted['id']}"
    assert (favourites["notifications_count"], favourites["status_id"]) == (3, posted["id"])
    assert favourites["sample_account_ids"] == [dan.id, carol.id, bob.id]
    assert (mention["type"], mention["notifications_count"]) == ("mention", 1)
    assert {account["id"] for account in found["accounts"]} == {bob.id, carol.id, dan.id}
    assert len(found["statuses"]) == 2
    path = f"/api/v2/notifications/{favourites['group_key']}"
    assert (await alice.get(path))["notification_groups"] == [favourites]
    assert [account["acct"] for account in await alice.get(f"{path}/accounts")] == ["dan", "carol", "bob"]
    assert await alice.get("/api/v2/notifications/unread_count") == {"count": 2}
    await alice.post(f"{path}/dismiss")
    await alice.get(path, expect=404)
    await alice.get(f"/api/v2/notifications/{mention['group_key']}")
    await alice.post(f"/api/v2/notifications/{mention['group_key']}/dismiss")
    assert (await alice.get("/api/v2/notifications"))["notification_groups"] == []


async def test_a_group_is_on_one_page_only(network: Network, alice: Person, bob: Person, carol: Person) -> None:
    posted = await alice.says("a post")
    await _does(bob, posts.favourite, posted["id"])
    await bob.says("@alice hello")
    await network.work()
    await _does(carol, posts.favourite, posted["id"])
    keys, path = [], "/api/v2/notifications?limit=1"
    while path:
        page = await alice.request("GET", path)
        keys += [group["type"] for group in page.json()["notification_groups"]]
        path = page.links.get("next", {}).get("url", "").removeprefix("https://talk.example")
    assert keys == ["favourite", "mention"]
    alone = await alice.get("/api/v2/notifications", **{"grouped_types[]": "follow"})
    assert [group["type"] for group in alone["notification_groups"]] == ["favourite", "mention", "favourite"]


async def test_a_crowd_of_favourites_hides_nothing(
    network: Network, alice: Person, bob: Person, carol: Person, dan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WINDOW", 2)
    await bob.says("@alice hello")
    posted = await alice.says("a post")
    await network.work()
    for person in (bob, carol, dan):
        await _does(person, posts.favourite, posted["id"])
    found = await alice.get("/api/v2/notifications")
    assert [group["type"] for group in found["notification_groups"]] == ["favourite", "mention"]
    told = await alice.get("/api/v1/notifications")
    newer = await alice.get("/api/v2/notifications", min_id=told[-1]["id"])
    assert [group["notifications_count"] for group in newer["notification_groups"]] == [3]
