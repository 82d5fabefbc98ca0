"""The log of every case: what happened, who did it, chained by hashes so that nothing in it can be changed unseen."""

from palabre.features.moderation.log.chain import Entry, append, entries
from palabre.features.moderation.log.verify import Fault, verify

__all__ = ["Entry", "Fault", "append", "entries", "verify"]
