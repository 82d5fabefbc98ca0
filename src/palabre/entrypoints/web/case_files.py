"""/moderation/cases/…/files/…: what a case keeps, shown to moderators on its page even if its post is gone."""

import mimetypes

from starlette.responses import Response, StreamingResponse

from palabre.base import blobs
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import triage

routes = Routes()


@routes.get("/moderation/cases/{id}/files/{key...}", scope="member", transaction="none")
async def file(request: Request) -> Response:
    """A kept file."""
    key = request.path["key"]
    async with request.db.reading() as conn:
        await triage.check_file(conn, request.me, request.id(), key)
    try:
        blob = await blobs.current().get(key)
    except blobs.BlobError as error:
        raise NotFound from error
    headers = {"content-security-policy": "default-src 'none'; sandbox"}
    content_type = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return StreamingResponse(blob.chunks, media_type=content_type, headers=headers)
