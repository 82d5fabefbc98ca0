"""Taking an archive into an account, quietly: nobody is notified and no timeline fills up, but it can be found and read."""

import asyncio
from collections.abc import Collection, Iterator

from palabre.base.db import Database
from palabre.features.portability.bring_marks import take_bookmarks, take_boosts, take_favourites
from palabre.features.portability.bring_people import take_people
from palabre.features.portability.bring_posts import take_posts
from palabre.features.portability.bring_profile import take_profile
from palabre.features.portability.imports import Archive, Block, Follow, Mute
from palabre.features.portability.report import PARTS, Progress, Report, Run

DEFAULT_PARTS = frozenset(PARTS) - {"profile"}
_PEOPLE = ("follows", "blocks", "mutes")
_VERBS = {
    "profile": take_profile,
    "posts": take_posts,
    "boosts": take_boosts,
    "favourites": take_favourites,
    "bookmarks": take_bookmarks,
}


async def bring(
    db: Database,
    account_id: int,
    archive: Archive,
    progress: Progress = lambda part, done, total: None,
    parts: Collection[str] = DEFAULT_PARTS,
) -> Report:
    """Take these parts of an archive. Broken off at any moment, the next call with the same archive goes on from there.

    `progress` hears part, done and total. Raises NotFound for an account that is gone.
    """
    run = Run(db, account_id, archive, progress)
    await run.begin(await asyncio.to_thread(archive.totals))
    for part, verb in _VERBS.items():
        if part in parts:
            await verb(run)
    if people := [part for part in _PEOPLE if part in parts]:
        await take_people(run, people)
    return await run.finish()


async def survey(archive: Archive, parts: Collection[str] = DEFAULT_PARTS) -> Report:
    """What could be read of it; nothing is taken."""
    return await asyncio.to_thread(_survey, archive, parts)


def _survey(archive: Archive, parts: Collection[str]) -> Report:
    report = Report()
    readers: dict[str, Iterator[object]] = {
        "posts": archive.posts(),
        "boosts": archive.boosts(),
        "favourites": archive.favourites(),
        "bookmarks": archive.bookmarks(),
    }
    for part, items in readers.items():
        if part in parts:
            report.taken[part] = sum(1 for _ in items)
    if "profile" in parts and archive.profile():
        report.taken["profile"] = 1
    names: dict[type, str] = {Follow: "follows", Block: "blocks", Mute: "mutes"}
    for relation in archive.relations():
        part = names.get(type(relation), "")
        if part in parts:
            report.taken[part] += 1
    report.skipped += archive.skipped
    return report
