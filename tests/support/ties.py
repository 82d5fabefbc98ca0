"""Ties between people, set directly: tests of posts and timelines need them without going through the graph's rules."""

from palabre.base import events, ids
from palabre.features import accounts
from palabre.features.graph import Followed, Unfollowed
from tests.support.people import Person


async def follow(who: Person, whom: Person, *, reblogs: bool = True) -> None:
    """`who` follows `whom` from now on, and the duties that follow from it are waiting."""
    mine, theirs = int(who.id), int(whom.id)
    async with who.network.db.transaction() as conn:
        follow_id = ids.new()
        await conn.execute(
            "INSERT INTO follows (account_id, target_id, id, reblogs) VALUES ($1, $2, $3, $4)",
            mine,
            theirs,
            follow_id,
            reblogs,
        )
        await conn.execute("INSERT INTO followers VALUES ($1, $2, $3)", theirs, mine, follow_id)
        await accounts.count(conn, mine, following=1)
        await accounts.count(conn, theirs, followers=1)
        await events.record(conn, Followed(mine, theirs))


async def unfollow(who: Person, whom: Person) -> None:
    mine, theirs = int(who.id), int(whom.id)
    async with who.network.db.transaction() as conn:
        await conn.execute("DELETE FROM follows WHERE account_id = $1 AND target_id = $2", mine, theirs)
        await conn.execute("DELETE FROM followers WHERE account_id = $1 AND follower_id = $2", theirs, mine)
        await events.record(conn, Unfollowed(mine, theirs))


async def block(who: Person, whom: Person) -> None:
    await _tie("blocks", who, whom)


async def mute(who: Person, whom: Person) -> None:
    await _tie("mutes", who, whom)


async def _tie(table: str, who: Person, whom: Person) -> None:
    async with who.network.db.transaction() as conn:
        await conn.execute(
            f"INSERT INTO {table} (account_id, target_id, id) VALUES ($1, $2, $3)", int(who.id), int(whom.id), ids.new()
        )
