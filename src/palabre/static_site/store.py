"""What a copy consists of, on disk: what waits to be fetched, what is there, and whose file each is.

SQLite, so that a community of any size fits into little memory and a run that was cut off goes on where it stood.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS addresses (
    number INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, found_on TEXT, status TEXT NOT NULL DEFAULT 'waiting',
    indexed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS waiting ON addresses (number) WHERE status = 'waiting';
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, run INTEGER NOT NULL) WITHOUT ROWID;
"""


class Ledger:
    """`run` counts the copies made into this folder. Nothing is durable before `commit`."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file)
        self._db.executescript(_SCHEMA)
        self._db.execute("PRAGMA synchronous = off")  # safe against kill -9; after a power cut one starts anew

    def close(self) -> None:
        self._db.close()

    def commit(self) -> None:
        self._db.commit()

    def note(self, name: str) -> str:
        found = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def keep_note(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    @property
    def run(self) -> int:
        return int(self.note("run") or 0)

    def begin(self) -> None:
        """A new run, which knows of no address yet."""
        self._db.execute("DELETE FROM addresses")
        self.keep_note("run", str(self.run + 1))

    def want(self, addresses: Iterable[str], found_on: str | None = None) -> None:
        rows = ((address, found_on) for address in addresses)
        self._db.executemany("INSERT OR IGNORE INTO addresses (address, found_on) VALUES (?, ?)", rows)

    def waiting(self, most: int) -> list[tuple[int, str]]:
        """The next ones, each with its number: as many were asked for before it."""
        return self._db.execute(
            "SELECT number, address FROM addresses WHERE status = 'waiting' ORDER BY number LIMIT ?", (most,)
        ).fetchall()

    def known(self) -> int:
        """How many addresses have been found so far."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM addresses").fetchone()[0])

    def settle(self, address: str, status: str, *, indexed: bool = False) -> None:
        """`status`: there, gone or broken. `indexed`: whether search engines shall be told of it."""
        self._db.execute("UPDATE addresses SET status = ?, indexed = ? WHERE address = ?", (status, indexed, address))

    def status(self, address: str) -> str | None:
        found = self._db.execute("SELECT status FROM addresses WHERE address = ?", (address,)).fetchone()
        return str(found[0]) if found else None

    def found_on(self, address: str) -> str | None:
        found = self._db.execute("SELECT found_on FROM addresses WHERE address = ?", (address,)).fetchone()
        return found[0] if found else None

    def with_status(self, status: str) -> Iterator[str]:
        for row in self._db.execute("SELECT address FROM addresses WHERE status = ? ORDER BY number", (status,)):
            yield row[0]

    def indexed(self) -> Iterator[str]:
        for row in self._db.execute("SELECT address FROM addresses WHERE indexed AND status = 'there' ORDER BY number"):
            yield row[0]

    def has_file(self, path: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (path, self.run))

    def leftovers(self, most: int) -> list[str]:
        """Files of earlier runs that the newest one hasn't."""
        rows = self._db.execute("SELECT path FROM files WHERE run < ? LIMIT ?", (self.run, most))
        return [row[0] for row in rows]

    def forget_file(self, path: str) -> None:
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))
