"""Search: posts by their words, people by their names, hashtags by how they begin.

`posts`, `people` and `tags` find; a query may say `from:alice`, `has:media`, `before:2026-01-31` and more (`rules.py`).
`complete` finds whom somebody begins to name; `suggestions` and `directory` help to find people without knowing a name.
`trends`: what is talked of, as far as a moderator approved it.
The index follows events (`index.py`) and can be made anew (`rebuild`; `fill`, where nothing else happens; `fill_later`, by
duties). Whatever it finds is shown through `posts.look`.
"""

from palabre.base.tables import Table, Tables
from palabre.features.search import trends
from palabre.features.search.discover import Suggestion, directory, suggestions
from palabre.features.search.find_people import complete, people
from palabre.features.search.find_posts import Found, posts
from palabre.features.search.find_tags import tags
from palabre.features.search.rebuild import fill, fill_later, rebuild

TABLES: Tables = {
    "search_posts": Table("author_id", derived=True),
    "search_accounts": Table("account_id", derived=True),
    "trends": Table(None, derived=True),
    "trend_reviews": Table("author_id"),
}

__all__ = [
    "TABLES",
    "Found",
    "Suggestion",
    "complete",
    "directory",
    "fill",
    "fill_later",
    "people",
    "posts",
    "rebuild",
    "suggestions",
    "tags",
    "trends",
]
