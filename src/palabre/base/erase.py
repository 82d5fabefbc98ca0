"""Erasing files that nothing refers to any more, except those held as evidence: these go when the last hold ends."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from palabre.base import blobs
from palabre.base.db import Conn, Database
from palabre.base.duties import errand, put
from palabre.base.tables import Table, Tables

TABLES: Tables = {"file_holds": Table(key="key")}
_BATCH = 500


class Files(msgspec.Struct, frozen=True):
    keys: list[str]


@errand
async def erase_files(db: Database, files: Files) -> None:
    async with db.transaction() as conn:
        rows = await conn.rows("UPDATE file_holds SET unwanted = true WHERE key = ANY ($1) RETURNING key", files.keys)
    held = {row["key"] for row in rows}
    await blobs.current().delete([key for key in files.keys if key not in held])


async def hold(conn: Conn, holder_id: int, keys: Sequence[str]) -> None:
    """Keep these files, whatever becomes of what they are part of, until `hold_until` says otherwise."""
    await conn.execute(
        """INSERT INTO file_holds (key, holder_id) SELECT key, $1 FROM unnest($2::text[]) AS key
           ON CONFLICT (key, holder_id) DO UPDATE SET until = NULL""",
        holder_id,
        keys,
    )


async def hold_until(conn: Conn, holder_id: int, until: datetime | None) -> None:
    """When a holder needs its files no more; None: not known yet."""
    await conn.execute("UPDATE file_holds SET until = $2 WHERE holder_id = $1", holder_id, until)


async def is_held(conn: Conn, holder_id: int, key: str) -> bool:
    return bool(
        await conn.value("SELECT EXISTS (SELECT FROM file_holds WHERE key = $2 AND holder_id = $1)", holder_id, key)
    )


async def release_ended(conn: Conn) -> None:
    """Drop the holds that have ended, and erase the files that nothing else refers to; `erase_files` spares the held."""
    rows = await conn.rows(
        """DELETE FROM file_holds WHERE (key, holder_id) IN
               (SELECT key, holder_id FROM file_holds WHERE until < now() LIMIT $1) RETURNING key, unwanted""",
        _BATCH,
    )
    unwanted = sorted({row["key"] for row in rows if row["unwanted"]})
    if unwanted:
        await put(conn, erase_files, Files(unwanted))
