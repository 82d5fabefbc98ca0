"""All SQL of posts, except that of media."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page

_COLUMNS = (
    "author_id",
    "id",
    "visibility",
    "text",
    "spoiler",
    "sensitive",
    "language",
    "in_reply_to_id",
    "in_reply_to_author_id",
    "thread_id",
    "reblog_of_id",
    "reblog_of_author_id",
    "audience",
    "tags",
    "has_media",
    "client_id",
    "created_at",
    "edited_at",
    "quiet",
    "held_at",
    "fragment",
)
_INSERT = f"""INSERT INTO posts ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))})"""


_VIEW = """SELECT id, p.author_id, visibility, in_reply_to_id, in_reply_to_author_id, thread_id, reblog_of_id, audience,
        created_at, edited_at, withheld_at, held_at, fragment, replies, reblogs, favourites
    FROM posts p LEFT JOIN post_counts c ON c.author_id = p.author_id AND c.post_id = p.id"""


async def views(conn: Conn, post_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(f"{_VIEW} WHERE id = ANY ($1)", post_ids)


async def own_views(conn: Conn, author_id: int, below: int, limit: int) -> list[Row]:
    return await conn.rows(
        f"""{_VIEW} WHERE p.author_id = $1 AND id < $2 AND withheld_at IS NULL ORDER BY id DESC LIMIT $3""",
        author_id,
        below,
        limit,
    )


async def seen_by(
    conn: Conn, viewer_id: int, post_ids: Sequence[int], author_ids: Sequence[int], thread_ids: Sequence[int]
) -> Row:
    row = await conn.row(
        """SELECT
             ARRAY (SELECT target_id FROM follows WHERE account_id = $1 AND target_id = ANY ($3)) AS following,
             ARRAY (SELECT target_id FROM blocks WHERE account_id = $1 AND target_id = ANY ($3)) AS blocking,
             ARRAY (SELECT account_id FROM blocks WHERE account_id = ANY ($3) AND target_id = $1) AS blocked_by,
             ARRAY (SELECT target_id FROM mutes WHERE account_id = $1 AND target_id = ANY ($3)
                        AND (expires_at IS NULL OR expires_at > now())) AS muting,
             ARRAY (SELECT post_id FROM favourites WHERE account_id = $1 AND post_id = ANY ($2)) AS favourited,
             ARRAY (SELECT reblog_of_id FROM posts WHERE author_id = $1 AND reblog_of_id = ANY ($2)) AS reblogged,
             ARRAY (SELECT post_id FROM bookmarks WHERE account_id = $1 AND post_id = ANY ($2)) AS bookmarked,
             ARRAY (SELECT post_id FROM pins WHERE account_id = $1 AND post_id = ANY ($2)) AS pinned,
             ARRAY (SELECT thread_id FROM thread_mutes WHERE account_id = $1 AND thread_id = ANY ($4)) AS muted_threads""",
        viewer_id,
        post_ids,
        author_ids,
        thread_ids,
    )
    assert row is not None
    return row


async def rename(conn: Conn, author_id: int, post_id: int, new_id: int) -> None:
    """Give a post another id, and what hangs on it while nobody has seen it."""
    await conn.execute("UPDATE posts SET id = $3 WHERE author_id = $1 AND id = $2", author_id, post_id, new_id)
    await conn.execute(
        "UPDATE media SET post_id = $3 WHERE account_id = $1 AND post_id = $2", author_id, post_id, new_id
    )
    await conn.execute(
        "UPDATE idempotency_keys SET post_id = $3 WHERE account_id = $1 AND post_id = $2", author_id, post_id, new_id
    )


async def released_as(conn: Conn, author_id: int, post_id: int) -> int:
    """What a post is called now that was known by this id while it was held; else the id itself."""
    found = await conn.value("SELECT id FROM posts WHERE author_id = $1 AND held_as = $2", author_id, post_id)
    return int(found) if found else post_id


async def held_by(conn: Conn, author_id: int, limit: int) -> list[int]:
    rows = await conn.rows(
        """SELECT id FROM posts WHERE author_id = $1 AND held_at IS NOT NULL AND withheld_at IS NULL
           ORDER BY id DESC LIMIT $2""",
        author_id,
        limit,
    )
    return [row["id"] for row in rows]


async def insert(conn: Conn, post: dict[str, Any]) -> None:
    """Raises UniqueViolation for an id that is taken, and the whole request is tried again with another."""
    await conn.execute(_INSERT, *(post[name] for name in _COLUMNS))


async def insert_boost(conn: Conn, post: dict[str, Any]) -> bool:
    """False if this account boosts that post already."""
    return bool(await conn.execute(f"{_INSERT} ON CONFLICT DO NOTHING", *(post[name] for name in _COLUMNS)))


async def own(conn: Conn, author_id: int, post_id: int) -> Row | None:
    """A post for its author to change; the row stays locked until the transaction ends."""
    return await conn.row("SELECT * FROM posts WHERE author_id = $1 AND id = $2 FOR UPDATE", author_id, post_id)


async def hold(conn: Conn, author_id: int, post_id: int) -> bool:
    """Keep a post from being deleted until the transaction ends; False if it just was."""
    return bool(
        await conn.value("SELECT true FROM posts WHERE author_id = $1 AND id = $2 FOR KEY SHARE", author_id, post_id)
    )


async def source(conn: Conn, author_id: int, post_id: int) -> Row | None:
    return await conn.row("SELECT text, spoiler FROM posts WHERE author_id = $1 AND id = $2", author_id, post_id)


async def update(conn: Conn, author_id: int, post_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    await conn.execute(
        f"UPDATE posts SET {sets} WHERE author_id = $1 AND id = $2", author_id, post_id, *changes.values()
    )


async def delete(conn: Conn, author_id: int, post_id: int) -> bool:
    """The post and all that lies beside it. True if it was there. What others hung on it: `erase_marks`."""
    removed = await conn.execute("DELETE FROM posts WHERE author_id = $1 AND id = $2", author_id, post_id)
    await conn.execute("DELETE FROM post_counts WHERE author_id = $1 AND post_id = $2", author_id, post_id)
    await conn.execute("DELETE FROM post_revisions WHERE author_id = $1 AND post_id = $2", author_id, post_id)
    await conn.execute("DELETE FROM pins WHERE account_id = $1 AND post_id = $2", author_id, post_id)
    await conn.execute("DELETE FROM idempotency_keys WHERE account_id = $1 AND post_id = $2", author_id, post_id)
    return removed > 0


async def erase_marks(conn: Conn, table: str, post_id: int, limit: int) -> int:
    """Up to `limit` of a deleted post's favourites or bookmarks (`table`); how many there were."""
    return await conn.execute(
        f"""DELETE FROM {table} WHERE post_id = $1 AND account_id = ANY (ARRAY (
                SELECT account_id FROM {table} WHERE post_id = $1 ORDER BY id LIMIT $2))""",
        post_id,
        limit,
    )


async def erase_boosts(conn: Conn, post_id: int, limit: int) -> list[int]:
    """Up to `limit` boosts of a deleted post; whose they were."""
    rows = await conn.rows(
        """DELETE FROM posts WHERE reblog_of_id = $1 AND id = ANY (ARRAY (
               SELECT id FROM posts WHERE reblog_of_id = $1 ORDER BY id LIMIT $2)) RETURNING author_id""",
        post_id,
        limit,
    )
    return sorted(row["author_id"] for row in rows)


async def count(
    conn: Conn, author_id: int, post_id: int, *, replies: int = 0, reblogs: int = 0, favourites: int = 0
) -> None:
    """Move a post's counters by so much; never below nought. To count up, `hold` the post first."""
    if max(replies, reblogs, favourites) > 0:
        statement = """INSERT INTO post_counts AS c (author_id, post_id, replies, reblogs, favourites)
           VALUES ($1, $2, greatest($3, 0), greatest($4, 0), greatest($5, 0))
           ON CONFLICT (author_id, post_id) DO UPDATE SET replies = greatest(c.replies + $3, 0),
               reblogs = greatest(c.reblogs + $4, 0), favourites = greatest(c.favourites + $5, 0)"""
    else:
        statement = """UPDATE post_counts SET replies = greatest(replies + $3, 0),
               reblogs = greatest(reblogs + $4, 0), favourites = greatest(favourites + $5, 0)
           WHERE author_id = $1 AND post_id = $2"""
    await conn.execute(statement, author_id, post_id, replies, reblogs, favourites)


async def set_tags(conn: Conn, author_id: int, post_id: int, tags: dict[str, str], *, fresh: bool = False) -> None:
    """`tags`: folded form -> as written. Replaces those the post had; a `fresh` post had none."""
    if not fresh:
        await conn.execute("DELETE FROM post_tags WHERE post_id = $1 AND tag <> ALL ($2)", post_id, list(tags))
    if tags:
        await conn.execute(
            """INSERT INTO post_tags (tag, post_id, author_id) SELECT tag, $2, $3 FROM unnest($1::text[]) AS tag
               ON CONFLICT DO NOTHING""",
            list(tags),
            post_id,
            author_id,
        )
        await conn.execute(
            """INSERT INTO tags (tag, display, last_used_at) SELECT tag, display, now()
               FROM unnest($1::text[], $2::text[]) AS new (tag, display) ORDER BY tag
               ON CONFLICT (tag) DO UPDATE SET last_used_at = now()
               WHERE tags.last_used_at < now() - interval '1 hour'""",
            list(tags),
            list(tags.values()),
        )


async def add_revision(conn: Conn, author_id: int, post_id: int, revision_id: int, fragment: bytes, at: Any) -> None:
    await conn.execute(
        "INSERT INTO post_revisions VALUES ($1, $2, $3, $4, $5)", author_id, post_id, revision_id, fragment, at
    )


async def revisions(conn: Conn, author_id: int, post_id: int) -> list[Row]:
    return await conn.rows(
        "SELECT fragment, written_at FROM post_revisions WHERE author_id = $1 AND post_id = $2 ORDER BY id",
        author_id,
        post_id,
    )


async def note_removed(conn: Conn, author_id: int, post_id: int, at: datetime) -> None:
    await conn.execute("INSERT INTO removed_posts VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", author_id, post_id, at)


async def removed(conn: Conn, post_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT author_id, id, removed_at FROM removed_posts WHERE id = ANY ($1)", post_ids)


async def forget_removed(conn: Conn, before: datetime) -> None:
    await conn.execute("DELETE FROM removed_posts WHERE removed_at < $1", before)


async def boost_id(conn: Conn, account_id: int, post_id: int) -> int | None:
    found = await conn.value("SELECT id FROM posts WHERE author_id = $1 AND reblog_of_id = $2", account_id, post_id)
    return int(found) if found else None


async def replies_to(conn: Conn, thread_id: int, post_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT author_id, id FROM posts WHERE thread_id = $1 AND in_reply_to_id = $2 AND reblog_of_id IS NULL
           ORDER BY id LIMIT $3""",
        thread_id,
        post_id,
        limit,
    )


async def add_mark(conn: Conn, table: str, account_id: int, post_id: int, author_id: int, mark_id: int) -> bool:
    """A favourite or bookmark (`table`); False if it was there."""
    return bool(
        await conn.execute(
            f"INSERT INTO {table} (account_id, post_id, post_author_id, id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            account_id,
            post_id,
            author_id,
            mark_id,
        )
    )


async def remove_mark(conn: Conn, table: str, account_id: int, post_id: int) -> bool:
    return bool(await conn.execute(f"DELETE FROM {table} WHERE account_id = $1 AND post_id = $2", account_id, post_id))


async def pin(conn: Conn, account_id: int, post_id: int, pin_id: int) -> None:
    await conn.execute(
        "INSERT INTO pins (account_id, post_id, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account_id,
        post_id,
        pin_id,
    )


async def pins(conn: Conn, account_id: int) -> list[int]:
    rows = await conn.rows("SELECT post_id FROM pins WHERE account_id = $1 ORDER BY id DESC", account_id)
    return [row["post_id"] for row in rows]


async def mute_thread(conn: Conn, account_id: int, thread_id: int) -> None:
    await conn.execute("INSERT INTO thread_mutes VALUES ($1, $2) ON CONFLICT DO NOTHING", account_id, thread_id)


async def unmute_thread(conn: Conn, account_id: int, thread_id: int) -> None:
    await conn.execute("DELETE FROM thread_mutes WHERE account_id = $1 AND thread_id = $2", account_id, thread_id)


async def newest(conn: Conn, below: int) -> int | None:
    newest: int | None = await conn.value("SELECT max(id) FROM posts WHERE id < $1", below)
    return newest


async def newest_of(conn: Conn, author_id: int, limit: int) -> list[int]:
    rows = await conn.rows("SELECT id FROM posts WHERE author_id = $1 ORDER BY id DESC LIMIT $2", author_id, limit)
    return [row["id"] for row in rows]


async def favourites_of(conn: Conn, account_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT post_id, post_author_id FROM favourites WHERE account_id = $1 LIMIT $2", account_id, limit
    )


async def forget_reader(conn: Conn, account_id: int) -> None:
    """What an account marked for itself alone."""
    for table in ("bookmarks", "pins", "thread_mutes", "idempotency_keys"):
        await conn.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)


async def claim_key(conn: Conn, account_id: int, key: str, post_id: int) -> int | None:
    """The post made with this key before; None if there is none, and from now on it is this one.

    Waits for another transaction that is just claiming the same key.
    """
    claimed = await conn.execute(
        "INSERT INTO idempotency_keys (account_id, key, post_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account_id,
        key,
        post_id,
    )
    if claimed:
        return None
    return await conn.value(  # type: ignore[no-any-return]
        "SELECT post_id FROM idempotency_keys WHERE account_id = $1 AND key = $2", account_id, key
    )


async def forget_keys(conn: Conn) -> None:
    await conn.execute("DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'")


async def favouriters(conn: Conn, post_id: int, viewer_id: int | None, page: Page) -> list[Row]:
    """Whose favourite a post is, without those kept apart from the viewer by a block."""
    return await conn.rows(
        f"""SELECT account_id, id AS cursor FROM favourites f WHERE post_id = $1 AND id < $2 AND id > $3
              AND NOT EXISTS (SELECT FROM blocks WHERE account_id = $5 AND target_id = f.account_id)
              AND NOT EXISTS (SELECT FROM blocks WHERE account_id = f.account_id AND target_id = $5)
            ORDER BY id {page.order} LIMIT $4""",
        post_id,
        page.below,
        page.above,
        page.limit,
        viewer_id,
    )


async def boosts(conn: Conn, post_id: int, page: Page) -> list[int]:
    rows = await conn.rows(
        f"""SELECT id FROM posts WHERE reblog_of_id = $1 AND id < $2 AND id > $3
            ORDER BY id {page.order} LIMIT $4""",
        post_id,
        page.below,
        page.above,
        page.limit,
    )
    return [row["id"] for row in rows]


async def tag(conn: Conn, tag: str) -> str | None:
    """How the tag was first written."""
    return await conn.value("SELECT display FROM tags WHERE tag = $1", tag)  # type: ignore[no-any-return]


async def tag_history(conn: Conn, tag: str, since: int) -> list[Row]:
    """Uses of a tag by day (counted from 1970), from the id `since` on: an id tells when its post was written."""
    return await conn.rows(
        """SELECT (post_id >> 16) / 86400000 AS day, count(*) AS uses, count(DISTINCT author_id) AS accounts
           FROM post_tags WHERE tag = $1 AND post_id >= $2 GROUP BY day""",
        tag,
        since,
    )


async def app_of(conn: Conn, client_id: str | None) -> dict[str, str | None] | None:
    if client_id is None:
        return None
    row = await conn.row("SELECT name, website FROM apps WHERE client_id = $1", client_id)
    return {"name": row["name"], "website": row["website"] or None} if row else None


async def tags(conn: Conn, keys: Sequence[str]) -> list[Row]:
    return await conn.rows("SELECT * FROM tags WHERE tag = ANY ($1)", keys)


async def tags_after(conn: Conn, after: str, most: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM tags WHERE tag ~>~ $1 ORDER BY tag USING ~<~ LIMIT $2",
        after,
        most,
    )


async def update_tag(conn: Conn, tag: str, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE tags SET {sets} WHERE tag = $1", tag, *changes.values())


async def is_usable(conn: Conn, tag: str) -> bool:
    return bool(await conn.value("SELECT coalesce((SELECT usable FROM tags WHERE tag = $1), true)", tag))


async def tag_histories(conn: Conn, tags: Sequence[str], since: int) -> list[Row]:
    """As `tag_history`, for many."""
    return await conn.rows(
        """SELECT tag, (post_id >> 16) / 86400000 AS day, count(*) AS uses, count(DISTINCT author_id) AS accounts
           FROM post_tags WHERE tag = ANY ($1) AND post_id >= $2 GROUP BY tag, day""",
        tags,
        since,
    )
