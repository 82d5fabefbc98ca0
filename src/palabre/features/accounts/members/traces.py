"""What the network knows of a member and his connections: for an order of the law, or where a life is in danger."""

from typing import Any

from palabre.base.db import Conn, Row
from palabre.features.accounts.members import store


async def traces(conn: Conn, account_id: int) -> dict[str, Any]:
    """Account, address, sign-up, sessions and applications with their internet addresses; {} for somebody from elsewhere."""
    member = await store.one(conn, account_id)
    if member is None:
        return {}
    return {
        "email": member["email"],
        "role": member["role"],
        "locale": member["locale"],
        "signed_up_at": _iso(member["created_at"]),
        "sign_up_ip": _ip(member["sign_up_ip"]),
        "sign_up_reason": member["reason"],
        "last_active_at": _iso(member["last_active_at"]),
        "sessions": [_session(row) for row in await store.sessions(conn, account_id)],
    }


def _session(row: Row) -> dict[str, Any]:
    return {
        "application": row["name"],
        "ip": _ip(row["ip"]),
        "user_agent": row["user_agent"],
        "began_at": _iso(row["created_at"]),
        "last_used_at": _iso(row["last_used_at"]),
    }


def _ip(address: object) -> str | None:
    return str(address) if address else None


def _iso(at: Any) -> str | None:
    return at.isoformat() if at else None
