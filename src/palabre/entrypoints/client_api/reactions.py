"""/api/v1/statuses/…: what people do with each other's posts, and the lists of it; hashtags."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from palabre.base.db import Conn
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.client_api.statuses import shown
from palabre.entrypoints.client_api.timelines import answer
from palabre.entrypoints.edge import Request, Routes
from palabre.features import posts, timelines
from palabre.features.posts import People

routes = Routes()


@routes.post("/api/v1/statuses/{id}/reblog", scope="write:statuses", limit="post")
async def reblog(request: Request) -> Response:
    """Boost a post; the answer is the boost, with the post inside."""
    me = request.me
    visibility = request.text("visibility") or str(me.preferences.get("visibility") or "public")
    boost_id = await posts.boost(request.conn, me.id, request.id(), visibility)
    return await shown(request, boost_id)


@routes.post("/api/v1/statuses/{id}/unreblog", scope="write:statuses", open_to="frozen")
async def unreblog(request: Request) -> Response:
    """Take back a boost; the answer is the post it was of."""
    view = await posts.look_at(request.conn, request.id(), request.me.id)
    original = (view.reblog or view).id
    await posts.unboost(request.conn, request.me.id, original)
    return await shown(request, original)


@routes.post("/api/v1/statuses/{id}/favourite", scope="write:favourites")
async def favourite(request: Request) -> Response:
    """Favourite a post; its author is told."""
    return await _reacted(request, posts.favourite)


@routes.post("/api/v1/statuses/{id}/unfavourite", scope="write:favourites", open_to="frozen")
async def unfavourite(request: Request) -> Response:
    """Take back a favourite."""
    return await _reacted(request, posts.unfavourite)


@routes.post("/api/v1/statuses/{id}/bookmark", scope="write:bookmarks", open_to="frozen")
async def bookmark(request: Request) -> Response:
    """Bookmark a post; nobody is told."""
    return await _reacted(request, posts.bookmark)


@routes.post("/api/v1/statuses/{id}/unbookmark", scope="write:bookmarks", open_to="frozen")
async def unbookmark(request: Request) -> Response:
    """Take back a bookmark."""
    return await _reacted(request, posts.unbookmark)


@routes.post("/api/v1/statuses/{id}/pin", scope="write:accounts")
async def pin(request: Request) -> Response:
    """Show one of one's own posts at the top of one's profile."""
    return await _reacted(request, posts.pin)


@routes.post("/api/v1/statuses/{id}/unpin", scope="write:accounts", open_to="frozen")
async def unpin(request: Request) -> Response:
    """Take a post down from the top of one's profile."""
    return await _reacted(request, posts.unpin)


@routes.post("/api/v1/statuses/{id}/mute", scope="write:mutes", open_to="frozen")
async def mute(request: Request) -> Response:
    """Hear no more of the conversation a post belongs to."""
    return await _reacted(request, posts.mute_thread)


@routes.post("/api/v1/statuses/{id}/unmute", scope="write:mutes", open_to="frozen")
async def unmute(request: Request) -> Response:
    """Hear of the conversation again."""
    return await _reacted(request, posts.unmute_thread)


@routes.get("/api/v1/statuses/{id}/favourited_by", scope="public", reads="read:accounts")
async def favourited_by(request: Request) -> Response:
    """Who favourited a post, the latest first."""
    page = request.page(40, 80)
    return _people(request, await posts.favourited_by(request.conn, request.id(), request.viewer_id, page))


@routes.get("/api/v1/statuses/{id}/reblogged_by", scope="public", reads="read:accounts")
async def reblogged_by(request: Request) -> Response:
    """Who boosted a post, the latest first."""
    page = request.page(40, 80)
    return _people(request, await posts.boosted_by(request.conn, request.id(), request.viewer_id, page))


@routes.get("/api/v1/favourites", scope="read:favourites")
async def favourites(request: Request) -> Response:
    """One's own favourites, the latest set first; the Link header pages by when they were set."""
    return answer(request, await timelines.favourites(request.conn, request.me.id, request.page()))


@routes.get("/api/v1/bookmarks", scope="read:bookmarks")
async def bookmarks(request: Request) -> Response:
    """One's own bookmarks, the latest set first; the Link header pages by when they were set."""
    return answer(request, await timelines.bookmarks(request.conn, request.me.id, request.page()))


@routes.get("/api/v1/tags/{name}", scope="public")
async def tag(request: Request) -> Response:
    """A hashtag and how it was used over the last seven days."""
    return json(entities.tag(await posts.tag_use(request.conn, request.path["name"])))


async def _reacted(request: Request, react: Callable[[Conn, int, int], Awaitable[None]]) -> Response:
    await react(request.conn, request.me.id, request.id())
    return await shown(request, request.id())


def _people(request: Request, people: People) -> Response:
    return link(request, raw(entities.accounts(people.accounts)), people.first, people.last)
