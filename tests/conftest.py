"""One PostgreSQL for the whole run, one database for each pytest worker, emptied after each test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from palabre import settings
from palabre.app import App
from palabre.base import ids, limits
from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.features.instance.about import forget
from tests.support.network import Network
from tests.support.people import Person

_DSN = "PALABRE_TEST_DSN"
# What the shell or make says of the network to run is not meant for the tests.
for _name in [name for name in os.environ if name.startswith("PALABRE_") and name != _DSN] + ["DATABASE_URL"]:
    os.environ.pop(_name, None)
_server: object = None
_folder: Path | None = None

# A busy machine is no bug, and what one run finds every run finds: `--hypothesis-profile=search` looks further.
_patient = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("search", _patient)
hypothesis.settings.register_profile("palabre", _patient, derandomize=True)
hypothesis.settings.load_profile("palabre")
_JOURNEY_SECONDS = 600


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the server; xdist's workers inherit its address."""
    global _server, _folder
    if hasattr(config, "workerinput") or os.environ.get(_DSN):
        return
    from palabre.base.postgres import Server, prepare

    _folder = Path(tempfile.mkdtemp(prefix="palabre-tests-"))
    _folder.chmod(0o755)
    cluster = prepare(_folder)
    server = Server(
        cluster, {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}
    )
    server.start()
    _server = server
    os.environ[_DSN] = cluster.dsn


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("journey") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(_JOURNEY_SECONDS))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        _server.stop()  # type: ignore[attr-defined]
        os.environ.pop(_DSN, None)
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _clock_of_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test did to the clock is nothing to the next."""
    monkeypatch.setattr(ids, "_course", ids._Course())
    monkeypatch.setattr(ids, "_newest", 0)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def dsn(worker_id: str) -> Iterator[str]:
    """An empty, migrated database of this worker's own."""
    import asyncio

    name = f"test_{worker_id}_{os.getpid()}"
    base = os.environ[_DSN]
    mine = base.replace("/palabre?", f"/{name}?")

    async def make() -> None:
        async with Database(base, most=2).dedicated() as raw:
            await raw.execute(f"CREATE DATABASE {name}")
        await migrate(Database(mine, most=2))

    asyncio.run(make())
    yield mine


@pytest.fixture
def configured(dsn: str, tmp_path: Path) -> Iterator[settings.Settings]:
    """Settings for one test: its own media folder, cheap passwords, no limits."""
    made = settings.Settings(
        data=tmp_path,
        database_url=dsn,  # type: ignore[arg-type]
        public_url="https://talk.example",
        rate_limits=False,
        password_cost="cheap",
        registration="open",
        email_confirmation=False,
        log_level="error",
        review_share=0,  # by lot, so that it would hide cases from moderators now and then
    )
    settings.use(made)
    forget()
    limits.reset()
    yield made
    settings.use(None)


@pytest.fixture
async def network(configured: settings.Settings, dsn: str) -> AsyncIterator[Network]:
    """The whole network in this process, empty; `network.work()` does what the workers would."""
    app = App(Database(dsn, most=4))
    async with app.running():
        made = Network(app)
        yield made
        await made.empty()


@pytest.fixture
async def alice(network: Network) -> Person:
    return await network.person("alice")


@pytest.fixture
async def bob(network: Network) -> Person:
    return await network.person("bob")


@pytest.fixture
async def carol(network: Network) -> Person:
    """A moderator."""
    return await network.person("carol", role="moderator")


@pytest.fixture
async def dan(network: Network) -> Person:
    """Blocked by Alice, in the tests that say so."""
    return await network.person("dan")


@pytest.fixture
def stranger(network: Network) -> Person:
    """Nobody in particular, not signed in."""
    return network.stranger()
