"""An archive of a network that serves meanwhile, in processes of its own: killed, out of disk, to a pipe, by schedule."""

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.archiving import Opened, names
from tests.support.running import Running, until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="palabre-archive-journey-") as folder:
        Path(folder).chmod(0o755)
        with Running(Path(folder) / "data") as network:
            token = network.sign_up("alice")
            with network.http(token) as http:
                assert http.post("/api/v1/statuses", json={"status": "Hello"}).status_code == 200
            media = network.folder / "media/media"
            media.mkdir(parents=True)
            (media / "film").write_bytes(bytes(300_000))
            yield network


def test_killed_in_the_middle(running: Running, tmp_path: Path) -> None:
    place = tmp_path / "place"

    for number in range(2_000):
        (running.folder / f"media/media/picture{number}").write_bytes(b"%d" % number)
    archive = running.launch("archive", str(place), "--plain")
    until(lambda: len(names(place, "media")) > 500 or archive.poll() is not None, running.said())
    archive.kill()
    archive.wait()
    assert not list(place.glob("archives/*/index.json"))
    assert json.loads(running.command("archive", "--list", str(place), "--json").stdout) == []
    taken = json.loads(running.command("archive", str(place), "--plain", "--json").stdout)
    Opened(place, taken["archive"]).check()
    assert taken["media"] - taken["new_media"] >= 400, "what was sent isn't sent again"
    whole = running.command("archive", "--verify", str(place))
    assert "is whole" in whole.stdout, whole.stderr


def test_out_of_disk(running: Running, tmp_path: Path) -> None:
    words = [*running.python, "-m", "palabre", "archive", str(tmp_path / "place"), "--plain"]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 200; exec "$@"', "sh", *words], env=running.environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "may not grow that large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "place").glob("archives/*/index.json"))


def test_to_a_pipe(running: Running, tmp_path: Path) -> None:
    with (tmp_path / "out.tar").open("wb") as out:
        words = [*running.python, "-m", "palabre", "archive", "-", "--plain"]
        subprocess.run(words, env=running.environment, stdout=out, check=True, timeout=60)
    with tarfile.open(tmp_path / "out.tar") as tar:
        tar.extractall(tmp_path / "out", filter="data")
    (archive,) = (path.name for path in (tmp_path / "out/archives").iterdir())
    opened = Opened(tmp_path / "out", archive)
    opened.check()
    assert 300_000 in [line.size for line in opened.media.values()]


def test_by_schedule(running: Running, tmp_path: Path) -> None:
    key = running.command("archive", "--new-key", str(tmp_path / "key")).stdout.strip()
    places = [tmp_path / "here", tmp_path / "there"]
    running.stop()
    for place in places:
        said = running.command("archive", "--schedule", "24h", str(place), "--to-key", key, "--keep", "3")
        assert said.returncode == 0, said.stderr
    running.start()
    for place in places:
        until(lambda place=place: list(place.glob("archives/*/index.json")), running.said())  # type: ignore[misc]
    private = (tmp_path / "key").read_text().splitlines()[-1]
    own = (running.folder / "drill.key").read_text().splitlines()[-1]
    for place in places:
        (archive,) = (path.name for path in (place / "archives").iterdir())
        Opened(place, archive, private).check()
        Opened(place, archive, own).check()
    until(lambda: all(one["last"].get("finished_at") for one in _schedules(running)))
    by_hand = json.loads(running.command("archive", str(places[0]), "--json").stdout)
    assert by_hand["new_media"] == 0, "as planned: for the same recipients"
    assert running.command("archive", "--schedule", "off", str(places[0])).returncode == 0
    assert [one["destination"] for one in _schedules(running)] == [str(places[1])]
    assert running.command("archive", "--schedule", "off", str(places[0])).returncode == 1


def _schedules(network: Running) -> list[dict[str, dict[str, str]]]:
    listed = network.command("archive", "--schedules", "--json")
    found: list[dict[str, dict[str, str]]] = json.loads(listed.stdout)
    return found
