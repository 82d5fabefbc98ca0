"""From the front page on, every link that a stranger can follow."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from palabre.app import App
from palabre.base.db import UNAVAILABLE, Database, only_reads
from palabre.features import search
from palabre.static_site import addresses, extras
from palabre.static_site.inert import Page
from palabre.static_site.tree import Tree
from palabre.static_site.visitor import Answer, Visitor
from palabre.static_site.wish import StaticProblem, Wish
from palabre.static_site.words import Words

T = TypeVar("T")
Tell = Callable[[str, int, int], None]
_NOWHERE = "/nowhere"
_AWAY = "The database or the media store can't be reached. Run the same command again to go on from here."
_AT_ONCE = 4
_SAME_RUN = timedelta(hours=1)  # what was deleted meanwhile is not fetched again
_BATCH = 64
_FRONT = ("/", "/public", "/about", "/rules", "/terms", "/privacy", "/contact", "/transparency", "/moderation-log")
_log = structlog.get_logger()


@dataclass
class Copied:
    """Files by what became of them; `broken`: addresses that the application had trouble with."""

    unchanged: int = 0
    written: int = 0
    removed: int = 0
    pages: int = 0
    broken: list[str] = field(default_factory=list)


async def copy(db: Database, root: Path, wish: Wish, tell: Tell = lambda *_: None) -> Copied:
    """Write the public pages below `root`, or bring the copy there up to date. Raises StaticProblem.

    `tell` hears what part is done: its name, how much, of how much is known so far.
    """
    with _told_plainly(root), closing(Tree(root)) as tree:
        if tree.ledger.note("state") == "moving":
            tree.publish(tell)
        interrupted = _interrupted(tree, wish)
        copying = _Copying(db, tree, interrupted or wish)
        if not interrupted:
            await copying.begin()
        await copying.fetch(tell)
        await copying.finish(tell)
        return Copied(
            tree.unchanged, tree.written, tree.removed, copying.pages, list(tree.ledger.with_status("broken"))
        )


@contextmanager
def _told_plainly(root: Path) -> Iterator[None]:
    """Trouble with the disk in words; of several at once, the first."""
    try:
        yield
    except (OSError, sqlite3.Error, ExceptionGroup) as trouble:
        first: Exception = trouble
        while isinstance(first, ExceptionGroup):
            first = first.exceptions[0]
        if isinstance(first, (OSError, sqlite3.Error)) and not isinstance(first, UNAVAILABLE):
            raise StaticProblem(
                f"{root} can't be written: {first}. Put that right and run the same command again."
            ) from trouble
        raise first from trouble


def _interrupted(tree: Tree, wish: Wish) -> Wish | None:
    """The run to go on with, if one was cut off a short while ago that was asked for the same."""
    if tree.ledger.note("state") != "fetching" or not (noted := tree.ledger.note("wish")):
        return None
    earlier = msgspec.json.decode(noted, type=Wish)
    same = replace(earlier, at=wish.at) == wish
    return earlier if same and wish.at - earlier.at < _SAME_RUN else None


class _Copying:
    def __init__(self, db: Database, tree: Tree, wish: Wish) -> None:
        self._db, self._tree, self._ledger = db, tree, tree.ledger
        self._wish = wish
        self._visitor = Visitor(App(db), wish.origin, wish.language)
        self._words = Words(wish)
        self._there: dict[str, bool] = {}
        self._unindexed: dict[str, bool] = {}
        self._replica = False
        self.pages = 0

    async def begin(self) -> None:
        self._tree.begin()
        self._ledger.want(_FRONT)
        async with self._db.reading() as conn:
            offset = 0
            while found := await search.directory(conn, by="new", offset=offset, limit=500):
                self._ledger.want(f"/@{one.public.acct}" for one in found)
                offset += len(found)
        self._ledger.keep_note("wish", msgspec.json.encode(self._wish).decode())
        self._ledger.keep_note("state", "fetching")
        self._ledger.commit()

    async def fetch(self, tell: Tell) -> None:
        async with self._db.reading() as conn:
            self._replica = await only_reads(conn)
        while batch := self._ledger.waiting(_BATCH):
            for few in _chunks(batch, _AT_ONCE):
                async with asyncio.TaskGroup() as group:
                    for _, address in few:
                        group.create_task(self._one(address))
            self._ledger.commit()
            tell("addresses", batch[-1][0], self._ledger.known())

    async def finish(self, tell: Tell) -> None:
        for path, content in extras.files(self._ledger, self._wish):
            self._tree.write(path, content)
        not_found = await self._visitor.get(_NOWHERE)
        self._tree.write("404.html", extras.nobody(not_found.body, _NOWHERE, self._wish, rooted=True))
        self._ledger.keep_note("state", "moving")
        self._ledger.commit()
        self._tree.publish(tell)
        self._ledger.keep_note("state", "whole")
        self._ledger.commit()

    async def _one(self, address: str) -> None:
        if addresses.is_page(address):
            await self._page(address)
        else:
            await self._file(address)

    async def _page(self, address: str) -> None:
        answer = await self._visitor.get(address)
        if not self._settled(address, answer):
            return
        self.pages += 1
        page = Page(answer.body.decode(), address, self._wish)
        gone = {target for target in page.doubtful() if not await self._is_there(target)}
        indexed = not await self._asked_not_to_be_indexed(address)
        newer = self._ledger.found_on(address) if "?" in address else None
        content = page.settle(gone, newer, self._words.notice(address), indexed=indexed)
        self._tree.write(addresses.place(address), content)
        self._ledger.want(page.wanted, address)
        self._ledger.settle(address, "there", indexed=indexed and "?" not in address)

    async def _file(self, address: str) -> None:
        path = addresses.place(address)
        if address.startswith("/media/"):  # a key never changes its content
            head = await self._visitor.head(address)
            if head.status == 200 and self._tree.keeps(path, int(head.headers["content-length"])):
                self._ledger.settle(address, "there")
                return
        aside = self._tree.aside(path)
        answer = await self._visitor.download(address, aside)
        if self._settled(address, answer):
            self._tree.keep(aside, path)
            self._ledger.settle(address, "there")
        else:
            aside.unlink()

    def _settled(self, address: str, answer: Answer) -> bool:
        """Whether there is something to write; otherwise it is noted what there is instead."""
        if answer.status == 200:
            return True
        if answer.status == 503 and not self._unmade(address):
            raise StaticProblem(_AWAY)
        broken = answer.status >= 500 and not self._unmade(address)
        self._ledger.settle(address, "broken" if broken else "gone")
        if broken:
            _log.error("page_not_copied", address=address, status=answer.status)
        elif addresses.is_page(address):  # gone since the page that leads here was made
            self._tree.write(addresses.place(address), extras.nobody(answer.body, address, self._wish))
        return False

    def _unmade(self, address: str) -> bool:
        """A replica can't answer for what is made when it is first asked for, such as the signing key."""
        return self._replica and not addresses.is_page(address) and not address.startswith("/media/")

    async def _is_there(self, address: str) -> bool:
        if len(self._there) > 50_000:
            self._there.clear()
        if address not in self._there:
            self._there[address] = self._ledger.status(address) == "there" or await self._answers(address)
        return self._there[address]

    async def _answers(self, address: str) -> bool:
        answer = await self._visitor.get(address)
        if answer.status == 503:
            raise StaticProblem(_AWAY)
        return answer.status == 200

    async def _asked_not_to_be_indexed(self, address: str) -> bool:
        """Whether the member whose page it is wishes search engines to pass it by."""
        if not address.startswith("/@"):
            return False
        name = address[2:].partition("?")[0].partition("/")[0]
        if len(self._unindexed) > 50_000:
            self._unindexed.clear()
        if name not in self._unindexed:
            answer = await self._visitor.get(f"/api/v1/accounts/lookup?acct={name}")
            self._unindexed[name] = answer.status != 200 or bool(msgspec.json.decode(answer.body).get("noindex"))
        return self._unindexed[name]


def _chunks(items: list[T], size: int) -> Iterable[list[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
