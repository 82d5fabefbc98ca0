"""Link headers, by which clients find the next and previous page."""

from urllib.parse import urlencode

from starlette.responses import Response

from palabre.entrypoints.edge import Request
from palabre.settings import current

_CURSORS = ("max_id", "since_id", "min_id")


def link(request: Request, response: Response, first: int | None, last: int | None) -> Response:
    """`first` and `last`: the cursors of the newest and oldest entry on the page; None on an empty one."""
    if first is not None and last is not None:
        older, newer = _url(request, max_id=last), _url(request, min_id=first)
        response.headers["link"] = f'<{older}>; rel="next", <{newer}>; rel="prev"'
    return response


def _url(request: Request, **cursor: int) -> str:
    kept = [(name, value) for name, value in request.http.query_params.multi_items() if name not in _CURSORS]
    query = urlencode([*((name, value) for name, value in kept if name != "access_token"), *cursor.items()])
    return f"{current().origin}{request.http.url.path}?{query}"
