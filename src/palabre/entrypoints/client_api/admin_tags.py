"""/api/v1/admin/tags and trends: which hashtags lead somewhere, are found, and what may be among what is talked of."""

from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.trends import offset
from palabre.entrypoints.edge import Request, Routes
from palabre.features import posts
from palabre.features.posts import PostView, Tag, TagUse
from palabre.features.search import trends
from palabre.names import here

routes = Routes()
READ, WRITE = "admin:read", "admin:write"
TRENDS = "/api/v1/admin/trends"


class Review(msgspec.Struct):
    display_name: str | None = None
    usable: bool | None = None
    listable: bool | None = None
    trendable: bool | None = None


@routes.get("/api/v1/admin/tags", scope=READ)
async def browse(request: Request) -> Response:
    """All hashtags by name; the Link header leads on."""
    limit = request.page(100, 200).limit
    found = await posts.browse_tags(request.conn, request.me, after=request.text("max_id"), limit=limit)
    uses = await posts.tag_uses(request.conn, [tag.key for tag in found])
    response = json([_tag(use, tag) for use, tag in zip(uses, found, strict=True)])
    if len(found) == limit:
        onward = urlencode({"limit": limit, "max_id": found[-1].key})
        response.headers["link"] = f'<{here()}/api/v1/admin/tags?{onward}>; rel="next"'
    return response


@routes.get("/api/v1/admin/tags/{id}", scope=READ)
async def one(request: Request) -> Response:
    """One hashtag, by name."""
    return await _shown(request)


@routes.put("/api/v1/admin/tags/{id}", scope=WRITE)
@routes.patch("/api/v1/admin/tags/{id}", scope=WRITE)
async def review(request: Request) -> Response:
    """Say whether it is usable (leads to posts), listable (is found by search), trendable; how it is written."""
    asked = request.input(Review)
    await posts.review_tag(
        request.conn,
        request.me,
        request.path["id"],
        display=asked.display_name,
        usable=asked.usable,
        listable=asked.listable,
        trendable=asked.trendable,
    )
    return await _shown(request)


@routes.get(TRENDS + "/tags", scope=READ)
async def tags(request: Request) -> Response:
    """Hashtags that many people use, reviewed or not."""
    limit = request.page(10, 20).limit
    found = await trends.candidates_of_tags(request.conn, request.me, offset=offset(request), limit=limit)
    return json([_tag(use, tag) for use, tag in found])


@routes.post(TRENDS + "/tags/{id}/approve", scope=WRITE)
async def approve_tag(request: Request) -> Response:
    """Let a hashtag be among what is talked of."""
    await posts.review_tag(request.conn, request.me, request.path["id"], trendable=True)
    return await _shown(request)


@routes.post(TRENDS + "/tags/{id}/reject", scope=WRITE)
async def reject_tag(request: Request) -> Response:
    """Keep a hashtag out of it."""
    await posts.review_tag(request.conn, request.me, request.path["id"], trendable=False)
    return await _shown(request)


@routes.get(TRENDS + "/statuses", scope=READ)
async def statuses(request: Request) -> Response:
    """Posts that many people like, reviewed or not."""
    limit = request.page(20, 40).limit
    found = await trends.candidates_of_posts(request.conn, request.me, offset=offset(request), limit=limit)
    return raw(b"[" + b",".join([_status(request, post, said) for post, said in found]) + b"]")


@routes.post(TRENDS + "/statuses/{id}/approve", scope=WRITE)
async def approve_status(request: Request) -> Response:
    """Let a post be among what is talked of."""
    post = await trends.review_post(request.conn, request.me, request.id(), approved=True)
    return raw(_status(request, post, True))


@routes.post(TRENDS + "/statuses/{id}/reject", scope=WRITE)
async def reject_status(request: Request) -> Response:
    """Keep a post out of it."""
    post = await trends.review_post(request.conn, request.me, request.id(), approved=False)
    return raw(_status(request, post, False))


@routes.get(TRENDS + "/links", scope=READ)
async def links(request: Request) -> Response:
    """None: links have no previews here."""
    return json([])


@routes.get(TRENDS + "/links/publishers", scope=READ)
async def publishers(request: Request) -> Response:
    """None, as there are no links."""
    return json([])


@routes.post(TRENDS + "/links/{id}/approve", scope=WRITE)
async def approve_link(request: Request) -> Response:
    """Not found: there are no links."""
    raise NotFound


@routes.post(TRENDS + "/links/{id}/reject", scope=WRITE)
async def reject_link(request: Request) -> Response:
    """Not found: there are no links."""
    raise NotFound


@routes.post(TRENDS + "/links/publishers/{id}/approve", scope=WRITE)
async def approve_publisher(request: Request) -> Response:
    """Not found: there are no publishers."""
    raise NotFound


@routes.post(TRENDS + "/links/publishers/{id}/reject", scope=WRITE)
async def reject_publisher(request: Request) -> Response:
    """Not found: there are no publishers."""
    raise NotFound


async def _shown(request: Request) -> Response:
    tag = await posts.one_tag(request.conn, request.path["id"])
    (use,) = await posts.tag_uses(request.conn, [tag.key])
    return json(_tag(use, tag))


def _tag(use: TagUse, tag: Tag) -> dict[str, object]:
    return {
        **entities.tag(use),
        "usable": tag.usable,
        "listable": tag.listable,
        "trendable": tag.trendable,
        "requires_review": not tag.reviewed,
    }


def _status(request: Request, post: PostView, said: bool | None) -> bytes:
    """As others see it, and whether somebody still has to say something."""
    shown = entities.status(post, request.me.id)
    return shown[:-1] + (b',"requires_review":true}' if said is None else b',"requires_review":false}')
