"""All SQL of drills."""

from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row


async def take_turn(conn: Conn, drill_id: int, now: datetime, until: datetime) -> bool:
    """Whether it is this drill's turn now: nobody else has it."""
    return bool(
        await conn.execute(
            """INSERT INTO drill_turns AS t (turn, drill_id, leased_until) VALUES ('drill', $1, $3)
               ON CONFLICT (turn) DO UPDATE SET drill_id = $1, leased_until = $3 WHERE t.leased_until < $2""",
            drill_id,
            now,
            until,
        )
    )


async def keep_turn(conn: Conn, drill_id: int, until: datetime) -> None:
    await conn.execute(
        "UPDATE drill_turns SET leased_until = $2 WHERE turn = 'drill' AND drill_id = $1", drill_id, until
    )


async def turn(conn: Conn, now: datetime) -> bool:
    """Whether somebody has it."""
    return bool(
        await conn.value("SELECT EXISTS (SELECT FROM drill_turns WHERE turn = 'drill' AND leased_until >= $1)", now)
    )


async def break_off(conn: Conn, drill_id: int, at: datetime) -> None:
    """All that were begun before this one and never came to an end."""
    await conn.execute(
        "UPDATE drills SET finished_at = $2, error = 'It was broken off.' WHERE finished_at IS NULL AND id <> $1",
        drill_id,
        at,
    )


async def begin(conn: Conn, drill_id: int, destination: str, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO drills (id, destination, started_at) VALUES ($1, $2, $3)", drill_id, destination, at
    )


async def finish(
    conn: Conn, drill_id: int, archive: str, at: datetime, well: bool, outcome: dict[str, Any], error: str | None
) -> None:
    await conn.execute(
        "UPDATE drills SET archive = $2, finished_at = $3, well = $4, outcome = $5, error = $6 WHERE id = $1",
        drill_id,
        archive,
        at,
        well,
        outcome,
        error,
    )


async def drop(conn: Conn, drill_id: int) -> None:
    await conn.execute("DELETE FROM drills WHERE id = $1", drill_id)


async def places(conn: Conn) -> list[Row]:
    """The plans' places that hold an archive, and how the last drill of each went; first whose drill is longest ago."""
    return await conn.rows(
        """SELECT p.destination, d.started_at, d.well FROM archive_plans p
           LEFT JOIN LATERAL (SELECT started_at, well FROM drills d
                              WHERE d.destination = split_part(p.destination, '?', 1)
                              ORDER BY started_at DESC LIMIT 1) d ON true
           WHERE EXISTS (SELECT FROM archive_runs r
                         WHERE (r.plan_id = p.id OR r.destination = p.destination) AND r.finished_at IS NOT NULL)
           ORDER BY d.started_at NULLS FIRST, p.id"""
    )


async def newest(conn: Conn, archive: str | None, destination: str | None = None) -> Row | None:
    """The newest archive in the plans' places, or in this one of them, whoever took it; or this archive, by its id or how
    it begins."""
    return await conn.row(
        """SELECT p.destination, p.options, r.archive FROM archive_runs r
           JOIN archive_plans p ON r.plan_id = p.id OR r.destination = p.destination
           WHERE r.finished_at IS NOT NULL AND ($1::text IS NULL OR starts_with(r.archive, $1))
             AND ($2::text IS NULL OR split_part(p.destination, '?', 1) = $2)
           ORDER BY r.started_at DESC LIMIT 1""",
        archive,
        destination,
    )


async def is_planned(conn: Conn) -> bool:
    return bool(await conn.value("SELECT EXISTS (SELECT FROM archive_plans)"))


async def posts(conn: Conn, most: int) -> list[Row]:
    """Some posts, drawn by lot, whose authors are members here and may open them. It reads the whole table."""
    return await conn.rows(
        """SELECT p.author_id, p.id, a.username FROM posts p
           JOIN accounts a ON a.id = p.author_id AND a.standing IN ('active', 'limited', 'frozen')
           JOIN members m ON m.account_id = p.author_id AND m.confirmed_at IS NOT NULL AND m.approved_at IS NOT NULL
           WHERE p.reblog_of_id IS NULL AND p.withheld_at IS NULL AND p.held_at IS NULL
           ORDER BY random() LIMIT $1""",
        most,
    )
