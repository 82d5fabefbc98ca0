"""The network's Ed25519 key: made once, kept in the database so that it travels with the network.

`cryptography` is imported where it is used: most processes never sign.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.base.tables import Table, Tables

TABLES: Tables = {"signing_keys": Table(None)}
ALGORITHM = "Ed25519"


class PublicKey(msgspec.Struct, frozen=True):
    """`endorsement`: the key before signed this one's `raw` bytes; empty for the first."""

    seq: int
    raw: bytes
    since: datetime
    endorsement: bytes

    @property
    def id(self) -> str:
        """A short fingerprint, for people to compare."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def pem(self) -> str:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return str(_public(self.raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


class Signer:
    """The newest key, with its private half."""

    def __init__(self, row: Row) -> None:
        self.public = _described(row)
        self._private = bytes(row["private_key"])
        self._names = bytes(row["names"])

    def sign(self, data: bytes) -> bytes:
        return bytes(_private(self._private).sign(data))

    def pseudonym(self, *what: object) -> str:
        """A name for something that says nothing of it, and is the same whenever asked for, with whatever key."""
        named = hmac.digest(self._names, repr(what).encode(), "sha256")
        return base64.b32encode(named[:15]).decode().lower()


async def signer(conn: Conn) -> Signer:
    """The key in use; the first one is made here. Call it where one may write."""
    row = await _newest(conn)
    if row is None:
        private, public = _make()
        await _add(conn, 1, public, private, b"", secrets.token_bytes(32))
        row = await _newest(conn)
    assert row is not None
    return Signer(row)


async def rotate(conn: Conn) -> PublicKey:
    """A new key, endorsed by the one before, whose private half is forgotten."""
    before = await signer(conn)
    private, public = _make()
    seq = before.public.seq + 1
    if await _add(conn, seq, public, private, before.sign(public), before._names):
        await conn.execute("UPDATE signing_keys SET private_key = NULL WHERE seq < $1", seq)
    return (await keys(conn))[0]


async def keys(conn: Conn) -> list[PublicKey]:
    """All there ever were, the newest first."""
    return [_described(row) for row in await conn.rows("SELECT * FROM signing_keys ORDER BY seq DESC")]


def fits(raw: bytes, data: bytes, signature: bytes) -> bool:
    """Whether this signature of this data was made with the key whose public half this is."""
    from cryptography.exceptions import InvalidSignature

    try:
        _public(raw).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_pem(text: str) -> bytes:
    """The raw public key in a PEM file. Raises ValueError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    key = load_pem_public_key(text.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return bytes(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _make() -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def _private(raw: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(raw)


def _public(raw: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(raw)


def _described(row: Row) -> PublicKey:
    return PublicKey(row["seq"], bytes(row["public_key"]), row["created_at"], bytes(row["endorsement"] or b""))


async def _newest(conn: Conn) -> Row | None:
    return await conn.row("SELECT * FROM signing_keys ORDER BY seq DESC LIMIT 1")


async def _add(conn: Conn, seq: int, public: bytes, private: bytes, endorsement: bytes, names: bytes) -> int:
    """How many rows: none, where another process was first."""
    return await conn.execute(
        """INSERT INTO signing_keys (seq, public_key, private_key, endorsement, names, created_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING""",
        seq,
        public,
        private,
        endorsement,
        names,
        clock.now(),
    )
