"""All SQL of search."""

from collections.abc import Sequence

from palabre.base.db import Conn, Row

# What the index needs to know of a post; locked, so that it cannot change or go before it has been taken in.
_POSTS = """SELECT p.author_id, p.id, p.visibility, p.text, p.spoiler, p.audience, p.tags, p.has_media,
        p.language, a.indexable,
        ARRAY (SELECT description FROM media m WHERE m.account_id = p.author_id AND m.post_id = p.id
               AND detached_at IS NULL AND description <> '') AS descriptions
    FROM posts p JOIN accounts a ON a.id = p.author_id
    WHERE p.reblog_of_id IS NULL AND p.withheld_at IS NULL AND p.held_at IS NULL AND a.standing <> 'deleted'"""

# Of each account found, one look-up by its key: OFFSET 0 keeps PostgreSQL from reading all accounts to
# join some, as MATERIALIZED does from reading them all because a few will do.
_ACCOUNT = """CROSS JOIN LATERAL (SELECT * FROM accounts WHERE id = found.account_id OFFSET 0) a
            LEFT JOIN LATERAL (SELECT followers FROM account_counts WHERE account_id = a.id OFFSET 0) c ON true"""

# Whom a viewer ($1) may be shown: a the account, f his follow of it, $2 the name typed in full. By that even those
# he blocks or mutes: clients look people up by it to unblock them.
_SHOWN = """(a.standing IN ('active', 'frozen')
     OR a.standing = 'limited' AND (f.target_id IS NOT NULL OR lower(a.username) = $2))
    AND NOT EXISTS (SELECT FROM blocks WHERE account_id = a.id AND target_id = $1)
    AND (lower(a.username) = $2
         OR NOT EXISTS (SELECT FROM blocks WHERE account_id = $1 AND target_id = a.id)
            AND NOT EXISTS (SELECT FROM mutes WHERE account_id = $1 AND target_id = a.id
                            AND (expires_at IS NULL OR expires_at > now())))"""


async def post(conn: Conn, author_id: int, post_id: int) -> list[Row]:
    return await conn.rows(f"{_POSTS} AND p.author_id = $1 AND p.id = $2 FOR SHARE OF p", author_id, post_id)


async def posts_of(conn: Conn, author_id: int, after: int, limit: int) -> list[Row]:
    return await conn.rows(
        f"{_POSTS} AND p.author_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3 FOR SHARE OF p", author_id, after, limit
    )


async def posts_after(conn: Conn, after: int, limit: int) -> list[Row]:
    return await conn.rows(f"{_POSTS} AND p.id > $1 ORDER BY p.id LIMIT $2 FOR SHARE OF p", after, limit)


async def posts_before(conn: Conn, before: int, limit: int) -> list[Row]:
    return await conn.rows(f"{_POSTS} AND p.id < $1 ORDER BY p.id DESC LIMIT $2 FOR SHARE OF p", before, limit)


async def landmarks(conn: Conn, apart: int) -> list[int]:
    """Every so-many-th id of the posts. Reads everything: for `fill` alone."""
    rows = await conn.rows(
        """SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM posts) p
           WHERE place % $1 = 0 ORDER BY id""",
        apart,
    )
    return [row["id"] for row in rows]


async def posts_between(conn: Conn, after: int, last: int) -> list[Row]:
    """Not locked: nobody else may be at work."""
    return await conn.rows(f"{_POSTS} AND p.id > $1 AND p.id <= $2 ORDER BY p.author_id, p.id", after, last)


async def add(
    conn: Conn,
    author_ids: Sequence[int],
    post_ids: Sequence[int],
    visibilities: Sequence[str],
    bodies: Sequence[str],
    marks: Sequence[str],
) -> None:
    """`bodies`: folded words; `marks`: those of a post, between spaces. Stems stand without places, words with."""
    await conn.execute(
        """INSERT INTO search_posts (author_id, post_id, visibility, words)
           SELECT author_id, post_id, visibility, to_tsvector('simple', body)
               || strip(to_tsvector('french', body) || to_tsvector('english', body))
               || array_to_tsvector(string_to_array(marks, ' '))
           FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
               AS new (author_id, post_id, visibility, body, marks) ORDER BY author_id, post_id
           ON CONFLICT (author_id, post_id) DO UPDATE SET visibility = excluded.visibility, words = excluded.words""",
        author_ids,
        post_ids,
        visibilities,
        bodies,
        marks,
    )


async def forget_post(conn: Conn, author_id: int, post_id: int) -> None:
    await conn.execute("DELETE FROM search_posts WHERE author_id = $1 AND post_id = $2", author_id, post_id)


async def forget_posts_of(conn: Conn, author_id: int) -> None:
    await conn.execute("DELETE FROM search_posts WHERE author_id = $1", author_id)


async def forget_lost(conn: Conn) -> None:
    """Entries of what is there no longer. Reads everything: for `rebuild` alone."""
    await conn.execute(
        """DELETE FROM search_posts s WHERE NOT EXISTS (
               SELECT FROM posts p WHERE p.author_id = s.author_id AND p.id = s.post_id
                   AND p.withheld_at IS NULL AND p.held_at IS NULL)"""
    )
    await conn.execute(
        """DELETE FROM search_accounts s WHERE NOT EXISTS (
               SELECT FROM accounts a WHERE a.id = s.account_id AND a.standing NOT IN ('deleted', 'suspended'))"""
    )


async def totals(conn: Conn) -> Row:
    """How many accounts and posts there are. Reads everything: for `rebuild` alone."""
    row = await conn.row(
        """SELECT (SELECT count(*) FROM accounts) AS accounts,
                  (SELECT count(*) FROM posts WHERE reblog_of_id IS NULL) AS posts"""
    )
    assert row is not None
    return row


async def account(conn: Conn, account_id: int) -> Row | None:
    return await conn.row(
        """SELECT id, username, display_name, standing, a.indexable, s.indexable AS indexed_as
           FROM accounts a LEFT JOIN search_accounts s ON account_id = id WHERE id = $1 FOR SHARE OF a""",
        account_id,
    )


async def accounts_after(conn: Conn, after: int, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT id, username, display_name, indexable FROM accounts
           WHERE id > $1 AND standing NOT IN ('deleted', 'suspended') ORDER BY id LIMIT $2 FOR SHARE""",
        after,
        limit,
    )


async def add_accounts(
    conn: Conn, account_ids: Sequence[int], indexable: Sequence[bool], trigrams: Sequence[str]
) -> None:
    """`trigrams`: those of an account, between bars."""
    await conn.execute(
        """INSERT INTO search_accounts (account_id, indexable, trigrams)
           SELECT account_id, indexable, string_to_array(trigrams, '|')
           FROM unnest($1::bigint[], $2::boolean[], $3::text[]) AS new (account_id, indexable, trigrams) ORDER BY 1
           ON CONFLICT (account_id) DO UPDATE SET indexable = excluded.indexable, trigrams = excluded.trigrams""",
        account_ids,
        indexable,
        trigrams,
    )


async def forget_account(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM search_accounts WHERE account_id = $1", account_id)


async def forms(conn: Conn, texts: Sequence[str], exact: Sequence[bool]) -> list[list[str]]:
    """Each text as tsqueries of which one must be true: in any of its words' forms or, `exact`, only in this one."""
    rows = await conn.rows(
        """SELECT CASE WHEN exact THEN ARRAY[phraseto_tsquery('simple', text)] ELSE ARRAY[
               plainto_tsquery('simple', text), plainto_tsquery('french', text), plainto_tsquery('english', text)]
               END::text[] AS forms
           FROM unnest($1::text[], $2::boolean[]) WITH ORDINALITY AS asked (text, exact, place) ORDER BY place""",
        texts,
        exact,
    )
    return [list(dict.fromkeys(filter(None, row["forms"]))) for row in rows]


async def posts_with(
    conn: Conn, query: str, above: int, below: int, viewer_id: int, told: str, limit: int
) -> list[int]:
    """Ids, newest first. `told`: the tsquery of what is the viewer's own or addressed to him.

    `+ 0` keeps PostgreSQL from walking through the primary key, which bounds no author.
    """
    rows = await conn.rows(
        """SELECT post_id FROM search_posts s
           WHERE words @@ $1::tsquery AND post_id + 0 >= $2 AND post_id + 0 < $3
             AND (visibility <> 'private' OR words @@ $5::tsquery
                  OR EXISTS (SELECT FROM follows WHERE account_id = $4 AND target_id = s.author_id))
           ORDER BY post_id DESC LIMIT $6""",
        query,
        above,
        below,
        viewer_id,
        told,
        limit,
    )
    return [row["post_id"] for row in rows]


async def people_with(
    conn: Conn, viewer_id: int, name: str, trigrams: Sequence[str], following: bool, most: int, offset: int, limit: int
) -> list[int]:
    """Accounts with all these trigrams: the one of this name, then names that begin so, followed, much followed."""
    rows = await conn.rows(
        f"""WITH alike AS MATERIALIZED (SELECT account_id FROM search_accounts WHERE trigrams @> $3)
            SELECT a.id FROM (
                (SELECT account_id FROM alike WHERE NOT $4 LIMIT $5)
                UNION SELECT account_id FROM handles WHERE handle = $2 AND retired_at IS NULL
                UNION (SELECT account_id FROM search_accounts s WHERE trigrams @> $3 AND account_id = ANY (
                    ARRAY (SELECT target_id FROM follows WHERE account_id = $1)))
            ) found
            {_ACCOUNT}
            LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
            WHERE {_SHOWN} AND (NOT $4 OR f.target_id IS NOT NULL)
            ORDER BY lower(a.username) <> $2, NOT starts_with(lower(a.username), $2), f.target_id IS NULL,
                     coalesce(c.followers, 0) DESC, a.id LIMIT $7 OFFSET $6""",
        viewer_id,
        name,
        trigrams,
        following,
        most,
        offset,
        limit,
    )
    return [row["id"] for row in rows]


async def people_like(
    conn: Conn, viewer_id: int, name: str, trigrams: Sequence[str], least: int, most: int, offset: int, limit: int
) -> list[int]:
    """Accounts that share at least so many trigrams: the most alike first."""
    rows = await conn.rows(
        f"""WITH alike AS MATERIALIZED (SELECT account_id, trigrams FROM search_accounts WHERE trigrams && $3::text[])
            SELECT a.id FROM (
                SELECT account_id, cardinality(trigrams) AS length,
                       cardinality(ARRAY (SELECT unnest(trigrams) INTERSECT SELECT unnest($3::text[]))) AS shared
                FROM (SELECT * FROM alike LIMIT $5) s
            ) found
            {_ACCOUNT}
            LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
            WHERE shared >= $4 AND {_SHOWN}
            ORDER BY shared DESC, length, f.target_id IS NULL, coalesce(c.followers, 0) DESC, a.id LIMIT $7 OFFSET $6""",
        viewer_id,
        name,
        trigrams,
        least,
        most,
        offset,
        limit,
    )
    return [row["id"] for row in rows]


async def tags_from(conn: Conn, first: str, behind: str, since: int, most: int, offset: int, limit: int) -> list[Row]:
    """Tags between two keys that stand in some post: the one named exactly, then those most used since then."""
    return await conn.rows(
        """SELECT tag, display FROM (SELECT tag, display FROM tags WHERE tag ~>=~ $1 AND tag ~<~ $2 AND listable AND usable
                                     ORDER BY last_used_at DESC LIMIT $4) t
           CROSS JOIN LATERAL (SELECT count(*) AS uses FROM (
               SELECT FROM post_tags p WHERE p.tag = t.tag AND post_id >= $3 LIMIT 1000) recent) u
           WHERE uses > 0 OR EXISTS (SELECT FROM post_tags p WHERE p.tag = t.tag)
           ORDER BY tag <> $1, uses DESC, tag LIMIT $6 OFFSET $5""",
        first,
        behind,
        since,
        most,
        offset,
        limit,
    )


async def tag_history(conn: Conn, tags: Sequence[str], since: int) -> list[Row]:
    """Uses by tag and day (counted from 1970), from the id `since` on."""
    return await conn.rows(
        """SELECT tag, (post_id >> 16) / 86400000 AS day, count(*) AS uses, count(DISTINCT author_id) AS accounts
           FROM post_tags WHERE tag = ANY ($1) AND post_id >= $2 GROUP BY tag, day""",
        tags,
        since,
    )


async def lately_active(conn: Conn, most: int, offset: int, limit: int) -> list[int]:
    """Who wrote the newest public posts, and wishes to be discovered."""
    rows = await conn.rows(
        """SELECT a.id FROM (
               SELECT author_id, max(id) AS latest FROM (
                   SELECT author_id, id FROM posts
                   WHERE visibility = 'public' AND reblog_of_id IS NULL AND withheld_at IS NULL
                     AND held_at IS NULL AND id > 0
                   ORDER BY id DESC LIMIT $1) newest GROUP BY author_id) w
           CROSS JOIN LATERAL (SELECT * FROM accounts WHERE id = author_id OFFSET 0) a
           WHERE discoverable AND standing = 'active' AND domain IS NULL
           ORDER BY latest DESC LIMIT $3 OFFSET $2""",
        most,
        offset,
        limit,
    )
    return [row["id"] for row in rows]


async def newest(conn: Conn, offset: int, limit: int) -> list[int]:
    rows = await conn.rows(
        """SELECT id FROM accounts WHERE discoverable AND standing = 'active' AND domain IS NULL AND id > 0
           ORDER BY id DESC LIMIT $2 OFFSET $1""",
        offset,
        limit,
    )
    return [row["id"] for row in rows]


async def friends_of_friends(conn: Conn, account_id: int, friends: int, each: int, limit: int) -> list[int]:
    """Whom the people that somebody follows follow most."""
    rows = await conn.rows(
        f"""SELECT a.id FROM (
                SELECT g.target_id AS account_id, count(*) AS times
                FROM (SELECT target_id FROM follows WHERE account_id = $1 ORDER BY id DESC LIMIT $3) mine
                CROSS JOIN LATERAL (SELECT target_id FROM follows o WHERE o.account_id = mine.target_id
                                    ORDER BY id DESC LIMIT $4) g GROUP BY 1 ORDER BY 2 DESC LIMIT 200) found
            {_ACCOUNT}
            LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
            WHERE {_SHOWN} AND a.discoverable AND f.target_id IS NULL AND a.id <> $1
              AND NOT EXISTS (SELECT FROM follow_requests q WHERE q.account_id = a.id AND q.requester_id = $1 OFFSET 0)
            ORDER BY times DESC, a.id LIMIT $5""",
        account_id,
        "",
        friends,
        each,
        limit,
    )
    return [row["id"] for row in rows]


async def strangers_among(conn: Conn, account_id: int, account_ids: Sequence[int]) -> list[int]:
    """Those whom somebody neither follows nor avoids: the most followed first."""
    rows = await conn.rows(
        f"""SELECT a.id FROM unnest($3::bigint[]) AS found (account_id)
            {_ACCOUNT}
            LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
            WHERE {_SHOWN} AND f.target_id IS NULL AND a.id <> $1
              AND NOT EXISTS (SELECT FROM follow_requests q WHERE q.account_id = a.id AND q.requester_id = $1 OFFSET 0)
            ORDER BY coalesce(c.followers, 0) DESC, a.id""",
        account_id,
        "",
        account_ids,
    )
    return [row["id"] for row in rows]
