"""Where a reader came from, to send him back there after a form."""

from urllib.parse import urlsplit

from starlette.requests import Request as HttpRequest

from palabre.names import here


def came_from(http: HttpRequest, default: str = "/") -> str:
    """The page the form stood on, if it was one of ours."""
    try:
        parts = urlsplit(http.headers.get("referer", ""))
    except ValueError:
        return default
    ours = parts.netloc in (urlsplit(here()).netloc, http.headers.get("host"))
    if not ours or not parts.path.startswith("/") or parts.path.startswith("//"):
        return default
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
