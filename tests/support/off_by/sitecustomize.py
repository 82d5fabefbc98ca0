"""A process whose clock is off by OFF_BY seconds: put this folder on PYTHONPATH. PostgreSQL, no Python, has the right time."""

import os
import time
from datetime import UTC, datetime, timedelta

from palabre.base import clock

_by, _time = float(os.environ["OFF_BY"]), time.time


def _shown() -> float:
    return _time() + _by


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=_by)


time.time = _shown
clock.now = _now
