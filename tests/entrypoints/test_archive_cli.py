"""`palabre archive`, as operators use it."""

import json
from pathlib import Path

from tests.entrypoints.test_cli import Operator, operator
from tests.support.archiving import PUBLIC, Opened

__all__ = ["operator"]


def test_a_key_is_made_once_and_for_its_owner_alone(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "archive.key"
    public = operator.types("archive", "--new-key", str(file)).stdout.strip()
    assert public.startswith("age1")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exists already" in operator.types("archive", "--new-key", str(file), expect=1).output
    recipients = tmp_path / "recipients"
    recipients.write_text(f"# us\n{public}\n")
    taken = json.loads(operator.types("archive", str(tmp_path / "a"), "--to-key", str(recipients), "--json").stdout)
    Opened(tmp_path / "a", taken["archive"], file.read_text().splitlines()[-1]).check()
    assert "private key" in operator.types("archive", str(tmp_path / "b"), "--to-key", str(file), expect=1).output


def test_it_says_what_it_took_and_what_brings_it_back(operator: Operator, tmp_path: Path) -> None:
    operator.makes("olga", "--role", "owner")
    said = operator.types("archive", str(tmp_path / "place"), "--to-key", PUBLIC).output
    assert "rows" in said
    assert f"palabre restore {tmp_path}/place --data DIR" in said
    assert "It holds private" not in said


def test_refused_with_a_reason(operator: Operator, tmp_path: Path) -> None:
    for words, why in (
        (["archive", str(tmp_path / "a")], "--plain"),
        (["archive", str(tmp_path / "a"), "--plain", "--to-key", PUBLIC], "not both"),
        (["archive", str(tmp_path / "a"), "--to-key", "age1nonsense"], "no public key"),
        (["archive", str(tmp_path / "a"), "--plain", "--option", "endpoint"], "KEY=VALUE"),
        (["archive", "/proc/nothing/here", "--plain"], "can't"),
        (["archive", "nonsense://here", "--plain"], "can't be used"),
        (["archive", "--list", str(tmp_path)], "no archives"),
        (["archive", "--verify", str(tmp_path)], "no archives"),
        (["archive", "--schedule", "soon", str(tmp_path / "a"), "--plain"], "24h"),
        (["archive", "--schedule", "24h", str(tmp_path / "a.tar"), "--plain"], "a folder or an object store"),
        (["archive", "--schedule", "24h", str(tmp_path / "a")], "--plain"),
        (["archive"], "palabre archive DEST"),
    ):
        said = operator.types(*words, expect=1).output
        assert why in " ".join(said.split()), said
        assert "Traceback" not in said
    assert not (tmp_path / "a").exists()


def test_listed_and_verified_without_a_key(operator: Operator, tmp_path: Path) -> None:
    place = tmp_path / "place"
    for _ in range(2):
        operator.types("archive", str(place), "--to-key", PUBLIC)
    newest, oldest = json.loads(operator.types("archive", "--list", str(place), "--json").stdout)
    assert newest["archive"] > oldest["archive"]
    assert newest["archive"] in operator.types("archive", "--list", str(place)).output
    assert "is whole" in operator.types("archive", "--verify", str(place)).output
    part = next((place / "archives" / newest["archive"] / "tables").iterdir())
    data = bytearray(part.read_bytes())
    data[-1] ^= 1
    part.write_bytes(data)
    assert part.name in operator.types("archive", "--verify", str(place), expect=1).output.replace("\n", "")
    operator.types("archive", "--verify", str(place), "--archive", oldest["archive"])
    part.unlink()
    assert "isn't there" in operator.types("archive", "--verify", str(place), expect=1).output
