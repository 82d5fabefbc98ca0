"""Following at the same moment, and what a follow leaves in the tables."""

import asyncio

import pytest
from tests.support.network import Network
from tests.support.people import Person

from palabre.base.errors import Refused
from palabre.features import graph


async def _counts(network: Network, person: Person) -> tuple[int, int]:
    async with network.db.reading() as conn:
        row = await conn.row("SELECT followers, following FROM account_counts WHERE account_id = $1", int(person.id))
        assert row is not None
        return row["followers"], row["following"]


async def test_follows_at_the_same_moment_count_once(network: Network, alice: Person, bob: Person) -> None:
    async def follow() -> None:
        async with network.db.transaction() as conn:
            await graph.follow(conn, int(alice.id), int(bob.id))

    await asyncio.gather(*(follow() for _ in range(4)))
    assert await _counts(network, alice) == (0, 1)
    assert await _counts(network, bob) == (1, 0)


async def test_following_each_other_at_once_does_not_lock_up(network: Network, alice: Person, bob: Person) -> None:
    async def follow(one: Person, other: Person) -> None:
        async with network.db.transaction() as conn:
            await graph.follow(conn, int(one.id), int(other.id))

    await asyncio.gather(follow(alice, bob), follow(bob, alice))
    assert await _counts(network, alice) == (1, 1)


async def test_a_follow_and_a_block_at_once_leave_no_follow(network: Network, alice: Person, dan: Person) -> None:
    async def follow() -> None:
        async with network.db.transaction() as conn:
            await graph.follow(conn, int(dan.id), int(alice.id))

    async def block() -> None:
        async with network.db.transaction() as conn:
            await graph.block(conn, int(alice.id), int(dan.id))

    await asyncio.gather(follow(), block(), return_exceptions=True)
    assert await _counts(network, alice) == (0, 0)
    async with network.db.reading() as conn:
        assert not await conn.value("SELECT count(*) FROM follows")
        assert not await conn.value("SELECT count(*) FROM followers")


async def test_there_is_a_limit(network: Network, alice: Person, bob: Person) -> None:
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE account_counts SET following = 7500 WHERE account_id = $1", int(alice.id))
        with pytest.raises(Refused, match="7500"):
            await graph.follow(conn, int(alice.id), int(bob.id))


async def test_both_tables_agree_on_what_is_wished(network: Network, alice: Person, bob: Person) -> None:
    async with network.db.transaction() as conn:
        await graph.follow(conn, int(alice.id), int(bob.id), notify=True)
        await graph.follow(conn, int(alice.id), int(bob.id), reblogs=False)
        follow = await conn.row("SELECT id, reblogs, notify FROM follows")
        follower = await conn.row("SELECT id, notify FROM followers")
    assert follow and follower
    assert (follow["reblogs"], follow["notify"]) == (False, True)
    assert (follower["id"], follower["notify"]) == (follow["id"], True)
