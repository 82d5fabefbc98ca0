"""What readers do with posts. Under htmx only the row of buttons comes back, else the page one came from."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.pages import Flash, back, fragment_only, page, words
from palabre.entrypoints.web.returning import came_from
from palabre.features import posts

routes = Routes()
React = Callable[[Conn, int, int], Awaitable[object]]


@routes.post("/@{handle}/{id}/boost", scope="member", limit="post")
async def boost(request: Request) -> Response:
    """Show a post to one's followers, as loudly as one's own posts begin."""
    usual = str(request.me.preferences.get("visibility") or "public")
    await posts.boost(request.conn, request.me.id, request.id(), "private" if usual == "direct" else usual)
    return await _answer(request)


@routes.post("/@{handle}/{id}/unboost", scope="member", open_to="frozen")
async def unboost(request: Request) -> Response:
    """Take a boost back."""
    return await _do(request, posts.unboost)


@routes.post("/@{handle}/{id}/favourite", scope="member")
async def favourite(request: Request) -> Response:
    """Give a post a heart; its author is told."""
    return await _do(request, posts.favourite)


@routes.post("/@{handle}/{id}/unfavourite", scope="member", open_to="frozen")
async def unfavourite(request: Request) -> Response:
    """Take the heart back."""
    return await _do(request, posts.unfavourite)


@routes.post("/@{handle}/{id}/bookmark", scope="member", open_to="frozen")
async def bookmark(request: Request) -> Response:
    """Keep a post; nobody is told."""
    return await _do(request, posts.bookmark)


@routes.post("/@{handle}/{id}/unbookmark", scope="member", open_to="frozen")
async def unbookmark(request: Request) -> Response:
    """Keep it no longer."""
    return await _do(request, posts.unbookmark)


@routes.post("/@{handle}/{id}/pin", scope="member")
async def pin(request: Request) -> Response:
    """Show one's own post at the top of one's profile."""
    _ = words(request)
    try:
        await posts.pin(request.conn, request.me.id, request.id())
    except Refused as why:
        reasons = {
            "too_many": _("Only five posts can be pinned. Unpin one first."),
            "is_direct": _("Posts for the people mentioned only can't be pinned."),
        }
        if why.code not in reasons:
            raise
        return back(request, came_from(request.http), Flash("problem", reasons[why.code]))
    return back(request, came_from(request.http), Flash("done", _("Pinned to the top of your profile.")))


@routes.post("/@{handle}/{id}/unpin", scope="member", open_to="frozen")
async def unpin(request: Request) -> Response:
    """Take it down from there."""
    _ = words(request)
    await posts.unpin(request.conn, request.me.id, request.id())
    return back(request, came_from(request.http), Flash("done", _("No longer pinned.")))


async def _do(request: Request, react: React) -> Response:
    await react(request.conn, request.me.id, request.id())
    return await _answer(request)


async def _answer(request: Request) -> Response:
    view = await posts.look_at(request.conn, request.id(), request.viewer_id)
    post = present.post(view, request.viewer_id)
    if fragment_only(request):
        return await page(request, "fragments/post_actions.html", post=post)
    return back(request, f"{came_from(request.http, post.url)}#p{post.id}")
