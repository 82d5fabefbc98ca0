"""What two hosts must have in common before one can follow the other."""

import hashlib
import platform
import subprocess
from pathlib import Path
from typing import Any

from palabre import __version__
from palabre.base.blobs import Blobs, open_store
from palabre.base.migrate import available
from palabre.base.postgres import pg_tool
from palabre.hosting.problems import HostProblem
from palabre.settings import Settings

_WORDS = {
    "version": "Palabre {theirs} runs there, {ours} here: bring both to the same version.",
    "migrations": "The two hosts have other migrations, though the same version: install the same Palabre on both.",
    "postgres": "PostgreSQL {theirs} runs there, {ours} here: PostgreSQL follows only its own major version.",
    "machine": "The processor there is {theirs}, here {ours}: PostgreSQL's files fit one kind only. "
    "Use a host of the same kind, or `palabre archive` and `palabre restore`.",
}


def facts(data: Path) -> dict[str, Any]:
    return {
        "version": __version__,
        "migrations": [name for name, _ in available()],
        "postgres": _major(data),
        "machine": platform.machine(),
    }


def _major(data: Path) -> str:
    """Of the cluster, or where there is none yet, of the programs that would make it."""
    try:
        return (data / "postgres" / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        said = subprocess.run([pg_tool("postgres"), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
        return said.stdout.split()[-1].partition(".")[0]


def compare(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raises HostProblem with all that is in the way."""
    differ = [words.format(theirs=theirs.get(what), ours=ours[what]) for what, words in _WORDS.items()
              if theirs.get(what) != ours[what]]  # fmt: skip
    if differ:
        raise HostProblem(" ".join(differ))


def media_store(settings: Settings) -> Blobs:
    return open_store(settings.media_store or str(settings.data / "media"), **settings.media_store_options)


def shared_store(settings: Settings) -> str:
    """Tells whether two hosts keep their media in the same place elsewhere, without saying where. Empty for a folder."""
    place = settings.media_store.partition("?")[0]
    shared = "://" in place and not place.startswith("file:")
    return (
        hashlib.sha256(f"{place} {settings.media_store_options.get('endpoint', '')}".encode()).hexdigest()
        if shared
        else ""
    )
