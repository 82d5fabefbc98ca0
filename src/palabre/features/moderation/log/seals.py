"""Seals: one chain over the logs of all cases, so that a case taken out as a whole is missed too.

Each seal names the cases whose logs grew since the one before, how long each is and its last hash. The newest seal's
hash is published: who noted it down can tell later whether anything before it was rewritten.
"""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock, signing
from palabre.base.db import Conn, Database, Row, UniqueViolation
from palabre.features.moderation.canonical import canonical, digest, timestamp
from palabre.features.moderation.log import store
from palabre.settings import current

MOST_CASES = 500
_PREFIX = b"palabre-log-seal\n"

#: What else is done with newly sealed entries, in the same transaction: (conn, seal, the heads, the signer).
Then = Callable[[Conn, "Seal", list["Head"], signing.Signer], Awaitable[None]]


class Head(msgspec.Struct, frozen=True, array_like=True):
    """How long a case's log was, and the hash of its last entry. `before`: how much of it earlier seals cover."""

    case_id: int
    entries: int
    hash: str
    before: int = 0


class Seal(msgspec.Struct, frozen=True):
    seq: int
    at: datetime
    heads: str
    previous: bytes
    hash: bytes
    key: str = ""
    signature: bytes = b""

    def published(self) -> dict[str, Any]:
        """As everybody may have it: names no person."""
        return {
            "seq": self.seq,
            "at": timestamp(self.at),
            "heads": self.heads,
            "previous": self.previous.hex(),
            "hash": self.hash.hex(),
            "key": self.key,
            "signature": self.signature.hex(),
        }


def hash_of(seq: int, at: datetime, heads: str, previous: bytes) -> bytes:
    return digest(canonical([seq, timestamp(at), heads, previous.hex()]))


def signed_part(hash_: bytes) -> bytes:
    """What the signature of a seal is made over."""
    return _PREFIX + hash_.hex().encode()


async def seal_when_due(db: Database, then: Then) -> int:
    """How many seals were written: some, where the last is old enough or much has happened since."""
    async with db.reading() as conn:
        waiting, last = await store.unsealed(conn), await newest(conn)
    old = last is None or clock.now() - last.at >= timedelta(minutes=current().seal_minutes)
    if not waiting or not (old or waiting >= current().seal_entries):
        return 0
    written = 0
    with contextlib.suppress(UniqueViolation):  # another worker seals at this moment
        while True:
            async with db.transaction() as conn:
                if await seal(conn, then) is None:
                    break
            written += 1
    return written


async def seal(conn: Conn, then: Then | None = None) -> Seal | None:
    """Seal what no seal covers yet, of up to MOST_CASES cases; None: nothing is left."""
    last = await newest(conn)  # before the cases: who sees an older one than there is then fails on its number
    rows = await store.to_seal(conn, MOST_CASES)
    if not rows:
        return None
    signer = await signing.signer(conn)
    heads = [Head(row["id"], row["events"], row["head"].hex(), row["sealed"]) for row in rows]
    text = canonical([[head.case_id, head.entries, head.hash] for head in heads])
    seq, at, previous = (last.seq + 1 if last else 1), clock.now(), (last.hash if last else b"")
    hash_ = hash_of(seq, at, text, previous)
    signature = signer.sign(signed_part(hash_))
    made = Seal(seq, at, text, previous, hash_, signer.public.id, signature)
    await store.insert_seal(conn, seq, at, text, previous, hash_, signer.public.seq, signature)
    await store.set_sealed(conn, [head.case_id for head in heads], [head.entries for head in heads])
    if then:
        await then(conn, made, heads, signer)
    return made


async def newest(conn: Conn) -> Seal | None:
    row = await store.newest_seal(conn)
    return _seal(row, {}) if row else None


async def seals(conn: Conn, after: int = 0, limit: int = 100) -> list[Seal]:
    """In order, from the one after `after` on."""
    keys = {key.seq: key.id for key in await signing.keys(conn)}
    return [_seal(row, keys) for row in await store.seals(conn, after, limit)]


async def covering(conn: Conn, case_ids: list[int]) -> list[Seal]:
    """The seals that name any of these cases."""
    wanted, found, after = set(case_ids), [], 0
    while batch := await seals(conn, after, 200):
        found += [one for one in batch if wanted & {head.case_id for head in read_heads(one.heads)}]
        after = batch[-1].seq
    return found


def read_heads(text: str) -> list[Head]:
    """Raises ValueError for what is no list of heads."""
    return msgspec.json.decode(text, type=list[Head])


def _seal(row: Row, keys: dict[int, str]) -> Seal:
    return Seal(
        row["seq"],
        row["at"],
        row["heads"],
        bytes(row["previous"]),
        bytes(row["hash"]),
        keys.get(row["key_seq"], ""),
        bytes(row["signature"]),
    )
