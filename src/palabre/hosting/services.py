"""What this host answers over the link, in the process `palabre link`. What it may do follows from its role at the moment."""

import asyncio
import contextlib
import functools
import struct
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from palabre.base.db import Database
from palabre.base.link import Address, LinkProblem, Peer, Service, answer, pipe
from palabre.base.postgres import prepare
from palabre.base.postgres.access import STANDBY_ROLE
from palabre.base.postgres.cluster import PORT
from palabre.features.portability import standby
from palabre.hosting import control, invite, state, store
from palabre.hosting.facts import compare, facts, media_store, shared_store
from palabre.hosting.names import FIRST, slot_of
from palabre.hosting.problems import HostProblem
from palabre.hosting.replicas import remove_slot
from palabre.hosting.state import State
from palabre.settings import Settings, networks_own

Args = dict[str, Any]
_USED = (
    "another host follows by this address. Ask there for one of your own (`palabre standby --invite`); if you are that "
    "host, set up anew, first `palabre standby --forget {name}` there"
)
_PROTOCOL = 3  # PostgreSQL's, the major number
_LONGEST_PACKET = 10_000  # bytes; PostgreSQL's own limit


class Services:
    """Of one data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data: Path = settings.data
        self._db: Database | None = None
        self._offered: Mapping[str, Service] = {}

    def all(self) -> dict[str, Service]:
        serving = {"hello": self.hello, "follow": self.follow, "postgres": self.postgres, "fence": self.fence}
        return {
            **{name: self._only("serving", service) for name, service in serving.items()},
            **{name: self._only("serving", self._media(name)) for name in ("blobs", "blob", "mirrored")},
            "promote": self._only("standby", self.promote),
            "status": self.status,
            "http": self.http,
        }

    def _only(self, role: str, service: Service) -> Service:
        @functools.wraps(service)
        async def checked(peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                if (found := state.load(self.data).role) != role:
                    raise HostProblem(f"the other host is {found} now, and does this only while {role}")
                if role == "serving" and peer.name == FIRST:
                    # The host in whose place we serve: perhaps in other hands by now. It forwards, and follows by invitation.
                    raise HostProblem("the other host serves in your place: ask there for an invitation")
                await service(peer, args, reader, writer)
            except (HostProblem, LinkProblem) as problem:
                await answer(writer, error=str(problem))

        return checked

    def _media(self, name: str) -> Service:
        async def service(peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if not self._offered:
                self._offered = standby.services(media_store(self.settings), self.db)
            await self._offered[name](peer, args, reader, writer)

        return service

    @property
    def db(self) -> Database:
        if self._db is None:
            self._db = Database(prepare(self.data).dsn, most=4)
        return self._db

    async def hello(self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What a new standby must know and have in common with us. `new`: it asks before it becomes one."""
        if args.get("new") and state.load(self.data).peers[peer.name].address:
            raise HostProblem(_USED.format(name=peer.name))
        here = await asyncio.to_thread(facts, self.data)
        told = {"network": networks_own(self.settings)}
        await answer(writer, **here, **told, media=shared_store(self.settings), term=state.load(self.data).term)

    async def follow(self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep what this standby will need, from now on; it is about to copy the rest. And remember its own link."""
        compare(args["facts"], await asyncio.to_thread(facts, self.data))
        theirs = Address.parse(args["address"])
        if not args.get("host_known"):
            theirs = Address(peer.host, theirs.port, theirs.name, theirs.pin, theirs.secret)

        def remember(old: State) -> State:
            before = old.peers[peer.name].address
            if before and Address.parse(before).pin != theirs.pin:
                raise HostProblem(_USED.format(name=peer.name))
            known = msgspec.structs.replace(old.peers[peer.name], address=str(theirs))
            return msgspec.structs.replace(old, peers=old.peers | {peer.name: known})

        state.change(self.data, remember)
        slot = slot_of(peer.name)
        async with self.db.transaction() as conn:
            await store.wait_for_nobody(conn)
            await store.make_role(conn)
        await remove_slot(self.db, slot)
        async with self.db.reading() as conn:
            await store.make_slot(conn, slot)
        await answer(writer, term=state.load(self.data).term)

    async def postgres(
        self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """The database's socket, for replication alone."""
        packet = await _startup(reader, peer.name)
        cluster = prepare(self.data)
        ours = await asyncio.open_unix_connection(cluster.socket_dir / f".s.PGSQL.{PORT}")
        ours[1].write(packet)
        await pipe((reader, writer), ours)

    async def status(self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Who serves, and how far it is: asked every second by a standby, and by a host that starts."""
        here = state.load(self.data)
        told: Args = {"role": here.role, "term": here.term, "promoting": here.promoting, "url": self.settings.origin}
        told["clock"] = time.time()
        if here.role == "moved":
            told["to_pin"] = Address.parse(here.to).pin
        if here.role == "serving":
            told["others"] = invite.others(here, peer.name)
            async with self.db.reading() as conn:
                slots = {row["name"]: row["kept"] for row in await store.slots(conn)}
                told |= {"written": await store.written(conn)}
            with contextlib.suppress(HostProblem):
                told["slot"] = slots.get(slot_of(peer.name))
        else:
            with contextlib.suppress(HostProblem):
                told |= await asyncio.to_thread(control.done, self.data, "status", 5)
        await answer(writer, **told)

    async def fence(self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The other host serves in our place: stop, at once and for good."""
        done = await asyncio.to_thread(
            control.done, self.data, "fence", 60, term=args["term"], url=args.get("url", ""), by=peer.name
        )
        await answer(writer, **done)

    async def promote(self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Each step as a line of its own; the last says `done`."""
        told: asyncio.Queue[Args | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def follow() -> None:
            try:
                for each in control.ask(self.data, "promote", 90, **args):
                    loop.call_soon_threadsafe(told.put_nowait, each)
            except HostProblem as problem:
                loop.call_soon_threadsafe(told.put_nowait, {"error": str(problem)})
            finally:
                loop.call_soon_threadsafe(told.put_nowait, None)

        asking = asyncio.create_task(asyncio.to_thread(follow))
        while (each := await told.get()) is not None:
            await answer(writer, **each)
        await asking

    async def http(self, peer: Peer, args: Args, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Our web port."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.host, self.settings.host)  # noqa: S104
        await pipe((reader, writer), await asyncio.open_connection(host, self.settings.port))


async def _startup(reader: asyncio.StreamReader, name: str) -> bytes:
    """The first packet of a connection to PostgreSQL, made anew from what may stand in it. Raises ValueError."""
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    if not 8 < length <= _LONGEST_PACKET:
        raise ValueError("no startup packet")
    body = await reader.readexactly(length - 4)
    (version,) = struct.unpack("!I", body[:4])
    words = body[4:].split(b"\0")
    given = dict(zip(words[:-1:2], words[1::2], strict=False))
    if version >> 16 != _PROTOCOL or given.get(b"user") != STANDBY_ROLE.encode():
        raise ValueError(f"only {STANDBY_ROLE} may connect")
    if given.get(b"replication") not in (b"true", b"on", b"yes", b"1"):
        raise ValueError("only replication may be asked for")
    # A base backup has a stream of its own, which nobody may wait for.
    copying = given.get(b"application_name") == b"pg_basebackup"
    kept = {
        b"user": STANDBY_ROLE.encode(),
        b"replication": b"true",
        b"application_name": b"pg_basebackup" if copying else name.encode(),
    }
    packed = b"".join(key + b"\0" + value + b"\0" for key, value in kept.items()) + b"\0"
    return struct.pack("!II", len(packed) + 8, version) + packed
