"""Asking other servers over HTTP: the one way out. Guarded, so that nobody makes us ask our own network for things.

What is judged is the address that is about to be connected to, whatever name or redirect led there.
"""

import contextlib
import socket
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from palabre import __version__

_TIMEOUT = 30.0
_MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
#: Within these lie addresses of IPv4 hosts, private ones too: NAT64, 6to4, Teredo.
_TUNNELS = [ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
_loopback_allowed = False


class Unreachable(Exception):
    """No answer worth reading: the message says why, for people."""


class Reply(msgspec.Struct, frozen=True):
    """`url`: where the answer came from in the end. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def text(self) -> str:
        return self.body.decode("utf-8-sig", "replace")


async def get(
    url: str, *, limit_bytes: int, headers: Mapping[str, str] | None = None, seconds: float = _TIMEOUT
) -> Reply:
    """Follows redirects. Raises Unreachable; an answer of 404 or 500 is an answer."""
    return await _ask("GET", url, limit_bytes, headers, seconds, None)


async def post(
    url: str,
    *,
    body: bytes | None = None,
    json: object = None,
    limit_bytes: int = _CHUNK,
    headers: Mapping[str, str] | None = None,
    seconds: float = _TIMEOUT,
) -> Reply:
    """Send `body`, or `json`. A redirect is not followed: what was meant for one server goes to no other."""
    sent = dict(headers or {})
    if body is None:
        body = msgspec.json.encode(json)
        sent.setdefault("content-type", "application/json")
    return await _ask("POST", url, limit_bytes, sent, seconds, body)


def check_url(url: str) -> None:
    """Whether this may be asked at all, before anything is looked up. Raises Unreachable."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Unreachable("this is no address of a web page") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Unreachable("only http:// and https:// addresses can be asked")
    if parts.username or parts.password:
        raise Unreachable("an address must not carry a password")
    with contextlib.suppress(ValueError):
        _judge(ip_address(host))


@contextlib.contextmanager
def loopback_allowed() -> Iterator[None]:
    """For tests, whose servers are on this machine, and for what an operator names by himself."""
    global _loopback_allowed
    before, _loopback_allowed = _loopback_allowed, True
    try:
        yield
    finally:
        _loopback_allowed = before


async def _ask(
    method: str, url: str, limit_bytes: int, headers: Mapping[str, str] | None, seconds: float, body: bytes | None
) -> Reply:
    check_url(url)
    sent = {"user-agent": f"Palabre/{__version__}", "accept": "*/*"} | dict(headers or {})
    connector = aiohttp.TCPConnector(socket_factory=_socket, force_close=True)
    try:
        async with (
            aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=seconds), cookie_jar=aiohttp.DummyCookieJar()
            ) as session,
            session.request(
                method, url, headers=sent, data=body, allow_redirects=method == "GET", max_redirects=_MOST_REDIRECTS
            ) as response,
        ):
            read = await _read(response, limit_bytes)
            named = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, named, read, str(response.url))
    except TimeoutError as error:
        raise Unreachable(f"no answer within {seconds:.0f} seconds") from error
    except aiohttp.TooManyRedirects as error:
        raise Unreachable("redirected again and again") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Unreachable(_why(error)) from error


async def _read(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    """What is counted is what comes out of any compression."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        size += len(chunk)
        if size > limit_bytes:
            raise Unreachable(f"the answer is longer than {limit_bytes:,} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _socket(address: tuple[Any, ...]) -> socket.socket:
    """Called with each address that is about to be connected to. Raises Unreachable for one that isn't public."""
    family, kind, protocol, _, where = address
    _judge(ip_address(str(where[0]).partition("%")[0]))
    return socket.socket(family=family, type=kind, proto=protocol)


def _judge(address: IPv4Address | IPv6Address) -> None:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if _loopback_allowed and address.is_loopback:
        return
    tunnelled = any(address in net for net in _TUNNELS if net.version == address.version)
    if not address.is_global or address.is_multicast or tunnelled:
        raise Unreachable("this address is not on the public internet")


def _why(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "there is no server of that name"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate could not be trusted"
    if isinstance(error, aiohttp.InvalidURL):
        return "this is no address of a web page"
    return f"the connection failed ({type(error).__name__})"
