"""Finding posts, people and hashtags."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from palabre.base.paging import Page
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.pages import page
from palabre.entrypoints.web.paging import PAGE, asked
from palabre.features import search as finding

routes = Routes()
_LONGEST = 500
_TABS = ("posts", "people", "tags")


@routes.get("/search", scope="public")
async def search(request: Request) -> Response:
    """Words find posts, @name finds people, #tag finds tags; the tabs look elsewhere for the same words."""
    query = request.text("q").strip()[:_LONGEST]
    tab = request.text("tab")
    if tab not in _TABS:
        tab = {"@": "people", "#": "tags"}.get(query[:1], "posts" if request.viewer_id else "people")
    found: dict[str, Any] = {"posts": [], "people": [], "tags": [], "older": None, "newer": None}
    if query:
        find = {"posts": _posts, "people": _people, "tags": _tags}[tab]
        found |= await find(request, query)
    return await page(request, "search.html", query=query, tab=tab, **found)


async def _posts(request: Request, query: str) -> dict[str, Any]:
    wanted: Page = asked(request)
    found = await finding.posts(request.conn, query, request.viewer_id, wanted)
    older = f"?{urlencode({'q': query, 'tab': 'posts', 'max_id': found.last})}" if found.last else None
    return {"posts": await present.posts(request.conn, found.posts, request.viewer_id), "older": older}


async def _people(request: Request, query: str) -> dict[str, Any]:
    given = request.text("offset")
    offset = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    found = await finding.people(request.conn, query, request.viewer_id, limit=PAGE, offset=offset)
    more = {"q": query, "tab": "people", "offset": offset + PAGE}
    return {
        "people": await present.people(request.conn, found, request.viewer_id),
        "older": f"?{urlencode(more)}" if len(found) == PAGE else None,
    }


async def _tags(request: Request, query: str) -> dict[str, Any]:
    found = await finding.tags(request.conn, query, limit=PAGE)
    return {"tags": [SimpleNamespace(name=use.display, lately=sum(day.uses for day in use.days)) for use in found]}
