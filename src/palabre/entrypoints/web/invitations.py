"""/invites: links that let somebody join; a member's own, and for the staff everybody's."""

from datetime import timedelta
from types import SimpleNamespace

from starlette.responses import Response

from palabre.base import clock
from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import accounts

routes = Routes()


@routes.get("/settings/invites", scope="session")
async def show(request: Request) -> Response:
    """The invitations one has made."""
    return await _page(request, {})


@routes.get("/admin/invites", scope="session")
async def show_all(request: Request) -> Response:
    """For the staff: everybody's invitations."""
    return await _page(request, {})


async def _page(request: Request, errors: Errors) -> Response:
    everybodys = request.me.staff and request.http.scope["path"].startswith("/admin/")
    found = await accounts.invites(request.conn, None if everybodys else request.me.id)
    people = await accounts.look(request.conn, {one.created_by for one in found})
    now = clock.now()
    alive = [
        SimpleNamespace(
            id=one.code,
            address=one.url,
            by=present.account(people[one.created_by]),
            uses=one.uses,
            max_uses=one.most_uses,
            expires_at=one.expires_at,
            created_at=one.created_at,
        )
        for one in found
        if one.revoked_at is None
        and (one.expires_at is None or one.expires_at > now)
        and (one.most_uses is None or one.uses < one.most_uses)
        and one.created_by in people
    ]
    return await page(
        request,
        "admin/invites.html" if everybodys else "settings/invites.html",
        status=422 if errors else 200,
        invites=alive,
        errors=errors,
    )


@routes.post("/settings/invites", scope="session")
async def make(request: Request) -> Response:
    """Make an invitation for oneself to hand on."""
    return await _make(request, "/settings/invites")


@routes.post("/admin/invites", scope="session")
async def make_as_staff(request: Request) -> Response:
    """Make an invitation, as one of the staff."""
    return await _make(request, "/admin/invites")


async def _make(request: Request, to: str) -> Response:
    ask_again(request, _page, default="max_uses", most_uses="max_uses")
    uses, days = _number(request, "max_uses"), _number(request, "days")
    expires_at = clock.now() + timedelta(days=days) if days else None
    await accounts.invite(request.conn, request.me, most_uses=uses, expires_at=expires_at)
    _ = words(request)
    return back(request, to, Flash("done", _("Here is the link. Hand it to whom you would like to have here.")))


@routes.post("/settings/invites/{code}/revoke", scope="session", open_to="frozen")
async def revoke(request: Request) -> Response:
    """Withdraw an invitation of one's own."""
    return await _revoke(request, "/settings/invites")


@routes.post("/admin/invites/{code}/revoke", scope="session")
async def revoke_as_staff(request: Request) -> Response:
    """Withdraw anybody's invitation, as one of the staff."""
    return await _revoke(request, "/admin/invites")


async def _revoke(request: Request, to: str) -> Response:
    await accounts.revoke_invite(request.conn, request.me, request.path["code"])
    _ = words(request)
    return back(request, to, Flash("done", _("The invitation works no more.")))


def _number(request: Request, name: str) -> int | None:
    """None: without limit."""
    written = request.text(name)
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or not 1 <= int(written[:6]) <= 1_000:
        raise Refused("must be between 1 and 1,000", field=name, code="inclusion")
    return int(written[:6])
