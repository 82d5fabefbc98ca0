"""What members are told about: mentions, boosts, favourites, follows, and word from the moderators."""

from palabre.base.tables import Table, Tables
from palabre.features.notifications.forget import clear, dismiss, dismiss_group
from palabre.features.notifications.markers import mark, markers
from palabre.features.notifications.read import (
    MOST_UNREAD,
    browse,
    browse_groups,
    group,
    group_account_ids,
    look_at,
    unread,
    unread_groups,
)
from palabre.features.notifications.rules import OURS
from palabre.features.notifications.tell import amend, notify
from palabre.features.notifications.view import Groups, GroupView, Marker, NotificationView, Selection

TABLES: Tables = {
    "notifications": Table("account_id"),
    "markers": Table("account_id"),
}

__all__ = [
    "MOST_UNREAD",
    "OURS",
    "TABLES",
    "GroupView",
    "Groups",
    "Marker",
    "NotificationView",
    "Selection",
    "amend",
    "browse",
    "browse_groups",
    "clear",
    "dismiss",
    "dismiss_group",
    "group",
    "group_account_ids",
    "look_at",
    "mark",
    "markers",
    "notify",
    "unread",
    "unread_groups",
]
