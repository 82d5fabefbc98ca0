"""Posts out of an archive: pictures first, outside any transaction; then fifty posts in each."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime

from palabre.base import clock
from palabre.base.chars import excerpt
from palabre.base.db import CONFLICTS, Conn, UniqueViolation
from palabre.base.errors import NotFound, Refused
from palabre.features import posts
from palabre.features.portability import compose, store
from palabre.features.portability.imports import ArchivedMedia, ArchivedPost, ArchiveError, Skipped, Why
from palabre.features.portability.report import Report, Run, next_batch
from palabre.features.posts import Draft, media
from palabre.features.posts.media.library import MOST_DESCRIPTION
from palabre.features.posts.publish import MOST_BROUGHT_LENGTH, MOST_BROUGHT_MEDIA
from palabre.settings import current

_AT_ONCE = 4  # pictures held in memory
_TRIES = 3


@dataclass
class _Ready:
    """A post whose pictures have been uploaded."""

    post: ArchivedPost
    at: datetime
    media_ids: list[int] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


async def take_posts(run: Run) -> None:
    total = (await asyncio.to_thread(run.archive.totals)).posts
    written, moments, done = run.archive.posts(), compose.Clock(clock.now()), 0
    while batch := await next_batch(written):
        ready = [_Ready(post, moments.tick(post.created_at)) for post in batch]
        await _take(run, ready)
        done += len(batch)
        run.progress("posts", done, total)
    run.progress("posts", total, total)


async def _take(run: Run, batch: list[_Ready]) -> None:
    async with run.db.reading() as conn:
        known = await store.imported(conn, run.account_id, [each.post.source_key for each in batch])
    new = [each for each in batch if each.post.source_key not in known]
    turns = asyncio.Semaphore(_AT_ONCE)
    await asyncio.gather(*(_upload(run, each, turns) for each in new))
    here = Report()
    here.already["posts"] = sum(1 for _, import_id in known.values() if import_id != run.id)
    try:
        await _publish(run, new, here, len(batch))
    except (Refused, NotFound, UniqueViolation, *CONFLICTS):
        for each in new:
            await _publish_alone(run, each)
        async with run.db.transaction() as conn:
            await run.keep(conn, here, len(batch) - len(new))


async def _publish_alone(run: Run, ready: _Ready) -> None:
    """What stands in the way of a batch concerns one post; an id that is taken, only this try."""
    for _ in range(_TRIES):
        try:
            return await _publish(run, [ready], Report(), 1)
        except NotFound:  # what it answers was deleted here since
            ready.post = replace(ready.post, in_reply_to=None)
        except (UniqueViolation, *CONFLICTS):
            continue
        except Refused as refused:
            why = Why.TOO_LONG if refused.code == "too_long" else Why.NOT_ALLOWED
            news = Report(skipped=[*ready.skipped, Skipped(ready.post.source_key, why)])
            async with run.db.transaction() as conn:
                return await run.keep(conn, news, 1)
    raise RuntimeError(f"{ready.post.source_key} could not be stored")


async def _publish(run: Run, batch: list[_Ready], news: Report, steps: int) -> None:
    """All or nothing. What another import has taken meanwhile is left alone."""
    here = Report(news.taken.copy(), news.already.copy(), list(news.skipped))
    keys = {each.post.source_key for each in batch}
    references = [ref for each in batch for ref in (each.post.in_reply_to, each.post.quote)]
    keys |= {ref.key for ref in references if ref and ref.key}
    async with run.db.transaction() as conn:
        await store.lock(conn, run.account_id)
        known = await store.imported(conn, run.account_id, list(keys))
        places = {key: post_id for key, (post_id, _) in known.items()}
        became: dict[str, int] = {}
        for each in batch:
            here.skipped += each.skipped
            if each.post.source_key in places:
                here.already["posts"] += 1
                continue
            draft = _draft(run, each, places)
            if why := _unfit(draft):
                here.skipped.append(Skipped(each.post.source_key, why))
                continue
            post_id = await posts.publish(conn, run.account_id, draft)
            became[each.post.source_key] = places[each.post.source_key] = post_id
            here.taken["posts"] += 1
            here.taken["pictures"] += len(each.media_ids)
        await _remember(run, conn, became)
        await run.keep(conn, here, steps)


async def _remember(run: Run, conn: Conn, became: dict[str, int]) -> None:
    if became:
        await store.remember(conn, run.account_id, run.id, became)


def _draft(run: Run, ready: _Ready, places: dict[str, int]) -> Draft:
    post = ready.post
    parent = places.get(post.in_reply_to.key) if post.in_reply_to and post.in_reply_to.key else None
    return Draft(
        text=compose.words(
            post,
            answered=compose.elsewhere(post.in_reply_to, places),
            quoted=_quoted(run, post, places),
        ),
        spoiler=post.spoiler or "",
        visibility=compose.VISIBILITIES[post.visibility],
        sensitive=post.sensitive,
        language=post.language,
        in_reply_to_id=parent,
        media_ids=ready.media_ids,
        created_at=ready.at,
        edited_at=post.edited_at,
        quiet=True,
    )


def _quoted(run: Run, post: ArchivedPost, places: dict[str, int]) -> str | None:
    """The address of what it quotes: here, if that was brought along as well."""
    if post.quote and post.quote.key and post.quote.key in places:
        return f"{current().link_origin}/@{run.username}/{places[post.quote.key]}"
    return post.quote.url if post.quote else None


def _unfit(draft: Draft) -> Why | None:
    if len(draft.text) + len(draft.spoiler) > MOST_BROUGHT_LENGTH:
        return Why.TOO_LONG
    return None if draft.text or draft.spoiler or draft.media_ids else Why.EMPTY


async def _upload(run: Run, ready: _Ready, turns: asyncio.Semaphore) -> None:
    """The post's pictures; whatever else hangs on it is skipped, and says why."""
    if len(ready.post.text) > MOST_BROUGHT_LENGTH:
        return
    for number, each in enumerate(ready.post.media):
        async with turns:
            why = Why.TOO_MANY_PICTURES if number >= MOST_BROUGHT_MEDIA else await _upload_one(run, ready, each)
        if why:
            ready.skipped.append(Skipped(each.path or each.url or ready.post.source_key, why))


async def _upload_one(run: Run, ready: _Ready, each: ArchivedMedia) -> Why | None:
    if each.path is None:
        return Why.NO_FILE
    if each.kind in ("video", "audio") or each.path.lower().endswith((".mp4", ".webm", ".mov")):
        return Why.NO_VIDEO
    if run.archive.media_size(each.path) > current().image_bytes:
        return Why.TOO_LARGE
    try:
        data = await asyncio.to_thread(run.archive.read_media, each.path, current().image_bytes)
        described = each.description or ""
        if len(described) > MOST_DESCRIPTION:
            described = excerpt(described, MOST_DESCRIPTION)
        file = media.Upload(data, description=described, focus=each.focus or (0.0, 0.0))
        ready.media_ids.append(await media.upload(run.db, run.account_id, file))
    except (Refused, ArchiveError):
        return Why.BAD_PICTURE
    return None
