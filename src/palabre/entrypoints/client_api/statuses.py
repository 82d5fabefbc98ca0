"""/api/v1/statuses: writing, reading, reacting."""

import msgspec
from starlette.responses import Response

from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features import posts, timelines
from palabre.features.posts import Draft

routes = Routes()


class NewStatus(msgspec.Struct):
    status: str | None = None
    media_ids: list[int] = []
    in_reply_to_id: int | None = None
    sensitive: bool | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None


@routes.post("/api/v1/statuses", scope="write:statuses", limit="post")
async def create_status(request: Request) -> Response:
    """Publish a post. With an Idempotency-Key, sending it again publishes nothing more."""
    new, me = request.input(NewStatus), request.me
    draft = Draft(
        text=new.status or "",
        spoiler=new.spoiler_text or "",
        visibility=new.visibility or str(me.preferences.get("visibility", "public")),
        sensitive=bool(new.sensitive if new.sensitive is not None else me.preferences.get("sensitive", False)),
        language=new.language or None,
        in_reply_to_id=new.in_reply_to_id,
        media_ids=new.media_ids,
        client_id=me.client_id,
    )
    key = request.http.headers.get("idempotency-key")
    post_id = await posts.publish(request.conn, me.id, draft, key=key[:200] if key else None)
    return await _shown(request, post_id)


@routes.get("/api/v1/statuses/{id}", scope="public")
async def status(request: Request) -> Response:
    """One post."""
    return await _shown(request, request.id())


@routes.get("/api/v1/statuses/{id}/context", scope="public")
async def context(request: Request) -> Response:
    """What a post answers and what answers it."""
    thread = await timelines.thread(request.conn, request.id(), request.viewer_id)
    return raw(
        entities.splice(
            ancestors=entities.statuses(thread.ancestors, request.viewer_id),
            descendants=entities.statuses(thread.descendants, request.viewer_id),
        )
    )


async def _shown(request: Request, post_id: int) -> Response:
    view = await posts.look_at(request.conn, post_id, request.viewer_id)
    return raw(entities.status(view, request.viewer_id))
