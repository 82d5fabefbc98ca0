"""All SQL of what standbys still lack."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row

_COUNTED = 100_000  # beyond that nobody asks how many exactly


async def write_all_the_same(conn: Conn) -> None:
    """First in a transaction: where `default_transaction_read_only` is on."""
    await conn.execute("SET TRANSACTION READ WRITE")


async def register(conn: Conn, name: str, at: datetime) -> datetime:
    """Since when it is registered; again is no error."""
    found: datetime = await conn.value(
        """INSERT INTO standbys (name, since) VALUES ($1, $2)
           ON CONFLICT (name) DO UPDATE SET since = standbys.since RETURNING since""",
        name,
        at,
    )
    return found


async def forget(conn: Conn, name: str) -> bool:
    await conn.execute("DELETE FROM mirror_queue WHERE standby = $1", name)
    return bool(await conn.execute("DELETE FROM standbys WHERE name = $1", name))


async def forget_all(conn: Conn) -> None:
    await conn.execute("DELETE FROM mirror_queue")
    await conn.execute("DELETE FROM standbys")


async def seen(conn: Conn, name: str, at: datetime) -> datetime | None:
    """Since when it is registered; None if it isn't."""
    since: datetime | None = await conn.value(
        "UPDATE standbys SET seen_at = $2 WHERE name = $1 RETURNING since", name, at
    )
    return since


async def copying(conn: Conn, name: str) -> None:
    await conn.execute("UPDATE standbys SET copied_at = NULL WHERE name = $1 AND copied_at IS NOT NULL", name)


async def copied(conn: Conn, name: str, at: datetime) -> None:
    await conn.execute("UPDATE standbys SET copied_at = $2 WHERE name = $1", name, at)


async def journal(
    conn: Conn, ids: Sequence[int], keys: Sequence[str], gone: bool, sizes: Sequence[int]
) -> Sequence[str]:
    """Note these for every standby; which standbys these are."""
    rows = await conn.rows(
        """INSERT INTO mirror_queue (standby, id, key, gone, bytes)
           SELECT s.name, new.id, new.key, $3, new.bytes
           FROM standbys s, unnest($1::bigint[], $2::text[], $4::bigint[]) AS new (id, key, bytes) RETURNING standby""",
        ids,
        keys,
        gone,
        sizes,
    )
    return sorted({row["standby"] for row in rows})


async def unconfirmed(conn: Conn, standbys: Sequence[str], mirror_id: int) -> list[str]:
    """Which of these still lack it."""
    rows = await conn.rows(
        "SELECT standby FROM mirror_queue WHERE standby = ANY ($1) AND id = $2 ORDER BY standby", standbys, mirror_id
    )
    return [row["standby"] for row in rows]


async def waiting(conn: Conn, name: str, most: int) -> list[tuple[int, str]]:
    """The oldest of what it lacks: id and key."""
    rows = await conn.rows("SELECT id, key FROM mirror_queue WHERE standby = $1 ORDER BY id LIMIT $2", name, most)
    return [(row["id"], row["key"]) for row in rows]


async def confirm(conn: Conn, name: str, ids: Sequence[int]) -> None:
    await conn.execute("DELETE FROM mirror_queue WHERE standby = $1 AND id = ANY ($2)", name, ids)


async def how_many_wait(conn: Conn, name: str) -> int:
    count: int = await conn.value(
        "SELECT count(*) FROM (SELECT FROM mirror_queue WHERE standby = $1 LIMIT $2) AS them", name, _COUNTED
    )
    return count


async def standbys(conn: Conn) -> list[Row]:
    return await conn.rows(
        """SELECT s.name, s.since, s.seen_at, s.copied_at, q.waiting, q.bytes, q.oldest
           FROM standbys s, LATERAL (
               SELECT count(*) AS waiting, coalesce(sum(bytes), 0)::bigint AS bytes, min(id) AS oldest
               FROM (SELECT id, bytes FROM mirror_queue WHERE standby = s.name ORDER BY id LIMIT $1) AS them) AS q
           ORDER BY s.name""",
        _COUNTED,
    )
