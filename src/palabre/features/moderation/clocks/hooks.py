"""Telling other programs: JSON posted to the addresses in the settings, signed so that they know it is from us."""

import hashlib
import hmac
from typing import Any

import msgspec

from palabre.base import http, ids
from palabre.base.clock import iso, now
from palabre.base.db import Conn, Database
from palabre.base.duties import errand, put
from palabre.settings import current


class Hook(msgspec.Struct, frozen=True):
    url: str
    body: str


class Failed(Exception):
    """It was not taken: tried again later."""


async def call(conn: Conn, event: str, told: dict[str, Any]) -> None:
    """Have every address told after this transaction. The same `id` may come twice: once is meant."""
    for hook in of(event, told):
        await put(conn, send, hook)


def of(event: str, told: dict[str, Any]) -> list[Hook]:
    """What to `send`, one for each address."""
    body = msgspec.json.encode({"id": str(ids.new()), "event": event, "at": iso(now()), **told}).decode()
    return [Hook(url, body) for url in current().webhook_urls]


@errand
async def send(db: Database, hook: Hook) -> None:
    """An address that was taken out of the settings meanwhile is told nothing."""
    if hook.url not in current().webhook_urls:
        return
    body = hook.body.encode()
    headers = {"content-type": "application/json", "x-palabre-signature": f"sha256={signature(body)}"}
    reply = await http.post(hook.url, body=body, headers=headers)
    if reply.status >= 300:
        raise Failed(f"{hook.url} answered {reply.status}")


def signature(body: bytes) -> str:
    return hmac.new(current().webhook_secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
