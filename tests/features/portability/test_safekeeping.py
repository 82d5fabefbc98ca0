"""What keeps the network safe is watched, and its owners hear of it once when it breaks, daily, and when it is well again."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from palabre import settings
from palabre.base import clock, http, ids, mail
from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.paging import Page
from palabre.base.postgres import Server, prepare
from palabre.features import accounts, notifications
from palabre.features.portability import safekeeping
from palabre.features.portability.safekeeping import overview
from tests.support.browser import browser
from tests.support.network import Network
from tests.support.people import Person
from tests.support.post_box import PostBox

OWNER = "oscar@mail.example"
DAY = timedelta(days=1)


@pytest.fixture
def letters() -> Iterator[PostBox]:
    box = PostBox()
    mail.use(box)
    yield box
    mail.use(None)


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch, configured: settings.Settings) -> list[dict[str, Any]]:
    """What is posted to the operator's own program; the last one fails while `down` is set."""
    posted: list[dict[str, Any]] = []

    async def post(url: str, *, body: bytes, headers: Any) -> http.Reply:
        assert headers["x-palabre-signature"].startswith("sha256=")
        posted.append(json.loads(body))
        return http.Reply(204, {}, b"", url)

    monkeypatch.setattr(http, "post", post)
    hooks = {"webhook_urls": ["https://pager.example/palabre"], "webhook_secret": "quiet"}
    settings.use(settings.Settings(**(configured.model_dump() | hooks)))
    return posted


class Time:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, real = timedelta(), clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.ahead)

    def passes(self, **much: float) -> None:
        self.ahead += timedelta(**much)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much is free, whatever this machine has."""
    free = [100 * 1024**3]
    found = lambda folder: overview.Disk("here.example", str(folder), free[0], 200 * 1024**3)  # noqa: E731
    monkeypatch.setattr(overview, "disk", found)
    return free


@pytest.fixture
async def oscar(network: Network) -> Person:
    return await network.person("oscar", role="owner")


async def plan(network: Network, destination: str = "/backups", every: timedelta = DAY) -> int:
    plan_id = ids.new()
    async with network.db.transaction() as conn:
        await conn.execute(
            """INSERT INTO archive_plans (id, destination, recipients, every, keep, since, next_at)
               VALUES ($1, $2, '{age1x}', $3, 7, $4, $4)""",
            plan_id,
            destination,
            every,
            clock.now(),
        )
    return plan_id


async def archived(network: Network, plan_id: int | None, error: str | None = None) -> None:
    at = clock.now()
    async with network.db.transaction() as conn:
        await conn.execute(
            """INSERT INTO archive_runs (id, plan_id, destination, archive, started_at, finished_at, failed_at, error,
                   rows, bytes, new_bytes, media)
               VALUES ($1, $2, '/backups', '20261124T000000Z-abc', $3, CASE WHEN $4::text IS NULL THEN $5::timestamptz END,
                   CASE WHEN $4 IS NOT NULL THEN $5 END, $4, 12345, 1500000000, 30000000, 300)""",
            ids.new(),
            plan_id,
            at,
            error,
            at + timedelta(minutes=3),
        )
        await conn.execute("UPDATE archive_plans SET next_at = $2::timestamptz + every WHERE id = $1", plan_id, at)


async def drilled(network: Network, well: bool, error: str | None = None) -> None:
    outcome = {"tables": 90, "rows": 12345, "media": 300, "posts": 100, "files": 40} if well else {}
    async with network.db.transaction() as conn:
        await conn.execute(
            """INSERT INTO drills (id, destination, archive, started_at, finished_at, well, outcome, error)
               VALUES ($1, '/backups', '20261124T000000Z-abc', $2, $3, $4, $5, $6)""",
            ids.new(),
            clock.now(),
            clock.now() + timedelta(minutes=2),
            well,
            outcome,
            error,
        )


async def told(person: Person) -> list[tuple[str, bool]]:
    assert await person.get("/api/v1/notifications") == [], "Mastodon's clients have no word for it"
    async with person.network.db.reading() as conn:
        found = await notifications.browse(conn, int(person.id), Page(10), notifications.Selection())
    return [(details["kind"], details["over"]) for one in reversed(found) if (details := one.details)]


async def watches(network: Network) -> None:
    await safekeeping.watch(network.db)
    await network.work()


async def test_a_late_archive_is_told_once_then_daily_then_that_it_is_well(
    network: Network, oscar: Person, alice: Person, time: Time, letters: PostBox, hooked: list[dict[str, Any]]
) -> None:
    daily = await plan(network)
    await archived(network, daily)
    await drilled(network, True)
    await watches(network)
    time.passes(hours=35)
    await watches(network)
    assert letters.letters == [], "less than half a day late"
    time.passes(hours=2)
    await watches(network)
    assert letters.letters == [], "it may be about to be taken"
    time.passes(minutes=6)
    await watches(network)
    await watches(network)
    assert [letter.subject for letter in letters.to(OWNER)] == ["Palabre: The archive in /backups is late"]
    assert "palabre archive /backups" in letters.letters[0].text and "/admin/safekeeping" in letters.letters[0].text
    assert [one["event"] for one in hooked] == ["safekeeping.alarm"]
    assert hooked[0]["alarms"][0]["kind"] == "archive_late" and hooked[0]["alarms"][0]["subject"] == "/backups"
    assert await told(oscar) == [("archive_late", False)] and await told(alice) == []
    time.passes(hours=23)
    await watches(network)
    assert len(letters.letters) == 1
    time.passes(hours=2)
    await watches(network)
    assert len(letters.letters) == 2 and "since" in letters.letters[1].text
    await archived(network, daily)
    time.passes(minutes=1)
    await watches(network)
    assert len(letters.letters) == 2, "what comes and goes is not over"
    time.passes(minutes=5)
    await watches(network)
    await watches(network)
    assert "well again" in letters.letters[2].subject and len(letters.letters) == 3
    assert [one["event"] for one in hooked] == ["safekeeping.alarm", "safekeeping.alarm", "safekeeping.well"]
    assert await told(oscar) == [("archive_late", False), ("archive_late", False), ("archive_late", True)]


async def test_an_archive_that_fails_twice_says_why(
    network: Network, oscar: Person, time: Time, letters: PostBox
) -> None:
    hourly = await plan(network, every=timedelta(hours=1))
    await archived(network, hourly)
    time.passes(minutes=60)
    await archived(network, hourly, "The place cannot be reached")
    await watches(network)
    time.passes(minutes=6)
    await watches(network)
    assert letters.letters == [], "once may happen"
    await archived(network, hourly, "The place is full")
    await watches(network)
    time.passes(minutes=6)
    await watches(network)
    assert "2 tries since failed, the last one so: The place is full" in letters.to(OWNER)[0].text


async def test_what_is_over_before_anybody_was_told_is_told_to_nobody(
    network: Network, oscar: Person, time: Time, letters: PostBox
) -> None:
    daily = await plan(network)
    time.passes(hours=37)
    await watches(network)
    await archived(network, daily)
    for _ in range(8):
        time.passes(minutes=1)
        await watches(network)
    assert letters.letters == [] and await told(oscar) == []


async def test_a_network_with_members_and_no_archive_is_told_so_after_a_week(
    network: Network, oscar: Person, time: Time, letters: PostBox
) -> None:
    time.passes(days=8)
    await watches(network)
    assert letters.letters == [], "he is alone"
    for name in ("amy", "ben", "cleo", "dov", "eli"):
        await network.person(name)
    await watches(network)
    assert [letter.subject for letter in letters.letters] == ["Palabre: No archive is taken of this network"]


async def test_drills_that_fail_or_are_late(network: Network, oscar: Person, time: Time, letters: PostBox) -> None:
    weekly = await plan(network, every=30 * DAY)
    await archived(network, weekly)
    time.passes(days=7.5)
    await watches(network)
    assert letters.letters == []
    time.passes(days=1)
    await watches(network)
    assert "No drill has shown" in letters.letters[-1].subject
    await drilled(network, False, "3 posts could not be opened")
    time.passes(minutes=6)
    await watches(network)
    assert len(letters.letters) == 2 and "2 news" in letters.letters[1].subject
    assert "3 posts could not be opened" in letters.letters[1].text and "is over" in letters.letters[1].text
    await drilled(network, True)
    time.passes(minutes=6)
    await watches(network)
    assert "well again" in letters.letters[2].subject


async def test_a_full_disk_is_told_by_the_machine_that_has_it(
    network: Network, oscar: Person, time: Time, letters: PostBox, disk: list[int]
) -> None:
    disk[0] = 10**9
    await watches(network)
    assert letters.letters[0].subject == "Palabre: The disk of here.example is nearly full"
    assert "1 GB are left" in letters.letters[0].text


async def test_a_webhook_that_is_away_is_tried_again_alone(
    network: Network, oscar: Person, letters: PostBox, hooked: Any, disk: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(url: str, **_: Any) -> http.Reply:
        raise OSError("nobody there")

    disk[0] = 10**9
    monkeypatch.setattr(http, "post", refuse)
    await safekeeping.watch(network.db)
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM duties WHERE kind LIKE '%hooks.send'") == 1
    await watches(network)
    assert len(letters.letters) == 1


async def test_in_french(network: Network, letters: PostBox, disk: list[int]) -> None:
    oscar = await network.person("oscar", role="owner")
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE members SET locale = 'fr' WHERE account_id = $1", int(oscar.id))
    disk[0] = 10**9
    await watches(network)
    assert "presque plein" in letters.letters[0].subject
    seen = await (await browser(network, oscar, "fr")).get("/admin/safekeeping")
    assert seen.text("h1") == "Sauvegarde" and "presque plein" in seen.text()


async def test_owners_see_what_is_there_and_what_is_missing(
    network: Network, oscar: Person, carol: Person, alice: Person
) -> None:
    for person in (carol, alice):
        await (await browser(network, person)).get("/admin/safekeeping", expect=403)
    his = await browser(network, oscar)
    seen = await his.get("/admin/safekeeping")
    assert "palabre archive s3://BUCKET/archives --schedule 24h --to-key age1…" in seen.texts("pre")
    assert "palabre standby --invite" in seen.texts("pre")
    assert "/admin/safekeeping" in (await his.get("/admin")).links(".side-nav a")
    daily = await plan(network)
    await archived(network, daily)
    await drilled(network, True)
    seen = await his.get("/admin/safekeeping")
    for words in ("All is well", "1.5 GB, of these 30 MB sent this time", "12,345 rows and 300 media", "in 24 hours"):
        assert words in seen.text().replace("in 1 day", "in 24 hours"), words
    assert "100 posts and 40 files of theirs, as their authors" in seen.text()
    await drilled(network, False, "3 posts could not be opened")
    seen = await his.get("/admin/safekeeping")
    assert "One thing needs you" in seen.text() and seen.has(".problems pre")


async def test_what_was_found_is_told_by_one_of_two_workers(
    network: Network, oscar: Person, letters: PostBox, disk: list[int]
) -> None:
    disk[0] = 10**9
    await asyncio.gather(*(safekeeping.watch(network.db) for _ in range(4)))
    assert len(letters.letters) == 1


async def test_it_is_told_while_writes_wait_for_a_standby_that_is_away(
    configured: settings.Settings, tmp_path_factory: pytest.TempPathFactory, time: Time, letters: PostBox
) -> None:
    """A database of its own, as each commit waits for ever unless it says that it doesn't."""
    folder = tmp_path_factory.mktemp("waiting", numbered=True)
    for path in (folder, *list(folder.parents)[:2]):
        path.chmod(0o755)
    cluster = prepare(folder)
    with Server(cluster):
        db = Database(cluster.dsn, most=2)
        try:
            await migrate(db)
            async with db.transaction() as conn:
                account_id = await accounts.create(conn, "oscar")
                await conn.execute(
                    """INSERT INTO members (account_id, email, password_hash, role, confirmed_at, approved_at)
                       VALUES ($1, $2, 'none', 'owner', now(), now())""",
                    account_id,
                    OWNER,
                )
            async with db.reading() as conn:
                await conn.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (\"ghost\")'")
                await conn.value("SELECT pg_reload_conf()")
            async with asyncio.timeout(60):
                await safekeeping.watch(db)
                time.passes(seconds=31)
                await safekeeping.watch(db)
            assert "Nothing can be written" in letters.to(OWNER)[0].subject
        finally:
            await db.close()
