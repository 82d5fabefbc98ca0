"""All SQL of the jury."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row

# Jurors


async def add_juror(conn: Conn, account_id: int, salt: bytes, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO jurors (account_id, salt, joined_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account_id,
        salt,
        at,
    )


async def remove_juror(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM jurors WHERE account_id = $1", account_id)


async def juror(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("SELECT salt, joined_at FROM jurors WHERE account_id = $1", account_id)


# $1: measures since then count.
_STRIKES = """EXISTS (SELECT FROM decisions d WHERE d.account_id = m.account_id AND d.decided_at > $1
    AND (d.undone_at IS NULL OR d.ended = 'expired') AND d.action <> 'dismiss')"""


async def standing(conn: Conn, account_id: int, clean_since: datetime) -> Row | None:
    """What decides whether a member qualifies."""
    return await conn.row(
        f"""SELECT m.role, a.standing, a.bot, m.created_at, m.last_active_at, {_STRIKES} AS strikes
            FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.account_id = $2""",
        clean_since,
        account_id,
    )


async def some_jurors(conn: Conn, enough: int) -> int:
    """How many there are, counted up to `enough`."""
    return int(await conn.value("SELECT count(*) FROM (SELECT FROM jurors LIMIT $1) AS found", enough))


async def pool(
    conn: Conn,
    clean_since: datetime,
    joined_before: datetime,
    active_since: datetime,
    served_since: datetime,
    most: int,
) -> list[Row]:
    """All who qualify today, with their camp. Reads every juror: for workers alone."""
    return await conn.rows(
        f"""SELECT j.account_id, j.salt, coalesce(c.camp, 0) AS camp
            FROM jurors j JOIN members m ON m.account_id = j.account_id JOIN accounts a ON a.id = j.account_id
            LEFT JOIN jury_camps c ON c.account_id = j.account_id
            WHERE m.role = 'member' AND a.standing = 'active' AND NOT a.bot AND m.created_at <= $2
              AND m.last_active_at >= $3 AND NOT {_STRIKES}
              AND (SELECT count(*) FROM jury_seats s WHERE s.account_id = j.account_id AND s.drawn_at > $4) < $5""",
        clean_since,
        joined_before,
        active_since,
        served_since,
        most,
    )


async def able(conn: Conn, account_ids: Sequence[int]) -> set[int]:
    """Those who could sit at this moment: members in good standing, not of the staff."""
    rows = await conn.rows(
        """SELECT m.account_id FROM members m JOIN accounts a ON a.id = m.account_id
           WHERE m.account_id = ANY ($1) AND m.role = 'member' AND a.standing = 'active'""",
        account_ids,
    )
    return {row["account_id"] for row in rows}


async def all_salts(conn: Conn) -> list[Row]:
    """For workers alone: to find who is behind the pseudonyms of a panel."""
    return await conn.rows("SELECT account_id, salt FROM jurors")


async def told(conn: Conn, account_id: int) -> Row | None:
    """Where and in which language to write to a member."""
    return await conn.row("SELECT email, locale FROM members WHERE account_id = $1", account_id)


# Camps


async def follows_after(conn: Conn, after: tuple[int, int], limit: int) -> list[Row]:
    """Follows between members, of those who may act."""
    return await conn.rows(
        """SELECT f.account_id, f.target_id FROM follows f
           JOIN accounts a ON a.id = f.account_id JOIN accounts b ON b.id = f.target_id
           WHERE (f.account_id, f.target_id) > ($1, $2) AND a.domain IS NULL AND b.domain IS NULL
             AND a.standing IN ('active', 'limited') AND b.standing IN ('active', 'limited')
           ORDER BY f.account_id, f.target_id LIMIT $3""",
        *after,
        limit,
    )


async def replace_camps(conn: Conn, camp_of: Mapping[int, int], sizes: Mapping[int, int], at: datetime) -> None:
    for table in ("jury_camp_sizes", "jury_camps"):
        await conn.execute(f"DELETE FROM {table}")
    await conn.execute(
        "INSERT INTO jury_camps SELECT * FROM unnest($1::bigint[], $2::smallint[]) ON CONFLICT DO NOTHING",
        list(camp_of),
        list(camp_of.values()),
    )
    await conn.execute(
        "INSERT INTO jury_camp_sizes SELECT camp, members, $3 FROM unnest($1::smallint[], $2::int[]) AS s (camp, members)",
        list(sizes),
        list(sizes.values()),
        at,
    )


async def camp_sizes(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT camp, members, built_at FROM jury_camp_sizes ORDER BY camp")


async def count_members(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM members"))


# Panels


async def insert_panel(conn: Conn, panel_id: int, seed: bytes, commitment: bytes, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO jury_panels (id, seed, commitment, committed_at) VALUES ($1, $2, $3, $4)",
        panel_id,
        seed,
        commitment,
        at,
    )


async def waiting_panel(conn: Conn) -> int | None:
    """The oldest panel that has no question yet; no two transactions get the same."""
    found = await conn.value(
        "SELECT id FROM jury_panels WHERE state = 'next' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    return int(found) if found else None


async def next_panels(conn: Conn) -> list[Row]:
    return await conn.rows(
        "SELECT id, commitment, committed_at FROM jury_panels WHERE state = 'next' AND id > 0 ORDER BY id LIMIT 10"
    )


async def update_panel(conn: Conn, panel_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE jury_panels SET {sets} WHERE id = $1", panel_id, *changes.values())


async def panel(conn: Conn, panel_id: int, *, lock: bool = False) -> Row | None:
    return await conn.row(f"SELECT * FROM jury_panels WHERE id = $1 {'FOR UPDATE' if lock else ''}", panel_id)


async def panels_of_case(conn: Conn, case_id: int) -> list[Row]:
    return await conn.rows("SELECT * FROM jury_panels WHERE case_id = $1 ORDER BY id", case_id)


async def panels(conn: Conn, below: int, above: int, limit: int, order: str) -> list[Row]:
    """Panels that have been called."""
    return await conn.rows(
        f"""SELECT * FROM jury_panels WHERE state IN ('called', 'open', 'closed') AND id < $1 AND id > $2
            ORDER BY id {"ASC" if order.upper() == "ASC" else "DESC"} LIMIT $3""",
        below,
        above,
        limit,
    )


async def due(conn: Conn, now: datetime, limit: int) -> list[int]:
    rows = await conn.rows(
        "SELECT id FROM jury_panels WHERE state = 'open' AND next_at <= $1 ORDER BY next_at LIMIT $2", now, limit
    )
    return [row["id"] for row in rows]


async def forget_pools(conn: Conn, closed_before: datetime) -> None:
    """Whole pools are large; their digest stays."""
    await conn.execute(
        """UPDATE jury_panels SET pool = NULL WHERE id = ANY (ARRAY (
               SELECT id FROM jury_panels WHERE state = 'closed' AND closed_at < $1 AND pool IS NOT NULL LIMIT 100))""",
        closed_before,
    )


# Seats


async def insert_seat(conn: Conn, seat: Mapping[str, Any]) -> None:
    names = ("panel_id", "seat", "account_id", "juror", "replaces", "drawn_at", "due_at")
    await conn.execute(
        f"INSERT INTO jury_seats ({', '.join(names)}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *(seat[name] for name in names),
    )


async def seats(conn: Conn, panel_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM jury_seats WHERE panel_id = ANY ($1) ORDER BY panel_id, seat", panel_ids)


async def update_seat(conn: Conn, panel_id: int, seat: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    await conn.execute(
        f"UPDATE jury_seats SET {sets} WHERE panel_id = $1 AND seat = $2", panel_id, seat, *changes.values()
    )


async def seats_of(conn: Conn, account_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM jury_seats WHERE account_id = $1 ORDER BY drawn_at DESC, panel_id LIMIT $2", account_id, limit
    )


async def judges_of_case(conn: Conn, case_id: int) -> set[int]:
    """Who was ever drawn for a case."""
    rows = await conn.rows(
        """SELECT s.account_id FROM jury_seats s JOIN jury_panels p ON p.id = s.panel_id
           WHERE p.case_id = $1 AND s.account_id <> 0""",
        case_id,
    )
    return {row["account_id"] for row in rows}


async def forget_seats(conn: Conn, account_id: int) -> None:
    await conn.execute("UPDATE jury_seats SET account_id = 0 WHERE account_id = $1", account_id)


# Ballots


async def insert_ballot(
    conn: Conn, panel_id: int, seat: int, answer: str, reason: str, nonce: bytes, at: datetime
) -> None:
    await conn.execute(
        "INSERT INTO jury_ballots VALUES ($1, $2, $3, $4, $5, $6)", panel_id, seat, answer, reason, nonce, at
    )


async def ballots(conn: Conn, panel_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM jury_ballots WHERE panel_id = ANY ($1) ORDER BY panel_id, seat", panel_ids)


# Conflicts


async def tied(conn: Conn, jurors: Sequence[int], parties: Sequence[int]) -> set[int]:
    """Those who follow, are followed by, block or mute one of the parties, or the other way round."""
    pairs = "FROM unnest($1::bigint[]) AS j CROSS JOIN unnest($2::bigint[]) AS p WHERE j <> p AND "
    either = " OR ".join(
        f"EXISTS (SELECT FROM {table} t WHERE t.account_id = {one} AND t.target_id = {other})"
        for table in ("follows", "blocks", "mutes")
        for one, other in (("j", "p"), ("p", "j"))
    )
    rows = await conn.rows(f"SELECT DISTINCT j {pairs} ({either})", jurors, parties)
    return {row["j"] for row in rows}


async def in_contact(conn: Conn, jurors: Sequence[int], parties: Sequence[int], since_id: int) -> set[int]:
    """Those who answered or mentioned one of the parties lately, or were answered or mentioned."""
    rows = await conn.rows(
        """SELECT DISTINCT author_id AS j FROM posts
           WHERE author_id = ANY ($1) AND id > $3 AND (in_reply_to_author_id = ANY ($2) OR audience && $2::bigint[])
           UNION SELECT DISTINCT j FROM posts CROSS JOIN LATERAL unnest(audience || in_reply_to_author_id) AS j
           WHERE author_id = ANY ($2) AND id > $3 AND j = ANY ($1)""",
        jurors,
        parties,
        since_id,
    )
    return {row["j"] for row in rows}


async def took_part(conn: Conn, jurors: Sequence[int], thread_ids: Sequence[int], post_ids: Sequence[int]) -> set[int]:
    """Those who wrote in the conversation, or boosted or favourited what is judged."""
    rows = await conn.rows(
        """SELECT author_id AS j FROM posts
           WHERE thread_id = ANY ($2) AND author_id = ANY ($1) AND reblog_of_id IS NULL
           UNION SELECT author_id FROM posts WHERE author_id = ANY ($1) AND reblog_of_id = ANY ($3)
           UNION SELECT account_id FROM favourites WHERE account_id = ANY ($1) AND post_id = ANY ($3)""",
        jurors,
        thread_ids,
        post_ids,
    )
    return {row["j"] for row in rows}


# Figures


async def closed_since(conn: Conn, since: datetime, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT id, question, outcome, why_none, called_at, closed_at FROM jury_panels
           WHERE state = 'closed' AND closed_at > $1 ORDER BY closed_at DESC, id DESC LIMIT $2""",
        since,
        limit,
    )
