"""Boosts, favourites and bookmarks out of an archive: of posts that are here."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from palabre.base.db import Conn
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features import posts
from palabre.features.portability import compose, store
from palabre.features.portability.imports import Boost, Reference, Skipped, Totals, Why
from palabre.features.portability.report import Report, Run, next_batch
from palabre.features.portability.resolve import find_posts


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something done with a post; `key` where it can be recognised when it comes again."""

    post: Reference
    boost: Boost | None = None


_Act = Callable[[Conn, int, int, _Mark], Awaitable[int | None]]


async def take_boosts(run: Run) -> None:
    marks = (_Mark(boost.post, boost) for boost in run.archive.boosts())
    await _take_marks(run, "boosts", marks, _boost, lambda totals: totals.boosts)


async def take_favourites(run: Run) -> None:
    marks = (_Mark(Reference(url=favourite.url)) for favourite in run.archive.favourites())
    await _take_marks(run, "favourites", marks, _favourite, lambda totals: totals.favourites)


async def take_bookmarks(run: Run) -> None:
    marks = (_Mark(Reference(url=bookmark.url)) for bookmark in run.archive.bookmarks())
    await _take_marks(run, "bookmarks", marks, _bookmark, lambda totals: totals.bookmarks)


async def _boost(conn: Conn, account_id: int, post_id: int, mark: _Mark) -> int | None:
    assert mark.boost
    visibility = compose.VISIBILITIES[mark.boost.visibility]
    visibility = "private" if visibility == "direct" else visibility
    return await posts.boost(conn, account_id, post_id, visibility, at=mark.boost.at, quiet=True)


async def _favourite(conn: Conn, account_id: int, post_id: int, _: _Mark) -> None:
    await posts.favourite(conn, account_id, post_id, quiet=True)


async def _bookmark(conn: Conn, account_id: int, post_id: int, _: _Mark) -> None:
    await posts.bookmark(conn, account_id, post_id)


async def _take_marks(run: Run, part: str, marks: Iterator[_Mark], act: _Act, count: Callable[[Totals], int]) -> None:
    total, done = count(await asyncio.to_thread(run.archive.totals)), 0
    if part != "boosts":
        run.report.taken.pop(part, None)  # done again from the start: doing it twice changes nothing
    while batch := await next_batch(marks):
        async with run.db.transaction() as conn:
            await store.lock(conn, run.account_id)
            await run.keep(conn, await _take(run, conn, part, batch, act), len(batch))
        done += len(batch)
        run.progress(part, done, total)


async def _take(run: Run, conn: Conn, part: str, batch: Sequence[_Mark], act: _Act) -> Report:
    news, became = Report(), dict[str, int]()
    places = await find_posts(conn, run.account_id, [mark.post for mark in batch])
    known = await store.imported(conn, run.account_id, [mark.boost.source_key for mark in batch if mark.boost])
    for mark in batch:
        if mark.boost and mark.boost.source_key in known:
            news.already[part] += known[mark.boost.source_key][1] != run.id
        elif mark.post not in places:
            news.skipped.append(Skipped(_named(mark), Why.NOT_HERE))
        else:
            try:
                async with conn.savepoint():
                    made = await act(conn, run.account_id, places[mark.post], mark)
            except (NotFound, Forbidden, Refused):
                news.skipped.append(Skipped(_named(mark), Why.NOT_ALLOWED))
                continue
            news.taken[part] += 1
            if mark.boost and made:
                became[mark.boost.source_key] = made
    if became:
        await store.remember(conn, run.account_id, run.id, became)
    return news


def _named(mark: _Mark) -> str:
    return mark.post.url or mark.post.key or "?"
