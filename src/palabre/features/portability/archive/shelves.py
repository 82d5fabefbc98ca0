"""Names and sizes of any number of media, on disk instead of in memory, shelved by how their stored names begin."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SHELVES = 256
_HELD = 2 * 1024**2


class Shelves:
    """`add` lines in any order, then read one shelf after the other, each small enough for memory."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._held: dict[str, list[str]] = defaultdict(list)
        self._size = 0
        self.count = 0

    def add(self, shelf: str, text: str, size: int) -> None:
        """`shelf`: two hexadecimal digits."""
        line = f"{text}\t{size}\n"
        self._held[shelf].append(line)
        self._size += len(line)
        self.count += 1
        if self._size > _HELD:
            self._put_down()

    def shelf(self, shelf: str) -> Iterator[tuple[str, int]]:
        self._put_down()
        path = self._folder / shelf
        if path.exists():
            with path.open() as file:
                for line in file:
                    text, _, size = line.rstrip("\n").partition("\t")
                    yield text, int(size)

    def _put_down(self) -> None:
        for shelf, lines in self._held.items():
            with (self._folder / shelf).open("a") as file:
                file.writelines(lines)
        self._held.clear()
        self._size = 0
