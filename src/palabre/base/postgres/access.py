"""Who may do what with the files and the socket: private folders, locks, and PostgreSQL's own access rules.

Root works here in folders that an ordinary user owns, so it never follows a link there.
"""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from palabre.base.postgres import service_user
from palabre.base.postgres.problems import DataFolderBusy, PostgresProblem
from palabre.base.postgres.service_user import ServiceUser

STANDBY_ROLE = "palabre_standby"
TIME_TO_DIE = 1  # seconds, that a holder killed just now may take


def private_folder(folder: Path, user: ServiceUser) -> None:
    """Make this folder the user's alone, or refuse it when it is somebody else's or open to others."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if not user.is_me:
            os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or found.st_mode & 0o077:
        raise PostgresProblem(f"{folder} must be a folder of user {user.name} alone (mode 0700): remove it.")


def hand_over(folder: Path, user: ServiceUser) -> None:
    """Give this cluster to its service user: root may have restored it from a backup."""
    owner = folder.stat().st_uid
    if owner == user.uid:
        return
    if os.geteuid() != 0:
        raise PostgresProblem(f"{folder} belongs to user id {owner}: run this as that user, or as root.")
    for _, _, files, here in os.fwalk(folder, topdown=False):  # the folder itself last: until then it is out of reach
        for name in (*files, "."):
            os.chown(name, user.uid, user.gid, dir_fd=here, follow_symlinks=False)
    folder.chmod(0o700)


def open_file(path: Path, user: ServiceUser) -> int:
    """Open a file of ours in the data folder for adding to, and its owner's."""
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


def take(path: Path, user: ServiceUser) -> int:
    """Take this lock or raise DataFolderBusy. It names its holder; closing the descriptor lets go, as dying does."""
    lock = open_file(path, user)
    deadline = time.monotonic() + TIME_TO_DIE
    while not _try(lock):
        if time.monotonic() > deadline:
            holder = int(os.pread(lock, 20, 0) or b"0")
            os.close(lock)
            raise DataFolderBusy(path.parent, holder)
        time.sleep(0.01)
    os.ftruncate(lock, 0)
    os.write(lock, b"%d\n" % os.getpid())
    return lock


def _try(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_rules(data: Path, user: ServiceUser, role: str) -> None:
    """Only through the socket, only root, the data folder's owner and the service user; all as one role, or as the one
    that replicates and can do nothing else."""
    owners = {0, os.geteuid(), user.uid, data.parent.stat().st_uid}
    names = [owner.name for uid in sorted(owners) if (owner := service_user.named(uid))]
    rules = {
        "pg_hba.conf": f"local replication {STANDBY_ROLE} peer map=standby\nlocal all {STANDBY_ROLE} reject\n"
        + "".join(f"local {what} all peer map=palabre\n" for what in ("all", "replication")),
        "pg_ident.conf": "".join(f'palabre "{name}" {role}\nstandby "{name}" {STANDBY_ROLE}\n' for name in names),
    }
    for name, text in rules.items():
        file = data / name
        if not file.exists() or file.read_text() != text:
            user.run(["tee", name], inside=data, text=text).check_returncode()
