"""The role `standby`: the first host's database and media, copied and followed, until somebody promotes this host."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from palabre.base.db import UNREACHABLE, Database, Error
from palabre.base.link import Address, LinkProblem, ask
from palabre.base.postgres import Server, access, prepare, service_user
from palabre.base.postgres.access import STANDBY_ROLE
from palabre.features.portability.standby import Progress, follow_media
from palabre.hosting import base_backup, clocks, enlist, state, store
from palabre.hosting.doors import open_door
from palabre.hosting.facts import facts, media_store, shared_store
from palabre.hosting.host import Host
from palabre.hosting.lag import Lag
from palabre.hosting.names import slot_of
from palabre.hosting.network import postgres_settings
from palabre.hosting.problems import HostProblem, StartFailed
from palabre.hosting.promote import Say, Takeover, take_over
from palabre.hosting.waiting_page import answering

_log = structlog.get_logger()
_PAUSE = 5.0  # seconds until something that failed is tried again
_EVERY = 1.0
_ALARM = 60.0  # seconds
_SERVING_SECONDS = 60
_NO_STANDBYS = (
    "the database in {} is no standby's, though host.json says so: has it been started by hand? "
    "Copy it anew into an empty folder (`palabre standby --of`)"
)


class Standby:
    def __init__(self, host: Host) -> None:
        self.host = host
        self.first = Address.parse(host.state.of)
        self.lag = Lag()
        self.media: Progress | None = None
        self.copied: tuple[int, int] | None = None
        self.slot = ""
        self.problem = ""
        self.clock_ahead: float | None = None
        self._leave = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._takeover: Takeover | None = None
        self._sacred: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        data = self.host.data
        lock = await asyncio.to_thread(access.take, data / "standby.lock", service_user.choose(data / "postgres", data))
        try:
            with self.host.doing(status=self.status, promote=self.promote):
                await self.host.open_control()
                words = f"This is the standby of {self.first.place}. It does not serve until it is promoted."
                async with answering(await self.host.listen(), words):
                    self.host.start_link()
                    await self.host.watch(self._leave, self._work(), self.host.keep_database())
        finally:
            await asyncio.gather(*self._sacred, return_exceptions=True)
            os.close(lock)

    async def _work(self) -> None:
        if self.host.state.promoting:
            self.host.voice.say("A promotion was interrupted here: completing it.")
            await self._take_over(force=True).task
            return
        self._following = following = asyncio.create_task(self._follow())
        try:
            await asyncio.wait({following})
            if not following.cancelled():
                following.result()
            await self._leave.wait()
        finally:
            await self._stop_following()

    async def _follow(self) -> None:
        while True:
            if base_backup.is_there(self.host.data):
                await self._stream()
                self.host.voice.say(
                    f"{self.first.place} no longer has what this standby misses: it was away for too long (standby_keep "
                    "there says how much is kept). It copies the database anew; what it has stays until then."
                )
            await self._copy()

    async def _copy(self) -> None:
        """However often it takes. Raises StartFailed when the first host does not want us."""
        self.host.voice.say(f"Copying the database of {self.first.place}…")
        while True:
            try:
                await self._register()
                await base_backup.take(self.host.data, self.first, self._progress)
                break
            except (HostProblem, LinkProblem, OSError) as problem:
                if getattr(problem, "refused", False) and not base_backup.is_there(self.host.data):
                    raise StartFailed(str(problem)) from problem
                self.host.voice.say(f"{problem} (Trying again.)")
                await asyncio.sleep(_PAUSE)
        self.copied = None
        await self._uninterrupted(self._replace())

    async def _replace(self) -> None:
        await self.host.stop_postgres()
        await asyncio.to_thread(base_backup.put_in_place, self.host.data)

    def _progress(self, done: int, total: int) -> None:
        self.copied = (done, total)
        self.host.voice.progress("database kB", done, total)

    async def _register(self) -> None:
        """Have the first host keep all that we don't have from now on, and tell it where our own link is."""
        settings = self.host.settings
        known = settings.link_host not in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        ours = enlist.our_address(settings, self.host.link_port)
        self.host.start_link()
        here = await asyncio.to_thread(facts, self.host.data)
        found = await ask(self.first, "follow", facts=here, address=str(ours), host_known=known)
        state.update(self.host.data, term=found["term"])

    async def _stream(self) -> None:
        """Until the first host no longer keeps what we miss."""
        data = self.host.data
        if self.host.postgres is None:
            await self._uninterrupted(self._replace())
        cluster = prepare(data)
        async with open_door(data, self.first, cluster.service_user) as folder:
            if self.host.postgres is None:
                if not (cluster.data / "standby.signal").exists():
                    raise StartFailed(_NO_STANDBYS.format(cluster.data))
                await self._uninterrupted(self._start(Server(cluster, self._settings(str(folder)))))
            self.host.voice.say(f"Following {self.first.place}; `palabre promote` makes this host serve in its place.")
            media = asyncio.create_task(self._follow_media())
            try:
                await self._watch_lag(cluster.dsn)
            finally:
                media.cancel()
                await asyncio.gather(media, return_exceptions=True)

    async def _start(self, server: Server) -> None:
        await asyncio.to_thread(server.start)
        self.host.postgres = server

    async def _uninterrupted(self, work: Coroutine[Any, Any, None]) -> None:
        """Who waits for it may be cancelled; the work goes on to its end."""
        task = asyncio.create_task(work)
        self._sacred.add(task)
        task.add_done_callback(self._sacred.discard)
        await asyncio.shield(task)

    def _settings(self, folder: str) -> dict[str, str]:
        return postgres_settings(self.host.settings) | {
            "primary_conninfo": f"host={folder} user={STANDBY_ROLE} application_name={self.first.name}",
            "primary_slot_name": slot_of(self.first.name),
            "wal_retrieve_retry_interval": "500ms",
            "hot_standby": "on",
        }

    async def _watch_lag(self, dsn: str) -> None:
        db = Database(dsn, most=1)
        alarmed = False
        try:
            while True:
                await self._look(db)
                if self.slot in ("lost", "none"):
                    return
                behind = (self.lag.seconds or 0) > _ALARM
                if behind and not alarmed:
                    _log.warning(
                        "standby_behind", seconds=self.lag.seconds, bytes=self.lag.bytes, silent=self.lag.silent
                    )
                alarmed = behind
                await asyncio.sleep(_EVERY)
        finally:
            await db.close()

    async def _look(self, db: Database) -> None:
        try:
            async with asyncio.timeout(_PAUSE):
                found, self.clock_ahead = await clocks.ask_status(self.first)
        except (LinkProblem, TimeoutError) as problem:
            self.problem = str(problem) or f"{self.first.place} does not answer."
        else:
            self.problem = ""
            if found.get("role") == "serving" and "written" in found:
                self.lag.heard(found["written"])
                self.slot = found.get("slot") or "none"
                here = self.host.state
                told = {"term": max(found["term"], here.term), "others": found.get("others", {})}
                if told != {"term": here.term, "others": here.others}:
                    state.update(self.host.data, **told)
        with contextlib.suppress(*UNREACHABLE, Error):
            async with db.reading() as conn:
                self.lag.replayed(await store.replayed(conn))

    async def _follow_media(self) -> None:
        settings = self.host.settings
        if (ours := shared_store(settings)) and ours == await self._their_store():
            self.host.voice.say("Media lie in a store that both hosts use: there is nothing to copy.")
            self.media = Progress(complete=True)
            return

        def note(progress: Progress) -> None:
            if progress.complete and not (self.media and self.media.complete):
                self.host.voice.say(f"All {progress.total} media files are here; changes follow.")
            self.media = replace(progress)

        await follow_media(self.first, media_store(settings), told=note)

    async def _their_store(self) -> str:
        while True:
            with contextlib.suppress(LinkProblem):
                return str((await ask(self.first, "hello")).get("media", ""))
            await asyncio.sleep(_PAUSE)

    async def _stop_following(self) -> None:
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
            self._following = None

    # --- what the control socket asks

    async def status(self) -> AsyncIterator[dict[str, Any]]:
        here = self.host.state
        media = self.media
        yield {
            "done": {
                "role": here.role,
                "term": here.term,
                "promoting": here.promoting,
                "of": self.first.shown,
                "copying": self.copied,
                "seconds_behind": self.lag.seconds,
                "bytes_behind": self.lag.bytes,
                "seconds_silent": self.lag.silent,
                "slot": self.slot,
                "problem": self.problem,
                "clock_ahead": self.clock_ahead,
                "media_waiting": media and media.total - media.copied + media.waiting,
                "media_complete": media and media.complete,
                "media_problem": media and media.problem,
            }
        }

    async def promote(self, force: bool = False) -> AsyncIterator[dict[str, Any]]:
        """Whoever asks second is told what the first one's promotion does."""
        if not base_backup.is_there(self.host.data):
            raise HostProblem("this standby has not copied the database yet: there is nothing to promote")
        if self._takeover and not self._takeover.task.done():
            yield {"step": "This host is being promoted already:"}
        async for step in self._take_over(force).steps():
            yield {"step": step}
        await self._until_serving()
        yield {"done": f"This host serves, in term {self.host.state.term}."}

    async def _until_serving(self) -> None:
        for _ in range(_SERVING_SECONDS):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.host.serving.wait()
                    return
            if (here := self.host.state).role == "moved":
                raise HostProblem(
                    f"{Address.parse(here.to).place} was promoted, too, and serves: this host hands on to it"
                )
        raise HostProblem("the promotion is done, but no page is served yet; see the log of `palabre serve`")

    def _take_over(self, force: bool) -> Takeover:
        """The one under way, or a new one."""
        if self._takeover is None or (self._takeover.task.done() and not self._leave.is_set()):
            self._takeover = Takeover(partial(self._taken_over, force), self.host.voice.say)
        return self._takeover

    async def _taken_over(self, force: bool, say: Say) -> None:
        await take_over(self.host.data, prepare(self.host.data).dsn, say, force=force, hold=self._hold)
        self._leave.set()

    async def _hold(self) -> None:
        """The database as it is, and nobody feeds it any more."""
        await self._stop_following()
        await asyncio.gather(*self._sacred, return_exceptions=True)
        if self.host.postgres is None:
            await asyncio.to_thread(base_backup.put_in_place, self.host.data)
            await self._uninterrupted(
                self._start(Server(prepare(self.host.data), postgres_settings(self.host.settings)))
            )
