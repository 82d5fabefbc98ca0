"""One drill: the newest archive into a scratch folder, compared, its log verified, posts opened as their authors."""

import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.features.portability.archive import plans
from palabre.features.portability.archive.look import lying
from palabre.features.portability.archive.places import PlaceProblem, existing_place
from palabre.features.portability.archive.sealing import Opener
from palabre.features.portability.drill import store
from palabre.features.portability.drill.scratch import scratch
from palabre.features.portability.drill.turn import turn
from palabre.features.portability.restore import Options, Restored, Target, restore
from palabre.features.portability.restore.verifying import Progress

_NAMED = 5


class Examination(msgspec.Struct):
    """Of a restored network: `faults` of its moderation log, `posts` and `files` opened; posts `unopened`, and those `lacking`
    a file, with why."""

    faults: list[str] = []
    posts: int = 0
    files: int = 0
    unopened: list[str] = []
    lacking: list[str] = []


#: Looks at the network in this data folder, which nobody serves.
Examine = Callable[[Path, Progress], Awaitable[Examination]]


@dataclass(frozen=True)
class Wanted:
    """`source`: a place, a plan's or any other, "" for where the plans' newest archive lies; `archive`: its id, None for the
    newest there. `by_hand`: with somebody's own key, which may be a wrong one."""

    folder: Path
    opener: Opener
    source: str = ""
    options: dict[str, str] = field(default_factory=dict)
    archive: str | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class Held:
    """`error`: why it did not go well, in words."""

    destination: str
    archive: str
    well: bool
    error: str | None
    outcome: dict[str, Any]


def _silent(part: str, done: int, total: int) -> None:
    """Tells nobody."""


async def hold(db: Database, wanted: Wanted, examine: Examine, progress: Progress = _silent) -> Held:
    """Hold a drill and note how it went. Raises Refused where there is nothing to hold one with, or another is under way;
    what is tried with somebody's own key or in a place of no plan, and can't be, is told of alone, not noted."""
    source, options, archive, planned = await _where(db, wanted)
    shown = source.partition("?")[0]
    async with turn(db, shown) as drill_id:
        began = time.monotonic()
        try:
            held = await _hold(wanted, source, options, archive, examine, progress)
        except Refused as problem:
            overtaken = planned and await _overtaken(db, wanted, source, options, archive)
            if not planned or wanted.by_hand or overtaken:
                async with db.transaction() as conn:
                    await store.drop(conn, drill_id)
                raise (overtaken or problem) from problem
            held = Held(shown, archive or "", False, _of_drill(problem.message), {})
        except Exception as error:  # a mistake of ours is no good drill either
            failed = Held(shown, archive or "", False, f"{type(error).__name__}: {error}"[:1000], {})
            await _note(db, drill_id, failed)
            raise
        held.outcome["seconds"] = round(time.monotonic() - began, 1)
        await _note(db, drill_id, held)
        return held


async def _hold(
    wanted: Wanted, source: str, options: dict[str, str], archive: str | None, examine: Examine, progress: Progress
) -> Held:
    with scratch(wanted.folder) as folder:
        asked = Options(archive_id=archive, source_options=options)
        restored = await restore(source, Target(folder), opener=wanted.opener, progress=progress, options=asked)
        return _judge(restored, await examine(folder, progress), source.partition("?")[0])


async def _overtaken(
    db: Database, wanted: Wanted, source: str, options: dict[str, str], archive: str | None
) -> Refused | None:
    """Whether the archive gave way to a newer one while it was being tried: then nothing is wrong with it."""
    if (await _where(db, wanted))[2] == archive:
        return None
    with contextlib.suppress(PlaceProblem):
        if archive not in [one.id for one in await lying(existing_place(source, options)) if one.complete]:
            return Refused(f"Archive {archive} gave way to a newer one while it was being tried: try that one.")
    return None


async def _note(db: Database, drill_id: int, held: Held) -> None:
    async with db.transaction() as conn:
        await store.finish(conn, drill_id, held.archive, clock.now(), held.well, held.outcome, held.error)


async def _where(db: Database, wanted: Wanted) -> tuple[str, dict[str, str], str | None, bool]:
    """Place, its options, archive, and whether a plan's archives lie there."""
    place = plans.full(wanted.source).partition("?")[0] if wanted.source else None
    async with db.reading() as conn:
        row = await store.newest(conn, wanted.archive, place)
    if row is None and wanted.source:
        return wanted.source, wanted.options, wanted.archive, False
    if row is None and wanted.archive:
        raise Refused(f"No plan has an archive {wanted.archive}. If it lies elsewhere, say where: --from DEST.")
    if row is None:
        raise Refused(
            "There is no archive to hold a drill with yet. `palabre archive DEST --schedule 24h` takes one every day; "
            "or say where one lies: --from DEST."
        )
    return row["destination"], row["options"] | wanted.options, row["archive"], True


def _judge(restored: Restored, found: Examination, shown: str) -> Held:
    wrong = []
    if found.faults:
        wrong.append(f"The moderation log isn't as it was written: {_some(found.faults)}.")
    all_posts = found.posts + len(found.unopened) + len(found.lacking)
    if found.unopened:
        wrong.append(f"{len(found.unopened)} of {all_posts} posts could not be opened: {_some(found.unopened)}.")
    if len(found.lacking) > restored.gone:  # what its author removed while the archive was being taken may be missing
        wrong.append(f"Of {len(found.lacking)} of {all_posts} posts a file is missing: {_some(found.lacking)}.")
    outcome = {
        "taken_at": restored.taken_at,
        "tables": restored.tables,
        "rows": restored.rows,
        "media": restored.media,
        "media_bytes": restored.media_bytes,
        "faults": len(found.faults),
        "posts": found.posts,
        "files": found.files,
        "unopened": len(found.unopened),
        "lacking": len(found.lacking),
        "steps": {name: round(seconds, 1) for name, seconds in restored.steps.items()},
    }
    return Held(shown, restored.archive, not wrong, " ".join(wrong) or None, outcome)


def _some(words: list[str]) -> str:
    return "; ".join(words[:_NAMED]) + (" …" if len(words) > _NAMED else "")


def _of_drill(message: str) -> str:
    """What a restore says of its own options, said of a drill's."""
    return message.replace("(--data DIR)", "(setting drill_folder, or --scratch DIR)")
