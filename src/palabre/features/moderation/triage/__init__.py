"""In which order cases are read, and how many are read at once.

queue(conn, by, Filter, order=, after=, grouped=) -> Section: rows of the queue; some(conn, by, ids); counts(conn, by)
take_next(conn, by) -> case id: the first free one, leased; end_leases gives back what was forgotten
why_here(conn, by, case_id) -> the signals by which a case is where it is; `signals.SIGNALS` is where more plug in
decide_many(conn, by, Ruling, case_ids, group_id, except_ids) -> Bulk; undo_many, bulk, bulks
desk, set_desk, filters, save_filter, delete_filter: what a moderator set up for himself
look, may_see, check_file: pictures that nobody sees without saying why

Duties: weigh_reported (signals, priority, words, group), note_outcome (reporters' records), carry_on (bulk decisions).
"""

from palabre.features.moderation.triage.desk import (
    Desk,
    SavedFilter,
    delete_filter,
    desk,
    filters,
    save_filter,
    set_desk,
)
from palabre.features.moderation.triage.exposure import check_file, look, may_see
from palabre.features.moderation.triage.many import Bulk, bulk, bulks, decide_many, undo_many
from palabre.features.moderation.triage.queue import (
    MOST_COUNTED,
    Counts,
    Section,
    Waiting,
    by_id,
    counts,
    end_leases,
    queue,
    some,
    take_next,
    why_here,
)
from palabre.features.moderation.triage.rules import LANES, ORDERS, Filter
from palabre.features.moderation.triage.weigh import forget_prints

__all__ = [
    "LANES",
    "MOST_COUNTED",
    "ORDERS",
    "Bulk",
    "Counts",
    "Desk",
    "Filter",
    "SavedFilter",
    "Section",
    "Waiting",
    "bulk",
    "bulks",
    "by_id",
    "check_file",
    "counts",
    "decide_many",
    "delete_filter",
    "desk",
    "end_leases",
    "filters",
    "forget_prints",
    "look",
    "may_see",
    "queue",
    "save_filter",
    "set_desk",
    "some",
    "take_next",
    "undo_many",
    "why_here",
]
