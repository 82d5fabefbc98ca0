"""Finding posts, people and hashtags through the client API."""

from typing import Any

import pytest

from palabre.base import events
from palabre.features import posts
from palabre.features.accounts.events import AccountDeleted
from palabre.features.accounts.profile import Profile, edit_profile
from tests.support.network import Network
from tests.support.people import Person, said


async def found(who: Person, query: str, **more: Any) -> list[str]:
    """What the posts say that somebody finds, newest first."""
    answer = await who.get("/api/v2/search", q=query, type="statuses", **more)
    return [said(post) for post in answer["statuses"]]


async def people(who: Person, query: str, **more: Any) -> list[str]:
    answer = await who.get("/api/v2/search", q=query, type="accounts", **more)
    return [account["acct"] for account in answer["accounts"]]


async def tags(who: Person, query: str, **more: Any) -> list[str]:
    answer = await who.get("/api/v2/search", q=query, type="hashtags", **more)
    return [tag["name"] for tag in answer["hashtags"]]


async def edit(who: Person, changes: Profile) -> None:
    async with who.network.db.transaction() as conn:
        await edit_profile(conn, int(who.id), changes)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Un bel été", "ete"),
        ("Un bel ete", "été"),
        ("Son œuvre", "oeuvre"),
        ("Son oeuvre", "ŒUVRE"),
        ("Je vais à l'école", "école"),
        ("Je vais à l’école", "ecole"),
        ("Une ecole", "l'école"),
        ("Les écoles ouvrent", "école"),
        ("Deux chevaux mangeaient", "mangeait"),
        ("She was baking breads", "bake bread"),
        ("Alice's garden", "alice garden"),
        ("the quick fox", "the fox"),
        ("#GardenParty tonight", "gardenparty"),
        ("read https://www.example.org/tomatoes", "example tomato"),
    ],
)
async def test_forms_and_accents_make_no_difference(
    network: Network, alice: Person, bob: Person, written: str, asked: str
) -> None:
    await alice.says(written)
    await alice.says("Something else altogether")
    await network.work()
    assert await found(bob, asked) == [written]


async def test_words_phrases_and_exclusions(network: Network, alice: Person) -> None:
    for text in ("warm bread from the oven", "the oven is warm", "bread, then oven"):
        await alice.says(text)
    await network.work()
    assert await found(alice, "oven bread") == ["bread, then oven", "warm bread from the oven"]
    assert await found(alice, '"oven is warm"') == ["the oven is warm"]
    assert await found(alice, '"warm breads"') == []
    assert await found(alice, "oven -breads") == ["the oven is warm"]
    assert await found(alice, "-bread") == []
    assert await found(alice, "") == []


async def test_operators_narrow_it_down(network: Network, alice: Person, bob: Person) -> None:
    await alice.says("Du pain au #Marché", language="fr")
    await bob.says("Market day, du pain", language="en")
    await network.work()
    assert await found(bob, "pain from:alice") == ["Du pain au #Marché"]
    assert await found(bob, "pain from:@alice@talk.example") == ["Du pain au #Marché"]
    assert await found(bob, "from:me") == ["Market day, du pain"]
    assert await found(bob, "pain from:nobody") == []
    assert await found(bob, "pain lang:fr") == ["Du pain au #Marché"]
    assert await found(bob, "#marche") == ["Du pain au #Marché"]
    assert await found(bob, "pain -#marché") == ["Market day, du pain"]
    assert await found(bob, "pain", account_id=alice.id) == ["Du pain au #Marché"]
    assert await found(bob, "pain has:media") == []
    assert await found(bob, "pain before:2020-01-01") == []
    assert len(await found(bob, "pain after:2020-01-01")) == 2


async def test_a_language_that_its_author_did_not_name_is_found_out(network: Network, alice: Person) -> None:
    await alice.says("Je vais acheter du pain à la boulangerie ce matin")
    await network.work()
    assert len(await found(alice, "pain lang:fr")) == 1
    assert await found(alice, "pain lang:en") == []


async def test_pages_go_on_where_the_last_ended(network: Network, alice: Person) -> None:
    for number in range(5):
        await alice.says(f"bread {number}")
    await network.work()
    assert await found(alice, "bread", limit=2) == ["bread 4", "bread 3"]
    assert await found(alice, "bread", limit=2, offset=2) == ["bread 2", "bread 1"]
    first = await alice.get("/api/v2/search", q="bread", type="statuses", limit=2)
    ids = [post["id"] for post in first["statuses"]]
    assert await found(alice, "bread", max_id=ids[1]) == ["bread 2", "bread 1", "bread 0"]
    assert await found(alice, "bread", min_id=ids[1]) == ["bread 4"]


async def test_an_edit_a_deletion_and_a_decision_are_followed(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("about tomatoes")
    await network.work()
    await alice.put(f"/api/v1/statuses/{posted['id']}", status="about cucumbers")
    await network.work()
    assert await found(bob, "tomatoes") == []
    assert await found(bob, "cucumbers") == ["about cucumbers"]
    async with network.db.transaction() as conn:
        await posts.withhold(conn, int(alice.id), int(posted["id"]))
    assert await found(bob, "cucumbers") == [], "withheld posts are hidden even before the index follows"
    await network.work()
    async with network.db.transaction() as conn:
        assert await conn.value("SELECT count(*) FROM search_posts") == 0
        await posts.restore(conn, int(alice.id), int(posted["id"]))
    await network.work()
    assert await found(bob, "cucumbers") == ["about cucumbers"]
    await alice.delete(f"/api/v1/statuses/{posted['id']}")
    assert await found(bob, "cucumbers") == []
    await network.work()
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM search_posts") == 0


async def test_private_words_reach_only_whom_they_are_for(
    network: Network, alice: Person, bob: Person, dan: Person, stranger: Person
) -> None:
    await bob.follows(alice)
    await alice.says("secret to followers", visibility="private")
    await alice.says("secret, unlisted", visibility="unlisted")
    await alice.says("@dan secret to you", visibility="direct")
    await network.work()
    assert await found(alice, "secret") == ["@dan secret to you", "secret, unlisted", "secret to followers"]
    assert await found(bob, "secret") == ["secret to followers"]
    assert await found(dan, "secret") == ["@dan secret to you"]
    assert await found(stranger, "secret") == []


async def test_an_author_may_keep_out_of_the_index(network: Network, alice: Person, bob: Person) -> None:
    await alice.says("my garden")
    await network.work()
    assert await found(bob, "garden") == ["my garden"]
    await edit(alice, Profile(indexable=False))
    await network.work()
    assert await found(bob, "garden") == []
    assert await found(alice, "garden") == ["my garden"]


async def test_blocked_and_muted_people_are_left_out(network: Network, alice: Person, bob: Person, dan: Person) -> None:
    await bob.says("garden by bob")
    await dan.says("garden by dan")
    await network.work()
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    await network.work()
    assert await found(alice, "garden") == []
    assert await found(dan, "garden") == ["garden by dan", "garden by bob"]
    assert await people(alice, "da") == []
    assert await people(alice, "dan") == ["dan"], "he must be found to be unblocked"
    assert await people(dan, "alice") == []
    assert await people(alice, "bo") == []


async def test_urls_lead_to_what_they_name(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("#here it is")
    hidden = await alice.says("not yours", visibility="private")
    await network.work()
    answer = await bob.get("/api/v2/search", q=posted["url"], resolve=True)
    assert [post["id"] for post in answer["statuses"]] == [posted["id"]]
    assert answer["accounts"] == answer["hashtags"] == []
    assert await found(bob, posted["uri"]) == ["#here it is"]
    assert await found(bob, hidden["url"]) == []
    assert await people(bob, "https://talk.example/@alice") == ["alice"]
    assert await tags(bob, "https://talk.example/tags/here") == ["here"]
    assert await people(bob, "https://elsewhere.example/@alice") == []


async def test_people_are_found_by_handle_beginning_and_misspelling(
    network: Network, alice: Person, bob: Person, stranger: Person
) -> None:
    alicia = await network.person("alicia", display_name="Zoé Œil")
    await network.person("al")
    await network.person("norbert")
    await network.work()
    assert await people(bob, "al") == ["al", "alice", "alicia"]
    assert await people(bob, "@alice@talk.example") == ["alice"]
    assert await people(bob, "alice@talk.example") == ["alice"]
    assert await people(bob, "alice@elsewhere.example") == []
    assert await people(bob, "zoe oei") == ["alicia"]
    assert await people(bob, "nobrert") == ["norbert"]
    assert await people(stranger, "alice") == ["alice"]
    await bob.follows(alicia)
    assert await people(bob, "ali") == ["alicia", "alice"]
    assert await people(bob, "ali", following=True) == ["alicia"]
    assert [account["acct"] for account in await bob.get("/api/v1/accounts/search", q="@ali")] == ["alicia", "alice"]
    assert [account["acct"] for account in await bob.get("/api/v1/accounts/search", q="alicia", limit=1)] == ["alicia"]
    assert await people(bob, "ali", offset=1) == ["alice"]


async def test_a_changed_name_is_found_and_a_deleted_account_is_not(
    network: Network, alice: Person, bob: Person
) -> None:
    await alice.says("so long")
    await network.work()
    await edit(alice, Profile(display_name="Wonderland"))
    await network.work()
    assert await people(bob, "wonder") == ["alice"]
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET standing = 'deleted' WHERE id = $1", int(alice.id))
        await events.record(conn, AccountDeleted(int(alice.id)))
    assert await people(bob, "wonder") == []
    assert await found(bob, "so long") == []
    await network.work()
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM search_posts") == 0
        assert await conn.value("SELECT count(*) FROM search_accounts WHERE account_id = $1", int(alice.id)) == 0


async def test_hashtags_are_found_by_how_they_begin(network: Network, alice: Person, stranger: Person) -> None:
    for text in ("#Été", "#étémusical", "#étémusical again", "#autumn"):
        await alice.says(text)
    await alice.says("#étésecret", visibility="direct")
    await network.work()
    assert await tags(stranger, "ete") == ["Été", "étémusical"]
    assert await tags(stranger, "#étém") == ["étémusical"]
    answer = await stranger.get("/api/v2/search", q="#étémusical")
    assert answer["hashtags"][0]["history"][0]["uses"] == "2"
    assert await tags(stranger, "winter") == []


async def test_strangers_neither_page_nor_resolve(stranger: Person, alice: Person) -> None:
    await stranger.get("/api/v2/search", q="x", offset=1, type="accounts", expect=401)
    await stranger.get("/api/v2/search", q="x", resolve=True, expect=401)
    await stranger.get("/api/v1/accounts/search", q="x", expect=401)
    await alice.get("/api/v2/search", q="x", type="nonsense", expect=422)


async def test_a_token_needs_the_scope(network: Network) -> None:
    eve = await network.person("eve", scopes=("read:statuses",))
    await eve.get("/api/v2/search", q="x", expect=403)
    await eve.get("/api/v1/accounts/search", q="x", expect=403)


@pytest.mark.parametrize(
    "query", ["'", "\\", "a'b & !", "\x00", '"', "-", "#", "@", "(", ":*", "é" * 5_000, "a " * 3_000]
)
async def test_strange_queries_are_answered(alice: Person, query: str) -> None:
    await alice.get("/api/v2/search", q=query)
    await alice.get("/api/v1/accounts/search", q=query)


async def test_suggestions_and_directory(network: Network, alice: Person, bob: Person, dan: Person) -> None:
    carol = await network.person("carol")
    await alice.follows(bob)
    await bob.follows(carol)
    await dan.says("hello")
    await network.work()
    suggested = await alice.get("/api/v2/suggestions")
    assert [(each["account"]["acct"], each["sources"]) for each in suggested] == [
        ("carol", ["friends_of_friends"]),
        ("dan", ["most_followed"]),
    ]
    assert [account["acct"] for account in await alice.get("/api/v1/directory")] == ["dan"]
    assert len(await alice.get("/api/v1/directory", order="new")) == 4
