"""What an archive looks like, version 1. For whoever has to read one without Palabre: docs/developers/archive-format.md.

A place (folder, object store) holds any number of archives, which share the media they have in common:

    palabre-archive.json                    what this place is (`PlaceMark`), in the clear
    archives/ID/tables/posts.0001.tsv.zst   rows in PostgreSQL's text format, one a line, compressed
    archives/ID/keys.0001.tsv.zst           media: key, name, size, SHA-256 (`MediaLine`)
    archives/ID/stored.0001.tsv.zst         media as they are stored: name, size, SHA-256; in the clear
    archives/ID/manifest.json.zst           `Manifest`
    archives/ID/index.json                  `Index`, in the clear, written last: without it there is no archive
    media/ab/abcdef….1f0a6b2c               one medium each, named by the SHA-256 of its key and, where it is encrypted,
                                            by whom it is for

What is encrypted ends in `.age`; all but what is said to be in the clear is, unless the owner wanted it plain. A tar file
(or standard output) holds the same names of one archive, the index last. What is in the clear says enough to verify
every stored byte without a key, and nothing of what members wrote. Names are always whole, from the place on.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec

VERSION = 1
MARK = "palabre-archive.json"
PART_BYTES = 8 * 1024**2
"""Rows are cut into parts of about so many bytes before compression: what a reader or writer holds at once."""


class PlaceMark(msgspec.Struct, frozen=True):
    """`id`: random, made with the place; what was copied there is remembered by it, wherever the place is moved.
    `owner`: the network's first public key (hex), which stays the same whatever its name and keys become."""

    id: str
    network: str
    owner: str
    format: int = VERSION
    about: str = "Archives of a Palabre network. `palabre restore` brings one back; see docs/operators/archives.md."


class Stored(msgspec.Struct, frozen=True):
    """A file of the archive as it lies there: `sha256` (hex) and `size` of its very bytes, encrypted or not."""

    name: str
    size: int
    sha256: str


class Index(msgspec.Struct, frozen=True):
    """`files`: all of ARCHIVE/ID but the index itself; `media`: how many media, whose sums stand in the stored lists."""

    id: str
    network: str
    palabre: str
    taken_at: datetime
    recipients: list[str]
    manifest: str
    files: list[Stored]
    media: int
    media_bytes: int
    format: int = VERSION

    @property
    def plain(self) -> bool:
        return not self.recipients


class Part(msgspec.Struct, frozen=True):
    """Some rows of a table: `bytes` and `sha256` (hex) of the rows themselves, before compression."""

    name: str
    rows: int
    bytes: int
    sha256: str


class TableContent(msgspec.Struct, frozen=True):
    """`types`: as PostgreSQL names them, one for each column. Generated columns are left out: they make themselves."""

    columns: list[str]
    types: list[str]
    rows: int
    parts: list[Part]


class Manifest(msgspec.Struct, frozen=True):
    """What is inside. `migrations`: the schema, all that were applied; `settings`: the network's own, not the machine's;
    `keys`: the files that list the media; `gone`: media erased while the archive was being taken."""

    id: str
    network: str
    origin: str
    palabre: str
    postgres: str
    taken_at: datetime
    migrations: list[str]
    tables: dict[str, TableContent]
    left_out: list[str]
    settings: dict[str, Any]
    keys: list[str]
    media: int
    media_bytes: int
    gone: int = 0
    format: int = VERSION


class MediaLine(msgspec.Struct, frozen=True):
    """A medium: `size` and `sha256` (hex) of what the network serves, `name` of the file that holds it here."""

    key: str
    name: str
    size: int
    sha256: str

    def line(self) -> bytes:
        return f"{self.key}\t{self.name}\t{self.size}\t{self.sha256}\n".encode()

    @classmethod
    def read(cls, line: bytes) -> "MediaLine":
        key, name, size, sha256 = line.decode().rstrip("\n").split("\t")
        return cls(key, name, int(size), sha256)


def stored_line(stored: Stored) -> bytes:
    return f"{stored.name}\t{stored.size}\t{stored.sha256}\n".encode()


def read_stored_line(line: bytes) -> Stored:
    name, size, sha256 = line.decode().rstrip("\n").split("\t")
    return Stored(name, int(size), sha256)


def new_id(at: datetime) -> str:
    """Sorts by time, to the millisecond."""
    at = at.astimezone(UTC)
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z-{secrets.token_hex(3)}"


def index_name(archive_id: str) -> str:
    return f"archives/{archive_id}/index.json"


def file_name(archive_id: str, name: str, suffix: str) -> str:
    return f"archives/{archive_id}/{name}{suffix}"


def media_name(key: str, suffix: str) -> str:
    """Says nothing of the key, which whoever fetches the medium has to know."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"media/{digest[:2]}/{digest}{suffix}"
