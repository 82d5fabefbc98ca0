"""Posts by their words, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from palabre.base import ids
from palabre.base.clock import now
from palabre.base.db import Conn
from palabre.base.paging import Page
from palabre.features import accounts
from palabre.features.posts import PostView, look
from palabre.features.search import marks, rules, store
from palabre.names import origins

_MOST_ROUNDS = 12


@dataclass(frozen=True)
class Found:
    """A page of posts. `last`: the id behind which the next page begins; None if there is none."""

    posts: Sequence[PostView]
    last: int | None = None


async def posts(
    conn: Conn, query: str, viewer_id: int | None, page: Page, *, offset: int = 0, author_id: int | None = None
) -> Found:
    """What this member may find: public posts by people who let theirs be found, his own, those that mention him and
    followers-only ones by people he follows; nothing by people he mutes or blocks. Strangers find nothing.

    A post's URL finds that post. `page.max_id` and `min_id` bound the ids; `author_id`: only by this account.
    """
    if target := rules.target(query, origins()):
        return await _named(conn, target, viewer_id)
    asked = rules.parse(query)
    if viewer_id is None or asked.empty:
        return Found([])
    sought = await _sought(conn, asked, viewer_id, author_id)
    if sought is None:
        return Found([])
    below = min(page.below, asked.below, ids.first_at(now()) + (1 << marks.LEVELS[0]))
    search = _Search(conn, sought, viewer_id, offset + page.limit)
    await search.run(max(asked.above, page.above + 1), below)
    found = search.found[offset : offset + page.limit]
    more = len(search.found) >= offset + page.limit or search.given_up_at is not None
    return Found(found, (search.given_up_at or found[-1].id) if more and found else search.given_up_at)


async def _named(conn: Conn, target: rules.Target, viewer_id: int | None) -> Found:
    post_id = ids.parse(target.value) if target.kind == "post" else None
    return Found(await look(conn, [post_id], viewer_id) if post_id else [])


async def _sought(conn: Conn, asked: rules.Query, viewer_id: int, author_id: int | None) -> list[str] | None:
    """The parts of a tsquery that must all be true; None if nothing can be."""
    authors = [] if author_id is None else [author_id]
    handles = [handle for handle in asked.authors if handle != "me"]
    known = await accounts.by_handles(conn, handles) if handles else {}
    if len(known) < len(set(handles)):
        return None
    authors += [*known.values(), *([viewer_id] if "me" in asked.authors else [])]
    sought = [_any(marks.EVERYBODY, marks.FOLLOWERS, marks.by(viewer_id), marks.to(viewer_id))]
    sought += [_any(marks.by(author)) for author in authors]
    sought += [_any(marks.tagged(tag)) for tag in asked.tags]
    sought += [f"!{_any(marks.tagged(tag))}" for tag in asked.unwanted_tags]
    sought += [_any(marks.MEDIA)] if asked.media else []
    sought += [_any(marks.written_in(asked.language))] if asked.language else []
    if asked.terms:
        forms = await store.forms(conn, [term.text for term in asked.terms], [term.exact for term in asked.terms])
        terms = zip(asked.terms, forms, strict=True)
        sought += [f"{'!' * term.unwanted}({' | '.join(either)})" for term, either in terms if either]
    return sought


class _Search:
    """Fills a page window by window; each statement's ids go through `posts.look`."""

    def __init__(self, conn: Conn, sought: list[str], viewer_id: int, wanted: int) -> None:
        self.conn = conn
        self.sought = sought
        self.viewer_id = viewer_id
        self.wanted = wanted
        self.found: list[PostView] = []
        self.given_up_at: int | None = None
        self._rounds = _MOST_ROUNDS
        self._breadth = 1  # grows where much of what is found is not for this viewer
        self._told = _any(marks.by(viewer_id), marks.to(viewer_id))

    async def run(self, oldest: int, newest: int) -> None:
        waiting: list[int] = []
        for window in marks.windows(newest, oldest):
            below = window.below
            while below > window.above:
                need = (self.wanted - len(self.found) - len(waiting)) * self._breadth
                rows = await self._fetch(window, below, need)
                waiting += rows
                below = rows[-1] if len(rows) == need else window.above
                if len(self.found) + len(waiting) >= self.wanted:
                    await self._look(waiting)
                    waiting = []
                    self._breadth *= 2
                if len(self.found) >= self.wanted:
                    return
                self._rounds -= 1
                if not self._rounds:
                    await self._look(waiting)
                    self.given_up_at = below
                    return
        await self._look(waiting)

    async def _fetch(self, window: marks.Window, below: int, limit: int) -> list[int]:
        parts = [_any(*window.buckets), *self.sought] if window.buckets else self.sought
        return await store.posts_with(
            self.conn, " & ".join(parts), window.above, below, self.viewer_id, self._told, limit
        )

    async def _look(self, post_ids: list[int]) -> None:
        seen = await look(self.conn, post_ids, self.viewer_id)
        self.found += [post for post in seen if self._wanted(post)]

    def _wanted(self, post: PostView) -> bool:
        if post.author_id == self.viewer_id:
            return True
        return not post.muting_author and not post.muted and post.author.standing != "limited"


def _any(*lexemes: str) -> str:
    quoted = ["'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes]
    return f"({' | '.join(quoted)})"
