"""Reading what people bring along from elsewhere. Nothing here knows the database or the network.

`open_archive(path)` gives an `Archive`: `profile()`, `totals()`, `posts()` oldest first, `boosts()`, `favourites()`,
`bookmarks()`, `relations()`, `read_media(path, limit)`, and afterwards `skipped`: all that was not taken, and why.
"""

from palabre.features.portability.imports.archive import Archive
from palabre.features.portability.imports.container import Limits
from palabre.features.portability.imports.detect import open_archive
from palabre.features.portability.imports.model import (
    ArchivedMedia,
    ArchivedPoll,
    ArchivedPost,
    ArchiveError,
    Block,
    Bookmark,
    Boost,
    DomainBlock,
    Favourite,
    Follow,
    ListEntry,
    Mention,
    Mute,
    Profile,
    Reference,
    Relation,
    Skipped,
    Totals,
    Why,
)

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchivedMedia",
    "ArchivedPoll",
    "ArchivedPost",
    "Block",
    "Bookmark",
    "Boost",
    "DomainBlock",
    "Favourite",
    "Follow",
    "Limits",
    "ListEntry",
    "Mention",
    "Mute",
    "Profile",
    "Reference",
    "Relation",
    "Skipped",
    "Totals",
    "Why",
    "open_archive",
]
