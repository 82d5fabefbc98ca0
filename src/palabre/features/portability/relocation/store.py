"""What two databases hold, as sums that can be compared."""

from collections.abc import Sequence

from palabre.base.db import Conn


async def table_sum(conn: Conn, table: str, columns: Sequence[str]) -> tuple[int, str]:
    """How many rows, and a sum over the contents of all, whatever their order."""
    listed = ", ".join(f'"{column}"' for column in columns)
    row = await conn.row(
        f"""SELECT count(*) AS rows,
              coalesce(sum(('x' || left(md5(ROW ({listed})::text), 15))::bit(60)::bigint), 0)::text AS sum
            FROM public."{table}\""""
    )
    assert row is not None
    return row["rows"], row["sum"]


async def others(conn: Conn) -> int:
    """How many other sessions are open on this database."""
    return int(
        await conn.value(
            """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                 AND backend_type = 'client backend'"""
        )
    )


async def is_whole(conn: Conn) -> bool:
    """Whether a network is in it, and nothing is being loaded."""
    return bool(
        await conn.value(
            "SELECT to_regclass('public.posts') IS NOT NULL AND to_regclass('palabre_restore.run') IS NULL"
        )
    )
