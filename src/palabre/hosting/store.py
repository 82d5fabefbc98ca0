"""What hosts ask of PostgreSQL itself: replication's role, slots, positions. Positions are bytes since the cluster began."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row
from palabre.base.postgres.access import STANDBY_ROLE


async def wait_for_nobody(conn: Conn) -> None:
    """This transaction is about standbys: it may not wait for one."""
    await conn.execute("SET LOCAL synchronous_commit = local")


async def make_role(conn: Conn) -> None:
    """It may replicate and nothing else; `base/postgres/access.py` says from where."""
    if await conn.value("SELECT 1 FROM pg_roles WHERE rolname = $1", STANDBY_ROLE) is None:
        await conn.execute(f"CREATE ROLE {STANDBY_ROLE} LOGIN REPLICATION")


async def slots(conn: Conn) -> list[Row]:
    """`kept`: reserved, extended, unreserved or lost; `left`: bytes until it is lost, None for no bound."""
    return await conn.rows(
        """SELECT slot_name::text AS name, active, active_pid, wal_status AS kept, safe_wal_size AS left
           FROM pg_replication_slots WHERE slot_type = 'physical' AND starts_with(slot_name, 'palabre_')"""
    )


async def make_slot(conn: Conn, name: str) -> None:
    """From now on the database keeps what this standby has not had."""
    await conn.value("SELECT lsn FROM pg_create_physical_replication_slot($1::name, true)", name)


async def end_streams(conn: Conn, name: str) -> None:
    await conn.value(
        "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name = $1 AND active", name
    )


async def drop_slot(conn: Conn, name: str) -> None:
    """Raises for one that is in use."""
    await conn.value(
        "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = $1", name
    )


async def streams(conn: Conn) -> list[Row]:
    """Standbys as they stream at this moment; `behind` in bytes, `seconds` as far as PostgreSQL can tell."""
    return await conn.rows(
        """SELECT application_name AS name, sync_state AS synchronous,
             (pg_current_wal_flush_lsn() - replay_lsn)::bigint AS behind,
             coalesce(extract(epoch FROM replay_lag), 0)::float AS seconds
           FROM pg_stat_replication WHERE state = 'streaming' AND usename = $1""",
        STANDBY_ROLE,
    )


async def written(conn: Conn) -> int:
    """How far the serving database is on disk."""
    return int(await conn.value("SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint"))


async def replayed(conn: Conn) -> int:
    """How far a standby is."""
    return int(await conn.value("SELECT coalesce(pg_last_wal_replay_lsn() - '0/0', 0)::bigint"))


async def is_following(conn: Conn) -> bool:
    return bool(await conn.value("SELECT pg_is_in_recovery()"))


async def last_heard(conn: Conn) -> datetime | None:
    """The first host's clock at its last commit that came here; None where it isn't known any more."""
    last: datetime | None = await conn.value("SELECT pg_last_xact_replay_timestamp()")
    return last


async def now(conn: Conn) -> datetime:
    """The database's own clock."""
    at: datetime = await conn.value("SELECT now()")
    return at


async def end_following(conn: Conn, seconds: int) -> bool:
    """Make a standby a database that can be written to; whether it became one in time."""
    return bool(await conn.value("SELECT pg_promote(true, $1)", seconds))


async def waited_for(conn: Conn) -> str:
    """The standbys that writes wait for, as PostgreSQL names them; empty for none."""
    return str(await conn.value("SELECT current_setting('synchronous_standby_names')"))


async def wait_for(conn: Conn, names: Sequence[str]) -> None:
    """Acknowledge nothing before one of these standbys has it on disk; for no names, wait for none. Outlives restarts.
    Not inside a transaction."""
    listed = ", ".join(f'"{name}"' for name in names)
    to = f"'ANY 1 ({listed})'" if names else "''"
    await conn.execute(f"ALTER SYSTEM SET synchronous_standby_names = {to}")
    await conn.value("SELECT pg_reload_conf()")


async def end_others(conn: Conn) -> None:
    """Whoever else is connected and might write: a command, say."""
    await conn.value(
        """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND datname = current_database()"""
    )


async def last_position(conn: Conn) -> int:
    """Where writing ended, once all of it is on disk, also what nobody waited for. Inside a transaction of its own."""
    return int(await conn.value("SELECT (pg_logical_emit_message(true, 'palabre', 'moving') - '0/0')::bigint"))


async def reached(conn: Conn, name: str) -> int | None:
    """How far this standby has everything on disk and readable; None while it doesn't stream."""
    found = await conn.value(
        """SELECT (least(flush_lsn, replay_lsn) - '0/0')::bigint FROM pg_stat_replication
           WHERE application_name = $1 AND usename = $2 AND state = 'streaming'""",
        name,
        STANDBY_ROLE,
    )
    return None if found is None else int(found)
