"""/settings/data: what becomes of a member's data: taken along, or deleted."""

from types import SimpleNamespace
from typing import Any

from starlette.responses import Response, StreamingResponse

from palabre.base import blobs, clock
from palabre.base.blobs import BlobError, BlobMissing, BlobRangeInvalid
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import session
from palabre.entrypoints.web.files import StoreAway, asked_range
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import accounts
from palabre.features.portability import exports, wind_down
from palabre.settings import current

routes = Routes()
_PAGE = "/settings/data"


@routes.get("/settings/data", scope="session", open_to="suspended")
async def show(request: Request) -> Response:
    """One's archive and lists to take along; deleting one's account."""
    return await _page(request, {})


async def _page(request: Request, errors: Errors) -> Response:
    found = await exports.export_of(request.conn, request.me.id)
    _ = words(request)
    lists = [
        SimpleNamespace(address=f"{_PAGE}/{name}", words=title)
        for name, title in (
            ("following_accounts.csv", _("People I follow")),
            ("blocked_accounts.csv", _("People I blocked")),
            ("muted_accounts.csv", _("People I muted")),
            ("bookmarks.csv", _("Bookmarks")),
        )
    ]
    return await page(
        request,
        "settings/data.html",
        status=422 if errors else 200,
        exports=lists,
        archive=_archive(found) if found else None,
        mailed=current().sends_mail,
        home=request.text("home") if errors else await wind_down.home(request.conn, request.me.id) or "",
        imports=None,
        errors=errors,
    )


def _archive(found: exports.Export) -> Any:
    return SimpleNamespace(
        under_way=found.under_way,
        failed=found.state == "failed",
        done=found.done,
        total=found.total,
        address=f"{_PAGE}/archive.zip" if found.key else None,
        bytes=found.bytes,
        made_at=found.made_at,
        keep_until=found.keep_until,
        again_at=found.again_at,
    )


@routes.post("/settings/data/archive", scope="session", open_to="suspended")
async def ask(request: Request) -> Response:
    """Ask for one's archive."""
    await exports.ask(request.conn, request.me.id)
    return back(request, _PAGE)


@routes.post("/settings/data/archive/delete", scope="session", open_to="suspended")
async def discard(request: Request) -> Response:
    """Delete the file of one's archive before its time."""
    await exports.discard(request.conn, request.me.id)
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("Your archive is deleted.")))


@routes.get("/settings/data/archive.zip", scope="session", transaction="none", open_to="suspended")
async def download(request: Request) -> Response:
    """One's archive, or the part of it that a Range header asks for, so that a broken-off download goes on."""
    async with request.db.reading() as conn:
        found = await exports.export_of(conn, request.me.id)
    if found is None or found.key is None:
        raise NotFound
    headers = {
        "content-disposition": f'attachment; filename="{current().name.partition(":")[0]}-{clock.now():%Y-%m-%d}.zip"',
        "cache-control": "private, no-store",
        "accept-ranges": "bytes",
        "etag": f'"{found.id}"',
    }
    wanted = asked_range(request, headers["etag"])
    try:
        blob = await blobs.current().get(found.key, wanted)
    except BlobRangeInvalid as error:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{error.size}"})
    except BlobMissing as error:
        raise NotFound from error
    except BlobError as error:
        raise StoreAway("The media store cannot be reached; please try again in a moment") from error
    headers["content-length"] = str(blob.end - blob.start)
    if wanted:
        headers["content-range"] = f"bytes {blob.start}-{blob.end - 1}/{blob.size}"
    return StreamingResponse(blob.chunks, 206 if wanted else 200, headers, "application/zip")


@routes.post("/settings/data/home", scope="session", open_to="suspended")
async def set_home(request: Request) -> Response:
    """Say where one will be found once the community is gone."""
    ask_again(request, _page, default="home")
    await wind_down.set_home(request.conn, request.me.id, request.text("home"))
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("Saved.")))


@routes.get("/settings/data/{name}", scope="session", open_to="suspended")
async def one_list(request: Request) -> Response:
    """One list as CSV: following_accounts.csv, blocked_accounts.csv, muted_accounts.csv or bookmarks.csv."""
    name = request.path["name"]
    if name not in exports.LISTS:
        raise NotFound
    content = await exports.LISTS[name](request.conn, request.me.id)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@routes.post("/settings/data/delete", scope="session", transaction="none", limit="sign_in", open_to="suspended")
async def delete(request: Request) -> Response:
    """Delete one's account for good, with the password."""
    ask_again(request, _page, default="delete_password", current_password="delete_password")  # noqa: S106 - a field's name
    if not request.flag("sure"):
        raise Refused("must be accepted", field="sure", code="inclusion")
    await accounts.delete_account(request.db, request.me.id, request.text("delete_password"))
    _ = words(request)
    response = back(request, "/", Flash("done", _("Your account is deleted. Farewell.")))
    session.drop(response)
    return response
