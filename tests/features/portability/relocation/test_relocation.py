"""A network's database and media go elsewhere and back, by one command each."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base import blobs
from tests.support.archiving import takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.restoring import being_in, brings_back, there
from tests.support.servers import DEBIAN, object_store, older_postgres

needs_debian = pytest.mark.skipif(not DEBIAN.exists(), reason="Debian's PostgreSQL 15 isn't installed")


@pytest.fixture
async def folder(network: Network, alice: Person, tmp_path: Path) -> Path:
    """A data folder in which Alice has said something, with a picture."""
    picture = await upload(alice)
    await alice.says("Hello", media_ids=[picture["id"]])
    await takes(network, tmp_path / "place")
    await brings_back(tmp_path / "place", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with older_postgres() as dsn:
        yield dsn


def palabre(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    return subprocess.run(
        [sys.executable, "-m", "palabre", *words],
        env=inherited | {"COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def ended(*words: "str | Path") -> int:
    return subprocess.run(words, timeout=100).returncode


def well(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def says(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "palabre.toml").read_text())


@needs_debian
async def test_the_database_to_a_server_and_back(folder: Path, alice: Person, elsewhere: str) -> None:
    assert "every table compared" in well(palabre("database", "move", "--to", elsewhere, "--data", str(folder)))
    assert says(folder)["database_url"] == elsewhere
    assert (folder / "palabre.toml").stat().st_mode & 0o077 == 0
    async with being_in(folder, elsewhere) as anew:
        assert await there(alice, anew).home() == ["Hello"]
        await there(alice, anew).says("Said elsewhere")
    again = palabre("database", "move", "--to", "embedded", "--data", str(folder))
    assert (again.returncode, "rename it" in again.stderr) == (1, True), "the old one is never overwritten"
    (folder / "postgres").rename(folder / "postgres.old")
    well(palabre("database", "move", "--to", "embedded", "--data", str(folder)))
    assert "database_url" not in says(folder)
    async with being_in(folder) as anew:
        assert await there(alice, anew).home() == ["Said elsewhere", "Hello"]
    assert set(os.listdir(folder)) >= {"postgres", "media", "palabre.toml"}
    assert not [name for name in os.listdir(folder) if name.startswith(".moving")]


@needs_debian
async def test_a_server_that_isnt_empty_is_left_alone(folder: Path, elsewhere: str) -> None:
    ended(DEBIAN / "psql", elsewhere, "-qc", "CREATE TABLE theirs (id int)")
    done = palabre("database", "move", "--to", elsewhere, "--data", str(folder))
    assert (done.returncode, "tables already" in done.stderr) == (1, True), done.stderr
    assert "database_url" not in says(folder)


@needs_debian
async def test_nobody_may_be_at_work_on_it(folder: Path, elsewhere: str) -> None:
    async with being_in(folder):
        done = palabre("database", "move", "--to", elsewhere, "--data", str(folder))
        assert (done.returncode, "in use by process" in done.stderr) == (1, True), done.stderr


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from palabre.base.postgres import Server, prepare
from palabre.features.portability.relocation import move_database
import palabre.consequences

folder, to, at, stop = sys.argv[1:]

def progress(part, done, total):
    global stop
    if part == at:
        stop = int(stop) - 1
        if stop == 0:
            os.kill(os.getpid(), signal.SIGKILL)

with Server(prepare(Path(folder))) as server:
    asyncio.run(move_database(Path(folder), server.cluster.dsn, to, progress))
"""


@needs_debian
async def test_killed_on_the_way_it_goes_on_and_takes_what_was_said_meanwhile(
    folder: Path, alice: Person, elsewhere: str
) -> None:
    for part, nth in (("tables, MB", 1), ("rows, MB", 3), ("their indexes", 1), ("comparing", 150)):
        assert ended(sys.executable, "-c", _KILLED, str(folder), elsewhere, part, str(nth)) == -9, part
    assert "database_url" not in says(folder)
    async with being_in(folder) as before:
        await there(alice, before).says("Said meanwhile")
    well(palabre("database", "move", "--to", elsewhere, "--data", str(folder)))
    async with being_in(folder, elsewhere) as anew:
        assert await there(alice, anew).home() == ["Said meanwhile", "Hello"]


@needs_debian
async def test_an_archive_into_a_server(network: Network, alice: Person, elsewhere: str, tmp_path: Path) -> None:
    await alice.says("Hello")
    await takes(network, tmp_path / "place")
    words = ("restore", str(tmp_path / "place"), "--data", str(tmp_path / "data"), "--json")
    done = json.loads(well(palabre(*words, DATABASE_URL=elsewhere)).partition("\n")[0])
    assert done["rows"]
    assert says(tmp_path / "data")["database_url"] == elsewhere
    assert not (tmp_path / "data/postgres").exists()
    async with being_in(tmp_path / "data", elsewhere) as anew:
        assert await there(alice, anew).home() == ["Hello"]
    second = palabre("restore", str(tmp_path / "place"), "--data", str(tmp_path / "other"), DATABASE_URL=elsewhere)
    assert (second.returncode, "tables already" in second.stderr) == (1, True), second.stderr
    assert not (tmp_path / "other").exists()


async def test_media_to_an_object_store_and_back(folder: Path, tmp_path: Path) -> None:
    before = await held(blobs.open_store(str(folder / "media")))
    assert before
    with object_store("alices-media") as (url, options):
        given = [word for name, value in options.items() for word in ("--option", f"{name}={value}")]
        async with being_in(folder):
            said = well(palabre("media", "move", "--to", url, *given, "--data", str(folder)))
            assert "still uses the old store" in said
            assert "media_store" not in says(folder)
        said = well(palabre("media", "move", "--to", url, *given, "--data", str(folder)))
        assert "0 came this time" in " ".join(said.split())
        assert says(folder)["media_store"] == url
        assert await held(blobs.open_store(url, **options)) == before
        away = tmp_path / "elsewhere"
        well(palabre("media", "move", "--to", str(away), "--data", str(folder)))
        assert says(folder)["media_store"] == str(away)
        assert "media_store_options" not in says(folder)
        assert await held(blobs.open_store(str(away))) == before


async def held(store: blobs.Blobs) -> dict[str, bytes]:
    return {entry.key: await store.read(entry.key) async for entry in store.list()}
