"""An archive that nobody ever brought back is a hope: drills by themselves and by hand, interrupted, and of what is broken."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from palabre.base.db import Database
from palabre.base.postgres import prepare
from tests.support.images import png
from tests.support.running import Running, until

pytestmark = pytest.mark.journey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)  # the database's own user has to get through
    return tmp_path


@pytest.fixture
def village(folder: Path) -> Iterator[Running]:
    """Three posts, one of them with a picture, one for one pair of eyes."""
    with Running(folder / "network", PALABRE_DRILL_DAYS="0") as network:
        alice, bob = network.sign_up("alice"), network.sign_up("bob")
        with network.http(alice) as http:
            sent = http.post("/api/v2/media", files={"file": ("lake.png", png(), "image/png")})
            assert sent.status_code in (200, 202), sent.text
            posts(http, status="Good morning", media_ids=[sent.json()["id"]])
        with network.http(bob) as http:
            posts(http, status="@alice between us", visibility="direct")
            posts(http, status="Good night", visibility="private")
        yield network


def posts(http: httpx.Client, **status: object) -> None:
    said = http.post("/api/v1/statuses", json=status)
    assert said.status_code == 200, said.text


def key(network: Running, folder: Path) -> tuple[Path, str]:
    made = network.command("archive", "--new-key", str(folder / "key"))
    return folder / "key", made.stdout.strip()


def seen(network: Running) -> dict[str, Any]:
    found = network.command("safekeeping", "--json")
    assert found.stdout, found.stderr
    return dict(json.loads(found.stdout))


def archived(network: Running, folder: Path) -> Path:
    """A plan, and an archive in its place."""
    _, public = key(network, folder)
    place = folder / "elsewhere"
    made = network.command("archive", str(place), "--schedule", "24h", "--to-key", public)
    assert made.returncode == 0, made.stderr
    taken = network.command("archive", str(place))  # the worker takes its first within a minute
    assert taken.returncode == 0, taken.stderr
    return place


def last(network: Running) -> dict[str, Any] | None:
    """The last drill that came to a result, of the one place there is."""
    (trials,) = seen(network)["trials"]
    found: dict[str, Any] | None = trials["last"]
    return found


def left(network: Running) -> list[str]:
    folder = network.folder / "drills"
    return sorted(path.name for path in folder.iterdir() if path.name != "lock") if folder.exists() else []


def working_in(folder: Path) -> list[int]:
    """Processes whose files or words lie below."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().decode(errors="replace")
            if words and str(folder) in f"{(entry / 'cwd').readlink()} {words}":
                found.append(int(entry.name))
    return found


def test_a_drill_is_held_by_itself_and_by_hand(village: Running, folder: Path) -> None:
    place = archived(village, folder)
    assert last(village) is None
    village.stop()
    village.environment["PALABRE_DRILL_DAYS"] = "7"
    village.start()
    until(lambda: last(village))
    first = last(village)
    assert first
    assert first["well"] and first["destination"] == str(place), first
    assert {name: first["outcome"][name] for name in ("posts", "files", "faults")} == {
        "posts": 3,
        "files": 2,
        "faults": 0,
    }
    assert first["outcome"]["media"] == 2 and left(village) == []
    by_hand = village.command("drill", "--sample", "2", "--json")
    assert by_hand.returncode == 0, by_hand.stderr
    assert json.loads(by_hand.stdout)["outcome"]["posts"] == 2
    assert left(village) == []
    said = village.command("safekeeping")
    assert said.returncode == 0 and "All is well" in said.stdout and "3 media" not in said.stdout, said.stdout
    assert "last drill" in village.command("doctor").stdout


def test_a_drill_that_is_killed_leaves_nothing_that_the_next_one_does_not_sweep(village: Running, folder: Path) -> None:
    archived(village, folder)
    killed = village.launch("drill")
    until(lambda: list((village.folder / "drills").glob("drill-*/.restore/data/postgres/postmaster.pid")))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert left(village) != []
    until(lambda: not working_in(village.folder / "drills"))
    refused = village.command("drill")
    assert refused.returncode == 1 and "Another drill is under way" in refused.stderr
    asyncio.run(its_lease_is_up(village))
    again = village.command("drill", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["well"] and left(village) == []


async def its_lease_is_up(network: Running) -> None:
    """Half a minute later."""
    db = Database(prepare(network.folder).dsn, most=1)
    async with db.transaction() as conn:
        await conn.execute("UPDATE drill_turns SET leased_until = now() - interval '1 second'")
    await db.close()


def test_a_drill_that_is_stopped_clears_away_and_says_so(village: Running, folder: Path) -> None:
    archived(village, folder)
    stopped = village.launch("drill")
    until(lambda: left(village))
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(30) == 1
    assert "Broken off" in village.said() and left(village) == [] and not working_in(village.folder / "drills")
    assert last(village) is None
    assert village.command("drill").returncode == 0


def test_what_is_broken_is_found(village: Running, folder: Path) -> None:
    place = archived(village, folder)
    nowhere = village.command("drill", "--from", str(folder / "nowhere"))
    assert nowhere.returncode == 1 and "There is no folder" in nowhere.stderr
    (folder / "other").mkdir()
    other, _ = key(village, folder / "other")
    wrong = village.command("drill", "--from", str(place), "--key", str(other))
    assert wrong.returncode == 1 and "made for others" in wrong.stderr
    assert last(village) is None, "what was tried by hand, and can't be, is no drill"
    stored = next((village.folder / "media").rglob("*.jpg"), None) or next((village.folder / "media").rglob("*.png"))
    stored.unlink()
    taken = village.command("archive", str(folder / "lacking"), "--plain")
    assert taken.returncode == 0, taken.stderr
    lacking = village.command("drill", "--from", str(folder / "lacking"))
    assert lacking.returncode == 1 and "Of 1 of 3 posts a file is missing" in lacking.stderr, lacking.stderr
    damaged = next(place.glob("archives/*/tables/posts.0001*"))
    damaged.write_bytes(damaged.read_bytes()[:-9])
    failed = village.command("drill")
    assert failed.returncode == 1 and "damaged" in failed.stderr
    shown = village.command("safekeeping")
    assert shown.returncode == 1 and "could not be brought back" in shown.stdout and "damaged" in shown.stdout
    assert left(village) == []
