"""What a drill says when it can't be held, and when what it finds isn't well; and that it tells nobody outside."""

import asyncio
import shutil
from collections import namedtuple
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from palabre import settings
from palabre.base import clock, ids
from palabre.base.errors import Refused
from palabre.features.portability import drill, safekeeping
from palabre.features.portability.archive.sealing import Opener
from palabre.features.portability.drill import Examination, Wanted, due
from palabre.features.portability.drill.due import is_due
from palabre.features.portability.drill.scratch import scratch, sweep
from palabre.features.portability.restore import Restored, restore
from palabre.features.portability.restore.verifying import Progress
from palabre.features.portability.safekeeping import rules
from palabre.trial.examine import silenced
from tests.support.archiving import takes
from tests.support.network import Network
from tests.support.pages.safekeeping import EMPTY, WELL, WRONG
from tests.support.people import Person

Usage = namedtuple("Usage", "total used free")
Examine = Callable[[Path, Progress], Awaitable[Examination]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for path in (tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)
    return tmp_path / "elsewhere"


def finding(found: Examination) -> Examine:
    async def examine(folder: Path, progress: Progress) -> Examination:
        assert (folder / "postgres").is_dir(), "it is all there"
        return found

    return examine


async def planned(network: Network, place: Path) -> None:
    """A plan, and an archive that it took."""
    plan_id = ids.new()
    async with network.db.transaction() as conn:
        await conn.execute(
            "INSERT INTO archive_plans (id, destination, recipients, every, keep) VALUES ($1, $2, '{}', '1 day', 7)",
            plan_id,
            str(place),
        )
    await takes(network, place, plan_id=plan_id)


async def held(network: Network, place: Path, examine: Examine, source: str = "") -> drill.Held:
    return await drill.hold(network.db, Wanted(place.parent / "drills", Opener([]), source), examine)


async def shown(network: Network) -> safekeeping.Report:
    async with network.db.reading() as conn:
        return safekeeping.report(await safekeeping.look(conn), "en")


def left(place: Path) -> list[str]:
    return [path.name for path in (place.parent / "drills").glob("drill-*")]


async def test_before_the_first_archive_there_is_nothing_to_hold(network: Network, place: Path) -> None:
    with pytest.raises(Refused, match="no archive to hold a drill with yet"):
        await held(network, place, finding(Examination()))


async def test_what_is_not_well_is_noted_in_words(network: Network, alice: Person, place: Path) -> None:
    await alice.says("Good morning")
    await planned(network, place)
    found = await held(network, place, finding(Examination(posts=1)))
    assert found.well and found.outcome["rows"] > 0 and left(place) == []
    for examination, words in (
        (Examination(faults=["case 1: an entry is missing"]), "The moderation log isn't as it was written: case 1"),
        (Examination(unopened=["post 7: answered 500"]), "1 of 1 posts could not be opened: post 7"),
        (Examination(posts=3, lacking=["post 7: /media/x answered 404"]), "Of 1 of 4 posts a file is missing: post 7"),
    ):
        found = await held(network, place, finding(examination))
        assert not found.well and words in (found.error or "")
        report = await shown(network)
        assert not report.well and any(words in said.text for _, said in report.alarms)
        assert left(place) == []


async def test_without_room_nothing_is_begun(network: Network, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await planned(network, place)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10**6))
    found = await held(network, place, finding(Examination()))
    assert not found.well and "--scratch DIR" in (found.error or "") and "0.0 GB are free" in (found.error or "")
    assert left(place) == []


async def test_of_two_copies_each_has_its_drills(
    network: Network, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = place.with_name("another-provider")
    begun = list[str]()

    async def begin(where: str) -> None:
        begun.append(where)

    monkeypatch.setattr(due, "_run", begin)
    for one in (place, other):
        await planned(network, one)
    for part in (other / "archives").rglob("*.tsv.zst*"):
        part.write_bytes(b"what a dying disk gives back")
    assert (await held(network, place, finding(Examination()), str(place))).well
    await due.hold_due(network.db)
    await asyncio.gather(*due._running)
    assert begun == [str(other)], "the other one's turn"
    assert not (await held(network, other, finding(Examination()), str(other))).well
    report = await shown(network)
    assert [said.title for _, said in report.alarms] == [
        f"The archive in {other} could not be brought back in the drill"
    ]
    assert report.alarms[0][1].commands == (f"palabre drill --from {other}",)
    (drills,) = [section for section in report.sections if section.name == "drills"]
    assert [(item.title, item.tone) for item in drills.items] == [(str(place), "well"), (str(other), "wrong")]
    await due.hold_due(network.db)
    await asyncio.gather(*due._running)
    assert begun == [str(other)], "none is due before tomorrow"


async def test_an_archive_that_gives_way_while_it_is_tried_is_no_fault(
    network: Network, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the newest is kept, and a newer one comes while the drill reads: no alarm, and the next round tries that one."""
    await planned(network, place)

    async def too_late(*args: Any, **more: Any) -> Restored:
        await takes(network, place, keep=1)
        return await restore(*args, **more)

    monkeypatch.setattr(import_module("palabre.features.portability.drill.hold"), "restore", too_late)
    with pytest.raises(Refused, match="gave way to a newer one"):
        await held(network, place, finding(Examination()), str(place))
    report = await shown(network)
    assert not report.alarms and left(place) == []
    monkeypatch.undo()
    assert (await held(network, place, finding(Examination()), str(place))).well


async def test_an_archive_that_vanishes_without_a_newer_one_is_a_fault(network: Network, place: Path) -> None:
    await planned(network, place)
    shutil.rmtree(place / "archives")
    found = await held(network, place, finding(Examination()), str(place))
    assert not found.well and (await shown(network)).alarms


async def test_one_at_a_time(network: Network, place: Path) -> None:
    await planned(network, place)

    async def examine(folder: Path, progress: Progress) -> Examination:
        with pytest.raises(Refused, match="Another drill is under way"):
            await held(network, place, finding(Examination()))
        assert "A drill is under way" in [item.title for part in (await shown(network)).sections for item in part.items]
        return Examination()

    assert (await held(network, place, examine)).well


async def test_what_crashes_leaves_nothing_and_is_told_of(network: Network, place: Path) -> None:
    await planned(network, place)

    async def examine(folder: Path, progress: Progress) -> Examination:
        raise RuntimeError("a mistake of ours")

    with pytest.raises(RuntimeError):
        await held(network, place, examine)
    assert left(place) == []
    assert any("RuntimeError: a mistake of ours" in said.text for _, said in (await shown(network)).alarms)
    assert (await held(network, place, finding(Examination()))).well, "its turn is over"


async def test_drills_that_are_broken_off_again_and_again_are_told_of(network: Network, place: Path) -> None:
    await planned(network, place)

    async def examine(folder: Path, progress: Progress) -> Examination:
        raise asyncio.CancelledError

    for times in range(1, 4):
        with pytest.raises(asyncio.CancelledError):
            await held(network, place, examine)
        async with network.db.transaction() as conn:  # as the next one would
            await conn.execute("UPDATE drills SET finished_at = now() WHERE finished_at IS NULL")
        assert (await shown(network)).well is (times < 3)


def test_what_a_killed_one_left_is_swept_but_not_under_one_at_work(tmp_path: Path) -> None:
    around = tmp_path / "drills"
    (around / "drill-of-yesterday" / "media").mkdir(parents=True)
    with scratch(around) as folder:
        folder.mkdir()
        assert [path.name for path in around.glob("drill-*")] == [folder.name]
        sweep(around)
        assert folder.exists()
        with pytest.raises(Refused, match="Another drill works"), scratch(around):
            pass
    assert list(around.glob("drill-*")) == []


@pytest.mark.parametrize(
    ("ago", "well", "expected"),
    [
        (6, True, False),
        (7, True, True),
        (0.5, False, False),
        (1.1, False, True),
        (0.01, None, False),
        (0.05, None, True),
    ],
)
def test_when_the_next_one_is_due(configured: settings.Settings, ago: float, well: bool | None, expected: bool) -> None:
    now = clock.now()
    assert is_due(now - timedelta(days=ago), well, now) is expected
    assert is_due(None, None, now)
    settings.use(configured.model_copy(update={"drill_days": 0}))
    assert not is_due(None, None, now)


def test_the_restored_network_can_tell_nobody() -> None:
    talkative = settings.Settings(
        smtp_url="smtp://mail.example",  # type: ignore[arg-type]
        webhook_urls=["https://pager.example/"],
    )
    quiet = silenced(talkative)
    assert talkative.sends_mail and not quiet.sends_mail and quiet.webhook_urls == []


def test_what_is_wrong() -> None:
    assert [kind for kind, _, _ in rules.wrong(WELL, 7, 60)] == [] == [kind for kind, _, _ in rules.wrong(EMPTY, 7, 60)]
    found = {kind for kind, _, _ in rules.wrong(WRONG, 7, 60)}
    assert found == {"archive_late", "drill_failed", "standby_away", "writes_wait", "disk_full"}
    assert [kind for kind, _, _ in rules.wrong(WELL, 7, 1)] == ["standby_lag"]
    assert [kind for kind, _, _ in rules.wrong(WELL, 1, 60)] == ["drill_late"]
