"""Static files, each addressed by its content so that browsers may keep it for ever."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"


@cache
def version(name: str) -> str:
    """A short hash of the file's content; FileNotFoundError for a name that is not there."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def url_for_static(name: str) -> str:
    """The address of a static file. It changes whenever the file does."""
    return f"{PREFIX}{name}?v={version(name)}"
