"""All SQL of triage: the queue in its orders, what a case weighs, groups, bulk decisions, desks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from palabre.base import clock, ids
from palabre.base.db import Conn, Row
from palabre.base.paging import Page
from palabre.features.moderation.triage.rules import LAST_REPORTS, Filter

#: Order -> what is compared.
_KEYS = {"priority": ("place", "id"), "due": ("due_order", "id"), "oldest": ("id",), "newest": ("id",)}


class _Wanted:
    """A filter as conditions on any alias of `cases`, with its parameters."""

    def __init__(self, wanted: Filter, me: int) -> None:
        self.params: list[object] = []
        self._conditions: list[str] = [f"{{0}}.state = '{'decided' if wanted.state == 'decided' else 'open'}'"]
        self._add("{0}.account_id <> ", me)
        for column in ("lane", "account_id", "group_id"):
            if (value := getattr(wanted, column)) is not None:
                self._add(f"{{0}}.{column} = ", value)
        if wanted.category is not None:
            self._conditions.append(f"{self.param(wanted.category)} = ANY ({{0}}.categories)")
        if wanted.source is not None:
            self._conditions.append(f"{self.param(wanted.source)} = ANY ({{0}}.sources)")
        if wanted.severity is not None:
            self._add("{0}.severity >= ", wanted.severity)
        if wanted.assigned_to is not None:
            self._add("coalesce({0}.assigned_to, 0) = ", me if wanted.assigned_to == -1 else wanted.assigned_to)
        if wanted.words:
            self._conditions.append(f"{{0}}.words @@ {self.param(wanted.words)}::text::tsquery")
        if wanted.older_than is not None:
            self._add("{0}.id <= ", ids.first_at(clock.now() - timedelta(hours=wanted.older_than)))
        if wanted.overdue:
            self._add("{0}.due_order <= ", clock.now().timestamp())
        if wanted.more_than is not None:
            most = self.param(wanted.more_than)
            self._conditions.append(
                f"(SELECT count(*) FROM (SELECT FROM cases m WHERE m.state = 'open' AND m.group_id = {{0}}.group_id"
                f" LIMIT {most}) AS few) >= {most}"
            )

    def param(self, value: object) -> str:
        self.params.append(value)
        return f"${len(self.params)}"

    def _add(self, condition: str, value: object) -> None:
        self._conditions.append(condition + self.param(value))

    def on(self, alias: str) -> str:
        return " AND ".join(condition.replace("{0}", alias) for condition in self._conditions)


async def queue(
    conn: Conn, wanted: Filter, me: int, order: str, *, after: Sequence[float], above: int, grouped: bool, limit: int
) -> list[Row]:
    """Cases in an order, behind the place `after` (empty: from the beginning), of ids above `above`. `grouped`: of those
    alike, the first alone.
    """
    where = _Wanted(wanted, me)
    down = order == "newest"
    keys = _KEYS[order]
    from_here = after or ([ids.LARGEST] if down else [float("-inf"), 0][-len(keys) :])
    place = ", ".join(where.param(value) for value in from_here)
    conditions = [
        where.on("c"),
        f"{_columns('c', keys)} {'<' if down else '>'} ({place})",
        f"c.id > {where.param(above)}",
    ]
    if grouped:
        conditions.append(
            f"NOT EXISTS (SELECT FROM cases b WHERE b.group_id = c.group_id AND {where.on('b')}"
            f" AND {_columns('b', keys)} {'>' if down else '<'} {_columns('c', keys)})"
        )
    by = ", ".join(f"c.{key}{' DESC' if down else ''}" for key in keys)
    return await conn.rows(
        f"SELECT c.* FROM cases c WHERE {' AND '.join(conditions)} ORDER BY {by} LIMIT {where.param(limit)}",
        *where.params,
    )


async def by_id(conn: Conn, wanted: Filter, me: int, page: Page, hidden: Sequence[int]) -> list[Row]:
    where = _Wanted(wanted, me)
    return await conn.rows(
        f"""SELECT c.* FROM cases c WHERE {where.on("c")} AND c.id <> ALL ({where.param(hidden)})
              AND c.id > {where.param(page.above)}
              AND c.id < {where.param(page.below)} ORDER BY c.id {page.order} LIMIT {where.param(page.limit)}""",
        *where.params,
    )


def _columns(alias: str, keys: Sequence[str]) -> str:
    return "(" + ", ".join(f"{alias}.{key}" for key in keys) + ")"


async def alike(conn: Conn, group_ids: Sequence[int], me: int) -> dict[int, int]:
    """Group -> how many of it are open."""
    rows = await conn.rows(
        """SELECT group_id, count(*) AS cases FROM cases
           WHERE group_id = ANY ($1) AND state = 'open' AND account_id <> $2 GROUP BY group_id""",
        group_ids,
        me,
    )
    return {row["group_id"]: row["cases"] for row in rows}


async def ids_alike(conn: Conn, group_id: int, me: int, limit: int) -> list[int]:
    rows = await conn.rows(
        """SELECT id FROM cases WHERE group_id = $1 AND state = 'open' AND account_id <> $2
           ORDER BY place, id LIMIT $3""",
        group_id,
        me,
        limit,
    )
    return [row["id"] for row in rows]


async def some(conn: Conn, case_ids: Sequence[int], me: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM cases WHERE id = ANY ($1) AND account_id <> $2 ORDER BY place, id", case_ids, me
    )


async def counts(conn: Conn, me: int, now: float, soon: float, most: int) -> Row | None:
    """No more than `most` of anything is counted. Appeals wait with the cases, though theirs are decided."""
    return await conn.row(
        """SELECT
             (SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND lane = 'deadline' 
                                    ORDER BY place, id LIMIT $4) a) AS deadline,
             (SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND lane = 'threat' 
                                    ORDER BY place, id LIMIT $4) a) AS threat,
             (SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND lane = 'rest' 
                                    ORDER BY place, id LIMIT $4) a) AS rest,
             (SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND assigned_to = $1 LIMIT $4) a) AS mine,
             (SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND due_order <= $2 LIMIT $4) a)
             + (SELECT count(*) FROM (SELECT FROM appeals WHERE state = 'open'
                                      AND due_at <= to_timestamp($2) LIMIT $4) a) AS overdue,
             (SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND due_order > $2 AND due_order <= $3
                                    LIMIT $4) a)
             + (SELECT count(*) FROM (SELECT FROM appeals WHERE state = 'open'
                                      AND due_at > to_timestamp($2) AND due_at <= to_timestamp($3) LIMIT $4) a) AS soon,
             least((SELECT due_at FROM cases WHERE state = 'open' AND due_order > $5 ORDER BY due_order, id LIMIT 1),
                   (SELECT due_at FROM appeals WHERE state = 'open' AND due_at > to_timestamp($5)
                    ORDER BY due_at LIMIT 1)) AS next_due""",
        me,
        now,
        soon,
        most,
        float("-inf"),
    )


async def next_free(conn: Conn, me: int, *, oldest: bool) -> int | None:
    """The first case that nobody has and this moderator may decide, locked."""
    found = await conn.value(
        f"""SELECT id FROM cases c WHERE state = 'open' AND place > $2 AND id > $3 AND assigned_to IS NULL
              AND account_id <> $1
              AND NOT EXISTS (SELECT FROM reports r WHERE r.case_id = c.id AND r.reporter_id = $1)
            ORDER BY {"id" if oldest else "place, id"} LIMIT 1 FOR UPDATE SKIP LOCKED""",
        me,
        float("-inf"),
        0,
    )
    return int(found) if found is not None else None


async def lease(conn: Conn, case_id: int, account_id: int, until: datetime) -> None:
    await conn.execute("UPDATE cases SET assigned_to = $2, leased_until = $3 WHERE id = $1", case_id, account_id, until)


async def lapsed(conn: Conn, now: datetime, limit: int) -> list[int]:
    rows = await conn.rows(
        """UPDATE cases SET assigned_to = NULL, leased_until = NULL WHERE id = ANY (ARRAY (
               SELECT id FROM cases WHERE state = 'open' AND leased_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
           RETURNING id""",
        now,
        limit,
    )
    return sorted(row["id"] for row in rows)


async def lock(conn: Conn, case_id: int) -> Row | None:
    return await conn.row("SELECT * FROM cases WHERE id = $1 FOR UPDATE", case_id)


async def set_weight(
    conn: Conn, case_id: int, priority: float, signals: list[dict[str, Any]], words: Sequence[str], group_id: int
) -> None:
    await conn.execute(
        """UPDATE cases SET priority = $2, signals = $3, words = array_to_tsvector($4::text[]), group_id = $5
           WHERE id = $1""",
        case_id,
        priority,
        signals,
        words,
        group_id,
    )


async def post_marks(conn: Conn, author_id: int, post_ids: Sequence[int]) -> tuple[int, int]:
    """How often posts were boosted and favourited, all together."""
    row = await conn.row(
        """SELECT coalesce(sum(reblogs), 0)::bigint AS boosts, coalesce(sum(favourites), 0)::bigint AS favourites
           FROM post_counts WHERE author_id = $1 AND post_id = ANY ($2)""",
        author_id,
        post_ids,
    )
    return (row["boosts"], row["favourites"]) if row else (0, 0)


async def records(conn: Conn, account_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(
        "SELECT account_id, upheld, refused FROM reporter_records WHERE account_id = ANY ($1)", account_ids
    )


async def reporters_after(conn: Conn, case_id: int, after: int, limit: int) -> list[int]:
    rows = await conn.rows(
        """SELECT DISTINCT reporter_id FROM reports WHERE case_id = $1 AND reporter_id > $2
           ORDER BY reporter_id LIMIT $3""",
        case_id,
        after,
        limit,
    )
    return [row["reporter_id"] for row in rows]


async def mark_stale(conn: Conn, account_ids: Sequence[int]) -> list[int]:
    """Those who weren't already."""
    rows = await conn.rows(
        """INSERT INTO reporter_records AS known (account_id, stale)
           SELECT account_id, true FROM unnest($1::bigint[]) AS account_id ORDER BY account_id
           ON CONFLICT (account_id) DO UPDATE SET stale = true WHERE NOT known.stale RETURNING account_id""",
        account_ids,
    )
    return [row["account_id"] for row in rows]


async def lock_record(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("SELECT * FROM reporter_records WHERE account_id = $1 FOR UPDATE", account_id)


async def decided_reports(conn: Conn, reporter_id: int) -> list[Row]:
    """The decisions on the cases of somebody's last reports, in the order in which they were taken."""
    return await conn.rows(
        """SELECT d.case_id, d.action, d.ended FROM decisions d WHERE d.case_id = ANY (ARRAY (
               SELECT r.case_id FROM reports r WHERE r.reporter_id = $1
                 AND EXISTS (SELECT FROM decisions e WHERE e.case_id = r.case_id)
               ORDER BY r.id DESC LIMIT $2)) ORDER BY d.case_id, d.id""",
        reporter_id,
        LAST_REPORTS,
    )


async def set_record(conn: Conn, account_id: int, upheld: int, refused: int) -> None:
    await conn.execute(
        "UPDATE reporter_records SET upheld = $2, refused = $3, stale = false WHERE account_id = $1",
        account_id,
        upheld,
        refused,
    )


async def open_cases_of_reporter(conn: Conn, reporter_id: int, limit: int) -> list[int]:
    rows = await conn.rows(
        """SELECT DISTINCT r.case_id FROM (SELECT case_id FROM reports WHERE reporter_id = $1
                                          ORDER BY id DESC LIMIT $2) r
           JOIN cases c ON c.id = r.case_id WHERE c.state = 'open' ORDER BY r.case_id""",
        reporter_id,
        limit,
    )
    return [row["case_id"] for row in rows]


async def owners(conn: Conn, bands: Sequence[int]) -> list[Row]:
    """The prints of the groups that own any of these bands; those that own most of them first."""
    return await conn.rows(
        """SELECT p.* FROM (SELECT group_id, count(*) AS shared FROM print_bands WHERE band = ANY ($1)
                            GROUP BY group_id) o JOIN prints p ON p.group_id = o.group_id
           ORDER BY shared DESC, p.group_id""",
        bands,
    )


async def claim_bands(conn: Conn, bands: Sequence[int], group_id: int) -> None:
    """Waits for others who claim the same at this moment; what another group has stays there."""
    await conn.execute(
        """INSERT INTO print_bands (band, group_id)
           SELECT band, $2 FROM unnest($1::bigint[]) AS band ORDER BY band ON CONFLICT DO NOTHING""",
        bands,
        group_id,
    )


async def release_bands(conn: Conn, group_ids: Sequence[int]) -> None:
    await conn.execute("DELETE FROM print_bands WHERE group_id = ANY ($1)", group_ids)


async def insert_print(conn: Conn, group_id: int, minhash: Sequence[int], media: bytes, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO prints VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", group_id, minhash, media, at
    )


async def old_prints(conn: Conn, before: datetime, limit: int) -> list[int]:
    """Of groups of which nothing is open any more."""
    rows = await conn.rows(
        """SELECT group_id FROM prints p WHERE made_at < $1 AND NOT EXISTS (
               SELECT FROM cases c WHERE c.group_id = p.group_id AND c.state = 'open') ORDER BY made_at LIMIT $2""",
        before,
        limit,
    )
    return [row["group_id"] for row in rows]


async def delete_prints(conn: Conn, group_ids: Sequence[int]) -> None:
    await conn.execute("DELETE FROM prints WHERE group_id = ANY ($1)", group_ids)


async def insert_bulk(conn: Conn, bulk_id: int, moderator_id: int, ruling: dict[str, Any], at: datetime) -> None:
    await conn.execute(
        """INSERT INTO bulk_decisions (id, moderator_id, ruling, state, created_at)
           VALUES ($1, $2, $3, 'running', $4)""",
        bulk_id,
        moderator_id,
        ruling,
        at,
    )


async def insert_bulk_cases(conn: Conn, bulk_id: int, case_ids: Sequence[int]) -> None:
    await conn.execute(
        "INSERT INTO bulk_cases (bulk_id, case_id) SELECT $1, case_id FROM unnest($2::bigint[]) AS case_id",
        bulk_id,
        case_ids,
    )


async def bulk(conn: Conn, bulk_id: int) -> Row | None:
    return await conn.row("SELECT * FROM bulk_decisions WHERE id = $1", bulk_id)


async def lock_bulk(conn: Conn, bulk_id: int) -> Row | None:
    return await conn.row("SELECT * FROM bulk_decisions WHERE id = $1 FOR UPDATE", bulk_id)


async def bulks_of(conn: Conn, moderator_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM bulk_decisions WHERE moderator_id = $1 ORDER BY id DESC LIMIT $2", moderator_id, limit
    )


async def bulk_counts(conn: Conn, bulk_id: int) -> dict[str, int]:
    rows = await conn.rows("SELECT state, count(*) AS cases FROM bulk_cases WHERE bulk_id = $1 GROUP BY state", bulk_id)
    return {row["state"]: row["cases"] for row in rows}


async def bulk_batch(conn: Conn, bulk_id: int, state: str, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM bulk_cases WHERE bulk_id = $1 AND state = $2 ORDER BY case_id LIMIT $3", bulk_id, state, limit
    )


async def mark_bulk_case(conn: Conn, bulk_id: int, case_id: int, state: str, decision_id: int | None, why: str) -> None:
    await conn.execute(
        "UPDATE bulk_cases SET state = $3, decision_id = $4, why = $5 WHERE bulk_id = $1 AND case_id = $2",
        bulk_id,
        case_id,
        state,
        decision_id,
        why,
    )


async def set_bulk_state(conn: Conn, bulk_id: int, state: str, ended_at: datetime | None) -> None:
    await conn.execute("UPDATE bulk_decisions SET state = $2, ended_at = $3 WHERE id = $1", bulk_id, state, ended_at)


async def start_undoing(conn: Conn, bulk_id: int, by: int, reason: str, reopen: bool) -> None:
    await conn.execute(
        """UPDATE bulk_decisions SET state = 'undoing', ended_at = NULL, undone_by = $2, undo_reason = $3, reopen = $4
           WHERE id = $1""",
        bulk_id,
        by,
        reason,
        reopen,
    )


async def role(conn: Conn, account_id: int) -> str:
    """As somebody may act now: who was suspended or has left is a moderator no more."""
    found = await conn.value(
        """SELECT role FROM members JOIN accounts ON id = account_id
           WHERE account_id = $1 AND standing NOT IN ('suspended', 'deleted')""",
        account_id,
    )
    return str(found or "member")


async def desk(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("SELECT * FROM desks WHERE account_id = $1", account_id)


async def set_desk(conn: Conn, account_id: int, break_after: int, shortcuts: bool) -> None:
    await conn.execute(
        """INSERT INTO desks (account_id, break_after, shortcuts) VALUES ($1, $2, $3)
           ON CONFLICT (account_id) DO UPDATE SET break_after = $2, shortcuts = $3""",
        account_id,
        break_after,
        shortcuts,
    )


async def count_taken(conn: Conn, account_id: int) -> int:
    """One more case was asked for; how many that makes."""
    return int(
        await conn.value(
            """INSERT INTO desks AS mine (account_id, taken) VALUES ($1, 1)
               ON CONFLICT (account_id) DO UPDATE SET taken = mine.taken + 1 RETURNING taken""",
            account_id,
        )
    )


async def last_decisions(conn: Conn, moderator_id: int, limit: int) -> list[datetime]:
    """When somebody last decided, one by one: a whole group decided by one form is no such effort."""
    rows = await conn.rows(
        """SELECT case_id, id, decided_at FROM decisions WHERE moderator_id = $1 AND moderator_id <> 0 AND id > $3
           ORDER BY id DESC LIMIT $2""",
        moderator_id,
        limit,
        ids.first_at(clock.now() - timedelta(days=1)),
    )
    by_form = await conn.rows(
        "SELECT decision_id FROM bulk_cases WHERE case_id = ANY ($1)", [row["case_id"] for row in rows]
    )
    apart = {row["decision_id"] for row in by_form}
    return [row["decided_at"] for row in rows if row["id"] not in apart]


async def filters(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM saved_filters WHERE account_id = $1 ORDER BY id", account_id)


async def insert_filter(conn: Conn, account_id: int, filter_id: int, name: str, wanted: dict[str, Any]) -> None:
    await conn.execute("INSERT INTO saved_filters VALUES ($1, $2, $3, $4)", account_id, filter_id, name, wanted)


async def delete_filter(conn: Conn, account_id: int, filter_id: int) -> None:
    await conn.execute("DELETE FROM saved_filters WHERE account_id = $1 AND id = $2", account_id, filter_id)


async def looked_since(conn: Conn, case_id: int, moderator_id: int, since: datetime) -> bool:
    """Whether a moderator has asked, on the record, to see the pictures of a case."""
    return bool(
        await conn.value(
            """SELECT EXISTS (SELECT FROM case_events WHERE case_id = $1 AND actor_id = $2 AND kind = 'looked'
                              AND at > $3)""",
            case_id,
            moderator_id,
            since,
        )
    )


async def categories(conn: Conn, case_id: int) -> list[str]:
    return list(await conn.value("SELECT categories FROM cases WHERE id = $1", case_id) or ())


async def forget_account(conn: Conn, account_id: int) -> None:
    for table in ("reporter_records", "desks", "saved_filters"):
        await conn.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)
