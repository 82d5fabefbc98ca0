"""All SQL of trends."""

from datetime import datetime

from palabre.base.db import Conn, Row


async def clear(conn: Conn) -> None:
    await conn.execute("DELETE FROM trends")


async def find_tags(conn: Conn, used_since: datetime, since: int, recent: int, fewest: int, most: int) -> None:
    await conn.execute(
        """INSERT INTO trends (kind, subject, score)
           SELECT 'tag', t.tag, u.score
           FROM (SELECT tag FROM tags WHERE last_used_at >= $1::timestamptz - interval '1 hour' AND usable) t
           CROSS JOIN LATERAL (
               SELECT count(DISTINCT p.author_id) AS people,
                      count(DISTINCT p.author_id)
                          + count(DISTINCT p.author_id) FILTER (WHERE p.post_id >= $3) AS score
               FROM post_tags p JOIN accounts a ON a.id = p.author_id
               WHERE p.tag = t.tag AND p.post_id >= $2 AND a.standing = 'active') u
           WHERE u.people >= $4 ORDER BY u.score DESC, t.tag LIMIT $5
           ON CONFLICT (kind, subject) DO UPDATE SET score = excluded.score""",
        used_since,
        since,
        recent,
        fewest,
        most,
    )


async def find_posts(conn: Conn, since: int, now: int, fewest: int, most: int) -> None:
    """Public posts that begin a conversation, by people who wish to be discovered. Ids tell how old each is."""
    await conn.execute(
        """INSERT INTO trends (kind, subject, author_id, score)
           SELECT 'post', p.id::text, p.author_id,
                  (c.favourites + 2 * c.reblogs) / power((($2 - p.id) >> 16) / 3600000.0 + 2, 1.5) AS score
           FROM posts p JOIN post_counts c ON c.author_id = p.author_id AND c.post_id = p.id
           JOIN accounts a ON a.id = p.author_id
           WHERE p.id >= $1 AND p.visibility = 'public' AND p.reblog_of_id IS NULL AND p.withheld_at IS NULL
             AND p.in_reply_to_id IS NULL AND NOT p.sensitive AND NOT p.quiet
             AND c.favourites + c.reblogs >= $3 AND a.standing = 'active' AND a.discoverable
           ORDER BY score DESC, p.id DESC LIMIT $4
           ON CONFLICT (kind, subject) DO UPDATE SET score = excluded.score""",
        since,
        now,
        fewest,
        most,
    )


async def approved_tags(conn: Conn, offset: int, limit: int) -> list[str]:
    rows = await conn.rows(
        """SELECT subject FROM trends JOIN tags ON tag = subject WHERE kind = 'tag' AND trendable AND usable AND listable
           ORDER BY score DESC, subject OFFSET $1 LIMIT $2""",
        offset,
        limit,
    )
    return [row["subject"] for row in rows]


async def all_tags(conn: Conn, offset: int, limit: int) -> list[str]:
    rows = await conn.rows(
        "SELECT subject FROM trends WHERE kind = 'tag' ORDER BY score DESC, subject OFFSET $1 LIMIT $2", offset, limit
    )
    return [row["subject"] for row in rows]


async def posts(conn: Conn, only_approved: bool, offset: int, limit: int) -> list[Row]:
    """With what was said of each: `approved` is null where nobody said anything."""
    return await conn.rows(
        """SELECT t.subject::bigint AS id, r.approved
           FROM trends t LEFT JOIN trend_reviews r ON r.author_id = t.author_id AND r.post_id = t.subject::bigint
           WHERE kind = 'post' AND (NOT $1 OR r.approved) ORDER BY score DESC, subject DESC OFFSET $2 LIMIT $3""",
        only_approved,
        offset,
        limit,
    )


async def review(conn: Conn, author_id: int, post_id: int, approved: bool, by: int, at: datetime) -> None:
    await conn.execute(
        """INSERT INTO trend_reviews VALUES ($1, $2, $3, $4, $5) ON CONFLICT (author_id, post_id)
           DO UPDATE SET approved = $3, reviewed_by = $4, reviewed_at = $5""",
        author_id,
        post_id,
        approved,
        by,
        at,
    )


async def forget_post(conn: Conn, author_id: int, post_id: int) -> None:
    await conn.execute("DELETE FROM trend_reviews WHERE author_id = $1 AND post_id = $2", author_id, post_id)
    await conn.execute("DELETE FROM trends WHERE kind = 'post' AND subject = $1::bigint::text", post_id)


async def forget_author(conn: Conn, author_id: int) -> None:
    await conn.execute("DELETE FROM trend_reviews WHERE author_id = $1", author_id)
    await conn.execute("DELETE FROM trends WHERE author_id = $1", author_id)
