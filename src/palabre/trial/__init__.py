"""A restored network looked at through its own doors, as its members would: what a drill does before it says that all is well.

examine(db, sample, told) -> Examination: the log verified, posts by lot opened as their authors. Nothing is sent anywhere.
"""

from palabre.trial.examine import examine
from palabre.trial.process import examine_apart

__all__ = ["examine", "examine_apart"]
