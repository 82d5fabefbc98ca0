"""All SQL of holds and of erasing."""

from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page


async def insert(conn: Conn, hold: dict[str, Any]) -> None:
    names = ("case_id", "id", "account_id", "kind", "reason", "authority", "reference", "sealed", "sha256")
    more = ("made_by", "made_at", "until")
    await conn.execute(
        f"""INSERT INTO legal_holds ({", ".join(names + more)})
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        *(hold[name] for name in names + more),
    )


async def one(conn: Conn, case_id: int, hold_id: int) -> Row | None:
    return await conn.row("SELECT * FROM legal_holds WHERE case_id = $1 AND id = $2", case_id, hold_id)


async def of_case(conn: Conn, case_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM legal_holds WHERE case_id = $1 ORDER BY id DESC", case_id)


async def holds(conn: Conn, page: Page, *, not_about: int) -> list[Row]:
    return await conn.rows(
        f"""SELECT * FROM legal_holds WHERE id > $1 AND id < $2 AND account_id <> $3
            ORDER BY id {page.order} LIMIT $4""",
        page.above,
        page.below,
        not_about,
        page.limit,
    )


async def ended(conn: Conn, at: datetime, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT case_id, id FROM legal_holds WHERE until <= $1 AND purged_at IS NULL
           ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED""",
        at,
        limit,
    )


async def purge(conn: Conn, case_id: int, hold_id: int, at: datetime) -> None:
    await conn.execute(
        "UPDATE legal_holds SET sealed = '', purged_at = $3 WHERE case_id = $1 AND id = $2", case_id, hold_id, at
    )


async def erasable(conn: Conn, decided_before: datetime, limit: int) -> list[int]:
    """Decided cases whose evidence nothing needs any more: no hold stands, no appeal or second look waits."""
    rows = await conn.rows(
        """SELECT c.id FROM cases c
           WHERE c.state = 'decided' AND c.erased_at IS NULL AND c.decided_at < $1
             AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.purged_at IS NULL)
             AND NOT EXISTS (SELECT FROM appeals a WHERE a.case_id = c.id AND a.state IN ('open', 'jury'))
             AND NOT EXISTS (SELECT FROM reviews r WHERE r.case_id = c.id AND r.state = 'waiting')
           ORDER BY c.decided_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED""",
        decided_before,
        limit,
    )
    return [row["id"] for row in rows]


async def erase_snapshots(conn: Conn, case_id: int) -> list[int]:
    rows = await conn.rows("DELETE FROM snapshots WHERE case_id = $1 RETURNING id", case_id)
    return sorted(row["id"] for row in rows)


async def removed_for_good(conn: Conn, case_id: int) -> list[Row]:
    """The posts that a decision of this case withheld, which stands, and that are withheld still."""
    return await conn.rows(
        """SELECT DISTINCT p.author_id, p.id
           FROM decisions d JOIN posts p ON p.author_id = d.account_id AND p.id = ANY (d.post_ids)
           WHERE d.case_id = $1 AND d.action = 'remove' AND d.undone_at IS NULL AND p.withheld_at IS NOT NULL""",
        case_id,
    )


async def mark_erased(conn: Conn, case_id: int, at: datetime) -> None:
    await conn.execute("UPDATE cases SET erased_at = $2, excerpt = '' WHERE id = $1", case_id, at)
