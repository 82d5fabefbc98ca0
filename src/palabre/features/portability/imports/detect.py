"""The door: `open_archive` finds out what was brought and opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from palabre.features.portability.imports.archive import Archive
from palabre.features.portability.imports.container import Container, Limits, pieces
from palabre.features.portability.imports.containers import NOT_FOUND, open_container
from palabre.features.portability.imports.csvs import MAX_CSV, check_kind
from palabre.features.portability.imports.mastodon import MastodonArchive
from palabre.features.portability.imports.model import N_, ArchiveError
from palabre.features.portability.imports.twitter import TWEET_FILES, TwitterArchive

NOT_KNOWN = N_(
    "This is no archive known here. Expected a Mastodon archive (with outbox.json), an X archive "
    "(with data/tweets.js) or Mastodon's CSV files; found: {found}"
)
SEVERAL = N_("This holds more than one archive: {found}. Give them one by one.")

_KINDS: dict[str, type[Archive]] = {"mastodon": MastodonArchive, "twitter": TwitterArchive}
_TWEETS = re.compile(rf"((?:[^/]+/)*?){TWEET_FILES.pattern}")
_MASTODON = re.compile(r"((?:[^/]+/)*)(?:outbox|actor)\.json")
_CSV = re.compile(
    r"((?:[^/]+/)*)(?:following_accounts|blocked_accounts|muted_accounts|lists|bookmarks|blocked_domains)\.csv"
)


def open_archive(path: str | Path, *, limits: Limits | None = None, scratch: Path | None = None) -> Archive:
    """Open a .zip, a .tar.gz, an unpacked folder or a single .csv; ArchiveError says what is wrong with it.

    `scratch` is the folder for temporary files, which take the room of the unpacked JSON (of everything for a .tar.gz).
    """
    path, limits = Path(path), limits or Limits()
    container: Container
    if path.suffix.lower() == ".csv" and not path.is_dir():
        container = _SingleFile(path, limits)
        check_kind(path.name, container.read(path.name, MAX_CSV))
        return MastodonArchive(container, scratch)
    container = open_container(path, limits, scratch)
    try:
        kind, folder = _kind_and_folder(container.names())
        container.enter(folder)
    except ArchiveError:
        container.close()
        raise
    return _KINDS[kind](container, scratch)


def _kind_and_folder(names: list[str]) -> tuple[str, str]:
    """What kind of archive the names show, and the folder that is its top: the one nearest the surface."""
    for kinds in ((("mastodon", _MASTODON), ("twitter", _TWEETS)), (("mastodon", _CSV),)):
        found = {
            (kind, m[1].rstrip("/")) for kind, pattern in kinds for name in names if (m := pattern.fullmatch(name))
        }
        depth = min((_depth(folder) for _, folder in found), default=0)
        nearest = sorted(place for place in found if _depth(place[1]) == depth)
        if len(nearest) > 1:
            raise ArchiveError(SEVERAL, found=", ".join(f"{kind}: /{folder}" for kind, folder in nearest[:5]))
        if nearest:
            return nearest[0]
    shown = sorted(names, key=lambda name: name.count("/"))[:6]
    raise ArchiveError(NOT_KNOWN, found=", ".join(shown) + ("…" if len(names) > len(shown) else "") or "-")


def _depth(folder: str) -> int:
    return folder.count("/") + bool(folder)


class _SingleFile(Container):
    """One file brought by itself."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._path = path
        if not path.is_file():
            raise ArchiveError(NOT_FOUND, name=path.name)
        self._admit(path.name, path.stat().st_size)

    def _pieces(self, name: str) -> Iterator[bytes]:
        return pieces(self._path.open("rb"))

    def close(self) -> None:
        """Nothing is held open."""
