"""Limits over several web processes: who asks too much waits, who is a member notices nothing."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from palabre.entrypoints.edge.throttle import ANONYMOUS, NAMED
from tests.support.running import Running

pytestmark = pytest.mark.journey


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path / "data", PALABRE_RATE_LIMITS="true", PALABRE_WEB_PROCESSES="2") as network:
        yield network


def _says_when(response: httpx.Response) -> None:
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 24 * 3600


async def test_fifteen_strangers_are_throttled_while_members_notice_nothing(running: Running) -> None:
    token = running.sign_up("alice")
    served, over, refused = Counter[str](), asyncio.Event(), []

    async def stranger(number: int) -> None:
        path = "/api/v1/timelines/public" if number % 2 else "/about"
        async with httpx.AsyncClient(base_url=running.url, timeout=30) as http:
            for _ in range(ANONYMOUS.hits // 5):
                response = await http.get(path)
                served[str(response.status_code)] += 1
                if response.status_code == 429:
                    refused.append(response)

    async def member() -> None:
        async with httpx.AsyncClient(
            base_url=running.url, timeout=30, headers={"authorization": f"Bearer {token}"}
        ) as http:
            while not over.is_set():
                assert (await http.get("/api/v1/timelines/home")).status_code == 200
                served["member"] += 1
                await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(member())
        await asyncio.gather(*(stranger(number) for number in range(15)))
        over.set()
    assert served["200"] <= 2 * ANONYMOUS.hits, "each process counts for itself"
    assert served["429"] >= 100 and served["member"] > 5 and set(served) == {"200", "429", "member"}
    for response in refused:
        _says_when(response)


def test_signing_in_signing_up_and_posting_have_limits_across_processes(running: Running) -> None:
    token = running.sign_up("alice")
    answers = _repeat(running, NAMED["sign_in"].hits, "/sign-in", data={"name": "alice", "password": "wrong"})
    assert Counter(answer.status_code for answer in answers[:-1]) == {422: NAMED["sign_in"].hits}
    _says_when(answers[-1])
    with running.http() as http:
        scope = "read write"
        app = http.post(
            "/api/v1/apps", json={"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": scope}
        ).json()
        asked = {"grant_type": "client_credentials", "scope": scope} | {
            name: app[name] for name in ("client_id", "client_secret")
        }
        bearer = {"authorization": f"Bearer {http.post('/oauth/token', data=asked).json()['access_token']}"}
    answers = _repeat(running, NAMED["sign_up"].hits, "/api/v1/accounts", json={"username": "!"}, headers=bearer)
    assert 422 in {answer.status_code for answer in answers}
    _says_when(answers[-1])
    mine = {"authorization": f"Bearer {token}"}
    answers = _repeat(running, NAMED["post"].hits, "/api/v1/statuses", json={"status": "again"}, headers=mine)
    assert Counter(answer.status_code for answer in answers[:-1]) == {200: NAMED["post"].hits}
    _says_when(answers[-1])
    assert running.http(token).get("/api/v1/timelines/home").status_code == 200


def _repeat(network: Running, times: int, path: str, **options: object) -> list[httpx.Response]:
    """Ask once more than so often, by a connection of its own each, so that both processes are asked."""
    answers = []
    for _ in range(times + 1):
        with network.http() as http:
            answers.append(http.post(path, **options))  # type: ignore[arg-type]
    return answers
