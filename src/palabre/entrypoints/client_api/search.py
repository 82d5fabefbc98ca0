"""/api/v2/search, /api/v1/accounts/search, and ways to find people without a name: suggestions, directory."""

from typing import Literal

from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import Forbidden, Refused, Unauthorized
from palabre.base.paging import Page
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features import search
from palabre.features.search import Found

routes = Routes()

_KINDS = ("accounts", "statuses", "hashtags")
_FURTHEST = 1_000  # nobody reads on behind so many results


@routes.get("/api/v2/search", scope="public")
async def find(request: Request) -> Response:
    """People, posts and hashtags; posts for members only. `type` narrows it down; `offset` and `resolve` need a token."""
    kind = request.text("type")
    offset = _offset(request) if kind else 0  # as Mastodon: there are further pages of one kind only
    if kind and kind not in _KINDS:
        raise Refused("is not included in the list", field="type", code="inclusion")
    _admit(request)
    kinds = (kind,) if kind else _KINDS
    query, page = _query(request), request.page()
    beyond = offset > _FURTHEST
    people = await _people(request, query, page, offset) if "accounts" in kinds and not beyond else b"[]"
    posts = await _posts(request, query, page, offset) if "statuses" in kinds and not beyond else b"[]"
    tags = []
    if "hashtags" in kinds and not beyond and not query.startswith("@"):
        tags = await search.tags(request.conn, query, limit=page.limit, offset=offset)
    hashtags = json([entities.tag(use) for use in tags]).body
    return raw(entities.splice(accounts=people, statuses=posts, hashtags=bytes(hashtags)))


def _admit(request: Request) -> None:
    """What a token must allow where one is sent, and what needs one."""
    if request.caller and not request.caller.may("read:search"):
        raise Forbidden("This action is outside the authorized scopes", code="scope")
    if not request.viewer_id:
        if "offset" in request.params:
            raise Unauthorized("Search queries pagination is not supported without authentication")
        if request.flag("resolve"):
            raise Unauthorized("Search queries that resolve remote resources are not supported without authentication")


async def _people(request: Request, query: str, page: Page, offset: int) -> bytes:
    if query.startswith("#"):
        return b"[]"
    following = request.flag("following") and bool(request.viewer_id)
    found = await search.people(
        request.conn, query, request.viewer_id, limit=page.limit, offset=offset, following=following
    )
    return entities.accounts(found)


async def _posts(request: Request, query: str, page: Page, offset: int) -> bytes:
    author_id = ids.parse(request.text("account_id")) if request.text("account_id") else None
    if request.text("account_id") and author_id is None:
        return b"[]"
    found: Found = await search.posts(request.conn, query, request.viewer_id, page, offset=offset, author_id=author_id)
    return entities.statuses(found.posts, request.viewer_id)


@routes.get("/api/v1/accounts/search", scope="read:accounts")
async def find_accounts(request: Request) -> Response:
    """People whose name begins so, for completing a mention; those one follows first. `following`: only those."""
    page, offset = request.page(40, 80), _offset(request)
    if offset > _FURTHEST:
        return raw(b"[]")
    following = request.flag("following")
    find = search.people if "@" in _query(request)[1:] else search.complete
    found = await find(
        request.conn, _query(request), request.me.id, limit=page.limit, offset=offset, following=following
    )
    return raw(entities.accounts(found))


@routes.get("/api/v2/suggestions", scope="read")
async def suggestions(request: Request) -> Response:
    """People one might like to follow: followed by those one follows, or by many."""
    found = await search.suggestions(request.conn, request.me.id, request.page(40, 80).limit)
    made = [
        entities.splice(
            source=b'"past_interactions"' if each.source == "friends_of_friends" else b'"global"',
            sources=b'["%s"]' % each.source.encode(),
            account=entities.account(each.account),
        )
        for each in found
    ]
    return raw(b"[" + b",".join(made) + b"]")


@routes.get("/api/v1/directory", scope="public")
async def directory(request: Request) -> Response:
    """Members who wish to be discovered; `order`: 'active' (wrote last, the default) or 'new'."""
    if (offset := _offset(request)) > _FURTHEST:
        return raw(b"[]")
    limit = request.page(40, 80).limit
    by: Literal["active", "new"] = "new" if request.text("order") == "new" else "active"
    return raw(entities.accounts(await search.directory(request.conn, by=by, offset=offset, limit=limit)))


def _query(request: Request) -> str:
    return request.text("q").strip()


def _offset(request: Request) -> int:
    asked = str(request.params.get("offset") or "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
