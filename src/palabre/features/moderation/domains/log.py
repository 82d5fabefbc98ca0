"""The log of every domain: what was done, by whom, chained by hashes so that nothing in it can be changed unseen."""

from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn
from palabre.features.moderation.canonical import canonical, digest, timestamp
from palabre.features.moderation.domains import store


class Entry(msgspec.Struct, frozen=True):
    """`kind`: set, lifted, retracted, undone. `data`: `before` and `after`, each a measure or None.
    `actor_id` None: a list, or the operator by command.
    """

    seq: int
    at: datetime
    actor_id: int | None
    kind: str
    data: dict[str, Any]


class Fault(msgspec.Struct, frozen=True):
    domain: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"domain {self.domain}, entry {self.seq}: {self.what}"


async def append(conn: Conn, domain: str, actor_id: int | None, kind: str, data: dict[str, Any]) -> int:
    """Write down what was done; the entry's number. The domain stays locked until the transaction ends."""
    log = await store.lock_log(conn, domain)
    at, text, seq = clock.now(), canonical(data), log["events"] + 1
    found = _hash(domain, seq, at, actor_id, kind, text, log["head"])
    await store.insert_event(conn, domain, seq, at, actor_id, kind, text, log["head"], found)
    await store.set_head(conn, domain, seq, found)
    return int(seq)


async def entries(conn: Conn, domain: str) -> list[Entry]:
    """Oldest first."""
    return [
        Entry(row["seq"], row["at"], row["actor_id"], row["kind"], msgspec.json.decode(row["data"]))
        for row in await store.events_of(conn, domain)
    ]


async def verify(conn: Conn) -> list[Fault]:
    """Whatever was changed, taken out or put in behind the network's back; an empty list: nothing."""
    faults: list[Fault] = []
    heads = {row["domain"]: row for row in await store.logs(conn)}
    seen: set[str] = set()
    for domain, rows in groupby(await store.all_events(conn), key=lambda row: str(row["domain"])):
        seen.add(domain)
        previous, place = b"", 0
        for place, row in enumerate(rows, 1):
            found = _hash(domain, place, row["at"], row["actor_id"], row["kind"], row["data"], previous)
            if (row["seq"], row["previous"], row["hash"]) != (place, previous, found):
                faults.append(Fault(domain, place, "the entry was changed, or one before it is missing"))
            previous = row["hash"]
        head = heads.get(domain)
        if head is None or head["events"] != place or head["head"] != previous:
            faults.append(Fault(domain, place + 1, "the end of the log is not as it was written"))
    faults += [Fault(domain, 1, "the whole log is missing") for domain in heads.keys() - seen]
    return faults


def _hash(domain: str, seq: int, at: datetime, actor_id: int | None, kind: str, data: str, previous: bytes) -> bytes:
    return digest(canonical([domain, seq, timestamp(at), actor_id, kind, data, previous.hex()]))
