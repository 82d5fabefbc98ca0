"""Who follows, blocks and mutes whom."""

from palabre.base.tables import Table, Tables
from palabre.features.graph.avoid import block, mute, note, unblock, unmute
from palabre.features.graph.events import (
    Blocked,
    Followed,
    FollowRequestAuthorized,
    FollowRequested,
    FollowRequestRejected,
    FollowRequestWithdrawn,
    Muted,
    Unfollowed,
)
from palabre.features.graph.follow import authorize, follow, reject, remove_follower, unfollow
from palabre.features.graph.people import (
    blocks,
    count_requests,
    familiar_followers,
    follow_requests,
    followers,
    following,
    mutes,
    relationship,
    relationships,
)
from palabre.features.graph.view import People, Relationship, Ties

TABLES: Tables = {
    "follows": Table("account_id"),
    "followers": Table("account_id"),
    "follow_requests": Table("account_id"),
    "blocks": Table("account_id"),
    "mutes": Table("account_id"),
    "account_notes": Table("account_id"),
}

__all__ = [
    "TABLES",
    "Blocked",
    "FollowRequestAuthorized",
    "FollowRequestRejected",
    "FollowRequestWithdrawn",
    "FollowRequested",
    "Followed",
    "Muted",
    "People",
    "Relationship",
    "Ties",
    "Unfollowed",
    "authorize",
    "block",
    "blocks",
    "count_requests",
    "familiar_followers",
    "follow",
    "follow_requests",
    "followers",
    "following",
    "mute",
    "mutes",
    "note",
    "reject",
    "relationship",
    "relationships",
    "remove_follower",
    "unblock",
    "unfollow",
    "unmute",
]
