"""The log of every case: what happened, who did it, chained by hashes so that nothing in it can be changed unseen.

append(conn, case_id, actor_id, kind, data); entries(conn, case_id) -> [Entry]
seal(conn), seal_when_due(db): one chain over all cases; newest(conn), seals(conn), covering(conn, case_ids)
verify(conn, case_id=None, kept=…) -> [Fault]; read_kept(text): seals that somebody kept outside
"""

from palabre.features.moderation.log.chain import Entry, append, entries
from palabre.features.moderation.log.faults import Fault
from palabre.features.moderation.log.seals import Head, Seal, covering, newest, seal, seal_when_due, seals
from palabre.features.moderation.log.verify import verify
from palabre.features.moderation.log.verify_seals import KeptSeal, read_kept

__all__ = [
    "Entry",
    "Fault",
    "Head",
    "KeptSeal",
    "Seal",
    "append",
    "covering",
    "entries",
    "newest",
    "read_kept",
    "seal",
    "seal_when_due",
    "seals",
    "verify",
]
