"""Block lists of others: drafts, adoption, retraction, exclusions, priorities."""

from datetime import timedelta

import pytest

from palabre.base import clock
from palabre.base.errors import Refused
from palabre.features.moderation import domains
from palabre.features.moderation.domains import Measure, lists
from palabre.features.moderation.domains.lists import Subscription, Wish
from tests.features.moderation.domains.conftest import Elsewhere
from tests.support.lists import ListServer
from tests.support.network import Network

HEADER = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"


class Following:
    """A list that the network follows."""

    def __init__(self, network: Network, list_id: int) -> None:
        self.network, self.id = network, list_id

    async def fetch(self) -> Subscription:
        async with self.network.db.transaction() as conn:
            await lists.fetch_now(conn, None, self.id)
        await self.network.work()
        async with self.network.db.reading() as conn:
            return await lists.subscription(conn, None, self.id)


async def follow(network: Network, url: str, **wish: object) -> Following:
    async with network.db.transaction() as conn:
        list_id = await lists.subscribe(conn, None, Wish("A list", url, **wish))  # type: ignore[arg-type]
    await network.work()
    return Following(network, list_id)


async def drafts(network: Network) -> list[str]:
    async with network.db.reading() as conn:
        return [draft.domain for draft in await lists.drafts(conn, None)]


async def accept(network: Network, following: Following, *names: str) -> None:
    async with network.db.transaction() as conn:
        await lists.accept(conn, None, [(following.id, name) for name in names])
    await network.work()


async def test_what_a_list_names_waits_for_a_moderator(
    network: Network, elsewhere: Elsewhere, server: ListServer
) -> None:
    server.says = HEADER + "a.example,silence,true,false,Spam,false\nb.example,suspend,false,false,,false\n"
    followed = await follow(network, server.url)
    assert await drafts(network) == ["a.example", "b.example"] and await elsewhere.standing_measures() == {}
    await accept(network, followed, "a.example")
    async with network.db.transaction() as conn:
        (standing,) = await domains.every(conn)
        assert standing.measure == Measure("limit", reject_media=True, public_comment="Spam")
        assert standing.list_id == followed.id
        await lists.dismiss(conn, None, [(followed.id, "b.example")])
    server.says += "# more\n"
    await followed.fetch()
    assert await drafts(network) == []


async def test_all_at_once(
    network: Network, elsewhere: Elsewhere, server: ListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists.carry_out, "BATCH", 2)
    server.says = "\n".join(f"{letter}.example" for letter in "abcde")
    await follow(network, server.url, severity="limit")
    async with network.db.transaction() as conn:
        await lists.accept_all(conn, None)
    await network.work()
    assert await elsewhere.standing_measures() == {f"{letter}.example": "limit" for letter in "abcde"}


async def test_a_list_can_be_adopted_and_retracted(network: Network, elsewhere: Elsewhere, server: ListServer) -> None:
    eve = await elsewhere.account("eve", "a.example")
    server.says = "a.example\nb.example\n"
    followed = await follow(network, server.url, adopt=True)
    assert await elsewhere.standing(eve) == "suspended"
    server.says = HEADER + "b.example,silence,false,false,,false\n"
    await followed.fetch()
    assert await elsewhere.standing_measures() == {"b.example": "limit"}
    assert await elsewhere.standing(eve) == "active"
    async with network.db.reading() as conn:
        assert [entry.kind for entry in await domains.history(conn, None, "a.example")] == ["set", "retracted"]


async def test_a_change_waits_too_where_lists_are_not_adopted(
    network: Network, elsewhere: Elsewhere, server: ListServer
) -> None:
    server.says = HEADER + "a.example,silence,false,false,,false\n"
    followed = await follow(network, server.url)
    await accept(network, followed, "a.example")
    server.says = HEADER + "a.example,suspend,false,false,,false\n"
    await followed.fetch()
    assert await elsewhere.standing_measures() == {"a.example": "limit"} and await drafts(network) == ["a.example"]
    await accept(network, followed, "a.example")
    assert await elsewhere.standing_measures() == {"a.example": "suspend"}


async def test_what_the_moderators_set_themselves_stays(
    network: Network, elsewhere: Elsewhere, server: ListServer
) -> None:
    await elsewhere.against("a.example", "limit")
    server.says = "a.example\nb.example\n"
    followed = await follow(network, server.url, adopt=True)
    await elsewhere.against("b.example", "limit")
    assert await elsewhere.standing_measures() == {"a.example": "limit", "b.example": "limit"}
    server.says = "c.example\n"
    await followed.fetch()
    assert await elsewhere.standing_measures() == {"a.example": "limit", "b.example": "limit", "c.example": "suspend"}


async def test_what_a_moderator_lifted_is_not_taken_again(
    network: Network, elsewhere: Elsewhere, server: ListServer
) -> None:
    server.says = "a.example\nb.example\n"
    followed = await follow(network, server.url, adopt=True)
    seq = await elsewhere.lift("a.example")
    server.says = "b.example\na.example\n"
    await followed.fetch()
    assert await elsewhere.standing_measures() == {"b.example": "suspend"}
    async with network.db.transaction() as conn:
        await domains.undo(conn, None, "a.example", seq)
    server.says = "b.example\n"
    await followed.fetch()
    assert await elsewhere.standing_measures() == {"b.example": "suspend"}, "undone, it was the list's again"


async def test_of_two_lists_the_higher_is_followed_and_the_other_steps_in(
    network: Network, elsewhere: Elsewhere, server: ListServer
) -> None:
    server.says = HEADER + "a.example,silence,false,false,,false\n"
    mild = await follow(network, server.url, adopt=True, priority=5)
    server.says = HEADER + "a.example,suspend,false,false,,false\n"
    await follow(network, f"{server.url}?2", adopt=True, priority=1)
    assert await elsewhere.standing_measures() == {"a.example": "limit"}
    server.says = "b.example\n"
    await mild.fetch()
    assert await elsewhere.standing_measures() == {"a.example": "suspend", "b.example": "suspend"}


async def test_a_higher_list_that_comes_later_takes_over(
    network: Network, elsewhere: Elsewhere, server: ListServer
) -> None:
    server.says = HEADER + "a.example,suspend,false,false,,false\n"
    await follow(network, server.url, adopt=True, priority=1)
    server.says = HEADER + "a.example,silence,false,false,,false\n"
    await follow(network, f"{server.url}?2", adopt=True, priority=5)
    assert await elsewhere.standing_measures() == {"a.example": "limit"}


async def test_exclusions_hold_for_what_lies_below(network: Network, elsewhere: Elsewhere, server: ListServer) -> None:
    server.says = "friends.example\ntalk.friends.example\nb.example\n"
    followed = await follow(network, server.url, adopt=True)
    async with network.db.transaction() as conn:
        await lists.exclude(conn, None, "friends.example", "We know them")
    await network.work()
    assert await elsewhere.standing_measures() == {"b.example": "suspend"}
    server.says += "c.example\n"
    await followed.fetch()
    assert await elsewhere.standing_measures() == {"b.example": "suspend", "c.example": "suspend"}
    async with network.db.transaction() as conn:
        await lists.include(conn, None, "friends.example")
    await followed.fetch()
    assert "talk.friends.example" in await elsewhere.standing_measures()


@pytest.mark.parametrize("keep", [True, False])
async def test_leaving_a_list(network: Network, elsewhere: Elsewhere, server: ListServer, keep: bool) -> None:
    server.says = "a.example\nb.example\n"
    followed = await follow(network, server.url, adopt=True)
    async with network.db.transaction() as conn:
        await lists.unsubscribe(conn, None, followed.id, keep=keep)
    await network.work()
    assert len(await elsewhere.standing_measures()) == (2 if keep else 0)
    async with network.db.reading() as conn:
        assert await lists.subscriptions(conn, None) == []
        assert await conn.value("SELECT count(*) FROM domain_list_entries") == 0


@pytest.mark.parametrize("answer", ["", "<!doctype html><p>Gone fishing", "# nothing\n\n", "a b c,d\n" * 50])
async def test_what_is_no_list_changes_nothing(
    network: Network, elsewhere: Elsewhere, server: ListServer, answer: str
) -> None:
    server.says = "a.example\n"
    followed = await follow(network, server.url, adopt=True)
    server.says = answer
    after = await followed.fetch()
    assert "no list" in after.problem and await elsewhere.standing_measures() == {"a.example": "suspend"}
    server.says, server.status = "b.example\n", 500
    assert "500" in (await followed.fetch()).problem
    server.status = 200
    assert (await followed.fetch()).problem == ""
    assert await elsewhere.standing_measures() == {"b.example": "suspend"}


async def test_lists_are_fetched_every_day(
    network: Network, elsewhere: Elsewhere, server: ListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says = "a.example\n"
    await follow(network, server.url, adopt=True)
    for _ in range(2):
        await lists.fetch_due(network.db)
        await network.work()
    assert server.asked == 1
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    await lists.fetch_due(network.db)
    await network.work()
    assert (server.asked, server.unchanged) == (2, 1)
    assert await elsewhere.standing_measures() == {"a.example": "suspend"}


@pytest.mark.parametrize("url", ["http://10.0.0.1/list", "file:///etc/passwd", "list.example", ""])
async def test_addresses_inside_are_no_lists(network: Network, url: str) -> None:
    with pytest.raises(Refused):
        await follow(network, url)
