"""Posts: written, edited, removed, reacted to; and `look`, the only way to reach one."""

from palabre.base.tables import Table, Tables
from palabre.features.posts.cover import cover, label, unlist
from palabre.features.posts.gate import ThinkAgain, WouldWait
from palabre.features.posts.held import release
from palabre.features.posts.history import Source, Version, history, source
from palabre.features.posts.look import look, look_at, own
from palabre.features.posts.order import go_on
from palabre.features.posts.publish import Described, Draft, Revision, edit, publish, rerender
from palabre.features.posts.react import (
    bookmark,
    boost,
    favourite,
    mute_thread,
    pin,
    unbookmark,
    unfavourite,
    unmute_thread,
    unpin,
)
from palabre.features.posts.remove import forget_keys, remove, restore, unboost, withhold
from palabre.features.posts.tags import Tag, browse_tags, is_usable, one_tag, review_tag, tags
from palabre.features.posts.view import PostView
from palabre.features.posts.whereabouts import Whereabouts, earlier, forget_removed, owner_of_file, whereabouts
from palabre.features.posts.who import People, TagUse, boosted_by, favourited_by, tag_use, tag_uses

TABLES: Tables = {
    "posts": Table("author_id"),
    "post_counts": Table("author_id"),
    "post_revisions": Table("author_id"),
    "post_tags": Table("tag"),
    "tags": Table("tag"),
    "favourites": Table("account_id"),
    "bookmarks": Table("account_id"),
    "pins": Table("account_id"),
    "thread_mutes": Table("account_id"),
    "media": Table("account_id"),
    "idempotency_keys": Table("account_id"),
    "removed_posts": Table("author_id"),
}

__all__ = [
    "TABLES",
    "Described",
    "Draft",
    "People",
    "PostView",
    "Revision",
    "Source",
    "Tag",
    "TagUse",
    "ThinkAgain",
    "Version",
    "Whereabouts",
    "WouldWait",
    "bookmark",
    "boost",
    "boosted_by",
    "browse_tags",
    "cover",
    "earlier",
    "edit",
    "favourite",
    "favourited_by",
    "forget_keys",
    "forget_removed",
    "go_on",
    "history",
    "is_usable",
    "label",
    "look",
    "look_at",
    "mute_thread",
    "one_tag",
    "own",
    "owner_of_file",
    "pin",
    "publish",
    "release",
    "remove",
    "rerender",
    "restore",
    "review_tag",
    "source",
    "tag_use",
    "tag_uses",
    "tags",
    "unbookmark",
    "unboost",
    "unfavourite",
    "unlist",
    "unmute_thread",
    "unpin",
    "whereabouts",
    "withhold",
]
