"""All SQL of archives."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from palabre.base.db import Conn, Row


async def columns(conn: Conn) -> list[Row]:
    """Table, column and type of all that is stored: generated columns make themselves."""
    return await conn.rows(
        """SELECT relname AS table, attname AS column, format_type(atttypid, atttypmod) AS type
           FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
           WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition
             AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY relname, attnum"""
    )


async def tables(conn: Conn) -> list[Row]:
    """Every table there is: how many pages it has, and whether its rows can be told apart by them."""
    return await conn.rows(
        """SELECT relname AS name, relkind = 'r' AS in_pages,
             CASE relkind WHEN 'r' THEN pg_relation_size(oid) / current_setting('block_size')::int ELSE 0 END AS pages,
             CASE relkind WHEN 'r' THEN pg_table_size(oid) ELSE 0 END AS bytes
           FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition"""
    )


async def applied(conn: Conn) -> list[str]:
    """The migrations, in order."""
    return [row["name"] for row in await conn.rows("SELECT name FROM migrations ORDER BY name")]


async def copy_pages(
    conn: Conn,
    table: str,
    columns: Sequence[str],
    first: int,
    end: int | None,
    write: Callable[[bytes], Awaitable[None]],
) -> None:
    """The rows in these pages of a table; with `end` None, all from the first on."""
    # Not a parameter: COPY takes none. Both come from the catalogue.
    listed = ", ".join(f'"{column}"' for column in columns)
    within = f"ctid >= '({first},0)'" + (f" AND ctid < '({end},0)'" if end is not None else "")
    await conn.copy_out(f'SELECT {listed} FROM public."{table}"' + (f" WHERE {within}" if first or end else ""), write)


async def begin(conn: Conn, run_id: int, plan_id: int | None, destination: str, archive: str, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO archive_runs (id, plan_id, destination, archive, started_at) VALUES ($1, $2, $3, $4, $5)",
        run_id,
        plan_id,
        destination,
        archive,
        at,
    )


async def finish(conn: Conn, run_id: int, at: datetime, rows: int, bytes_: int, new_bytes: int, media: int) -> None:
    await conn.execute(
        """UPDATE archive_runs SET finished_at = $2, rows = $3, bytes = $4, new_bytes = $5, media = $6
           WHERE id = $1""",
        run_id,
        at,
        rows,
        bytes_,
        new_bytes,
        media,
    )


async def fail(conn: Conn, run_id: int, at: datetime, error: str) -> None:
    await conn.execute(
        "UPDATE archive_runs SET failed_at = $2, error = $3 WHERE id = $1 AND finished_at IS NULL",
        run_id,
        at,
        error[:1000],
    )


async def warn(conn: Conn, run_id: int, error: str) -> None:
    """It went well, but for this."""
    await conn.execute("UPDATE archive_runs SET error = $2 WHERE id = $1", run_id, error[:1000])


async def copies(conn: Conn, place: str, keys: Sequence[str]) -> list[Row]:
    return await conn.rows("SELECT * FROM archive_copies WHERE place = $1 AND key = ANY ($2)", place, keys)


async def add_copies(conn: Conn, place: str, rows: Sequence[tuple[str, int, bytes, int, bytes]]) -> None:
    """Key, size, SHA-256, and both as stored."""
    listed = list(zip(*rows, strict=True))
    if not listed:
        return
    await conn.execute(
        """INSERT INTO archive_copies (place, key, size, sha256, stored_size, stored_sha256)
           SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bytea[])
           ON CONFLICT (key, place) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256,
             stored_size = excluded.stored_size, stored_sha256 = excluded.stored_sha256""",
        place,
        *listed,
    )


async def forget_copies(conn: Conn, place: str, digests: Sequence[bytes]) -> None:
    """`digests`: SHA-256 of the keys, which is what the media are named by there."""
    await conn.execute(
        "DELETE FROM archive_copies WHERE place = $1 AND sha256(convert_to(key, 'UTF8')) = ANY ($2::bytea[])",
        place,
        digests,
    )


async def break_off(conn: Conn, destination: str, before: int, at: datetime) -> None:
    """Earlier runs there that never said how they ended: their process was killed."""
    await conn.execute(
        """UPDATE archive_runs SET failed_at = $3, error = 'broken off: its process ended before it did'
           WHERE destination = $1 AND id < $2 AND finished_at IS NULL AND failed_at IS NULL""",
        destination,
        before,
        at,
    )


async def plans(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM archive_plans ORDER BY since, id")


async def plan(conn: Conn, plan_id: int) -> Row | None:
    return await conn.row("SELECT * FROM archive_plans WHERE id = $1", plan_id)


async def plan_for(conn: Conn, destination: str) -> Row | None:
    return await conn.row("SELECT * FROM archive_plans WHERE destination = $1", destination)


async def put_plan(
    conn: Conn,
    plan_id: int,
    destination: str,
    options: dict[str, str],
    recipients: Sequence[str],
    every: timedelta,
    keep: int,
    at: datetime,
) -> None:
    """A new plan, or other terms for the one of the same destination; due at once."""
    await conn.execute(
        """INSERT INTO archive_plans (id, destination, options, recipients, every, keep, since, next_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
           ON CONFLICT (destination) DO UPDATE SET options = excluded.options, recipients = excluded.recipients,
             every = excluded.every, keep = excluded.keep, next_at = excluded.next_at""",
        plan_id,
        destination,
        options,
        recipients,
        every,
        keep,
        at,
    )


async def drop_plan(conn: Conn, destination: str) -> bool:
    return bool(await conn.execute("DELETE FROM archive_plans WHERE destination = $1", destination))


async def claim_plan(conn: Conn, now: datetime, lease: timedelta) -> int | None:
    """One that is due; nobody else gets it before the lease ends."""
    found = await conn.value(
        """UPDATE archive_plans SET next_at = $1::timestamptz + $2 WHERE id =
             (SELECT id FROM archive_plans WHERE next_at <= $1 ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING id""",
        now,
        lease,
    )
    return int(found) if found else None


async def every(conn: Conn, plan_id: int) -> timedelta:
    """Nothing for a plan that was dropped meanwhile."""
    found = await conn.value("SELECT every FROM archive_plans WHERE id = $1", plan_id)
    return found if isinstance(found, timedelta) else timedelta()


async def set_next(conn: Conn, plan_id: int, at: datetime) -> None:
    await conn.execute("UPDATE archive_plans SET next_at = $2 WHERE id = $1", plan_id, at)


async def failures(conn: Conn, plan_id: int) -> int:
    """How many runs of a plan failed since the last that went well."""
    return int(
        await conn.value(
            """SELECT count(*) FROM archive_runs WHERE plan_id = $1 AND failed_at IS NOT NULL AND started_at >
                 coalesce((SELECT max(started_at) FROM archive_runs WHERE plan_id = $1 AND finished_at IS NOT NULL),
                          '-infinity')""",
            plan_id,
        )
    )


async def last_runs(conn: Conn) -> list[Row]:
    """The latest run of each plan."""
    return await conn.rows(
        """SELECT DISTINCT ON (plan_id) plan_id, archive, started_at, finished_at, failed_at, error FROM archive_runs
           WHERE plan_id IS NOT NULL ORDER BY plan_id, started_at DESC"""
    )
