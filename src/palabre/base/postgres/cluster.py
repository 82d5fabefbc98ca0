"""The cluster in the data folder: making it, and saying how to reach it."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from palabre.base.postgres import binaries, service_user
from palabre.base.postgres.problems import PostgresProblem
from palabre.base.postgres.service_user import ServiceUser

ROLE = DATABASE = "palabre"
PORT = "5432"  # only names the socket: nothing listens on the network
SOCKET_FOLDER = "pgsql_tmp_socket"  # pg_basebackup leaves out what begins with pgsql_tmp
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


def prepare(data_dir: Path) -> Cluster:
    """The cluster of this data folder, made first when it is new. Harmless beside a running server."""
    data_dir = data_dir.absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = data_dir / "postgres"
    user = service_user.choose(data, data_dir)
    if not (data / "PG_VERSION").exists():
        with locked(data_dir / "postgres.making", user):
            if not (data / "PG_VERSION").exists():
                _make(data, user)
    socket_dir = _socket_dir(data)
    dsn = f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(socket_dir), safe='')}&port={PORT}"
    return Cluster(data, socket_dir, ROLE, dsn, user)


def path_from_inside(data: Path, user: ServiceUser) -> Path:
    """How a program whose working folder is `data` names it: a parent may be closed to its user."""
    if user.is_me:
        return data
    # PostgreSQL makes "." absolute, which needs the parents; this link leads there without walking through them.
    return Path("/proc/self/cwd") if sys.platform == "linux" else data


def _make(data: Path, user: ServiceUser) -> None:
    """All in a folder beside, renamed when complete: a cluster is there whole, or not at all."""
    new = data.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    private_folder(new, user)
    programs = binaries.folder_for(user)
    inside = path_from_inside(new, user)
    _run(user, [programs / "initdb", "-D", inside, *INITDB], new)
    single = [programs / "postgres", "--single", "-D", inside, "-c", "exit_on_error=on", "-c", "fsync=off", "postgres"]
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
    return Path(tempfile.gettempdir(), "palabre-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:16])


def private_folder(folder: Path, user: ServiceUser) -> None:
    """Make this folder the user's alone, or refuse it when it is somebody else's or open to others."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if not user.is_me:
            os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or found.st_mode & 0o077:
        raise PostgresProblem(
            f"{folder} must be a folder of user {user.name} alone (mode 0700); remove it and try again."
        )


def open_file(path: Path, user: ServiceUser) -> int:
    """Open a file of ours in the data folder for adding to, as its owner's, never through a link."""
    flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        opened = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)
    if not user.is_me:
        os.fchown(opened, user.uid, user.gid)
    return opened


@contextlib.contextmanager
def locked(path: Path, user: ServiceUser) -> Iterator[None]:
    """Wait for this lock, and hold it meanwhile."""
    lock = open_file(path, user)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
