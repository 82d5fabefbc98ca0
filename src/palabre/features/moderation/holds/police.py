"""What goes to the police where a life is in danger: content, times, account, connections, hashes."""

import hashlib
import tempfile
import zipfile
from collections.abc import AsyncIterator
from typing import IO, Any

import msgspec

from palabre.base import blobs
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import cases, log
from palabre.features.moderation import rules as core
from palabre.features.moderation import store as records
from palabre.features.moderation.holds import rules, store
from palabre.features.moderation.holds.hold import Hold
from palabre.features.moderation.log import Entry
from palabre.features.moderation.reports import Report
from palabre.features.moderation.snapshot import Snapshot

_IN_MEMORY = 8 * 1024**2


class Contents(msgspec.Struct, frozen=True):
    """`sealed` and `originals` (snapshot id -> text): to the letter as they were hashed."""

    hold: Hold
    to: str
    sealed: str
    account: dict[str, Any]
    connections: dict[str, Any]
    snapshots: list[Snapshot]
    originals: dict[int, str]
    reports: list[Report]
    log: list[Entry]


async def contents(conn: Conn, by: Caller, case_id: int, hold_id: int, to: str) -> Contents:
    """All that a pack holds; the case's log keeps who made it, and for whom. `to`: which police, and how it reaches them.

    Any moderator may where a life is in danger; other holds are an owner's to give away. Raises Forbidden, NotFound, Refused.
    """
    await cases.for_staff(conn, by, case_id)
    to = core.check_words("to", clean(to))
    row = await store.one(conn, case_id, hold_id)
    if row is None:
        raise NotFound
    if row["kind"] != "life":
        rules.check_may_open(by)
    if row["purged_at"]:
        raise Refused("Its time is up: what it kept has been erased", code="purged")
    await records.lock_case(conn, case_id)
    await log.append(conn, case_id, by.id, "police", {"hold": hold_id, "why": to})
    kept = await records.snapshots(conn, [case_id])
    sealed = msgspec.json.decode(row["sealed"])
    return Contents(
        hold=Hold.of(row),
        to=to,
        sealed=row["sealed"],
        account=sealed["account"],
        connections=sealed["connections"],
        snapshots=[Snapshot(one) for one in kept],
        originals={one["id"]: one["content"] for one in kept},
        reports=[Report.of(one) for one in await records.reports_in(conn, case_id)],
        log=await log.entries(conn, case_id),
    )


def _texts(found: Contents) -> dict[str, str]:
    """Who reported is not the pack's to tell, whatever else he did in the case."""
    reports = [_plain(one) | {"reporter_id": None} for one in found.reports]
    reporters = {one.reporter_id for one in found.reports}
    log = [_plain(one) | ({"actor_id": None} if one.actor_id in reporters else {}) for one in found.log]
    return {
        "sealed.json": found.sealed,
        "reports.json": _json(reports),
        "log.json": _json(log),
        **{f"snapshots/{snapshot_id}.json": text for snapshot_id, text in found.originals.items()},
    }


async def pack(found: Contents, more: dict[str, str]) -> IO[bytes]:
    """One ZIP file: the contents as JSON, `more` texts by name, the kept files, and the SHA-256 of each."""
    texts = _texts(found) | more
    sums: dict[str, str] = {}
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when it has been read
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in texts.items():
            pack.writestr(name, text)
            sums[name] = hashlib.sha256(text.encode()).hexdigest()
        for key in sorted({one["original_key"] for kept in found.snapshots for one in kept.files}):
            data = await _bytes(key)
            pack.writestr(f"files/{key}", data)
            sums[f"files/{key}"] = hashlib.sha256(data).hexdigest()
        pack.writestr("SHA256SUMS", "".join(f"{one}  {name}\n" for name, one in sorted(sums.items())))
    file.seek(0)
    return file


async def _bytes(key: str) -> bytes:
    try:
        blob = await blobs.current().get(key)
        return b"".join([chunk async for chunk in blob.chunks])
    except blobs.BlobMissing:
        return b""


async def read(file: IO[bytes]) -> AsyncIterator[bytes]:
    """What `pack` made, bit by bit; it is gone when it has been read."""
    with file:
        while chunk := file.read(blobs.CHUNK):
            yield chunk


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode()


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    return dict(msgspec.to_builtins(value))
