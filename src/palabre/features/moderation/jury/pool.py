"""Who can be drawn: those who qualify, and, of those whose turn it is, who is partial."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import msgspec
import zstandard

from palabre.base import clock, ids
from palabre.base.db import Conn, Row
from palabre.features.moderation import store as cases
from palabre.features.moderation.canonical import canonical
from palabre.features.moderation.jury import rules, store
from palabre.features.moderation.jury.draw import pseudonym
from palabre.features.moderation.snapshot import Snapshot
from palabre.settings import current


async def qualified(conn: Conn, panel_id: int) -> dict[str, int]:
    """Pseudonym -> camp of everybody who qualifies at this moment."""
    now, chosen = clock.now(), current()
    rows = await store.pool(
        conn,
        now - timedelta(days=chosen.strike_days),
        now - timedelta(days=chosen.jury_account_days),
        now - timedelta(days=chosen.jury_active_days),
        now - timedelta(days=30),
        chosen.jury_monthly,
    )
    return {pseudonym(row["salt"], panel_id): row["camp"] for row in rows}


async def behind(conn: Conn, panel_id: int) -> dict[str, int]:
    """Pseudonym -> account, of all who are jurors now."""
    return {pseudonym(row["salt"], panel_id): row["account_id"] for row in await store.all_salts(conn)}


def pack(pool: dict[str, int]) -> bytes:
    return zstandard.compress(canonical(pool).encode())


def unpack(packed: bytes) -> dict[str, int]:
    return msgspec.json.decode(zstandard.decompress(packed), type=dict[str, int])


class Conflicts:
    """What keeps members off the jury of one case. `partial` looks at a few at a time."""

    def __init__(self, panel: Row, case: Row, reporters: Collection[int], kept: Sequence[Snapshot], judges: set[int]):
        self._parties = {case["account_id"], *panel["excluded"]}
        self._never = self._parties | set(reporters) | judges
        if len(reporters) <= rules.MOST_PARTIES:
            self._parties |= set(reporters)
        self._threads = [one.post.thread_id for one in kept if one.post]
        self._posts = [one.post.id for one in kept if one.post]
        self._since = ids.first_at(clock.now() - timedelta(days=current().jury_contact_days))

    @classmethod
    async def of(cls, conn: Conn, panel: Row) -> "Conflicts":
        case_id = panel["case_id"]
        case = await cases.case(conn, case_id)
        assert case is not None
        kept = [Snapshot(row) for row in await cases.snapshots(conn, [case_id])]
        reporters = await cases.reporter_ids(conn, case_id)
        return cls(panel, case, reporters, kept, await store.judges_of_case(conn, case_id))

    async def partial(self, conn: Conn, jurors: Sequence[int]) -> set[int]:
        """Those of the jurors who must not judge this: parties, earlier judges, and who has to do with one of them."""
        found = set(jurors) & self._never
        found |= set(jurors) - await store.able(conn, jurors)
        found |= await store.tied(conn, jurors, list(self._parties))
        found |= await store.in_contact(conn, jurors, list(self._parties), self._since)
        return found | await store.took_part(conn, jurors, self._threads, self._posts)
