"""Making the plan of a mass Move, a batch a transaction, so that whatever ends it, it goes on from there."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn, Database, Row
from palabre.base.errors import Refused
from palabre.features.portability.domain_moves import store
from palabre.settings import current

BATCH = 2_000
Tell = Callable[[str, int, int], None]
_Step = Callable[[Conn, Row], Awaitable[int]]


class Plan(msgspec.Struct, frozen=True):
    """`state`: preparing, ready or cancelled. `followers`: how many rows of the ledger are in each state."""

    old_origin: str
    new_origin: str
    state: str
    made_at: datetime
    ready_at: datetime | None
    accounts: int
    followers: dict[str, int]


async def prepare(db: Database, new_origin: str, tell: Tell = lambda part, done, total: None) -> Plan:
    """`tell` hears the part, what is done of it and how much there is. Raises Refused while another move is planned."""
    await _clear(db)
    move_id = await _begin(db, new_origin)
    async with db.reading() as conn:
        accounts, followers = await store.totals(conn)
    for part, step, total in (("accounts", _accounts, accounts), ("followers", _followers, followers)):
        done = 0
        while taken := await _step(db, move_id, step):
            done += taken
            tell(part, done, max(total, done))
    async with db.transaction() as conn:
        await store.finish(conn, move_id, clock.now())
    async with db.reading() as conn:
        found = await look(conn)
    assert found
    return found


async def look(conn: Conn) -> Plan | None:
    """The plan there is; a cancelled one is none."""
    row = await store.standing(conn)
    if row is None:
        return None
    return Plan(
        row["old_origin"],
        row["new_origin"],
        row["state"],
        row["made_at"],
        row["ready_at"],
        await store.count_accounts(conn, row["id"]),
        await store.count_followers(conn, row["id"]),
    )


async def cancel(db: Database) -> bool:
    """Forget the plan; False: there was none."""
    async with db.transaction() as conn:
        cancelled = await store.cancel(conn, clock.now())
    await _clear(db)
    return cancelled


async def _begin(db: Database, new_origin: str) -> int:
    """The move there is, from the start again if it was ready; a new one otherwise."""
    async with db.transaction() as conn:
        await store.begin(conn, ids.new(clock.now()), current().origin, new_origin, clock.now())
        row = await store.standing(conn)
        assert row
        if (row["old_origin"], row["new_origin"]) != (current().origin, new_origin):
            raise Refused(
                f"A move from {row['old_origin']} to {row['new_origin']} is planned already. "
                "`palabre domain-move cancel` forgets it."
            )
        if row["state"] == "ready":
            await store.begin_again(conn, row["id"])
        return int(row["id"])


async def _step(db: Database, move_id: int, step: _Step) -> int:
    """One batch, with the move locked: of two commands at once, each does its share. How much was looked at."""
    async with db.transaction() as conn:
        row = await store.lock(conn, move_id)
        if row is None or row["state"] == "cancelled":
            raise Refused("The move was cancelled meanwhile.")
        return await step(conn, row)


async def _accounts(conn: Conn, move: Row) -> int:
    """Who becomes whom. Ids follow from names, as everywhere."""
    found = await store.accounts_after(conn, move["at_account"], BATCH)
    if found:
        last = found[-1]["id"]
        await store.add_accounts(
            conn, move["id"], f"{move['old_origin']}/users/", f"{move['new_origin']}/users/", found
        )
        await store.reach_account(conn, move["id"], last)
    return len(found)


async def _followers(conn: Conn, move: Row) -> int:
    """Those from elsewhere into the ledger; those who follow no more, and were told nothing, out of it."""
    after = (move["at_followed"], move["at_follower"])
    found = await store.followers_after(conn, after, BATCH)
    upto = (found[-1]["account_id"], found[-1]["follower_id"]) if found else (ids.LARGEST, ids.LARGEST)
    await store.add_followers(conn, move["id"], after, upto, clock.now())
    await store.drop_strayed(conn, move["id"], after, upto)
    await store.reach_follower(conn, move["id"], upto)
    return len(found)


async def _clear(db: Database) -> None:
    """What cancelled moves left behind, a batch at a time."""
    while True:
        async with db.transaction() as conn:
            if not await store.clear(conn, BATCH):
                return
