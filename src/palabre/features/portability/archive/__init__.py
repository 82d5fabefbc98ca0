"""The whole network in one portable archive: its format, its encryption (`sealing.py`), what belongs in (`tables.py`).

take(db, media, open_place(destination, options), seal=choose_seal(recipients), progress=…) -> Taken: one archive, or none
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.archive.places import PlaceProblem, open_place
from palabre.features.portability.archive.recipients import choose_seal, make_key
from palabre.features.portability.archive.rows import ArchiveFailed
from palabre.features.portability.archive.take import Taken, take

TABLES: Tables = {
    "archive_plans": Table(None),
    "archive_runs": Table("id"),
    "archive_copies": Table("key", derived=True),
    "drills": Table("id"),
}

__all__ = ["TABLES", "ArchiveFailed", "PlaceProblem", "Taken", "choose_seal", "make_key", "open_place", "take"]
