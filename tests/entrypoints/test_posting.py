"""Writing posts and reading them again, through the client API."""

from tests.support.network import Network
from tests.support.people import Person, said


async def test_a_post_is_read_by_anybody(alice: Person, stranger: Person) -> None:
    posted = await alice.says("Hello #Village, how are you?")
    read = await stranger.get(f"/api/v1/statuses/{posted['id']}")
    assert said(read) == "Hello #Village, how are you?"
    assert read["tags"] == [{"name": "village", "url": "https://talk.example/tags/village"}]
    assert read["account"]["acct"] == "alice"
    assert read["url"] == f"https://talk.example/@alice/{posted['id']}"


async def test_a_post_reaches_its_author_home_and_the_local_timeline(
    alice: Person, bob: Person, network: Network
) -> None:
    await alice.home()
    await alice.says("first")
    await network.work()
    assert await alice.home() == ["first"]
    assert [said(post) for post in await bob.get("/api/v1/timelines/public")] == ["first"]


async def test_a_private_post_is_for_those_mentioned_and_nobody_else(
    alice: Person, bob: Person, dan: Person, stranger: Person
) -> None:
    posted = await alice.says("@bob only you", visibility="direct")
    assert said(await bob.get(f"/api/v1/statuses/{posted['id']}")) == "@bob only you"
    await dan.get(f"/api/v1/statuses/{posted['id']}", expect=404)
    await stranger.get(f"/api/v1/statuses/{posted['id']}", expect=404)
