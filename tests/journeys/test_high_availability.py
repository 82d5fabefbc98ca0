"""The primary's host is killed under load: writes wait for seconds, nothing acknowledged is lost.

It uses the very files of docs/operators/patroni, with addresses, ports and folders of its own.
"""

import asyncio
import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx2 as httpx
import pytest

from tests.support.patroni import Cluster, installed
from tests.support.people import said
from tests.support.running import Running, until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not installed(), reason="needs Debian's patroni, etcd-server, haproxy and postgresql-15"),
]
MEMBERS = 6
MOST_SECONDS = 30


@dataclass
class Ledger:
    """Posts that were acknowledged, by author; when; and what was answered instead, from when to when."""

    sure: set[tuple[str, str]] = field(default_factory=set)
    acknowledged: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def gap(self) -> float:
        """The longest time in which nothing was acknowledged."""
        return max(after - before for before, after in itertools.pairwise(self.acknowledged))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster() as made:
        yield made


@pytest.fixture
def network(cluster: Cluster, tmp_path: Path) -> Iterator[Running]:
    """Web and worker processes, as on a machine of their own."""
    asyncio.run(_make_database(cluster))
    url = f"postgresql://palabre:secret-of-palabre@{cluster.address}/palabre"
    with Running(tmp_path / "data", PALABRE_DATABASE_URL=url) as running:
        yield running


async def _make_database(cluster: Cluster) -> None:
    """As the page for operators says."""
    raw = await asyncpg.connect(f"postgresql://postgres:secret-of-postgres@{cluster.address}/postgres")
    await raw.execute("CREATE ROLE palabre LOGIN PASSWORD 'secret-of-palabre'")
    await raw.execute("CREATE DATABASE palabre OWNER palabre")
    await raw.close()


async def test_the_primary_is_killed_and_nothing_acknowledged_is_lost(
    cluster: Cluster, network: Running, tmp_path: Path
) -> None:
    ledger, names = Ledger(), [f"member{number}" for number in range(MEMBERS)]
    tokens = {name: network.sign_up(name) for name in names}
    pids = network.pids("web"), network.pids("worker")
    first, over = cluster.leader(), asyncio.Event()
    assert first
    load = [asyncio.create_task(_post(network, name, tokens[name], ledger, over)) for name in names]
    heard: list[float] = []
    listening = asyncio.create_task(_listen(network, tokens[names[0]], heard))
    await _until(lambda: len(ledger.acknowledged) > 100)
    killed = time.monotonic()
    await asyncio.to_thread(cluster.kill, first)
    await _until(lambda: bool(ledger.acknowledged) and ledger.acknowledged[-1] > killed + 5 and not _refusing(ledger))
    back = len(ledger.acknowledged)
    await _until(lambda: len(ledger.acknowledged) > back + 100)
    await _until(
        lambda: bool(heard) and heard[-1] > ledger.acknowledged[back], "the open stream tells of the new posts"
    )
    over.set()
    await asyncio.gather(*load)
    listening.cancel()
    second = await asyncio.to_thread(until, cluster.leader)
    assert second != first
    kept = set().union(*[await _written(network, tokens[name], name) for name in names])
    errors = max(ledger.refused) - min(ledger.refused) if ledger.refused else 0.0
    print(
        f"host {first} killed, host {second} took over: nothing acknowledged for {ledger.gap():.1f} s, refusals for "
        f"{errors:.1f} s {dict(ledger.answers)}; {len(ledger.sure)} posts acknowledged, {len(ledger.sure - kept)} lost"
    )
    assert ledger.sure - kept == set(), "acknowledged and lost"
    assert ledger.gap() < MOST_SECONDS
    assert set(ledger.answers) <= {"200", "503"}, "a refusal is a refusal, and says to come back"
    assert (network.pids("web"), network.pids("worker")) == pids, "they reconnect by themselves"
    await asyncio.to_thread(cluster.start, first)
    await asyncio.to_thread(
        until, lambda: len(cluster.members("streaming", "running")) == 3, "the old host is not back"
    )
    follower = await asyncio.to_thread(until, cluster.sync_standby)
    assert follower
    await asyncio.to_thread(_copies, network, cluster.address_of(follower), tmp_path / "copy")
    assert names[0] in (tmp_path / "copy/public/index.html").read_text()


def _copies(network: Running, replica: str, dest: Path) -> None:
    """The static copy is made from a database that can't be written to."""
    network.environment["PALABRE_DATABASE_URL"] = f"postgresql://palabre:secret-of-palabre@{replica}/palabre"
    done = network.command("static", str(dest))
    assert done.returncode == 0, done.stderr


def _refusing(ledger: Ledger) -> bool:
    return bool(ledger.refused) and ledger.refused[-1] > ledger.acknowledged[-1]


async def _post(network: Running, name: str, token: str, ledger: Ledger, over: asyncio.Event) -> None:
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=network.url, headers=headers, timeout=60) as client:
        for number in itertools.count():
            if over.is_set():
                return
            text = f"{name} says {number}"
            answer = await client.post("/api/v1/statuses", json={"status": text})
            ledger.answers[str(answer.status_code)] += 1
            if answer.status_code == 200:
                ledger.sure.add((name, text))
                ledger.acknowledged.append(time.monotonic())
            else:
                ledger.refused.append(time.monotonic())
            await asyncio.sleep(0.05)


async def _listen(network: Running, token: str, heard: list[float]) -> None:
    """Note when the member's stream tells of something; opened again when it breaks, as apps do."""
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=network.url, headers=headers, timeout=60) as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                async with client.stream("GET", "/api/v1/streaming/user") as response:
                    async for line in response.aiter_lines():
                        if line.startswith("event: "):
                            heard.append(time.monotonic())
            await asyncio.sleep(0.1)


async def _until(condition: Callable[[], bool], why: str = "waited in vain") -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, why
        await asyncio.sleep(0.02)


async def _written(network: Running, token: str, name: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=network.url, headers=headers, timeout=60) as client:
        account_id = (await client.get("/api/v1/accounts/verify_credentials")).json()["id"]
        url: str | None = f"/api/v1/accounts/{account_id}/statuses?limit=40"
        while url:
            response = await client.get(url)
            found |= {(name, said(post)) for post in response.json()}
            url = response.links.get("next", {}).get("url") if response.json() else None
    return found
