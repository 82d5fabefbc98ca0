"""/static/…, the web manifest, and robots.txt."""

import io
import mimetypes
import zipfile
from functools import cache
from pathlib import Path

import msgspec
from starlette.responses import FileResponse, PlainTextResponse, Response

import palabre
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.assets import STATIC, url_for_static, version
from palabre.features import instance

routes = Routes()
_LONGEST = 200


@routes.get("/static/{name...}", scope="public", transaction="none", counted=False)
async def static(request: Request) -> Response:
    """A file of the pages' own; kept for ever by browsers, since its address changes with its content."""
    name = request.path["name"]
    file = (STATIC / name).resolve()
    if len(name) > _LONGEST or not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        raise NotFound
    asked = request.http.query_params.get("v")
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if asked == version(name) else "public, max-age=300"
    }
    return FileResponse(file, media_type=mimetypes.guess_type(name)[0], headers=headers)


@routes.get("/manifest.webmanifest", scope="public", open_to="suspended")
async def manifest(request: Request) -> Response:
    """What makes the pages installable as an app."""
    about = await instance.about(request.conn)
    body = {
        "name": about.name,
        "short_name": about.name[:20],
        "description": about.description[:300],
        "start_url": "/",
        "display": "standalone",
        "background_color": "#fdfcf9",
        "theme_color": "#fdfcf9",
        "icons": [
            {"src": url_for_static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    return Response(msgspec.json.encode(body), media_type="application/manifest+json")


@routes.get("/robots.txt", scope="public", transaction="none", open_to="suspended")
async def robots(request: Request) -> Response:
    """Profiles and public posts may be indexed; pages that are somebody's own may not."""
    return PlainTextResponse("User-agent: *\nDisallow: /search\nDisallow: /settings\nDisallow: /media/\n")


@routes.get("/source.zip", scope="public", transaction="none", open_to="suspended")
async def source(request: Request) -> Response:
    """The program as it runs here: whoever uses it over a network has a right to its source (AGPL, section 13)."""
    headers = {"content-disposition": f'attachment; filename="palabre-{palabre.__version__}.zip"'}
    return Response(_zipped(), media_type="application/zip", headers=headers)


@cache
def _zipped() -> bytes:
    package = Path(palabre.__file__).parent
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(package.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                archive.write(file, Path("palabre") / file.relative_to(package))
    return packed.getvalue()
