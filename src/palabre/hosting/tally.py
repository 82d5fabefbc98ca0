"""How many requests still come to a host whose network has moved: when none do, it may be switched off."""

import time
from pathlib import Path
from typing import Any

import msgspec

FILE = "forwarded.json"
_EVERY = 5.0  # seconds


class Tally:
    """Counted by the forwarding process."""

    def __init__(self, data: Path) -> None:
        self._file = data / FILE
        self._count = int(read(data).get("forwarded", 0))
        self._written = 0.0

    def count(self) -> None:
        self._count += 1
        now = time.time()
        if now - self._written >= _EVERY:
            self._written = now
            new = self._file.with_suffix(".new")
            new.write_bytes(msgspec.json.encode({"forwarded": self._count, "last_forwarded": now}))
            new.rename(self._file)


def read(data: Path) -> dict[str, Any]:
    """`forwarded`: requests so far; `last_forwarded`: seconds since 1970, give or take five. Empty before the first."""
    try:
        return dict(msgspec.json.decode((data / FILE).read_bytes(), type=dict[str, Any]))
    except (OSError, msgspec.DecodeError):
        return {}
