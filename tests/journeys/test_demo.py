"""A newcomer loads the demonstration, twice; a real network is left alone."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.running import Running

pytestmark = pytest.mark.journey


@pytest.fixture
def elsewhere() -> Iterator[Running]:
    data = Path(tempfile.mkdtemp(prefix="palabre-journey-"))
    data.chmod(0o755)
    yield Running(data)
    shutil.rmtree(data, ignore_errors=True)


def test_it_is_loaded_once(elsewhere: Running) -> None:
    assert _load(elsewhere) == 0, elsewhere.said()
    members = _members(elsewhere)
    assert members.count('"email"') == 41
    assert _load(elsewhere) == 0, elsewhere.said()
    assert _members(elsewhere) == members


def test_a_real_network_is_left_alone(elsewhere: Running) -> None:
    alice = ["account", "create", "alice", "--email", "alice@mail.example", "--password-stdin"]
    assert elsewhere.command(*alice, given="correct-horse-battery").returncode == 0
    assert _load(elsewhere) == 1
    assert _members(elsewhere).count('"email"') == 1


def _load(network: Running) -> int:
    """Its exit status; a busy machine may take a while."""
    return network.launch("demo", "--data", str(network.folder), "--load-only").wait(120)


def _members(network: Running) -> str:
    return network.command("account", "list", "--json").stdout
