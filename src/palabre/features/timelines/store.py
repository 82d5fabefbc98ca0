"""All SQL of timelines. Each statement names the key by which it finds its rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from palabre.base.db import Conn, Row
from palabre.base.paging import Page

# Of a followed author's posts, which belong in a follower's home ($1 the follower, p the post, f the follow).
_BELONGS = """p.withheld_at IS NULL AND p.held_at IS NULL
    AND (p.visibility <> 'direct' OR p.author_id = $1 OR $1 = ANY (p.audience))
    AND (f.reblogs OR p.reblog_of_id IS NULL)
    AND (p.author_id = $1 OR p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id IN (p.author_id, $1)
         OR EXISTS (SELECT FROM follows x WHERE x.account_id = $1 AND x.target_id = p.in_reply_to_author_id))"""


async def home(conn: Conn, account_id: int, page: Page, pulled: Sequence[int]) -> Row:
    """`entries` as [post, boosted or 0]; `pulled`: which of those authors this member follows; when he last read."""
    row = await conn.row(
        f"""SELECT (SELECT last_read_at FROM home_readers WHERE account_id = $1) AS last_read_at,
               ARRAY (SELECT target_id FROM follows WHERE account_id = $1 AND target_id = ANY ($5)) AS pulled,
               ARRAY (SELECT ARRAY[post_id, coalesce(reblog_of_id, 0)] FROM home_entries
                      WHERE account_id = $1 AND post_id < $2 AND post_id > $3
                      ORDER BY post_id {page.order} LIMIT $4) AS entries""",
        account_id,
        page.below,
        page.above,
        page.limit,
        pulled,
    )
    assert row is not None
    return row


async def pulled_posts(conn: Conn, account_id: int, page: Page, authors: Sequence[int]) -> list[Row]:
    """The posts on this page by authors whose posts are not copied."""
    return await conn.rows(
        f"""SELECT p.id, p.reblog_of_id FROM follows f CROSS JOIN LATERAL (
                SELECT id, reblog_of_id FROM posts p
                WHERE p.author_id = f.target_id AND p.id < $2 AND p.id > $3 AND {_BELONGS}
                ORDER BY p.id {page.order} LIMIT $4) p
            WHERE f.account_id = $1 AND f.target_id = ANY ($5) ORDER BY p.id {page.order} LIMIT $4""",
        account_id,
        page.below,
        page.above,
        page.limit,
        authors,
    )


async def rebuild(conn: Conn, account_id: int, length: int) -> None:
    await conn.execute("DELETE FROM home_entries WHERE account_id = $1", account_id)
    await fill(conn, account_id, length)


async def fill(conn: Conn, account_id: int, length: int) -> None:
    """Fill a home timeline from the follows: each author's newest posts, merged; what several boosted, once."""
    await conn.execute(
        f"""INSERT INTO home_entries (account_id, post_id, author_id, reblog_of_id, reblog_of_author_id)
            SELECT $1, id, author_id, reblog_of_id, reblog_of_author_id FROM (
                SELECT *, row_number() OVER (PARTITION BY coalesce(reblog_of_id, id) ORDER BY id) AS time_seen FROM (
                    SELECT p.* FROM (
                        SELECT target_id, reblogs FROM follows WHERE account_id = $1 UNION ALL SELECT $1, true) f
                    CROSS JOIN LATERAL (
                        SELECT id, author_id, reblog_of_id, reblog_of_author_id FROM posts p
                        WHERE p.author_id = f.target_id AND {_BELONGS} ORDER BY p.id DESC LIMIT 100) p
                    WHERE f.target_id = $1
                       OR NOT EXISTS (SELECT FROM pulled_authors a WHERE a.account_id = f.target_id)
                    ORDER BY p.id DESC LIMIT $2) newest) counted
            WHERE time_seen = 1 ON CONFLICT DO NOTHING""",
        account_id,
        length,
    )


async def last_read(conn: Conn, account_id: int) -> datetime | None:
    found: datetime | None = await conn.value("SELECT last_read_at FROM home_readers WHERE account_id = $1", account_id)
    return found


async def mark_read(conn: Conn, account_id: int) -> None:
    await conn.execute(
        """INSERT INTO home_readers VALUES ($1, now()) ON CONFLICT (account_id) DO UPDATE SET last_read_at = now()""",
        account_id,
    )


async def trim(conn: Conn, account_id: int, length: int) -> None:
    await conn.execute(
        """DELETE FROM home_entries WHERE account_id = $1 AND post_id <
             (SELECT post_id FROM home_entries WHERE account_id = $1 ORDER BY post_id DESC OFFSET $2 LIMIT 1)""",
        account_id,
        length - 1,
    )


async def forget_readers(conn: Conn, older: timedelta, limit: int) -> int:
    """Stop keeping timelines ready for members not seen for so long; they are rebuilt on return."""
    rows = await conn.rows(
        """DELETE FROM home_readers WHERE account_id IN
             (SELECT account_id FROM home_readers WHERE last_read_at < now() - $1::interval LIMIT $2) RETURNING account_id""",
        older,
        limit,
    )
    await conn.execute("DELETE FROM home_entries WHERE account_id = ANY ($1)", [row["account_id"] for row in rows])
    return len(rows)


async def forget_account(conn: Conn, account_id: int) -> None:
    for table in ("home_entries", "home_readers", "pulled_authors"):
        await conn.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)


async def followers_after(conn: Conn, author_id: int, after: int, limit: int) -> list[int]:
    rows = await conn.rows(
        "SELECT follower_id FROM followers WHERE account_id = $1 AND follower_id > $2 ORDER BY follower_id LIMIT $3",
        author_id,
        after,
        limit,
    )
    return [row["follower_id"] for row in rows]


async def place(conn: Conn, post: Row, owners: Sequence[int], active: timedelta, lately: int) -> list[int]:
    """Copy a post to the home timelines among `owners` that are kept ready and want it; which ones those were.

    `lately`: a boost is left out where the same post came by since that id.
    """
    rows = await conn.rows(
        """INSERT INTO home_entries (account_id, post_id, author_id, reblog_of_id, reblog_of_author_id)
           SELECT r.account_id, $2, $3, $4, $5 FROM home_readers r
           LEFT JOIN follows f ON f.account_id = r.account_id AND f.target_id = $3
           WHERE r.account_id = ANY ($1) AND r.last_read_at > now() - $6::interval
             AND (r.account_id = $3 OR f.account_id IS NOT NULL)
             AND ($4::bigint IS NULL OR r.account_id = $3 OR f.reblogs)
             AND ($7::bigint IS NULL OR $7 = $3 OR $7 = r.account_id OR r.account_id = $3
                  OR EXISTS (SELECT FROM follows x WHERE x.account_id = r.account_id AND x.target_id = $7))
             AND ($4::bigint IS NULL OR NOT EXISTS (
                  SELECT FROM home_entries h WHERE h.account_id = r.account_id AND h.post_id > $8
                  AND (h.post_id = $4 OR h.reblog_of_id = $4)))
           ON CONFLICT DO NOTHING RETURNING account_id""",
        owners,
        post["id"],
        post["author_id"],
        post["reblog_of_id"],
        post["reblog_of_author_id"],
        active,
        post["in_reply_to_author_id"],
        lately,
    )
    return [row["account_id"] for row in rows]


async def post_to_place(conn: Conn, author_id: int, post_id: int) -> Row | None:
    return await conn.row(
        """SELECT p.id, author_id, visibility, reblog_of_id, reblog_of_author_id, in_reply_to_author_id, audience, tags,
                  quiet, withheld_at, held_at, c.followers
           FROM posts p JOIN account_counts c ON c.account_id = author_id WHERE author_id = $1 AND p.id = $2""",
        author_id,
        post_id,
    )


async def pulled_authors(conn: Conn) -> dict[int, datetime]:
    return {row["account_id"]: row["since"] for row in await conn.rows("SELECT account_id, since FROM pulled_authors")}


async def pull(conn: Conn, author_id: int) -> datetime:
    """Note that an author is fetched on reading from now on; since when he is."""
    return await conn.value(  # type: ignore[no-any-return]
        """INSERT INTO pulled_authors VALUES ($1) ON CONFLICT (account_id) DO UPDATE SET account_id = $1 RETURNING since""",
        author_id,
    )


async def welcome(conn: Conn, account_id: int, author_id: int, limit: int) -> None:
    """A newly followed author's latest posts join the follower's home, where that is kept ready."""
    await conn.execute(
        f"""INSERT INTO home_entries (account_id, post_id, author_id, reblog_of_id, reblog_of_author_id)
            SELECT $1, p.id, p.author_id, p.reblog_of_id, p.reblog_of_author_id
            FROM follows f JOIN home_readers r ON r.account_id = $1 JOIN posts p ON p.author_id = f.target_id
            WHERE f.account_id = $1 AND f.target_id = $2 AND {_BELONGS}
              AND NOT EXISTS (SELECT FROM pulled_authors a WHERE a.account_id = $2)
              AND (p.reblog_of_id IS NULL OR NOT EXISTS (
                   SELECT FROM home_entries h WHERE h.account_id = $1
                   AND (h.post_id = p.reblog_of_id OR h.reblog_of_id = p.reblog_of_id)))
            ORDER BY p.id DESC LIMIT $3 ON CONFLICT DO NOTHING""",
        account_id,
        author_id,
        limit,
    )


async def part(conn: Conn, account_id: int, author_id: int) -> None:
    await conn.execute("DELETE FROM home_entries WHERE account_id = $1 AND author_id = $2", account_id, author_id)


async def separate(conn: Conn, account_id: int, other_id: int) -> None:
    await conn.execute(
        "DELETE FROM home_entries WHERE account_id = $1 AND (author_id = $2 OR reblog_of_author_id = $2)",
        account_id,
        other_id,
    )


async def holds(conn: Conn, account_id: int, author_id: int, post_id: int) -> bool:
    """Whether a post, or a boost of it, is among a member's home entries or belongs there by its author."""
    return bool(
        await conn.value(
            f"""SELECT EXISTS (SELECT FROM home_entries WHERE account_id = $1 AND (post_id = $3 OR reblog_of_id = $3))
                OR EXISTS (SELECT FROM follows f JOIN posts p ON p.author_id = f.target_id
                    WHERE f.account_id = $1 AND f.target_id = $2 AND p.id = $3 AND {_BELONGS})""",
            account_id,
            author_id,
            post_id,
        )
    )


async def pulled_of(conn: Conn, account_id: int) -> list[int]:
    """Whom of the authors that are fetched on reading this member follows."""
    rows = await conn.rows(
        "SELECT target_id FROM follows WHERE account_id = $1 AND target_id IN (SELECT account_id FROM pulled_authors)",
        account_id,
    )
    return [row["target_id"] for row in rows]


async def local(conn: Conn, page: Page, only_media: bool) -> list[Row]:
    return await conn.rows(
        f"""SELECT id FROM posts WHERE visibility = 'public' AND reblog_of_id IS NULL AND withheld_at IS NULL
              AND held_at IS NULL AND id < $1 AND id > $2 AND (in_reply_to_id IS NULL OR in_reply_to_author_id = author_id)
              AND ($4 = false OR has_media)
            ORDER BY id {page.order} LIMIT $3""",
        page.below,
        page.above,
        page.limit,
        only_media,
    )


async def hashtag(conn: Conn, tag: str, page: Page) -> list[Row]:
    return await conn.rows(
        f"""SELECT post_id AS id FROM post_tags WHERE tag = $1 AND post_id < $2 AND post_id > $3
            ORDER BY post_id {page.order} LIMIT $4""",
        tag,
        page.below,
        page.above,
        page.limit,
    )


async def profile(
    conn: Conn, author_id: int, page: Page, *, replies: bool, reblogs: bool, only_media: bool, tag: str | None
) -> list[Row]:
    return await conn.rows(
        f"""SELECT id, reblog_of_id FROM posts WHERE author_id = $1 AND id < $2 AND id > $3
              AND ($5 OR in_reply_to_id IS NULL OR in_reply_to_author_id = $1) AND ($6 OR reblog_of_id IS NULL)
              AND ($7 = false OR has_media AND reblog_of_id IS NULL) AND ($8::text IS NULL OR $8 = ANY (tags))
            ORDER BY id {page.order} LIMIT $4""",
        author_id,
        page.below,
        page.above,
        page.limit,
        replies,
        reblogs,
        only_media,
        tag,
    )


async def marked(conn: Conn, table: str, account_id: int, page: Page) -> list[Row]:
    """Favourites or bookmarks (`table`), by when they were set."""
    return await conn.rows(
        f"""SELECT post_id, id AS cursor FROM {table} WHERE account_id = $1 AND id < $2 AND id > $3
            ORDER BY id {page.order} LIMIT $4""",
        account_id,
        page.below,
        page.above,
        page.limit,
    )


async def pins(conn: Conn, account_id: int) -> list[int]:
    rows = await conn.rows("SELECT post_id FROM pins WHERE account_id = $1 ORDER BY id DESC", account_id)
    return [row["post_id"] for row in rows]


async def thread(conn: Conn, thread_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT id, in_reply_to_id FROM posts WHERE thread_id = $1 AND reblog_of_id IS NULL ORDER BY id LIMIT $2""",
        thread_id,
        limit,
    )
