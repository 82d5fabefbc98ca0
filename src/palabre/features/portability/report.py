"""How an import goes, kept in the database as it goes: what was taken, what not, and why."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from palabre.base import clock, ids
from palabre.base.db import Conn, Database
from palabre.features import accounts
from palabre.features.portability import store
from palabre.features.portability.imports import Archive, Skipped, Totals

#: What can be asked for, in the order in which it is done.
PARTS = ("profile", "posts", "boosts", "favourites", "bookmarks", "follows", "blocks", "mutes")
BATCH = 50
LONGEST_WHAT = 500
Progress = Callable[[str, int, int], None]
T = TypeVar("T")


@dataclass
class Report:
    """`already`: what an earlier import had taken. Nothing that was in the archive is in none of the three."""

    taken: Counter[str] = field(default_factory=Counter)
    already: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)

    def __iadd__(self, other: "Report") -> "Report":
        self.taken.update(other.taken)
        self.already.update(other.already)
        self.skipped += other.skipped
        return self

    def by_reason(self) -> list[tuple[str, int, str]]:
        """Why, how often, and one example; the most frequent first."""
        counted: Counter[str] = Counter()
        examples: dict[str, str] = {}
        for each in self.skipped:
            counted[each.why] += each.count
            examples.setdefault(each.why, each.what)
        return [(why, count, examples[why]) for why, count in counted.most_common()]


@dataclass
class Run:
    """One import under way."""

    db: Database
    account_id: int
    archive: Archive
    progress: Progress
    username: str = ""
    id: int = 0
    report: Report = field(default_factory=Report)
    done: int = 0
    total: int = 0

    async def begin(self, totals: Totals) -> None:
        """Take up the unfinished import of the same source, or begin one."""
        source = await asyncio.to_thread(self._source)
        self.total = totals.posts + totals.boosts + totals.favourites + totals.bookmarks + totals.relations
        async with self.db.transaction() as conn:
            self.username = (await accounts.look_at(conn, self.account_id)).public.username
            earlier = await store.unfinished(conn, self.account_id, source)
            if earlier:
                self.id = earlier["id"]
                self.report = Report(Counter(earlier["taken"]), Counter(earlier["already"]))
                return
            self.id = ids.new()
            await store.begin(conn, self.account_id, self.id, source, clock.now())

    def _source(self) -> str:
        profile = self.archive.profile()
        return profile.source_id or profile.handle if profile else self.archive.kind

    async def keep(self, conn: Conn, news: Report, steps: int) -> None:
        """Write down how far it will be once this transaction commits."""
        await self.keep_skips(conn, news.skipped)
        taken, already = self.report.taken + news.taken, self.report.already + news.already
        await store.advance(conn, self.account_id, self.id, self.done + steps, self.total, taken, already)

        def committed() -> None:
            self.report += news
            self.done += steps

        conn.after_commit(committed)

    async def keep_skips(self, conn: Conn, skipped: Iterable[Skipped]) -> None:
        rows = {(each.what[:LONGEST_WHAT].replace("\0", ""), str(each.why)): each.count for each in skipped}
        if rows:
            await store.add_skips(
                conn, self.account_id, self.id, [(what, why, count) for (what, why), count in rows.items()]
            )

    async def finish(self) -> Report:
        async with self.db.transaction() as conn:
            await self.keep_skips(conn, self.archive.skipped)
            await store.finish(conn, self.account_id, self.id, clock.now())
            rows = await store.skips(conn, self.account_id, self.id)
        self.report.skipped = [Skipped(row["what"], row["why"], row["count"]) for row in rows]
        return self.report


async def next_batch(items: Iterator[T]) -> list[T]:
    """Reading an archive unpacks and decodes, which is no work for the event loop."""
    return await asyncio.to_thread(lambda: list(islice(items, BATCH)))
