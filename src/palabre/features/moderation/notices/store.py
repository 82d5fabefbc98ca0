"""All SQL of notices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page

_NOTICE = (
    "id",
    "secret",
    "source",
    "sender",
    "notifier_id",
    "member_id",
    "name",
    "email",
    "locale",
    "category",
    "law",
    "explanation",
    "good_faith",
    "reference",
    "issued_on",
    "items",
    "unfiled",
    "unanswered",
    "received_at",
    "due_at",
)


async def insert_notice(conn: Conn, notice: dict[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(_NOTICE) + 1))
    await conn.execute(
        f"INSERT INTO notices ({', '.join(_NOTICE)}) VALUES ({places})", *(notice[name] for name in _NOTICE)
    )


async def insert_items(
    conn: Conn, notice_id: int, urls: Sequence[str], comments: Sequence[str], categories: Sequence[str]
) -> None:
    await conn.execute(
        """INSERT INTO notice_items (notice_id, line, url, comment, category)
           SELECT $1, line, url, comment, category
           FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS new (url, comment, category, line)""",
        notice_id,
        urls,
        comments,
        categories,
    )


async def insert_file(
    conn: Conn, sha256: bytes, sender: str, notice_id: int, name: str, content: bytes, at: datetime
) -> int:
    """The notice that these very bytes came in with; waits for another transaction that just brings the same."""
    return int(
        await conn.value(
            """INSERT INTO notice_files AS f VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (sha256, sender) DO UPDATE SET name = f.name RETURNING notice_id""",
            sha256,
            sender,
            notice_id,
            name,
            content,
            at,
        )
    )


async def file(conn: Conn, notice_id: int) -> Row | None:
    return await conn.row("SELECT * FROM notice_files WHERE notice_id = $1", notice_id)


async def has_file(conn: Conn, notice_id: int) -> bool:
    return bool(await conn.value("SELECT EXISTS (SELECT FROM notice_files WHERE notice_id = $1)", notice_id))


async def notice(conn: Conn, notice_id: int) -> Row | None:
    return await conn.row("SELECT * FROM notices WHERE id = $1", notice_id)


async def lock_notice(conn: Conn, notice_id: int) -> Row | None:
    return await conn.row("SELECT * FROM notices WHERE id = $1 FOR UPDATE", notice_id)


async def update_notice(conn: Conn, notice_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE notices SET {sets} WHERE id = $1", notice_id, *changes.values())


async def count_left(conn: Conn, notice_id: int) -> Row:
    row = await conn.row(
        """SELECT count(*) FILTER (WHERE state = 'waiting') AS unfiled,
                  count(*) FILTER (WHERE state <> 'answered') AS unanswered
           FROM notice_items WHERE notice_id = $1""",
        notice_id,
    )
    assert row is not None
    return row


async def items(conn: Conn, notice_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM notice_items WHERE notice_id = $1 ORDER BY line", notice_id)


async def waiting(conn: Conn, notice_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM notice_items WHERE notice_id = $1 AND state = 'waiting' ORDER BY line LIMIT $2",
        notice_id,
        limit,
    )


async def item(conn: Conn, notice_id: int, line: int) -> Row | None:
    return await conn.row("SELECT * FROM notice_items WHERE notice_id = $1 AND line = $2", notice_id, line)


async def same_thing(conn: Conn, notice_id: int, line: int, account_id: int, post_id: int | None) -> Row | None:
    """Another line of the same notice about the same."""
    return await conn.row(
        """SELECT * FROM notice_items WHERE notice_id = $1 AND line <> $2 AND account_id = $3
             AND coalesce(post_id, 0) = coalesce($4::bigint, 0) AND case_id IS NOT NULL ORDER BY line LIMIT 1""",
        notice_id,
        line,
        account_id,
        post_id,
    )


async def update_item(conn: Conn, notice_id: int, line: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    await conn.execute(
        f"UPDATE notice_items SET {sets} WHERE notice_id = $1 AND line = $2", notice_id, line, *changes.values()
    )


async def answer_items(conn: Conn, case_id: int, decision_id: int, at: datetime) -> list[Row]:
    """The items that wait for this case have their answer now."""
    return await conn.rows(
        """UPDATE notice_items SET decision_id = $2, state = 'answered', answered_at = $3
           WHERE case_id = $1 AND state <> 'waiting' RETURNING notice_id, line""",
        case_id,
        decision_id,
        at,
    )


async def items_decided_by(conn: Conn, case_id: int, decision_id: int) -> list[Row]:
    return await conn.rows(
        "SELECT notice_id, line FROM notice_items WHERE case_id = $1 AND decision_id = $2", case_id, decision_id
    )


def _without(account: str) -> str:
    """Condition: no line of the notice is about this account."""
    of_notice = "SELECT coalesce(account_id, -1) FROM notice_items i WHERE i.notice_id = notices.id"
    return f"{account} <> ALL (ARRAY({of_notice}))"


async def open_notices(conn: Conn, source: str | None, limit: int, *, not_about: int) -> list[Row]:
    """Those still to be answered, the most pressing first."""
    return await conn.rows(
        f"""SELECT * FROM notices WHERE closed_at IS NULL AND due_at > '-infinity'
              AND ($1::text IS NULL OR source = $1) AND {_without("$3")}
            ORDER BY due_at, id LIMIT $2""",
        source,
        limit,
        not_about,
    )


async def closed_notices(conn: Conn, source: str | None, page: Page, *, not_about: int) -> list[Row]:
    return await conn.rows(
        f"""SELECT * FROM notices WHERE id > $1 AND id < $2 AND closed_at IS NOT NULL
              AND ($3::text IS NULL OR source = $3) AND {_without("$5")} ORDER BY id {page.order} LIMIT $4""",
        page.above,
        page.below,
        source,
        page.limit,
        not_about,
    )


async def named(conn: Conn, notice_ids: Sequence[int], *, not_about: int) -> list[Row]:
    return await conn.rows(f"SELECT * FROM notices WHERE id = ANY ($1) AND {_without('$2')}", notice_ids, not_about)


async def assigned_cases(conn: Conn, case_ids: Sequence[int]) -> set[int]:
    """Those of the cases that a moderator has in hand."""
    rows = await conn.rows("SELECT id FROM cases WHERE id = ANY ($1) AND assigned_to IS NOT NULL", case_ids)
    return {row["id"] for row in rows}


async def kept_copy(conn: Conn, post_id: int) -> int | None:
    """Whose post it was of which a copy was kept."""
    found = await conn.value(
        "SELECT account_id FROM snapshots WHERE post_id = $1 AND post_id <> 0 ORDER BY id DESC LIMIT 1", post_id
    )
    return int(found) if found else None


async def standing_decision(conn: Conn, account_id: int, action: str, post_id: int | None) -> Row | None:
    """The decision by which a post was removed, or (`post_id` None) an account suspended, and which stands."""
    return await conn.row(
        """SELECT case_id, id FROM decisions WHERE account_id = $1 AND action = $2 AND undone_at IS NULL
             AND ($3::bigint IS NULL OR $3 = ANY (post_ids)) ORDER BY id DESC LIMIT 1""",
        account_id,
        action,
        post_id,
    )


async def kept_file(conn: Conn, key: str) -> Row | None:
    """The kept copy of a post to which this file belonged."""
    return await conn.row(
        """SELECT s.account_id, s.post_id FROM file_holds h JOIN snapshots s ON s.case_id = h.holder_id
           WHERE h.key = $1 AND s.post_id <> 0 AND strpos(s.content, $1) > 0 ORDER BY s.id DESC LIMIT 1""",
        key,
    )


async def insert_notifier(conn: Conn, notifier: dict[str, Any]) -> None:
    names = ("id", "kind", "name", "email", "locale", "areas", "key_hash", "created_by", "created_at")
    await conn.execute(
        f"INSERT INTO notifiers ({', '.join(names)}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(notifier[name] for name in names),
    )


async def notifier(conn: Conn, notifier_id: int) -> Row | None:
    return await conn.row("SELECT * FROM notifiers WHERE id = $1", notifier_id)


async def notifiers(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM notifiers ORDER BY revoked_at IS NOT NULL, id LIMIT 500")


async def update_notifier(conn: Conn, notifier_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE notifiers SET {sets} WHERE id = $1", notifier_id, *changes.values())


async def senders_in(conn: Conn, case_id: int) -> list[Row]:
    """Who sent in the reports of a case: (report, sender), the posts it was about."""
    return await conn.rows(
        """SELECT r.id, r.post_ids, coalesce(n.sender, 'member:' || r.reporter_id, '') AS sender
           FROM reports r LEFT JOIN notices n ON n.id = r.notice_id
           WHERE r.case_id = $1 AND coalesce(n.sender, 'member:' || r.reporter_id, '') <> '' ORDER BY r.id""",
        case_id,
    )


async def put_outcome(conn: Conn, sender: str, report_id: int, outcome: str, keep: str) -> None:
    """`keep`: an outcome that stays where it was noted before."""
    await conn.execute(
        """INSERT INTO sender_records AS s VALUES ($1, $2, $3) ON CONFLICT (sender, report_id)
           DO UPDATE SET outcome = excluded.outcome WHERE s.outcome <> $4""",
        sender,
        report_id,
        outcome,
        keep,
    )


async def misused_case(conn: Conn, sender: str) -> int | None:
    """The case of the last thing he sent in, of what was manifestly unfounded before all else."""
    found = await conn.value(
        """SELECT r.case_id FROM sender_records s JOIN reports r ON r.id = s.report_id WHERE s.sender = $1
           ORDER BY s.outcome = 'unfounded' DESC, s.report_id DESC LIMIT 1""",
        sender,
    )
    return int(found) if found else None


async def forget_outcome(conn: Conn, sender: str, report_id: int) -> None:
    await conn.execute("DELETE FROM sender_records WHERE sender = $1 AND report_id = $2", sender, report_id)


async def outcomes(conn: Conn, sender: str, after: int, limit: int) -> list[str]:
    """How his latest reports came out, newest first."""
    rows = await conn.rows(
        "SELECT outcome FROM sender_records WHERE sender = $1 AND report_id > $2 ORDER BY report_id DESC LIMIT $3",
        sender,
        after,
        limit,
    )
    return [row["outcome"] for row in rows]


async def tallies(conn: Conn, senders: Sequence[str]) -> list[Row]:
    return await conn.rows(
        """SELECT sender, outcome, count(*) AS times FROM sender_records WHERE sender = ANY ($1)
           GROUP BY sender, outcome""",
        senders,
    )


async def sender(conn: Conn, sender: str) -> Row | None:
    return await conn.row("SELECT * FROM senders WHERE sender = $1", sender)


async def lock_sender(conn: Conn, sender: str) -> Row:
    """His standing, made if there was none; locked until the transaction ends."""
    row = await conn.row(
        "INSERT INTO senders AS s VALUES ($1) ON CONFLICT (sender) DO UPDATE SET reason = s.reason RETURNING *", sender
    )
    assert row is not None
    return row


async def update_sender(conn: Conn, sender: str, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE senders SET {sets} WHERE sender = $1", sender, *changes.values())


async def senders_to_watch(conn: Conn) -> list[Row]:
    """Those for whom a measure is proposed, and those who are under one."""
    return await conn.rows(
        """(SELECT * FROM senders WHERE proposed IS NOT NULL AND sender > '' ORDER BY sender LIMIT 200) UNION
           (SELECT * FROM senders WHERE warned_at IS NOT NULL AND sender > '' ORDER BY sender LIMIT 200)
           ORDER BY 2 NULLS LAST, 1"""
    )


async def insert_sender_event(
    conn: Conn, sender: str, event_id: int, kind: str, by: int, reason: str, until: datetime | None, at: datetime
) -> None:
    await conn.execute(
        "INSERT INTO sender_events VALUES ($1, $2, $3, $4, $5, $6, $7)", sender, event_id, kind, by, reason, until, at
    )


async def sender_events(conn: Conn, senders: Sequence[str]) -> list[Row]:
    return await conn.rows("SELECT * FROM sender_events WHERE sender = ANY ($1) ORDER BY sender, id", senders)


async def forget_member(conn: Conn, sender: str) -> None:
    """Nothing of one who has left is held against anybody."""
    for table in ("sender_records", "senders", "sender_events"):
        await conn.execute(f"DELETE FROM {table} WHERE sender = $1", sender)


async def forget_notices_of(conn: Conn, sender: str) -> None:
    """The notices stay, as what they led to stays; who sent them does not."""
    await conn.execute(
        "UPDATE notices SET sender = '', member_id = NULL, name = '', email = '' WHERE sender = $1 AND sender <> ''",
        sender,
    )


async def locale_of(conn: Conn, sender: str) -> str:
    """The language of his latest notice."""
    found = await conn.value(
        "SELECT locale FROM notices WHERE sender = $1 AND sender <> '' ORDER BY id DESC LIMIT 1", sender
    )
    return str(found or "en")


async def forget_names(conn: Conn, below: int, before: datetime) -> None:
    """The names and addresses of people, and what they sent as a file, of notices closed before."""
    rows = await conn.rows(
        """UPDATE notices SET sender = '', member_id = NULL, name = '', email = ''
           WHERE id < $1 AND closed_at < $2 AND source = 'notice' AND sender <> '' RETURNING id""",
        below,
        before,
    )
    await conn.execute("DELETE FROM notice_files WHERE notice_id = ANY ($1)", [row["id"] for row in rows])


async def forget_outcomes(conn: Conn, below: int) -> None:
    await conn.execute("DELETE FROM sender_records WHERE report_id < $1", below)
