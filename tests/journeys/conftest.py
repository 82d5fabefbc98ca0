"""What journeys share."""

import contextlib
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.support.two_hosts import Host, Hosts

_LINES = 40


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure, the last that each network said: its folder is gone when somebody reads this."""
    report = yield
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and folder:
        for log in sorted(folder.glob("**/*.log")):
            lines = log.read_text(errors="replace").splitlines()[-_LINES:]
            report.sections.append((f"the end of {log.relative_to(folder)}", "\n".join(lines)))
    return report


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    """Makes hosts by name, and leaves no process of theirs behind."""
    with contextlib.ExitStack() as made:

        def make(name: str, **settings: str) -> Host:
            host = Host(tmp_path / name, **settings)
            made.callback(host.end)
            return host

        yield make
