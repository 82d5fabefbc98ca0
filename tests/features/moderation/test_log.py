"""The log finds whatever was changed behind the network's back."""

import asyncpg
import pytest

from palabre.features import moderation
from tests.support.network import Network
from tests.support.order import decides, only_case, reports
from tests.support.people import Person


@pytest.fixture
async def case_id(alice: Person, bob: Person, carol: Person) -> int:
    """A case with a report, an assignment, a note and a decision."""
    await reports(bob, alice, await alice.says("Not so kind"))
    case = await only_case(carol)
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/assign")
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/notes", note="Seen this before.")
    decided = await decides(carol, case, "remove")
    assert [one["kind"] for one in decided["log"]] == ["opened", "reported", "assigned", "noted", "decided"]
    return int(case["id"])


async def verify_after(network: Network, tampering: str) -> list[moderation.Fault]:
    async with network.db.transaction() as conn:
        assert await moderation.verify(conn) == []
        await conn.execute("SET LOCAL session_replication_role = replica")  # who owns the server can put keys aside
        assert await conn.execute(tampering) == 1
        await conn.execute("SET LOCAL session_replication_role = origin")
        return await moderation.verify(conn)


@pytest.mark.parametrize("seq", [1, 3])
async def test_the_database_itself_refuses_to_take_out_an_entry(network: Network, case_id: int, seq: int) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with network.db.transaction() as conn:
            await conn.execute("DELETE FROM case_events WHERE case_id = $1 AND seq = $2", case_id, seq)


@pytest.mark.parametrize(
    ("tampering", "seq"),
    [
        ("UPDATE case_events SET data = replace(data, 'Seen', 'Not seen') WHERE kind = 'noted'", 4),
        ("UPDATE case_events SET actor_id = 7 WHERE kind = 'assigned'", 3),
        ("UPDATE case_events SET at = at + interval '1 microsecond' WHERE kind = 'reported'", 2),
        ("DELETE FROM case_events WHERE seq = 3", 3),
        ("DELETE FROM case_events WHERE seq = 1", 1),
        ("DELETE FROM case_events WHERE seq = 5", 5),
        ("UPDATE case_events SET seq = 6 WHERE seq = 5", 5),
    ],
)
async def test_a_changed_or_missing_entry_is_found(network: Network, case_id: int, tampering: str, seq: int) -> None:
    faults = await verify_after(network, tampering)
    assert (case_id, seq) in [(fault.case_id, fault.seq) for fault in faults]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE snapshots SET content = replace(content, 'Not so kind', 'Very kind')",
        "UPDATE snapshots SET sha256 = sha256('x')",
        "DELETE FROM snapshots",
        "UPDATE decisions SET reason = 'Because.'",
        "UPDATE decisions SET moderator_id = 7",
        "UPDATE decisions SET ended = 'undone', undone_at = now(), undone_by = 7, undone_reason = 'x'",
        "DELETE FROM decisions",
        "UPDATE reports SET comment = 'Harmless.'",
        "UPDATE reports SET reporter_id = 7",
        "DELETE FROM reports",
    ],
)
async def test_a_changed_snapshot_or_decision_is_found(network: Network, case_id: int, tampering: str) -> None:
    (fault,) = await verify_after(network, tampering)
    assert (fault.case_id, fault.seq) == (case_id, None)
