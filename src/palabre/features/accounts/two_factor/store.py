"""All SQL of the second step of signing in."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row


async def one(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("SELECT secret, since, last_step FROM two_factor WHERE account_id = $1", account_id)


async def lock(conn: Conn, account_id: int) -> Row | None:
    """As `one`; another code is checked only once this transaction has ended."""
    return await conn.row(
        "SELECT secret, since, last_step FROM two_factor WHERE account_id = $1 FOR UPDATE", account_id
    )


async def add(conn: Conn, account_id: int, secret: str) -> str:
    """The secret that now stands there: another request's, where that was first."""
    return str(
        await conn.value(
            """INSERT INTO two_factor (account_id, secret) VALUES ($1, $2)
               ON CONFLICT (account_id) DO UPDATE SET secret = two_factor.secret RETURNING secret""",
            account_id,
            secret,
        )
    )


async def turn_on(conn: Conn, account_id: int, at: datetime, step: int) -> None:
    await conn.execute("UPDATE two_factor SET since = $2, last_step = $3 WHERE account_id = $1", account_id, at, step)


async def used(conn: Conn, account_id: int, step: int) -> None:
    await conn.execute("UPDATE two_factor SET last_step = $2 WHERE account_id = $1", account_id, step)


async def remove(conn: Conn, account_id: int) -> bool:
    await conn.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)
    return bool(await conn.value("DELETE FROM two_factor WHERE account_id = $1 RETURNING since", account_id))


async def replace_recovery(conn: Conn, account_id: int, digests: Sequence[bytes]) -> None:
    await conn.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)
    await conn.execute(
        "INSERT INTO recovery_codes (account_id, code_hash) SELECT $1, unnest($2::bytea[])", account_id, digests
    )


async def take_recovery(conn: Conn, account_id: int, digest: bytes) -> bool:
    return bool(
        await conn.execute("DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2", account_id, digest)
    )


async def count_recovery(conn: Conn, account_id: int) -> int:
    return int(await conn.value("SELECT count(*) FROM recovery_codes WHERE account_id = $1", account_id))
