"""Hosts, app stores, authorities and trusted flaggers who have a key of their own."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime

import msgspec

from palabre.base import clock, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import Forbidden, NotFound, Refused, Unauthorized
from palabre.features.accounts import Caller
from palabre.features.moderation.notices import rules, senders, store
from palabre.features.moderation.notices.rules import Sent
from palabre.features.moderation.rules import CATEGORIES, check_staff

KEY = "palabre-notifier-"
_SECRET_BYTES = 24


class Notifier(msgspec.Struct, frozen=True):
    """`areas`: the categories a trusted flagger is trusted in; none: all of them. `record`: outcome -> how often."""

    id: int
    kind: str
    name: str
    email: str
    locale: str
    areas: list[str]
    created_at: datetime
    revoked_at: datetime | None
    record: dict[str, int] = {}

    @classmethod
    def of(cls, row: Row, record: dict[str, int] | None = None) -> "Notifier":
        names = [name for name in cls.__struct_fields__ if name != "record"]
        return cls(**{name: row[name] for name in names}, record=record or {})


async def issue(
    conn: Conn, by: Caller, kind: str, name: str, email: str, areas: list[str], locale: str = "en"
) -> tuple[int, str]:
    """Take in somebody who may send lists and orders; his id, and his key, which is not to be had again."""
    rules.check_owner(by)
    name = clean(name)
    if kind not in rules.KINDS:
        raise Refused("is not included in the list", field="kind", code="inclusion")
    if not name or len(name) > rules.LONGEST_NAME:
        raise Refused("can't be blank" if not name else "is too long", field="name", code="invalid")
    if set(areas) - set(CATEGORIES):
        raise Refused("is not included in the list", field="areas", code="inclusion")
    rules.check_email(email)
    notifier_id = ids.new()
    key = _key(notifier_id)
    await store.insert_notifier(
        conn,
        {
            "id": notifier_id,
            "kind": kind,
            "name": name,
            "email": email.strip(),
            "locale": locale,
            "areas": list(dict.fromkeys(areas)) if kind == "flagger" else [],
            "key_hash": _hash(key),
            "created_by": by.id,
            "created_at": clock.now(),
        },
    )
    return notifier_id, key


async def renew(conn: Conn, by: Caller, notifier_id: int) -> str:
    """Another key; the one before opens nothing any more. One that was withdrawn is given back by this."""
    rules.check_owner(by)
    if await store.notifier(conn, notifier_id) is None:
        raise NotFound
    key = _key(notifier_id)
    await store.update_notifier(conn, notifier_id, key_hash=_hash(key), revoked_at=None)
    return key


async def revoke(conn: Conn, by: Caller, notifier_id: int) -> None:
    rules.check_owner(by)
    if await store.notifier(conn, notifier_id) is None:
        raise NotFound
    await store.update_notifier(conn, notifier_id, revoked_at=clock.now())


async def all_of_them(conn: Conn, by: Caller) -> list[Notifier]:
    check_staff(by)
    rows = await store.notifiers(conn)
    records = await senders.records(conn, [f"notifier:{row['id']}" for row in rows])
    return [Notifier.of(row, records.get(f"notifier:{row['id']}")) for row in rows]


async def by_key(conn: Conn, key: str) -> Notifier:
    """Raises Unauthorized for a key that is nobody's."""
    try:
        raw = base64.urlsafe_b64decode(key.removeprefix(KEY) + "=" * (-len(key.removeprefix(KEY)) % 4))
    except (binascii.Error, ValueError) as error:
        raise Unauthorized("This key opens nothing") from error
    row = await store.notifier(conn, int.from_bytes(raw[:8], signed=True)) if len(raw) == 8 + _SECRET_BYTES else None
    if row is None or row["revoked_at"] or not hmac.compare_digest(row["key_hash"], _hash(key)):
        raise Unauthorized("This key opens nothing")
    return Notifier.of(row)


def signed(notifier: Notifier, sent: Sent, *, order: bool = False) -> Sent:
    """As from somebody known. Only authorities give orders. A flagger outside his areas counts as anybody does."""
    if order and notifier.kind != "authority":
        raise Forbidden("Only an authority may order a removal", code="not_authority")
    trusted = not notifier.areas or sent.category in notifier.areas
    return msgspec.structs.replace(
        sent,
        source="order" if order else notifier.kind if trusted else "notice",
        name=notifier.name,
        email=sent.email or notifier.email,
        locale=sent.locale or notifier.locale,
        notifier_id=notifier.id,
        good_faith=True,
    )


def _key(notifier_id: int) -> str:
    raw = notifier_id.to_bytes(8) + secrets.token_bytes(_SECRET_BYTES)
    return KEY + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
