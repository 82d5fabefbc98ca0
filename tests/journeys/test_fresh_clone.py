"""The first machine is gone. What is left: an archive, its key, and this repository."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.support.running import Running, free_port, heed_ctrl_c, until

pytestmark = pytest.mark.journey
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As `make install` leaves it, but for the libraries, which are those of the running tests."""
    if not (REPOSITORY / ".git").exists() or not shutil.which("git") or not shutil.which("make"):
        pytest.skip("this is no clone, or git or make is missing")
    there = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", REPOSITORY, there], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", there / ".venv"], check=True)
    libraries = next((there / ".venv").glob("lib/python*/site-packages"))
    (libraries / "clone.pth").write_text(f"{there / 'src'}\n{sysconfig.get_path('purelib')}\n")
    command = there / ".venv/bin/palabre"
    command.write_text(f"#!{there}/.venv/bin/python\nfrom palabre.entrypoints.cli import main\n\nmain()\n")
    command.chmod(0o755)
    (there / ".venv/.installed").touch()
    return there


def test_an_archive_and_a_clone_are_enough(clone: Path, tmp_path: Path) -> None:
    place, key, first = tmp_path / "elsewhere", tmp_path / "archive.key", Running(tmp_path / "data")
    with first:
        token = first.sign_up("alice")
        with first.http(token) as http:
            assert http.post("/api/v1/statuses", json={"status": "Still here tomorrow?"}).status_code == 200
        with first.http() as http:
            form = {"name": "alice", "password": "the password of alice"}
            signed_in = http.post("/sign-in", data=form, headers={"origin": first.url})
            cookie = signed_in.cookies["palabre_session"]
        public = first.command("archive", "--new-key", str(key)).stdout.strip()
        taken = first.command("archive", str(place), "--to-key", public)
        assert taken.returncode == 0, taken.stderr
        first.kill()
    shutil.rmtree(first.folder)

    second = Running(clone / "palabre-data", port=free_port())
    second.environment = {name: value for name, value in first.environment.items() if name != "PALABRE_DATA"} | {
        "PALABRE_PORT": str(second.port),
        "PATH": os.environ["PATH"],
    }
    restored = subprocess.run(
        [clone / ".venv/bin/palabre", "restore", place, "--key", key], cwd=clone, env=second.environment,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stderr
    with (tmp_path / "make.log").open("wb") as log:
        make = subprocess.Popen(
            ["make", "run"], cwd=clone, env=second.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=heed_ctrl_c,
        )  # fmt: skip
    try:
        until(lambda: second.answers() or make.poll() is not None)
        assert second.answers(), (tmp_path / "make.log").read_text()
        with second.http(token) as http:
            (post,) = http.get("/api/v1/timelines/home").json()
            assert "Still here tomorrow?" in post["content"]
        with second.http(cookies={"palabre_session": cookie}) as http:
            page = http.get("/")
            assert "Still here tomorrow?" in page.text and "/sign-out" in page.text, "she is signed in"
    finally:
        make.terminate()
        assert make.wait(60) in (0, -15, 143)
