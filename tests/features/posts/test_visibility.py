"""Who may do what with whose post, by every route: those who may not see it get the 404 of one that isn't there."""

import pytest

from tests.support.network import Network
from tests.support.people import Person
from tests.support.ties import block, follow

VIEWERS = ("author", "follower", "mentioned", "nobody", "blocked", "blocker", "signed_out", "moderator")
EVERYBODY = {"author", "follower", "mentioned", "nobody", "signed_out", "moderator"}
SEES = {
    "public": EVERYBODY,
    "unlisted": EVERYBODY,
    "private": {"author", "follower", "mentioned"},
    "direct": {"author", "mentioned"},
}
READ = ("", "/context", "/history", "/favourited_by", "/reblogged_by")
REACT = ("favourite", "unfavourite", "bookmark", "unbookmark", "mute", "unmute", "unreblog")


@pytest.fixture
async def people(network: Network) -> dict[str, Person]:
    """One of each kind, as they stand to the author."""
    made = {name: await network.person(name) for name in VIEWERS if name not in ("signed_out", "moderator")}
    made["moderator"] = await network.person("moderator", role="moderator")
    made["signed_out"] = network.stranger()
    await follow(made["follower"], made["author"])
    await block(made["author"], made["blocked"])
    await block(made["blocker"], made["author"])
    return made


@pytest.mark.parametrize("visibility", SEES)
async def test_who_may_do_what(people: dict[str, Person], visibility: str) -> None:
    author = people["author"]
    said = await author.says("@mentioned @blocked @blocker hello #there", visibility=visibility)
    path = f"/api/v1/statuses/{said['id']}"
    for name, person in people.items():
        sees = name in SEES[visibility]
        for route in READ:
            await person.get(path + route, expect=200 if sees else 404)
        found = await person.get("/api/v1/statuses", **{"id[]": said["id"]})
        assert [post["id"] for post in found] == ([said["id"]] if sees else []), name
        if name == "signed_out":
            await person.post(f"{path}/favourite", expect=401)
            continue
        for verb in REACT:
            await person.post(f"{path}/{verb}", expect=200 if sees else 404)
        await person.post("/api/v1/statuses", expect=200 if sees else 404, status="so?", in_reply_to_id=said["id"])
        await person.post(f"{path}/translate", expect=404)
        for route in (f"{path}/pin", f"{path}/unpin"):
            pinnable = name == "author" and visibility != "direct"
            allowed = 200 if pinnable else 422
            await person.post(route, expect=(200 if route.endswith("unpin") else allowed) if sees else 404)
        await _only_authors_may_change_it(person, path, name == "author")
        boostable = visibility in ("public", "unlisted") or (visibility == "private" and name == "author")
        await person.post(f"{path}/reblog", expect=404 if not sees else 200 if boostable else 403)


async def _only_authors_may_change_it(person: Person, path: str, author: bool) -> None:
    await person.get(f"{path}/source", expect=200 if author else 404)
    await person.put(path, expect=200 if author else 404, status="@mentioned @blocked @blocker hello #there")
    if not author:
        await person.delete(path, expect=404)


async def test_a_boost_does_not_carry_a_post_to_whom_its_author_blocks(
    alice: Person, bob: Person, dan: Person, network: Network
) -> None:
    await block(alice, dan)
    await follow(dan, bob)
    await dan.home()
    said = await alice.says("not for Dan")
    boost = await bob.post(f"/api/v1/statuses/{said['id']}/reblog")
    await network.work()
    await dan.get(f"/api/v1/statuses/{boost['id']}", expect=404)
    for verb in ("favourite", "bookmark", "reblog"):
        await dan.post(f"/api/v1/statuses/{boost['id']}/{verb}", expect=404)
    assert await dan.home() == []


async def test_the_blocked_write_no_longer_to_who_blocked_them(alice: Person, dan: Person) -> None:
    await block(alice, dan)
    said = await dan.says("@alice hear me")
    await alice.get(f"/api/v1/statuses/{said['id']}", expect=404)


async def test_other_peoples_pictures_cannot_be_attached(alice: Person, bob: Person) -> None:
    from tests.support.images import upload

    media = await upload(alice)
    await bob.post("/api/v1/statuses", expect=422, status="mine!", media_ids=[media["id"]])
    for method in ("get", "put", "delete"):
        await getattr(bob, method)(f"/api/v1/media/{media['id']}", expect=404)
    await alice.says("", media_ids=[media["id"]])
    await alice.post("/api/v1/statuses", expect=422, status="twice", media_ids=[media["id"]])


async def test_replies_that_few_may_see_are_not_counted(alice: Person, bob: Person, stranger: Person) -> None:
    said = await alice.says("what do you think?")
    for visibility in ("direct", "private", "unlisted", "public"):
        await bob.says("@alice this", in_reply_to_id=said["id"], visibility=visibility)
    assert (await stranger.get(f"/api/v1/statuses/{said['id']}"))["replies_count"] == 2


async def test_direct_posts_are_in_nobodys_count(alice: Person) -> None:
    await alice.says("@alice a note", visibility="direct")
    said = await alice.says("hello")
    assert said["account"]["statuses_count"] == 1
