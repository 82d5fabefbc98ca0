"""Every table has one owner, so that no archive forgets it; and a key, so that a cluster can spread it."""

from collections import Counter

import asyncpg
import pytest

from palabre.base.db import Conn
from palabre.features.portability.archive import tables
from tests.house_rules.support import owners
from tests.support.network import Network

_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
#: Tables that were laid out before the feature that will own them.
_AWAITED = {
    "search": {"search_posts", "search_accounts"},
    "notifications": {"notifications"},
}


async def test_every_table_belongs_to_exactly_one_feature(network: Network) -> None:
    owned = Counter(table for tables in owners().values() for table in tables)
    assert {table for table, times in owned.items() if times > 1} == set()
    async with network.db.reading() as conn:
        there = {row["relname"] for row in await conn.rows(_TABLES)}
    awaited = {table for feature, tables in _AWAITED.items() if not owners().get(feature) for table in tables}
    assert there - owned.keys() - awaited == set(), "these tables are in no feature's TABLES"
    assert owned.keys() - there == set(), "these TABLES are in no migration"


def test_the_archive_forgets_none() -> None:
    """Whatever a feature owns, but for what its owner says can be made anew, leaves with the network."""
    owned = {name: table for tables in owners().values() for name, table in tables.items() if name != "migrations"}
    assert tables.of_the_network() == owned
    assert set(tables.kept()) | set(tables.derived()) == owned.keys()


class Undone(Exception):
    """Ends a transaction without keeping what it did."""


async def test_the_whole_schema_can_be_spread_by_its_keys(network: Network) -> None:
    """PostgreSQL refuses a primary or unique key without the column that a table is partitioned by, as a cluster would."""
    refused: dict[str, str] = {}
    with pytest.raises(Undone):
        async with network.db.transaction() as conn:
            await conn.script("CREATE SCHEMA spread")
            for feature, tables in owners().items():
                for name, table in tables.items():
                    if table.key and (why := await _spread(conn, name, table.key)):
                        refused[f"{feature}: {name} by {table.key}"] = why
            raise Undone
    assert refused == {}


async def _spread(conn: Conn, name: str, key: str) -> str | None:
    try:
        async with conn.savepoint():
            await conn.script(
                f"CREATE TABLE spread.{name} (LIKE public.{name} INCLUDING ALL) PARTITION BY HASH ({key})"
            )
    except asyncpg.PostgresError as error:
        return str(error)
    return None


async def test_nothing_ties_rows_of_different_keys_together(network: Network) -> None:
    """No foreign keys across keys, no sequences, no triggers: a cluster could not honour them."""
    keys = {name: table.key for tables in owners().values() for name, table in tables.items()}
    async with network.db.reading() as conn:
        foreign = await conn.rows(
            """SELECT conrelid::regclass::text AS here, confrelid::regclass::text AS there,
                 ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) AS columns
               FROM pg_constraint WHERE contype = 'f'"""
        )
        assert [row["here"] for row in foreign if keys.get(row["here"]) not in row["columns"]] == []
        assert await conn.rows("SELECT relname FROM pg_class WHERE relkind = 'S'") == []
        assert await conn.rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []
        assert await conn.rows("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'") == []
