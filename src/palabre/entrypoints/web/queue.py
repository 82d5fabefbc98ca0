"""/moderation: the queue, its filters, and what a moderator sets up for himself."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.edge.case_filters import FIELDS, wanted, written
from palabre.entrypoints.web import cases
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.entrypoints.web.paging import PAGE, asked, ends, onwards
from palabre.features import moderation
from palabre.features.moderation import triage
from palabre.features.moderation.triage import Filter

routes = Routes()
_TABS = ("waiting", "mine", "decided")
_MINE = -1


@routes.get("/moderation", scope="session")
async def queue(request: Request) -> Response:
    """Cases that wait in the order in which to read them, one's own, or those decided."""
    return await _queue(request, {})


async def _queue(request: Request, errors: Errors) -> Response:
    check_staff(request)
    tab = request.text("tab") if request.text("tab") in _TABS else "waiting"
    which, order = wanted(request), request.text("order") or "priority"
    found, turns = await _found(request, tab, which, order)
    now = await triage.counts(request.conn, request.me)
    set_to = {name: str(value) for name, value in written(which).items() if name != "state"}
    return await page(
        request,
        "moderation/queue.html",
        status=422 if errors else 200,
        cases=[cases.waiting(one) for one in found],
        tab=tab,
        order=order,
        counts=now,
        most=triage.MOST_COUNTED,
        filters=[_saved(one) for one in await triage.filters(request.conn, request.me)],
        given=dict.fromkeys(FIELDS, "") | set_to,
        filtered=bool(set_to),
        lanes=triage.LANES,
        sources=moderation.SOURCES,
        categories=moderation.CATEGORIES,
        desk=await triage.desk(request.conn, request.me),
        errors=errors,
        values={"name": request.text("name")},
        **turns,
    )


async def _found(request: Request, tab: str, which: Filter, order: str) -> tuple[list[triage.Waiting], dict[str, Any]]:
    if tab == "decided":
        page = asked(request)
        decided = msgspec.structs.replace(which, state="decided")
        found = await triage.by_id(request.conn, request.me, decided, page)
        first, last = (found[0].case.id, found[-1].case.id) if found else (None, None)
        return found, ends(page, request, first, last, len(found))
    if tab == "mine":
        which = msgspec.structs.replace(which, assigned_to=_MINE)
    section = await triage.queue(
        request.conn, request.me, which, order=order, after=request.text("after"), grouped=tab != "mine", limit=PAGE
    )
    return section.rows, onwards(request, section.after)


def _saved(view: triage.SavedFilter) -> SimpleNamespace:
    return SimpleNamespace(id=view.id, name=view.name, url=f"/moderation?{urlencode(written(view.wanted))}")


@routes.post("/moderation/next", scope="session")
async def take_next(request: Request) -> Response:
    """Take the first case that nobody has, for a while, and go to it."""
    check_staff(request)
    case_id = await triage.take_next(request.conn, request.me)
    _ = words(request)
    if case_id is None:
        return back(request, "/moderation", Flash("note", _("No case is waiting that you may decide.")))
    return back(request, f"/moderation/cases/{case_id}")


@routes.post("/moderation/filters", scope="session")
async def save_filter(request: Request) -> Response:
    """Keep the filter that is set, under a name."""
    check_staff(request)
    ask_again(request, _queue, default="name")
    which = wanted(request)
    await triage.save_filter(request.conn, request.me, request.text("name"), which)
    return back(request, f"/moderation?{urlencode(written(which))}")


@routes.post("/moderation/filters/{id}/delete", scope="session")
async def delete_filter(request: Request) -> Response:
    """Forget a filter."""
    check_staff(request)
    await triage.delete_filter(request.conn, request.me, request.id())
    return back(request, "/moderation")


@routes.get("/moderation/desk", scope="session")
async def desk(request: Request) -> Response:
    """Shortcuts and breaks, as this moderator likes them."""
    return await _desk(request, {})


async def _desk(request: Request, errors: Errors) -> Response:
    check_staff(request)
    mine = await triage.desk(request.conn, request.me)
    values = {"break_after": request.text("break_after") or str(mine.break_after), "shortcuts": mine.shortcuts}
    return await page(
        request, "moderation/desk.html", status=422 if errors else 200, values=values, errors=errors, desk=mine
    )


@routes.post("/moderation/desk", scope="session")
async def set_desk(request: Request) -> Response:
    """Keep how this moderator likes to work."""
    check_staff(request)
    ask_again(request, _desk, default="break_after")
    number = request.text("break_after")
    many = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else -1
    await triage.set_desk(request.conn, request.me, many, request.flag("shortcuts"))
    _ = words(request)
    return back(request, "/moderation/desk", Flash("done", _("Saved.")))
