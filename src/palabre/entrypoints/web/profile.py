"""People: their profiles, who is around them, and how one stands to them."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import RedirectResponse, Response

from palabre.base.db import Conn
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import paging, present
from palabre.entrypoints.web.feeds import feed
from palabre.entrypoints.web.pages import page
from palabre.features import accounts, graph, timelines
from palabre.features.accounts import AccountView
from palabre.features.graph import People
from palabre.features.moderation import screening

routes = Routes()


@routes.get("/@{handle}", scope="public")
async def profile(request: Request) -> Response:
    """What somebody wrote and boosted, with what is pinned above."""
    view = await whom(request)
    pinned = await timelines.pinned(request.conn, view.id, request.viewer_id) if _first_page(request) else None
    shown = await present.posts(request.conn, pinned.posts, request.viewer_id) if pinned else []
    for post in shown:
        post.pinned = True
    return await _posts(request, view, "posts", shown, replies=False)


@routes.get("/@{handle}/replies", scope="public")
async def replies(request: Request) -> Response:
    """The same with answers to others."""
    return await _posts(request, await whom(request), "replies", [], replies=True)


@routes.get("/@{handle}/with_replies", scope="public", transaction="none")
async def with_replies(request: Request) -> Response:
    """As Mastodon calls it."""
    return RedirectResponse(f"/@{request.path['handle']}/replies", 308)


@routes.get("/@{handle}/media", scope="public")
async def media(request: Request) -> Response:
    """Posts with pictures."""
    return await _posts(request, await whom(request), "media", [], only_media=True, reblogs=False)


@routes.get("/@{handle}/followers", scope="public")
async def followers(request: Request) -> Response:
    """Who follows somebody, the latest first."""
    return await _people(request, "followers", graph.followers)


@routes.get("/@{handle}/following", scope="public")
async def following(request: Request) -> Response:
    """Whom somebody follows, the latest first."""
    return await _people(request, "following", graph.following)


async def whom(request: Request) -> AccountView:
    """The account the address names. Raises NotFound."""
    return await accounts.look_at(request.conn, await accounts.by_handle(request.conn, request.path["handle"]))


async def shown(conn: Conn, view: AccountView, viewer_id: int | None) -> present.Account:
    """An account with how the viewer stands to it."""
    return (await present.people(conn, [view], viewer_id))[0]


def _first_page(request: Request) -> bool:
    return not ({"max_id", "min_id"} & request.params.keys())


async def _posts(request: Request, view: AccountView, tab: str, pinned: list[present.Post], **wanted: Any) -> Response:
    asked = paging.asked(request)
    account = await shown(request.conn, view, request.viewer_id)
    found = await timelines.profile(request.conn, view.id, request.viewer_id, asked, **wanted)
    waits = view.id == request.viewer_id and await screening.any_held(request.conn, view.id)
    return await feed(
        request,
        "profile.html",
        asked,
        found,
        account=account,
        waits=waits,
        tab=tab,
        pinned=pinned,
        without={post.id for post in pinned},
    )


async def _people(
    request: Request, tab: str, find: Callable[[Conn, int, int | None, Any], Awaitable[People]]
) -> Response:
    view, asked = await whom(request), paging.asked(request, 40)
    found = await find(request.conn, view.id, request.viewer_id, asked)
    if top := paging.at_the_top(asked, request, len(found.account_ids)):
        return top
    people = await accounts.look_in_order(request.conn, found.account_ids)
    return await page(
        request,
        "people.html",
        account=await shown(request.conn, view, request.viewer_id),
        tab=tab,
        people=await present.people(request.conn, people, request.viewer_id),
        **paging.ends(asked, request, found.first, found.last, len(found.account_ids)),
    )
