"""/media/…: the files that members uploaded, as re-encoded when they came."""

import re
from collections.abc import Awaitable, Callable

from starlette.responses import Response, StreamingResponse

from palabre.base import blobs
from palabre.base.blobs import BlobError, BlobMissing, BlobRangeInvalid
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts
from palabre.features.posts import media

routes = Routes()

_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

MayServe = Callable[[Conn, str], Awaitable[bool]]
#: Who decides about a file, by the first segment of its key.
OWNERS: dict[str, MayServe] = {
    "posts": media.may_serve,
    "avatars": accounts.may_serve,
    "headers": accounts.may_serve,
}


class StoreAway(Refused):
    status = 503
    code = "unavailable"


@routes.get("/media/{key...}", scope="public", transaction="none", counted=False)
async def file(request: Request) -> Response:
    """A picture, or the part of it that a Range header asks for.

    A deleted or withheld picture must be gone at once. So any cache may keep a copy (`public`), but must ask before each
    use (`no-cache`); the question is cheap, for a key never changes its content and serves as the ETag.
    """
    key = request.path["key"]
    content_type = _TYPES.get(key.rpartition(".")[2])
    may_serve = OWNERS.get(key.partition("/")[0])
    if content_type is None or may_serve is None:
        raise NotFound
    async with request.db.reading() as conn:
        if not await may_serve(conn, key):
            raise NotFound
    headers = {
        "etag": f'"{key}"',
        "cache-control": "public, no-cache",
        "accept-ranges": "bytes",
        "content-security-policy": "default-src 'none'; sandbox",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }
    if _known(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    try:
        return await _read(request, key, content_type, headers)
    except BlobRangeInvalid as error:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{error.size}"})
    except (BlobMissing, ValueError) as error:
        raise NotFound from error
    except BlobError as error:
        raise StoreAway("The media store cannot be reached; please try again in a moment") from error


async def _read(request: Request, key: str, content_type: str, headers: dict[str, str]) -> Response:
    wanted = asked_range(request, headers["etag"])
    if request.http.method == "HEAD":
        wanted = (0, 1)
    blob = await blobs.current().get(key, wanted)
    if request.http.method == "HEAD":
        return Response(headers={**headers, "content-length": str(blob.size)}, media_type=content_type)
    headers["content-length"] = str(blob.end - blob.start)
    if wanted:
        headers["content-range"] = f"bytes {blob.start}-{blob.end - 1}/{blob.size}"
    return StreamingResponse(blob.chunks, 206 if wanted else 200, headers, content_type)


def _known(request: Request, etag: str) -> bool:
    given = request.http.headers.get("if-none-match", "")
    return given.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in given.split(","))


def asked_range(request: Request, etag: str) -> tuple[int, int | None] | None:
    """One range of bytes, as `Blobs.get` takes it. Anything else, several ranges too, is answered by the whole."""
    found = _RANGE.fullmatch(request.http.headers.get("range", "").strip())
    if not found or request.http.headers.get("if-range", etag).strip() != etag:
        return None
    first, last = found.groups()
    if not first:
        return (-int(last), None) if last and int(last) else None
    if not last:
        return int(first), None
    return (int(first), int(last) + 1) if int(first) <= int(last) else None
