"""The seals over all logs: what is taken out as a whole is missed, and what was sealed can't be written anew."""

import asyncio
import hashlib
import json
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from palabre.base import clock, signing
from palabre.features.moderation import log, transparency, verify
from tests.support.network import Network
from tests.support.order import reports
from tests.support.people import Person


async def seal(network: Network) -> log.Seal:
    async with network.db.transaction() as conn:
        made = await log.seal(conn, transparency.publish)
    assert made
    return made


async def tampered(network: Network, *tampering: str) -> list[str]:
    """What is found wrong after somebody who owns the server did this."""
    async with network.db.transaction() as conn:
        assert await verify(conn) == []
        await conn.execute("SET LOCAL session_replication_role = replica")
        for statement in tampering:
            assert await conn.execute(statement) >= 1, statement
        return [str(fault) for fault in await verify(conn)]


@pytest.fixture
async def sealed(network: Network, alice: Person, bob: Person, dan: Person) -> list[log.Seal]:
    """Two cases, in two seals; the second seal has another entry of the first case as well."""
    first = await alice.says("Not so kind")
    await reports(bob, alice, first)
    seals = [await seal(network)]
    await reports(bob, dan, await dan.says("Nor this"))
    await reports(dan, alice, first)
    return [*seals, await seal(network)]


async def test_each_seal_follows_from_the_one_before_and_is_signed(network: Network, sealed: list[log.Seal]) -> None:
    first, second = sealed
    assert (first.seq, second.seq) == (1, 2)
    assert second.previous == first.hash
    assert [head[1] for head in json.loads(first.heads)] == [2]
    assert sorted(head[1] for head in json.loads(second.heads)) == [2, 3]
    async with network.db.reading() as conn:
        (key,) = await signing.keys(conn)
        assert await verify(conn) == []
    assert signing.fits(key.raw, b"palabre-log-seal\n" + second.hash.hex().encode(), second.signature)


async def test_a_case_taken_out_of_every_table_is_missed(network: Network, sealed: list[log.Seal]) -> None:
    case_id = json.loads(sealed[0].heads)[0][0]
    found = await tampered(
        network,
        *(f"DELETE FROM {table} WHERE case_id = {case_id}" for table in ("case_events", "reports", "snapshots")),
        f"DELETE FROM cases WHERE id = {case_id}",
    )
    assert any(f"case {case_id}" in one and "the whole case has vanished" in one for one in found)


async def test_a_log_written_anew_with_fitting_hashes_is_found(network: Network, sealed: list[log.Seal]) -> None:
    """Whoever knows how hashes are made can make a case consistent in itself again, but not with its seal."""
    case_id = json.loads(sealed[0].heads)[0][0]
    async with network.db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        for table in ("case_events", "reports", "snapshots"):
            await conn.execute(f"DELETE FROM {table} WHERE case_id = $1", case_id)
        await conn.execute("UPDATE cases SET events = 0, head = '' WHERE id = $1", case_id)
        for words in ("opened", "noted", "noted"):
            await log.append(conn, case_id, None, words, {})
        found = [str(fault) for fault in await verify(conn, case_id)]
    assert [one for one in found if "entry 3" in one and "rewritten after it was sealed" in one]


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        ("UPDATE log_seals SET heads = '[]' WHERE seq = 1", "seal 1: was changed"),
        ("UPDATE log_seals SET at = at + interval '1 hour' WHERE seq = 2", "seal 2: was changed"),
        ("UPDATE log_seals SET previous = sha256('x') WHERE seq = 2", "seal 2: does not follow"),
        ("UPDATE log_seals SET signature = sha512('x') WHERE seq = 1", "seal 1: its signature"),
        ("DELETE FROM log_seals WHERE seq = 1", "seal 1: is missing"),
        ("DELETE FROM log_seals WHERE seq = 2", "seals are missing at the end"),
        ("UPDATE log_seals SET seq = 3 WHERE seq = 2", "seal 2: is missing"),
    ],
)
async def test_a_changed_or_missing_seal_is_found(
    network: Network, sealed: list[log.Seal], tampering: str, expected: str
) -> None:
    assert [one for one in await tampered(network, tampering) if expected in one]


async def test_seals_kept_outside_find_what_was_sealed_anew(
    network: Network, sealed: list[log.Seal], tmp_path: Path
) -> None:
    """The owner of server and key rewrites everything: whoever noted a hash down sees it."""
    kept = "\n".join(json.dumps(one.published()) for one in sealed)
    async with network.db.transaction() as conn:
        assert await verify(conn, kept=log.read_kept(kept)) == []
        await conn.execute("DELETE FROM log_seals")
        await conn.execute("UPDATE cases SET sealed = 0")
        await log.seal(conn, transparency.publish)
        assert await verify(conn) == [], "in itself, all fits again"
        found = [str(fault) for fault in await verify(conn, kept=log.read_kept(kept))]
    assert any("seal 1: is not the one that was kept outside" in one for one in found)
    assert any("seal 2: was kept outside but is missing here" in one for one in found)


async def test_seals_are_made_when_time_has_passed_or_much_has_happened(
    network: Network, sealed: list[log.Seal], bob: Person, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None: ...

    assert await log.seal_when_due(network.db, nothing) == 0
    await reports(bob, alice, await alice.says("Again"))
    assert await log.seal_when_due(network.db, nothing) == 0, "the last is young"
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await log.seal_when_due(network.db, nothing) == 1
    async with network.db.reading() as conn:
        assert await verify(conn) == []


async def test_a_new_key_is_endorsed_by_the_old_and_old_seals_still_fit(
    network: Network, sealed: list[log.Seal], bob: Person, alice: Person
) -> None:
    async with network.db.transaction() as conn:
        await signing.rotate(conn)
        new, old = await signing.keys(conn)
        assert signing.fits(old.raw, new.raw, new.endorsement)
        assert await conn.value("SELECT private_key FROM signing_keys WHERE seq = 1") is None
    await reports(bob, alice, await alice.says("Again"))
    assert (await seal(network)).key == new.id
    async with network.db.reading() as conn:
        assert await verify(conn) == []


async def test_the_applications_own_role_may_not_touch_what_is_written(
    network: Network, sealed: list[log.Seal], dsn: str
) -> None:
    """As on a server of one's own, where that role is no superuser: it may add, and nothing else."""
    async with network.db.dedicated() as raw:
        transaction = raw.transaction()
        await transaction.start()
        try:
            await raw.execute("CREATE ROLE somebody; ALTER TABLE case_events OWNER TO somebody; SET ROLE somebody")
            case_id = json.loads(sealed[0].heads)[0][0]
            added = await raw.execute(
                """INSERT INTO case_events (case_id, seq, at, kind, data, previous, hash)
                   SELECT case_id, seq + 1, at, kind, data, hash, sha256(hash) FROM case_events
                   WHERE case_id = $1 ORDER BY seq DESC LIMIT 1""",
                case_id,
            )
            assert added == "INSERT 0 1"
            for statement in ("UPDATE case_events SET kind = 'x'", "DELETE FROM case_events", "TRUNCATE case_events"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with raw.transaction():
                        await raw.execute(statement)
        finally:
            await transaction.rollback()


async def test_a_seal_can_be_checked_with_nothing_but_the_handbook(network: Network, sealed: list[log.Seal]) -> None:
    """As docs/developers/log.md says: Python's own JSON, SHA-256 and the published key."""
    stranger = network.stranger()
    published = (await stranger.get("/api/palabre/v1/moderation-log/seals"))["seals"]
    assert [one["seq"] for one in published] == [1, 2]
    assert (await stranger.get("/api/palabre/v1/moderation-log/seals", after=1))["seals"] == published[1:]
    key = load_pem_public_key((await stranger.get("/.well-known/palabre-signing-key"))["keys"][0]["pem"].encode())
    assert isinstance(key, Ed25519PublicKey)
    for one in published:
        parts = [one["seq"], one["at"], one["heads"], one["previous"]]
        recipe = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(recipe.encode()).hexdigest() == one["hash"]
        key.verify(bytes.fromhex(one["signature"]), b"palabre-log-seal\n" + one["hash"].encode())


async def test_several_workers_may_seal_at_once(network: Network, alice: Person, bob: Person) -> None:
    await reports(bob, alice, await alice.says("Not so kind"))
    done = await asyncio.gather(*(log.seal_when_due(network.db, transparency.publish) for _ in range(3)))
    async with network.db.reading() as conn:
        assert sum(done) == await conn.value("SELECT count(*) FROM log_seals") == 1
        assert await verify(conn) == []
