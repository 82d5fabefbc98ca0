"""Deciding many cases by one form. Each gets a decision, a log and letters of its own; a duty works through large ones in
batches, each a transaction, so that `kill -9` loses nothing and decides nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from palabre.base import clock, ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.errors import NotFound, Refused
from palabre.features import accounts
from palabre.features.accounts import Caller
from palabre.features.moderation import cases, reports, rules
from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.decide import decide, undo
from palabre.features.moderation.decision import Ruling
from palabre.features.moderation.triage import store

MOST = 20_000
#: So many are decided while the moderator waits; of more, the rest in the background.
AT_ONCE = 20
_LISTED = 100


class Bulk(msgspec.Struct, frozen=True):
    """`state`: running, done, undoing or undone. `left`: (case, code of what stood against it), the first hundred."""

    id: int
    moderator_id: int
    action: str
    reason: str
    state: str
    total: int
    waiting: int
    decided: int
    undone: int
    left_over: int
    left: list[tuple[int, str]]
    created_at: datetime
    ended_at: datetime | None


class Work(msgspec.Struct, frozen=True):
    bulk_id: int


async def decide_many(
    conn: Conn,
    by: Caller,
    ruling: Ruling,
    case_ids: Sequence[int] = (),
    group_id: int | None = None,
    except_ids: Sequence[int] = (),
) -> Bulk:
    """Decide these cases, or all of a group but the exceptions. What may not be decided is left over and says why."""
    rules.check_staff(by)
    await _check(conn, ruling)
    wanted = list(case_ids)
    if group_id is not None:
        wanted += await store.ids_alike(conn, group_id, by.id, MOST)
    wanted = sorted(set(wanted) - set(except_ids))
    if not wanted:
        raise Refused("Choose at least one case", field="cases", code="no_cases")
    if len(wanted) > MOST:
        raise Refused(f"can be at most {MOST}", field="cases", code="too_many")
    bulk_id = ids.new()
    await store.insert_bulk(conn, bulk_id, by.id, msgspec.to_builtins(ruling), clock.now())
    await store.insert_bulk_cases(conn, bulk_id, wanted)
    await carry_on(conn, Work(bulk_id))
    return await bulk(conn, by, bulk_id)


async def undo_many(conn: Conn, by: Caller, bulk_id: int, reason: str, *, reopen: bool = False) -> Bulk:
    """Take all its decisions back that still stand; `reopen`: and open the cases for others."""
    rules.check_staff(by)
    row = await store.lock_bulk(conn, bulk_id)
    if row is None:
        raise NotFound
    if row["state"] != "done":
        raise Refused("This can't be taken back now", code="undone" if row["state"] != "running" else "running")
    reason = rules.check_words("reason", clean(reason))
    await store.start_undoing(conn, bulk_id, by.id, reason, reopen)
    await carry_on(conn, Work(bulk_id))
    return await bulk(conn, by, bulk_id)


async def bulk(conn: Conn, by: Caller, bulk_id: int) -> Bulk:
    """How far it has come. Raises NotFound."""
    rules.check_staff(by)
    row = await store.bulk(conn, bulk_id)
    if row is None:
        raise NotFound
    many = await store.bulk_counts(conn, bulk_id)
    left = [one for state in ("left", "kept") for one in await store.bulk_batch(conn, bulk_id, state, _LISTED)]
    return Bulk(
        id=bulk_id,
        moderator_id=row["moderator_id"],
        action=row["ruling"]["action"],
        reason=row["ruling"]["reason"],
        state=row["state"],
        total=sum(many.values()),
        waiting=many.get("waiting", 0) if row["state"] == "running" else 0,
        decided=many.get("decided", 0),
        undone=many.get("undone", 0),
        left_over=many.get("left", 0) + many.get("kept", 0),
        left=[(one["case_id"], one["why"]) for one in left],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )


async def bulks(conn: Conn, by: Caller, limit: int = 20) -> list[Bulk]:
    """A moderator's own, newest first."""
    rules.check_staff(by)
    return [await bulk(conn, by, row["id"]) for row in await store.bulks_of(conn, by.id, limit)]


@duty
async def carry_on(conn: Conn, work: Work) -> None:
    """The next batch, and word to go on where more waits."""
    row = await store.lock_bulk(conn, work.bulk_id)
    if row is None or row["state"] not in ("running", "undoing"):
        return
    undoing = row["state"] == "undoing"
    waiting = "decided" if undoing else "waiting"
    actor_id = row["undone_by"] if undoing else row["moderator_id"]
    standing = (await accounts.look(conn, [actor_id]))[actor_id].standing
    by = Caller(actor_id, 0, None, (), role=await store.role(conn, actor_id), standing=standing)
    ruling = msgspec.convert(row["ruling"], Ruling)
    for one in await store.bulk_batch(conn, work.bulk_id, waiting, AT_ONCE):
        try:
            async with conn.savepoint():
                if undoing:
                    await _undo(conn, by, one["case_id"], one["decision_id"], row["undo_reason"], row["reopen"])
                    state, decision_id = "undone", one["decision_id"]
                else:
                    decision = await decide(conn, one["case_id"], by, ruling)
                    state, decision_id = "decided", decision.id
            why = ""
        except Refused as refused:
            state, decision_id, why = "kept" if undoing else "left", one["decision_id"], refused.code
        await store.mark_bulk_case(conn, work.bulk_id, one["case_id"], state, decision_id, why)
    if await store.bulk_batch(conn, work.bulk_id, waiting, 1):
        await put(conn, carry_on, work)
    else:
        await store.set_bulk_state(conn, work.bulk_id, "undone" if undoing else "done", clock.now())


async def _undo(conn: Conn, by: Caller, case_id: int, decision_id: int, reason: str, reopen: bool) -> None:
    await undo(conn, case_id, decision_id, by, reason)
    if reopen:
        await cases.reopen(conn, by, case_id)


async def _check(conn: Conn, ruling: Ruling) -> None:
    """What would be refused for every case is refused at once."""
    if ruling.action not in ACTIONS:
        raise Refused("is not included in the list", field="action", code="inclusion")
    action = ACTIONS[ruling.action]
    await reports.check_rules(conn, ruling.rule_ids)
    rules.check_ground(action, ruling)
    rules.check_words("reason", clean(ruling.reason))
    for name in ("answer", "facts", "law"):
        rules.check_words(name, clean(getattr(ruling, name)), required=False)
    rules.check_hours(action, ruling.hours)
    rules.check_label(action, clean(ruling.label))
    if ruling.post_ids:
        raise Refused("are chosen case by case", field="post_ids")
