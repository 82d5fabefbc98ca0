"""The network plans its move to another name: who becomes whom, and which followers elsewhere are to hear of it."""

import pytest

from palabre.base.errors import Refused
from palabre.features import accounts
from palabre.features.portability import domain_moves
from palabre.features.portability.domain_moves import plan
from tests.support.network import Network
from tests.support.people import Person

NEW = "https://talk2.example"


async def follower(network: Network, number: int, *people: Person) -> int:
    """Somebody elsewhere who follows these, as far as there can be one yet."""
    async with network.db.transaction() as conn:
        row = await conn.row("SELECT fragment FROM accounts LIMIT 1")
        assert row
        await conn.execute(
            "INSERT INTO accounts (id, username, domain, created_at, fragment) VALUES ($1, $2, 'far.example', now(), $3)",
            number,
            f"zoe{number}",
            row["fragment"],
        )
        for person in people:
            await conn.execute("INSERT INTO followers VALUES ($1, $2, $3)", int(person.id), number, number)
    return number


async def ledger(network: Network) -> set[tuple[int, int, str]]:
    async with network.db.reading() as conn:
        rows = await conn.rows("SELECT account_id, follower_id, state FROM domain_move_followers")
    return {(row["account_id"], row["follower_id"], row["state"]) for row in rows}


async def test_followers_elsewhere_are_in_the_ledger_and_those_here_are_not(
    network: Network, alice: Person, bob: Person
) -> None:
    await bob.follows(alice)
    await follower(network, 7, alice, bob)
    await follower(network, 8, alice)
    made = await domain_moves.prepare(network.db, NEW)
    assert (made.old_origin, made.new_origin, made.state) == ("https://talk.example", NEW, "ready")
    assert (made.accounts, made.followers) == (2, {"waiting": 3})
    assert await ledger(network) == {
        (int(alice.id), 7, "waiting"),
        (int(alice.id), 8, "waiting"),
        (int(bob.id), 7, "waiting"),
    }
    async with network.db.reading() as conn:
        row = await conn.row("SELECT * FROM domain_move_accounts WHERE account_id = $1", int(alice.id))
    assert row and (row["old_actor"], row["new_actor"]) == ("https://talk.example/users/alice", f"{NEW}/users/alice")


async def test_preparing_again_brings_the_ledger_up_to_date_and_forgets_nothing_done(
    network: Network, alice: Person, bob: Person
) -> None:
    for number in (7, 8, 9):
        await follower(network, number, alice)
    await domain_moves.prepare(network.db, NEW)
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE domain_move_followers SET state = 'sent', attempts = 2 WHERE follower_id = 8")
        await conn.execute("DELETE FROM followers WHERE follower_id IN (7, 8)")
    await follower(network, 10, bob)
    made = await domain_moves.prepare(network.db, NEW)
    assert made.followers == {"waiting": 2, "sent": 1} and made.state == "ready"
    assert await ledger(network) == {
        (int(alice.id), 8, "sent"),
        (int(alice.id), 9, "waiting"),
        (int(bob.id), 10, "waiting"),
    }


async def test_broken_off_anywhere_it_goes_on_and_ends_the_same(
    network: Network, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "BATCH", 2)
    for number in range(5, 14):
        await follower(network, number, alice, bob)
    whole = {(int(who.id), number, "waiting") for who in (alice, bob) for number in range(5, 14)}

    class Broken(Exception): ...

    def breaks(part: str, done: int, total: int) -> None:
        raise Broken

    tries = 0
    while True:
        tries += 1
        try:
            await domain_moves.prepare(network.db, NEW, breaks)
            break
        except Broken:
            async with network.db.reading() as conn:
                found = await domain_moves.look(conn)
            assert found and found.state == "preparing"
    assert tries > 9 and await ledger(network) == whole


async def test_one_move_at_a_time_and_a_cancelled_one_leaves_nothing(network: Network, alice: Person) -> None:
    await follower(network, 7, alice)
    await domain_moves.prepare(network.db, NEW)
    with pytest.raises(Refused, match="planned already"):
        await domain_moves.prepare(network.db, "https://talk3.example")
    assert await domain_moves.cancel(network.db)
    assert await ledger(network) == set()
    assert not await domain_moves.cancel(network.db)
    async with network.db.reading() as conn:
        assert await domain_moves.look(conn) is None
    assert (await domain_moves.prepare(network.db, "https://talk3.example")).followers == {"waiting": 1}


async def test_who_is_deleted_is_in_no_plan(network: Network, alice: Person, bob: Person) -> None:
    await follower(network, 7, alice, bob)
    await domain_moves.prepare(network.db, NEW)
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(bob.id))
    await network.work()
    assert await ledger(network) == {(int(alice.id), 7, "waiting")}
    async with network.db.reading() as conn:
        found = await domain_moves.look(conn)
    assert found and found.accounts == 1
