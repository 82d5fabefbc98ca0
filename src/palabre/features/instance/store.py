"""All SQL of the community's own settings."""

from datetime import datetime
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


async def rules_version(conn: Conn) -> int:
    return int(await conn.value("SELECT coalesce(max(version), 0) FROM rule_versions"))


async def newest_rule_version(conn: Conn) -> Row | None:
    return await conn.row("SELECT * FROM rule_versions ORDER BY version DESC LIMIT 1")


async def rule_versions(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM rule_versions ORDER BY version DESC")


async def add_rule_version(conn: Conn, rules: list[dict[str, Any]], by: int | None, at: datetime) -> None:
    await conn.execute(
        """INSERT INTO rule_versions (version, rules, changed_by, created_at)
           SELECT coalesce(max(version), 0) + 1, $1, $2, $3 FROM rule_versions""",
        rules,
        by,
        at,
    )


async def add_terms(conn: Conn, text: str, summary: str, at: datetime, applies_at: datetime) -> int:
    return int(
        await conn.value(
            """INSERT INTO terms (version, text, summary, created_at, applies_at)
               SELECT coalesce(max(version), 0) + 1, $1, $2, $3, $4 FROM terms RETURNING version""",
            text,
            summary,
            at,
            applies_at,
        )
    )


async def terms(conn: Conn, version: int) -> Row | None:
    return await conn.row("SELECT * FROM terms WHERE version = $1", version)


async def terms_in_force(conn: Conn, at: datetime) -> Row | None:
    return await conn.row("SELECT * FROM terms WHERE applies_at <= $1 ORDER BY version DESC LIMIT 1", at)


async def newest_terms(conn: Conn) -> Row | None:
    return await conn.row("SELECT * FROM terms ORDER BY version DESC LIMIT 1")


async def all_terms(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM terms ORDER BY version DESC")
