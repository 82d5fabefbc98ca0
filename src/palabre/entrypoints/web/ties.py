"""Following, blocking, muting: forms on profiles, under posts and in lists of people."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from palabre.base import ids
from palabre.base.db import Conn
from palabre.base.errors import Forbidden, NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import paging, present
from palabre.entrypoints.web.pages import Flash, Undo, back, fragment_only, page, words
from palabre.entrypoints.web.profile import shown, whom
from palabre.entrypoints.web.returning import came_from
from palabre.features import accounts, graph

routes = Routes()
Verb = Callable[[Conn, int, int], Awaitable[None]]


@routes.post("/@{handle}/follow", scope="member", limit="follow")
async def follow(request: Request) -> Response:
    """Follow somebody, or ask to."""
    return await _do(request, graph.follow)


@routes.post("/@{handle}/unfollow", scope="member", open_to="frozen")
async def unfollow(request: Request) -> Response:
    """Stop following, or take the request back."""
    return await _do(request, graph.unfollow)


@routes.post("/@{handle}/block", scope="member", open_to="frozen")
async def block(request: Request) -> Response:
    """Neither sees the other any more."""
    _ = words(request)
    said = _("You blocked @%(name)s. You don't see each other any more.")
    return await _do(request, graph.block, said, undo="unblock")


@routes.post("/@{handle}/unblock", scope="member", open_to="frozen")
async def unblock(request: Request) -> Response:
    """Let somebody come near again."""
    _ = words(request)
    return await _do(request, graph.unblock, _("@%(name)s is no longer blocked."))


@routes.post("/@{handle}/mute", scope="member", open_to="frozen")
async def mute(request: Request) -> Response:
    """Not see somebody's posts; they are not told."""
    _ = words(request)
    said = _("You muted @%(name)s. Their posts stay out of your way, and they are not told.")
    return await _do(request, graph.mute, said, undo="unmute")


@routes.post("/@{handle}/unmute", scope="member", open_to="frozen")
async def unmute(request: Request) -> Response:
    """See them again."""
    _ = words(request)
    return await _do(request, graph.unmute, _("@%(name)s is no longer muted."))


@routes.get("/follow-requests", scope="member")
async def requests(request: Request) -> Response:
    """Who asks to follow."""
    asked = paging.asked(request, 40)
    found = await graph.follow_requests(request.conn, request.me.id, asked)
    people = await accounts.look_in_order(request.conn, found.account_ids)
    return await page(
        request,
        "follow_requests.html",
        people=await present.people(request.conn, people, request.viewer_id),
        **paging.ends(asked, request, found.first, found.last, len(found.account_ids)),
    )


@routes.post("/follow-requests/{id}", scope="member")
async def answer(request: Request) -> Response:
    """Accept one or decline it."""
    _ = words(request)
    view = await accounts.look_at(request.conn, ids.parse(request.path["id"]))
    if request.text("answer") == "accept":
        await graph.authorize(request.conn, request.me.id, view.id)
        said = _("@%(name)s follows you now.")
    elif request.text("answer") == "reject":
        await graph.reject(request.conn, request.me.id, view.id)
        said = _("Declined. @%(name)s is not told.")
    else:
        raise NotFound
    return back(request, "/follow-requests", Flash("done", said % {"name": view.public.acct}))


async def _do(request: Request, verb: Verb, said: str = "", undo: str = "") -> Response:
    _ = words(request)
    view = await whom(request)
    address = present.path(view.public.url)
    try:
        await verb(request.conn, request.me.id, view.id)
    except Forbidden:
        if fragment_only(request):
            raise
        _ = words(request)
        return back(request, address, Flash("problem", _("A block stands between you and this person.")))
    if fragment_only(request):
        if verb is graph.unblock:  # the whole page said so
            return Response(headers={"hx-refresh": "true"})
        return await page(request, "fragments/follow.html", account=await shown(request.conn, view, request.viewer_id))
    flash = None
    if said:
        flash = Flash("done", said % {"name": view.public.acct}, Undo(f"{address}/{undo}") if undo else None)
    return back(request, came_from(request.http, address), flash)
