"""What the hosts of a network are called among each other, and PostgreSQL's names that follow from it."""

import re

from palabre.hosting.problems import HostProblem

FIRST = "first-host"
"""What a standby calls the host that it follows: no standby can have this name."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check(name: str) -> str:
    """The name itself; PostgreSQL has a slot by it. Raises HostProblem."""
    if not _NAME.fullmatch(name):
        raise HostProblem(
            f"a standby's name has small letters, digits and _, at most 40, beginning with a letter; not {name!r}"
        )
    return name


def slot_of(name: str) -> str:
    return f"palabre_{check(name)}"
