"""The home timeline: copied to followers, fetched for widely followed authors, built anew for those who return."""

import importlib
import itertools
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from palabre import settings
from palabre.features import posts, timelines
from palabre.features.timelines.home import forget_pulled
from tests.entrypoints.test_reactions import ids_by_links
from tests.support.network import Network
from tests.support.people import Person
from tests.support.ties import block, follow, mute, unfollow


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_pulled()
    yield
    forget_pulled()


def configure(**changes: object) -> None:
    settings.use(settings.current().model_copy(update=changes))


async def age_pull(network: Network) -> None:
    """As if every pulled author had been one for an hour."""
    forget_pulled()
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE pulled_authors SET since = now() - interval '1 hour'")


async def entries(person: Person) -> int:
    async with person.network.db.reading() as conn:
        return int(await conn.value("SELECT count(*) FROM home_entries WHERE account_id = $1", int(person.id)))


async def test_a_post_is_copied_to_those_who_follow_and_are_around(
    alice: Person, bob: Person, dan: Person, network: Network
) -> None:
    await follow(bob, alice)
    await follow(dan, alice)
    await bob.home()
    await alice.says("hello")
    await alice.says("for followers", visibility="private")
    await alice.says("@bob psst", visibility="direct")
    await network.work()
    assert await bob.home() == ["@bob psst", "for followers", "hello"]
    assert await entries(bob) == 3 and await entries(dan) == 0  # Dan has never looked
    assert await dan.home() == ["for followers", "hello"]


async def test_fan_out_goes_on_in_batches_and_may_be_repeated(
    alice: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = importlib.import_module("palabre.features.timelines.place")
    monkeypatch.setattr(place, "_AT_ONCE", 2)
    monkeypatch.setattr(place, "_BATCH", 3)
    crowd = [await network.person(f"fan{number}") for number in range(9)]
    for fan in crowd:
        await follow(fan, alice)
        await fan.home()
    posted = await alice.says("to all")
    await network.work()
    assert [await entries(fan) for fan in crowd] == [1] * 9
    async with network.db.transaction() as conn:
        await place.place_batch(conn, place.Batch(int(posted["id"]), int(alice.id), 0))
    await network.work()
    assert [await fan.home() for fan in crowd] == [["to all"]] * 9


async def test_a_widely_followed_author_is_fetched_on_reading(
    alice: Person, bob: Person, dan: Person, network: Network
) -> None:
    await follow(bob, alice)
    await follow(bob, dan)
    await bob.home()
    await alice.says("copied")
    await network.work()
    configure(pull_followers=0)
    await alice.says("both ways")  # the first one pulled is copied too, since readers may not know yet
    await network.work()
    assert await entries(bob) == 2
    assert await bob.home() == ["both ways", "copied"]
    await age_pull(network)
    await alice.says("fetched only")
    await network.work()
    assert await entries(bob) == 2
    configure(pull_followers=100)
    await dan.says("by Dan")
    await network.work()
    assert await bob.home() == ["by Dan", "fetched only", "both ways", "copied"]
    await unfollow(bob, alice)
    await network.work()
    assert await bob.home() == ["by Dan"]


async def test_authors_read_their_own_posts_even_when_widely_followed(
    alice: Person, bob: Person, network: Network
) -> None:
    configure(pull_followers=0)
    await follow(bob, alice)
    await alice.says("mine")
    await network.work()
    await age_pull(network)
    assert await alice.home() == ["mine"]
    await alice.says("mine too")
    await network.work()
    assert await alice.home() == ["mine too", "mine"]


async def test_a_returning_member_finds_what_he_would_have_had(
    alice: Person, bob: Person, dan: Person, network: Network
) -> None:
    """The same posts whether copied one by one or built anew."""
    await follow(bob, alice)
    await bob.home()
    theirs = await dan.says("by a stranger")
    ours = await alice.says("by a friend")
    await alice.says("friend to stranger", in_reply_to_id=theirs["id"])
    await alice.says("friend to herself", in_reply_to_id=ours["id"])
    await bob.says("mine to stranger", in_reply_to_id=theirs["id"])
    mine = await bob.says("mine")
    await alice.says("friend to me", in_reply_to_id=mine["id"])
    await alice.says("@dan not for bob", visibility="direct")
    await bob.says("@dan from bob", visibility="direct")
    await alice.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    await network.work()
    kept_ready = await bob.home()
    assert kept_ready == [
        "by a stranger",
        "@dan from bob",
        "friend to me",
        "mine",
        "mine to stranger",
        "friend to herself",
        "by a friend",
    ]
    async with network.db.transaction() as conn:
        await timelines.forget_absent(conn, timedelta(0))
    assert await entries(bob) == 0
    assert await bob.home() == kept_ready


async def test_a_new_follow_brings_the_latest_posts_and_an_end_takes_them_away(
    alice: Person, bob: Person, network: Network
) -> None:
    await bob.home()
    await alice.says("before")
    await network.work()
    assert await bob.home() == []
    await follow(bob, alice)
    await network.work()
    assert await bob.home() == ["before"]
    await unfollow(bob, alice)
    await network.work()
    assert await bob.home() == []


async def test_the_same_post_boosted_by_several_comes_once(alice: Person, bob: Person, network: Network) -> None:
    await bob.home()
    friends = [await network.person(f"friend{number}") for number in range(3)]
    for friend in friends:
        await follow(bob, friend)
    posted = await alice.says("worth boosting")
    for friend in friends:
        await friend.post(f"/api/v1/statuses/{posted['id']}/reblog")
    await network.work()
    assert await bob.home() == ["worth boosting"]
    async with network.db.transaction() as conn:
        await timelines.forget_absent(conn, timedelta(0))
    assert await bob.home() == ["worth boosting"]


async def test_who_wants_no_boosts_gets_none(alice: Person, bob: Person, dan: Person, network: Network) -> None:
    await follow(bob, dan, reblogs=False)
    await bob.home()
    posted = await alice.says("boosted by Dan")
    await dan.post(f"/api/v1/statuses/{posted['id']}/reblog")
    await dan.says("Dan's own")
    await network.work()
    assert await bob.home() == ["Dan's own"]


async def test_the_muted_and_the_blocked_are_not_read(
    alice: Person, bob: Person, dan: Person, network: Network
) -> None:
    await follow(bob, alice)
    await bob.home()
    posted = await dan.says("by Dan")
    await alice.says("by Alice")
    await alice.post(f"/api/v1/statuses/{posted['id']}/reblog")
    await network.work()
    assert await bob.home() == ["by Dan", "by Alice"]
    await mute(bob, dan)
    assert await bob.home() == ["by Alice"]
    await block(alice, bob)
    assert await bob.home() == []


async def test_deleted_posts_leave_no_hole(alice: Person, bob: Person, network: Network) -> None:
    await follow(bob, alice)
    await bob.home()
    made = [(await alice.says(f"post {number}"))["id"] for number in range(12)]
    await network.work()
    for post_id in made[4:11]:
        await alice.delete(f"/api/v1/statuses/{post_id}")
    await network.work()
    kept = [made[11], *made[3::-1]]
    first = [post["id"] for post in await bob.get("/api/v1/timelines/home", limit=3)]
    assert first == kept[:3]
    assert [post_id for page in await ids_by_links(bob, "/api/v1/timelines/home?limit=2") for post_id in page] == kept


@pytest.mark.parametrize("pulled", [False, True])
async def test_pages_have_no_gaps_and_no_repeats(
    alice: Person, bob: Person, dan: Person, network: Network, pulled: bool
) -> None:
    """With hidden posts in between, and one author copied, the other fetched."""
    friend = await network.person("friend")
    for author in (alice, dan, friend):
        await follow(bob, author)
    await bob.home()
    if pulled:
        configure(pull_followers=0)
        await alice.says("now pulled")
        await network.work()
        await age_pull(network)
        configure(pull_followers=100)
        async with network.db.transaction() as conn:
            await conn.execute("UPDATE account_counts SET followers = 1000 WHERE account_id = $1", int(alice.id))
    chance = random.Random(4)
    kept = []
    for number in range(30):
        author = chance.choice((alice, friend, dan))
        post = await author.says(f"{author.name} {number}")
        if author is not dan:
            kept.insert(0, post["id"])
    await network.work()
    await mute(bob, dan)
    if pulled:
        found = await bob.get("/api/v1/timelines/home", limit=40)
        kept.append(found[-1]["id"])
    pages = await ids_by_links(bob, "/api/v1/timelines/home?limit=4")
    assert list(itertools.chain(*pages)) == kept
    assert all(len(page) == 4 for page in pages[:-1])

    # The other way: upwards from the oldest by min_id; and the newest ones since one in the middle.
    upwards, at = [kept[-1]], kept[-1]
    while page := [post["id"] for post in await bob.get("/api/v1/timelines/home", limit=5, min_id=at)]:
        upwards = [*page, *upwards]
        at = page[0]
    assert upwards == kept
    since = [post["id"] for post in await bob.get("/api/v1/timelines/home", limit=5, since_id=kept[10])]
    assert since == kept[:5]
    since = [post["id"] for post in await bob.get("/api/v1/timelines/home", since_id=kept[3])]
    assert since == kept[:3]


async def test_limits(alice: Person) -> None:
    for number in range(42):
        await alice.says(str(number))
    for limit, expected in (("0", 1), ("1", 1), ("41", 40), ("9999999", 20), ("-3", 20), ("many", 20), ("", 20)):
        assert len(await alice.get("/api/v1/timelines/public", limit=limit)) == expected, limit
    response = await alice.request(
        "GET", "/api/v1/timelines/public?limit=2&only_media=false&max_id=9000000000000000000"
    )
    first, last = (response.json()[place]["id"] for place in (0, -1))
    url = "https://talk.example/api/v1/timelines/public?limit=2&only_media=false"
    assert response.headers["link"] == f'<{url}&max_id={last}>; rel="next", <{url}&min_id={first}>; rel="prev"'


async def test_a_page_of_nothing_but_hidden_posts_still_leads_on(alice: Person, bob: Person, dan: Person) -> None:
    first = await alice.says("far below")
    async with bob.network.db.transaction() as conn:
        for _ in range(70):
            await posts.publish(conn, int(dan.id), posts.Draft(text="noise"))
    await mute(bob, dan)
    pages = await ids_by_links_through(bob, "/api/v1/timelines/public?limit=1")
    assert pages == [first["id"]]


async def ids_by_links_through(person: Person, path: str) -> list[str]:
    """As `ids_by_links`, not stopping at empty pages."""
    found: list[str] = []
    following: str | None = path
    for _ in range(20):
        if following is None:
            return found
        response = await person.request("GET", following)
        found += [item["id"] for item in response.json()]
        link = response.headers.get("link", "")
        following = link.split(">")[0].strip(" <") if 'rel="next"' in link else None
    raise AssertionError("the links go round in circles")


async def test_a_crash_while_a_home_is_built_leaves_nothing_half_built(
    network: Network, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Had it been noted as ready before it was, it would have stayed empty."""
    from palabre.features.timelines import store

    await alice.says("Before the crash")
    await bob.follows(alice)
    await network.work()
    filling = store.fill

    async def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "fill", crash)
    with pytest.raises(KeyboardInterrupt):
        await bob.home()
    monkeypatch.setattr(store, "fill", filling)
    assert await bob.home() == ["Before the crash"]
