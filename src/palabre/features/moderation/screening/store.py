"""All SQL of rules before publication."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row

_RULE = """SELECT r.*, v.content, v.changed_by, v.changed_at FROM screening_rules r
    JOIN screening_versions v ON v.rule_id = r.id AND v.version = r.version"""


async def rules(conn: Conn, limit: int) -> list[Row]:
    return await conn.rows(f"{_RULE} ORDER BY r.state = 'off', r.id LIMIT $1", limit)


async def rule(conn: Conn, rule_id: int, *, lock: bool = False) -> Row | None:
    return await conn.row(f"{_RULE} WHERE r.id = $1 {'FOR UPDATE OF r' if lock else ''}", rule_id)


async def active(conn: Conn) -> list[Row]:
    """The versions in force."""
    return await conn.rows(
        """SELECT r.id, v.version, v.content FROM screening_rules r
           JOIN screening_versions v ON v.rule_id = r.id AND v.version = r.active_version
           WHERE r.state = 'active' ORDER BY r.id"""
    )


async def count(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM screening_rules"))


async def insert_rule(conn: Conn, rule_id: int, at: datetime) -> None:
    await conn.execute("INSERT INTO screening_rules (id, version, created_at) VALUES ($1, 1, $2)", rule_id, at)


async def update_rule(conn: Conn, rule_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE screening_rules SET {sets} WHERE id = $1", rule_id, *changes.values())


async def insert_version(conn: Conn, rule_id: int, version: int, content: Any, by: int, at: datetime) -> None:
    await conn.execute("INSERT INTO screening_versions VALUES ($1, $2, $3, $4, $5)", rule_id, version, content, by, at)


async def versions(conn: Conn, rule_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM screening_versions WHERE rule_id = $1 ORDER BY version DESC", rule_id)


async def version(conn: Conn, rule_id: int, version: int) -> Row | None:
    return await conn.row("SELECT * FROM screening_versions WHERE rule_id = $1 AND version = $2", rule_id, version)


async def insert_switch(
    conn: Conn, rule_id: int, switch_id: int, version: int, state: str, by: int, at: datetime
) -> None:
    await conn.execute(
        "INSERT INTO screening_switches VALUES ($1, $2, $3, $4, $5, $6)", rule_id, switch_id, version, state, by, at
    )


async def switches(conn: Conn, rule_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM screening_switches WHERE rule_id = $1 ORDER BY id DESC LIMIT 100", rule_id)


async def facts(conn: Conn, author_id: int, before: int, most_posts: int) -> Row | None:
    """Of an author, as he was when the post `before` was written; of his earlier posts at most `most_posts` are counted."""
    return await conn.row(
        """SELECT username, a.created_at, coalesce(c.followers, 0) AS followers, m.role,
                  (SELECT count(*) FROM (SELECT FROM posts p WHERE p.author_id = a.id AND p.id < $2
                      AND p.held_at IS NULL AND p.withheld_at IS NULL AND p.reblog_of_id IS NULL LIMIT $3) earlier) AS posts
           FROM accounts a LEFT JOIN account_counts c ON c.account_id = a.id LEFT JOIN members m ON m.account_id = a.id
           WHERE a.id = $1""",
        author_id,
        before,
        most_posts,
    )


async def strangers(conn: Conn, author_id: int, after: int, before: int, now_too: Sequence[int], most: int) -> int:
    """How many people somebody mentioned between two ids, and mentions now, who don't follow him."""
    return int(
        await conn.value(
            """SELECT count(*) FROM (
                   SELECT DISTINCT named FROM (
                       SELECT unnest(audience) AS named FROM (
                           SELECT audience FROM posts WHERE author_id = $1 AND id > $2 AND id < $3
                           ORDER BY id DESC LIMIT $5) earlier
                       UNION ALL SELECT unnest($4::bigint[])) mentioned
                   WHERE named <> $1) m
               WHERE NOT EXISTS (SELECT FROM followers f WHERE f.account_id = $1 AND f.follower_id = m.named)""",
            author_id,
            after,
            before,
            now_too,
            most,
        )
    )


async def texts(conn: Conn, author_id: int, after: int, before: int, limit: int) -> list[str]:
    """What somebody wrote between two ids, newest first."""
    rows = await conn.rows(
        """SELECT spoiler, text FROM posts WHERE author_id = $1 AND id > $2 AND id < $3 AND reblog_of_id IS NULL
           ORDER BY id DESC LIMIT $4""",
        author_id,
        after,
        before,
        limit,
    )
    return [f"{row['spoiler']}\n{row['text']}" for row in rows]


async def insert_hit(conn: Conn, hit: dict[str, Any]) -> None:
    await conn.execute(
        """INSERT INTO screening_hits (rule_id, id, version, action, author_id, post_id, case_id, variables, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        *(
            hit[name]
            for name in ("rule_id", "id", "version", "action", "author_id", "post_id", "case_id", "variables", "at")
        ),
    )


async def hits(conn: Conn, rule_id: int, before: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM screening_hits WHERE rule_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3", rule_id, before, limit
    )


async def records(conn: Conn, rule_ids: Sequence[int]) -> dict[int, Row]:
    rows = await conn.rows(
        """SELECT rule_id, count(*) AS hits, count(*) FILTER (WHERE outcome = 'confirmed') AS confirmed,
                  count(*) FILTER (WHERE outcome = 'rejected') AS rejected
           FROM screening_hits WHERE rule_id = ANY ($1) GROUP BY rule_id""",
        rule_ids,
    )
    return {row["rule_id"]: row for row in rows}


async def hits_since(conn: Conn, rule_id: int, version: int, since: int) -> int:
    return int(
        await conn.value(
            "SELECT count(*) FROM screening_hits WHERE rule_id = $1 AND version = $2 AND id >= $3",
            rule_id,
            version,
            since,
        )
    )


async def posts_since(conn: Conn, since: int, most: int) -> int:
    """How many posts there have been; counted no further than `most`."""
    return int(
        await conn.value(
            """SELECT count(*) FROM (
                   SELECT FROM posts WHERE id >= $1 AND reblog_of_id IS NULL AND NOT quiet LIMIT $2) lately""",
            since,
            most,
        )
    )


async def judge(conn: Conn, case_id: int, outcome: str | None, only: str | None = None) -> None:
    """What a human made of the hits of a case; `only`: of those with this action."""
    await conn.execute(
        "UPDATE screening_hits SET outcome = $2 WHERE case_id = $1 AND ($3::text IS NULL OR action = $3)",
        case_id,
        outcome,
        only,
    )


async def insert_held(conn: Conn, held: dict[str, Any]) -> None:
    names = ("author_id", "post_id", "rule_id", "version", "case_id", "held_at", "due_at")
    await conn.execute(
        f"INSERT INTO held_posts ({', '.join(names)}) VALUES ($1, $2, $3, $4, $5, $6, $7)", *(held[n] for n in names)
    )


_HELD = """SELECT h.*, v.content FROM held_posts h
    JOIN screening_versions v ON v.rule_id = h.rule_id AND v.version = h.version"""


async def held_by(conn: Conn, author_id: int, limit: int) -> list[Row]:
    return await conn.rows(f"{_HELD} WHERE author_id = $1 ORDER BY post_id DESC LIMIT $2", author_id, limit)


async def held(conn: Conn, author_id: int, post_id: int) -> Row | None:
    return await conn.row(f"{_HELD} WHERE author_id = $1 AND post_id = $2 FOR UPDATE OF h", author_id, post_id)


async def held_in(conn: Conn, case_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM held_posts WHERE case_id = $1 ORDER BY post_id FOR UPDATE", case_id)


async def held_overdue(conn: Conn, at: datetime, limit: int) -> list[Row]:
    """Not of who may not publish at this moment: theirs wait until they are back."""
    return await conn.rows(
        """SELECT h.* FROM held_posts h JOIN accounts a ON a.id = h.author_id
           WHERE h.due_at <= $1 AND a.standing NOT IN ('frozen', 'suspended')
           ORDER BY h.due_at LIMIT $2 FOR UPDATE OF h SKIP LOCKED""",
        at,
        limit,
    )


async def only_rules(conn: Conn, case_id: int) -> bool:
    """Whether nothing but rules has brought this case about."""
    return bool(await conn.value("SELECT sources = '{rule}' FROM cases WHERE id = $1", case_id))


async def set_asked(conn: Conn, author_id: int, post_id: int, at: datetime) -> None:
    await conn.execute(
        "UPDATE held_posts SET asked_at = $3 WHERE author_id = $1 AND post_id = $2", author_id, post_id, at
    )


async def wait_on(conn: Conn, author_id: int, post_id: int) -> None:
    await conn.execute("UPDATE held_posts SET due_at = NULL WHERE author_id = $1 AND post_id = $2", author_id, post_id)


async def delete_held(conn: Conn, author_id: int, post_id: int) -> None:
    await conn.execute("DELETE FROM held_posts WHERE author_id = $1 AND post_id = $2", author_id, post_id)


async def remember_asked(conn: Conn, account_id: int, words: bytes, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO screening_asked VALUES ($1, $2, $3) ON CONFLICT (account_id, words) DO UPDATE SET at = $3",
        account_id,
        words,
        at,
    )


async def asked_since(conn: Conn, account_id: int, words: bytes, since: datetime) -> bool:
    return bool(
        await conn.value(
            "SELECT true FROM screening_asked WHERE account_id = $1 AND words = $2 AND at >= $3",
            account_id,
            words,
            since,
        )
    )


async def forget_asked(conn: Conn, before: datetime) -> None:
    await conn.execute("DELETE FROM screening_asked WHERE at < $1", before)


async def forget_author(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM held_posts WHERE author_id = $1", account_id)
    await conn.execute("DELETE FROM screening_asked WHERE account_id = $1", account_id)
    await conn.execute("UPDATE screening_hits SET author_id = 0 WHERE author_id = $1", account_id)


async def trial(conn: Conn, rule_id: int, version: int, *, lock: bool = False) -> Row | None:
    return await conn.row(
        f"SELECT * FROM screening_trials WHERE rule_id = $1 AND version = $2 {'FOR UPDATE' if lock else ''}",
        rule_id,
        version,
    )


async def start_trial(conn: Conn, rule_id: int, version: int, at: datetime) -> None:
    await conn.execute("DELETE FROM screening_trials WHERE rule_id = $1 AND version = $2", rule_id, version)
    await conn.execute(
        "INSERT INTO screening_trials (rule_id, version, started_at) VALUES ($1, $2, $3)",
        rule_id,
        version,
        at,
    )


async def update_trial(conn: Conn, rule_id: int, version: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    await conn.execute(
        f"UPDATE screening_trials SET {sets} WHERE rule_id = $1 AND version = $2", rule_id, version, *changes.values()
    )


async def count_written(conn: Conn, first: int, end: int) -> int:
    """Posts between two ids that rules would have looked at."""
    return int(
        await conn.value(
            "SELECT count(*) FROM posts WHERE id >= $1 AND id < $2 AND reblog_of_id IS NULL AND NOT quiet", first, end
        )
    )


async def written(conn: Conn, after: int, end: int, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT author_id, id, text, spoiler, visibility, sensitive, language, audience, created_at,
                  CASE WHEN has_media THEN ARRAY (
                      SELECT description FROM media m WHERE m.account_id = p.author_id AND m.post_id = p.id)
                  ELSE ARRAY[]::text[] END AS described
           FROM posts p WHERE id > $1 AND id < $2 AND reblog_of_id IS NULL AND NOT quiet ORDER BY id LIMIT $3""",
        after,
        end,
        limit,
    )


async def staff_addresses(conn: Conn) -> list[Row]:
    return await conn.rows(
        """SELECT email, locale FROM members JOIN accounts ON id = account_id
           WHERE role IN ('moderator', 'owner') AND standing NOT IN ('suspended', 'deleted')"""
    )
