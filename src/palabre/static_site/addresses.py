"""Which of the network's addresses are in a copy, and in which file each lies.

A page is the `index.html` of a folder named like its address, since every web host finds that without being told. Names
are ASCII: what is not is written as bytes, `=C3=A9` for é.
"""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_NAME = r"[^/]+"
_PAGES = re.compile(
    rf"/|/public|/tags/{_NAME}|/@{_NAME}(/replies|/media)?|/@{_NAME}/\d+(/history)?"
    r"|/about|/farewell|/contact|/privacy|/rules(/history)?|/terms(/history)?|/transparency|/moderation-log(/\d{4}-\d{2})?"
)
_FILES = re.compile(
    r"/static/.+|/media/.+|/transparency/[\w-]+\.zip|/moderation-log\.atom|/source\.zip|/\.well-known/palabre-signing-key(\.pem)?"
)
#: The part of a longer list that an address asks for, by the name of its parameter.
_PARTS = {"max_id": "before-", "before": "before-", "period": ""}
_LONGEST = 100


@lru_cache(10_000)
def normal(address: str) -> str | None:
    """The one form of an address of the copy, as path and perhaps one parameter; None if it is in no copy."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/") or "/"
    if any(unquote(segment) in (".", "..") for segment in path.split("/")):
        return None  # the file would be another than its name says
    if _FILES.fullmatch(path) and ".." not in path:
        return path
    if not _PAGES.fullmatch(unquote(path)):
        return None
    asked = parse_qsl(parts.query)
    if any(name not in _PARTS or not re.fullmatch(r"[\w-]+", value) for name, value in asked) or len(asked) > 1:
        return None
    return f"{path}?{asked[0][0]}={asked[0][1]}" if asked else path


def is_page(address: str) -> bool:
    """Whether a normal address is a page rather than a file."""
    return not _FILES.fullmatch(address)


@lru_cache(10_000)
def place(address: str) -> str:
    """The file of a normal address, relative to the copy."""
    path, _, query = address.partition("?")
    segments = [_safe(unquote(segment)) for segment in path.strip("/").split("/") if segment]
    if not is_page(address):
        return "/".join(segments)
    if query:
        name, _, value = query.partition("=")
        segments.append(_PARTS[name] + value)
    return "/".join([*segments, "index.html"])


def relative(target: str, page: str) -> str:
    """The way from one file of the copy to another, by way of its root."""
    return "../" * page.count("/") + target


def _safe(segment: str) -> str:
    """A name for a file that every host and file system takes."""
    safe = quote(segment, safe="@").replace("%", "=")
    return safe if len(safe) <= _LONGEST else hashlib.sha256(safe.encode()).hexdigest()[:40]
