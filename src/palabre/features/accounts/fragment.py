"""The part of an account's public JSON that changes only when its owner edits it: rendered then, stored beside it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from palabre.base import origin
from palabre.base.clock import iso

_NO_PICTURE = "/static/icons/no-{}.png"


def render(account: Mapping[str, Any]) -> bytes:
    """`account`: a row of the table `accounts`, or what will become one."""
    here = account["domain"] is None
    handle = account["username"] if here else f"{account['username']}@{account['domain']}"
    created = account["created_at"].replace(hour=0, minute=0, second=0, microsecond=0)
    url = f"{origin.SENTINEL}/@{handle}"
    encoded = msgspec.json.encode(
        {
            "id": str(account["id"]),
            "username": account["username"],
            "acct": handle,
            "display_name": account["display_name"],
            "locked": account["locked"],
            "bot": account["bot"],
            "group": False,
            "discoverable": account["discoverable"],
            "indexable": account["indexable"],
            "noindex": not account["indexable"],
            "hide_collections": account["hide_collections"],
            "created_at": iso(created),
            "note": account["note_html"],
            "url": url,
            "uri": f"{origin.SENTINEL}/users/{account['username']}" if here else url,
            "avatar": _picture(account["avatar_key"], "avatar"),
            "avatar_static": _picture(account["avatar_static_key"] or account["avatar_key"], "avatar"),
            "header": _picture(account["header_key"], "header"),
            "header_static": _picture(account["header_static_key"] or account["header_key"], "header"),
            "emojis": [],
            "roles": [],
            "fields": [
                {"name": field["name"], "value": field["value_html"], "verified_at": field.get("verified_at")}
                for field in account["fields"]
            ],
        }
    )
    return origin.seal(encoded)


def _picture(key: str | None, kind: str) -> str:
    return origin.SENTINEL + (f"/media/{key}" if key else _NO_PICTURE.format(kind))
