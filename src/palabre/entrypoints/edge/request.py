"""A request as a handler sees it: who asks, what for, and the connection of its one transaction."""

import contextlib
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar

import msgspec
from starlette.requests import HTTPConnection
from starlette.requests import Request as HttpRequest

from palabre.base import ids
from palabre.base.db import Conn, Database
from palabre.base.errors import NotFound, Refused, Unauthorized
from palabre.base.paging import Page
from palabre.entrypoints.edge.params import File
from palabre.features.accounts import Caller
from palabre.settings import current

__all__ = ["File", "Request"]

T = TypeVar("T")


def asking_address(http: HTTPConnection) -> str:
    """The address that asks; behind a trusted proxy, the one it says it asks for."""
    peer = http.client.host if http.client else ""
    # A proxy may add a line of its own (HAProxy does), after one that the asker made up.
    forwarded = ",".join(http.headers.getlist("x-forwarded-for"))
    if forwarded and peer in current().trusted_proxies:
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        for hop in reversed(hops):
            if hop not in current().trusted_proxies:
                return hop
    return peer


class Request:
    def __init__(self, http: HttpRequest, db: Database, path: dict[str, str]) -> None:
        self.http = http
        self.db = db
        self.path = path
        self.params: dict[str, Any] = {}
        self.caller: Caller | None = None
        self.token: str | None = None
        self.state: dict[str, Any] = {}
        self._conn: Conn | None = None

    @property
    def conn(self) -> Conn:
        assert self._conn is not None, "this route was declared without a transaction"
        return self._conn

    @property
    def me(self) -> Caller:
        """The signed-in member. Raises Unauthorized for a stranger or a bare application."""
        if self.caller is None or self.caller.id == 0:
            raise Unauthorized("This method requires an authenticated user")
        return self.caller

    @property
    def viewer_id(self) -> int | None:
        """The member who is looking, if it is one: who waits to be let in, or is suspended, looks as a stranger
        does.
        """
        caller = self.caller
        welcome = caller and caller.confirmed and caller.approved and caller.standing != "suspended"
        return caller.id or None if caller and welcome else None

    def id(self, name: str = "id") -> int:
        """An id from the path. Raises NotFound for what cannot be one."""
        found = ids.parse(self.path[name])
        if found is None:
            raise NotFound
        return found

    def input(self, shape: type[T]) -> T:
        """The parameters as a typed structure. Raises Refused naming what doesn't fit."""
        try:
            return msgspec.convert(self.params, shape, strict=False)
        except msgspec.ValidationError as error:
            field = str(error).rpartition("$.")[2].strip("`").partition("[")[0] if "$." in str(error) else None
            raise Refused(f"{str(error).partition(' - at')[0]}", field=field) from error

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name, default)
        return value if isinstance(value, str) else default

    def flag(self, name: str, default: bool = False) -> bool:
        """true, 1, on and yes are; false, 0, off, no and nothing aren't."""
        value = self.params.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() not in ("false", "0", "off", "no", "f")

    def listed(self, name: str) -> list[str]:
        value = self.params.get(name)
        if value is None:
            return []
        return [str(item) for item in (value if isinstance(value, list) else [value])]

    def ids(self, name: str) -> list[int]:
        """A list of ids among the parameters. Raises NotFound for what cannot be one."""
        found = [ids.parse(item) for item in self.listed(name)]
        if None in found:
            raise NotFound
        return [item for item in found if item is not None]

    def file(self, name: str) -> File | None:
        value = self.params.get(name)
        return value if isinstance(value, File) and value.data else None

    def page(self, limit: int = 20, most: int = 40) -> Page:
        """The paging parameters; a limit beyond `most` counts as `most`."""
        asked = self.text("limit") or str(self.params.get("limit") or "")
        wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else limit
        bounds = {
            name: ids.parse(str(self.params[name])) for name in ("max_id", "since_id", "min_id") if name in self.params
        }
        return Page(max(1, min(wanted, most)), **bounds)

    @property
    def ip(self) -> str:
        return asking_address(self.http)

    @property
    def source(self) -> str:
        """By what strangers are counted: the address, or the network of an IPv6 address, which one person has whole."""
        with contextlib.suppress(ValueError):
            address = ip_address(self.ip)
            if isinstance(address, IPv6Address) and not address.ipv4_mapped:
                return str(ip_network((address, 64), strict=False))
        return self.ip[:100]

    @property
    def user_agent(self) -> str:
        return self.http.headers.get("user-agent", "")
