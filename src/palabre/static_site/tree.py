"""The folder of a copy: what is new is written aside and moved into place at the end, and what is gone is removed.

So whoever reads the copy meanwhile finds the earlier one, and each file whole at any moment.
"""

import fcntl
import filecmp
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from palabre.static_site.store import Ledger
from palabre.static_site.wish import StaticProblem

_ASIDE = ".palabre-static"  # the ledger, and what is not in place yet: only what the copy shows anyway
FRONT = "index.html"
_AT_ONCE = 1_000


class Tree:
    """`unchanged`, `written` and `removed` count files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._own, self._coming = root / _ASIDE, root / _ASIDE / "coming"
        self.unchanged = self.written = self.removed = 0
        _check(root, self._own)
        self._coming.mkdir(parents=True, exist_ok=True)
        self._lock = (self._own / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise StaticProblem(f"Another copy is being written to {root}. Wait for it, or stop it.") from error
        self.ledger = Ledger(self._own / "ledger.sqlite")

    def close(self) -> None:
        self.ledger.close()
        self._lock.close()

    def begin(self) -> None:
        """Throw away what an earlier run left half-way, so that no later one goes on with it."""
        self.ledger.keep_note("state", "begun")
        self.ledger.commit()
        shutil.rmtree(self._coming)
        self._coming.mkdir()
        for half in self._own.glob("half-*"):
            half.unlink()
        self.ledger.begin()

    def write(self, path: str, content: bytes) -> None:
        aside = self.aside(path)
        aside.write_bytes(content)
        self.keep(aside, path)

    def keep(self, aside: Path, path: str) -> None:
        """A file that was written to `aside(path)` is whole; if it is what is in place already, that stays."""
        target, there = self._coming / path, self.root / path
        if there.is_file() and filecmp.cmp(aside, there, shallow=False):
            aside.unlink()
            self.unchanged += 1
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            aside.replace(target)
            self.written += 1
        self.ledger.has_file(path)

    def aside(self, path: str) -> Path:
        """Where to write a file before it is kept."""
        return self._own / f"half-{hashlib.sha256(path.encode()).hexdigest()}"

    def keeps(self, path: str, size: int) -> bool:
        """Whether a file whose content never changes under its name is there already; then it stays."""
        file = self.root / path
        if not file.is_file() or file.stat().st_size != size:
            return False
        self.ledger.has_file(path)
        self.unchanged += 1
        return True

    def publish(self, tell: Callable[[str, int, int], None]) -> None:
        """Move what is new into place, the front page last, and remove what is gone. May be cut off and done again."""
        done = 0
        for folder, _, names in os.walk(self._coming):
            for name in names:
                file = Path(folder) / name
                if file != self._coming / FRONT:
                    self._place(file)
                    done += 1
                    tell("in place", done, max(done, self.written))
        if (self._coming / FRONT).exists():
            self._place(self._coming / FRONT)
        while paths := self.ledger.leftovers(_AT_ONCE):
            for path in paths:
                self._remove(path)
        self.ledger.commit()
        shutil.rmtree(self._coming)
        self._coming.mkdir()

    def _place(self, file: Path) -> None:
        target = self.root / file.relative_to(self._coming)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)

    def _remove(self, path: str) -> None:
        file = self.root / path
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.root or (folder.exists() and any(folder.iterdir())):
                break
            with suppress(FileNotFoundError):  # removed by a run that was cut off here
                folder.rmdir()
        self.ledger.forget_file(path)
        self.removed += 1


def _check(root: Path, own: Path) -> None:
    if root.exists() and not root.is_dir():
        raise StaticProblem(f"{root} is a file. Name a folder to write to.")
    if root.is_dir() and any(root.iterdir()) and not own.is_dir():
        raise StaticProblem(
            f"{root} holds other things than a copy. Name an empty folder, or one that isn't there yet."
        )
