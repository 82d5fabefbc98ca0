"""/api/v1/media and /api/v2/media: pictures for posts. They are ready as soon as the answer comes."""

from starlette.responses import Response

from palabre.base.errors import Refused
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features.posts import media
from palabre.features.posts.media import Upload

routes = Routes()


@routes.post("/api/v2/media", scope="write:media", transaction="none", limit="upload")
async def upload(request: Request) -> Response:
    """Upload a picture, with `description` and `focus`. A `thumbnail` is not needed and not kept."""
    file = request.file("file")
    if file is None:
        raise Refused("can't be blank", field="file", code="blank")
    focus = media.parse_focus(request.text("focus")) or (0.0, 0.0)
    made = Upload(file.data, file.content_type, request.text("description"), focus)
    media_id = await media.upload(request.db, request.me.id, made)
    async with request.db.reading() as conn:
        return raw(entities.attachment(await media.one(conn, request.me.id, media_id)))


@routes.post("/api/v1/media", scope="write:media", transaction="none", limit="upload")
async def upload_as_before(request: Request) -> Response:
    """The same, for older clients."""
    return await upload(request)


@routes.get("/api/v1/media/{id}", scope="write:media")
async def attachment(request: Request) -> Response:
    """One's own upload."""
    return raw(entities.attachment(await media.one(request.conn, request.me.id, request.id())))


@routes.put("/api/v1/media/{id}", scope="write:media")
async def describe(request: Request) -> Response:
    """Change `description` and `focus` of an upload that no post uses yet."""
    description = request.text("description") if "description" in request.params else None
    focus = media.parse_focus(request.text("focus"))
    return raw(entities.attachment(await media.describe(request.conn, request.me.id, request.id(), description, focus)))


@routes.delete("/api/v1/media/{id}", scope="write:media", open_to="frozen")
async def discard(request: Request) -> Response:
    """Throw away an upload that no post uses."""
    await media.discard(request.conn, request.me.id, request.id())
    return json({})
