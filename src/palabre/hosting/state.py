"""DATA/host.json: what this data folder is for, so that whoever starts it next does the right thing.

Kept out of the database, which a standby copies whole. It holds secrets, and is its owner's alone.
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

Role = Literal["serving", "standby", "moved"]
FILE = "host.json"
ROOM = "host.room"
"""A block kept back, so that the role can change also when the disk is full: that is when one has to move."""
_BLOCK = 4096  # bytes


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Another host that may dial our link."""

    digest: str
    """SHA-256 of the secret it proves itself by."""
    address: str = ""
    """Its own link, once it has told us."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    role: Role = "serving"
    term: int = 1
    """One more with each promotion: of two hosts that both would serve, the higher term is right."""
    promoting: bool = False
    """A promotion has begun, and must be completed."""
    moving: bool = False
    """Nothing may be written: the standby that is to serve catches up. It is over when `role` is moved, or this is false."""
    name: str = ""
    """What the host that we follow, or followed, calls us."""
    link_port: int = 0
    """Our link's port; 0: as in the settings."""
    peers: dict[str, Peer] = {}
    """By the names we call them."""
    of: str = ""
    """Link address of the host that we follow."""
    others: dict[str, str] = {}
    """Link addresses of the other standbys of the host that we follow, or followed: one of them may be promoted, too."""
    fencing: str = ""
    """Link address of the host in whose place we serve, until it has heard so."""
    ids_after: int = 0
    """As we were promoted, the first host was here in its ids: ours come after, though our clock be behind its."""
    to: str = ""
    """Link address of the host that serves in our place."""
    url: str = ""
    """The network's own URL as the host that serves in our place has it."""


class StateProblem(Exception):
    """The file cannot be used; says what to do."""


def load(data: Path) -> State:
    """A folder without the file serves. Raises StateProblem for one that is damaged."""
    try:
        return msgspec.json.decode((data / FILE).read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.DecodeError) as error:
        raise StateProblem(
            f"{data / FILE} cannot be read ({error}). It says whether this host serves: put it right before starting."
        ) from error


def change(data: Path, make: Callable[[State], State]) -> State:
    """Replace it by what `make` makes of it, durably, while no other process does; the new one."""
    data.mkdir(mode=0o755, parents=True, exist_ok=True)
    with _locked(data / "host.lock"):
        old = load(data)
        new = make(old)
        if new != old:
            _write(data / FILE, msgspec.json.format(msgspec.json.encode(new)))
    return new


def update(data: Path, **values: object) -> State:
    """`change` to these values."""
    return change(data, lambda state: msgspec.structs.replace(state, **values))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _write(path: Path, content: bytes) -> None:
    room = path.with_name(ROOM)
    try:
        _replace(path, content)
    except OSError as error:
        if error.errno != errno.ENOSPC or not room.exists():
            raise
        room.unlink()
        _replace(path, content)
    if not room.exists():
        with contextlib.suppress(OSError):
            room.write_bytes(bytes(_BLOCK))


def _replace(path: Path, content: bytes) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """What was renamed in it stays so, whatever happens."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
