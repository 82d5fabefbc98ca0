"""Finding accounts and making them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from palabre.base import clock, events, ids
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.base.text import Handle, MentionTarget, Parsed
from palabre.features.accounts import fragment, store
from palabre.features.accounts.events import AccountCreated
from palabre.features.accounts.view import AccountView
from palabre.names import hosts

_USERNAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
LONGEST_USERNAME = 30


async def look(conn: Conn, account_ids: Iterable[int]) -> dict[int, AccountView]:
    """The accounts that exist, gone ones (`view.gone`) included, in one statement."""
    return {row["id"]: AccountView(row) for row in await store.views(conn, list(set(account_ids)))}


async def look_in_order(conn: Conn, account_ids: Sequence[int]) -> list[AccountView]:
    """Those of the accounts that may be shown, in the order asked for."""
    found = await look(conn, account_ids)
    return [found[account_id] for account_id in account_ids if account_id in found and not found[account_id].gone]


async def look_at(conn: Conn, account_id: int | None) -> AccountView:
    """One account that may be shown. Raises NotFound."""
    found = (await look(conn, [account_id])).get(account_id) if account_id is not None else None
    if found is None or found.gone:
        raise NotFound
    return found


async def by_handles(conn: Conn, handles: Iterable[str]) -> dict[str, int]:
    """Account ids by handle: 'alice', '@Alice', 'alice@this.network' and 'eve@elsewhere.example' all work."""
    wanted = {handle: normal_handle(handle) for handle in handles}
    found = await store.ids_by_handle(conn, list(set(wanted.values())))
    return {handle: found[normal] for handle, normal in wanted.items() if normal in found}


async def by_handle(conn: Conn, handle: str) -> int | None:
    return (await by_handles(conn, [handle])).get(handle)


async def mentioned(conn: Conn, parsed: Parsed) -> dict[Handle, AccountView]:
    """Whom a text names, as far as they are here."""
    written = {(name, domain): f"{name}@{domain}" if domain else name for name, domain in parsed.mentions}
    found = await by_handles(conn, written.values()) if written else {}
    views = await look(conn, found.values()) if found else {}
    known = {handle: views.get(found.get(acct, 0)) for handle, acct in written.items()}
    return {handle: view for handle, view in known.items() if view and not view.gone}


def targets(mentioned: Mapping[Handle, AccountView]) -> dict[Handle, MentionTarget]:
    """Where the mentions in a text lead."""
    return {
        handle: MentionTarget(view.public.url, view.public.acct, view.public.username)
        for handle, view in mentioned.items()
    }


def check_username(username: str) -> None:
    """Whether a name can be one at all. Raises Refused."""
    if len(username) > LONGEST_USERNAME:
        raise Refused(f"is too long (maximum is {LONGEST_USERNAME} characters)", field="username", code="too_long")
    if not _USERNAME.fullmatch(username):
        raise Refused("must contain only letters, numbers and underscores", field="username", code="invalid")


def normal_handle(handle: str) -> str:
    """Lower case, without the leading @ and without this network's own domain."""
    name, _, domain = handle.strip().removeprefix("@").lower().partition("@")
    return name if domain in ("", *hosts()) else f"{name}@{domain}"


async def create(conn: Conn, username: str, *, created_at: datetime | None = None, **profile: Any) -> int:
    """A new local account without a member behind it yet; its id. Raises Refused for a name taken or impossible."""
    check_username(username)
    at = created_at or clock.now()
    account: dict[str, Any] = {
        "id": ids.new(at),
        "username": username,
        "domain": None,
        "display_name": "",
        "note": "",
        "note_html": "",
        "fields": [],
        "avatar_key": None,
        "avatar_static_key": None,
        "header_key": None,
        "header_static_key": None,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": True,
        "hide_collections": False,
        "standing": "active",
        "created_at": at,
    } | profile
    if not await store.claim_handle(conn, username.lower(), account["id"]):
        raise Refused("has already been taken", field="username", code="taken")
    account["fragment"] = fragment.render(account)
    await store.insert_account(conn, account)
    await events.record(conn, AccountCreated(account["id"]))
    return int(account["id"])
