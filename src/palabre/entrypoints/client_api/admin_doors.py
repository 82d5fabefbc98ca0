"""/api/v1/admin/ip_blocks, email_domain_blocks and canonical_email_blocks: who is kept out."""

from calendar import timegm
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features.accounts import barred
from palabre.features.accounts.barred import EmailDomain, IpBlock, Mailbox

routes = Routes()
IPS, DOMAINS, MAILBOXES = (
    f"/api/v1/admin/{kind}" for kind in ("ip_blocks", "email_domain_blocks", "canonical_email_blocks")
)


class Block(msgspec.Struct):
    ip: str | None = None
    severity: str | None = None
    comment: str | None = None
    expires_in: float | str | None = None


@routes.get(IPS, scope="admin:read:ip_blocks")
async def browse_ips(request: Request) -> Response:
    """Addresses and ranges that are kept out, newest first."""
    found = await barred.ip_blocks(request.conn, request.me, request.page(100, 200))
    return _listed(request, found, [_ip(one) for one in found])


@routes.get(IPS + "/{id}", scope="admin:read:ip_blocks")
async def one_ip(request: Request) -> Response:
    """One address or range."""
    return json(_ip(await barred.ip_block(request.conn, request.me, request.id())))


@routes.post(IPS, scope="admin:write:ip_blocks")
async def block_ip(request: Request) -> Response:
    """Keep an address or range out: sign_up_requires_approval, sign_up_block or no_access, for `expires_in` seconds."""
    asked = request.input(Block)
    block_id = await barred.block_ip(
        request.conn,
        request.me,
        asked.ip or "",
        asked.severity or "",
        asked.comment or "",
        expires_in=_seconds(asked.expires_in),
        own=request.ip,
    )
    return json(_ip(await barred.ip_block(request.conn, request.me, block_id)))


@routes.put(IPS + "/{id}", scope="admin:write:ip_blocks")
@routes.patch(IPS + "/{id}", scope="admin:write:ip_blocks")
async def change_ip(request: Request) -> Response:
    """Change what isn't left out."""
    asked = request.input(Block)
    await barred.change_ip_block(
        request.conn,
        request.me,
        request.id(),
        ip=asked.ip,
        severity=asked.severity,
        comment=asked.comment,
        expires_in=_seconds(asked.expires_in),
        own=request.ip,
    )
    return json(_ip(await barred.ip_block(request.conn, request.me, request.id())))


@routes.delete(IPS + "/{id}", scope="admin:write:ip_blocks")
async def unblock_ip(request: Request) -> Response:
    """Let an address or range in again."""
    await barred.unblock_ip(request.conn, request.me, request.id())
    return json({})


@routes.get(DOMAINS, scope="admin:read:email_domain_blocks")
async def browse_domains(request: Request) -> Response:
    """Providers of e-mail whose addresses are not taken, with who tried over the last week."""
    found = await barred.email_domains(request.conn, request.me, request.page(100, 200))
    return _listed(request, found, [_domain(one) for one in found])


@routes.get(DOMAINS + "/{id}", scope="admin:read:email_domain_blocks")
async def one_domain(request: Request) -> Response:
    """One provider."""
    return json(_domain(await barred.email_domain(request.conn, request.me, request.id())))


@routes.post(DOMAINS, scope="admin:write:email_domain_blocks")
async def block_domain(request: Request) -> Response:
    """Take no addresses of a domain, or of those below it, any more."""
    block_id = await barred.block_email_domain(request.conn, request.me, request.text("domain"))
    return json(_domain(await barred.email_domain(request.conn, request.me, block_id)))


@routes.delete(DOMAINS + "/{id}", scope="admin:write:email_domain_blocks")
async def unblock_domain(request: Request) -> Response:
    """Take them again."""
    await barred.unblock_email_domain(request.conn, request.me, request.id())
    return json({})


@routes.get(MAILBOXES, scope="admin:read:canonical_email_blocks")
async def browse_mailboxes(request: Request) -> Response:
    """Single addresses that are not taken, by hash."""
    found = await barred.mailboxes(request.conn, request.me, request.page(100, 200))
    return _listed(request, found, [_mailbox(one) for one in found])


@routes.get(MAILBOXES + "/{id}", scope="admin:read:canonical_email_blocks")
async def one_mailbox(request: Request) -> Response:
    """One of them."""
    return json(_mailbox(await barred.mailbox(request.conn, request.me, request.id())))


@routes.post(MAILBOXES + "/test", scope="admin:read:canonical_email_blocks")
async def test_mailbox(request: Request) -> Response:
    """Which of them, if any, keeps `email` out."""
    return json(
        [_mailbox(one) for one in await barred.mailbox_matches(request.conn, request.me, request.text("email"))]
    )


@routes.post(MAILBOXES, scope="admin:write:canonical_email_blocks")
async def block_mailbox(request: Request) -> Response:
    """Take an address no more, nor others of the same mailbox: `email`, or `canonical_email_hash`."""
    hash_ = request.text("canonical_email_hash")
    return json(
        _mailbox(await barred.block_mailbox(request.conn, request.me, email=request.text("email"), hash_=hash_))
    )


@routes.delete(MAILBOXES + "/{id}", scope="admin:write:canonical_email_blocks")
async def unblock_mailbox(request: Request) -> Response:
    """Take it again."""
    await barred.unblock_mailbox(request.conn, request.me, request.id())
    return json({})


def _listed(request: Request, found: Sequence[Any], shown: list[dict[str, object]]) -> Response:
    return link(request, json(shown), found[0].id if found else None, found[-1].id if found else None)


def _seconds(asked: float | str | None) -> float | None:
    """Forms send an empty text for none."""
    if asked is None or asked == "":
        return None
    try:
        return float(asked)
    except ValueError:
        return -1  # which the feature refuses


def _ip(one: IpBlock) -> dict[str, object]:
    return {
        "id": str(one.id),
        "ip": str(one.ip),
        "severity": one.severity,
        "comment": one.comment,
        "created_at": iso(one.created_at),
        "expires_at": iso(one.expires_at) if one.expires_at else None,
    }


def _domain(one: EmailDomain) -> dict[str, object]:
    return {
        "id": str(one.id),
        "domain": one.domain,
        "created_at": iso(one.created_at),
        "history": [
            {"day": str(timegm(tried.day.timetuple())), "accounts": str(tried.accounts), "uses": str(tried.uses)}
            for tried in one.history
        ],
    }


def _mailbox(one: Mailbox) -> dict[str, object]:
    return {"id": str(one.id), "canonical_email_hash": one.hash}
