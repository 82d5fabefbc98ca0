"""Ways to read: home, local, hashtag, profile, thread, favourites, bookmarks. Ids first; posts by `posts.look`."""

from palabre.base.tables import Table, Tables
from palabre.features.timelines.fill import Timeline, listed, wanted
from palabre.features.timelines.home import forget_absent, holds, home, keep_ready, pulled_by
from palabre.features.timelines.read import bookmarks, favourites, hashtag, local, pinned, profile, thread

TABLES: Tables = {
    "home_entries": Table("account_id", derived=True),
    "pulled_authors": Table(None, derived=True),
    "home_readers": Table("account_id", derived=True),
}

__all__ = [
    "TABLES",
    "Timeline",
    "bookmarks",
    "favourites",
    "forget_absent",
    "hashtag",
    "holds",
    "home",
    "keep_ready",
    "listed",
    "local",
    "pinned",
    "profile",
    "pulled_by",
    "thread",
    "wanted",
]
