"""/api/v1/admin/domain_blocks and domain_allows: what is done about other servers."""

import hashlib

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.base.errors import Refused
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import domains
from palabre.features.moderation.domains import Allow, Measure, Standing

routes = Routes()
BLOCKS, ALLOWS = "/api/v1/admin/domain_blocks", "/api/v1/admin/domain_allows"
READ, WRITE = "admin:read:domain_blocks", "admin:write:domain_blocks"
#: Ours by Mastodon's words, and back.
_OURS = {"noop": "none", "silence": "limit", "suspend": "suspend"}
THEIRS = {ours: theirs for theirs, ours in _OURS.items()}


class Block(msgspec.Struct):
    domain: str = ""
    severity: str | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    obfuscate: bool | None = None
    private_comment: str | None = None
    public_comment: str | None = None


@routes.get(BLOCKS, scope=READ)
async def browse(request: Request) -> Response:
    """Measures against domains, newest first."""
    found = await domains.browse(request.conn, request.me, request.page(100, 200))
    response = json([_block(one) for one in found])
    return link(request, response, found[0].id if found else None, found[-1].id if found else None)


@routes.get(BLOCKS + "/{id}", scope=READ)
async def one(request: Request) -> Response:
    """One measure."""
    return json(_block(await domains.by_id(request.conn, request.me, request.id())))


@routes.post(BLOCKS, scope=WRITE)
async def block(request: Request) -> Response:
    """Take a measure against a domain: noop, silence (the default) or suspend, and what to reject. 422 if one stands."""
    asked = request.input(Block)
    before = await domains.one(request.conn, request.me, asked.domain)
    if before:
        error = "Validation failed: Domain has already been taken"
        return json({"error": error, "existing_domain_block": _block(before)}, 422)
    await domains.set_measure(request.conn, request.me, asked.domain, _wanted(asked, Measure("limit")))
    return await _shown(request, asked.domain)


@routes.put(BLOCKS + "/{id}", scope=WRITE)
@routes.patch(BLOCKS + "/{id}", scope=WRITE)
async def change(request: Request) -> Response:
    """Change a measure; it is the moderators' own from then on."""
    before = await domains.by_id(request.conn, request.me, request.id())
    wanted = _wanted(request.input(Block), before.measure)
    await domains.set_measure(request.conn, request.me, before.domain, wanted)
    return await _shown(request, before.domain)


@routes.delete(BLOCKS + "/{id}", scope=WRITE)
async def unblock(request: Request) -> Response:
    """Lift a measure."""
    before = await domains.by_id(request.conn, request.me, request.id())
    await domains.lift(request.conn, request.me, before.domain)
    return json({})


@routes.get(ALLOWS, scope="admin:read:domain_allows")
async def browse_allows(request: Request) -> Response:
    """Domains one talks with under limited federation, newest first."""
    found = await domains.allowed(request.conn, request.me, request.page(100, 200))
    response = json([_allow(one) for one in found])
    return link(request, response, found[0].id if found else None, found[-1].id if found else None)


@routes.get(ALLOWS + "/{id}", scope="admin:read:domain_allows")
async def one_allow(request: Request) -> Response:
    """One domain that is allowed."""
    return json(_allow(await domains.one_allowed(request.conn, request.me, request.id())))


@routes.post(ALLOWS, scope="admin:write:domain_allows")
async def allow(request: Request) -> Response:
    """Allow a domain under limited federation."""
    return json(_allow(await domains.allow(request.conn, request.me, request.text("domain"))))


@routes.delete(ALLOWS + "/{id}", scope="admin:write:domain_allows")
async def disallow(request: Request) -> Response:
    """Allow a domain no more."""
    before = await domains.one_allowed(request.conn, request.me, request.id())
    await domains.disallow(request.conn, request.me, before.domain)
    return json({})


@routes.get("/api/v1/instance/domain_blocks", scope="public")
async def public(request: Request) -> Response:
    """For everybody: which domains are limited or suspended, and why; letters are left out where that was wished."""
    return json(
        [
            {
                "domain": domains.obfuscated(one.domain) if one.measure.obfuscate else one.domain,
                "digest": _digest(one.domain),
                "severity": THEIRS[one.measure.severity],
                "comment": one.measure.public_comment,
            }
            for one in await domains.every(request.conn)
            if one.measure.severity != "none"
        ]
    )


def _wanted(asked: Block, before: Measure) -> Measure:
    """What isn't said stays as it was."""
    said = {
        name: value for name, value in msgspec.structs.asdict(asked).items() if value is not None and name != "domain"
    }
    if "severity" in said:
        if said["severity"] not in _OURS:
            raise Refused("is not included in the list", field="severity", code="inclusion")
        said["severity"] = _OURS[said["severity"]]
    return msgspec.structs.replace(before, **said)


async def _shown(request: Request, domain: str) -> Response:
    standing = await domains.one(request.conn, request.me, domain)
    assert standing is not None
    return json(_block(standing))


def _block(one: Standing) -> dict[str, object]:
    return {
        "id": str(one.id),
        "domain": one.domain,
        "digest": _digest(one.domain),
        "created_at": iso(one.set_at),
        "severity": THEIRS[one.measure.severity],
        "reject_media": one.measure.reject_media,
        "reject_reports": one.measure.reject_reports,
        "private_comment": one.measure.private_comment or None,
        "public_comment": one.measure.public_comment or None,
        "obfuscate": one.measure.obfuscate,
    }


def _allow(one: Allow) -> dict[str, object]:
    return {"id": str(one.id), "domain": one.domain, "created_at": iso(one.allowed_at)}


def _digest(domain: str) -> str:
    return hashlib.sha256(domain.encode()).hexdigest()
