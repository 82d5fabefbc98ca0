"""What journeys share."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.two_hosts import Host, Hosts


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    """Makes hosts by name, and leaves no process of theirs behind."""
    with contextlib.ExitStack() as made:

        def make(name: str, **settings: str) -> Host:
            host = Host(tmp_path / name, **settings)
            made.callback(host.end)
            return host

        yield make
