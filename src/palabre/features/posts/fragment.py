"""A post's public JSON, rendered once when it changes and stored beside it.

What differs by viewer or changes often (author, counters, own flags) is spliced in when it is served.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import msgspec

from palabre.base import origin
from palabre.base.clock import iso
from palabre.features.accounts import AccountView


def render(
    post: Mapping[str, Any],
    *,
    username: str,
    content: str = "",
    media: Iterable[Mapping[str, Any]] = (),
    mentions: Iterable[AccountView] = (),
    tags: Mapping[str, str] | None = None,
    application: Mapping[str, str | None] | None = None,
) -> bytes:
    """`post`: a row of the table `posts`, or what will become one; `content`: HTML; `tags`: folded -> as written."""
    post_id, parent, answered = str(post["id"]), post["in_reply_to_id"], post["in_reply_to_author_id"]
    edited, label = post.get("edited_at"), post.get("label", "")
    encoded = msgspec.json.encode(
        {
            "id": post_id,
            "created_at": iso(post["created_at"]),
            "edited_at": iso(edited) if edited else None,
            "in_reply_to_id": str(parent) if parent else None,
            "in_reply_to_account_id": str(answered) if answered else None,
            "sensitive": post["sensitive"] or post.get("covered", False),
            "spoiler_text": post["spoiler"],
            "visibility": post["visibility"],
            "language": post["language"],
            "uri": f"{origin.SENTINEL}/users/{username}/statuses/{post_id}",
            "url": f"{origin.SENTINEL}/@{username}/{post_id}",
            "content": note(label) + content,
            "media_attachments": [attachment(row) for row in media],
            "mentions": [_mention(account) for account in mentions],
            "tags": [{"name": tag, "url": f"{origin.SENTINEL}/tags/{tag}"} for tag in tags or ()],
            "emojis": [],
            "card": None,
            "poll": None,
            "application": application,
            **({"label": label} if label else {}),
        }
    )
    return origin.seal(encoded)


def note(label: str) -> str:
    """What the moderators say above the author's words, so that every client shows it (docs/decisions/0005)."""
    return f'<p class="moderators-note">\u2696 <strong>{escape(label)}</strong></p>' if label else ""


def attachment(row: Mapping[str, Any]) -> dict[str, Any]:
    """A media attachment's public JSON from its row in the table `media`."""
    meta = {**row["meta"], "focus": {"x": row["focus_x"], "y": row["focus_y"]}}
    return {
        "id": str(row["id"]),
        "type": row["kind"],
        "url": f"{origin.SENTINEL}/media/{row['original_key']}",
        "preview_url": f"{origin.SENTINEL}/media/{row['small_key']}",
        "remote_url": None,
        "text_url": None,
        "preview_remote_url": None,
        "meta": meta,
        "description": row["description"] or None,
        "blurhash": row["blurhash"],
    }


def _mention(account: AccountView) -> dict[str, str]:
    public = account.public
    return {"id": public.id, "username": public.username, "url": public.url, "acct": public.acct}
