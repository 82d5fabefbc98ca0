"""What people bring and take away: archives, imports, exports and moves.

bring(db, account_id, archive, progress, parts) -> Report: an opened archive (`imports.open_archive`) into an account, quietly;
    broken off, it goes on where it stopped. survey(archive, parts) -> Report: what is in it, taking nothing.
exports: a member's own archive; wind_down: the community's end.
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability import (
    archive,
    domain_moves,
    drill,
    exports,
    restore,
    safekeeping,
    standby,
    wind_down,
)
from palabre.features.portability.bring import bring, survey
from palabre.features.portability.exports import forget_exports
from palabre.features.portability.forget import forget_imports
from palabre.features.portability.report import PARTS, Report, Run

TABLES: Tables = {
    "imports": Table("account_id"),
    "imported_posts": Table("account_id"),
    "import_skips": Table("account_id"),
    "exports": Table("account_id", derived=True),
    **archive.TABLES,
    **restore.TABLES,
    **standby.TABLES,
    **domain_moves.TABLES,
    **wind_down.TABLES,
    **drill.TABLES,
    **safekeeping.TABLES,
}

__all__ = [
    "PARTS",
    "TABLES",
    "Report",
    "Run",
    "archive",
    "bring",
    "domain_moves",
    "drill",
    "exports",
    "forget_exports",
    "forget_imports",
    "restore",
    "safekeeping",
    "standby",
    "survey",
    "wind_down",
]
