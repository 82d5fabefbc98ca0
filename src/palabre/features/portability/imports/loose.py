"""Reading JSON that others wrote: a value of the wrong type counts as absent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

MOST = 1_000  # of mentions, tags, links or files in one post: none that is real has more


def obj(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """A number, also where it is written as a string."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else None


def many(value: Any) -> list[Any]:
    """A list; JSON-LD writes a list of one as the thing itself."""
    if value is None:
        return []
    return value[:MOST] if isinstance(value, list) else [value]


def objects(value: Any) -> list[Json]:
    return [item for item in many(value) if isinstance(item, dict)]


def reference(value: Any) -> str:
    """The address of something given by its address or as an object."""
    return text(value) or text(obj(value).get("id"))


def moment(value: Any) -> datetime | None:
    """An ISO 8601 date in UTC; without an offset it is taken for UTC."""
    try:
        at = datetime.fromisoformat(text(value))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def web_address(value: Any) -> str | None:
    url = text(value)
    return url if url.startswith(("https://", "http://")) and len(url) <= 2048 else None


def host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
