"""The folder a drill works in: all of a network in the clear, so it goes when the drill ends, or with the next one."""

import contextlib
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from palabre.base.errors import Refused
from palabre.settings import current

_PREFIX = "drill-"
_PATIENCE = 20.0  # seconds that a killed drill's database may take to end


def folder() -> Path:
    chosen = current().drill_folder
    return Path(chosen).absolute() if chosen else current().data.absolute() / "drills"


@contextlib.contextmanager
def scratch(around: Path) -> Iterator[Path]:
    """A new folder in this one, for as long; what earlier drills left there is swept. Raises Refused."""
    try:
        with _held(around):
            _sweep(around)
            mine = around / f"{_PREFIX}{secrets.token_hex(8)}"
            try:
                yield mine
            finally:
                _remove(mine)
    except BlockingIOError as error:
        raise Refused(f"Another drill works in {around}: wait until it has ended.") from error


def sweep(around: Path) -> None:
    """Remove what drills that were killed left behind, unless one is at work."""
    if any(around.glob(f"{_PREFIX}*")):
        with contextlib.suppress(OSError), _held(around):
            _sweep(around)


@contextlib.contextmanager
def _held(around: Path) -> Iterator[None]:
    """Raises BlockingIOError where somebody else works there."""
    try:
        around.mkdir(parents=True, exist_ok=True)
        around.chmod(0o711)  # the database's own user has to get through, nobody else to look around
        lock = os.open(around / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(f"{around} can't be used for a drill: {error.strerror or error}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


def _sweep(around: Path) -> None:
    for left in around.glob(f"{_PREFIX}*"):
        _remove(left)


def _remove(left: Path) -> None:
    """Also while a database in it is still ending."""
    deadline = time.monotonic() + _PATIENCE
    while left.exists():
        shutil.rmtree(left, ignore_errors=True)
        if not left.exists() or time.monotonic() > deadline:
            return
        time.sleep(0.2)
