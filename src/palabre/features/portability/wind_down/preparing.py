"""Everybody's archive, made unasked: once when the end is announced, once more when it has come."""

import msgspec

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.features import instance
from palabre.features.portability import exports
from palabre.features.portability.wind_down import store

BATCH = 200


class Archives(msgspec.Struct, frozen=True):
    end_id: int
    kind: str
    after: int = 0


@duty
async def prepare_all(conn: Conn, batch: Archives) -> None:
    """Ask for the archives of the next members; they are made one by one, after those that members ask for themselves."""
    end = (await instance.about(conn, fresh=True)).end
    if end is None or end.id != batch.end_id:
        return
    members = await store.members_after(conn, batch.after, BATCH)
    for row in members:
        await exports.prepare(conn, row["account_id"], anew=batch.kind == "last_archives")
    await store.advance(conn, batch.end_id, batch.kind, len(members), None if members else clock.now())
    if members:
        await put(conn, prepare_all, Archives(batch.end_id, batch.kind, members[-1]["account_id"]))
