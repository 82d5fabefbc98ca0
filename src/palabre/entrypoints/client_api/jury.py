"""/api/palabre/v1/jury: being a juror, voting, and what everybody may know of panels. Described in
docs/developers/api-moderation.md.
"""

from typing import Any

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.edge.kept_file import kept_file
from palabre.features.moderation import Snapshot, jury

routes = Routes()
READ, WRITE = "read:accounts", "write:accounts"


@routes.get("/api/palabre/v1/jury", scope=READ)
async def mine(request: Request) -> Response:
    """Whether one is a juror, and where one sits or sat."""
    return await _mine(request)


@routes.post("/api/palabre/v1/jury/join", scope=WRITE)
async def join(request: Request) -> Response:
    """Be willing to judge."""
    await jury.join(request.conn, request.me.id)
    return await _mine(request)


@routes.post("/api/palabre/v1/jury/leave", scope=WRITE)
async def leave(request: Request) -> Response:
    """Be drawn no more; open seats go to others."""
    await jury.leave(request.conn, request.me.id)
    return await _mine(request)


@routes.get("/api/palabre/v1/jury/seats/{id}", scope=READ)
async def seat(request: Request) -> Response:
    """One's seat on a panel, with what is to be judged as long as one may vote."""
    found = await jury.seat(request.conn, request.me.id, request.id())
    shown = _seat(found)
    if found.open:
        shown["brief"] = _brief(await jury.brief(request.conn, request.me.id, request.id()))
    return json(shown)


class Ballot(msgspec.Struct):
    answer: str = ""
    reason: str = ""


@routes.post("/api/palabre/v1/jury/seats/{id}/vote", scope=WRITE)
async def vote(request: Request) -> Response:
    """Cast one's ballot: `answer` (uphold, overturn) and `reason`."""
    ballot = request.input(Ballot)
    await jury.vote(request.conn, request.me.id, request.id(), ballot.answer, ballot.reason)
    return json(_seat(await jury.seat(request.conn, request.me.id, request.id())))


@routes.post("/api/palabre/v1/jury/seats/{id}/recuse", scope=WRITE)
async def recuse(request: Request) -> Response:
    """Step aside; somebody else is drawn."""
    await jury.recuse(request.conn, request.me.id, request.id())
    return json(_seat(await jury.seat(request.conn, request.me.id, request.id())))


@routes.get("/api/palabre/v1/jury/seats/{id}/files/{key...}", scope=READ, transaction="none")
async def file(request: Request) -> Response:
    """A kept file that is to be judged."""
    key = request.path["key"]
    async with request.db.reading() as conn:
        await jury.check_file(conn, request.me.id, request.id(), key)
    return await kept_file(key)


@routes.get("/api/palabre/v1/jury/panels", scope="public")
async def panels(request: Request) -> Response:
    """Panels, newest first, and the figures of a year."""
    found = await jury.panels(request.conn, request.page(40, 100))
    response = json([_panel(one) for one in found])
    return link(request, response, found[0].id if found else None, found[-1].id if found else None)


@routes.get("/api/palabre/v1/jury/figures", scope="public")
async def figures(request: Request) -> Response:
    """How often juries sat within a year, how fast they were, and how far jurors agreed."""
    found = await jury.figures(request.conn)
    return json({**msgspec.to_builtins(found), "since": iso(found.since)})


@routes.get("/api/palabre/v1/jury/panels/{id}", scope="public")
async def panel(request: Request) -> Response:
    """A panel's draw as it is published: when it is closed, everything needed to compute it again."""
    return json(await jury.published(request.conn, request.id()))


class Question(msgspec.Struct):
    rule_id: Id
    words: str = ""


@routes.post("/api/palabre/v1/cases/{id}/ask-jury", scope="admin:write:reports")
async def ask(request: Request) -> Response:
    """Ask a jury whether something breaks a rule: `rule_id`, `words`."""
    asked = request.input(Question)
    panel_id = await jury.ask(request.conn, request.me, request.id(), asked.rule_id, asked.words)
    return json(await jury.published(request.conn, panel_id))


async def _mine(request: Request) -> Response:
    standing = await jury.standing(request.conn, request.me.id)
    return json(
        {
            "juror": standing.joined_at is not None,
            "joined_at": iso(standing.joined_at) if standing.joined_at else None,
            "salt": standing.salt or None,
            "hindrance": standing.hindrance,
            "record": msgspec.to_builtins(await jury.my_record(request.conn, request.me.id)),
            "seats": [_seat(one) for one in await jury.my_seats(request.conn, request.me.id)],
        }
    )


def _seat(view: jury.Seat) -> dict[str, Any]:
    return {
        "panel": str(view.panel_id),
        "seat": view.number,
        "juror": view.juror,
        "state": view.state,
        "question": view.question,
        "open": view.open,
        "drawn_at": iso(view.drawn_at),
        "due_at": iso(view.due_at),
        "closed": view.closed,
        "outcome": view.outcome,
        "answer": view.answer,
        "reason": view.reason,
    }


def _brief(view: jury.Brief) -> dict[str, Any]:
    return {
        "seats": view.seats,
        "votes": view.votes,
        "rules": [{"id": str(rule.id), "text": rule.text} for rule in view.rules],
        "action": view.decision.action if view.decision else None,
        "reason": view.decision.reason if view.decision else None,
        "words": view.words,
        "snapshots": [_kept(one) for one in view.kept],
    }


def _kept(view: Snapshot) -> dict[str, Any]:
    return {
        "text": view.text,
        "account": msgspec.Raw(entities.account(view.author)),
        "post": msgspec.Raw(entities.status(view.post, None)) if view.post else None,
        "context": [msgspec.Raw(entities.status(post, None)) for post in view.context],
        "files": [{name: one[name] for name in ("original_key", "small_key", "description")} for one in view.files],
        "taken_at": iso(view.taken_at),
    }


def _panel(view: jury.PanelView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "state": view.state,
        "question": view.question,
        "called_at": iso(view.called_at) if view.called_at else None,
        "closed_at": iso(view.closed_at) if view.closed_at else None,
        "seats": view.seats,
        "votes": view.votes,
        "cast": view.cast,
        "outcome": view.outcome,
        "why_none": view.why_none,
        "tally": view.tally if view.state == "closed" else None,
    }
