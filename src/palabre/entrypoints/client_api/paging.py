"""Link headers, by which clients find the next and previous page."""

from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import Response

from palabre.entrypoints.edge import Request
from palabre.names import here

_NOT_KEPT = ("max_id", "since_id", "min_id", "after", "access_token")


def link(request: Request, response: Response, first: int | None, last: int | None) -> Response:
    """`first` and `last`: the cursors of the newest and oldest entry on the page; None on an empty one."""
    if first is not None and last is not None:
        older, newer = _url(request, max_id=last), _url(request, min_id=first)
        response.headers["link"] = f'<{older}>; rel="next", <{newer}>; rel="prev"'
    return response


def link_after(request: Request, response: Response, after: str | None) -> Response:
    """For lists in an order of their own, which are read in one direction."""
    if after is not None:
        response.headers["link"] = f'<{_url(request, after=after)}>; rel="next"'
    return response


def _url(request: Request, **cursor: int | str) -> str:
    asked = parse_qsl(request.http.scope["query_string"].decode("latin-1"))
    query = urlencode([*(pair for pair in asked if pair[0] not in _NOT_KEPT), *cursor.items()])
    return f"{here()}{quote(request.http.scope['path'])}?{query}"
