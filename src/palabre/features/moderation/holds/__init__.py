"""Holds and erasing: what the law wants kept is sealed for its time; what nothing needs any more is erased.

hold(conn, by, case_id, Wanted(kind, reason, authority, reference, days)) -> Hold: seals the account and its connections
open_hold(conn, by, case_id, hold_id, why) -> Sealed: what it keeps; the case's log says who looked and why
holds(conn, by, page) -> [Hold]; of_case(conn, by, case_id) -> [Hold]
purge_ended(conn): what a hold sealed is gone when its time is up; erase_ended(conn): evidence that no hold, appeal or
appeal window needs
police.pack(db, by, case_id, hold_id, why) -> a ZIP file for the police: content, times, account, connections, hashes
"""

from palabre.features.moderation.holds.erase import erase_ended
from palabre.features.moderation.holds.hold import (
    Hold,
    Sealed,
    Wanted,
    hold,
    holds,
    of_case,
    open_hold,
    purge_ended,
)
from palabre.features.moderation.holds.rules import KINDS, LONGEST

__all__ = [
    "KINDS",
    "LONGEST",
    "Hold",
    "Sealed",
    "Wanted",
    "erase_ended",
    "hold",
    "holds",
    "of_case",
    "open_hold",
    "purge_ended",
]
