"""Reading JSON that others wrote: a value of the wrong type counts as absent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

Json = dict[str, Any]
T = TypeVar("T")

MOST = 1_000  # of mentions, tags, links or files in one post: none that is real has more
_HALF_CHARACTER = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def decoded(decode: Callable[[bytes], T], data: bytes) -> T | None:
    """What `decode` makes of it, None if nothing. Broken characters become �: X cuts emoji in the middle."""
    for mend in (False, True):
        try:
            return decode(_mended(data) if mend else data)
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
    return None


def _mended(data: bytes) -> bytes:
    return _HALF_CHARACTER.sub(rb"\\ufffd", data.decode(errors="replace").encode())


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
