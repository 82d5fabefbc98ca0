"""The side that is called: one port, a handshake, and a service by name for who proves himself."""

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from palabre.base.link import wire
from palabre.base.link.identity import Identity
from palabre.base.link.problem import LinkProblem

MOST_STRANGERS = 256
"""Connections at once that have not proved themselves, beside those from where somebody has done so before."""
MOST_STRANGERS_OF_ONE_HOST = 64

log = structlog.get_logger("palabre.link")


@dataclass(frozen=True)
class Peer:
    """Who called: the name it proved, and the IP address it called from."""

    name: str
    host: str


Service = Callable[[Peer, dict[str, Any], asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Admits = Callable[[str, str], bool]


async def serve(
    host: str, port: int, identity: Identity, admits: Admits, services: Mapping[str, Service]
) -> "Listening":
    """Answer on this port (0: any free one). `admits(name, secret)` compares in constant time (`matches`).

    Raises LinkProblem when the port can't be had.
    """
    try:
        tcp = await asyncio.to_thread(_bound, host, port)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0]
        raise LinkProblem(f"Port {port} of {host} can't be used for the link: {why}. Set another link_port.") from error
    return Listening(tcp, identity, admits, services)


def _bound(host: str, port: int) -> socket.socket:
    family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    both = host == "::" and socket.has_dualstack_ipv6()
    tcp = socket.create_server(where[:2], family=family, backlog=1024, dualstack_ipv6=both)
    tcp.setblocking(False)
    return tcp


class Listening:
    """A link that answers, until `close()`."""

    def __init__(self, tcp: socket.socket, identity: Identity, admits: Admits, services: Mapping[str, Service]) -> None:
        self.port: int = tcp.getsockname()[1]
        self._tcp = tcp
        self._context = identity.context()
        self._admits = admits
        self._services = services
        self._strangers: Counter[str] = Counter()
        self._known: set[str] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.create_task(self._accept())

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        self._accepting.cancel()
        await asyncio.wait([self._accepting])
        self._tcp.close()
        for call in self._calls:
            call.cancel()
        if self._calls:
            await asyncio.wait(self._calls)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                tcp, where = await loop.sock_accept(self._tcp)
            except OSError as error:  # no descriptors left, or the caller was gone again
                log.warning("the link can't take a call", error=str(error))
                await asyncio.sleep(0.5)
                continue
            host = where[0]
            if host not in self._known and self._are_too_many(host):
                tcp.close()
                continue
            self._strangers[host] += 1
            call = asyncio.create_task(self._answer(tcp, host))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    def _are_too_many(self, host: str) -> bool:
        return self._strangers.total() >= MOST_STRANGERS or self._strangers[host] >= MOST_STRANGERS_OF_ONE_HOST

    async def _answer(self, tcp: socket.socket, host: str) -> None:
        try:
            admitted = await self._admit(tcp, host)
        finally:
            self._strangers -= Counter([host])  # forgets who is at none
        if admitted is None:
            return
        self._known.add(host)
        peer, service, args, (reader, writer) = admitted
        try:
            await service(peer, args, reader, writer)
        except (OSError, ValueError, EOFError, LinkProblem) as error:
            log.info("a call over the link ended early", peer=peer.name, error=str(error) or type(error).__name__)
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        except Exception:
            log.exception("a service of the link failed", peer=peer.name)
            writer.transport.abort()
        finally:
            await wire.hang_up(writer)

    async def _admit(self, tcp: socket.socket, host: str) -> tuple[Peer, Service, dict[str, Any], wire.Streams] | None:
        """Handshake and first lines. A stranger learns nothing but "no", and who dawdles is cut."""
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(wire.HANDSHAKE_SECONDS):
                wire.watch(tcp, sending=False)
                reader, writer = await self._streams(tcp)
                hello = await wire.hear_first(reader)
                name, secret, service = (str(hello.get(key, "")) for key in ("name", "secret", "service"))
                no: dict[str, Any] | None = None
                if not self._admits(name, secret):
                    no = {"no": "you"}
                elif hello.get("link") != wire.VERSION:
                    no = {"no": "version", "link": wire.VERSION}
                elif service not in self._services:
                    no = {"no": "service"}
                if no is None:
                    await wire.say(writer, {"link": wire.VERSION})
                    return Peer(name, host), self._services[service], _args(hello), (reader, writer)
                log.warning("a call over the link was refused", host=host, why=no["no"])
                await wire.say(writer, no)
                await wire.hang_up(writer, 2)
        except (OSError, ValueError, EOFError, TimeoutError):  # ssl.SSLError is an OSError
            pass
        except BaseException:  # whatever a stranger brought about, his connection doesn't outlive it
            if writer:
                writer.transport.abort()
            raise
        if writer:
            writer.transport.abort()
        return None

    async def _streams(self, tcp: socket.socket) -> wire.Streams:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=wire.LIMIT, loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol,
            tcp,
            ssl=self._context,
            ssl_handshake_timeout=wire.HANDSHAKE_SECONDS,
            ssl_shutdown_timeout=wire.FAREWELL_SECONDS,
        )
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _args(hello: dict[str, Any]) -> dict[str, Any]:
    args = hello.get("args")
    return args if isinstance(args, dict) else {}
