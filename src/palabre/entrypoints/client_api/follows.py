"""/api/v1/accounts/…/follow and its kin: following, being followed, asking to; and how one stands to others."""

from typing import Annotated

import msgspec
from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, graph
from palabre.features.graph import People

routes = Routes()
_MOST = 80
_MOST_ASKED = 200


class Wishes(msgspec.Struct):
    reblogs: bool | None = None
    notify: bool | None = None
    languages: Annotated[list[Annotated[str, msgspec.Meta(max_length=10)]], msgspec.Meta(max_length=50)] | None = None


@routes.post("/api/v1/accounts/{id}/follow", scope="write:follows", limit="follow")
async def follow(request: Request) -> Response:
    """Follow somebody, or ask to; again, to change what the follow brings."""
    wishes = request.input(Wishes)
    await graph.follow(
        request.conn,
        request.me.id,
        request.id(),
        reblogs=wishes.reblogs,
        notify=wishes.notify,
        languages=wishes.languages,
    )
    return await related(request)


@routes.post("/api/v1/accounts/{id}/unfollow", scope="write:follows", open_to="frozen")
async def unfollow(request: Request) -> Response:
    """Stop following somebody, or take back the request."""
    await graph.unfollow(request.conn, request.me.id, request.id())
    return await related(request)


@routes.post("/api/v1/accounts/{id}/remove_from_followers", scope="write:follows", open_to="frozen")
async def remove_from_followers(request: Request) -> Response:
    """Make somebody follow no longer."""
    await graph.remove_follower(request.conn, request.me.id, request.id())
    return await related(request)


@routes.get("/api/v1/accounts/relationships", scope="read:follows")
async def relationships(request: Request) -> Response:
    """How one stands to the accounts asked about; unknown ones are left out."""
    asked = request.ids("id")[:_MOST_ASKED]
    found = await graph.relationships(request.conn, request.me.id, asked)
    return json([entities.relationship(view) for view in found])


@routes.get("/api/v1/accounts/familiar_followers", scope="read:follows")
async def familiar_followers(request: Request) -> Response:
    """For each account asked about, those one follows who follow it too."""
    answers = []
    for account_id in request.ids("id")[:20]:
        known = await graph.familiar_followers(request.conn, request.me.id, account_id)
        views = await accounts.look_in_order(request.conn, known)
        answers.append(entities.splice(id=b'"%d"' % account_id, accounts=entities.accounts(views)))
    return raw(b"[" + b",".join(answers) + b"]")


@routes.get("/api/v1/accounts/{id}/followers", scope="public", reads="read:accounts")
async def followers(request: Request) -> Response:
    """Who follows an account, latest first."""
    await _shown(request)
    found = await graph.followers(request.conn, request.id(), request.viewer_id, request.page(40, _MOST))
    return await people(request, found)


@routes.get("/api/v1/accounts/{id}/following", scope="public", reads="read:accounts")
async def following(request: Request) -> Response:
    """Whom an account follows, latest first."""
    await _shown(request)
    found = await graph.following(request.conn, request.id(), request.viewer_id, request.page(40, _MOST))
    return await people(request, found)


@routes.get("/api/v1/follow_requests", scope="read:follows")
async def follow_requests(request: Request) -> Response:
    """Who asks to follow."""
    return await people(request, await graph.follow_requests(request.conn, request.me.id, request.page(40, _MOST)))


@routes.post("/api/v1/follow_requests/{id}/authorize", scope="write:follows")
async def authorize(request: Request) -> Response:
    """Grant a follow request."""
    await graph.authorize(request.conn, request.me.id, request.id())
    return await related(request)


@routes.post("/api/v1/follow_requests/{id}/reject", scope="write:follows")
async def reject(request: Request) -> Response:
    """Turn a follow request down."""
    await graph.reject(request.conn, request.me.id, request.id())
    return await related(request)


async def related(request: Request) -> Response:
    """How the caller now stands to the account in the path."""
    return json(entities.relationship(await graph.relationship(request.conn, request.me.id, request.id())))


async def people(request: Request, found: People) -> Response:
    """A page of accounts with its Link header."""
    views = await accounts.look_in_order(request.conn, found.account_ids)
    return link(request, raw(entities.accounts(views)), found.first, found.last)


async def _shown(request: Request) -> None:
    """Raises NotFound where there is no such account to be seen."""
    if not await accounts.look_in_order(request.conn, [request.id()]):
        raise NotFound
