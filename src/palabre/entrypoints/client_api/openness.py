"""The public log of decisions, its seals, the figures, and the key that signs; open to everybody."""

import re

import msgspec
from starlette.responses import PlainTextResponse, Response

from palabre.base import signing
from palabre.base.clock import iso
from palabre.base.errors import NotFound
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import log, transparency

routes = Routes()
_MONTH = re.compile(r"\d{4}-\d{2}")
_MOST_SEALS = 100


@routes.get("/api/palabre/v1/moderation-log", scope="public")
async def public_log(request: Request) -> Response:
    """Decisions, redacted: of `month` (2026-11), else of the newest month; `before` an entry's id, the next hundred."""
    months, asked = await transparency.months(request.conn), request.text("month")
    wanted = [month for month in months if not asked or f"{month:%Y-%m}" == asked]
    if asked and not (_MONTH.fullmatch(asked) and wanted):
        raise NotFound
    entries = await transparency.entries_of(request.conn, wanted[0], request.text("before") or None) if wanted else []
    newest = await log.newest(request.conn)
    return json(
        {
            "seal": {"seq": newest.seq, "at": iso(newest.at), "hash": newest.hash.hex()} if newest else None,
            "months": [f"{month:%Y-%m}" for month in months],
            "entries": [one.published() for one in entries],
        }
    )


@routes.get("/api/palabre/v1/moderation-log/seals", scope="public")
async def seals(request: Request) -> Response:
    """The seals after number `after`, in order: to keep, and hold against the network later."""
    asked = request.text("after")
    after = int(asked) if asked.isdecimal() and len(asked) < 16 else 0
    found = await log.seals(request.conn, after, _MOST_SEALS)
    return json({"seals": [one.published() for one in found]})


@routes.get("/api/palabre/v1/transparency", scope="public")
async def figures(request: Request) -> Response:
    """The figures of each half-year, the newest first."""
    return json(
        [
            {"made_at": iso(one.made_at), "seal": one.seal, **msgspec.to_builtins(one.numbers)}
            for one in await transparency.published(request.conn)
        ]
    )


@routes.get("/.well-known/palabre-signing-key", scope="public", transaction="writing")
async def signing_key(request: Request) -> Response:
    """The public keys by which this network's records are checked, the one in use first."""
    await signing.signer(request.conn)
    found = await signing.keys(request.conn)
    return json(
        {
            "algorithm": signing.ALGORITHM,
            "current": found[0].id,
            "keys": [
                {"id": key.id, "since": iso(key.since), "pem": key.pem, "endorsement": key.endorsement.hex()}
                for key in found
            ],
        }
    )


@routes.get("/.well-known/palabre-signing-key.pem", scope="public", transaction="writing")
async def signing_key_pem(request: Request) -> Response:
    """The public key in use, as a PEM file."""
    signer = await signing.signer(request.conn)
    return PlainTextResponse(signer.public.pem, media_type="application/x-pem-file")
