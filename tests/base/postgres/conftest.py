"""One cluster for all the launcher's tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base.postgres import (
    Cluster,
    Server,
    prepare,
)
from tests.base.postgres.helpers import FAST, Elsewhere, ask, say


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a new cluster and Alice's first words in it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with Server(prepare(folder), FAST) as server:
        ask(server.cluster, "CREATE TABLE words (id int PRIMARY KEY, said text)")
        say(server.cluster, "Hello from Alice")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder(made: Path) -> Path:
    """The same for all, for making one takes a second; with an empty log."""
    (made / "postgres.log").write_text("")
    return made


@pytest.fixture
def new_folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    shutil.rmtree(tmp_path, ignore_errors=True)  # a cluster is 40 MB, and pytest would keep three runs of it


@pytest.fixture
def cluster(folder: Path) -> Cluster:
    return prepare(folder)


@pytest.fixture
def server(cluster: Cluster) -> Iterator[Server]:
    with Server(cluster, FAST) as server:
        yield server


@pytest.fixture
def elsewhere(folder: Path) -> Iterator[Elsewhere]:
    other = Elsewhere(folder)
    yield other
    other.kill()
    with Server(prepare(folder), FAST):
        pass  # it has waited for what remained of theirs


@pytest.fixture
def deep(folder: Path, tmp_path: Path) -> Iterator[Path]:
    yield folder.rename(tmp_path / ("d" * 100))
    (tmp_path / ("d" * 100)).rename(folder)
