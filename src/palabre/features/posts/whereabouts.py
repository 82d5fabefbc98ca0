"""Where a post is and what became of it, for whoever was given its address: never for showing it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Database
from palabre.base.origin import unseal
from palabre.features.posts import store
from palabre.features.posts.media import store as files
from palabre.settings import current


class Whereabouts(msgspec.Struct, frozen=True):
    """`removed_at`: its author deleted it then; of such a post only that is known."""

    id: int
    author_id: int
    visibility: str = ""
    reblog_of_id: int | None = None
    edited: bool = False
    withheld: bool = False
    removed_at: datetime | None = None


class Earlier(msgspec.Struct, frozen=True):
    """What a post said before an edit: its public JSON, and when it was written."""

    public: dict[str, Any]
    written_at: datetime


async def whereabouts(conn: Conn, post_ids: Sequence[int]) -> dict[int, Whereabouts]:
    """Of those that are there, and of those removed lately."""
    gone = {
        row["id"]: Whereabouts(row["id"], row["author_id"], removed_at=row["removed_at"])
        for row in await store.removed(conn, post_ids)
    }
    return gone | {
        row["id"]: Whereabouts(
            row["id"],
            row["author_id"],
            row["visibility"],
            row["reblog_of_id"],
            row["edited_at"] is not None,
            row["withheld_at"] is not None,
        )
        for row in await store.views(conn, post_ids)
    }


async def owner_of_file(conn: Conn, key: str) -> tuple[int, int | None] | None:
    """Whose file this is, and the post that it belongs to (None: one that is gone, or not yet written)."""
    row = await files.by_key(conn, key)
    return (row["account_id"], row["post_id"]) if row else None


async def earlier(conn: Conn, author_id: int, post_id: int) -> list[Earlier]:
    """What a post said before its edits, the oldest first, for keeping as evidence."""
    rows = await store.revisions(conn, author_id, post_id)
    return [Earlier(msgspec.json.decode(unseal(row["fragment"])), row["written_at"]) for row in rows]


async def forget_removed(db: Database) -> None:
    """That a post was there is known for as long as evidence is kept."""
    async with db.transaction() as conn:
        await store.forget_removed(conn, clock.now() - timedelta(days=current().evidence_days))


async def note_removed(conn: Conn, author_id: int, post_id: int) -> None:
    await store.note_removed(conn, author_id, post_id, clock.now())
