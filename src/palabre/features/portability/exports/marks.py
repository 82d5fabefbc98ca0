"""What somebody favourited and bookmarked, as addresses: of posts that he may still see."""

from collections.abc import AsyncIterator, Awaitable, Callable

from palabre.base import ids, origin
from palabre.base.db import Conn, Row
from palabre.features import posts
from palabre.features.portability.exports.notes import post_uri
from palabre.settings import current

_BATCH = 200
_Read = Callable[[Conn, int, int, int], Awaitable[list[Row]]]


async def uris(conn: Conn, account_id: int, read: _Read) -> AsyncIterator[str]:
    """Newest first. `read`: `store.favourites` or `store.bookmarks`."""
    below = ids.LARGEST
    while rows := await read(conn, account_id, below, _BATCH):
        for post in await posts.look(conn, [row["post_id"] for row in rows], account_id):
            yield origin.reveal_text(post_uri(post.author.public.username, post.id), current().origin)
        below = rows[-1]["id"]
