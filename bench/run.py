"""`make bench`: how fast the network is, beside the limits of this machine measured in the same run.

    python -m bench.run [--accounts N] [--posts N] [--seconds S] [--data DIR] [--write]

The seeded database stays in --data, so that a second run starts at once. --write keeps the result in bench/results.md.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench import client, limits, processes, results, seed
from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, prepare

PORT, BARE_PORT = 8771, 8772
CONNECTIONS = 64
POSTGRES = {"shared_buffers": "512MB", "max_wal_size": "4GB", "max_connections": "100"}

#: GoToSocial in its best configuration, 4 such cores, 200 members and 5,000 posts, 64 connections: requests/s.
PEER = {
    "home": 1043,
    "public": 657,
    "profile": 371,
    "notifications": 718,
    "thread": 5467,
    "status": 11127,
    "post": 570,
    "favourite": 920,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--web", type=int, default=3, help="web processes")
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "palabre-bench")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    known = seeded(options.data, options.accounts, options.posts)
    with network(options.data, options.web) as (pid, dsn):
        lines = report(options, known, pid, dsn)
    text = "\n".join(lines)
    print(text)
    if options.write:
        results.keep(text)


def seeded(data: Path, accounts: int, posts: int) -> dict[str, Any]:
    """The seeded database in `data`, made on the first run; tokens and ids to measure with."""
    notes = data / "bench.json"
    wanted = {"accounts": accounts, "posts": posts}
    if notes.exists() and (known := json.loads(notes.read_text()))["wanted"] == wanted:
        return dict(known)
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    cluster = prepare(data)
    began = time.perf_counter()
    with Server(cluster, POSTGRES | {"maintenance_work_mem": "512MB"}):
        asyncio.run(migrate(Database(cluster.dsn, most=2)))
        known = asyncio.run(seed.main(cluster.dsn, accounts, posts)) | {"wanted": wanted}
    known["seed_seconds"] = time.perf_counter() - began
    notes.write_text(json.dumps(known))
    return known


@contextlib.contextmanager
def network(data: Path, web: int) -> Iterator[tuple[int, str]]:
    """The network as `palabre serve` runs it, limits off; its pid and database."""
    environment = os.environ | {
        "PALABRE_RATE_LIMITS": "false",
        "PALABRE_WEB_PROCESSES": str(web),
        "PALABRE_DATABASE_MEMORY": "512MB",
        "PALABRE_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "palabre", "serve", "--data", str(data), "--port", str(PORT)]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        wait_for(PORT)
        network.first_page = time.perf_counter() - began  # type: ignore[attr-defined]
        try:
            yield process.pid, prepare(data).dsn
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def wait_for(port: int, path: str = "/health", patience: float = 60) -> None:
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing answers on port {port}")


def fetch(path: str, token: str | None) -> bytes:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers=headers)) as answer:
        return bytes(answer.read())


def send(path: str, body: dict[str, str], token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


def report(options: argparse.Namespace, known: dict[str, Any], pid: int, dsn: str) -> list[str]:
    tokens = known["tokens"]
    page = fetch("/api/v1/timelines/home", tokens[0])
    lines = [
        f"# Measured on {date.today()}",
        "",
        f"`make bench`: {options.accounts:,} accounts, {options.posts:,} posts, {os.cpu_count()} shared cores, "
        f"Python {platform.python_version()}, {options.web} web processes, {CONNECTIONS} connections, "
        f"{options.seconds:g} s each; the load generator runs on the same cores. A home page has {len(page):,} bytes.",
        "",
        f"- Idle memory of everything (PSS, PostgreSQL with 512 MB of buffers included): {processes.pss(pid):.0f} MB",
        f"- First page after the start of `palabre serve`: {network.first_page:.1f} s",  # type: ignore[attr-defined]
        f"- Limit: single-row selects by pgbench: {limits.pgbench(dsn):,.0f}/s",
    ]
    bare = measure_bare(page, options)
    lines.append(f"- Limit: the same bytes from a bare ASGI app: {bare.rate:,.0f} requests/s")
    lines += [
        "",
        "| what | requests/s | of bare | p50 ms | p99 ms | CPU ms: Python | PostgreSQL | errors | GoToSocial |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, requests in scenarios(known).items():
        lines.append(row(name, requests, options, pid, bare))
    lines += ["", *seen(known)]
    return lines


def scenarios(known: dict[str, Any]) -> dict[str, list[bytes]]:
    tokens, readers, get = known["tokens"], known["readers"], client.get
    return {
        "home": [get("/api/v1/timelines/home", token) for token in tokens],
        "public": [get("/api/v1/timelines/public", token) for token in tokens],
        "profile": [get(f"/api/v1/accounts/{a}/statuses", t) for a, t in zip(readers, reversed(tokens), strict=True)],
        "thread": [get(f"/api/v1/statuses/{known['thread']}/context", token) for token in tokens],
        "status": [get(f"/api/v1/statuses/{known['post']}", token) for token in tokens],
        "notifications": [get("/api/v1/notifications", token) for token in tokens],
        "search": [get(f"/api/v2/search?type=statuses&q={w}", t) for w, t in zip(cycle(), tokens, strict=False)],
        "post": [
            client.post("/api/v1/statuses", '{"status":"Bread is in the oven, come by this evening #bread"}', token)
            for token in tokens
        ],
        "favourite": [client.post(f"/api/v1/statuses/{post}/favourite", "{}", t) for post, t in fresh_pairs(tokens)],
    }


def fresh_pairs(tokens: list[str]) -> list[tuple[str, str]]:
    """Posts and members who have not favourited them: a second time would cost less, and mean nothing."""
    posts, older = [], ""
    for _ in range(10):
        page = json.loads(fetch(f"/api/v1/timelines/public?limit=40{older}", tokens[0]))
        posts += [post["id"] for post in page]
        older = f"&max_id={posts[-1]}"
    pairs = [(post, token) for post in posts for token in tokens]
    random.Random(time.time()).shuffle(pairs)
    return pairs


def cycle() -> list[str]:
    words = ["garden", "bread+river", "tomato", "council+vote", "bicycle+rain", "poem"]
    return [words[place % len(words)] for place in range(200)]


def measure_bare(page: bytes, options: argparse.Namespace) -> client.Load:
    with tempfile.NamedTemporaryFile() as body:
        body.write(page)
        body.flush()
        with limits.start_bare(Path(body.name), BARE_PORT, options.web) as process:
            wait_for(BARE_PORT, "/")
            load = client.press(BARE_PORT, [client.get("/")], connections=CONNECTIONS, seconds=options.seconds)
            process.terminate()
    return load


def row(name: str, requests: list[bytes], options: argparse.Namespace, pid: int, bare: client.Load) -> str:
    warm_up, requests = requests[: len(requests) // 4], requests[len(requests) // 4 :]
    client.press(PORT, warm_up, connections=CONNECTIONS, seconds=1)
    before = processes.used(pid)
    load = client.press(PORT, requests, connections=CONNECTIONS, seconds=options.seconds)
    after = processes.used(pid)
    spent = {kind: 1000 * (after[kind] - before[kind]) / max(load.requests, 1) for kind in after}
    return (
        f"| {name} | {load.rate:,.0f} | 1/{bare.rate / max(load.rate, 1):.1f} | {1000 * load.percentile(0.5):.1f} "
        f"| {1000 * load.percentile(0.99):.1f} | {spent['python']:.2f} | {spent['postgres']:.2f} | {load.errors} "
        f"| {PEER.get(name, '–')} |"
    )


def seen(known: dict[str, Any], rounds: int = 15) -> list[str]:
    """How long until a follower finds a new post in his home timeline; its author has some hundreds of followers."""
    took = []
    for number in range(rounds):
        token, follower = known["tokens"][-2 - number], known["tokens"][number]
        send(f"/api/v1/accounts/{known['readers'][-2 - number]}/follow", {}, follower)
        fetch("/api/v1/timelines/home", follower)
        began = time.perf_counter()
        wanted = send("/api/v1/statuses", {"status": f"Seen at {time.time()}"}, token)["id"]
        while wanted not in [post["id"] for post in json.loads(fetch("/api/v1/timelines/home?limit=5", follower))]:
            if time.perf_counter() - began > 30:
                return ["A new post was not seen within 30 s."]
        took.append(time.perf_counter() - began)
    took.sort()
    middle = 1000 * took[rounds // 2]
    return [f"A follower finds a post in the home timeline {middle:.0f} ms after it was sent (median of {rounds})."]


if __name__ == "__main__":
    main()
