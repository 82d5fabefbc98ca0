"""Asking for one's archive, and what becomes of it afterwards."""

import secrets
from datetime import datetime, timedelta

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.base.erase import Files, erase_files
from palabre.base.errors import Refused
from palabre.features.accounts.events import AccountDeleted
from palabre.features.portability.exports import store

KEPT = timedelta(days=7)
NOT_AGAIN = timedelta(days=1)
FOLDER = "exports"


class Export(msgspec.Struct, frozen=True):
    """`state`: waiting, making, ready, failed, removed. `key`: what can be downloaded, also while the next one is made."""

    id: int
    state: str
    unasked: bool
    asked_at: datetime
    done: int
    total: int
    key: str | None
    bytes: int
    made_at: datetime | None
    keep_until: datetime | None

    @classmethod
    def of(cls, row: Row) -> "Export":
        return cls(**{name: row[name] for name in cls.__struct_fields__})

    @property
    def under_way(self) -> bool:
        return self.state in ("waiting", "making")

    @property
    def again_at(self) -> datetime | None:
        """When one may ask anew; None: now. What nobody asked for counts for nothing, nor what failed."""
        if self.unasked or self.state == "failed":
            return None
        at = self.asked_at + NOT_AGAIN
        return at if at > clock.now() else None


async def export_of(conn: Conn, account_id: int) -> Export | None:
    row = await store.one(conn, account_id)
    return Export.of(row) if row else None


async def ask(conn: Conn, account_id: int) -> None:
    """Have one made. Raises Refused while one is being made, and when the last was asked for less than a day ago."""
    row = await store.lock(conn, account_id)
    former = Export.of(row) if row else None
    if former and former.under_way and not former.unasked:
        raise Refused("Your archive is being made already.", code="export_under_way")
    if former and former.again_at:
        raise Refused("You can ask for a new archive once a day.", code="export_too_soon")
    await _put(conn, account_id, unasked=False)


async def prepare(conn: Conn, account_id: int, *, anew: bool = False) -> None:
    """Have one made though he did not ask, after all that were asked for. `anew`: even if one is being made right now."""
    row = await store.lock(conn, account_id)
    if row is None or row["state"] not in (("waiting",) if anew else ("waiting", "making")):
        await _put(conn, account_id, unasked=True)


async def _put(conn: Conn, account_id: int, *, unasked: bool) -> None:
    new_key = f"{FOLDER}/{secrets.token_hex(24)}.zip"
    await store.put(conn, account_id, ids.new(), new_key, clock.now(), unasked)


async def discard(conn: Conn, account_id: int) -> None:
    """Delete the file. One that is being made is made to its end."""
    row = await store.lock(conn, account_id)
    if row and row["key"]:
        await put(conn, erase_files, Files([row["key"]]))
        await store.remove(conn, account_id)


async def remove_ended(conn: Conn) -> None:
    """Delete the files that were kept long enough."""
    rows = await store.take_ended(conn, clock.now(), 500)
    if rows:
        await put(conn, erase_files, Files([row["key"] for row in rows]))


@duty
async def forget_exports(conn: Conn, event: AccountDeleted) -> None:
    """Who leaves, leaves no archive behind."""
    row = await store.forget(conn, event.account_id)
    if row:
        await put(conn, erase_files, Files([key for key in (row["key"], row["new_key"]) if key]))
