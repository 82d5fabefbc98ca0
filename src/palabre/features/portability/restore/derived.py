"""What an archive leaves out: made anew, or filling itself. A house rule asks for one or the other, for every such table."""

from collections.abc import Awaitable, Callable

from palabre.base.db import Database
from palabre.base.filling import Filling
from palabre.features import search
from palabre.features.moderation import rebuild as moderation
from palabre.features.portability.restore.verifying import Progress

Rebuild = Callable[[Database, Callable[[int, int], None]], Awaitable[object]]


def _untold(rebuild: Callable[[Database], Awaitable[None]]) -> Rebuild:
    return lambda db, told: rebuild(db)


_SEARCH = "search index"
#: Tables and what makes them, under the name that people are told.
REBUILT: dict[str, tuple[tuple[str, ...], Rebuild]] = {
    _SEARCH: (("search_posts", "search_accounts"), search.fill),
    "subjects of open cases": (("open_subjects",), _untold(moderation.open_subjects)),
    "records of reporters": (("reporter_records",), _untold(moderation.reporter_records)),
    "cases alike": (("prints", "print_bands"), _untold(moderation.prints)),
}
#: Tables that are right when they are empty at first, and why.
FILL_THEMSELVES = {
    "archive_copies": "the first archive sends all media again, and remembers",
    "exports": "whoever wants his archive asks for it again",
    "home_entries": "a home timeline is built when its owner comes by, as after any long absence",
    "home_readers": "whoever comes by is noted",
    "pulled_authors": "an author with very many followers is noted when he next publishes",
    "trends": "found anew every five minutes",
    "jury_camps": "found anew when the worker starts",
    "jury_camp_sizes": "found anew when the worker starts",
    "standbys": "those followed the old host; invite them anew",
    "mirror_queue": "there is no standby yet",
    "rate_windows": "they last for minutes",
    "drill_turns": "no drill is under way",
}


#: With more posts than these the search index takes longer than all else; the worker makes it while the network serves.
MANY_POSTS = 50_000


async def rebuild(filling: Filling, progress: Progress, *, search_later: bool) -> None:
    done = await filling.done()
    aside = [table for tables, _ in REBUILT.values() for table in tables]
    if not done & REBUILT.keys() and not search_later:
        await filling.set_aside(aside)
    for name, (_, make) in REBUILT.items():
        if name in done:
            continue

        def told(done: int, total: int, name: str = name) -> None:
            progress(name, done, max(total, 1))

        if name == _SEARCH and search_later:
            await search.fill_later(filling.db)
        else:
            await make(filling.db, told)
        async with filling.step(name):
            pass
    await filling.build(lambda done, total: progress("their indexes", done, total))
