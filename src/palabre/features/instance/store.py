"""All SQL of the community's own settings."""

from typing import Any

from palabre.base import ids
from palabre.base.db import Conn, Row


async def settings(conn: Conn) -> dict[str, Any]:
    return {row["name"]: row["value"] for row in await conn.rows("SELECT name, value FROM instance_settings")}


async def put(conn: Conn, name: str, value: object, by: int) -> None:
    await conn.execute(
        """INSERT INTO instance_settings (name, value, changed_by) VALUES ($1, $2, $3)
           ON CONFLICT (name) DO UPDATE SET value = $2, changed_by = $3, changed_at = now()""",
        name,
        value,
        by,
    )


async def change(conn: Conn, name: str, value: object) -> bool:
    """Whether it wasn't so already; of two who do it at the same moment, one hears yes."""
    return bool(
        await conn.execute(
            """INSERT INTO instance_settings AS known (name, value) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET value = $2, changed_by = NULL, changed_at = now()
               WHERE known.value <> $2::jsonb""",
            name,
            value,
        )
    )


async def rules(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT id, text, hint FROM rules WHERE retired_at IS NULL ORDER BY position, id")


async def replace_rules(conn: Conn, wanted: list[tuple[int, str, str]]) -> None:
    await conn.execute(
        "UPDATE rules SET retired_at = now() WHERE retired_at IS NULL AND id <> ALL ($1)", [rule[0] for rule in wanted]
    )
    for position, (rule_id, text, hint) in enumerate(wanted):
        await conn.execute(
            """INSERT INTO rules (id, position, text, hint) VALUES ($1, $2, $3, $4)
               ON CONFLICT (id) DO UPDATE SET position = $2, text = $3, hint = $4, retired_at = NULL""",
            rule_id or ids.new(),
            position,
            text,
            hint,
        )


async def terms_version(conn: Conn) -> int:
    return int(await conn.value("SELECT coalesce(max(version), 0) FROM terms"))


async def add_terms(conn: Conn, text: str) -> int:
    return int(
        await conn.value(
            "INSERT INTO terms (version, text) SELECT coalesce(max(version), 0) + 1, $1 FROM terms RETURNING version",
            text,
        )
    )


async def terms(conn: Conn, version: int | None) -> Row | None:
    return await conn.row("SELECT * FROM terms WHERE version = coalesce($1, (SELECT max(version) FROM terms))", version)


async def terms_text(conn: Conn, version: int | None) -> str:
    found = await conn.value(
        "SELECT text FROM terms WHERE version = coalesce($1, (SELECT max(version) FROM terms))", version
    )
    return str(found or "")
