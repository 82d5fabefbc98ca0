"""Hashtags by how they begin."""

from collections import defaultdict
from datetime import timedelta

from palabre.base import clock, ids
from palabre.base.db import Conn, Row
from palabre.base.fold import tag_key
from palabre.features.posts.who import Day, TagUse
from palabre.features.search import rules, store
from palabre.names import origins

_CANDIDATES = 200
_DAYS = 7
_LONGEST = 100
_BEHIND = "\U0010ffff"


async def tags(conn: Conn, query: str, *, limit: int = 20, offset: int = 0) -> list[TagUse]:
    """Tags that begin so, with or without #: the one named exactly first, then the most used of late.

    A tag page's URL finds exactly this tag.
    """
    target = rules.target(query, origins())
    if (target and target.kind != "tag") or (not target and rules.is_url(query)):
        return []
    key = target.value if target else tag_key(query[:_LONGEST])
    if not key or (not target and " " in query.strip()):
        return []
    today = int(clock.now().timestamp()) // 86_400
    since = ids.first_at(clock.now() - timedelta(days=_DAYS))
    last = key + ("\x01" if target else _BEHIND)
    rows = await store.tags_from(conn, key, last, since, _CANDIDATES, offset, limit)
    by_tag: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in await store.tag_history(conn, [row["tag"] for row in rows], since) if rows else ():
        by_tag[row["tag"]][row["day"]] = row
    return [TagUse(row["tag"], row["display"], _days(by_tag[row["tag"]], today)) for row in rows]


def _days(used: dict[int, Row], today: int) -> list[Day]:
    days = [(day, used.get(day)) for day in range(today, today - _DAYS, -1)]
    return [Day(day * 86_400, row["uses"] if row else 0, row["accounts"] if row else 0) for day, row in days]
