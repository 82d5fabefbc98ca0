"""The ways to older and newer entries, as links that keep the rest of the question."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse, Response

from palabre.base.paging import Page
from palabre.entrypoints.edge import Request

PAGE = 20
_CURSORS = ("max_id", "since_id", "min_id", "after", "limit")


def asked(request: Request, limit: int = PAGE) -> Page:
    """The page that the address asks for; how long it is, isn't the reader's to say."""
    return request.page(limit, limit)


def ends(page: Page, request: Request, first: int | None, last: int | None, count: int) -> dict[str, Any]:
    """`older` and `newer` for a template, from the cursors at the page's ends and how many entries it shows."""
    older = last is not None and (count >= page.limit or page.min_id is not None)
    newer = first is not None and (page.max_id is not None or page.min_id is not None)
    return {
        "older": _address(request, max_id=last) if older else None,
        "newer": _address(request, min_id=first) if newer else None,
    }


def onwards(request: Request, after: str | None) -> dict[str, Any]:
    """`older` for lists that are read in one direction; `newer` leads back to the beginning."""
    return {
        "older": _address(request, after=after) if after is not None else None,
        "newer": _address(request) if request.text("after") else None,
    }


def at_the_top(page: Page, request: Request, count: int) -> Response | None:
    """Whoever goes on to newer entries and finds less than a page of them is at the beginning: send him there."""
    if page.min_id is None or count >= page.limit:
        return None
    return RedirectResponse(_address(request), 303)


def _address(request: Request, **cursor: int | str | None) -> str:
    kept = [pair for pair in parse_qsl(request.http.scope["query_string"].decode("latin-1")) if pair[0] not in _CURSORS]
    query = urlencode([*kept, *cursor.items()])
    return f"?{query}" if query else request.http.url.path
