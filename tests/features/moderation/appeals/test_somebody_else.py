"""Who made a decision can't judge the appeal: not by SQL through the application's role either.

What the tables' constraints can't refuse, `verify` finds.
"""

from typing import Any

import asyncpg
import pytest

from palabre.features import moderation
from tests.support.appealing import appeals, judges
from tests.support.network import Network
from tests.support.people import Person

#: What Carol might try, with an appeal against her decision open.
REFUSED = {
    "judging it herself": "UPDATE appeals SET state = 'decided', outcome = 'upheld', judge_id = {carol}",
    "passing for a jury": "UPDATE appeals SET state = 'decided', outcome = 'upheld', judge_id = 0",
    "saying that somebody else had decided": "UPDATE appeals SET moderator_id = {mona}",
    "giving her decision to somebody else": "UPDATE decisions SET moderator_id = {mona}",
    "moving the appeal to another decision": "UPDATE appeals SET decision_id = 7",
    "taking the decision away": "DELETE FROM decisions",
    "ending it without a judge": "UPDATE appeals SET state = 'decided', outcome = 'upheld'",
    "an outcome without an end": "UPDATE appeals SET outcome = 'upheld', judge_id = {mona}",
    "overturning without an appeal": """UPDATE decisions SET ended = 'overturned', undone_by = {carol}, undone_at = now()""",
    "overturning it herself": """UPDATE decisions SET ended = 'overturned', undone_by = {carol}, undone_at = now(),
                                        overturned_on = {appeal}""",
    "overturning it in nobody's name": """UPDATE decisions SET ended = 'overturned', undone_at = now(),
                                                 overturned_on = {appeal}""",
    "deciding anew on the appeal": """INSERT INTO decisions (case_id, id, account_id, moderator_id, action, reason,
            decided_at, on_appeal)
        SELECT case_id, id + 1, account_id, moderator_id, 'suspend', 'x', now(), {appeal} FROM decisions""",
    "having judged, judging otherwise": """INSERT INTO appeals (case_id, id, decision_id, moderator_id, side, appellant_id,
            words, lodged_at, due_at, state, outcome, judge_id)
        SELECT case_id, id + 1, decision_id, moderator_id, side, 7, 'x', now(), now(), 'decided', 'upheld', {carol}
        FROM appeals""",
}

#: What no constraint can refuse is found: by the log, which nobody can rewrite without its hashes.
FOUND = {
    "withdrawing it for Alice": "UPDATE appeals SET state = 'withdrawn'",
    "making the appeal disappear": "DELETE FROM appeals",
    "putting words into Alice's mouth": "UPDATE appeals SET words = 'I am sorry.'",
    "conceding, but giving nothing back": "UPDATE appeals SET state = 'decided', outcome = 'conceded'",
    "judging in Mona's name": "UPDATE appeals SET state = 'decided', outcome = 'upheld', judge_id = {mona}",
    "passing for a jury that never sat": """UPDATE appeals SET state = 'decided', outcome = 'upheld', judge_id = 0,
                                                   panel_id = 7""",
    "making it somebody's notice": "UPDATE appeals SET appellant_id = 0, notice_id = 7",
    "undoing it quietly": "UPDATE decisions SET ended = 'undone', undone_by = {carol}, undone_at = now()",
    "deciding once more": """INSERT INTO decisions (case_id, id, account_id, moderator_id, action, reason, decided_at)
        SELECT case_id, id + 1, account_id, moderator_id, 'suspend', 'x', now() FROM decisions""",
    "dropping the constraint first": "ALTER TABLE appeals DROP CONSTRAINT appeals_by_somebody_else",
}


@pytest.fixture
async def appeal(removed: Any, alice: Person) -> Any:
    return await appeals(alice, removed)


def _sql(text: str, appeal: Any, carol: Person, mona: Person) -> str:
    return text.format(carol=carol.id, mona=mona.id, appeal=appeal["id"])


@pytest.mark.parametrize("attempt", REFUSED)
async def test_the_tables_refuse(attempt: str, appeal: Any, carol: Person, mona: Person, network: Network) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        async with network.db.transaction() as conn:
            await conn.execute(_sql(REFUSED[attempt], appeal, carol, mona))


@pytest.mark.parametrize("attempt", FOUND)
async def test_the_log_finds(attempt: str, appeal: Any, carol: Person, mona: Person, network: Network) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone):
        async with network.db.transaction() as conn:
            assert await moderation.verify(conn) == []
            await conn.execute(_sql(FOUND[attempt], appeal, carol, mona))
            assert await moderation.verify(conn)
            raise Undone


async def test_deleting_the_appeal_to_change_the_decision_is_found(
    appeal: Any, carol: Person, mona: Person, network: Network
) -> None:
    """Out of the way with it, put the decision on Mona, put the appeal back, judge it as Carol."""
    async with network.db.transaction() as conn:
        (kept,) = await conn.rows("DELETE FROM appeals RETURNING *")
        await conn.execute("UPDATE decisions SET moderator_id = $1", int(mona.id))
        again = dict(kept) | {"moderator_id": int(mona.id), "state": "decided", "outcome": "upheld"}
        again["judge_id"] = int(carol.id)
        places = ", ".join(f"${place}" for place in range(1, len(again) + 1))
        await conn.execute(f"INSERT INTO appeals ({', '.join(again)}) VALUES ({places})", *again.values())
        said = {fault.what for fault in await moderation.verify(conn)}
    assert said == {
        f"decision {appeal['decision_id']} was changed (moderator_id)",
        f"appeal {appeal['id']} was changed",
    }


async def test_once_overturned_the_judge_can_t_be_changed(
    appeal: Any, carol: Person, mona: Person, network: Network
) -> None:
    await judges(mona, appeal, "overturned")
    for attempt in (
        "UPDATE appeals SET judge_id = 7",
        "DELETE FROM appeals",
        "UPDATE decisions SET undone_by = 7",
        f"UPDATE appeals SET outcome = 'conceded', judge_id = NULL, moderator_id = {carol.id}",
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            async with network.db.transaction() as conn:
                await conn.execute(attempt)
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []
