"""All SQL of safekeeping."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from palabre.base.db import Conn, Row


async def plans(conn: Conn) -> list[Row]:
    return await conn.rows(
        "SELECT id, destination, recipients, every, keep, since, next_at FROM archive_plans ORDER BY since, id"
    )


async def runs(conn: Conn, limit: int) -> list[Row]:
    """The newest archives begun by each plan (and by hand: no plan), and the last one that each finished."""
    columns = """r.plan_id, r.destination, r.archive, r.started_at, r.finished_at, r.failed_at, r.error, r.rows, r.bytes,
        r.new_bytes, r.media"""
    return await conn.rows(
        f"""SELECT found.* FROM (SELECT id FROM archive_plans UNION ALL SELECT NULL) p CROSS JOIN LATERAL (
                (SELECT {columns} FROM archive_runs r WHERE r.plan_id IS NOT DISTINCT FROM p.id
                 ORDER BY r.started_at DESC LIMIT $1)
                UNION
                (SELECT {columns} FROM archive_runs r WHERE r.plan_id IS NOT DISTINCT FROM p.id
                 AND r.finished_at IS NOT NULL ORDER BY r.started_at DESC LIMIT 1)) found
            ORDER BY found.started_at DESC""",
        limit,
    )


async def drills(conn: Conn) -> list[Row]:
    """Of each plan's place, and of wherever the last one was held, the newest drills and the last that went well."""
    columns = "id, destination, archive, started_at, finished_at, well, outcome, error"
    return await conn.rows(
        f"""SELECT found.* FROM (
                SELECT split_part(destination, '?', 1) AS place FROM archive_plans
                UNION (SELECT destination FROM drills ORDER BY started_at DESC LIMIT 1)) p
            CROSS JOIN LATERAL (
                (SELECT {columns} FROM drills d WHERE d.destination = p.place ORDER BY started_at DESC LIMIT 20)
                UNION
                (SELECT {columns} FROM drills d WHERE d.destination = p.place AND well
                 ORDER BY started_at DESC LIMIT 1)) found
            ORDER BY found.started_at DESC"""
    )


async def turn(conn: Conn, now: datetime) -> int | None:
    """The drill under way."""
    found: int | None = await conn.value(
        "SELECT drill_id FROM drill_turns WHERE turn = 'drill' AND leased_until > $1", now
    )
    return found


async def community(conn: Conn, limit: int) -> tuple[datetime | None, int]:
    """When the first member came, and how many there are, counted up to a limit."""
    row = await conn.row(
        """SELECT min(created_at) AS first, count(*) AS members FROM (
             SELECT created_at FROM members ORDER BY account_id LIMIT $1) found""",
        limit,
    )
    return (row["first"], row["members"]) if row else (None, 0)


async def replicas(conn: Conn) -> list[Row]:
    """Who follows this database, now or when it was last here: a slot stays when its standby goes.

    A standby that stopped answering is as far behind as its last answer is old, if anything was written since.
    """
    return await conn.rows(
        """SELECT regexp_replace(coalesce(s.slot_name::text, r.application_name), '^palabre_', '') AS name,
                  r.pid IS NOT NULL AS connected, r.sync_state IN ('sync', 'quorum') AS synchronous,
                  CASE WHEN behind.bytes > 0 THEN greatest(extract(epoch FROM r.replay_lag),
                       extract(epoch FROM clock_timestamp() - r.reply_time), 0)::float
                       WHEN r.pid IS NOT NULL THEN 0 END AS lag_seconds,
                  behind.bytes AS lag_bytes
           FROM (SELECT slot_name, active_pid, restart_lsn FROM pg_replication_slots
                 WHERE slot_type = 'physical' AND NOT temporary) s
           FULL JOIN (SELECT * FROM pg_stat_replication WHERE state <> 'backup') r ON r.pid = s.active_pid
           CROSS JOIN LATERAL (SELECT CASE WHEN NOT pg_is_in_recovery() THEN greatest(0, pg_wal_lsn_diff(
               pg_current_wal_lsn(), coalesce(r.replay_lsn, s.restart_lsn))) END::bigint AS bytes) behind
           ORDER BY 1"""
    )


async def waited_for(conn: Conn) -> str:
    """The standbys that writes wait for, as PostgreSQL names them."""
    return str(await conn.value("SELECT current_setting('synchronous_standby_names')"))


async def writes_wait(conn: Conn) -> bool:
    """Whether a commit has to wait for a standby that isn't there."""
    return bool(
        await conn.value(
            """SELECT current_setting('synchronous_standby_names') <> '' AND NOT EXISTS (
                 SELECT FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))"""
        )
    )


_ALARM = "kind, subject, since, details, told_at, ended_at"


async def commit_here(conn: Conn) -> None:
    """This transaction waits for no standby: what is told of one that is away must get through without it."""
    await conn.execute("SET LOCAL synchronous_commit = local")


async def under_way(conn: Conn) -> list[Row]:
    return await conn.rows(
        f"SELECT {_ALARM} FROM safekeeping_alarms WHERE ended_at IS NULL ORDER BY since, kind, subject"
    )


async def see(conn: Conn, wrong: Sequence[tuple[str, str, dict[str, Any]]], at: datetime) -> None:
    """Note what is wrong now: new, or still."""
    await conn.execute(
        """INSERT INTO safekeeping_alarms AS a (kind, subject, since, seen_at, details)
           SELECT kind, subject, $4, $4, details FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS w (kind, subject, details)
           ORDER BY kind, subject
           ON CONFLICT (kind, subject) WHERE ended_at IS NULL
           DO UPDATE SET seen_at = greatest(a.seen_at, excluded.seen_at), details = excluded.details""",
        [one[0] for one in wrong],
        [one[1] for one in wrong],
        [one[2] for one in wrong],
        at,
    )


async def end_unseen(conn: Conn, before: datetime, at: datetime) -> None:
    await conn.execute(
        "UPDATE safekeeping_alarms SET ended_at = $2 WHERE ended_at IS NULL AND seen_at < $1", before, at
    )


async def forget(conn: Conn, before: datetime) -> None:
    await conn.execute("DELETE FROM safekeeping_alarms WHERE ended_at < $1", before)


async def claim(
    conn: Conn, patience: dict[str, timedelta], again: timedelta, now: datetime, until: datetime
) -> list[Row]:
    """Those the owners are to be told of now, as begun, as lasting still, or as over: ours until then."""
    return await conn.rows(
        f"""UPDATE safekeeping_alarms a SET claimed_until = $5
            FROM (SELECT kind, subject, since FROM safekeeping_alarms
                  WHERE (claimed_until IS NULL OR claimed_until < $4)
                    AND (ended_at IS NULL AND coalesce(told_at <= $4 - $3::interval, since <= $4 - coalesce(
                             (SELECT wait FROM unnest($1::text[], $2::interval[]) AS p (of, wait) WHERE of = kind),
                             interval '0'))
                         OR ended_at IS NOT NULL AND told_at IS NOT NULL AND end_told_at IS NULL)
                  ORDER BY kind, subject, since FOR UPDATE SKIP LOCKED) mine
            WHERE (a.kind, a.subject, a.since) = (mine.kind, mine.subject, mine.since)
            RETURNING {", ".join(f"a.{name}" for name in _ALARM.split(", "))}""",
        list(patience),
        list(patience.values()),
        again,
        now,
        until,
    )


async def told(conn: Conn, alarms: Sequence[tuple[str, str, datetime]], at: datetime) -> None:
    await conn.execute(
        """UPDATE safekeeping_alarms a SET claimed_until = NULL,
                  told_at = CASE WHEN ended_at IS NULL THEN $4 ELSE told_at END,
                  end_told_at = CASE WHEN ended_at IS NULL THEN end_told_at ELSE $4 END
           FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS mine (kind, subject, since)
           WHERE (a.kind, a.subject, a.since) = (mine.kind, mine.subject, mine.since)""",
        [one[0] for one in alarms],
        [one[1] for one in alarms],
        [one[2] for one in alarms],
        at,
    )


async def owners(conn: Conn) -> list[Row]:
    """Whom to tell: account, address and language."""
    return await conn.rows(
        """SELECT account_id, email, locale FROM members JOIN accounts ON id = account_id
           WHERE role = 'owner' AND standing NOT IN ('suspended', 'deleted') ORDER BY account_id"""
    )
