"""The newest archive brought back on trial: what isn't tried now and then can't be counted on.

hold(db, Wanted(…), examine) -> Held: one drill, from the archive to the figures, nothing left behind but a row
hold_due(db): a round that begins one when it is time, in a process of its own
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.drill.due import hold_due
from palabre.features.portability.drill.hold import Examination, Held, Wanted, hold
from palabre.features.portability.drill.sampling import authored

TABLES: Tables = {"drill_turns": Table(None, derived=True)}

__all__ = ["TABLES", "Examination", "Held", "Wanted", "authored", "hold", "hold_due"]
