"""Following, blocking, muting through the client API."""

import pytest

from palabre.features import posts
from tests.support.network import Network
from tests.support.people import Person


async def _tie(one: Person, other: Person) -> dict[str, object]:
    [found] = await one.get("/api/v1/accounts/relationships", **{"id[]": other.id})
    return dict(found)


async def _accts(person: Person, path: str, **params: object) -> list[str]:
    return [account["acct"] for account in await person.get(path, **params)]


async def test_following_shows_on_both_sides(alice: Person, bob: Person) -> None:
    assert (await alice.follows(bob))["following"]
    assert (await alice.follows(bob))["following"]
    assert (await _tie(bob, alice))["followed_by"]
    assert await _accts(bob, f"/api/v1/accounts/{bob.id}/followers") == ["alice"]
    assert await _accts(bob, f"/api/v1/accounts/{alice.id}/following") == ["bob"]
    unfollowed = await alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    assert not unfollowed["following"]
    assert await _accts(bob, f"/api/v1/accounts/{bob.id}/followers") == []


async def test_a_follow_brings_what_was_asked_for(alice: Person, bob: Person) -> None:
    tie = await alice.post(f"/api/v1/accounts/{bob.id}/follow", reblogs=False, notify=True, languages=["fr"])
    assert (tie["showing_reblogs"], tie["notifying"], tie["languages"]) == (False, True, ["fr"])
    tie = await alice.post(f"/api/v1/accounts/{bob.id}/follow", reblogs=True)
    assert (tie["showing_reblogs"], tie["notifying"], tie["languages"]) == (True, True, ["fr"])
    tie = await alice.post(f"/api/v1/accounts/{bob.id}/follow", languages=[])
    assert tie["languages"] is None


@pytest.mark.parametrize("act", ["follow", "block", "mute"])
async def test_nobody_acts_on_himself_or_nobody(alice: Person, act: str) -> None:
    await alice.post(f"/api/v1/accounts/{alice.id}/{act}", expect=404)
    await alice.post(f"/api/v1/accounts/12345/{act}", expect=404)
    await alice.post(f"/api/v1/accounts/nobody/{act}", expect=404)
    await alice.post(f"/api/v1/accounts/99999999999999999999/{act}", expect=404)


async def test_undoing_what_concerns_nobody_is_not_found(alice: Person) -> None:
    for act in ("unfollow", "unblock", "unmute", "note", "remove_from_followers"):
        await alice.post(f"/api/v1/accounts/12345/{act}", expect=404)


async def test_a_locked_member_is_asked_first(network: Network, alice: Person, bob: Person) -> None:
    eva = await network.person("eva", locked=True)
    for person in (alice, bob):
        tie = await person.follows(eva)
        assert (tie["following"], tie["requested"]) == (False, True)
    assert (await _tie(eva, alice))["requested_by"]
    assert await _accts(eva, "/api/v1/follow_requests") == ["bob", "alice"]
    assert (await eva.post(f"/api/v1/follow_requests/{alice.id}/authorize"))["followed_by"]
    assert (await eva.post(f"/api/v1/follow_requests/{alice.id}/authorize"))["followed_by"]
    await eva.post(f"/api/v1/follow_requests/{bob.id}/reject")
    await eva.post(f"/api/v1/follow_requests/{bob.id}/reject", expect=404)
    assert await _accts(eva, "/api/v1/follow_requests") == []
    assert await _accts(eva, f"/api/v1/accounts/{eva.id}/followers") == ["alice"]


async def test_a_request_can_be_taken_back(network: Network, alice: Person) -> None:
    eva = await network.person("eva", locked=True)
    await alice.follows(eva)
    assert not (await alice.post(f"/api/v1/accounts/{eva.id}/unfollow"))["requested"]
    await eva.post(f"/api/v1/follow_requests/{alice.id}/authorize", expect=404)


async def test_a_block_ends_everything_between_two(network: Network, alice: Person, dan: Person, bob: Person) -> None:
    await alice.home()
    await dan.home()
    await alice.follows(dan)
    await alice.follows(bob)
    await dan.follows(alice)
    await dan.says("mine")
    await bob.says("bob's")
    boosted = await dan.says("boosted")
    async with network.db.transaction() as conn:
        await posts.boost(conn, int(bob.id), int(boosted["id"]))
    await network.work()
    assert set(await alice.home()) == {"bob's", "mine", "boosted"}
    tie = await alice.post(f"/api/v1/accounts/{dan.id}/block")
    await network.work()
    assert (tie["blocking"], tie["following"], tie["followed_by"]) == (True, False, False)
    assert (await _tie(dan, alice))["blocked_by"]
    assert await alice.home() == ["bob's"]
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM home_entries WHERE account_id = $1", int(alice.id)) == 1
    await dan.post(f"/api/v1/accounts/{alice.id}/follow", expect=403)
    await alice.post(f"/api/v1/accounts/{dan.id}/follow", expect=403)
    assert await _accts(alice, "/api/v1/blocks") == ["dan"]
    assert not (await alice.post(f"/api/v1/accounts/{dan.id}/unblock"))["blocking"]
    assert (await dan.follows(alice))["following"]


async def test_the_blocked_are_hidden_in_lists(alice: Person, bob: Person, dan: Person, stranger: Person) -> None:
    await alice.follows(bob)
    await dan.follows(bob)
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    path = f"/api/v1/accounts/{bob.id}/followers"
    assert await _accts(alice, path) == ["alice"]
    assert await _accts(dan, path) == ["dan"]
    assert await _accts(stranger, path) == ["dan", "alice"]


async def test_follows_can_be_kept_to_oneself(network: Network, alice: Person) -> None:
    eva = await network.person("eva", hide_collections=True)
    await eva.follows(alice)
    await alice.follows(eva)
    assert await _accts(alice, f"/api/v1/accounts/{eva.id}/following") == []
    assert await _accts(alice, f"/api/v1/accounts/{eva.id}/followers") == []
    assert await _accts(eva, f"/api/v1/accounts/{eva.id}/following") == ["alice"]


async def test_lists_are_paged(network: Network, alice: Person, bob: Person, carol: Person, dan: Person) -> None:
    for person in (bob, carol, dan):
        await person.follows(alice)
    path = f"/api/v1/accounts/{alice.id}/followers"
    page = await alice.request("GET", path, params={"limit": 2})
    assert [account["acct"] for account in page.json()] == ["dan", "carol"]
    older = page.links["next"]["url"].removeprefix("https://talk.example")
    assert [account["acct"] for account in (await alice.request("GET", older)).json()] == ["bob"]


async def test_a_mute_ends_by_itself(network: Network, alice: Person, bob: Person) -> None:
    tie = await alice.post(f"/api/v1/accounts/{bob.id}/mute", duration=3600, notifications=False)
    assert (tie["muting"], tie["muting_notifications"]) == (True, False)
    [muted] = await alice.get("/api/v1/mutes")
    assert muted["acct"] == "bob" and muted["mute_expires_at"] == tie["muting_expires_at"]
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE mutes SET expires_at = now() - interval '1 second'")
    assert not (await _tie(alice, bob))["muting"]
    assert await alice.get("/api/v1/mutes") == []
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    assert (await _tie(alice, bob))["muting_expires_at"] is None
    assert not (await alice.post(f"/api/v1/accounts/{bob.id}/unmute"))["muting"]
    await alice.post(f"/api/v1/accounts/{bob.id}/mute", expect=422, duration=-1)


async def test_a_note_is_private(alice: Person, bob: Person) -> None:
    assert (await alice.post(f"/api/v1/accounts/{bob.id}/note", comment="owes me a book"))["note"] == "owes me a book"
    assert (await _tie(bob, alice))["note"] == ""
    assert (await alice.post(f"/api/v1/accounts/{bob.id}/note", comment=""))["note"] == ""
    await alice.post(f"/api/v1/accounts/{bob.id}/note", expect=422, comment="x" * 2_001)


async def test_a_follower_can_be_removed(alice: Person, bob: Person) -> None:
    await bob.follows(alice)
    assert not (await alice.post(f"/api/v1/accounts/{bob.id}/remove_from_followers"))["followed_by"]
    assert not (await _tie(bob, alice))["following"]


async def test_familiar_followers(alice: Person, bob: Person, carol: Person) -> None:
    await alice.follows(bob)
    await bob.follows(carol)
    [found] = await alice.get("/api/v1/accounts/familiar_followers", **{"id[]": carol.id})
    assert found["id"] == carol.id
    assert [account["acct"] for account in found["accounts"]] == ["bob"]


async def test_scopes_are_asked_for(network: Network, alice: Person) -> None:
    reader = await network.person("reader", scopes=("read",))
    await reader.post(f"/api/v1/accounts/{alice.id}/follow", expect=403)
    await network.stranger().get("/api/v1/follow_requests", expect=401)
