"""/api/palabre/v1/bulk_decisions: many cases decided at once, each for itself. In docs/developers/api-moderation.md."""

import msgspec
from starlette.responses import Response

from palabre.entrypoints.client_api import case_entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes
from palabre.features import moderation
from palabre.features.moderation import triage

routes = Routes()
READ, WRITE = "admin:read:reports", "admin:write:reports"


class Choice(msgspec.Struct):
    action: str
    reason: str = ""
    answer: str = ""
    facts: str = ""
    rule_ids: list[Id] = []
    law: str = ""
    terms: bool = False
    hours: float | None = None
    label: str = ""
    case_ids: list[Id] = []
    group_id: Id | None = None
    except_ids: list[Id] = []


@routes.get("/api/palabre/v1/bulk_decisions", scope=READ)
async def browse(request: Request) -> Response:
    """One's own, newest first."""
    return json([case_entities.bulk(one) for one in await triage.bulks(request.conn, request.me)])


@routes.post("/api/palabre/v1/bulk_decisions", scope=WRITE)
async def decide(request: Request) -> Response:
    """Decide `case_ids`, or all of `group_id` but `except_ids`, in one way. Large ones go on in the background."""
    given = msgspec.structs.asdict(request.input(Choice))
    which = {name: given.pop(name) for name in ("case_ids", "group_id", "except_ids")}
    made = await triage.decide_many(request.conn, request.me, moderation.Ruling(**given), **which)
    return json(case_entities.bulk(made))


@routes.get("/api/palabre/v1/bulk_decisions/{id}", scope=READ)
async def one(request: Request) -> Response:
    """How far it has come, and which cases were left over."""
    return json(case_entities.bulk(await triage.bulk(request.conn, request.me, request.id())))


@routes.post("/api/palabre/v1/bulk_decisions/{id}/undo", scope=WRITE)
async def undo(request: Request) -> Response:
    """Take all of its decisions back, with a reason; `reopen`: and open the cases again."""
    made = await triage.undo_many(
        request.conn, request.me, request.id(), request.text("reason"), reopen=request.flag("reopen")
    )
    return json(case_entities.bulk(made))
