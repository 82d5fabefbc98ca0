"""What people bring and take away: archives, imports, exports and moves.

bring(db, account_id, archive, progress, parts) -> Report: an opened archive (`imports.open_archive`) into an account, quietly;
    broken off, it goes on where it stopped. survey(archive, parts) -> Report: what is in it, taking nothing.
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability import archive, domain_moves, restore, standby
from palabre.features.portability.bring import bring, survey
from palabre.features.portability.forget import forget_imports
from palabre.features.portability.report import PARTS, Report, Run

TABLES: Tables = {
    "imports": Table("account_id"),
    "imported_posts": Table("account_id"),
    "import_skips": Table("account_id"),
    **archive.TABLES,
    **restore.TABLES,
    **standby.TABLES,
    **domain_moves.TABLES,
}

__all__ = [
    "PARTS",
    "TABLES",
    "Report",
    "Run",
    "archive",
    "bring",
    "domain_moves",
    "forget_imports",
    "restore",
    "standby",
    "survey",
]
