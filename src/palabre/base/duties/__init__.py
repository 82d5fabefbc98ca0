"""Work that waits in the database: rows claimed under a lease, each done in a transaction of its own.

A duty's row is deleted by the very transaction that does the work, so `kill -9` loses nothing and does nothing twice.
An errand talks to the outside (mail, HTTP), holds no transaction meanwhile, and may run again after a crash: its lease is
renewed for as long as it runs.

known.py: what can be put off. queue.py: the rows. doing.py: claimed work done. loop.py: the workers' loop.
"""

from palabre.base.duties.doing import work_through, work_until_done
from palabre.base.duties.known import Duty, current_id, duty, errand
from palabre.base.duties.loop import work_forever
from palabre.base.duties.queue import (
    TABLES,
    back_off,
    bring_forward,
    dead,
    put,
    put_all,
    release,
    revive,
    waiting,
)

__all__ = [
    "TABLES",
    "Duty",
    "back_off",
    "bring_forward",
    "current_id",
    "dead",
    "duty",
    "errand",
    "put",
    "put_all",
    "release",
    "revive",
    "waiting",
    "work_forever",
    "work_through",
    "work_until_done",
]
