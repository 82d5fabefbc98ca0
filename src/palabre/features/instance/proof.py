"""The mark by which a name proves that it leads to this very network: a challenge, signed with the network's key."""

import contextlib
import secrets
from urllib.parse import urlsplit

import msgspec

from palabre.base import http, signing
from palabre.base.db import Conn
from palabre.base.http import Unreachable

PATH = "/.well-known/palabre"
_LONGEST = 100  # characters of a challenge
_LIMIT = 10_000  # bytes
_PATIENCE = 10.0  # seconds


class Mark(msgspec.Struct, frozen=True):
    """`origin`: the name under which it was asked for, as the network understood it."""

    network: str
    origin: str
    key: str
    signature: str


class NotUs(Exception):
    """A name doesn't lead here: why, in words for people."""


async def mark(conn: Conn, network: str, origin: str, challenge: str) -> Mark:
    """Call it where one may write: the key may have to be made."""
    signer = await signing.signer(conn)
    signed = signer.sign(_said(origin, challenge[:_LONGEST])).hex()
    return Mark(network, origin, signer.public.id, signed)


async def prove(origin: str, key: signing.PublicKey) -> None:
    """Ask an origin for our mark. Raises NotUs."""
    challenge = secrets.token_hex(16)
    try:
        with _own_machine(origin):
            url = f"{origin}{PATH}?challenge={challenge}"
            reply = await http.get(url, limit_bytes=_LIMIT, seconds=_PATIENCE)
    except Unreachable as why:
        raise NotUs(str(why)) from why
    try:
        found = msgspec.json.decode(reply.body, type=Mark)
        genuine = signing.fits(key.raw, _said(found.origin, challenge), bytes.fromhex(found.signature))
    except (msgspec.DecodeError, ValueError):
        genuine = False
    if reply.status != 200 or not genuine:
        raise NotUs("what answers there is not this network")
    if found.origin != origin:
        raise NotUs(
            f"it leads here, but as {found.origin}: let the proxy pass on the Host header instead of redirecting, "
            "and restart Palabre after changing `domains`"
        )


def _said(origin: str, challenge: str) -> bytes:
    return f"palabre: this name is ours\n{origin}\n{challenge}".encode()


def _own_machine(origin: str) -> contextlib.AbstractContextManager[None]:
    """A network on trial goes by names of this machine: its own setting says so, no stranger."""
    host = urlsplit(origin).hostname or ""
    local = host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or host == "::1"
    return http.loopback_allowed() if local else contextlib.nullcontext()
