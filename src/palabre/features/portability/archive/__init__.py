"""The whole network in one portable archive: its format, its encryption (`sealing.py`), what belongs in (`tables.py`)."""

from palabre.base.tables import Table, Tables

TABLES: Tables = {
    "archive_plans": Table(None),
    "archive_runs": Table("id"),
    "archive_copies": Table("key", derived=True),
    "drills": Table("id"),
}

__all__ = ["TABLES"]
