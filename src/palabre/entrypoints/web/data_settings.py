"""/settings/data: what becomes of a member's data."""

from starlette.responses import Response

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import session
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import accounts

routes = Routes()


@routes.get("/settings/data", scope="session", open_to="suspended")
async def show(request: Request) -> Response:
    """Deleting one's account."""
    return await _page(request, {})


async def _page(request: Request, errors: Errors) -> Response:
    status = 422 if errors else 200
    return await page(
        request, "settings/data.html", status=status, exports=None, archive=None, imports=None, errors=errors
    )


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
