"""What cannot be, said in words, and nothing half-written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from palabre.hosting import state
from palabre.hosting.facts import compare

ADDRESS = f"palabre://192.0.2.1:8009/paris?pin={'a' * 64}&secret=s"


def palabre(data: Path, *words: str, **settings: str) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {**kept, "PALABRE_DATA": str(data), "COLUMNS": "400", **settings}
    command = [sys.executable, "-m", "palabre", *words]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("command", [("account", "list"), ("migrate",), ("worker",), ("web",), ("duties", "dead")])
def test_a_standbys_database_is_not_touched(tmp_path: Path, command: tuple[str, ...]) -> None:
    state.update(tmp_path, role="standby", of=ADDRESS, name="paris")
    status, said = palabre(tmp_path, *command)
    assert status == 1 and "This is the standby of 192.0.2.1:8009" in said and "palabre promote" in said
    assert "secret" not in said
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("command", [("account", "list"), ("worker",), ("promote", "--yes")])
def test_an_old_hosts_database_is_not_touched(tmp_path: Path, command: tuple[str, ...]) -> None:
    state.update(tmp_path, role="moved", to=ADDRESS, url="https://talk.example")
    status, said = palabre(tmp_path, *command)
    assert status == 1 and "moved" in said and "https://talk.example" in said
    assert not (tmp_path / "postgres").exists()


def test_a_folder_with_something_in_it_is_no_place_for_a_standby(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    status, said = palabre(tmp_path, "standby", "--of", ADDRESS)
    assert status == 1 and "is not empty (media)" in said
    assert state.load(tmp_path).role == "serving"


def test_another_hosts_standby_stays_that_hosts(tmp_path: Path) -> None:
    state.update(tmp_path, role="standby", of=ADDRESS.replace("a" * 64, "b" * 64), name="paris")
    status, said = palabre(tmp_path, "standby", "--of", ADDRESS)
    assert status == 1 and "standby of another host" in said


def test_a_host_that_does_not_answer_leaves_no_trace(tmp_path: Path) -> None:
    new = tmp_path / "new"
    status, said = palabre(new, "standby", "--of", ADDRESS.replace("192.0.2.1:8009", "127.0.0.1:1"))
    assert status == 1 and "Nothing answers" in said and not new.exists()
    status, said = palabre(new, "standby", "--of", "palabre://nowhere")
    assert status == 1 and "isn't an address of a host" in said


def test_what_has_no_copy_is_not_promoted(tmp_path: Path) -> None:
    state.update(tmp_path, role="standby", of=ADDRESS, name="paris")
    status, said = palabre(tmp_path, "promote", "--yes", "--force")
    assert status == 1 and "has not copied the database yet" in said
    assert state.load(tmp_path).role == "standby" and state.load(tmp_path).term == 1


def test_an_outside_database_has_means_of_its_own(tmp_path: Path) -> None:
    outside = {"DATABASE_URL": "postgresql://db.example/palabre"}
    for words in (("standby", "--invite"), ("standby", "--of", ADDRESS)):
        status, said = palabre(tmp_path, *words, **outside)
        assert status == 1 and "high-availability.md" in said


def test_a_standbys_name_is_one_that_postgresql_takes(tmp_path: Path) -> None:
    status, said = palabre(tmp_path, "standby", "--invite", "--name", "Paris!")
    assert status == 1 and "small letters" in said


def test_without_the_network_an_invitation_waits_for_it_and_can_be_taken_back(tmp_path: Path) -> None:
    status, said = palabre(tmp_path, "standby", "--invite", "--host", "one.example")
    assert status == 0 and "palabre://one.example:8009/standby?pin=" in said
    assert state.load(tmp_path).peers.keys() == {"standby"}
    assert palabre(tmp_path, "standby", "--forget", "standby")[0] == 0
    assert state.load(tmp_path).peers == {}
    status, said = palabre(tmp_path, "standby", "--forget", "standby")
    assert status == 1 and "There is no standby named standby" in said


def test_hosts_that_differ_are_told_in_what() -> None:
    here = {"version": "1.0", "migrations": ["0001"], "postgres": "18", "machine": "x86_64"}
    compare(here, here)
    with pytest.raises(Exception, match=r"PostgreSQL 17 runs there, 18 here.* processor there is aarch64"):
        compare({**here, "postgres": "17", "machine": "aarch64"}, here)


def test_doctor_knows_a_standby_that_does_not_run(tmp_path: Path) -> None:
    state.update(tmp_path, role="standby", of=ADDRESS, name="paris")
    status, said = palabre(tmp_path, "doctor")
    assert status == 1 and "it does not run" in said and "palabre serve" in said
