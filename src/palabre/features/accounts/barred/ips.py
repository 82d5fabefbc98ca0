"""Networks by address: asked at every door, so each process keeps those without access for some seconds."""

import time
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from weakref import WeakKeyDictionary

import msgspec

from palabre.base import clock, ids
from palabre.base.chars import clean
from palabre.base.db import UNAVAILABLE, Conn, Database, Row
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.base.paging import Page
from palabre.features.accounts.barred import rules, store
from palabre.features.accounts.barred.rules import Network
from palabre.features.accounts.tokens import Caller, address

_KEEP = 5.0  # seconds that a process may go by an older list


class IpBlock(msgspec.Struct, frozen=True):
    """`expires_at` None: until it is lifted."""

    id: int
    ip: Network
    severity: str
    comment: str
    created_by: int | None
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Row) -> "IpBlock":
        return cls(**{name: row[name] for name in cls.__struct_fields__})


class _Ranges:
    """Networks by how long their prefix is: to look an address up costs one step for each length."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self._found: dict[tuple[int, int], set[int]] = {}

    def replace(self, networks: list[Network]) -> None:
        found: dict[tuple[int, int], set[int]] = {}
        for each in networks:
            shift = each.max_prefixlen - each.prefixlen
            found.setdefault((each.version, shift), set()).add(int(each.network_address) >> shift)
        self._found = found

    def __contains__(self, ip: str) -> bool:
        try:
            asked = ip_address(ip)
        except ValueError:
            return False
        if isinstance(asked, IPv6Address) and asked.ipv4_mapped:
            asked = asked.ipv4_mapped
        return any(
            version == asked.version and int(asked) >> shift in prefixes
            for (version, shift), prefixes in self._found.items()
        )


_without_access: WeakKeyDictionary[Database, _Ranges] = WeakKeyDictionary()


async def check_access(db: Database, ip: str) -> None:
    """Whether this address may come in at all. Raises Forbidden. With the database away, as it was last known."""
    ranges = _without_access.setdefault(db, _Ranges())
    if time.monotonic() - ranges.read_at > _KEEP:
        ranges.read_at = time.monotonic()
        try:
            async with db.reading() as conn:
                ranges.replace(await store.without_access(conn))
        except (*UNAVAILABLE, OSError):
            pass
    if ip in ranges:
        raise Forbidden("This network takes no requests from your address.", code="no_access")


async def sign_up_rule(conn: Conn, ip: str | None) -> str:
    """The strictest of the blocks that an address lies in; empty: none."""
    found = address(ip)
    severities = await store.severities(conn, found) if found else []
    return max(severities, key=rules.SEVERITIES.index, default="")


async def ip_blocks(conn: Conn, by: Caller, page: Page) -> list[IpBlock]:
    """Newest first."""
    rules.check_staff(by)
    return page.newest_first([IpBlock.of(row) for row in await store.ip_blocks(conn, page)])


async def ip_block(conn: Conn, by: Caller, block_id: int) -> IpBlock:
    """Raises NotFound."""
    rules.check_staff(by)
    row = await store.ip_block(conn, block_id)
    if row is None:
        raise NotFound
    return IpBlock.of(row)


async def block_ip(
    conn: Conn,
    by: Caller,
    ip: str,
    severity: str,
    comment: str = "",
    *,
    expires_in: float | None = None,
    own: str | None = None,
) -> int:
    """`expires_in`: seconds; None: until lifted. `own`: the address that asks. Raises Refused naming what doesn't fit."""
    rules.check_staff(by)
    found, block_id = rules.network(ip), ids.new()
    await _check(conn, found, severity, comment, own, 0)
    await store.add_ip_block(
        conn,
        id=block_id,
        ip=found,
        severity=severity,
        comment=clean(comment),
        created_by=by.id,
        created_at=clock.now(),
        expires_at=_until(expires_in),
    )
    _changed(conn)
    return block_id


async def change_ip_block(
    conn: Conn,
    by: Caller,
    block_id: int,
    *,
    ip: str | None = None,
    severity: str | None = None,
    comment: str | None = None,
    expires_in: float | None = None,
    own: str | None = None,
) -> None:
    """What is None stays as it is. Raises Refused, NotFound."""
    before = await ip_block(conn, by, block_id)
    found = before.ip if ip is None else rules.network(ip)
    severity = before.severity if severity is None else severity
    comment = before.comment if comment is None else clean(comment)
    await _check(conn, found, severity, comment, own, block_id)
    until = before.expires_at if expires_in is None else _until(expires_in)
    await store.update_ip_block(conn, block_id, ip=found, severity=severity, comment=comment, expires_at=until)
    _changed(conn)


async def unblock_ip(conn: Conn, by: Caller, block_id: int) -> IpBlock:
    """What it was. Raises NotFound."""
    before = await ip_block(conn, by, block_id)
    await store.remove_ip_block(conn, block_id)
    _changed(conn)
    return before


async def _check(conn: Conn, ip: Network, severity: str, comment: str, own: str | None, block_id: int) -> None:
    rules.check_block(severity, comment, ip, own)
    if await store.has_ip_block(conn, ip, block_id):
        raise Refused("has already been taken", field="ip", code="blocked_already")


def _until(seconds: float | None) -> datetime | None:
    if not seconds:
        return None
    if not 0 < seconds < 100 * 366 * 86_400:
        raise Refused("must be a number of seconds", field="expires_in", code="invalid")
    return clock.now() + timedelta(seconds=seconds)


def _changed(conn: Conn) -> None:
    """This process asks anew; the others do within seconds."""

    def ask_anew() -> None:
        for ranges in _without_access.values():
            ranges.read_at = float("-inf")

    conn.after_commit(ask_anew)
