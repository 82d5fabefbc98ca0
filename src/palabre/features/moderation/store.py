"""All SQL of moderation: cases, reports, snapshots, decisions, letters. The log's and the accounts' have their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page


async def insert_case(conn: Conn, case_id: int, account_id: int, excerpt: str, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO cases (id, account_id, excerpt, opened_at) VALUES ($1, $2, $3, $4)",
        case_id,
        account_id,
        excerpt,
        at,
    )


async def case(conn: Conn, case_id: int) -> Row | None:
    return await conn.row("SELECT * FROM cases WHERE id = $1", case_id)


async def lock_case(conn: Conn, case_id: int, *, only_open: bool = False) -> Row | None:
    return await conn.row(
        f"SELECT * FROM cases WHERE id = $1 {'AND state = $$open$$' if only_open else ''} FOR UPDATE", case_id
    )


async def update_case(conn: Conn, case_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE cases SET {sets} WHERE id = $1", case_id, *changes.values())


async def count_open(conn: Conn, assigned_to: int | None, most: int = 1_000) -> int:
    mine = "AND assigned_to = $2" if assigned_to is not None else "AND id > $2"
    return int(
        await conn.value(
            f"SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' {mine} LIMIT $1) AS few",
            most,
            assigned_to or 0,
        )
    )


async def claim_subjects(conn: Conn, account_id: int, post_ids: Sequence[int], case_id: int) -> None:
    """Waits for others who claim the same at this moment; what another open case has stays there."""
    await conn.execute(
        """INSERT INTO open_subjects (account_id, post_id, case_id)
           SELECT $1, post_id, $3 FROM unnest($2::bigint[]) AS post_id ORDER BY post_id ON CONFLICT DO NOTHING""",
        account_id,
        post_ids,
        case_id,
    )


async def subjects(conn: Conn, account_id: int, post_ids: Sequence[int]) -> dict[int, int]:
    """Post id (0: the account) -> its open case."""
    rows = await conn.rows(
        "SELECT post_id, case_id FROM open_subjects WHERE account_id = $1 AND post_id = ANY ($2)", account_id, post_ids
    )
    return {row["post_id"]: row["case_id"] for row in rows}


async def move_subjects(conn: Conn, account_id: int, from_case: int, to_case: int) -> None:
    await conn.execute(
        "UPDATE open_subjects SET case_id = $3 WHERE account_id = $1 AND case_id = $2", account_id, from_case, to_case
    )


async def claim_open_subjects(conn: Conn) -> None:
    """What each open case is about, the oldest first. Reads all open cases: for making the table anew alone."""
    await conn.execute(
        """INSERT INTO open_subjects (account_id, post_id, case_id)
           SELECT c.account_id, s.post_id, min(c.id) FROM cases c JOIN snapshots s ON s.case_id = c.id
           WHERE c.state = 'open' GROUP BY 1, 2 ON CONFLICT DO NOTHING"""
    )


async def reporters_after(conn: Conn, after: int, limit: int) -> list[int]:
    """Members who reported something, by id. Reads all reports: for making tables anew alone."""
    rows = await conn.rows(
        """SELECT DISTINCT r.reporter_id FROM reports r WHERE r.reporter_id > $1
             AND EXISTS (SELECT FROM decisions d WHERE d.case_id = r.case_id) ORDER BY r.reporter_id LIMIT $2""",
        after,
        limit,
    )
    return [row["reporter_id"] for row in rows]


async def founders_after(conn: Conn, after: int, lately: timedelta, limit: int) -> list[int]:
    """Cases that a group of those alike began with, opened lately or with one still open."""
    rows = await conn.rows(
        """SELECT id FROM cases c WHERE id > $1 AND group_id = id AND (opened_at > now() - $2::interval
             OR EXISTS (SELECT FROM cases o WHERE o.group_id = c.id AND o.state = 'open')) ORDER BY id LIMIT $3""",
        after,
        lately,
        limit,
    )
    return [row["id"] for row in rows]


async def close_subjects(conn: Conn, case_id: int) -> None:
    await conn.execute("DELETE FROM open_subjects WHERE case_id = $1", case_id)


async def lock_texts(conn: Conn, author_id: int, post_ids: Sequence[int]) -> dict[int, str]:
    """What was written, of posts that are there; nobody edits or deletes them until the transaction ends."""
    rows = await conn.rows(
        "SELECT id, text FROM posts WHERE author_id = $1 AND id = ANY ($2) ORDER BY id FOR SHARE", author_id, post_ids
    )
    return {row["id"]: row["text"] for row in rows}


async def insert_report(conn: Conn, report: dict[str, Any]) -> None:
    names = ("case_id", "id", "reporter_id", "account_id", "post_ids", "comment", "category", "rule_ids", "forward")
    more = ("created_at", "source", "notice_id", "due_at")
    await conn.execute(
        f"""INSERT INTO reports ({", ".join(names + more)})
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
        *(report[name] for name in names + more),
    )


async def update_report(conn: Conn, case_id: int, report_id: int, category: str, rule_ids: Sequence[int]) -> None:
    await conn.execute(
        "UPDATE reports SET category = $3, rule_ids = $4 WHERE case_id = $1 AND id = $2",
        case_id,
        report_id,
        category,
        rule_ids,
    )


_REPORT = "SELECT r.*, c.assigned_to, c.decided_at FROM reports r JOIN cases c ON c.id = r.case_id"


async def report(conn: Conn, report_id: int) -> Row | None:
    return await conn.row(f"{_REPORT} WHERE r.id = $1", report_id)


async def report_of(conn: Conn, case_id: int, reporter_id: int) -> Row | None:
    """Somebody's latest report in a case."""
    return await conn.row(
        f"{_REPORT} WHERE r.case_id = $1 AND r.reporter_id = $2 ORDER BY r.id DESC LIMIT 1", case_id, reporter_id
    )


async def leads_notice(conn: Conn, notice_id: int | None, report_id: int) -> bool:
    """Whether a report is the first that its notice led to; true of those that come alone."""
    return notice_id is None or report_id == await conn.value(
        "SELECT min(id) FROM reports WHERE notice_id = $1", notice_id
    )


async def reports_in(conn: Conn, case_id: int) -> list[Row]:
    return await conn.rows(f"{_REPORT} WHERE r.case_id = $1 ORDER BY r.id", case_id)


async def reports_by(conn: Conn, reporter_id: int, limit: int) -> list[Row]:
    return await conn.rows(f"{_REPORT} WHERE r.reporter_id = $1 ORDER BY r.id DESC LIMIT $2", reporter_id, limit)


async def reports(
    conn: Conn,
    page: Page,
    *,
    resolved: bool,
    reporter_id: int | None,
    account_id: int | None,
    not_about: int,
    hidden: Sequence[int],
) -> list[Row]:
    return await conn.rows(
        f"""{_REPORT} WHERE r.id > $1 AND r.id < $2 AND c.state = $3 AND ($4::bigint IS NULL OR r.reporter_id = $4)
              AND ($5::bigint IS NULL OR r.account_id = $5) AND r.account_id <> $6
              AND r.case_id <> ALL ($8)
            ORDER BY r.id {page.order} LIMIT $7""",
        page.above,
        page.below,
        "decided" if resolved else "open",
        reporter_id,
        account_id,
        not_about,
        page.limit,
        hidden,
    )


async def reporter_ids(conn: Conn, case_id: int) -> set[int]:
    rows = await conn.rows(
        "SELECT DISTINCT reporter_id FROM reports WHERE case_id = $1 AND reporter_id IS NOT NULL", case_id
    )
    return {row["reporter_id"] for row in rows}


async def insert_snapshot(
    conn: Conn,
    case_id: int,
    snapshot_id: int,
    account_id: int,
    post_id: int,
    content: str,
    sha256: bytes,
    at: datetime,
) -> None:
    await conn.execute(
        "INSERT INTO snapshots VALUES ($1, $2, $3, $4, $5, $6, $7)",
        case_id,
        snapshot_id,
        account_id,
        post_id,
        content,
        sha256,
        at,
    )


async def last_snapshot(conn: Conn, case_id: int, post_id: int) -> Row | None:
    return await conn.row(
        "SELECT * FROM snapshots WHERE case_id = $1 AND post_id = $2 ORDER BY id DESC LIMIT 1", case_id, post_id
    )


async def last_snapshot_anywhere(conn: Conn, account_id: int, post_id: int) -> Row | None:
    return await conn.row(
        "SELECT * FROM snapshots WHERE post_id = $2 AND account_id = $1 AND post_id <> 0 ORDER BY id DESC LIMIT 1",
        account_id,
        post_id,
    )


async def snapshots(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM snapshots WHERE case_id = ANY ($1) ORDER BY case_id, id", case_ids)


async def insert_decision(conn: Conn, decision: dict[str, Any]) -> None:
    names = ("case_id", "id", "account_id", "moderator_id", "action", "post_ids", "rule_ids", "reason", "answer")
    more = ("decided_at", "decided_by", "facts", "law", "policy_version", "sources", "detected", "label", "expires_at")
    last = ("rule_texts", "on_appeal")
    await conn.execute(
        f"""INSERT INTO decisions ({", ".join(names + more + last)})
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)""",
        *(decision[name] for name in names + more + last),
    )


async def update_decision(conn: Conn, case_id: int, decision_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    await conn.execute(
        f"UPDATE decisions SET {sets} WHERE case_id = $1 AND id = $2", case_id, decision_id, *changes.values()
    )


async def decisions(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM decisions WHERE case_id = ANY ($1) ORDER BY case_id, id", case_ids)


async def decisions_about(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM decisions WHERE account_id = $1 ORDER BY id DESC LIMIT 200", account_id)


async def expired_decisions(conn: Conn, at: datetime, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT case_id, id FROM decisions WHERE expires_at <= $1 AND undone_at IS NULL
           ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED""",
        at,
        limit,
    )


async def appealed(conn: Conn, case_id: int) -> list[Row]:
    """The appeals of a case that count: which decision, whose, and whether it is still open."""
    return await conn.rows(
        """SELECT decision_id, moderator_id, state IN ('open', 'jury') AS open FROM appeals
           WHERE case_id = $1 AND state <> 'withdrawn'""",
        case_id,
    )


async def to_review(conn: Conn, moderator_id: int) -> list[int]:
    """The cases that a moderator is to judge again without seeing how they were decided."""
    rows = await conn.rows(
        "SELECT case_id FROM reviews WHERE reviewer_id = $1 AND state = 'waiting' ORDER BY due_at", moderator_id
    )
    return [row["case_id"] for row in rows]


async def standing_measures(conn: Conn, account_id: int) -> set[str]:
    """The actions of the decisions on an account that have not been undone."""
    rows = await conn.rows(
        "SELECT DISTINCT action FROM decisions WHERE account_id = $1 AND undone_at IS NULL", account_id
    )
    return {row["action"] for row in rows}


async def laws_cited(conn: Conn, limit: int) -> list[str]:
    """The provisions that decisions relied on, the most cited first."""
    rows = await conn.rows(
        "SELECT law FROM decisions WHERE law <> '' GROUP BY law ORDER BY count(*) DESC, law LIMIT $1", limit
    )
    return [row["law"] for row in rows]


async def standing_labels(conn: Conn, account_id: int, post_ids: Sequence[int]) -> dict[int, str]:
    """Post id -> what the newest label decision says that stands."""
    rows = await conn.rows(
        """SELECT DISTINCT ON (post_id) post_id, label FROM decisions, unnest(post_ids) AS post_id
           WHERE account_id = $1 AND action = 'label' AND undone_at IS NULL AND post_id = ANY ($2)
           ORDER BY post_id, id DESC""",
        account_id,
        post_ids,
    )
    return {row["post_id"]: row["label"] for row in rows}


async def strikes(conn: Conn, account_id: int, since: datetime, actions: Sequence[str]) -> list[Row]:
    """Decisions of these kinds that stand, or stood until their time was up."""
    return await conn.rows(
        """SELECT case_id, id, action, decided_at FROM decisions
           WHERE account_id = $1 AND decided_at > $2 AND action = ANY ($3)
             AND (undone_at IS NULL OR ended = 'expired') ORDER BY id""",
        account_id,
        since,
        actions,
    )


async def no_longer_under(conn: Conn, action: str, account_id: int, post_ids: Sequence[int]) -> list[int]:
    """Those of the posts that a decision of this kind changed and none that stands is about any more."""
    rows = await conn.rows(
        """SELECT post_id FROM unnest($3::bigint[]) AS post_id
           WHERE EXISTS (SELECT FROM decisions
                         WHERE account_id = $1 AND action = $2 AND post_id = ANY (changed))
             AND NOT EXISTS (SELECT FROM decisions
                             WHERE account_id = $1 AND action = $2 AND undone_at IS NULL AND post_id = ANY (post_ids))""",
        account_id,
        action,
        post_ids,
    )
    return [row["post_id"] for row in rows]


async def insert_letter(
    conn: Conn,
    account_id: int,
    letter_id: int,
    case_id: int,
    kind: str,
    decision_id: int,
    undoing: bool,
    at: datetime,
    appeal_id: int | None = None,
) -> None:
    await conn.execute(
        """INSERT INTO letters (account_id, id, case_id, kind, decision_id, undoing, created_at, appeal_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        account_id,
        letter_id,
        case_id,
        kind,
        decision_id,
        undoing,
        at,
        appeal_id,
    )


async def letters(conn: Conn, account_id: int, letter_id: int | None, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT l.account_id AS to_id, l.id AS letter_id, l.kind, l.undoing, l.created_at, l.read_at, d.*,
                  a.reason AS reply
           FROM letters l JOIN decisions d ON d.case_id = l.case_id AND d.id = l.decision_id
             LEFT JOIN appeals a ON a.case_id = l.case_id AND a.id = l.appeal_id
           WHERE l.account_id = $1 AND ($2::bigint IS NULL OR l.id = $2) ORDER BY l.id DESC LIMIT $3""",
        account_id,
        letter_id,
        limit,
    )


async def keep_secret(conn: Conn, account_id: int, letter_id: int, secret_hash: bytes, until: datetime) -> None:
    await conn.execute(
        "UPDATE letters SET secret_hash = $3, secret_until = $4 WHERE account_id = $1 AND id = $2",
        account_id,
        letter_id,
        secret_hash,
        until,
    )


async def letter_by_secret(conn: Conn, account_id: int, secret_hash: bytes, at: datetime) -> int | None:
    return await conn.value(  # type: ignore[no-any-return]
        "SELECT id FROM letters WHERE account_id = $1 AND secret_hash = $2 AND secret_until > $3",
        account_id,
        secret_hash,
        at,
    )


async def letters_about(conn: Conn, account_id: int, decision_id: int) -> list[int]:
    rows = await conn.rows(
        "SELECT id FROM letters WHERE account_id = $1 AND decision_id = $2 AND NOT undoing", account_id, decision_id
    )
    return [row["id"] for row in rows]


async def forget_letters(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM letters WHERE account_id = $1", account_id)


async def mark_read(conn: Conn, account_id: int, letter_ids: Sequence[int], at: datetime) -> None:
    await conn.execute(
        "UPDATE letters SET read_at = $3 WHERE account_id = $1 AND id = ANY ($2) AND read_at IS NULL",
        account_id,
        letter_ids,
        at,
    )


async def count_unread(conn: Conn, account_id: int) -> int:
    return int(await conn.value("SELECT count(*) FROM letters WHERE account_id = $1 AND read_at IS NULL", account_id))


async def described_account(conn: Conn, account_id: int) -> dict[str, Any]:
    """An account as it is, without what is derived."""
    row = await conn.row(
        """SELECT id, username, domain, display_name, note, fields, standing, created_at, updated_at
           FROM accounts WHERE id = $1""",
        account_id,
    )
    return dict(row) if row else {}


async def told(conn: Conn, account_ids: Sequence[int]) -> list[Row]:
    """Where and in which language to write to members; nothing for those from elsewhere."""
    return await conn.rows("SELECT account_id, email, locale FROM members WHERE account_id = ANY ($1)", account_ids)


async def staff(conn: Conn) -> list[int]:
    rows = await conn.rows(
        """SELECT account_id FROM members
           WHERE role <> 'member' AND role = ANY ('{moderator,owner}'::text[])
             AND (SELECT standing FROM accounts WHERE id = account_id) <> 'suspended'"""
    )
    return [row["account_id"] for row in rows]


async def role(conn: Conn, account_id: int) -> str:
    return str(await conn.value("SELECT role FROM members WHERE account_id = $1", account_id) or "member")


async def rules_cited(conn: Conn, rule_ids: Sequence[int]) -> list[Row]:
    """Rules, retired ones too: old decisions cite them."""
    return await conn.rows("SELECT id, text, hint FROM rules WHERE id = ANY ($1) ORDER BY position, id", rule_ids)


async def answers(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT id, name, text FROM saved_answers ORDER BY lower(name), id")


async def put_answer(conn: Conn, answer_id: int, name: str, text: str, by: int, at: datetime) -> None:
    await conn.execute(
        """INSERT INTO saved_answers VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE SET name = $2, text = $3, changed_by = $4, changed_at = $5""",
        answer_id,
        name,
        text,
        by,
        at,
    )


async def remove_answer(conn: Conn, answer_id: int) -> bool:
    return bool(await conn.execute("DELETE FROM saved_answers WHERE id = $1", answer_id))
