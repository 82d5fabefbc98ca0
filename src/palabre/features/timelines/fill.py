"""A page of posts: some ids may turn out not to be for this viewer, so more are asked for until the page is full."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from palabre.base.db import Conn
from palabre.base.paging import Page
from palabre.features.posts import PostView, look

_MOST_ROUNDS = 5


@dataclass(frozen=True)
class Entry:
    """`cursor`: what the page is ordered by; the post's own id unless said otherwise."""

    post_id: int
    reblog_of_id: int | None = None
    cursor: int = 0


@dataclass(frozen=True)
class Timeline:
    """`first` and `last`: the cursors of the page's ends, newest and oldest, for links to the next pages."""

    posts: Sequence[PostView]
    first: int | None = None
    last: int | None = None


Fetch = Callable[[Page], Awaitable[Sequence[Entry]]]


async def fill(
    conn: Conn,
    page: Page,
    viewer_id: int | None,
    fetch: Fetch,
    keep: Callable[[PostView], bool] = lambda post: True,
) -> Timeline:
    """`fetch` gives entries in the order of `page.order`; `keep` says which of the posts that may be seen belong here."""
    found: list[tuple[int, PostView]] = []
    asked, passed = page, None
    for _ in range(_MOST_ROUNDS):
        entries = await fetch(asked)
        cursors = {entry.post_id: entry.cursor or entry.post_id for entry in entries}
        boosted = [entry.reblog_of_id for entry in entries if entry.reblog_of_id]
        seen = await look(conn, list(cursors), viewer_id, boosted=boosted)
        found += [(cursors[post.id], post) for post in seen if keep(post)]
        if len(found) >= page.limit or len(entries) < asked.limit:
            passed = None
            break
        passed = list(cursors.values())[-1]
        asked = page.beyond(passed, asked.limit * 2)
    found = page.newest_first(found[: page.limit])
    cursors_found = [cursor for cursor, _ in found]
    if passed is not None:  # given up amid things not for this viewer: the next page goes on from there
        cursors_found = [passed, *cursors_found] if page.min_id is not None else [*cursors_found, passed]
    if not cursors_found:
        return Timeline([])
    return Timeline([post for _, post in found], cursors_found[0], cursors_found[-1])


def wanted(post: PostView) -> bool:
    """Whether a viewer who mutes people or threads wants this in a timeline."""
    if post.muting_author or post.muted:
        return False
    return not (post.reblog and post.reblog.muting_author)


def listed(post: PostView) -> bool:
    """Shown to people who did not ask for this author: not by accounts whose reach is limited."""
    return wanted(post) and post.author.standing != "limited"
