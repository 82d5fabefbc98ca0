"""/moderation/cases/…/police: one file for the police, where a life is in danger."""

import hashlib
import tempfile
import zipfile
from collections.abc import AsyncIterator
from typing import IO, Any

import msgspec
from starlette.responses import Response, StreamingResponse

from palabre.base import blobs, clock, ids
from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import render
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import frame, page
from palabre.features.moderation import holds
from palabre.features.moderation.holds import police
from palabre.features.moderation.holds.police import Contents

routes = Routes()
_IN_MEMORY = 8 * 1024**2


@routes.get("/moderation/cases/{id}/police", scope="session")
async def form(request: Request) -> Response:
    """What the pack holds, and to whom it goes."""
    return await _form(request, {})


async def _form(request: Request, errors: Errors) -> Response:
    check_staff(request)
    hold_id = ids.parse(request.text("hold"))
    found = [one for one in await holds.of_case(request.conn, request.me, request.id()) if one.id == hold_id]
    if not found:
        raise NotFound
    return await page(
        request,
        "moderation/police.html",
        status=422 if errors else 200,
        case_url=f"/moderation/cases/{request.id()}",
        hold_id=found[0].id,
        values={"to": " · ".join(filter(None, (found[0].authority, found[0].reference)))} | typed(request),
        errors=errors,
    )


@routes.post("/moderation/cases/{id}/police", scope="session", transaction="none")
async def make(request: Request) -> Response:
    """The pack, as one ZIP file; the case's log keeps who made it."""
    check_staff(request)
    ask_again(request, _form, default="to")
    hold_id = ids.parse(request.text("hold"))
    if hold_id is None:
        raise NotFound
    async with request.db.transaction() as conn:
        found = await police.contents(conn, request.me, request.id(), hold_id, request.text("to"))
        texts = _texts(found) | {"report.html": await _report(conn, request, found)}
    file = await _zipped(texts, found)
    name = f"palabre-police-{request.id()}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(_read(file), media_type="application/zip", headers=headers)


async def _report(conn: Conn, request: Request, found: Contents) -> str:
    """The page that people read; everything else in the pack proves it."""
    return render.page("moderation/police_report.html", found=found, made_at=clock.now(), **await frame(conn, request))


def _texts(found: Contents) -> dict[str, str]:
    """Who reported is not the pack's to tell."""
    reports = [_plain(one) | {"reporter_id": None} for one in found.reports]
    log = [_plain(one) | ({"actor_id": None} if one.kind == "reported" else {}) for one in found.log]
    return {
        "sealed.json": found.sealed,
        "reports.json": _json(reports),
        "log.json": _json(log),
        **{f"snapshots/{snapshot_id}.json": text for snapshot_id, text in found.originals.items()},
    }


async def _zipped(texts: dict[str, str], found: Contents) -> IO[bytes]:
    """The texts, the kept files, and the SHA-256 of each."""
    sums: dict[str, str] = {}
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when it has been read
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in texts.items():
            pack.writestr(name, text)
            sums[name] = hashlib.sha256(text.encode()).hexdigest()
        for key in sorted({one["original_key"] for kept in found.snapshots for one in kept.files}):
            data = await _bytes(key)
            pack.writestr(f"files/{key}", data)
            sums[f"files/{key}"] = hashlib.sha256(data).hexdigest()
        pack.writestr("SHA256SUMS", "".join(f"{one}  {name}\n" for name, one in sorted(sums.items())))
    file.seek(0)
    return file


async def _bytes(key: str) -> bytes:
    try:
        blob = await blobs.current().get(key)
        return b"".join([chunk async for chunk in blob.chunks])
    except blobs.BlobMissing:
        return b""


async def _read(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := file.read(blobs.CHUNK):
            yield chunk


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode()


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    return dict(msgspec.to_builtins(value))
