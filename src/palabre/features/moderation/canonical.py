"""JSON that is written the same way every time, so that it can be hashed: sorted names, no spaces, UTF-8."""

import hashlib
from datetime import UTC, datetime

import msgspec


def canonical(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def timestamp(at: datetime) -> str:
    """To the microsecond, as the database keeps it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
