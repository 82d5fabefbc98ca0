"""The secret link under which the sender of a notice reads what becomes of it. It begins with the notice's id."""

import base64
import binascii
import hmac
import secrets

from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.features.moderation.notices import store

_BYTES = 19  # with the id's eight a multiple of three: no signs of equality at the end


def make(notice_id: int) -> str:
    return base64.urlsafe_b64encode(notice_id.to_bytes(8) + secrets.token_bytes(_BYTES)).decode()


async def by_secret(conn: Conn, secret: str) -> Row:
    """The notice that a secret link leads to. Raises NotFound."""
    try:
        raw = base64.urlsafe_b64decode(secret.encode("ascii"))
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    row = await store.notice(conn, int.from_bytes(raw[:8], signed=True)) if len(raw) == 8 + _BYTES else None
    if row is None or not hmac.compare_digest(row["secret"].encode(), secret.encode()):
        raise NotFound
    return row
