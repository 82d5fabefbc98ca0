"""Making the archives that were asked for, one at a time in each worker: as a round, so that no duty waits meanwhile.

Whoever makes one holds it for fifteen seconds and says so again every few seconds. After `kill -9` that time runs out and
it is begun anew: a file half written lies on the disk of a worker that may not come back.
"""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import structlog

from palabre.base import blobs, clock, i18n, mail
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import back_off, put
from palabre.base.erase import Files, erase_files
from palabre.base.errors import NotFound
from palabre.features import instance
from palabre.features.portability.exports import store
from palabre.features.portability.exports.asking import FOLDER, KEPT
from palabre.features.portability.exports.write import write
from palabre.settings import current

LEASE = timedelta(seconds=15)
MOST_ATTEMPTS = 5
_BEAT = 2.0  # seconds
_AT_A_STRETCH = 5.0  # seconds
_ABANDONED = 24 * 3600.0
_log = structlog.get_logger()


class _Lost(Exception):
    """It was taken up by somebody else, or is not wanted any more."""


async def make_waiting(db: Database) -> None:
    """Make those that wait, for a few seconds at a time: so that a worker that is asked to stop does."""
    until = time.monotonic() + _AT_A_STRETCH
    while time.monotonic() < until and (claimed := await _claim(db)):
        await _make(db, claimed)


async def _claim(db: Database) -> Row | None:
    async with db.transaction() as conn:
        return await store.claim(conn, LEASE)


async def _make(db: Database, claimed: Row) -> None:
    path = scratch() / f"{claimed['id']}-{claimed['attempts']}.zip"
    try:
        await _write(db, claimed, path)
    except _Lost:
        _log.info("export_given_up", account=claimed["account_id"])
    except NotFound:
        async with db.transaction() as conn:
            await store.put_back(conn, claimed, "failed", clock.now())
    except Exception as error:
        _log.exception("export_failed", account=claimed["account_id"], attempts=claimed["attempts"])
        await _failed(db, claimed, error)
    finally:
        path.unlink(missing_ok=True)


async def _write(db: Database, claimed: Row, path: Path) -> None:
    """Write it and put it in its place, saying every few seconds that it is in hand and how far it is."""
    far = [0, 0]

    def progress(*done_and_total: int) -> None:
        far[:] = done_and_total

    async def work() -> int:
        await write(db, claimed["account_id"], path, progress)
        await blobs.current().put(claimed["new_key"], path, "application/zip")
        return await asyncio.to_thread(lambda: path.stat().st_size)

    working = asyncio.create_task(work())
    try:
        while not (await asyncio.wait({working}, timeout=_BEAT))[0]:
            async with db.transaction(durable=False) as conn:
                if not await store.advance(conn, claimed, far[0], far[1], LEASE):
                    raise _Lost
    finally:
        working.cancel()
        await asyncio.wait({working})
    await _finish(db, claimed, working.result(), far[1])


async def _finish(db: Database, claimed: Row, size: int, total: int) -> None:
    now = clock.now()
    async with db.transaction() as conn:
        former = await store.lock(conn, claimed["account_id"])
        ending = (await instance.about(conn)).end is not None
        until = None if ending else now + KEPT
        if await store.finish(conn, claimed, size, total, now, until):
            old = former["key"] if former else None
            if old and old != claimed["new_key"]:
                await put(conn, erase_files, Files([old]))
            if not claimed["unasked"]:
                await _tell(conn, claimed["account_id"])
            return
        if former is None or former["new_key"] != claimed["new_key"]:  # not wanted any more
            await put(conn, erase_files, Files([claimed["new_key"]]))


async def _failed(db: Database, claimed: Row, error: Exception) -> None:
    given_up = claimed["attempts"] >= MOST_ATTEMPTS
    async with db.transaction() as conn:
        await store.put_back(
            conn, claimed, "failed" if given_up else "waiting", clock.now() + back_off(claimed["attempts"])
        )


def _(text: str) -> str:
    """Marks words for translation; they are looked up when the letter is written."""
    return text


_SUBJECT = _("Your archive from {network} is ready")
_WORDS = _(
    "Hello {name},\n\nyour archive is ready: your posts, your pictures and all else that is yours, in one file. "
    "You can download it for seven days:\n\n{link}\n\n"
    "If you didn't ask for it, somebody else uses your account: change your password."
)


async def _tell(conn: Conn, account_id: int) -> None:
    member = await store.member(conn, account_id)
    if member is None or not member["reachable"]:
        return
    values = {
        "name": member["username"],
        "network": (await instance.about(conn)).name,
        "link": f"{current().link_origin}/settings/data",
    }
    say = i18n.translator(member["locale"]).gettext
    await mail.post(conn, mail.Letter(member["email"], say(_SUBJECT).format(**values), say(_WORDS).format(**values)))


async def sweep(db: Database) -> None:
    """Take away what nobody knows any more: blobs of makers that died at the wrong moment, and their half-written files."""
    limit = time.time() - _ABANDONED
    for path in scratch().iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
    old = [entry.key async for entry in blobs.current().list(FOLDER) if entry.modified.timestamp() < limit]
    async with db.reading() as conn:
        known = await store.known(conn, old)
    await blobs.current().delete(set(old) - known)


def scratch() -> Path:
    """Where archives grow until they are whole: on the disk of the data, since memory and /tmp are small."""
    folder = current().data / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
