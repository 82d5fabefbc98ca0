"""All SQL of figures. Ids tell when things happened, so a period is a range of ids."""

from datetime import date

from palabre.base.db import Conn, Row

_DAY = "(to_timestamp(({} >> 16) / 1000.0) AT TIME ZONE 'UTC')::date"
_FIRST, _LAST = _DAY.format("$1::bigint"), _DAY.format("$2::bigint")
_ID_OF_DAY = "(extract(epoch FROM day)::bigint * 1000) << 16"
_THERE = "reverse(a.domain) = reverse($3::text)"

#: What happened from the id $1 to before the id $2 (`id`: when; `item`: what is counted or summed), and how it is added up.
#: $3: the hashtag or domain that it is about.
_HAPPENED: dict[str, tuple[str, str]] = {
    "active_users": (
        f"SELECT {_ID_OF_DAY} AS id, account_id AS item FROM active_days WHERE day >= {_FIRST} AND day < {_LAST}",
        "count(DISTINCT item)",
    ),
    "new_users": (
        "SELECT account_id AS id, 1 AS item FROM members WHERE account_id >= $1 AND account_id < $2",
        "count(*)",
    ),
    "interactions": (
        """SELECT id, 1 AS item FROM favourites WHERE id >= $1 AND id < $2
           UNION ALL SELECT id, 1 FROM posts WHERE id >= $1 AND id < $2
               AND (reblog_of_id IS NOT NULL OR in_reply_to_author_id <> author_id)""",
        "count(*)",
    ),
    "opened_reports": ("SELECT id, 1 AS item FROM reports WHERE id >= $1 AND id < $2", "count(*)"),
    "resolved_reports": (
        """SELECT d.id, r.id AS item FROM decisions d JOIN reports r ON r.case_id = d.case_id
           WHERE d.id >= $1 AND d.id < $2 AND d.undone_at IS NULL""",
        "count(DISTINCT item)",
    ),
    "tag_accounts": (
        "SELECT post_id AS id, author_id AS item FROM post_tags WHERE tag = $3 AND post_id >= $1 AND post_id < $2",
        "count(DISTINCT item)",
    ),
    "tag_uses": (
        "SELECT post_id AS id, 1 AS item FROM post_tags WHERE tag = $3 AND post_id >= $1 AND post_id < $2",
        "count(*)",
    ),
    "tag_servers": (
        """SELECT post_id AS id, coalesce(domain, '') AS item FROM post_tags JOIN accounts a ON a.id = author_id
           WHERE tag = $3 AND post_id >= $1 AND post_id < $2""",
        "count(DISTINCT item)",
    ),
    "instance_accounts": (
        f"SELECT id, 1 AS item FROM accounts a WHERE {_THERE} AND id >= $1 AND id < $2",
        "count(*)",
    ),
    "instance_statuses": (
        f"""SELECT p.id, 1 AS item FROM accounts a JOIN posts p ON p.author_id = a.id
            WHERE {_THERE} AND p.id >= $1 AND p.id < $2""",
        "count(*)",
    ),
    "instance_media_attachments": (
        f"""SELECT m.id, m.bytes AS item FROM accounts a JOIN media m ON m.account_id = a.id
            WHERE {_THERE} AND m.id >= $1 AND m.id < $2""",
        "coalesce(sum(item), 0)::bigint",
    ),
    "instance_reports": (
        f"""SELECT r.id, 1 AS item FROM reports r JOIN accounts a ON a.id = r.account_id
            WHERE {_THERE} AND r.id >= $1 AND r.id < $2""",
        "count(*)",
    ),
    # whom members here follow there, and who follows members here from there
    "instance_follows": (
        f"""SELECT f.id, 1 AS item FROM accounts a JOIN followers f ON f.account_id = a.id
            WHERE {_THERE} AND f.id >= $1 AND f.id < $2""",
        "count(*)",
    ),
    "instance_followers": (
        f"""SELECT f.id, 1 AS item FROM accounts a JOIN follows f ON f.account_id = a.id
            WHERE {_THERE} AND f.id >= $1 AND f.id < $2""",
        "count(*)",
    ),
}
MEASURES = tuple(_HAPPENED)

#: What there is most of, with $1 to $3 as above: `key` and `value`.
_SORTS: dict[str, str] = {
    "languages": f"""SELECT locale AS key, count(DISTINCT account_id) AS value
                     FROM active_days JOIN members USING (account_id) WHERE day >= {_FIRST} AND day < {_LAST} GROUP BY 1""",
    "sources": """SELECT coalesce(name, '') AS key, count(*) AS value
                  FROM members m LEFT JOIN apps ON apps.client_id = m.signed_up_with
                  WHERE account_id >= $1 AND account_id < $2 GROUP BY 1""",
    "servers": """SELECT coalesce(domain, '') AS key, count(*) AS value FROM posts JOIN accounts a ON a.id = author_id
                  WHERE posts.id >= $1 AND posts.id < $2 GROUP BY 1""",
    "tag_servers": """SELECT coalesce(domain, '') AS key, count(*) AS value
                      FROM post_tags JOIN accounts a ON a.id = author_id
                      WHERE tag = $3 AND post_id >= $1 AND post_id < $2 GROUP BY 1""",
    "tag_languages": """SELECT coalesce(language, '') AS key, count(*) AS value
                        FROM post_tags t JOIN posts p ON p.author_id = t.author_id AND p.id = t.post_id
                        WHERE tag = $3 AND post_id >= $1 AND post_id < $2 GROUP BY 1""",
    "instance_accounts": f"""SELECT username AS key, posts AS value
                             FROM accounts a JOIN account_counts ON account_id = id WHERE {_THERE}""",
    "instance_languages": f"""SELECT coalesce(language, '') AS key, count(*) AS value
                              FROM accounts a JOIN posts p ON p.author_id = a.id
                              WHERE {_THERE} AND p.id >= $1 AND p.id < $2 GROUP BY 1""",
}
SORTS = tuple(_SORTS)


async def by_day(conn: Conn, measure: str, first: int, last: int, subject: str) -> dict[int, int]:
    """So many on each day, counted from 1970."""
    happened, added_up = _HAPPENED[measure]
    rows = await conn.rows(
        f"""SELECT (id >> 16) / 86400000 AS day, {added_up} AS value FROM ({happened}) happened
            WHERE $3::text IS NOT NULL GROUP BY day""",
        first,
        last,
        subject,
    )
    return {row["day"]: row["value"] for row in rows}


async def total(conn: Conn, measure: str, first: int, last: int, subject: str) -> int:
    happened, added_up = _HAPPENED[measure]
    return int(
        await conn.value(
            f"SELECT {added_up} FROM ({happened}) happened WHERE $3::text IS NOT NULL", first, last, subject
        )
    )


async def most_of(conn: Conn, dimension: str, first: int, last: int, subject: str, limit: int) -> list[Row]:
    return await conn.rows(
        f"""SELECT key, value FROM ({_SORTS[dimension]}) sorted
            WHERE $3::text IS NOT NULL AND $1::bigint <= $2::bigint ORDER BY value DESC, key LIMIT $4""",
        first,
        last,
        subject,
        limit,
    )


async def space(conn: Conn) -> Row:
    row = await conn.row(
        """SELECT pg_database_size(current_database()) AS database,
                  (SELECT coalesce(sum(bytes), 0)::bigint FROM media) AS media"""
    )
    assert row is not None
    return row


async def joined(conn: Conn, first: int, last: int, frequency: str) -> dict[date, int]:
    """How many members joined in each period."""
    rows = await conn.rows(
        f"""SELECT date_trunc($3, {_DAY.format("account_id")}::timestamp)::date AS period, count(*) AS members
            FROM members WHERE account_id >= $1 AND account_id < $2 GROUP BY period""",
        first,
        last,
        frequency,
    )
    return {row["period"]: row["members"] for row in rows}


async def came_back(conn: Conn, first: int, last: int, frequency: str) -> dict[tuple[date, date], int]:
    """(When they joined, when they were here) -> how many."""
    rows = await conn.rows(
        f"""SELECT date_trunc($3, {_DAY.format("m.account_id")}::timestamp)::date AS period,
                   date_trunc($3, d.day::timestamp)::date AS later, count(DISTINCT d.account_id) AS members
            FROM members m JOIN active_days d ON d.account_id = m.account_id
            WHERE m.account_id >= $1 AND m.account_id < $2 AND d.day < {_LAST} GROUP BY period, later""",
        first,
        last,
        frequency,
    )
    return {(row["period"], row["later"]): row["members"] for row in rows}
