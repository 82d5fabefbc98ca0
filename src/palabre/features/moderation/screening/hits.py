"""What rules hit, what humans made of it, and the rule that switches itself off because it hits too much."""

from datetime import timedelta
from typing import Any

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.decide import find_decision
from palabre.features.moderation.events import Decided
from palabre.features.moderation.screening import alarm, loaded, rules, store
from palabre.features.moderation.screening.match import Ready
from palabre.features.moderation.screening.model import readable
from palabre.settings import current

NOBODY = 0


class Watch(msgspec.Struct, frozen=True):
    rule_id: int


async def record(
    conn: Conn, rule: Ready, author_id: int, variables: dict[str, Any], post_id: int = 0, case_id: int | None = None
) -> None:
    """Note a hit. `post_id` 0: nothing was published."""
    row = {
        "rule_id": rule.id,
        "id": ids.new(),
        "version": rule.version,
        "action": rule.content.action,
        "author_id": author_id,
        "post_id": post_id,
        "case_id": case_id,
        "variables": variables,
        "at": clock.now(),
    }
    await store.insert_hit(conn, row)
    await put(conn, watch, Watch(rule.id))


@duty
async def watch(conn: Conn, about: Watch) -> None:
    """Switch a rule off that was changed lately and hits more than a rule can be meant to."""
    row = await store.rule(conn, about.rule_id, lock=True)
    if row is None or row["state"] != "active" or not row["active_since"]:
        return
    if clock.now() - row["active_since"] > timedelta(hours=current().screening_young_hours):
        return
    since, share = ids.first_at(row["active_since"]), current().screening_most_share
    hits = await store.hits_since(conn, row["id"], row["active_version"], since)
    posts = await store.posts_since(conn, since, int(hits / share) + 1)
    if rules.too_much(hits, posts, share):
        await switch(conn, row["id"], row["active_version"], "off", NOBODY)
        await store.update_rule(conn, row["id"], disarmed_at=clock.now())
        await alarm.tell_disarmed(conn, readable(row["content"]).title, hits, posts)


async def switch(conn: Conn, rule_id: int, version: int, state: str, by: int) -> None:
    """Put a version in force, or the rule off."""
    at, on = clock.now(), state == "active"
    await store.update_rule(
        conn, rule_id, state=state, active_version=version if on else None, active_since=at if on else None
    )
    await store.insert_switch(conn, rule_id, ids.new(), version, state, by, at)
    loaded.changed(conn)


@duty
async def judge(conn: Conn, event: Decided) -> None:
    """Whether a human found that the rule was right: by deciding, or by taking back what the rule had decided."""
    decision = await find_decision(conn, event.case_id, event.decision_id)
    if decision.decided_by == "rule":
        if event.undoing and decision.ended != "expired":
            await store.judge(conn, event.case_id, "rejected")
        return
    against = ACTIONS[decision.action].restricts or decision.action == "warn"
    await store.judge(conn, event.case_id, "confirmed" if against and not event.undoing else "rejected")
