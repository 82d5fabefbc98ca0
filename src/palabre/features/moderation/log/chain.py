"""Adding to a case's log, and reading it. Each entry's hash covers its own content and the hash of the one before."""

from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.features.moderation.canonical import canonical, digest, timestamp
from palabre.features.moderation.log import store


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened. `actor_id` None: the network itself."""

    seq: int
    at: datetime
    actor_id: int | None
    kind: str
    data: dict[str, Any]


async def append(conn: Conn, case_id: int, actor_id: int | None, kind: str, data: dict[str, Any]) -> None:
    """Write down what happened; the case stays locked until the transaction ends."""
    case = await store.lock(conn, case_id)
    if case is None:
        raise NotFound
    at, text = clock.now(), canonical(data)
    seq, previous = case["events"] + 1, case["head"]
    found = hash_of(case_id, seq, at, actor_id, kind, text, previous)
    await store.insert(conn, case_id, seq, at, actor_id, kind, text, previous, found)
    await store.set_head(conn, case_id, seq, found)


async def entries(conn: Conn, case_id: int) -> list[Entry]:
    return [
        Entry(row["seq"], row["at"], row["actor_id"], row["kind"], msgspec.json.decode(row["data"]))
        for row in await store.of_cases(conn, [case_id])
    ]


def hash_of(case_id: int, seq: int, at: datetime, actor_id: int | None, kind: str, data: str, previous: bytes) -> bytes:
    return digest(canonical([case_id, seq, timestamp(at), actor_id, kind, data, previous.hex()]))
