"""/api/palabre/v1/notices: notices by anyone, lists and orders by those who have a key. Described in
docs/developers/api-notices.md.
"""

import base64
import binascii
from datetime import date
from typing import Any

import msgspec
from starlette.responses import Response

from palabre.base import i18n
from palabre.base.clock import iso
from palabre.base.errors import Refused, Unauthorized
from palabre.entrypoints.client_api import appeal_entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import appeals, notices
from palabre.features.moderation.appeals import Appellant
from palabre.features.moderation.notices import Item, Line, Notice, Notifier, Original, Received, Sent
from palabre.names import here

routes = Routes()


class NewNotice(msgspec.Struct):
    urls: list[str] = []
    explanation: str = ""
    category: str = "legal"
    law: str = ""
    name: str = ""
    email: str = ""
    good_faith: bool = False
    language: str = ""

    def sent(self, source: str = "notice", **more: Any) -> Sent:
        return Sent(
            source,
            [Line(url) for url in self.urls],
            name=self.name,
            email=self.email,
            locale=self.language if self.language in i18n.available() else "",
            category=self.category,
            law=self.law,
            explanation=self.explanation,
            good_faith=self.good_faith,
            **more,
        )


class NewList(NewNotice):
    """`list`: the file as text, or in base64 with `encoding`; or `urls`."""

    list: str = ""
    encoding: str = ""
    filename: str = "list"
    deadline: float | None = None


class NewOrder(NewNotice):
    reference: str = ""
    issued_on: date | None = None


@routes.post("/api/palabre/v1/notices", scope="public", limit="notice")
async def create_notice(request: Request) -> Response:
    """Notify illegal content, or content against the rules; no account is needed. The answer has the link to follow it by."""
    new = request.input(NewNotice)
    sent = new.sent(member_id=request.viewer_id)
    language = sent.locale or i18n.negotiate(request.http.headers.get("accept-language", ""))
    made = await notices.receive(request.conn, msgspec.structs.replace(sent, locale=language))
    return await _shown(request, made)


@routes.get("/api/palabre/v1/notices/{secret}", scope="public")
async def show_notice(request: Request) -> Response:
    """What became of a notice, line by line, by its secret."""
    return await _status(request)


class NewAppeal(msgspec.Struct):
    line: int
    words: str = ""


@routes.post("/api/palabre/v1/notices/{secret}/appeal", scope="public", limit="report")
async def appeal(request: Request) -> Response:
    """Appeal against what was decided on a `line` of a notice, in one's own `words`, by its secret."""
    new = request.input(NewAppeal)
    found = await notices.status(request.conn, request.path["secret"])
    decision = next((one.decision for one in found.lines if one.line == new.line), None)
    if decision is None:
        raise Refused("is not included in the list", field="line", code="inclusion")
    who = Appellant(notice_id=found.id)
    await appeals.lodge(request.conn, who, decision.case_id, decision.id, new.words)
    return await _status(request)


async def _status(request: Request) -> Response:
    found = await notices.status(request.conn, request.path["secret"])
    lodged = await appeals.mine(request.conn, Appellant(notice_id=found.id))
    shown = [appeal_entities.appeal(one.appeal, for_staff=False) for one in lodged]
    return json(entity(found) | {"appeals": shown})


@routes.post("/api/palabre/v1/notices/{secret}/reminder", scope="public", limit="mail")
async def remind(request: Request) -> Response:
    """Have a mail sent that says how the notice stands."""
    await notices.remind(request.conn, request.path["secret"])
    return json({}, 202)


@routes.post("/api/palabre/v1/notices/lists", scope="public", limit="notice_list")
async def create_list(request: Request) -> Response:
    """Send a list (CSV, JSON, mail or text), with a notifier's key. The same file again is answered, and files nothing."""
    notifier = await _notifier(request)
    new = request.input(NewList)
    if not new.list:
        made = await notices.receive(request.conn, notices.signed(notifier, new.sent(hours=new.deadline)))
        return await _shown(request, made)
    content = _content(new)
    listed = notices.lists.read(content)
    sent = new.sent(hours=new.deadline, original=Original(new.filename, content))
    sent = msgspec.structs.replace(sent, lines=listed.lines, explanation=sent.explanation or listed.comment)
    return await _shown(request, await notices.receive(request.conn, notices.signed(notifier, sent)))


@routes.post("/api/palabre/v1/notices/orders", scope="public", limit="notice_list")
async def create_order(request: Request) -> Response:
    """Order a removal (Regulation (EU) 2021/784), with an authority's key."""
    notifier = await _notifier(request)
    new = request.input(NewOrder)
    sent = new.sent("order", reference=new.reference, issued_on=new.issued_on)
    made = await notices.receive(request.conn, notices.signed(notifier, sent, order=True))
    return await _shown(request, made)


async def _notifier(request: Request) -> Notifier:
    kind, _, key = request.http.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key:
        raise Unauthorized("This needs the key of a notifier")
    return await notices.by_key(request.conn, key.strip())


def _content(new: NewList) -> bytes:
    if new.encoding != "base64":
        return new.list.encode()
    try:
        return base64.b64decode(new.list, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("is not valid base64", field="list", code="invalid") from error


async def _shown(request: Request, made: Received) -> Response:
    shown = entity(await notices.status(request.conn, made.secret))
    return json(shown | {"already_received": made.again}, 200 if made.again else 201)


def entity(view: Notice) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "secret": view.secret,
        "url": f"{here()}/notice/{view.secret}",
        "source": view.source,
        "reference": view.reference,
        "received_at": iso(view.received_at),
        "due_at": iso(view.due_at),
        "closed_at": iso(view.closed_at) if view.closed_at else None,
        "items": [_item(one, view.locale) for one in view.lines],
    }


def _item(one: Item, locale: str) -> dict[str, Any]:
    said = i18n.translator(locale).gettext(one.words) % one.params if one.words else ""
    return {
        "line": one.line,
        "url": one.url,
        "state": one.state,
        "problem": one.problem or None,
        "remarks": one.remarks,
        "measure": one.decision.action if one.decision and one.decision.stands else None,
        "decided_by": one.decision.decided_by if one.decision else None,
        "answer": said,
        "reason": one.reason,
        "answered_at": iso(one.answered_at) if one.answered_at else None,
    }
