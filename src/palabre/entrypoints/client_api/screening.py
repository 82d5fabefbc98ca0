"""/api/palabre/v1/screening_rules: rules before publication, for the staff; /statuses/held: what waits, for its author.
Described in docs/developers/api-moderation.md.
"""

from typing import Any, Literal

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.base.errors import Forbidden, NotFound
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import screening
from palabre.features.moderation.screening import Conditions, Content, Held, Rule, Trial

routes = Routes()
READ, WRITE = "admin:read:reports", "admin:write:reports"


class Written(msgspec.Struct):
    """A rule as somebody sends it."""

    title: str
    words: str
    action: Literal["hold", "label", "limit", "ask"]
    conditions: Conditions = msgspec.field(default_factory=Conditions)
    purpose: str = ""
    category: str = "other"
    rule_ids: list[Id] = []
    severe: bool = False

    def content(self) -> Content:
        rest = {name: getattr(self, name) for name in self.__struct_fields__ if name != "rule_ids"}
        return Content(**rest, rule_ids=tuple(self.rule_ids))


@routes.get("/api/palabre/v1/screening_rules", scope=READ)
async def all_rules(request: Request) -> Response:
    """Every rule before publication, with its record and last dry run."""
    return json([_rule(one) for one in await screening.all_rules(request.conn, request.me)])


@routes.post("/api/palabre/v1/screening_rules", scope=WRITE)
async def create(request: Request) -> Response:
    """A new rule, as a draft."""
    rule_id = await screening.create(request.conn, request.me, _sent(request))
    return json(_rule(await screening.rule(request.conn, request.me, rule_id)))


@routes.get("/api/palabre/v1/screening_rules/{id}", scope=READ)
async def rule(request: Request) -> Response:
    """One rule, with what it said before and who switched it on or off."""
    found = await screening.rule(request.conn, request.me, request.id())
    versions = await screening.versions(request.conn, request.me, found.id)
    switches = await screening.switches(request.conn, request.me, found.id)
    more = {
        "versions": [
            {
                "version": one.version,
                **_content(one.content),
                "changed_by": str(one.changed_by),
                "changed_at": iso(one.changed_at),
            }
            for one in versions
        ],
        "switches": [
            {
                "version": one.version,
                "state": one.state,
                "changed_by": str(one.changed_by) if one.changed_by else None,
                "changed_at": iso(one.changed_at),
            }
            for one in switches
        ],
    }
    return json(_rule(found) | more)


@routes.put("/api/palabre/v1/screening_rules/{id}", scope=WRITE)
async def change(request: Request) -> Response:
    """A new version of a rule; the one in force stays so until this is tried and activated."""
    await screening.change(request.conn, request.me, request.id(), _sent(request))
    return await _shown(request)


@routes.post("/api/palabre/v1/screening_rules/{id}/try", scope=WRITE)
async def try_rule(request: Request) -> Response:
    """Begin a dry run over last week's posts."""
    await screening.try_rule(request.conn, request.me, request.id())
    return await _shown(request)


@routes.get("/api/palabre/v1/screening_rules/{id}/samples", scope=READ)
async def samples(request: Request) -> Response:
    """Up to twenty posts that the dry run hit, of those that everybody may see."""
    found = await screening.rule(request.conn, request.me, request.id())
    shown = await screening.samples(request.conn, found.trial) if found.trial else []
    return json([entities.as_raw(entities.status(one, None)) for one in shown])


@routes.post("/api/palabre/v1/screening_rules/{id}/activate", scope=WRITE)
async def activate(request: Request) -> Response:
    """Put the newest version in force, once it was tried."""
    await screening.activate(request.conn, request.me, request.id())
    return await _shown(request)


@routes.post("/api/palabre/v1/screening_rules/{id}/turn_off", scope=WRITE)
async def turn_off(request: Request) -> Response:
    """Put a rule out of force."""
    await screening.turn_off(request.conn, request.me, request.id())
    return await _shown(request)


@routes.get("/api/palabre/v1/screening_rules/{id}/hits", scope=READ)
async def hits(request: Request) -> Response:
    """What a rule hit, newest first, with what it saw and what a human made of it."""
    page = request.page(40, 100)
    found = await screening.hits_of(request.conn, request.me, request.id(), page.below, page.limit)
    return json(
        [
            {
                "id": str(one.id),
                "version": one.version,
                "action": one.action,
                "account_id": str(one.author_id) if one.author_id else None,
                "status_id": str(one.post_id) if one.post_id else None,
                "case_id": str(one.case_id) if one.case_id else None,
                "variables": one.variables,
                "outcome": one.outcome,
                "at": iso(one.at),
            }
            for one in found
        ]
    )


@routes.get("/api/palabre/v1/screening", scope="public")
async def announced(request: Request) -> Response:
    """The rules before publication that are in force, in words: what they are for and what they do."""
    found = await screening.announced(request.conn)
    return json([{"title": one.title, "purpose": one.purpose, "action": one.action} for one in found])


@routes.get("/api/palabre/v1/statuses/held", scope="read:statuses")
async def held(request: Request) -> Response:
    """One's own posts that wait for a moderator, with the rule that holds each."""
    found = await screening.held(request.conn, request.me.id)
    return json([_held(one, request.me.id) for one in found])


@routes.post("/api/palabre/v1/statuses/{id}/ask_moderator", scope="write:statuses")
async def ask(request: Request) -> Response:
    """Ask for a moderator to look at one's own held post sooner."""
    post_id = request.id()
    await screening.ask(request.conn, request.me.id, post_id)
    for one in await screening.held(request.conn, request.me.id):
        if one.post.id == post_id:
            return json(_held(one, request.me.id))
    raise NotFound


def _sent(request: Request) -> Content:
    if not request.me.staff:
        raise Forbidden
    return request.input(Written).content()


async def _shown(request: Request) -> Response:
    return json(_rule(await screening.rule(request.conn, request.me, request.id())))


def _rule(view: Rule) -> dict[str, Any]:
    record = view.record
    return {
        "id": str(view.id),
        "state": view.state,
        "version": view.version,
        "active_version": view.active_version,
        "active_since": iso(view.active_since) if view.active_since else None,
        "disarmed_at": iso(view.disarmed_at) if view.disarmed_at else None,
        "trouble": view.trouble,
        **_content(view.content),
        "changed_by": str(view.changed_by),
        "changed_at": iso(view.changed_at),
        "record": {
            "hits": record.hits,
            "confirmed": record.confirmed,
            "rejected": record.rejected,
            "precision": record.precision,
        },
        "trial": _trial(view.trial) if view.trial else None,
    }


def _content(content: Content) -> dict[str, Any]:
    return {**msgspec.to_builtins(content), "rule_ids": [str(rule_id) for rule_id in content.rule_ids]}


def _trial(view: Trial) -> dict[str, Any]:
    return {
        "started_at": iso(view.started_at),
        "finished_at": iso(view.finished_at) if view.finished_at else None,
        "total": view.total,
        "seen": view.seen,
        "hits": view.hits,
        "share": view.share,
        "authors": view.authors,
        "newcomers": view.newcomers,
        "sample_ids": [str(post_id) for post_id in view.samples],
    }


def _held(view: Held, viewer_id: int) -> dict[str, Any]:
    return {
        "status": entities.as_raw(entities.status(view.post, viewer_id)),
        "rule": {"title": view.title, "words": view.words},
        "held_at": iso(view.held_at),
        "publishes_at": iso(view.due_at) if view.due_at else None,
        "asked_at": iso(view.asked_at) if view.asked_at else None,
        "case_id": str(view.case_id),
    }
