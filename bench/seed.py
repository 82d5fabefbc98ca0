"""A community to measure on: accounts, Zipf-distributed follows, posts, threads, notifications; deterministic.

    python -m bench.seed --accounts 20000 --posts 1000000      (into DATABASE_URL, which must be migrated and empty)

One account is followed by all. `readers` of the members read home timelines that are kept ready, as active members' are.
"""

import argparse
import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.progress import Progress

from palabre.base import clock, ids, text
from palabre.base.db import Database
from palabre.features.accounts import fragment as account_fragment
from palabre.features.accounts import tokens
from palabre.features.posts import fragment as post_fragment
from palabre.features.search import index, store

CHUNK = 20_000
DAYS = 365
TEXTS = 4_000
TOPICS = ("trains", "gardens", "bread", "football", "books", "weather", "music", "bicycles", "politics", "cats")


class Community:
    def __init__(self, accounts: int, posts: int, follows: int, readers: int, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        self.now = clock.now()
        self.account_ids = sorted({self._id(self._moment(400)) for _ in range(accounts)})
        self.posts, self.follows, self.readers = posts, follows, self.account_ids[1 : readers + 1]
        #: The first account is the celebrity.
        self.weights = [1 / (rank + 5) ** 0.9 for rank in range(len(self.account_ids))]
        self.texts = [self._say() for _ in range(TEXTS)]

    def _id(self, at: datetime) -> int:
        return int(at.timestamp() * 1000) << 16 | self.rng.getrandbits(16)

    def _moment(self, days: float) -> datetime:
        return self.now - timedelta(days=self.rng.uniform(0, days))

    def _say(self) -> tuple[str, str, dict[str, str]]:
        words = [self.rng.choice(WORDS) for _ in range(self.rng.randint(5, 45))]
        if self.rng.random() < 0.3:
            words.append("#" + self.rng.choice(TOPICS))
        if self.rng.random() < 0.15:
            words.append(f"https://example.org/{self.rng.choice(TOPICS)}/{self.rng.randint(1, 9999)}")
        source = " ".join(words).capitalize()
        parsed = text.parse(source)
        return (
            source,
            text.render(parsed, {}, lambda tag: f"\x1a/tags/{tag}"),
            {tag.key: tag.name for tag in parsed.tags},
        )

    def names(self, index: int) -> str:
        return "everyone_follows_me" if index == 0 else f"member{index}"

    def account_rows(self) -> Iterator[tuple[Any, ...]]:
        for rank, account_id in enumerate(self.account_ids):
            account = {
                "id": account_id,
                "username": self.names(rank),
                "domain": None,
                "display_name": f"Member {rank}",
                "note_html": f"<p>{self.rng.choice(self.texts)[1][3:200]}</p>",
                "fields": [],
                "avatar_key": None,
                "avatar_static_key": None,
                "header_key": None,
                "header_static_key": None,
                "locked": False,
                "bot": False,
                "discoverable": True,
                "indexable": True,
                "hide_collections": False,
                "created_at": ids.made_at(account_id),
            }
            yield (
                account_id,
                account["username"],
                account["display_name"],
                account["created_at"],
                account_fragment.render(account),
            )

    def follow_pairs(self) -> Iterator[tuple[int, int, int]]:
        """(follower, followed, relation id); everybody follows the first account."""
        ranks = range(len(self.account_ids))
        for follower in self.account_ids:
            chosen = {self.account_ids[rank] for rank in self.rng.choices(ranks, self.weights, k=self.follows)}
            chosen.add(self.account_ids[0])
            chosen.discard(follower)
            for followed in chosen:
                yield follower, followed, self._id(self._moment(DAYS))

    def post_rows(self) -> Iterator[dict[str, Any]]:
        """Every eighth post answers one of a few before it."""
        ranks = range(len(self.account_ids))
        authors = self.rng.choices(ranks, self.weights, k=self.posts)
        step = timedelta(days=DAYS) / self.posts
        recent: list[dict[str, Any]] = []
        at = self.now - timedelta(days=DAYS)
        for number, rank in enumerate(authors):
            at += step
            source, html, tags = self.rng.choice(self.texts)
            parent = None
            if recent and number % 8 == 0:
                parent = self.rng.choice(recent[-3:])
            post = {
                "author_id": self.account_ids[rank],
                "id": self._id(at),
                "visibility": "public" if self.rng.random() < 0.9 else "unlisted",
                "text": source,
                "spoiler": "",
                "sensitive": False,
                "language": "en",
                "in_reply_to_id": parent["id"] if parent else None,
                "in_reply_to_author_id": parent["author_id"] if parent else None,
                "created_at": at,
                "tags": list(tags),
            }
            post["thread_id"] = parent["thread_id"] if parent else post["id"]
            post["fragment"] = post_fragment.render(post, username=self.names(rank), content=html, tags=tags)
            if parent is None and number % 60 == 1:
                recent = [*recent[-20:], post]
            yield post


WORDS = (
    "the a we they morning evening train garden bread tomato river window market neighbour bicycle library school "
    "football match recipe butter winter summer rain snow coffee story poem chapter street bridge council vote "
    "really always never maybe today tomorrow yesterday found lost bought made wrote heard saw think know hope like "
    "love hate want need with without about under over near far small large old new quiet loud green blue red"
).split()


def chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


async def seed(db: Database, community: Community, progress: Progress) -> dict[str, Any]:
    """Fill the database. Returns tokens of readers and ids to measure with."""
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL synchronous_commit = off")
        await _accounts(conn, community)
        await _follows(conn, community, progress)
        latest = await _posts(conn, community, progress)
        await _derived(conn, community, progress)
        await _search_index(conn, community, progress)
        secrets = [
            await tokens.grant(conn, reader, ("read", "write", "follow"), client_id=None)
            for reader in community.readers[:200]
        ]
    async with db.dedicated() as raw:
        await raw.execute("VACUUM ANALYZE")
    return {"tokens": secrets, "readers": [str(reader) for reader in community.readers[:200]], **latest}


async def _accounts(conn: Any, community: Community) -> None:
    rows = list(community.account_rows())
    await conn.copy_in("accounts", ["id", "username", "display_name", "created_at", "fragment"], rows)
    await conn.copy_in("handles", ["handle", "account_id"], [(row[1], row[0]) for row in rows])
    now = community.now
    members = [(row[0], f"{row[1]}@mail.example", "none", now, now) for row in rows]
    await conn.copy_in("members", ["account_id", "email", "password_hash", "confirmed_at", "approved_at"], members)


async def _follows(conn: Any, community: Community, progress: Progress) -> None:
    task = progress.add_task("follows", total=len(community.account_ids) * community.follows)
    for batch in chunks(community.follow_pairs()):
        await conn.copy_in("follows", ["account_id", "target_id", "id"], batch)
        await conn.copy_in("followers", ["account_id", "follower_id", "id"], [(b, a, i) for a, b, i in batch])
        progress.advance(task, len(batch))


_POST = (
    "author_id id visibility text spoiler sensitive language in_reply_to_id in_reply_to_author_id created_at tags "
    "thread_id fragment"
).split()


async def _posts(conn: Any, community: Community, progress: Progress) -> dict[str, Any]:
    task = progress.add_task("posts", total=community.posts)
    last: Sequence[dict[str, Any]] = []
    for batch in chunks(community.post_rows()):
        await conn.copy_in("posts", _POST, [[post[name] for name in _POST] for post in batch])
        tagged = [(tag, post["id"], post["author_id"]) for post in batch for tag in post["tags"]]
        await conn.copy_in("post_tags", ["tag", "post_id", "author_id"], tagged)
        progress.advance(task, len(batch))
        last = batch
    threads = [post["thread_id"] for post in last]
    return {"post": str(last[-1]["id"]), "thread": str(max(set(threads), key=threads.count))}


async def _derived(conn: Any, community: Community, progress: Progress) -> None:
    """What the network would have made of it: counters, kept home timelines, notifications, tags."""
    task = progress.add_task("counters, home timelines, notifications, tags", total=7)
    statements = (
        """INSERT INTO account_counts (account_id, posts, followers, following, last_post_at)
           SELECT a.id, coalesce(p.n, 0), coalesce(f.n, 0), coalesce(g.n, 0), p.last FROM accounts a
           LEFT JOIN (SELECT author_id, count(*) n, max(created_at) last FROM posts GROUP BY 1) p ON p.author_id = a.id
           LEFT JOIN (SELECT account_id, count(*) n FROM followers GROUP BY 1) f ON f.account_id = a.id
           LEFT JOIN (SELECT account_id, count(*) n FROM follows GROUP BY 1) g ON g.account_id = a.id""",
        """INSERT INTO post_counts (author_id, post_id, replies)
           SELECT in_reply_to_author_id, in_reply_to_id, count(*) FROM posts WHERE in_reply_to_id IS NOT NULL GROUP BY 1, 2""",
        """INSERT INTO pulled_authors SELECT account_id, now() - interval '1 day' FROM account_counts WHERE followers > 2000""",
        f"INSERT INTO home_readers SELECT unnest(ARRAY{community.readers}::bigint[]), now()",
        """INSERT INTO home_entries (account_id, post_id, author_id)
           SELECT r.account_id, p.id, p.author_id FROM home_readers r CROSS JOIN LATERAL (
             SELECT p.id, p.author_id FROM follows f CROSS JOIN LATERAL (
               SELECT id, author_id FROM posts p WHERE p.author_id = f.target_id AND p.in_reply_to_id IS NULL
               ORDER BY id DESC LIMIT 60) p
             WHERE f.account_id = r.account_id
               AND NOT EXISTS (SELECT FROM pulled_authors a WHERE a.account_id = f.target_id)
             ORDER BY p.id DESC LIMIT 800) p""",
        """INSERT INTO notifications (account_id, id, type, from_id, post_id, post_author_id)
           SELECT r.account_id, p.id, 'mention', p.author_id, p.id, p.author_id FROM home_readers r CROSS JOIN LATERAL (
             SELECT post_id AS id, author_id FROM home_entries h WHERE h.account_id = r.account_id
             ORDER BY post_id DESC LIMIT 100) p""",
        "INSERT INTO tags SELECT tag, tag, now() FROM post_tags GROUP BY tag",
    )
    for statement in statements:
        await conn.execute(statement)
        progress.advance(task)


async def _search_index(conn: Any, community: Community, progress: Progress) -> None:
    """By search's own code; but a GIN index is made in a fraction of the time once all of it is there."""
    [row] = await conn.rows("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_posts_words'")
    await conn.execute("DROP INDEX search_posts_words")
    task = progress.add_task("search index", total=community.posts)
    after = 0
    while accounts := await store.accounts_after(conn, after, CHUNK):
        await index.add_accounts(conn, accounts)
        after = accounts[-1]["id"]
    after = 0
    while posts := await store.posts_after(conn, after, CHUNK):
        await index.add(conn, posts)
        after = posts[-1]["id"]
        progress.advance(task, len(posts))
    await conn.execute(row["indexdef"])


async def main(dsn: str, accounts: int, posts: int) -> dict[str, Any]:
    db = Database(dsn, most=2, command_timeout=3600)
    with Progress() as progress:
        made = await seed(db, Community(accounts, posts, follows=58, readers=min(1_000, accounts - 1)), progress)
    await db.close()
    return made


if __name__ == "__main__":
    import os

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    options = parser.parse_args()
    print(asyncio.run(main(os.environ["DATABASE_URL"], options.accounts, options.posts)))
