"""Large JSON files, item by item: where each item of an array lies, without decoding what is not asked for.

A member is copied to a nameless temporary file and mapped, so that its size does not matter to memory.
Every step moves forward only; a file that breaks off or lies gives `Broken`, never a long search.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

Bytes = bytes | mmap.mmap

_GAP = re.compile(rb"[\s,]*+")
_COLON = re.compile(rb"\s*+:\s*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+[\[\]{}]', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\[\]{}\":]++")
_OPENING = frozenset(b"[{")


class Broken(Exception):
    """The JSON breaks off or is none."""


class Spool:
    """A member's bytes, mapped from a temporary file that vanishes with it."""

    def __init__(self, chunks: Iterable[bytes], scratch: Path | None = None) -> None:
        with tempfile.TemporaryFile(dir=scratch) as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            self.data: Bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.tell() else b""

    def close(self) -> None:
        if isinstance(self.data, mmap.mmap):
            self.data.close()
        self.data = b""


def spans(data: Bytes, position: int) -> Iterator[tuple[int, int]]:
    """Start and end of each item of the array whose first item is at or after `position`."""
    while True:
        position = _skip(_GAP, data, position)
        if data[position : position + 1] == b"]":
            return
        end = _value_end(data, position)
        yield position, end
        position = end


def inside_array(data: Bytes, key: str) -> int:
    """The position just inside the array under `key` of the object that the file is."""
    wanted = msgspec.json.encode(key)
    position = data.find(b"{") + 1
    if not position:
        raise Broken
    while True:
        position = _skip(_GAP, data, position)
        name = _STRING.match(data, position)
        if name is None:
            raise Broken
        value = _skip(_COLON, data, name.end())
        if name[0] == wanted and data[value : value + 1] == b"[":
            return value + 1
        position = _value_end(data, value)


def inside_first_array(data: Bytes) -> int:
    """The position just inside the first array: the form `window.YTD.tweets.part0 = [ … ]`."""
    position = data.find(b"[")
    if position < 0:
        raise Broken
    return position + 1


def _skip(pattern: re.Pattern[bytes], data: Bytes, position: int) -> int:
    found = pattern.match(data, position)
    if found is None:
        raise Broken
    return found.end()


def _value_end(data: Bytes, position: int) -> int:
    first = data[position : position + 1]
    if first in (b"{", b"["):
        return _closing(data, position + 1)
    return _skip(_STRING if first == b'"' else _SCALAR, data, position)


def _closing(data: Bytes, position: int) -> int:
    depth, match = 1, _TO_BRACKET.match
    while depth:
        found = match(data, position)
        if found is None:
            raise Broken
        position = found.end()
        depth += 1 if data[position - 1] in _OPENING else -1
    return position
