"""What has to be looked up of an author: who he is, whom he mentioned lately, what he wrote."""

from datetime import timedelta
from typing import Any

from palabre.base import ids
from palabre.base.db import Conn
from palabre.features.moderation.screening import rules, store
from palabre.features.moderation.screening.match import Ready
from palabre.features.moderation.screening.model import Facts
from palabre.features.posts.gate import Writing

_MOST_POSTS = 1_000  # as many as a rule may ask for
_MOST_LATELY = 200
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


async def of(conn: Conn, writing: Writing, before: int = ids.LARGEST, most_posts: int = _MOST_POSTS) -> Facts | None:
    """`before`: the post's own id, where it is there already."""
    row = await store.facts(conn, writing.author_id, before, most_posts)
    if row is None:
        return None
    staff = row["role"] in ("moderator", "owner")
    return Facts(row["username"], row["created_at"], row["posts"], row["followers"], staff)


async def look_up(
    conn: Conn, rule: Ready, writing: Writing, wanted: list[str], before: int = ids.LARGEST
) -> dict[str, Any]:
    """Those of the wanted conditions that are met."""
    found, met = rule.conditions, {}
    if "strangers" in wanted and found.strangers is not None:
        after = ids.first_at(writing.at - _HOUR)
        strangers = await store.strangers(conn, writing.author_id, after, before, list(writing.audience), _MOST_LATELY)
        if strangers >= found.strangers and writing.audience:
            met["strangers"] = strangers
    if "repeats" in wanted and found.repeats is not None and not writing.edits:
        after = ids.first_at(writing.at - _DAY)
        earlier = await store.texts(conn, writing.author_id, after, before, _MOST_LATELY)
        times = 1 + rules.count_alike(writing.text, earlier)
        if times >= found.repeats:
            met["repeats"] = times
    return met
