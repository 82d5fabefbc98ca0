"""A network whose archives and media lie in an object store that checks who comes: taken there, brought back, cut off."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.archiving import all_bytes, names
from tests.support.images import png
from tests.support.running import Running, until
from tests.support.signed_store import SignedStore, rclone

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def store() -> Iterator[SignedStore]:
    program = rclone()
    if program is None:
        pytest.skip("no rclone that can `serve s3`: tools/rclone.sh fetches one")
    with tempfile.TemporaryDirectory(prefix="palabre-store-") as folder:
        store = SignedStore(program, Path(folder) / "store")
        store.start()
        yield store
        store.kill()


@pytest.fixture(scope="module")
def network() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="palabre-object-store-") as folder:
        Path(folder).chmod(0o755)
        with Running(Path(folder) / "data") as network:
            yield network


@pytest.fixture(scope="module")
def alice(network: Running) -> str:
    """Her token; she has posted a picture."""
    token = network.sign_up("alice")
    with network.http(token) as http:
        sent = http.post("/api/v2/media", files={"file": ("lake.png", png(900, 600), "image/png")})
        assert sent.status_code == 200, sent.text
        said = http.post("/api/v1/statuses", json={"status": "By the lake", "media_ids": [sent.json()["id"]]})
        assert said.status_code == 200, said.text
    return token


@pytest.fixture(scope="module")
def key(network: Running) -> tuple[str, str]:
    """File of the private key, and the public one."""
    file = str(network.folder.parent / "key")
    return file, network.command("archive", "--new-key", file).stdout.strip()


def test_taken_there_and_brought_back(network: Running, alice: str, key: tuple[str, str], store: SignedStore) -> None:
    there = [store.url("network"), *store.words()]
    first = _taken(network, *there, "--to-key", key[1])
    assert first["media"] == first["new_media"] > 0
    second = _taken(network, *there, "--to-key", key[1])
    assert second["new_media"] == 0, "what is there isn't sent again"
    assert b"By the lake" not in all_bytes(store.bucket)
    whole = network.command("archive", "--verify", *there)
    assert "is whole" in whole.stdout, whole.stderr

    new = network.folder.parent / "brought-back"
    brought = network.command("restore", *there, "--key", key[0], "--data", str(new))
    assert brought.returncode == 0, brought.stderr
    with Running(new) as back, back.http(alice) as http:
        (post,) = http.get("/api/v1/timelines/home").json()
        assert "By the lake" in post["content"]
        url = _path(post["media_attachments"][0]["url"])
        assert http.get(url).content == (network.folder / url.lstrip("/")).read_bytes()


def test_with_a_wrong_secret(network: Running, alice: str, key: tuple[str, str], store: SignedStore) -> None:
    wrong = [store.url("elsewhere"), *store.words("a guess")]
    new = network.folder.parent / "never"
    for words in (
        ["archive", *wrong, "--plain"],
        ["archive", "--list", *wrong],
        ["restore", *wrong, "--key", key[0], "--data", str(new)],
        ["media", "move", "--to", *wrong],
    ):
        refused = network.command(*words)
        assert refused.returncode == 1, refused.stdout
        assert "the store refuses" in refused.stderr, refused.stderr
        assert "Traceback" not in refused.stderr and "a guess" not in refused.stderr
    assert not (store.bucket / "elsewhere").exists()
    assert not new.exists()
    assert not (network.folder / "palabre.toml").exists(), "media stay where they are"


def test_the_store_falls_silent_in_the_middle(network: Running, alice: str, store: SignedStore) -> None:
    more = network.folder / "media/more"
    more.mkdir()
    for number in range(600):
        (more / str(number)).write_bytes(b"%d" % number)
    there, place = [store.url("cut-off"), *store.words()], store.bucket / "cut-off"
    said = len(network.said())
    archive = network.launch("archive", *there, "--plain")
    until(lambda: len(names(place, "media")) > 150 or archive.poll() is not None, network.said())
    store.kill()
    assert archive.wait(60) == 1
    assert "Traceback" not in network.said()[said:]
    assert not list(place.glob("archives/*/index.json"))

    # Now and then rclone keeps an empty file of what it was killed in, and later acknowledges it without writing it.
    store.start()
    taken = _taken(network, *there, "--plain")
    assert taken["media"] - taken["new_media"] >= 100, "what was sent isn't sent again"
    whole = network.command("archive", "--verify", *there)
    assert "is whole" in whole.stdout, whole.stderr


def test_media_go_there_and_come_back(network: Running, alice: str, store: SignedStore) -> None:
    folder, there = network.folder / "media", ["--to", store.url("media"), *store.words()]
    with network.http(alice) as http:
        url = _path(http.get("/api/v1/timelines/home").json()[0]["media_attachments"][0]["url"])
        seen = http.get(url).content
    _moved(network, *there)
    network.stop()
    _moved(network, *there)
    aside = folder.rename(folder.with_name("media-before"))
    network.start()
    with network.http(alice) as http:
        assert http.get(url).content == seen
        part = http.get(url, headers={"range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, seen[10:20]), "although this store knows no ranges"
    network.stop()
    _moved(network, "--to", str(folder))
    assert {name: (folder / name).read_bytes() for name in names(folder)} == {
        name: (aside / name).read_bytes() for name in names(aside)
    }
    network.start()
    with network.http(alice) as http:
        assert http.get(url).content == seen


def _taken(network: Running, *words: str) -> dict[str, int]:
    done = network.command("archive", *words, "--json")
    assert done.returncode == 0, done.stderr
    taken: dict[str, int] = json.loads(done.stdout)
    return taken


def _moved(network: Running, *words: str) -> None:
    done = network.command("media", "move", *words)
    assert done.returncode == 0, done.stderr


def _path(url: str) -> str:
    return urlsplit(url).path
