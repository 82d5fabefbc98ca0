"""/api/v1/trends: what is talked of, as far as a moderator approved it."""

from starlette.responses import Response

from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features.search import trends

routes = Routes()
_FURTHEST = 1_000


@routes.get("/api/v1/trends", scope="public")
async def legacy(request: Request) -> Response:
    """Hashtags, at the address older clients know."""
    return await tags(request)


@routes.get("/api/v1/trends/tags", scope="public")
async def tags(request: Request) -> Response:
    """Hashtags that many people use, by `offset` and `limit`."""
    found = await trends.tags(request.conn, offset=offset(request), limit=request.page(10, 20).limit)
    return json([entities.tag(use) for use in found])


@routes.get("/api/v1/trends/statuses", scope="public", reads="read:statuses")
async def statuses(request: Request) -> Response:
    """Posts that many people like, by `offset` and `limit`."""
    limit = request.page(20, 40).limit
    found = await trends.posts(request.conn, request.viewer_id, offset=offset(request), limit=limit)
    return raw(entities.statuses(found, request.viewer_id))


@routes.get("/api/v1/trends/links", scope="public", transaction="none")
async def links(request: Request) -> Response:
    """None: links have no previews here, so there is nothing to show."""
    return json([])


def offset(request: Request) -> int:
    asked = str(request.params.get("offset") or "0")
    return min(int(asked), _FURTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
