"""Which operating-system user the server runs as. PostgreSQL refuses to run as root, and rightly."""

import logging
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palabre.base.postgres.problems import PostgresProblem

log = logging.getLogger(__name__)

SERVICE_NAME = "palabre"
USERADD_CANNOT_LOCK = (1, 10)


@dataclass(frozen=True)
class ServiceUser:
    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, command: Sequence[str | Path], *, inside: Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command as this user. `inside` becomes its working folder before root is dropped, so that a private
        parent folder need not be opened; the command reaches it as `.` (see `cluster.path_from_inside`)."""
        drop: Mapping[str, Any] = {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # noqa: S603
            command, cwd=inside, input=text, text=True, capture_output=True, umask=0o077, env=ENVIRONMENT, **drop
        )


# Nothing of the caller's environment (PGPORT, PGDATA, a locale…) may change how the cluster is made or served.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


def choose(*folders: Path) -> ServiceUser:
    """The current user; or, for root: the owner of the first of these folders that is not root's, else a service user.

    So `sudo palabre serve` in Alice's folder leaves Alice's data hers. When all is root's, a user of our own
    (`palabre`, made if it can be) keeps the data from everything else that runs as `nobody`, the last resort.
    """
    me = os.geteuid()
    if me != 0:
        mine = named(me)
        if mine is None:
            raise PostgresProblem(
                f"User id {me} has no name on this system, and PostgreSQL needs one; add it to /etc/passwd."
            )
        return mine
    for folder in folders:
        owner = folder.stat().st_uid if folder.exists() else 0
        if owner != 0 and (user := named(owner)):
            return user
    return named(SERVICE_NAME) or _made() or _nobody()


def named(who: int | str) -> ServiceUser | None:
    try:
        entry = pwd.getpwuid(who) if isinstance(who, int) else pwd.getpwnam(who)
    except KeyError:
        return None
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _made() -> ServiceUser | None:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    for _ in range(50):  # somebody else may hold the lock of /etc/passwd, perhaps to add this very user
        result = subprocess.run([*command, SERVICE_NAME], capture_output=True, text=True)  # noqa: S603
        if (user := named(SERVICE_NAME)) or result.returncode not in USERADD_CANNOT_LOCK:
            return user
        time.sleep(0.1)
    return None


def _nobody() -> ServiceUser:
    user = named("nobody")
    if user is None:
        raise PostgresProblem(f"PostgreSQL does not run as root. Create a system user named {SERVICE_NAME} for it.")
    log.warning("No user %r could be made: PostgreSQL runs as 'nobody', beside whatever else does.", SERVICE_NAME)
    return user
