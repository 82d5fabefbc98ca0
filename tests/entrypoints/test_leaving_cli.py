"""palabre export and palabre wind-down, as operators use them."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from palabre.base import clock
from tests.entrypoints.test_cli import Operator, operator

__all__ = ["operator"]


def test_an_archive_by_command(operator: Operator, tmp_path: Path) -> None:
    operator.makes("alice")
    dest = tmp_path / "alice.zip"
    operator.types("export", "alice", str(dest))
    assert "actor.json" in zipfile.ZipFile(dest).namelist()
    for words, said in (
        (("alice", str(dest)), "is there already"),
        (("nobody", str(tmp_path / "n.zip")), "no member called nobody"),
        (("alice", str(tmp_path / "x" / "n.zip")), "There is no folder"),
    ):
        assert said in " ".join(operator.types("export", *words, expect=1).output.split())
    operator.types("export", "@alice", str(dest), "--force")
    assert [path.name for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".toml"] == ["alice.zip"]


def test_a_community_is_closed_by_command(operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    operator.makes("alice")
    assert "No end is announced" in operator.types("wind-down").output
    for words, said in (
        (("--on", "soon"), "is no date"),
        (("--on", "2020-01-01"), "must lie ahead"),
        (("--off",), "Nothing was announced"),
        (("--off", "--status"), "Only one of"),
        (("--message", "m.txt"), "belongs to --on"),
        (("--on", "2090-01-01", "--message", str(tmp_path / "none")), "can't be read"),
        (("--finish", str(tmp_path / "stones")), "No end was announced"),
    ):
        assert said in " ".join(operator.types("wind-down", *words, expect=1).output.split()), words
    message = tmp_path / "message.md"
    message.write_text("Thank you all.")
    said = operator.types("wind-down", "--on", "2090-01-01", "--message", str(message)).output
    assert "01 January 2090" in said and "No mail is set up" in said
    found = json.loads(operator.types("wind-down", "--status", "--json").stdout)
    assert (found["closes_at"], found["closed"], found["members"]) == ("2090-01-01T00:00:00+00:00", False, 1)
    early = operator.types("wind-down", "--finish", str(tmp_path / "stones"), expect=1).output
    assert "People can still write" in early and not (tmp_path / "stones").exists()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=100 * 365))
    operator.types("wind-down", "--finish", str(tmp_path / "stones"))
    assert "Thank you all." in (tmp_path / "stones" / "index.html").read_text()
    assert (tmp_path / "stones" / "@alice" / "index.html").exists()
    operator.types("wind-down", "--off")
    assert "No end is announced" in operator.types("wind-down", "--status").output
