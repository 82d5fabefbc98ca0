"""Taking a notice in: it is kept as a whole first, with every line of it; then its lines are brought before the moderators."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from palabre.base import clock, ids
from palabre.base.db import CONFLICTS, Conn, Database, Row
from palabre.base.duties import duty, put
from palabre.features.moderation.notices import filing, mailing, rules, secret, senders, store
from palabre.features.moderation.notices.rules import Sent
from palabre.features.moderation.rules import due_at
from palabre.settings import current

_TRIES = 5
_PATIENCE = timedelta(minutes=1)
Tell = Callable[[int, int], None]


class Received(msgspec.Struct, frozen=True):
    """`again`: the same had come in before, and nothing was done now."""

    id: int
    secret: str
    again: bool = False


class Rest(msgspec.Struct, frozen=True):
    notice_id: int


async def receive(conn: Conn, sent: Sent) -> Received:
    """Keep a notice, file its first lines, leave the others to the workers, and post the receipt.

    Raises Refused naming what is missing, Forbidden for one who is suspended from sending notices.
    """
    kept = await keep(conn, sent)
    if not kept.again and await filing.file_some(conn, kept.id):
        await put(conn, file_rest, Rest(kept.id))
    return kept


async def keep(conn: Conn, sent: Sent) -> Received:
    """The notice and all its lines, of which none is filed yet."""
    sent = rules.tidied(sent)
    await senders.check(conn, sent.sender, sent.category)
    at, notice_id = clock.now(), ids.new()
    row: dict[str, Any] = rules.row_of(sent) | {
        "id": notice_id,
        "secret": secret.make(notice_id),
        "items": len(sent.lines),
        "unfiled": len(sent.lines),
        "unanswered": len(sent.lines),
        "received_at": at,
        "due_at": due_at(at, sent.source, sent.category, _deadlines(sent)),
    }
    if sent.original:
        before = await _known(conn, sent, notice_id)
        if before:
            return Received(before["id"], before["secret"], again=True)
    await store.insert_notice(conn, row)
    urls, comments, categories = zip(*((line.url, line.comment, line.category) for line in sent.lines), strict=True)
    await store.insert_items(conn, notice_id, urls, comments, categories)
    if sent.source != "flag":
        await mailing.post_receipt(conn, notice_id)
    return Received(notice_id, row["secret"])


async def take_in(db: Database, sent: Sent, tell: Tell = lambda done, total: None) -> Received:
    """As `receive`, all of it at once, for long lists. Broken off, the same again goes on where it was; so do the workers."""
    async with db.transaction() as conn:
        kept = await keep(conn, sent)
        if not kept.again:
            await put(conn, file_rest, Rest(kept.id), at=clock.now() + _PATIENCE)
    await file_all(db, kept.id, tell)
    return kept


async def file_all(db: Database, notice_id: int, tell: Tell = lambda done, total: None) -> None:
    """Bring every line before the moderators, chunk by chunk; broken off, it goes on where it was."""
    left = total = 1
    while left:
        left, total = await _chunk(db, notice_id)
        tell(total - left, total)


async def _chunk(db: Database, notice_id: int) -> tuple[int, int]:
    for tries_left in reversed(range(_TRIES)):
        try:
            async with db.transaction() as conn:
                left = await filing.file_some(conn, notice_id)
                row = await store.notice(conn, notice_id)
                return left, row["items"] if row else 0
        except CONFLICTS:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


@duty
async def file_rest(conn: Conn, rest: Rest) -> None:
    if await filing.file_some(conn, rest.notice_id):
        await put(conn, file_rest, rest)


def _deadlines(sent: Sent) -> dict[str, float]:
    """The sender's own counts where he sets one."""
    hours = current().deadlines
    return hours if sent.hours is None else {sent.source: sent.hours}


async def _known(conn: Conn, sent: Sent, notice_id: int) -> Row | None:
    """The notice that these very bytes came in with before; from now on, if there is none, this one."""
    assert sent.original is not None
    found = await store.insert_file(
        conn,
        hashlib.sha256(sent.original.content).digest(),
        sent.sender or sent.source,
        notice_id,
        sent.original.name[:200],
        sent.original.content,
        clock.now(),
    )
    return await store.notice(conn, found) if found != notice_id else None
