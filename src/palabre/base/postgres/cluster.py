"""The cluster in the data folder: making it, and saying how to reach it."""

import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from palabre.base.postgres import access, binaries, service_user
from palabre.base.postgres.problems import PostgresProblem
from palabre.base.postgres.service_user import ServiceUser

ROLE = DATABASE = "palabre"
PORT = "5432"  # only names the socket: nothing listens on the network
RESTORING = ".restore"
"""In a data folder: what an archive is being restored in, until all of it is there."""
SOCKET_FOLDER = "pgsql_tmp_socket"  # pg_basebackup leaves out what begins with pgsql_tmp
SHORT_FOLDERS = Path("/tmp")  # noqa: S108 — not TMPDIR: all processes of one cluster must agree
SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103

# Sorting by code point and Unicode-aware lower(), the same on every system and never changed by an upgrade of it.
INITDB = ["--username", ROLE, "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
          "--text-search-config=simple", "--auth=peer", "--no-instructions", "--no-sync"]  # fmt: skip


@dataclass(frozen=True)
class Cluster:
    data: Path
    socket_dir: Path
    user: str
    """The database role."""
    dsn: str
    service_user: ServiceUser = field(repr=False)
    """The operating-system user who owns the files and runs the server."""

    @property
    def socket_is_inside(self) -> bool:
        """Named from the cluster's folder, so that the server needs no way in through the folders above."""
        return self.socket_dir.parent == self.data

    @property
    def socket_lock(self) -> Path:
        return self.socket_dir / f".s.PGSQL.{PORT}.lock"


def refuse_half_restored(data_dir: Path) -> None:
    """Raises PostgresProblem for a folder into which an archive is being restored, or was not to the end."""
    if (data_dir / RESTORING).exists():
        raise PostgresProblem(
            f"{data_dir} is half restored: give the same `palabre restore` command again, and it goes on from there "
            f"(or remove {data_dir / RESTORING} to give it up)."
        )


def prepare(data_dir: Path) -> Cluster:
    """The cluster of this data folder, made first when it is new. Harmless beside a running server."""
    data_dir = data_dir.resolve()
    refuse_half_restored(data_dir)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise PostgresProblem(
            f"{data_dir} belongs to user id {data_dir.stat().st_uid}: run this as that user, or as root."
        )
    data = data_dir / "postgres"
    user = service_user.choose(data, data_dir)
    if not (data / "PG_VERSION").exists():
        with access.locked(data_dir / "postgres.making", user):
            if not (data / "PG_VERSION").exists():
                _make(data, user)
    socket_dir = _socket_dir(data)
    dsn = f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(socket_dir), safe='')}&port={PORT}"
    return Cluster(data, socket_dir, ROLE, dsn, user)


def flush(cluster: Cluster) -> None:
    """Make durable what a stopped server wrote without flushing it."""
    user = cluster.service_user
    inside = path_from_inside(cluster.data, user)
    _run(user, [binaries.folder_for(user) / "initdb", "--sync-only", "-D", inside], cluster.data)


def path_from_inside(data: Path, user: ServiceUser) -> Path:
    """How a program whose working folder is `data` names it: a parent may be closed to its user."""
    if user.is_me:
        return data
    # PostgreSQL makes "." absolute, which needs the parents; this link leads there without walking through them.
    return Path("/proc/self/cwd") if sys.platform == "linux" else data


def _make(data: Path, user: ServiceUser) -> None:
    """All in a folder beside, renamed when complete: a cluster is there whole, or not at all."""
    if data.exists() and any(data.iterdir()):
        raise PostgresProblem(f"{data} holds something else than a PostgreSQL cluster: choose another data folder.")
    new = data.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    access.private_folder(new, user)
    programs = binaries.folder_for(user)
    inside = path_from_inside(new, user)
    _run(user, [programs / "initdb", "-D", inside, *INITDB], new)
    single: list[str | Path] = [
        programs / "postgres",
        "--single",
        "-D",
        inside,
        "-c",
        "exit_on_error=on",
        "-c",
        "fsync=off",
        "postgres",
    ]
    _run(user, single, new, f"CREATE DATABASE {DATABASE}\n")
    _run(user, [programs / "initdb", "--sync-only", "-D", inside], new)
    new.rename(data)
    parent = os.open(data.parent, os.O_RDONLY)
    os.fsync(parent)
    os.close(parent)


def _run(user: ServiceUser, command: Sequence[str | Path], inside: Path, text: str = "") -> None:
    result = user.run(command, inside=inside, text=text)
    if result.returncode != 0:
        raise PostgresProblem(f"{Path(command[0]).name} failed in {inside}:\n{result.stdout}{result.stderr}".strip())


def _socket_dir(data: Path) -> Path:
    beside = data / SOCKET_FOLDER
    if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return beside
    return SHORT_FOLDERS / ("palabre-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:16])
