"""What a profile shows, to whom, in its variants."""

from typing import Any

from palabre.base.paging import Page
from palabre.features import timelines
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.ties import block, follow


async def test_variants_of_a_profile(alice: Person, bob: Person, dan: Person, network: Network) -> None:
    await follow(bob, alice)
    theirs = await bob.says("by Bob")
    media = await upload(alice)
    first = await alice.says("plain #cats")
    picture = await alice.says("picture", media_ids=[media["id"]])
    reply = await alice.says("to Bob", in_reply_to_id=theirs["id"])
    own_thread = await alice.says("and", in_reply_to_id=first["id"])
    quiet = await alice.says("unlisted", visibility="unlisted")
    private = await alice.says("private", visibility="private")
    await alice.says("@bob direct", visibility="direct")
    boost = await alice.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    for post in (first, quiet):
        await alice.post(f"/api/v1/statuses/{post['id']}/pin")

    async def seen(viewer: Person | None, **variant: Any) -> list[str]:
        async with network.db.reading() as conn:
            viewer_id = int(viewer.id) if viewer else None
            found = await timelines.profile(conn, int(alice.id), viewer_id, Page(40), **variant)
        return [str(post.id) for post in found.posts]

    everything = [post["id"] for post in (boost, private, quiet, own_thread, reply, picture, first)]
    assert await seen(alice) == await seen(bob) == everything
    assert await seen(None) == await seen(dan) == [post_id for post_id in everything if post_id != private["id"]]
    assert reply["id"] not in await seen(bob, replies=False) and own_thread["id"] in await seen(bob, replies=False)
    assert boost["id"] not in await seen(bob, reblogs=False)
    assert await seen(bob, only_media=True) == [picture["id"]]
    assert await seen(bob, tag="CATS") == [first["id"]]
    async with network.db.reading() as conn:
        pinned = await timelines.pinned(conn, int(alice.id), None)
    assert [str(post.id) for post in pinned.posts] == [quiet["id"], first["id"]]
    await block(alice, dan)
    assert await seen(dan) == []


async def test_accounts_of_limited_reach_are_read_by_who_asks_for_them(
    alice: Person, bob: Person, network: Network, stranger: Person
) -> None:
    await follow(bob, alice)
    await bob.home()
    await alice.says("#hello")
    await network.work()
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET standing = 'limited' WHERE id = $1", int(alice.id))
    assert await stranger.get("/api/v1/timelines/public") == []
    assert await stranger.get("/api/v1/timelines/tag/hello") == []
    assert await bob.home() == ["#hello"]
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET standing = 'suspended' WHERE id = $1", int(alice.id))
    assert await bob.home() == []
