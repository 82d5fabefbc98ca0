"""The CSV files Mastodon lets people download: follows, blocks, mutes, lists, bookmarks, blocked domains."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Literal

from palabre.features.portability.imports.loose import web_address
from palabre.features.portability.imports.model import (
    N_,
    ArchiveError,
    Block,
    Bookmark,
    DomainBlock,
    Follow,
    ListEntry,
    Mute,
    Relation,
    Why,
)

Kind = Literal["follows", "blocks", "mutes", "lists", "bookmarks", "domain_blocks"]
Row = dict[str, str]

MAX_CSV = 20 << 20
UNKNOWN_CSV = N_(
    "It is not clear what {name} lists. Expected one of Mastodon's files: following_accounts.csv, "
    "blocked_accounts.csv, muted_accounts.csv, lists.csv, bookmarks.csv or blocked_domains.csv."
)

_KIND_BY_HEADER: dict[str, Kind] = {
    "Hide notifications": "mutes",
    "Show boosts": "follows",
    "Notify on new posts": "follows",
    "Languages": "follows",
    "List name": "lists",
    "#uri": "bookmarks",
    "#domain": "domain_blocks",
}
_KIND_BY_NAME: tuple[tuple[str, Kind], ...] = (
    (r"blocked_domains|domain_blocks", "domain_blocks"),
    (r"follow", "follows"),
    (r"block", "blocks"),
    (r"mute", "mutes"),
    (r"list", "lists"),
    (r"bookmark", "bookmarks"),
)
# What the columns are where there is no header row, as in files of old and in the ones that never have one.
_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "follows": ("Account address", "Show boosts", "Notify on new posts", "Languages"),
    "blocks": ("Account address",),
    "mutes": ("Account address", "Hide notifications"),
    "lists": ("List name", "Account address"),
    "bookmarks": ("#uri",),
    "domain_blocks": ("#domain",),
}
_HEADERS = {header for columns in _COLUMNS.values() for header in columns}
_HANDLE = re.compile(r"[^@\s/]+@[^@\s/]+")
_DOMAIN = re.compile(r"[^\s/@:*]+\.[^\s/@:]+")


def read_csv(
    name: str, data: bytes, skip: Callable[[str, Why], None], domain: str = ""
) -> Iterator[Relation | Bookmark]:
    """What the file lists. Addresses without a server are of `domain`, the server the file comes from."""
    rows = _rows(data)
    first = next(rows, None)
    if first is None:
        return
    kind, headers = kind_of(name, first), tuple(cell.strip() for cell in first)
    if not _HEADERS & set(headers):
        headers, rows = _COLUMNS[kind], _chain(first, rows)
    try:
        for cells in rows:
            row = dict(zip(headers, (cell.strip() for cell in cells), strict=False))
            entry = _entry(kind, row, domain)
            if isinstance(entry, Why):
                skip(f"{name}: {', '.join(cells)[:200]}", entry)
            else:
                yield entry
    except csv.Error:
        skip(name, Why.UNREADABLE)


def check_kind(name: str, data: bytes) -> None:
    """ArchiveError if what the file lists is not clear."""
    first = next(_rows(data), None)
    if first is not None:
        kind_of(name, first)


def kind_of(name: str, first: list[str]) -> Kind:
    """Told by the header, else by the file's name."""
    for cell in first:
        if cell.strip() in _KIND_BY_HEADER:
            return _KIND_BY_HEADER[cell.strip()]
    for pattern, kind in _KIND_BY_NAME:
        if re.search(pattern, name.rpartition("/")[2].lower()):
            return kind
    raise ArchiveError(UNKNOWN_CSV, name=name)


def _rows(data: bytes) -> Iterator[list[str]]:
    words = data.decode("utf-8-sig", errors="replace")
    head = words.partition("\n")[0]
    # Spreadsheets of many countries save with semicolons.
    delimiter = ";" if ";" in head and "," not in head else ","
    for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter):
        if any(cell.strip() for cell in row):
            yield row


def _chain(first: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rows


def _entry(kind: Kind, row: Row, domain: str) -> Relation | Bookmark | Why:
    if kind == "bookmarks":
        url = web_address(row.get("#uri"))
        return Bookmark(url) if url else Why.BAD_ROW
    if kind == "domain_blocks":
        name = row.get("#domain", "").lower()
        return DomainBlock(name) if _DOMAIN.fullmatch(name) else Why.BAD_ROW
    handle = _handle(row.get("Account address", ""), domain)
    if isinstance(handle, Why):
        return handle
    if kind == "follows":
        languages = tuple(filter(None, (code.strip() for code in row.get("Languages", "").split(","))))
        boosts, notify = _yes(row.get("Show boosts"), True), _yes(row.get("Notify on new posts"), False)
        return Follow(handle, boosts, notify, languages)
    if kind == "mutes":
        return Mute(handle, _yes(row.get("Hide notifications"), True))
    if kind == "lists":
        return ListEntry(row["List name"], handle) if row.get("List name") else Why.BAD_ROW
    return Block(handle)


def _handle(address: str, domain: str) -> str | Why:
    name = address.removeprefix("@")
    if name and "@" not in name:
        if not domain:
            return Why.NO_SERVER
        name = f"{name}@{domain}"
    if not _HANDLE.fullmatch(name):
        return Why.BAD_ROW
    user, _, server = name.partition("@")
    return f"{user}@{server.lower()}"


def _yes(cell: str | None, default: bool) -> bool:
    return default if not cell else cell.lower() in ("true", "t", "1", "yes", "on")
