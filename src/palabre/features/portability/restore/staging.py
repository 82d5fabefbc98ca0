"""The folder in which a restore prepares everything, inside the data folder that it is for: `DATA/.restore`.

state.json      what is being restored, so that the same command goes on and another one is refused
lock            held while somebody works here
files/          what was fetched of the archive
media/          media, opened and verified
data/postgres   the cluster being filled
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from palabre.base.postgres import RESTORING
from palabre.features.portability.restore.problems import RestoreProblem

#: What a data folder may hold that is to be restored into.
_HARMLESS = {"palabre.toml", "lost+found", RESTORING}
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class State(msgspec.Struct):
    """`run`: names this restore in the database; `boot`: when the machine was started, for what was written since then
    and not yet made durable; `placed`: all is ready, and being moved to its place."""

    run: str
    archive: str
    boot: str
    database: str = ""
    placed: bool = False


class Staging:
    """Raises RestoreProblem where this folder can't be restored into."""

    def __init__(self, data: Path) -> None:
        self.target = data.absolute()
        self.folder = self.target / RESTORING
        self.state_file = self.folder / "state.json"
        self.files = self.folder / "files"
        self.media = self.folder / "media"
        self.data = self.folder / "data"

    def check_target(self) -> None:
        """Nothing of a network may be there, but for a restore begun before."""
        if not self.target.exists():
            return
        if not self.target.is_dir():
            raise RestoreProblem(f"{self.target} is a file. Give a new or empty folder (--data DIR).")
        found = sorted(each.name for each in self.target.iterdir() if each.name not in _HARMLESS)
        if found and not self.is_placing():
            raise RestoreProblem(
                f"{self.target} isn't empty: it holds {', '.join(found[:3])}{'…' if len(found) > 3 else ''}. "
                "Give a new or empty folder (--data DIR): a restore never overwrites anything."
            )

    def is_placing(self) -> bool:
        state = self.state()
        return state is not None and state.placed

    def state(self) -> State | None:
        with contextlib.suppress(FileNotFoundError, msgspec.DecodeError):
            return msgspec.json.decode(self.state_file.read_bytes(), type=State)
        return None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """The folder made, and nobody else at work in it meanwhile."""
        there = self.target.exists()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.folder.is_symlink():
            raise RestoreProblem(
                f"{self.folder} is a link: remove it. A restore prepares everything in a folder there."
            )
        if not there:
            self.target.chmod(0o755)
        if os.geteuid() == 0 and (owner := self.target.stat()).st_uid:
            os.chown(self.folder, owner.st_uid, owner.st_gid)
        with held(self.folder / "lock", f"Another restore into {self.target} is at work."):
            yield

    def begin(self, archive: str, database: str) -> State:
        """What is being restored here; gone on with, where it is the same as before."""
        state = self.state()
        if state is None:
            state = State(secrets.token_hex(8), archive, _boot(), database)
            self.save(state)
        if state.archive != archive or state.database != database:
            other = f"archive {state.archive}" if state.archive != archive else "another database"
            raise RestoreProblem(
                f"A restore of {other} into {self.target} was begun and isn't finished. Give that command again, "
                "or begin anew with --start-over."
            )
        if state.boot != _boot():
            # While it is filled nothing is flushed to the disk, so that after a restart of the machine it may have holes.
            shutil.rmtree(self.data, ignore_errors=True)
            state.boot = _boot()
            self.save(state)
        return state

    def save(self, state: State) -> None:
        aside = self.state_file.with_suffix(".new")
        with aside.open("wb") as file:
            file.write(msgspec.json.encode(state))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.state_file)
        flush_folder(self.folder)

    def throw_away(self) -> None:
        """All that was prepared; but never what is in its place already."""
        for each in self.folder.iterdir() if self.folder.exists() else ():
            if each.name != "lock":
                shutil.rmtree(each) if each.is_dir() else each.unlink()

    def remove(self) -> None:
        shutil.rmtree(self.folder)
        flush_folder(self.target)


@contextlib.contextmanager
def held(path: Path, otherwise: str) -> Iterator[None]:
    """A lock that ends with its holder. Raises RestoreProblem where somebody else has it."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RestoreProblem(otherwise) from error
        yield


def flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _boot() -> str:
    with contextlib.suppress(OSError):
        return _BOOT.read_text().strip()
    return ""
