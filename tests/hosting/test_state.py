"""DATA/host.json: what a data folder is for."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from palabre.hosting import state
from palabre.hosting.state import Peer, State, StateProblem
from tests.support.small_disk import fill, small_disk


def test_a_folder_without_the_file_serves(tmp_path: Path) -> None:
    assert state.load(tmp_path).role == "serving"
    assert not (tmp_path / state.FILE).exists(), "looking writes nothing"


def test_what_was_written_is_read_again_and_is_its_owners_alone(tmp_path: Path) -> None:
    made = state.update(
        tmp_path, role="standby", of="palabre://one:8009/two?pin=p&secret=s", peers={"one": Peer(digest="d")}
    )
    assert state.load(tmp_path) == made
    assert stat.S_IMODE((tmp_path / state.FILE).stat().st_mode) == 0o600


def test_nobody_overwrites_what_another_changes_at_the_same_time(tmp_path: Path) -> None:
    def add(number: int) -> None:
        def more(old: State) -> State:
            return msgspec.structs.replace(old, peers=old.peers | {f"host{number}": Peer(digest=str(number))})

        state.change(tmp_path, more)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert len(state.load(tmp_path).peers) == 40


def test_a_damaged_file_serves_nothing(tmp_path: Path) -> None:
    (tmp_path / state.FILE).write_text('{"role": "stand')
    with pytest.raises(StateProblem, match="put it right before starting"):
        state.load(tmp_path)


def test_a_role_can_change_though_the_disk_is_full(tmp_path: Path) -> None:
    """Again and again: what the old file took is kept back for the next."""
    folder = tmp_path / "disk"
    with small_disk(folder, 1):
        state.update(folder, name="two")
        fill(folder)
        for term in (2, 3, 4):
            state.update(folder, role="moved", term=term)
            assert state.load(folder).term == term
