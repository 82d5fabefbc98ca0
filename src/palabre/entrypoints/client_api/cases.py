"""/api/palabre/v1/cases: cases as they are, with their snapshots, logs and decisions. Described in
docs/developers/api-moderation.md.
"""

import mimetypes

import msgspec
from starlette.responses import Response, StreamingResponse

from palabre.base import blobs, ids
from palabre.base.errors import NotFound
from palabre.entrypoints.client_api import case_entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.paging import link, link_after
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes, case_filters
from palabre.features import instance, moderation
from palabre.features.moderation import Ruling, triage

routes = Routes()
READ, WRITE = "admin:read:reports", "admin:write:reports"


@routes.get("/api/palabre/v1/cases", scope=READ)
async def queue(request: Request) -> Response:
    """Cases. `order`: newest (paged by id), oldest, due, or priority as moderators read them. Filters: state, category,
    source, lane, severity, account_id, assigned_to (me, nobody or an id), text, older_than (hours), overdue, more_than
    and group; `grouped`: those alike as one.
    """
    wanted, order = case_filters.wanted(request), request.text("order") or "newest"
    page = request.page(40, 100)
    if order != "newest" or request.flag("grouped"):
        return await _ordered(request, wanted, order, page.limit)
    found = await triage.by_id(request.conn, request.me, wanted, page)
    response = json([case_entities.waiting(one) for one in found])
    return link(request, response, found[0].case.id if found else None, found[-1].case.id if found else None)


async def _ordered(request: Request, wanted: triage.Filter, order: str, limit: int) -> Response:
    section = await triage.queue(
        request.conn,
        request.me,
        wanted,
        order=order,
        after=request.text("after"),
        grouped=request.flag("grouped"),
        limit=limit,
    )
    response = json([case_entities.waiting(one) for one in section.rows])
    return link_after(request, response, section.after)


@routes.get("/api/palabre/v1/cases/counts", scope=READ)
async def counts(request: Request) -> Response:
    """How many cases are open in each lane, in one's own hands, overdue or due soon; nothing beyond 1,000 is counted."""
    return json(case_entities.counts(await triage.counts(request.conn, request.me)))


@routes.post("/api/palabre/v1/cases/next", scope=WRITE)
async def take_next(request: Request) -> Response:
    """Take the first case that nobody has, for a while. 404: there is none."""
    case_id = await triage.take_next(request.conn, request.me)
    if case_id is None:
        raise NotFound
    return json(case_entities.case(await moderation.case(request.conn, request.me, case_id)))


@routes.get("/api/palabre/v1/cases/{id}", scope=READ)
async def case(request: Request) -> Response:
    """One case with everything in it."""
    return await _shown(request)


class Choice(msgspec.Struct):
    action: str
    reason: str = ""
    answer: str = ""
    facts: str = ""
    post_ids: list[Id] = []
    rule_ids: list[Id] = []
    law: str = ""
    terms: bool = False
    hours: float | None = None
    label: str = ""

    def ruling(self) -> Ruling:
        return Ruling(**{name: getattr(self, name) for name in Ruling.__struct_fields__})


class Judged(Choice):
    unfounded: list[Id] = []


@routes.post("/api/palabre/v1/cases/{id}/decide", scope=WRITE)
async def decide(request: Request) -> Response:
    """Decide an open case. `unfounded`: those of its reports that were manifestly so; only with a dismissal."""
    choice = request.input(Judged)
    await moderation.decide(request.conn, request.id(), request.me, choice.ruling())
    await moderation.notices.senders.mark_unfounded(request.conn, request.me, request.id(), choice.unfounded)
    return await _shown(request)


@routes.post("/api/palabre/v1/cases/{id}/decisions/{decision_id}/undo", scope=WRITE)
async def undo(request: Request) -> Response:
    """Take a decision back, with a reason."""
    decision_id = request.id("decision_id")
    await moderation.undo(request.conn, request.id(), decision_id, request.me, request.text("reason"))
    return await _shown(request)


@routes.post("/api/palabre/v1/cases/{id}/assign", scope=WRITE)
async def assign(request: Request) -> Response:
    """Take a case, or give it to the moderator `to`."""
    to = ids.parse(request.text("to")) if request.text("to") else request.me.id
    if to is None:
        raise NotFound
    await moderation.assign(request.conn, request.me, request.id(), to)
    return await _shown(request)


@routes.post("/api/palabre/v1/cases/{id}/unassign", scope=WRITE)
async def unassign(request: Request) -> Response:
    """Hand a case back."""
    await moderation.assign(request.conn, request.me, request.id(), None)
    return await _shown(request)


@routes.get("/api/palabre/v1/cases/{id}/signals", scope=READ)
async def signals(request: Request) -> Response:
    """Why the case is where it is: each signal with its score in log-odds."""
    return json(case_entities.signals(await triage.why_here(request.conn, request.me, request.id()), request.me.locale))


@routes.post("/api/palabre/v1/cases/{id}/look", scope=WRITE)
async def look(request: Request) -> Response:
    """Say, on the record, why the files of a sealed case (child-abuse material) are to be seen; for ten minutes."""
    await triage.look(request.conn, request.me, request.id(), request.text("reason"))
    return await _shown(request)


@routes.post("/api/palabre/v1/cases/{id}/notes", scope=WRITE)
async def note(request: Request) -> Response:
    """Leave a note for the other moderators."""
    await moderation.note(request.conn, request.me, request.id(), request.text("note"))
    return await _shown(request)


@routes.post("/api/palabre/v1/cases/{id}/reopen", scope=WRITE)
async def reopen(request: Request) -> Response:
    """Open a decided case for another decision."""
    await moderation.reopen(request.conn, request.me, request.id())
    return await _shown(request)


@routes.get("/api/palabre/v1/cases/{id}/files/{key...}", scope=READ, transaction="none")
async def file(request: Request) -> Response:
    """A kept file, even if its post is gone."""
    key = request.path["key"]
    async with request.db.reading() as conn:
        await triage.check_file(conn, request.me, request.id(), key)
    try:
        blob = await blobs.current().get(key)
    except blobs.BlobError as error:
        raise NotFound from error
    return StreamingResponse(blob.chunks, media_type=mimetypes.guess_type(key)[0] or "application/octet-stream")


@routes.get("/api/palabre/v1/letters", scope="read:notifications")
async def letters(request: Request) -> Response:
    """What the moderators wrote to oneself, newest first."""
    return json(
        [case_entities.letter(one, request.me.locale) for one in await moderation.letters(request.conn, request.me.id)]
    )


@routes.get("/api/palabre/v1/letters/{id}", scope="read:notifications")
async def letter(request: Request) -> Response:
    """One letter in full: to an author, the statement of reasons, as fields and in words."""
    found = await moderation.letter(request.conn, request.me.id, request.id())
    contact = (await instance.about(request.conn)).contact_email
    return json(case_entities.whole_letter(found, request.me.locale, contact))


@routes.post("/api/palabre/v1/letters/{id}/read", scope="write:notifications", open_to="frozen")
async def read_letter(request: Request) -> Response:
    """Note that a letter was read."""
    found = await moderation.letter(request.conn, request.me.id, request.id())
    await moderation.mark_read(request.conn, request.me.id, [found.id])
    return json({})


async def _shown(request: Request) -> Response:
    return json(case_entities.case(await moderation.case(request.conn, request.me, request.id())))
