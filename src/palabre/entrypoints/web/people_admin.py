"""/admin/sign-ups and /admin/people: who waits to be let in, and who looks after the community."""

from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.community import check_owner, check_staff
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.features import accounts, moderation
from palabre.settings import current

routes = Routes()


@routes.get("/admin/sign-ups", scope="session")
async def sign_ups(request: Request) -> Response:
    """Who waits for approval, the longest waiting first."""
    check_staff(request)
    waiting = [
        SimpleNamespace(
            id=one.account_id,
            username=one.username,
            email=one.email,
            reason=one.reason,
            created_at=one.created_at,
            confirmed=one.confirmed_at is not None,
        )
        for one in await accounts.waiting(request.conn)
    ]
    return await page(
        request, "admin/sign_ups.html", waiting=waiting, mail=current().sends_mail, older=None, newer=None
    )


@routes.post("/admin/sign-ups/{id}", scope="session")
async def answer(request: Request) -> Response:
    """Let somebody in, or turn him away."""
    check_staff(request)
    _ = words(request)
    account_id = request.id()
    name = {"name": (await accounts.member(request.conn, account_id)).username}
    if request.text("answer") == "approve":
        await accounts.approve(request.conn, account_id, request.me.id)
        return back(request, "/admin/sign-ups", Flash("done", _("@%(name)s is welcome now.") % name))
    await accounts.reject(request.conn, account_id)
    return back(request, "/admin/sign-ups", Flash("done", _("@%(name)s was turned away.") % name))


@routes.get("/admin/people", scope="session")
async def people(request: Request) -> Response:
    """Members with their roles; without a search, those who look after the community."""
    return await _people(request, {})


async def _people(request: Request, errors: Errors) -> Response:
    check_owner(request)
    query = request.text("q").strip().removeprefix("@")
    wanted = asked(request)
    found = await moderation.people.find(
        request.conn, request.me, wanted, state="active", local=True, staff=not query, query=query
    )
    shown = [present.account(one.account, role=one.role) for one in found]
    for account, one in zip(shown, found, strict=True):
        account.role = one.role
    first, last = (found[0].account.id, found[-1].account.id) if found else (None, None)
    turns: dict[str, Any] = ends(wanted, request, first, last, len(found))
    return await page(
        request,
        "admin/people.html",
        status=422 if errors else 200,
        people=shown,
        query=query,
        errors=errors,
        **turns,
    )


@routes.post("/admin/people/{id}/role", scope="session")
async def set_role(request: Request) -> Response:
    """Make somebody a member, a moderator or an owner."""
    check_owner(request)
    ask_again(request, _people, default="role")
    await accounts.set_role(request.conn, request.id(), request.text("role"))
    _ = words(request)
    return back(request, "/admin/people", Flash("done", _("Saved.")))
