"""The addresses of the older and newer pages of a list."""

from collections.abc import Sequence
from urllib.parse import urlencode

from palabre.base.paging import Page
from palabre.entrypoints.edge import Request

_ASIDE = ("max_id", "min_id", "since_id", "limit")


def turn(request: Request, asked: Page, ids: Sequence[int]) -> tuple[str | None, str | None]:
    """(older, newer) for what is shown, newest first; None where there is nothing more."""
    if not ids:
        return None, None
    full = len(ids) >= asked.limit
    older = asked.min_id is not None or full
    newer = asked.max_id is not None or (asked.min_id is not None and full)
    return (
        _address(request, max_id=ids[-1]) if older else None,
        _address(request, min_id=ids[0]) if newer else None,
    )


def _address(request: Request, **bound: int) -> str:
    kept = {name: value for name, value in request.params.items() if isinstance(value, str) and name not in _ASIDE}
    return f"{request.http.scope['path']}?{urlencode(kept | bound)}"
