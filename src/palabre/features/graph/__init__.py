"""Who follows, blocks and mutes whom."""

from palabre.base.tables import Table, Tables
from palabre.features.graph.events import Blocked, Followed, FollowRequested, Unfollowed
from palabre.features.graph.view import Ties

TABLES: Tables = {
    "follows": Table("account_id"),
    "followers": Table("account_id"),
    "follow_requests": Table("account_id"),
    "blocks": Table("account_id"),
    "mutes": Table("account_id"),
    "account_notes": Table("account_id"),
}

__all__ = ["TABLES", "Blocked", "FollowRequested", "Followed", "Ties", "Unfollowed"]
