"""`make bench-reports`: the moderators' queue with 26,000 open cases, filed and weighed as in daily life.

    python -m bench.reports [--cases N] [--data DIR] [--write]

A quarter are spam campaigns, one in a hundred is a true threat; of those who report 30 % are good, 50 % fair and 20 % brigade,
each with 20 decided reports behind him. What is made up is said in `World`. The filled database stays in --data.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import httpx2 as httpx

from bench import results
from palabre import settings
from palabre.app import App
from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, prepare
from palabre.features import accounts, posts
from palabre.features.accounts import Caller
from palabre.features.moderation import Complaint, file, triage
from palabre.features.moderation.triage import weigh

POSTGRES = {"shared_buffers": "256MB", "max_wal_size": "4GB", "fsync": "off", "synchronous_commit": "off"}
READ = (98, 500, 1_000)
PAST = 20


class World:
    """Who reports what. A report is right as often as its reporter is; so those who are often right report true threats."""

    KINDS = (("good", 0.3, 0.9), ("fair", 0.5, 0.6), ("brigading", 0.2, 0.1))  # share, how often right
    CALLS_IT_A_THREAT: ClassVar = {"good": 0.02, "fair": 0.08, "brigading": 0.3}  # of what is none
    THREAT_IS_CALLED_SO = 0.6
    CAMPAIGN: int = 50

    def __init__(self, cases: int, people: int = 1_000, authors: int = 1_500, seed: int = 26) -> None:
        self.rng = random.Random(seed)
        self.cases, self.people, self.authors = cases, people, authors
        self.words = ["".join(self.rng.choices("abdefgiklmnoprstuvz", k=self.rng.randint(3, 9))) for _ in range(4_000)]
        self.kinds = self.rng.choices(
            [kind for kind, _, _ in self.KINDS], [share for _, share, _ in self.KINDS], k=people
        )
        right = {kind: often for kind, _, often in self.KINDS}
        self.upheld = [sum(self.rng.random() < right[kind] for _ in range(PAST)) for kind in self.kinds]
        self._weights = {
            True: [right[kind] for kind in self.kinds],
            False: [1 - right[kind] for kind in self.kinds],
        }

    def say(self, least: int = 8, most: int = 40) -> str:
        return " ".join(self.rng.choices(self.words, k=self.rng.randint(least, most)))

    def reporters(self, true: bool, many: int) -> list[int]:
        return list(dict.fromkeys(self.rng.choices(range(self.people), self._weights[true], k=many)))

    def plan(self) -> list[tuple[str, str]]:
        """(what it is, its text) of each case, in the order in which they come in."""
        spam = self.cases // 4
        threats = self.cases // 100
        made = [("threat", self.say()) for _ in range(threats)]
        for number in range(spam):
            if number % self.CAMPAIGN == 0:
                pitch = self.say(18, 30)
            made.append(("spam", f"@{self.say(1, 1)} {pitch} https://{self.say(1, 1)}.example/{number} {number}"))
        rest = self.cases - len(made)
        made += [("wrong" if self.rng.random() < 0.4 else "nothing", self.say()) for _ in range(rest)]
        self.rng.shuffle(made)
        return made

    def reports(self, what: str) -> list[tuple[int, str]]:
        """(reporter, category) of each report in a case. What frightens people is reported by more of them."""
        true = what != "nothing"
        many = 1 + min(int(self.rng.expovariate(1 if what == "threat" else 3)), 8)
        if what == "nothing" and self.rng.random() < 0.02:  # a brigade
            many += self.rng.randint(3, 8)
        return [(who, self._category(what, self.kinds[who])) for who in self.reporters(true, many)]

    def _category(self, what: str, kind: str) -> str:
        if what == "threat":
            return "threat" if self.rng.random() < self.THREAT_IS_CALLED_SO else "violation"
        if what == "spam":
            return "spam"
        return "threat" if self.rng.random() < self.CALLS_IT_A_THREAT[kind] else "violation"


async def fill(db: Database, world: World) -> dict[str, Any]:
    """The true threats' cases, and how long filing and weighing took."""
    async with db.transaction() as conn:
        reporters = [await accounts.create(conn, f"reporter{number}") for number in range(world.people)]
        authors = [await accounts.create(conn, f"author{number}") for number in range(world.authors)]
        await conn.copy_in(
            "reporter_records",
            ["account_id", "upheld", "refused"],
            [(who, upheld, PAST - upheld) for who, upheld in zip(reporters, world.upheld, strict=True)],
        )
        for author in authors:
            await conn.execute(
                "UPDATE account_counts SET followers = $2 WHERE account_id = $1",
                author,
                int(world.rng.paretovariate(0.8)),
            )
    threats: list[int] = []
    case_ids: dict[int, None] = {}
    began = time.perf_counter()
    plan = world.plan()
    for start in range(0, len(plan), 50):
        async with db.transaction(durable=False) as conn:
            for what, text in plan[start : start + 50]:
                author = world.rng.choice(authors)
                post_id = await posts.publish(conn, author, posts.Draft(text=text))
                for who, category in world.reports(what):
                    made = await file(
                        conn, Complaint(author, [post_id], "", category, reporter_id=reporters[who]), reporters[who]
                    )
                    case_ids[made.case_id] = None
                    if what == "threat":
                        threats.append(made.case_id)
            await conn.execute("DELETE FROM duties")  # timelines, search and letters are not what is measured
    filed = time.perf_counter() - began
    began = time.perf_counter()
    every = list(case_ids)
    for start in range(0, len(every), 50):
        async with db.transaction(durable=False) as conn:
            await weigh.weigh_again(conn, weigh.Cases(every[start : start + 50]))
    weighed = time.perf_counter() - began
    async with db.dedicated() as raw:
        await raw.execute("VACUUM ANALYZE")
    return {"threats": sorted(set(threats)), "filed": filed, "weighed": weighed, "cases": len(every)}


async def moderator(db: Database) -> tuple[Caller, str]:
    """A moderator and the session of his browser."""
    async with db.transaction() as conn:
        account_id = await conn.value("SELECT account_id FROM members WHERE email = 'mo@bench.example'")
        if account_id is None:
            account_id = await accounts.create(conn, "mo")
            await conn.execute(
                """INSERT INTO members (account_id, email, password_hash, role, confirmed_at, approved_at)
                   VALUES ($1, 'mo@bench.example', 'none', 'moderator', now(), now())""",
                account_id,
            )
        secret = await accounts.start_session(conn, account_id)
        found = await accounts.recognise(conn, secret)
        assert found
        return found, secret


async def time_pages(app: App, secret: str) -> list[tuple[str, float, float, float]]:
    """(what, first answer, median, slowest of twenty) in milliseconds."""
    measured = []
    transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 4711))
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin) as http:
        http.cookies.set("palabre_session", secret)
        first = (await http.get("/moderation")).text
        onwards = first.partition('href="?after=')[2].partition('"')[0].replace("&amp;", "&")
        for what, path in (
            ("first page", "/moderation"),
            ("second page", f"/moderation?after={onwards}"),
            ("due first", "/moderation?order=due"),
            ("one lane", "/moderation?lane=rest"),
            ("spam, 20 alike or more", "/moderation?category=spam&more_than=20"),
            ("words in it", "/moderation?text=example"),
            ("the public timeline, as staff", "/public"),
        ):
            times = []
            for _ in range(21):
                began = time.perf_counter()
                answer = await http.get(path)
                times.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, f"{path}: {answer.status_code}"
            measured.append((what, times[0], statistics.median(times[1:]), max(times[1:])))
    return measured


async def orders(db: Database, by: Caller, threats: set[int]) -> dict[str, list[int]]:
    """How many true threats are among the first that are read, in each order."""
    async with db.reading() as conn:
        found = {
            "first in, first out": [r["id"] for r in await conn.rows("SELECT id FROM cases ORDER BY id LIMIT 1000")],
            "most reported": [
                r["id"] for r in await conn.rows("SELECT id FROM cases ORDER BY reports DESC, id LIMIT 1000")
            ],
            "the queue": await read(conn, by, max(READ)),
        }
    return {name: [len(threats & set(ids[:many])) for many in READ] for name, ids in found.items()}


async def read(conn: Any, by: Caller, many: int) -> list[int]:
    ids: list[int] = []
    after: str | None = ""
    while after is not None and len(ids) < many:
        section = await triage.queue(conn, by, after=after, limit=20)
        ids += [row.case.id for row in section.rows]
        after = section.after
    assert len(ids) == len(set(ids)), "a case was shown twice"
    return ids[:many]


async def measure(dsn: str, known: dict[str, Any]) -> list[str]:
    db = Database(dsn, most=4)
    app = App(db)
    async with app.running():
        by, secret = await moderator(db)
        pages = await time_pages(app, secret)
        found = await orders(db, by, set(known["threats"]))
        async with db.reading() as conn:
            groups = await conn.value("SELECT count(DISTINCT group_id) FROM cases WHERE state = 'open'")
            spam = await conn.row(
                """SELECT count(*) AS cases, count(DISTINCT group_id) AS groups FROM cases
                   WHERE state = 'open' AND 'spam' = ANY (categories)"""
            )
    cases, threats = known["cases"], len(known["threats"])
    saved = cases - groups
    lines = [
        f"# Queue of {cases:,} open cases, measured on {date.today()}",
        "",
        f"`make bench-reports`: {os.cpu_count()} shared cores, Python {platform.python_version()}, pages in one process. "
        f"Filing took {1000 * known['filed'] / cases:.1f} ms a case (with its post), weighing and grouping "
        f"{1000 * known['weighed'] / cases:.1f} ms.",
        "",
        "| page | first answer, ms | median of 20 | slowest |",
        "|---|---|---|---|",
        *(f"| {what} | {first:.0f} | {median:.0f} | {slowest:.0f} |" for what, first, median, slowest in pages),
        "",
        f"Grouping makes {groups:,} decisions of {cases:,}: {saved:,} saved ({100 * saved / cases:.0f} %). "
        f"Of {spam['cases']:,} reported as spam it makes {spam['groups']:,}.",
        "",
        f"True threats ({threats} there are) among the first that are read:",
        "",
        "| order | " + " | ".join(f"{many:,}" for many in READ) + " |",
        "|---|---|---|---|",
        *(f"| {name} | " + " | ".join(str(many) for many in row) + " |" for name, row in found.items()),
        "",
        "Made up: reporters are right in 90 % (good), 60 % (fair) or 10 % (brigading) of cases; 60 % of true threats are "
        "reported as threats, and 2, 8 or 30 % of what is none. No text model reads along yet.",
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=26_000)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "palabre-bench-reports")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    notes = options.data / "bench.json"
    known = json.loads(notes.read_text()) if notes.exists() else {}
    fresh = known.get("wanted") != options.cases
    if fresh:
        shutil.rmtree(options.data, ignore_errors=True)
        options.data.mkdir(parents=True)
    cluster = prepare(options.data)
    settings.use(
        settings.Settings(
            data=options.data,
            public_url="https://bench.example",
            registration="open",
            rate_limits=False,
            log_level="error",
        )
    )
    with Server(cluster, POSTGRES):
        if fresh:
            asyncio.run(migrate(Database(cluster.dsn, most=2)))
            known = asyncio.run(fill(Database(cluster.dsn, most=2), World(options.cases))) | {"wanted": options.cases}
            notes.write_text(json.dumps(known))
        text = "\n".join(asyncio.run(measure(cluster.dsn, known)))
    print(text)
    if options.write:
        results.keep(text)


if __name__ == "__main__":
    main()
