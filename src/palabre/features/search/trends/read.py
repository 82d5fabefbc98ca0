"""What is talked of, as far as a moderator approved it; for the staff, what waits for that."""

from collections.abc import Sequence

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.errors import Forbidden
from palabre.features.accounts import Caller
from palabre.features.posts import PostView, Tag, TagUse, look, look_at, tag_uses
from palabre.features.posts import tags as tags_by_key
from palabre.features.search.trends import store


async def tags(conn: Conn, *, offset: int = 0, limit: int = 10) -> list[TagUse]:
    """Approved hashtags, the most used first."""
    return await tag_uses(conn, await store.approved_tags(conn, offset, limit))


async def posts(conn: Conn, viewer_id: int | None, *, offset: int = 0, limit: int = 20) -> list[PostView]:
    """Approved posts, the most liked first, as far as this viewer may see them."""
    rows = await store.posts(conn, True, offset, limit)
    return _shown(await look(conn, [row["id"] for row in rows], viewer_id))


async def candidates_of_tags(conn: Conn, by: Caller, *, offset: int = 0, limit: int = 10) -> list[tuple[TagUse, Tag]]:
    """With what was said of each."""
    _check_staff(by)
    keys = await store.all_tags(conn, offset, limit)
    said = await tags_by_key(conn, keys)
    return [(use, said[use.key]) for use in await tag_uses(conn, keys) if use.key in said]


async def candidates_of_posts(
    conn: Conn, by: Caller, *, offset: int = 0, limit: int = 20
) -> list[tuple[PostView, bool | None]]:
    """With whether each was approved; None: nobody has said."""
    _check_staff(by)
    rows = await store.posts(conn, False, offset, limit)
    said = {row["id"]: row["approved"] for row in rows}
    return [(post, said[post.id]) for post in _shown(await look(conn, list(said), by.id))]


async def review_post(conn: Conn, by: Caller, post_id: int, *, approved: bool) -> PostView:
    """Whether a public post may be among what is talked of. Raises NotFound."""
    _check_staff(by)
    post = await look_at(conn, post_id, None)
    await store.review(conn, post.author_id, post.id, approved, by.id, clock.now())
    return post


def _shown(found: Sequence[PostView]) -> list[PostView]:
    """A post may have become private, or its author limited, since the last count."""
    return [post for post in found if post.visibility == "public" and post.author.standing == "active"]


def _check_staff(by: Caller) -> None:
    if not by.staff:
        raise Forbidden
