"""A file that a case keeps, as an answer; whoever asks has been let through already."""

import mimetypes

from starlette.responses import Response, StreamingResponse

from palabre.base import blobs
from palabre.base.errors import NotFound


async def kept_file(key: str) -> Response:
    try:
        blob = await blobs.current().get(key)
    except blobs.BlobError as error:
        raise NotFound from error
    headers = {"content-security-policy": "default-src 'none'; sandbox"}
    content_type = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return StreamingResponse(blob.chunks, media_type=content_type, headers=headers)
