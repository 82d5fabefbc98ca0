"""Writing everything that is a member's own into one ZIP, in one walk through his posts, newest first."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from markupsafe import Markup

from palabre.base import blobs, clock, ids, origin
from palabre.base.db import Database
from palabre.base.errors import NotFound
from palabre.features import accounts, instance, posts
from palabre.features.accounts import AccountView
from palabre.features.portability.exports import lists, marks, notes, own, pages, store
from palabre.features.portability.exports.pack import Pack
from palabre.features.posts import PostView
from palabre.settings import current

_BATCH = pages.PER_PAGE
Progress = Callable[[int, int], None]


class Written(msgspec.Struct):
    """What came into it. `missing`: pictures that were not found any more."""

    posts: int = 0
    activities: int = 0
    pages: int = 0
    missing: list[str] = []


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


async def write(db: Database, account_id: int, path: Path, progress: Progress = nothing) -> Written:
    """Write the archive to `path`, which is replaced. Beside it, for as long, lies a file ending in `.outbox`.

    Raises NotFound where there is no such member, BlobError while pictures can't be had.
    """
    spool = path.with_name(path.name + ".outbox")
    try:
        async with Pack(path) as pack:
            with spool.open("wb") as outbox:
                made = await _posts(db, account_id, pack, outbox, progress)
            before, after = notes.collection("outbox.json", made.activities)
            await pack.add_file("outbox.json", spool, before, after)
            await _marks(db, account_id, pack)
            await _own(db, account_id, pack, made)
            await _profile(db, account_id, pack, made)
        return made
    finally:
        spool.unlink(missing_ok=True)


async def _posts(db: Database, account_id: int, pack: Pack, outbox: BinaryIO, progress: Progress) -> Written:
    async with db.reading() as conn:
        view, lang = await _who(conn, account_id)
        total = await store.count_posts(conn, account_id)
    made, below, number_of_pages = Written(), ids.LARGEST, max(-(-total // _BATCH), 0)
    name = view.public.display_name or view.public.username
    progress(0, total)
    while True:
        async with db.reading() as conn:
            found = await posts.own(conn, account_id, below, _BATCH)
            typed = await store.texts(conn, account_id, [post.id for post in found])
            parents = await accounts.look(conn, {post.in_reply_to_author_id for post in found} - {None})  # type: ignore[arg-type]
            boosted = await posts.look(conn, [post.reblog_of_id for post in found if post.reblog_of_id], account_id)
        if not found:
            return made
        below, seen = found[-1].id, {post.id: post for post in boosted}
        kept = [post for post in found if _complete(post, seen)]
        activities = [_activity(post, typed.get(post.id, ""), parents) for post in kept]
        await asyncio.to_thread(_append, outbox, activities, made.activities)
        for number, post in enumerate(kept):
            await _pictures(post, pack, made)
            progress(made.posts + number, total)
        made.activities += len(kept)
        made.posts += len(found)
        made.pages += 1
        shown = [pages.shown(post) for post in kept]
        page = await asyncio.to_thread(
            pages.posts_page, shown, made.pages, max(number_of_pages, made.pages), lang, name=name
        )
        await pack.add(pages.page_name(made.pages), page)
        progress(made.posts, max(total, made.posts))


async def _who(conn: object, account_id: int) -> tuple[AccountView, str]:
    found = await accounts.look(conn, [account_id])  # type: ignore[arg-type]
    member = await store.member(conn, account_id)  # type: ignore[arg-type]
    if account_id not in found or member is None:
        raise NotFound
    return found[account_id], member["locale"]


def _complete(post: PostView, seen: dict[int, PostView]) -> bool:
    """Give a boost what it boosts; whether there is something to write: not of what he may not see any more."""
    if post.reblog_of_id:
        post.reblog = seen.get(post.reblog_of_id)
        return post.reblog is not None
    return True


def _activity(post: PostView, typed: str, parents: dict[int, AccountView]) -> bytes:
    if post.reblog:
        return notes.encoded(notes.announce(post, post.reblog))
    return notes.encoded(notes.create(post, typed, parents.get(post.in_reply_to_author_id or 0)))


def _append(outbox: BinaryIO, activities: Sequence[bytes], before: int) -> None:
    for number, activity in enumerate(activities):
        outbox.write(b",\n" + activity if before + number else activity)


async def _pictures(post: PostView, pack: Pack, made: Written) -> None:
    if post.reblog:
        return
    for one in post.public.media_attachments:
        key = notes.key_of(one)
        if key and notes.MEDIA + key not in pack:
            await _file(pack, notes.MEDIA + key, key, made)


async def _file(pack: Pack, name: str, key: str, made: Written) -> bool:
    try:
        blob = await blobs.current().get(key)
    except blobs.BlobMissing:
        made.missing.append(name)
        return False
    await pack.add_pieces(name, blob.chunks)
    return True


async def _marks(db: Database, account_id: int, pack: Pack) -> None:
    async with db.reading() as conn:
        for name, read in (("likes.json", store.favourites), ("bookmarks.json", store.bookmarks)):
            found = [uri async for uri in marks.uris(conn, account_id, read)]
            before, after = notes.collection(name, len(found))
            await pack.add(name, before + b",\n".join(msgspec.json.encode(uri) for uri in found) + after)
        for name, listed in lists.LISTS.items():
            await pack.add(name, await listed(conn, account_id))


async def _own(db: Database, account_id: int, pack: Pack, made: Written) -> None:
    for name, tell in own.FILES.items():
        async with db.reading() as conn:
            told = await tell(conn, account_id)
        await pack.add(f"palabre/{name}", own.as_json(told))
    if made.missing:
        await pack.add("palabre/missing.json", own.as_json(made.missing))


async def _profile(db: Database, account_id: int, pack: Pack, made: Written) -> None:
    async with db.reading() as conn:
        view, lang = await _who(conn, account_id)
        written = await store.profile(conn, account_id)
        network = (await instance.about(conn)).name
    assert written is not None
    there: dict[str, str] = {}
    for kind in ("avatar", "header"):
        key = written[f"{kind}_key"]
        if key and await _file(pack, notes.picture_name(kind, key), key, made):
            there[kind] = notes.picture_name(kind, key)
    await pack.add("actor.json", notes.encoded(notes.actor(view, written)))
    public = view.public
    index = pages.render(
        "index.html",
        lang,
        name=public.display_name or public.username,
        handle=f"@{public.username}@{current().name}",
        network=network,
        made_at=clock.now(),
        count=made.activities,
        pages=made.pages,
        avatar=there.get("avatar"),
        header=there.get("header"),
        note=_html(public.note),
        fields=[{"name": one.name, "value": _html(one.value)} for one in public.fields],
        missing=len(made.missing),
    )
    await pack.add("index.html", index)


def _html(stored: str) -> Markup:
    return Markup(origin.reveal_text(stored, current().origin))  # noqa: S704 - sanitised when it was stored
