"""/api/v1/admin/accounts: accounts as the staff sees them, and measures against them."""

from typing import Any

import msgspec
from starlette.responses import Response

from palabre.base.errors import Forbidden, Refused
from palabre.entrypoints.client_api import admin_entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, moderation
from palabre.features.moderation import Ruling, people

routes = Routes()
READ, WRITE = "admin:read:accounts", "admin:write:accounts"
_STATES = {
    "active": "active",
    "pending": "pending",
    "disabled": "frozen",
    "silenced": "limited",
    "suspended": "suspended",
}
_ACTIONS = {"none": "warn", "sensitive": "sensitive", "disable": "freeze", "silence": "limit", "suspend": "suspend"}
#: For clients that lift a measure without a word.
_LIFTED = "The moderators looked at it again."


@routes.get("/api/v1/admin/accounts", scope=READ)
async def browse(request: Request) -> Response:
    """Accounts, newest first, by state (active, pending, silenced, suspended), origin, name, address, staff."""
    state = next((ours for theirs, ours in _STATES.items() if request.flag(theirs)), None)
    local = True if request.flag("local") else False if request.flag("remote") else None
    nobody = request.flag("disabled") or request.flag("sensitized")
    return await _listed(request, nobody, state=state, local=local, staff=request.flag("staff"))


@routes.get("/api/v2/admin/accounts", scope=READ)
async def browse_newer(request: Request) -> Response:
    """The same, with the parameters of the second version."""
    status, origin = request.text("status"), request.text("origin")
    return await _listed(
        request,
        status == "disabled",
        state=_STATES.get(status),
        local={"local": True, "remote": False}.get(origin),
        staff=request.text("permissions") == "staff",
    )


@routes.get("/api/v1/admin/accounts/{id}", scope=READ)
async def one(request: Request) -> Response:
    """One account."""
    return await _shown(request)


@routes.delete("/api/v1/admin/accounts/{id}", scope=WRITE)
async def delete(request: Request) -> Response:
    """Erase a suspended account for good: the owner alone may."""
    person = await people.one(request.conn, request.me, request.id())
    if not request.me.owner or person.account.standing != "suspended":
        raise Forbidden("Only the owner may erase an account, and only a suspended one")
    await accounts.remove(request.conn, person.account.id)
    return json({})


@routes.post("/api/v1/admin/accounts/{id}/approve", scope=WRITE)
async def approve(request: Request) -> Response:
    """Let somebody in who waits."""
    person = await people.one(request.conn, request.me, request.id())
    await accounts.approve(request.conn, person.account.id, request.me.id)
    return await _shown(request)


@routes.post("/api/v1/admin/accounts/{id}/reject", scope=WRITE)
async def reject(request: Request) -> Response:
    """Turn somebody away who waits."""
    person = await people.one(request.conn, request.me, request.id())
    await accounts.reject(request.conn, person.account.id)
    return raw(admin_entities.admin_account(person))


@routes.post("/api/v1/admin/accounts/{id}/enable", scope=WRITE)
async def enable(request: Request) -> Response:
    """Undo the decisions that freeze an account."""
    return await _lift(request, "freeze")


@routes.post("/api/v1/admin/accounts/{id}/unsilence", scope=WRITE)
async def unsilence(request: Request) -> Response:
    """Undo the decisions that limit an account."""
    return await _lift(request, "limit")


@routes.post("/api/v1/admin/accounts/{id}/unsuspend", scope=WRITE)
async def unsuspend(request: Request) -> Response:
    """Undo the decisions that suspend an account."""
    return await _lift(request, "suspend")


@routes.post("/api/v1/admin/accounts/{id}/unsensitive", scope=WRITE)
async def unsensitive(request: Request) -> Response:
    """Undo the decisions that marked posts of an account as sensitive."""
    return await _lift(request, "sensitive")


class Measure(msgspec.Struct):
    type: str = "none"
    report_id: Id | None = None
    text: str = ""


@routes.post("/api/v1/admin/accounts/{id}/action", scope=WRITE)
async def act(request: Request) -> Response:
    """Decide the case of `report_id`, or one opened for this: none (a warning), sensitive, disable, silence, suspend."""
    wanted, conn, me = request.input(Measure), request.conn, request.me
    account_id = (await people.one(conn, me, request.id())).account.id
    if wanted.type not in _ACTIONS:
        raise Refused("is not among none, sensitive, disable, silence and suspend", field="type", code="inclusion")
    if wanted.report_id is None:
        case_id = await moderation.open_case(conn, me, account_id)
    else:
        made = await moderation.find_report(conn, me, wanted.report_id)
        if made.account_id != account_id:
            raise Refused("is about another account", field="report_id", code="invalid")
        case_id = made.case_id
    await moderation.decide(conn, case_id, me, Ruling(_ACTIONS[wanted.type], wanted.text, terms=True))
    return json({})


async def _lift(request: Request, action: str) -> Response:
    reason = request.text("text") or _LIFTED
    await moderation.lift(request.conn, request.id(), request.me, action, reason)
    return await _shown(request)


async def _shown(request: Request) -> Response:
    return raw(admin_entities.admin_account(await people.one(request.conn, request.me, request.id())))


async def _listed(request: Request, nobody: bool, **wanted: Any) -> Response:
    found = await people.find(
        request.conn,
        request.me,
        request.page(100, 200),
        query=request.text("username") or request.text("display_name"),
        email=request.text("email"),
        **wanted,
    )
    found = [] if nobody else found
    response = raw(b"[" + b",".join(map(admin_entities.admin_account, found)) + b"]")
    return link(request, response, found[0].account.id if found else None, found[-1].account.id if found else None)
