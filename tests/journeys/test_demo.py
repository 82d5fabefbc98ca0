"""A newcomer loads the demonstration, twice; a real network is left alone."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.import_run import Running, free_port

pytestmark = pytest.mark.journey


@pytest.fixture
def elsewhere() -> Iterator[Running]:
    data = Path(tempfile.mkdtemp(prefix="palabre-journey-"))
    data.chmod(0o755)
    yield Running(data, free_port())
    shutil.rmtree(data, ignore_errors=True)


def test_it_is_loaded_once(elsewhere: Running) -> None:
    load = ("demo", "--data", str(elsewhere.data), "--load-only")
    elsewhere.palabre(*load)
    members = elsewhere.palabre("account", "list", "--json")
    assert members.count('"email"') == 41
    elsewhere.palabre(*load)
    assert elsewhere.palabre("account", "list", "--json") == members


def test_a_real_network_is_left_alone(elsewhere: Running) -> None:
    elsewhere.member("alice")
    elsewhere.palabre("demo", "--data", str(elsewhere.data), "--load-only", expect=1)
    assert elsewhere.palabre("account", "list", "--json").count('"email"') == 1
