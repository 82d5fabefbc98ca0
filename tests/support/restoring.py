"""Bringing the network under test back from an archive, and being in it."""

import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from palabre.app import App
from palabre.base import blobs
from palabre.base.db import Database
from palabre.base.postgres import Server, prepare
from palabre.features.instance.about import forget
from palabre.features.portability.archive.sealing import Opener, read_identities
from palabre.features.portability.restore import Options, Restored, Target, restore
from tests.support.network import Network
from tests.support.people import Person


async def brings_back(source: Path | str, to: Path, *, private: str = "", **more: Any) -> Restored:
    """`more`: of the target, or of the options."""
    options = Options(**{name: more.pop(name) for name in list(more) if name in Options.__dataclass_fields__})
    opener = Opener(read_identities(private) if private else [])
    progress = more.pop("progress", lambda *_: None)
    return await restore(str(source), Target(to, **more), opener=opener, progress=progress, options=options)


@contextlib.asynccontextmanager
async def being_in(folder: Path, dsn: str = "") -> AsyncIterator[Network]:
    """The network in this folder, in this process."""
    before = blobs.current()
    server = None if dsn else Server(prepare(folder), {"fsync": "off"})
    if server:
        server.start()
    db = Database(dsn or prepare(folder).dsn, most=4)
    try:
        blobs.use(blobs.open_store(str(folder / "media")))
        forget()
        yield Network(App(db))
    finally:
        await db.close()
        blobs.use(before)
        forget()
        if server:
            server.stop()


def there(person: Person, network: Network) -> Person:
    """The same person with the same token in another network."""
    return Person(network, person.name, int(person.id), person.token)


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from palabre.features.portability.archive.sealing import Opener
from palabre.features.portability.restore import Options, Target, restore
import palabre.consequences

source, folder, at = sys.argv[1:]

def progress(part, done, total):
    if part == at:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(restore(source, Target(Path(folder)), opener=Opener([]), progress=progress, options=Options()))
"""


def killed_at(part: str, source: Path, to: Path) -> int:
    """A restore in a process of its own that is killed as soon as it tells of this part; its exit status."""
    return subprocess.run([sys.executable, "-c", _KILLED, str(source), str(to), part], timeout=100).returncode
