"""The whole network in one portable archive: its format, its encryption (`sealing.py`), what belongs in (`tables.py`).

take(db, media, destination, options, seal=choose_seal(recipients), progress=…) -> Taken: one archive, or none
schedule, unschedule, all_plans, plan_for: archives that are taken by themselves; run_due: the workers' round for it
indexes(existing_place(…)), verify(place, index, progress): what lies somewhere, and whether it is as it was written
drill_file() -> Path: the private key by which this machine opens scheduled archives
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.archive.look import Verdict, indexes, read_index, verify
from palabre.features.portability.archive.places import PlaceProblem, existing_place
from palabre.features.portability.archive.plans import (
    Plan,
    all_plans,
    drill_file,
    last_runs,
    plan_for,
    read_every,
    run_due,
    run_plan,
    schedule,
    unschedule,
)
from palabre.features.portability.archive.recipients import choose_seal, make_key
from palabre.features.portability.archive.rows import ArchiveFailed
from palabre.features.portability.archive.taking import Taken, take

TABLES: Tables = {
    "archive_plans": Table(None),
    "archive_runs": Table("id"),
    "archive_copies": Table("key", derived=True),
    "drills": Table("id"),
}

__all__ = [
    "TABLES",
    "ArchiveFailed",
    "PlaceProblem",
    "Plan",
    "Taken",
    "Verdict",
    "all_plans",
    "choose_seal",
    "drill_file",
    "existing_place",
    "indexes",
    "last_runs",
    "make_key",
    "plan_for",
    "read_every",
    "read_index",
    "run_due",
    "run_plan",
    "schedule",
    "take",
    "unschedule",
    "verify",
]
