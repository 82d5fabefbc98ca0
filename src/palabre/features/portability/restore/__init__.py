"""A network out of an archive (`restore`), an archive against its sums (`check`), into folders or stores of one's choice.

restore(source, Target(folder, …), opener=Opener(keys), archive_id=…, progress=…) -> Restored: broken off, it goes on
check(source, …) -> (archive, Verified): every byte verified, nothing changed
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.restore.problems import Damaged, RestoreProblem
from palabre.features.portability.restore.restoring import check, restore
from palabre.features.portability.restore.wanted import Options, Restored, Target

TABLES: Tables = {"restorations": Table(None)}

__all__ = ["TABLES", "Damaged", "Options", "RestoreProblem", "Restored", "Target", "check", "restore"]
