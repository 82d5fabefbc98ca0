"""The rules of notifications: pure functions, no I/O."""

from palabre.base import ids

#: What Mastodon has no word for: shown on our pages, and to clients that ask for it by name.
OURS = ("palabre.jury.drawn", "palabre.jury.waiting", "palabre.jury.closed", "palabre.safekeeping")
TYPES = (
    "mention",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "update",
    "admin.sign_up",
    "admin.report",
    "moderation_warning",
    *OURS,
)
#: Word from or for the moderators, which no block, mute or sender's standing keeps away.
OFFICIAL = ("admin.sign_up", "admin.report", "moderation_warning", *OURS)
GROUPED = ("favourite", "reblog", "follow", "admin.sign_up")
_DAY = 24 * 3600


def group_key(type: str, post_id: int, notification_id: int) -> str | None:
    """Favourites and boosts gather by post, follows and sign-ups by day; None for what stands alone."""
    if type not in GROUPED:
        return None
    if post_id:
        return f"{type}-{post_id}"
    return f"{type}-{int(ids.made_at(notification_id).timestamp()) // _DAY}"


def alone_key(notification_id: int) -> str:
    return f"ungrouped-{notification_id}"


def alone_id(key: str) -> int | None:
    """The notification that a key of `alone_key` names."""
    kind, _, number = key.partition("-")
    return ids.parse(number) if kind == "ungrouped" else None
