"""Process 1 of a container inherits everybody's orphans, such as a killed PostgreSQL's, and must bury them."""

import os
from collections.abc import Collection

from palabre.base.postgres import Server


def reap_orphans(ours: Collection[int], postgres: Server | None) -> None:
    """Reap ended children that nobody of ours waits for. Does nothing in any other process."""
    if os.getpid() != 1:
        return
    while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        if found.si_pid in ours or (postgres and found.si_pid == postgres.pid):
            return  # whoever waits for it is about to hear
        os.waitpid(found.si_pid, os.WNOHANG)
