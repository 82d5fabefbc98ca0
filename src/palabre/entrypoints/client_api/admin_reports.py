"""/api/v1/admin/reports: single reports, for moderators' clients that know no cases."""

from collections.abc import Sequence

import msgspec
from starlette.responses import Response

from palabre.base import ids
from palabre.entrypoints.client_api import admin_entities
from palabre.entrypoints.client_api.door import raw
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes
from palabre.features import moderation
from palabre.features.moderation import Report, people

routes = Routes()
READ, WRITE = "admin:read:reports", "admin:write:reports"
#: For clients that resolve a report without a word.
_NO_MEASURE = "The report was read; no measure was needed."


@routes.get("/api/v1/admin/reports", scope=READ)
async def browse(request: Request) -> Response:
    """Reports, newest first; those not dealt with yet unless `resolved`."""
    page = request.page(100, 200)
    found = await moderation.find_reports(
        request.conn,
        request.me,
        page,
        resolved=request.flag("resolved"),
        reporter_id=ids.parse(request.text("account_id")),
        account_id=ids.parse(request.text("target_account_id")),
    )
    response = raw(b"[" + b",".join(await _render(request, found)) + b"]")
    return link(request, response, found[0].id if found else None, found[-1].id if found else None)


@routes.get("/api/v1/admin/reports/{id}", scope=READ)
async def one(request: Request) -> Response:
    """One report."""
    return await _shown(request)


class Filing(msgspec.Struct):
    category: str | None = None
    rule_ids: list[Id] | None = None


@routes.put("/api/v1/admin/reports/{id}", scope=WRITE)
@routes.patch("/api/v1/admin/reports/{id}", scope=WRITE)
async def update(request: Request) -> Response:
    """Correct a report's category and rules."""
    made, wanted = await moderation.find_report(request.conn, request.me, request.id()), request.input(Filing)
    rule_ids = made.rule_ids if wanted.rule_ids is None else list(wanted.rule_ids)
    await moderation.recategorise(request.conn, request.me, made.id, wanted.category or made.category, rule_ids)
    return await _shown(request)


@routes.post("/api/v1/admin/reports/{id}/assign_to_self", scope=WRITE)
async def assign_to_self(request: Request) -> Response:
    """Take the case a report belongs to."""
    made = await moderation.find_report(request.conn, request.me, request.id())
    await moderation.assign(request.conn, request.me, made.case_id, request.me.id)
    return await _shown(request)


@routes.post("/api/v1/admin/reports/{id}/unassign", scope=WRITE)
async def unassign(request: Request) -> Response:
    """Hand the case back."""
    made = await moderation.find_report(request.conn, request.me, request.id())
    await moderation.assign(request.conn, request.me, made.case_id, None)
    return await _shown(request)


@routes.post("/api/v1/admin/reports/{id}/resolve", scope=WRITE)
async def resolve(request: Request) -> Response:
    """Close the case without a measure. `reason` is told to those who reported."""
    made = await moderation.find_report(request.conn, request.me, request.id())
    if made.decided_at is None:
        reason = request.text("reason") or _NO_MEASURE
        await moderation.decide(request.conn, made.case_id, request.me, moderation.Ruling("dismiss", reason))
    return await _shown(request)


@routes.post("/api/v1/admin/reports/{id}/reopen", scope=WRITE)
async def reopen(request: Request) -> Response:
    """Open the case again; the decision before stands until it is undone."""
    made = await moderation.find_report(request.conn, request.me, request.id())
    await moderation.reopen(request.conn, request.me, made.case_id)
    return await _shown(request)


async def _shown(request: Request) -> Response:
    made = await moderation.find_report(request.conn, request.me, request.id())
    return raw((await _render(request, [made]))[0])


async def _render(request: Request, reports: Sequence[Report]) -> list[bytes]:
    conn = request.conn
    kept = await moderation.kept_in(conn, {made.case_id for made in reports})
    decided_by = await moderation.deciders(conn, {made.case_id for made in reports})
    cited = {rule.id: rule for rule in await moderation.cited(conn, {i for made in reports for i in made.rule_ids})}
    named = {i for made in reports for i in (made.reporter_id or request.me.id, made.account_id, made.assigned_to or 0)}
    found = await people.some(conn, named | set(decided_by.values()))
    return [
        admin_entities.admin_report(
            made,
            found,
            [kept[made.case_id, post_id] for post_id in made.post_ids if (made.case_id, post_id) in kept],
            [cited[rule_id] for rule_id in made.rule_ids if rule_id in cited],
            decided_by.get(made.case_id),
            request.me.id,
        )
        for made in reports
    ]
