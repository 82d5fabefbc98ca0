"""All SQL of applications and authorisation codes."""

from datetime import datetime

from palabre.base.db import Conn, Row


async def add_app(
    conn: Conn,
    client_id: str,
    app_id: int,
    secret_hash: bytes,
    name: str,
    website: str,
    uris: list[str],
    scopes: list[str],
) -> None:
    await conn.execute(
        """INSERT INTO apps (client_id, id, secret_hash, name, website, redirect_uris, scopes)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        client_id,
        app_id,
        secret_hash,
        name,
        website,
        uris,
        scopes,
    )


async def app(conn: Conn, client_id: str) -> Row | None:
    return await conn.row("SELECT * FROM apps WHERE client_id = $1", client_id)


async def add_code(
    conn: Conn,
    account_id: int,
    code_hash: bytes,
    client_id: str,
    redirect_uri: str,
    scopes: list[str],
    challenge: str | None,
    challenge_method: str | None,
    expires_at: datetime,
) -> None:
    await conn.execute(
        """INSERT INTO oauth_codes (account_id, code_hash, client_id, redirect_uri, scopes, challenge, challenge_method,
               expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        account_id,
        code_hash,
        client_id,
        redirect_uri,
        scopes,
        challenge,
        challenge_method,
        expires_at,
    )


async def lock_code(conn: Conn, account_id: int, code_hash: bytes) -> Row | None:
    """A code as it was given, even when it is used or too old; two that use it take turns."""
    return await conn.row(
        """SELECT *, expires_at > now() AND used_at IS NULL AS good FROM oauth_codes
           WHERE account_id = $1 AND code_hash = $2 FOR UPDATE""",
        account_id,
        code_hash,
    )


async def use_code(conn: Conn, account_id: int, code_hash: bytes) -> None:
    await conn.execute(
        "UPDATE oauth_codes SET used_at = now() WHERE account_id = $1 AND code_hash = $2", account_id, code_hash
    )


async def revoke_by_code(conn: Conn, account_id: int, code_hash: bytes) -> None:
    """End the tokens that were got with a code."""
    await conn.execute("DELETE FROM tokens WHERE account_id = $1 AND code_hash = $2", account_id, code_hash)


async def remove_codes(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM oauth_codes WHERE account_id = $1", account_id)


async def discard_codes(conn: Conn) -> None:
    await conn.execute("DELETE FROM oauth_codes WHERE expires_at < now() - interval '1 day'")


async def token_of(conn: Conn, account_id: int, token_hash: bytes) -> Row | None:
    return await conn.row(
        "SELECT client_id FROM tokens WHERE account_id = $1 AND token_hash = $2", account_id, token_hash
    )
