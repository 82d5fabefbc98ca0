"""kill -9 at random moments under load: what was acknowledged is there, once, and what was not is there wholly or not at all.

Every member keeps a ledger of what she was told. A request without an answer may have happened or not; the same request
is then sent again, as clients do, where the API says that is harmless.
"""

import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from palabre.base.db import Database
from palabre.base.postgres import prepare
from tests.support.people import said
from tests.support.running import Running, until

pytestmark = pytest.mark.journey
MEMBERS = 20
KILLS = ["web", "worker", "postgres", "supervisor"]
ROUNDS = 3
Pair = tuple[str, str]
Post = tuple[str, str, str]  # id, author, text


@dataclass
class Ledger:
    """Acts by kind: those acknowledged, and those of which nobody knows."""

    sure: dict[str, set[Pair]] = field(default_factory=dict)
    unsure: dict[str, set[Pair]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def note(self, kind: str, act: Pair, acknowledged: bool | None) -> None:
        """`acknowledged` None: no answer came."""
        if acknowledged:
            self.sure.setdefault(kind, set()).add(act)
        elif acknowledged is None:
            self.unsure.setdefault(kind, set()).add(act)

    def check(self, kind: str, found: set[Pair]) -> None:
        sure, unsure = self.sure.get(kind, set()), self.unsure.get(kind, set())
        assert sure - found == set(), f"{kind}: acknowledged and lost"
        assert found - sure - unsure == set(), f"{kind}: refused, or never asked for, and there all the same"


class Member:
    """One who does something at random as long as the load lasts, with a stream open meanwhile."""

    def __init__(self, network: Running, name: str, token: str, ledger: Ledger) -> None:
        self.network, self.name, self.ledger = network, name, ledger
        self.http = httpx.AsyncClient(
            base_url=network.url, headers={"authorization": f"Bearer {token}"}, timeout=httpx.Timeout(30, read=20)
        )
        self.id = ""
        self.twice: list[Any] = []

    async def ask(self, method: str, path: str, **options: Any) -> tuple[bool | None, Any]:
        """Whether it was acknowledged, None if nobody knows; and the answer."""
        try:
            response = await self.http.request(method, path, **options)
        except httpx.HTTPError as error:
            self.ledger.answers[type(error).__name__] += 1
            return None, None
        self.ledger.answers[str(response.status_code)] += 1
        if response.status_code == 503 and "retry-after" in response.headers:
            return None, None
        if response.status_code >= 500:
            self.ledger.broken.append(f"{method} {path}: {response.status_code} {response.text[:300]}")
            return None, None
        return response.status_code < 300, response.json()

    async def all(self, path: str) -> list[Any]:
        """Every page."""
        found: list[Any] = []
        url: str | None = f"{path}{'&' if '?' in path else '?'}limit=40"
        while url:
            response = await self.http.get(url)
            assert response.status_code == 200, response.text
            found += response.json()
            url = response.links.get("next", {}).get("url") if response.json() else None
        return found

    async def act(self, everybody: "list[Member]", known: list[Post], rng: random.Random) -> None:
        other = rng.choice([member for member in everybody if member is not self])
        kind = rng.choices(["post", "follow", "favourite", "boost", "report", "delete"], [5, 2, 4, 2, 1, 0.3])[0]
        if kind == "post":
            await self.post(f"{self.name} {rng.getrandbits(60)} for @{other.name}", known, again=rng.random() < 0.5)
        elif kind == "follow":
            done, _ = await self.ask("POST", f"/api/v1/accounts/{other.id}/follow")
            self.ledger.note("follow", (self.name, other.name), done)
        elif kind == "report":
            comment = f"report {rng.getrandbits(60)}"
            done, _ = await self.ask("POST", "/api/v1/reports", json={"account_id": other.id, "comment": comment})
            self.ledger.note("report", (self.name, comment), done)
        elif known and kind == "delete":
            mine = [post for post in known if post[1] == self.name]
            if mine:
                known.remove(post := rng.choice(mine))
                done, _ = await self.ask("DELETE", f"/api/v1/statuses/{post[0]}")
                self.ledger.note("delete", (post[0], post[2]), done)
        elif known:
            post_id = rng.choice(known)[0]
            verb = "favourite" if kind == "favourite" else "reblog"
            done, _ = await self.ask("POST", f"/api/v1/statuses/{post_id}/{verb}")
            self.ledger.note(kind, (self.name, post_id), done)

    async def post(self, text: str, known: list[Post], again: bool) -> None:
        """`again`: with an idempotency key, until there is an answer."""
        headers = {"idempotency-key": text} if again else {}
        while True:
            done, made = await self.ask("POST", "/api/v1/statuses", json={"status": text}, headers=headers)
            if done is not None or not again:
                break
            await asyncio.sleep(0.05)
        self.ledger.note("post", (self.name, text), done)
        if done:
            known.append((made["id"], self.name, text))

    async def listen(self) -> None:
        """Keep a stream open; whatever one connection says twice is kept in `twice`."""
        while True:
            with contextlib.suppress(httpx.HTTPError):
                async with self.http.stream("GET", "/api/v1/streaming/user", timeout=30) as response:
                    heard: Counter[Any] = Counter()
                    async for event, told in _events(response):
                        heard[_visible(event, told)] += 1
                        self.twice += [what for what, times in heard.items() if times == 2 and what not in self.twice]
            await asyncio.sleep(0.05)


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    event = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield event, json.loads(line.removeprefix("data: "))


def _visible(event: str, told: Any) -> Any:
    """What a person would recognise as the same thing."""
    if event == "notification":
        return event, told["type"], told["account"]["username"], (told.get("status") or {}).get("id")
    return event, told["id"] if isinstance(told, dict) else told


async def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with Running(tmp_path / "data") as network:
        ledger = Ledger()
        members = [
            Member(network, name, network.sign_up(name), ledger) for name in (f"member{n}" for n in range(MEMBERS))
        ]
        for member in members:
            await member.ask("GET", "/api/v1/timelines/home")  # from now on posts are copied to it
            member.id = (await member.ask("GET", "/api/v1/accounts/verify_credentials"))[1]["id"]
        for one, other in itertools.pairwise(members):  # whoever is written to follows somebody from the start
            await one.ask("POST", f"/api/v1/accounts/{other.id}/follow")
            ledger.note("follow", (one.name, other.name), True)
        await _load(network, members, rng)
        assert ledger.broken == [], "only 503 and broken connections are excused"
        assert ledger.answers["503"] or ledger.answers["ReadError"] or ledger.answers["RemoteProtocolError"]
        await _drain(network)
        await _audit(network, members, ledger)
        assert {member.name: member.twice for member in members if member.twice} == {}
        print(dict(ledger.answers), {kind: len(acts) for kind, acts in ledger.sure.items()})
        for member in members:
            await member.http.aclose()


async def _load(network: Running, members: list[Member], rng: random.Random) -> None:
    over = asyncio.Event()
    known: list[Post] = []

    async def busy(member: Member) -> None:
        mine = random.Random(rng.random())
        while not over.is_set():
            await member.act(members, known, mine)
            await asyncio.sleep(mine.random() * 0.1)

    listening = [asyncio.create_task(member.listen()) for member in members]
    acting = [asyncio.create_task(busy(member)) for member in members]
    await asyncio.to_thread(_kill_at_random, network, rng)
    over.set()
    await asyncio.wait_for(asyncio.gather(*acting), 40)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)


def _kill_at_random(network: Running, rng: random.Random) -> None:
    kills = KILLS * ROUNDS
    rng.shuffle(kills)
    for kind in kills:
        time.sleep(rng.uniform(0.2, 1.2))
        if kind == "supervisor":
            network.kill()
            network.start()
        else:
            until(lambda kind=kind: network.pids(kind))  # type: ignore[misc]
            for pid in network.pids(kind):
                os.kill(pid, signal.SIGKILL)
    until(network.answers)


async def _drain(network: Running) -> None:
    """All duties done; the leases of killed workers have run out."""
    db = Database(prepare(network.folder).dsn, most=1)
    deadline = time.monotonic() + 60
    async with db.reading() as conn:
        await conn.execute("UPDATE duties SET run_at = now() WHERE claimed_at IS NOT NULL")
        while left := await conn.rows("SELECT kind, attempts, last_error FROM duties WHERE run_at < now() + '1 hour'"):
            assert time.monotonic() < deadline, left
            await asyncio.sleep(0.05)
    await db.close()


async def _audit(network: Running, members: list[Member], ledger: Ledger) -> None:
    names = {member.id: member.name for member in members}
    posts: dict[str, Any] = {}
    favourites: Counter[str] = Counter()
    followers: Counter[str] = Counter()
    boosts: Counter[str] = Counter()
    expected: Counter[Any] = Counter()
    follows, favoured, boosted, written = set(), set(), set(), set()
    for member in members:
        statuses = await member.all(f"/api/v1/accounts/{member.id}/statuses")
        own = [post for post in statuses if not post["reblog"]]
        assert max(Counter(said(post) for post in own).values(), default=1) == 1, "published twice"
        written |= {(member.name, said(post)) for post in own}
        posts |= {post["id"]: post for post in own}
        boosted |= {(member.name, post["reblog"]["id"]) for post in statuses if post["reblog"]}
        assert (await _account(member))["statuses_count"] == len(statuses)
        home = Counter(post["id"] for post in await member.all("/api/v1/timelines/home"))
        assert max(home.values(), default=1) == 1
        assert {post["id"] for post in own} <= home.keys(), "not in its author's home"
    for member in members:
        favoured |= {(member.name, post["id"]) for post in await member.all("/api/v1/favourites")}
        following = await member.all(f"/api/v1/accounts/{member.id}/following")
        follows |= {(member.name, account["username"]) for account in following}
        assert (await _account(member))["following_count"] == len(following)
    deleted, perhaps = ledger.sure.get("delete", set()), ledger.unsure.get("delete", set())
    assert posts.keys().isdisjoint(post_id for post_id, _ in deleted), "deleted, and there"
    gone = {post_id: text for post_id, text in deleted | perhaps if post_id not in posts}
    ledger.check("post", written | {(text.partition(" ")[0], text) for text in gone.values()})
    ledger.check("follow", follows)
    for kind, found in (("favourite", favoured), ("boost", boosted)):
        ledger.check(kind, found | {act for act in ledger.sure.get(kind, set()) if act[1] in gone})
    for name, post_id in favoured:
        favourites[post_id] += 1
        _expect(expected, posts[post_id]["account"]["username"], "favourite", name, post_id)
    for name, post_id in boosted:
        boosts[post_id] += 1
        _expect(expected, posts[post_id]["account"]["username"], "reblog", name, post_id)
    for name, target in follows:
        followers[target] += 1
        _expect(expected, target, "follow", name, None)
    for post in posts.values():
        _expect(expected, post["mentions"][0]["username"], "mention", post["account"]["username"], post["id"])
        assert post["favourites_count"] == favourites[post["id"]] and post["reblogs_count"] == boosts[post["id"]]
    for member in members:
        assert (await _account(member))["followers_count"] == followers[member.name]
        told = Counter(
            (member.name, one["type"], names[one["account"]["id"]], (one.get("status") or {}).get("id"))
            for one in await member.all("/api/v1/notifications")
        )
        assert told == Counter({what: times for what, times in expected.items() if what[0] == member.name})
    await _audit_reports(network, ledger, names)


def _expect(expected: Counter[Any], whom: str, kind: str, by: str, post_id: str | None) -> None:
    if whom != by:
        expected[(whom, kind, by, post_id)] += 1


async def _account(member: Member) -> Any:
    return (await member.http.get(f"/api/v1/accounts/{member.id}")).json()


async def _audit_reports(network: Running, ledger: Ledger, names: dict[str, str]) -> None:
    db = Database(prepare(network.folder).dsn, most=1)
    async with db.reading() as conn:
        rows = [(names[str(row["reporter_id"])], row["comment"]) for row in await conn.rows("SELECT * FROM reports")]
        assert await conn.rows("SELECT id FROM reports WHERE NOT case_id = ANY (SELECT id FROM cases)") == []
    await db.close()
    assert len(rows) == len(set(rows))
    ledger.check("report", set(rows))
