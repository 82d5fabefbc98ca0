"""Writing: new posts and answers, edits, and taking posts away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.responses import Response

from palabre.base import ids
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes, follow_up
from palabre.entrypoints.web import drafts, present
from palabre.entrypoints.web.drafts import Draft
from palabre.entrypoints.web.pages import Flash, Undo, back, page, words
from palabre.features import posts
from palabre.features.posts import Described, PostView, Revision, media
from palabre.features.posts.media import Upload
from palabre.settings import current

routes = Routes()


@dataclass
class Pictures:
    """Those of a form: kept from before with their words now, and what was wrong with a new one."""

    ids: list[int]
    described: dict[int, str] = field(default_factory=dict)
    refused: Refused | None = None


@routes.get("/compose", scope="member")
async def form(request: Request) -> Response:
    """A new post; `reply_to` a post, `to` somebody, or beginning with a `text`."""
    if request.text("reply_to"):
        answered = await posts.look_at(request.conn, ids.parse(request.text("reply_to")), request.viewer_id)
        draft = await drafts.answer(request, answered.reblog or answered)
        return await _form(request, draft)
    to = request.text("to")
    return await _form(request, drafts.empty(request, text=f"@{to} " if to else request.text("text")))


@routes.post("/compose", scope="member", transaction="none", limit="post")
async def publish(request: Request) -> Response:
    """Publish; where something is wrong, the form again with all that was typed and the pictures that came through."""
    _ = words(request)
    pictures = await _pictures(request)
    try:
        if pictures.refused:
            raise pictures.refused
        async with request.db.transaction() as request._conn:
            await _describe(request.conn, request.me.id, pictures)
            post_id = await posts.publish(request.conn, request.me.id, _written(request, pictures.ids))
            view = await posts.look_at(request.conn, post_id, request.me.id)
    except Refused as why:
        await follow_up(request.db, why)
        async with request.db.reading() as request._conn:
            draft = await _typed(request, pictures)
            draft.asked = why if isinstance(why, posts.ThinkAgain) else None
            return await _form(request, draft, errors=drafts.problems(request, why))
    if view.held_at:
        return back(request, "/posts/held", Flash("note", _("Your post waits for a moderator. Here is why.")))
    post = present.post(view, request.viewer_id)
    taken_back = Undo(f"{post.url}/delete", {"anew": "1"})
    return back(
        request,
        post.url if view.in_reply_to_id else "/",
        Flash("done", _("Your post is out."), taken_back),
    )


@routes.get("/@{handle}/{id}/edit", scope="member")
async def edit_form(request: Request) -> Response:
    """One's own post as it was written."""
    view = await own(request)
    return await _edit_form(request, view, await drafts.of_post(request, view), {})


@routes.post("/@{handle}/{id}/edit", scope="member", transaction="none", limit="post")
async def edit(request: Request) -> Response:
    """Change what one's own post says and shows."""
    _ = words(request)
    async with request.db.reading() as request._conn:
        view = await own(request)
    pictures = await _pictures(request)
    revision = Revision(
        text=request.text("text"),
        spoiler=request.text("spoiler"),
        sensitive=request.flag("sensitive"),
        language=request.text("language") or None,
        media_ids=pictures.ids,
        described=[Described(media_id, text) for media_id, text in pictures.described.items()],
        insisted=request.flag("insisted"),
    )
    try:
        if pictures.refused:
            raise pictures.refused
        async with request.db.transaction() as request._conn:
            await posts.edit(request.conn, request.me.id, view.id, revision)
    except Refused as why:
        await follow_up(request.db, why)
        async with request.db.reading() as request._conn:
            draft = await _typed(request, pictures)
            draft.asked = why if isinstance(why, posts.ThinkAgain) else None
            draft.id, draft.visibility = str(view.id), view.visibility
            return await _edit_form(request, view, draft, drafts.problems(request, why))
    return back(request, present.path(view.public.url), Flash("done", _("Your changes are saved.")))


@routes.get("/@{handle}/{id}/delete", scope="member")
async def ask(request: Request) -> Response:
    """Asks before deleting."""
    return await page(request, "delete.html", post=present.post(await own(request), request.viewer_id))


@routes.post("/@{handle}/{id}/delete", scope="member", limit="delete", open_to="frozen")
async def delete(request: Request) -> Response:
    """Delete for good. `anew`: with the words and pictures in the form again."""
    _ = words(request)
    view = await own(request)
    if not request.flag("anew"):
        await posts.remove(request.conn, request.me.id, view.id)
        return back(request, "/", Flash("done", _("Your post is deleted.")))
    draft = await drafts.of_post(request, view)
    await posts.remove(request.conn, request.me.id, view.id, keep_media=True)
    for item in draft.media:
        item.preview_url = None  # what belonged to a deleted post is shown to nobody until it is in one again
    draft.id = ""
    return await _form(request, draft, status=200)


async def own(request: Request) -> PostView:
    """One's own post. Raises NotFound."""
    view = await posts.look_at(request.conn, request.id(), request.me.id)
    if view.author_id != request.me.id or view.reblog:
        raise NotFound
    return view


async def _form(request: Request, draft: Draft, errors: dict[str, str] | None = None, status: int = 0) -> Response:
    answered = await posts.look(request.conn, [int(draft.reply_to)], request.viewer_id) if draft.reply_to else []
    shown = await present.posts(request.conn, answered, request.viewer_id)
    return await page(
        request,
        "compose.html",
        status=status or (422 if errors else 200),
        replying=shown[0] if shown else None,
        errors=errors or {},
        **await drafts.writing(request, draft),
    )


async def _edit_form(request: Request, view: PostView, draft: Draft, errors: dict[str, str]) -> Response:
    draft.reply_to = ""  # what a post answers stays as it is
    return await page(
        request,
        "edit.html",
        status=422 if errors else 200,
        post=present.post(view, request.viewer_id),
        errors=errors,
        **await drafts.writing(request, draft),
    )


def _written(request: Request, media_ids: Sequence[int]) -> posts.Draft:
    answered = request.text("reply_to")
    if answered and ids.parse(answered) is None:
        raise NotFound
    return posts.Draft(
        text=request.text("text"),
        spoiler=request.text("spoiler"),
        visibility=request.text("visibility") or "public",
        sensitive=request.flag("sensitive"),
        language=request.text("language") or None,
        in_reply_to_id=ids.parse(answered) if answered else None,
        media_ids=media_ids,
        insisted=request.flag("insisted"),
    )


async def _typed(request: Request, pictures: Pictures) -> Draft:
    """The form as it was sent."""
    rows = [await media.one(request.conn, request.me.id, media_id) for media_id in pictures.ids]
    kept = drafts.uploaded(rows)
    for item in kept:
        item.description = pictures.described.get(int(item.id), item.description)
    answered = request.text("reply_to")
    return drafts.empty(
        request,
        text=request.text("text"),
        spoiler=request.text("spoiler"),
        sensitive=request.flag("sensitive"),
        visibility=request.text("visibility") or "public",
        language=request.text("language"),
        media=kept,
        reply_to=answered if ids.parse(answered) else "",
    )


async def _pictures(request: Request) -> Pictures:
    """Take in the new pictures, and leave out those to be removed. Each has its slot: `picture_N` and `alt_N`;
    one that is already here has its id in the slot's place.
    """
    removed = set(request.listed("remove"))
    found = Pictures([])
    async with request.db.reading() as conn:
        for media_id, words_ in _kept(request):
            if str(media_id) not in removed and await _is_own(conn, request.me.id, media_id):
                found.ids.append(media_id)
                found.described[media_id] = words_
    for slot in range(1, current().post_media + 1):
        file = request.file(f"picture_{slot}")
        if file is None:
            continue
        try:
            new = Upload(file.data, file.content_type, request.text(f"alt_{slot}"))
            found.ids.append(await media.upload(request.db, request.me.id, new))
        except Refused as why:
            found.refused = why
    return found


def _kept(request: Request) -> list[tuple[int, str]]:
    named = {ids.parse(name.removeprefix("alt_")): name for name in request.params if name.startswith("alt_")}
    return [
        (media_id, request.text(name))
        for media_id, name in named.items()
        if media_id and media_id > current().post_media
    ]


async def _is_own(conn: Conn, account_id: int, media_id: int) -> bool:
    try:
        return bool(await media.one(conn, account_id, media_id))
    except NotFound:
        return False


async def _describe(conn: Conn, account_id: int, pictures: Pictures) -> None:
    for media_id, text in pictures.described.items():
        await media.describe(conn, account_id, media_id, text, None)
