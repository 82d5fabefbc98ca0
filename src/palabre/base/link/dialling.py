"""The side that calls: it checks the certificate before it says its secret."""

import asyncio
import hashlib
import hmac
import socket
import ssl
from typing import Any

from palabre.base.link import wire
from palabre.base.link.address import Address
from palabre.base.link.problem import LinkProblem


async def dial(address: Address, service: str, /, **args: Any) -> wire.Streams:
    """Both ends of a stream to this service of the other host, once it has said yes. Raises LinkProblem."""
    try:
        async with asyncio.timeout(wire.HANDSHAKE_SECONDS):
            reader, writer = await _connected(address)
            try:
                await _introduce(address, service, args, reader, writer)
            except BaseException:
                writer.transport.abort()
                raise
            return reader, writer
    except TimeoutError:
        raise LinkProblem(
            f"{address.place} doesn't answer. Is the host up, and does its firewall let that port through?"
        ) from None


async def ask(address: Address, service: str, /, **args: Any) -> dict[str, Any]:
    """The one answer this service gives. Raises LinkProblem, also when the service answers with an `error`."""
    reader, writer = await dial(address, service, **args)
    try:
        found = await wire.hear(reader)
    except (OSError, ValueError, EOFError):
        raise LinkProblem(f"{address.place} broke off before answering; try again.") from None
    finally:
        await wire.hang_up(writer, 1)
    if "error" in found:
        raise LinkProblem(str(found["error"]))
    return found


async def answer(writer: asyncio.StreamWriter, /, **fields: Any) -> None:
    """What a service replies to `ask`. A field `error` is raised there, as it stands."""
    await wire.say(writer, fields)


async def _connected(address: Address) -> wire.Streams:
    try:
        tcp = await _tcp(address)
    except ConnectionRefusedError as error:
        raise LinkProblem(
            f"Nothing answers at {address.place}. Does `palabre serve` run there, and was this host invited?"
        ) from error
    except OSError as error:
        raise LinkProblem(f"{address.place} can't be reached: {error.strerror or error}.") from error
    try:
        reader, writer = await asyncio.open_connection(
            sock=tcp,
            limit=wire.LIMIT,
            ssl=_context(),
            server_hostname="",
            ssl_handshake_timeout=2 * wire.HANDSHAKE_SECONDS,  # `dial` is quicker to give up, with better words
            ssl_shutdown_timeout=wire.FAREWELL_SECONDS,
        )
    except (OSError, EOFError) as error:  # ssl.SSLError is an OSError
        raise LinkProblem(
            f"What answers at {address.place} isn't the link of a Palabre host, or has too many callers. "
            "Check host and port of the address (link_port there)."
        ) from error
    _check_pin(address, writer)
    return reader, writer


async def _tcp(address: Address) -> socket.socket:
    """Connected to the first of the host's IP addresses that answers: that it has IPv6 doesn't say that it works."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    for last, (family, kind, protocol, _, where) in enumerate(found, 1 - len(found)):
        tcp = socket.socket(family, kind, protocol)
        try:
            tcp.setblocking(False)
            async with asyncio.timeout(None if last == 0 else wire.HANDSHAKE_SECONDS / 3):
                await loop.sock_connect(tcp, where)
            wire.watch(tcp, sending=True)
            return tcp
        except BaseException as error:
            tcp.close()
            if last == 0 or not isinstance(error, OSError):
                raise
    raise AssertionError("unreachable")


def _context() -> ssl.SSLContext:
    """TLS 1.3; no authority is asked for the certificate: its fingerprint is compared instead, by `_check_pin`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _check_pin(address: Address, writer: asyncio.StreamWriter) -> None:
    certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
    if not hmac.compare_digest(hashlib.sha256(certificate).hexdigest(), address.pin):
        writer.transport.abort()
        raise LinkProblem(
            f"What answers at {address.place} is not the host of this address: its certificate is another. "
            "If that host was set up anew, ask there for a new address (`palabre standby --invite`); "
            "otherwise somebody may stand between the two.",
            refused=True,
        )


async def _introduce(
    address: Address, service: str, args: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    hello = {"link": wire.VERSION, "name": address.name, "secret": address.secret, "service": service, "args": args}
    try:
        await wire.say(writer, hello)
        found = await wire.hear_first(reader)
    except (OSError, ValueError, EOFError) as error:
        raise LinkProblem(f"{address.place} hung up; try again.") from error
    if "no" in found:
        raise LinkProblem(_why_not(address, service, found), refused=True)


def _why_not(address: Address, service: str, found: dict[str, Any]) -> str:
    match found["no"]:
        case "version":
            return (
                f"{address.place} speaks version {found.get('link')} of the link, this host {wire.VERSION}: "
                "bring both to the same version of Palabre."
            )
        case "service":
            return f"{address.place} doesn't offer “{service}”: it may have another role by now, or another version of Palabre."
    return (
        f"{address.place} doesn't admit “{address.name}” with this secret: it was never invited, or is forgotten. "
        "Ask there for a new address (`palabre standby --invite`)."
    )
