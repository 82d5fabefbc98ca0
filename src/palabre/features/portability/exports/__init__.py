"""A member's own archive: lets anyone leave with everything that is theirs.

ask(conn, account_id), discard(…), export_of(conn, account_id) -> Export | None: what the settings page needs
make_waiting(db): a round that makes those asked for; remove_ended(conn), sweep(db): rounds that take old ones away
write(db, account_id, path, progress) -> Written: the archive itself, as a ZIP
LISTS: file name -> the CSV that Mastodon knows by it
prepare(conn, account_id), call_off(conn, until): made unasked, while the network winds down
"""

from palabre.features.portability.exports.asking import (
    Export,
    ask,
    discard,
    export_of,
    forget_exports,
    prepare,
    remove_ended,
)
from palabre.features.portability.exports.lists import LISTS
from palabre.features.portability.exports.making import make_waiting, sweep
from palabre.features.portability.exports.store import call_off
from palabre.features.portability.exports.write import Written, write

__all__ = [
    "LISTS",
    "Export",
    "Written",
    "ask",
    "call_off",
    "discard",
    "export_of",
    "forget_exports",
    "make_waiting",
    "prepare",
    "remove_ended",
    "sweep",
    "write",
]
