"""The secret link under which the sender of a notice reads what becomes of it. It begins with the notice's id."""

import hmac
import secrets

from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.features.moderation.notices import store

_BYTES = 16


def make(notice_id: int) -> str:
    """Hexadecimal: mail programs take a sign at the end of an address for the sentence's."""
    return (notice_id.to_bytes(8) + secrets.token_bytes(_BYTES)).hex()


async def by_secret(conn: Conn, secret: str) -> Row:
    """The notice that a secret link leads to. Raises NotFound."""
    try:
        raw = bytes.fromhex(secret)
    except ValueError as error:
        raise NotFound from error
    row = await store.notice(conn, int.from_bytes(raw[:8], signed=True)) if len(raw) == 8 + _BYTES else None
    if row is None or not hmac.compare_digest(row["secret"].encode(), secret.encode()):
        raise NotFound
    return row
