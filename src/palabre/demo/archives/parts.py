"""What the writers of archives share: packing, pictures, moments, and what a right reader must find."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from palabre.demo import drawing

Form = Literal["zip", "tar.gz", "folder"]


@dataclass
class ExpectedPost:
    text: str
    at: datetime
    visibility: str = "public"
    language: str | None = None
    spoiler: str | None = None
    reply_key: str | None = None
    media: int = 0


@dataclass
class Expected:
    """What is in the archive: posts by source_key, and what must be reported as left out."""

    username: str
    posts: dict[str, ExpectedPost] = field(default_factory=dict)
    boosts: int = 0
    favourites: int = 0
    bookmarks: int = 0
    left_out: set[str] = field(default_factory=set)


class Packer:
    """Writes members into a zip, a tar.gz or a folder, in the order given."""

    def __init__(self, path: Path, form: Form, top: str = "") -> None:
        self.path, self.form, self._top = path, form, top
        if form == "zip":
            self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        elif form == "tar.gz":
            self._gzip = gzip.GzipFile(path, "wb", mtime=0)
            self._tar = tarfile.open(fileobj=self._gzip, mode="w|")  # noqa: SIM115

    def add(self, name: str, data: bytes | str) -> None:
        data = data.encode() if isinstance(data, str) else data
        if self.form == "zip":
            self._zip.writestr(self._top + name, data)
        elif self.form == "tar.gz":
            info = tarfile.TarInfo(self._top + name)
            info.size = len(data)
            self._tar.addfile(info, io.BytesIO(data))
        else:
            target = self.path / (self._top + name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def close(self) -> None:
        if self.form == "zip":
            self._zip.close()
        elif self.form == "tar.gz":
            self._tar.close()
            self._gzip.close()


@cache
def picture(number: int, form: Literal["JPEG", "PNG"] = "JPEG") -> bytes:
    """A small picture; as JPEG with what a telephone writes into it: where it was taken, and with what."""
    rng = random.Random(number)
    dots = "".join(
        f'<ellipse cx="{rng.randrange(96)}" cy="{rng.randrange(64)}" rx="12" ry="8" fill="{_colour(rng)}"/>'
        for _ in range(6)
    )
    ground = f'<rect width="96" height="64" fill="{_colour(rng)}"/>'
    return drawing.save(f'<svg xmlns="{drawing.SVG}" width="96" height="64">{ground}{dots}</svg>', form)


def _colour(rng: random.Random) -> str:
    return f"#{rng.randrange(1 << 24):06x}"


def moments(rng: random.Random, count: int, first_year: int, last_year: int) -> list[datetime]:
    """Rising moments between two years, no two in the same second."""
    start, end = datetime(first_year, 3, 1, tzinfo=UTC), datetime(last_year, 11, 1, tzinfo=UTC)
    span = int((end - start).total_seconds())
    return [start + timedelta(seconds=s) for s in sorted(rng.sample(range(span), count))]


def handles(rng: random.Random, count: int) -> list[str]:
    servers = ["other.example", "pomme.example", "fédé.example", "sub.domain.example"]
    names = ["bob", "carol", "dan_d", "eve", "lucie", "x0x0", "the.gardener"]
    return [f"{rng.choice(names)}{rng.randrange(1000)}@{rng.choice(servers)}" for _ in range(count)]
