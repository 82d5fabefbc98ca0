"""Whoever searches finds nothing that he could not read anyway, whatever the visibility and the tie."""

from palabre.base.paging import Page
from palabre.features import posts, search
from tests.support.network import Network
from tests.support.people import Person


async def test_what_is_found_could_be_read(
    network: Network, alice: Person, bob: Person, carol: Person, dan: Person
) -> None:
    eve = await network.person("eve", indexable=False)
    people = [alice, bob, carol, dan, eve]
    await bob.follows(alice)
    await carol.follows(eve)
    for author in people:
        for visibility in ("public", "unlisted", "private", "direct"):
            await author.says(f"bread {visibility}", visibility=visibility)
            await author.says(f"@bob bread {visibility}", visibility=visibility)
    await network.work()
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    async with network.db.reading() as conn:
        everything = [row["id"] for row in await conn.rows("SELECT id FROM posts ORDER BY id DESC")]
        for viewer in people:
            viewer_id = int(viewer.id)
            may_read = await posts.look(conn, everything, viewer_id)
            expected = {post.id for post in may_read if _concerns(post, viewer, eve)}
            found = (await search.posts(conn, "bread", viewer_id, Page(40))).posts
            assert {post.id for post in found} == expected, viewer.name
        assert not (await search.posts(conn, "bread", None, Page(40))).posts


def _concerns(post: posts.PostView, viewer: Person, eve: Person) -> bool:
    """What a reader may also find: not the unlisted or unindexed of others, unless it names him."""
    if post.author_id == int(viewer.id) or int(viewer.id) in post.audience:
        return True
    return post.visibility == "private" or (post.visibility == "public" and post.author_id != int(eve.id))


async def test_the_index_can_be_made_anew(network: Network, alice: Person, bob: Person) -> None:
    await alice.says("bread and butter")
    gone = await alice.says("bread no more")
    await network.work()
    await alice.delete(f"/api/v1/statuses/{gone['id']}")
    async with network.db.transaction() as conn:
        await conn.execute("DELETE FROM search_posts WHERE post_id <> $1", int(gone["id"]))
        await conn.execute("DELETE FROM search_accounts")
    told: list[tuple[int, int]] = []
    assert await search.rebuild(network.db, lambda done, total: told.append((done, total))) == 3
    assert told[-1] == (3, 3)
    async with network.db.reading() as conn:
        assert len((await search.posts(conn, "bread", int(bob.id), Page())).posts) == 1
        assert await conn.value("SELECT count(*) FROM search_posts") == 1
        assert [view.public.username for view in await search.people(conn, "ali", None)] == ["alice"]


async def test_a_page_is_filled_past_posts_that_may_not_be_shown(network: Network, alice: Person, bob: Person) -> None:
    await alice.says("bread, the first")
    for number in range(30):
        await bob.says(f"bread {number}")
    await network.work()
    carol = await network.person("carol")
    await carol.post(f"/api/v1/accounts/{bob.id}/mute")
    async with network.db.reading() as conn:
        page = await search.posts(conn, "bread", int(carol.id), Page(5))
    assert [post.author_id for post in page.posts] == [int(alice.id)]
