"""A network and its standby: two data folders and ports on this machine, and a real link between them."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

from palabre.base.db import Database
from palabre.base.postgres import prepare
from palabre.hosting import control
from palabre.hosting.doors import folder_of
from palabre.hosting.problems import HostProblem
from tests.support.running import Running, free_port, until


class Host(Running):
    """One of the two."""

    reached_by = "127.0.0.1"

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder, PALABRE_LINK_PORT=str(free_port()), **settings)

    def end(self) -> None:
        super().end()
        shutil.rmtree(folder_of(self.folder), ignore_errors=True)  # what kill -9 left in /tmp

    def invite(self, name: str = "") -> str:
        """The address for a new standby."""
        said = self.command("standby", "--invite", "--host", self.reached_by, *(["--name", name] if name else []))
        assert said.returncode == 0, said.stderr
        found = re.search(r"'(palabre://\S+)'", said.stdout)
        assert found, said.stdout
        return found[1]

    def follow(self, address: str) -> None:
        """Become the standby of that address; returns once it has everything."""
        self.process = self.launch("standby", "--of", address)
        self.until_following()
        assert self.process and b"secret" not in Path(f"/proc/{self.process.pid}/cmdline").read_bytes()

    def until_following(self) -> None:
        process = self.process
        until(lambda: self._has_everything() or (process and process.poll() is not None), self.said())
        assert process and process.poll() is None, self.said()

    def _has_everything(self) -> bool:
        told = self.status()
        behind = told.get("seconds_behind")
        return behind is not None and behind < 5 and bool(told.get("media_complete"))

    def status(self) -> dict[str, Any]:
        """What its supervisor says, as `palabre standby --status` asks it; empty while nothing runs."""
        try:
            return dict(control.done(self.folder, "status"))
        except HostProblem:
            return {}

    def kill_all(self) -> None:
        """kill -9 of every process at once, as when the power goes."""
        while pids := self.pids():
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if self.process:
                self.process.poll()


Hosts = Callable[..., Host]
"""Makes a host of this name, with these settings."""


@dataclass
class Ledger:
    """Every post that was acknowledged, with the moment it was."""

    acknowledged: dict[str, float] = field(default_factory=dict)

    def lost(self, there: set[str]) -> dict[str, float]:
        return {text: at for text, at in self.acknowledged.items() if text not in there}


@contextlib.contextmanager
def writing(host: Running, tokens: dict[str, str]) -> Iterator[Ledger]:
    """Meanwhile each of these members posts one thing after the other."""
    ledger, over = Ledger(), threading.Event()

    def write(name: str, token: str) -> None:
        with host.http(token) as http:
            number = 0
            while not over.is_set():
                text = f"{name} says {(number := number + 1)}"
                try:
                    if http.post("/api/v1/statuses", json={"status": text}).status_code == 200:
                        ledger.acknowledged[text] = time.monotonic()
                except httpx.HTTPError:
                    over.wait(0.05)

    threads = [threading.Thread(target=write, args=member, daemon=True) for member in tokens.items()]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def posts(host: Running, token: str) -> set[str]:
    """All that this member ever wrote, as the host serves it."""
    with host.http(token) as http:
        me = http.get("/api/v1/accounts/verify_credentials")
        assert me.status_code == 200, me.text
        url: str | None = f"/api/v1/accounts/{me.json()['id']}/statuses?limit=40"
        found: set[str] = set()
        while url:
            page = http.get(url)
            assert page.status_code == 200, page.text
            found |= {re.sub("<[^>]+>", "", post["content"]) for post in page.json()}
            following = page.links.get("next", {}).get("url") if page.json() else None
            url = following and re.sub("^https?://[^/]+", "", following)
        return found


def outrun(host: Running) -> None:
    """Write so much that the database no longer keeps what a standby misses."""

    async def go() -> None:
        db = Database(prepare(host.folder).dsn, most=1)
        async with db.dedicated() as raw:
            while await raw.fetchval("SELECT wal_status FROM pg_replication_slots") != "lost":
                await raw.execute("SELECT pg_switch_wal(), pg_logical_emit_message(false, 'test', repeat('x', 1000))")
                await raw.execute("CHECKPOINT")
        await db.close()

    asyncio.run(go())
