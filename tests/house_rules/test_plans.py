"""Nothing in a request scans: with seqscans made as dear as can be, every statement still finds its rows by an index.

Where PostgreSQL has no index to go by, it scans all the same, or walks through a whole index without a condition.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import pytest

from palabre.base.db import Conn, Row
from palabre.base.paging import Page
from palabre.features import accounts, moderation, notifications, posts, search, timelines
from palabre.features.moderation import Decided, domains, jury, notices, triage
from palabre.features.moderation.notices import closing
from palabre.features.moderation.triage import Filter, weigh
from palabre.features.posts import media
from palabre.features.timelines.home import forget_pulled
from tests.house_rules.support import owners
from tests.support.network import Network

_ACCOUNT = """{"id": "1", "username": "x", "acct": "x", "display_name": "", "locked": false, "bot": false,
    "discoverable": true, "created_at": "", "note": "", "url": "", "avatar": "", "avatar_static": "", "header": "",
    "header_static": "", "fields": []}"""
_AUTHOR = '{"id":1,"standing":"active","posts":0,"followers":0,"following":0,"last_post_at":null,"public":{}}'
_SNAPSHOT = f'{{"author":{_AUTHOR},"context":[],"files":[],"post":null,"text":""}}'
_POST = """{"content": "", "spoiler_text": "", "sensitive": false, "language": null, "url": "", "mentions": [],
    "in_reply_to_account_id": null, "media_attachments": [], "tags": []}"""
_SEED = f"""
INSERT INTO accounts (id, username, created_at, fragment)
    SELECT id, 'user' || id, now(), '{_ACCOUNT}' FROM generate_series(1, 5000) id;
INSERT INTO account_counts (account_id, followers) SELECT id, CASE WHEN id = 300 THEN 300 ELSE 20 END
    FROM generate_series(1, 5000) id;
INSERT INTO posts (author_id, id, visibility, thread_id, in_reply_to_id, in_reply_to_author_id, reblog_of_id,
                   reblog_of_author_id, has_media, created_at, fragment, tags)
    SELECT 1 + id % 300, id, 'public', id - id % 10,
           CASE WHEN id % 10 BETWEEN 1 AND 5 THEN id - 1 END, CASE WHEN id % 10 BETWEEN 1 AND 5 THEN 1 + (id - 1) % 300 END,
           CASE WHEN id % 10 = 9 THEN id - 2 END, CASE WHEN id % 10 = 9 THEN 1 + (id - 2) % 300 END,
           id % 10 = 7, now(), '{_POST}', CASE WHEN id % 10 = 7 THEN ARRAY['cats'] ELSE ARRAY[]::text[] END
    FROM generate_series(1000, 6999) id;
INSERT INTO post_counts (author_id, post_id, favourites) SELECT author_id, id, 1 FROM posts;
INSERT INTO post_tags SELECT CASE WHEN id % 3 = 0 THEN 'cats' ELSE 'tag' || id % 50 END, id, author_id FROM posts;
INSERT INTO tags SELECT 'tag' || n, 'tag' || n, now() FROM generate_series(1, 3000) n;
INSERT INTO follows (account_id, target_id, id) SELECT a, t, a * 1000 + t FROM generate_series(1, 300) a,
    generate_series(1, 300) t WHERE (a + t) % 15 = 0 AND a <> t OR t = 300;
INSERT INTO followers SELECT target_id, account_id, id FROM follows;
INSERT INTO blocks SELECT a, 1 + a * 7 % 300, a FROM generate_series(1, 300) a;
INSERT INTO mutes (account_id, target_id, id) SELECT a, 1 + a * 11 % 300, a FROM generate_series(1, 300) a;
INSERT INTO favourites SELECT 1 + id % 299, id, author_id, id FROM posts;
INSERT INTO bookmarks SELECT 1 + id % 299, id, author_id, id FROM posts;
INSERT INTO pins SELECT author_id, id, id FROM posts WHERE id % 50 = 0;
INSERT INTO thread_mutes SELECT 1 + id % 299, id FROM posts;
INSERT INTO media (account_id, id, post_id, kind, original_key, small_key, meta, blurhash, bytes)
    SELECT author_id, id, id, 'image', 'posts/' || id || '.png', 'posts/' || id || '-small.png', '{{}}', '', 1 FROM posts;
INSERT INTO idempotency_keys SELECT author_id, 'key' || id, id FROM posts;
INSERT INTO post_revisions SELECT author_id, id, id, '{_POST}', now() FROM posts;
INSERT INTO home_readers SELECT id, now() FROM generate_series(1, 300) id;
INSERT INTO home_entries SELECT f.account_id, p.id, p.author_id, p.reblog_of_id, p.reblog_of_author_id
    FROM follows f JOIN posts p ON p.author_id = f.target_id WHERE f.account_id < 40;
INSERT INTO notifications (account_id, id, type, from_id, post_id, post_author_id)
    SELECT author_id, id, 'favourite', 1 + id % 299, id, author_id FROM posts;
INSERT INTO pulled_authors VALUES (300);
INSERT INTO cases (id, account_id, state, opened_at, events)
    SELECT id, 1 + id % 300, 'decided', now(), 3 FROM generate_series(1, 3000) id;
INSERT INTO reports (case_id, id, reporter_id, account_id, post_ids, comment, category, rule_ids, created_at)
    SELECT id, id, 1 + (id + 1) % 300, account_id, '{{}}', '', 'other', '{{}}', now() FROM cases;
INSERT INTO case_events (case_id, seq, at, kind, data, previous, hash)
    SELECT id, n, now(), 'opened', '{{}}', '', int4send(n) FROM cases, generate_series(1, 3) n;
INSERT INTO decisions (case_id, id, account_id, moderator_id, action, reason, decided_at)
    SELECT id, id, account_id, 299, 'warn', 'x', now() FROM cases;
INSERT INTO letters (account_id, id, case_id, kind, decision_id, created_at)
    SELECT account_id, id, case_id, 'author', id, now() FROM decisions;
INSERT INTO appeals (case_id, id, decision_id, moderator_id, side, appellant_id, words, lodged_at, due_at, state)
    SELECT case_id, id, id, moderator_id, 'author', account_id, 'x', now(), now() + id * interval '1 second',
           CASE WHEN id % 20 = 0 THEN 'open' ELSE 'withdrawn' END FROM decisions;
INSERT INTO reviews (case_id, decision_id, moderator_id, reviewer_id, drawn_at, due_at)
    SELECT case_id, id, moderator_id, 1 + id % 200, now(), now() + id * interval '1 second' FROM decisions;
INSERT INTO search_posts SELECT author_id, id, visibility, to_tsvector('simple', 'bread') ||
    array_to_tsvector(ARRAY['@p', '@a' || author_id, '@t0.' || (id >> 43), '@t1.' || (id >> 46), '#tag' || id % 50]) FROM posts;
UPDATE reports SET notice_id = id;
INSERT INTO snapshots SELECT id, id, id, id, '{_SNAPSHOT}', '', now() FROM generate_series(1, 3000) id;
INSERT INTO file_holds SELECT 'posts/' || id || '.png', id FROM generate_series(1, 3000) id;
INSERT INTO notices (id, secret, source, category, items, unfiled, unanswered, received_at, due_at, closed_at)
    SELECT id, '', 'host', 'legal', 1, 0, 0, now(), now(), CASE WHEN id % 2 = 0 THEN now() END
    FROM generate_series(1, 3000) id;
INSERT INTO notice_items (notice_id, line, url, state, case_id) SELECT id, 1, '', 'filed', id FROM generate_series(1, 3000) id;
INSERT INTO senders (sender, proposed) SELECT 'member:' || id, 'warn' FROM generate_series(295, 3295) id;
INSERT INTO search_accounts SELECT id, true,
    CASE WHEN id % 20 = 0 THEN ARRAY['  u', ' us', 'use', 'ser', 'er4'] ELSE ARRAY['  x', id::text] END FROM accounts;
INSERT INTO cases (id, account_id, opened_at, due_at, categories, lane, priority, group_id, words, alarm_at, wound_for,
                   events, assigned_to)
    SELECT id, 1 + id % 300, now(), now() + id * interval '1 minute', ARRAY['spam'],
           CASE id % 20 WHEN 0 THEN 'deadline' WHEN 1 THEN 'threat' ELSE 'rest' END, id % 7, 10000 + id % 2000,
           array_to_tsvector(ARRAY['word' || id % 50]), now() + id * interval '1 minute', now() + id * interval '1 minute',
           1, CASE WHEN id % 500 = 0 THEN 7 END
    FROM generate_series(10000, 16000) id;
INSERT INTO reports (case_id, id, reporter_id, account_id, post_ids, comment, category, rule_ids, created_at)
    SELECT id, id, 1 + id % 299, account_id, '{{}}', '', 'spam', '{{}}', now() FROM cases WHERE id >= 10000;
INSERT INTO case_events (case_id, seq, at, kind, data, previous, hash)
    SELECT id, 1, now(), 'opened', '{{}}', '', '' FROM cases WHERE id >= 10000;
INSERT INTO prints SELECT id, '{{}}', '', now() FROM cases;
INSERT INTO print_bands SELECT id, id FROM cases;
INSERT INTO jurors SELECT id, '', now() FROM generate_series(1, 3000) id;
INSERT INTO jury_panels (id, state, seed, commitment, committed_at, case_id, question, seats, votes, called_at, drawn_at,
                         closes_at, closed_at, outcome)
    SELECT id, CASE WHEN id = 1 THEN 'next' WHEN id = 507 THEN 'open' ELSE 'closed' END, '', '', now(), id, 'uphold', 6, 4,
           now(), now(), now(), CASE WHEN id <> 507 THEN now() - id * interval '1 day' END, 'uphold'
    FROM generate_series(1, 2000) id;
INSERT INTO jury_seats (panel_id, seat, account_id, juror, drawn_at, due_at)
    SELECT id, seat, 1 + (id + seat * 41) % 300, '', now(), now() + interval '1 hour'
    FROM generate_series(1, 2000) id, generate_series(1, 6) seat;
UPDATE jury_seats SET account_id = 7 WHERE panel_id = 507 AND seat = 1;
INSERT INTO jury_ballots SELECT panel_id, seat, 'uphold', '', '', now() FROM jury_seats WHERE panel_id <> 507;
"""
ME, SOMEBODY, POST, PANEL = 7, 8, 3007, 507
STAFF = accounts.Caller(ME, 0, None, (), role="moderator")
_ADDRESSES = (f"/statuses/{POST}", "/statuses/9999999", "/@user8", "/media/posts/x.png", "/nowhere")
_NOTICE = notices.Sent(
    "host", [notices.Line(f"https://talk.example{each}") for each in _ADDRESSES], email="abuse@host.example"
)


class Explaining(Conn):
    """Before each statement asks how PostgreSQL would go about it."""

    __slots__ = ("plans",)

    def __init__(self, raw: Any) -> None:
        super().__init__(raw)
        self.plans: list[tuple[str, Any]] = []

    async def _explain(self, sql: str, args: tuple[object, ...]) -> None:
        self.plans.append((sql, (await self._raw.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *args))[0]["Plan"]))

    @contextlib.asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What happens inside leaves nothing behind."""
        forget_pulled()
        inside = self._raw.transaction()
        await inside.start()
        try:
            yield
        finally:
            await inside.rollback()

    async def rows(self, sql: str, *args: object) -> list[Row]:
        await self._explain(sql, args)
        return await super().rows(sql, *args)

    async def row(self, sql: str, *args: object) -> Row | None:
        await self._explain(sql, args)
        return await super().row(sql, *args)

    async def value(self, sql: str, *args: object) -> Any:
        await self._explain(sql, args)
        return await super().value(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        await self._explain(sql, args)
        return await super().execute(sql, *args)


@pytest.fixture
async def conn(network: Network) -> AsyncIterator[Explaining]:
    """In a network of a few thousand posts."""
    forget_pulled()
    async with network.db.dedicated() as raw:
        await raw.set_type_codec("json", schema="pg_catalog", encoder=str, decoder=json.loads)
        await raw.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            encoder=lambda value: msgspec.json.encode(value).decode(),
            decoder=msgspec.json.decode,
        )
        transaction = raw.transaction()
        await transaction.start()
        await raw.execute(_SEED)
        await raw.execute("ANALYZE; SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan")
        yield Explaining(raw)
        await transaction.rollback()
    forget_pulled()


async def _publish_what_a_rule_holds(conn: Conn) -> None:
    conditions = {"strangers": 1, "repeats": 2, "newcomers": True, "match": "any"}
    content = {"title": "x", "words": "x", "action": "hold", "conditions": conditions}
    await conn.execute("INSERT INTO screening_rules VALUES (1, 'active', 1, 1, now(), NULL, '', now())")
    await conn.execute("INSERT INTO screening_versions VALUES (1, 1, $1, 1, now())", content)
    await conn.execute("INSERT INTO handles (handle, account_id) VALUES ('user9', 9)")
    moderation.screening.forget()
    post_id = await posts.publish(conn, ME, posts.Draft(text="@user9"))
    moderation.screening.forget()
    assert (await posts.look_at(conn, post_id, ME)).held_at


HOT: dict[str, Any] = {
    "home": lambda conn: timelines.home(conn, ME, Page()),
    "home, upwards": lambda conn: timelines.home(conn, ME, Page(min_id=3000)),
    "home, deep": lambda conn: timelines.home(conn, ME, Page(max_id=4000)),
    "local": lambda conn: timelines.local(conn, ME, Page()),
    "local, signed out": lambda conn: timelines.local(conn, None, Page()),
    "hashtag": lambda conn: timelines.hashtag(conn, "cats", ME, Page()),
    "profile": lambda conn: timelines.profile(conn, SOMEBODY, ME, Page()),
    "profile, media": lambda conn: timelines.profile(conn, SOMEBODY, ME, Page(), only_media=True),
    "profile, pinned": lambda conn: timelines.pinned(conn, SOMEBODY, ME),
    "thread": lambda conn: timelines.thread(conn, POST, ME),
    "favourites": lambda conn: timelines.favourites(conn, ME, Page()),
    "bookmarks": lambda conn: timelines.bookmarks(conn, ME, Page()),
    "notifications": lambda conn: notifications.browse(conn, ME, Page(), notifications.Selection()),
    "notifications, grouped": lambda conn: notifications.browse_groups(conn, ME, Page(), notifications.Selection()),
    "notifications, unread": lambda conn: notifications.unread(conn, ME),
    "post": lambda conn: posts.look_at(conn, POST, ME),
    "favourited by": lambda conn: posts.favourited_by(conn, POST, ME, Page()),
    "boosted by": lambda conn: posts.boosted_by(conn, POST, ME, Page()),
    "history": lambda conn: posts.history(conn, POST, ME),
    "tag": lambda conn: posts.tag_use(conn, "cats"),
    "a file": lambda conn: media.may_serve(conn, f"posts/{POST}-small.png"),
    "an avatar": lambda conn: accounts.may_serve(conn, "avatars/7-square.png"),
    "favourite": lambda conn: posts.favourite(conn, ME, POST),
    "unfavourite": lambda conn: posts.unfavourite(conn, ME, POST),
    "bookmark": lambda conn: posts.bookmark(conn, ME, POST),
    "boost": lambda conn: posts.boost(conn, ME, POST),
    "unboost": lambda conn: posts.unboost(conn, 1 + 3009 % 300, POST),
    "pin": lambda conn: posts.pin(conn, 1 + POST % 300, POST),
    "mute a thread": lambda conn: posts.mute_thread(conn, ME, POST),
    "search": lambda conn: search.posts(conn, "bread", ME, Page()),
    "search, narrow": lambda conn: search.posts(
        conn, '"bread" -oven from:me #tag3 lang:fr after:2020-01-01', ME, Page()
    ),
    "search people": lambda conn: search.people(conn, "user4", ME),
    "search people, misspelt": lambda conn: search.people(conn, "usre4", ME),
    "search people, followed": lambda conn: search.people(conn, "user4", ME, following=True),
    "complete a mention": lambda conn: search.complete(conn, "us", ME),
    "search tags": lambda conn: search.tags(conn, "tag1"),
    "suggestions": lambda conn: search.suggestions(conn, ME, 40),
    "directory": lambda conn: search.directory(conn, by="active", offset=0, limit=40),
    "my appeals": lambda conn: moderation.appeals.mine(conn, moderation.appeals.Appellant(account_id=ME)),
    "letters": lambda conn: moderation.letters(conn, ME),
    "what is to be judged blind": lambda conn: moderation.review.mine(conn, STAFF),
    "what holds for a domain": lambda conn: domains.policy(conn, "talk.bad.example"),
    "a juror's seats": lambda conn: jury.my_seats(conn, ME),
    "a juror's record": lambda conn: jury.my_record(conn, ME),
    "juries": lambda conn: jury.panels(conn, Page()),
    "juries ready": lambda conn: jury.ready(conn),
    "a jury": lambda conn: jury.panel(conn, PANEL),
    "juries' figures": lambda conn: jury.figures(conn),
    "what a juror judges": lambda conn: jury.brief(conn, ME, PANEL),
    "vote": lambda conn: jury.vote(conn, ME, PANEL, "uphold", "Because it is so."),
    "publish": lambda conn: posts.publish(conn, ME, posts.Draft(text="#cats @user8", in_reply_to_id=POST), key="k"),
    "publish what a rule holds": _publish_what_a_rule_holds,
    "edit": lambda conn: posts.edit(conn, 1 + POST % 300, POST, posts.Revision(text="#dogs")),
    "notify": lambda conn: notices.receive(conn, _NOTICE),
    "answer notices": lambda conn: closing.answer_notices(conn, Decided(5, 1, [])),
    "keep a record": lambda conn: notices.senders.keep_record(conn, Decided(5, 1, [])),
    "notices, waiting": lambda conn: notices.waiting(conn, STAFF, "host"),
    "notices, answered": lambda conn: notices.closed(conn, STAFF, Page()),
    "the queue": lambda conn: triage.queue(conn, STAFF),
    "the queue, deep": lambda conn: triage.queue(conn, STAFF, after="1e11_12000_11000_3"),
    "the queue, one lane": lambda conn: triage.queue(conn, STAFF, Filter(lane="threat")),
    "the queue, due first": lambda conn: triage.queue(conn, STAFF, order="due"),
    "the queue, by words": lambda conn: triage.queue(conn, STAFF, Filter(words="word7"), order="newest"),
    "the queue, a group": lambda conn: triage.queue(conn, STAFF, Filter(group_id=10_005), order="oldest"),
    "the queue, by id": lambda conn: triage.by_id(conn, STAFF, Filter(category="spam"), Page()),
    "the queue's counts": lambda conn: triage.counts(conn, STAFF),
    "staff's menu": lambda conn: moderation.counts(conn, STAFF),
    "the next case": lambda conn: triage.take_next(conn, STAFF),
    "a moderator's desk": lambda conn: triage.desk(conn, STAFF),
    "a case weighed": lambda conn: weigh.weigh(conn, 12_345),
    "remove": lambda conn: posts.remove(conn, 1 + POST % 300, POST),
}


async def test_hot_paths_go_by_indexes(conn: Explaining) -> None:
    """All in one network, since filling it takes seconds; each is undone before the next."""
    spread = {name for tables in owners().values() for name, table in tables.items() if table.key}
    faults = []
    for path, walk in HOT.items():
        conn.plans = []
        async with conn.undone():
            await walk(conn)
        assert conn.plans, path
        faults += [f"{path}: {found} in {sql}" for sql, plan in conn.plans for found in _scans(plan, spread)]
    assert not faults, "\n".join(faults)


def _scans(plan: Any, tables: set[str]) -> Iterator[str]:
    kind, table = plan["Node Type"], plan.get("Relation Name")
    if kind == "Seq Scan" and table in tables:
        yield f"{table} is scanned"
    if kind in ("Index Scan", "Index Only Scan") and table in tables and "Index Cond" not in plan:
        yield f"all of {plan['Index Name']} is walked"
    if kind == "Bitmap Index Scan" and "Index Cond" not in plan:
        yield f"all of {plan['Index Name']} is walked"
    for part in plan.get("Plans", ()):
        yield from _scans(part, tables)


async def test_a_scan_would_be_noticed(conn: Explaining) -> None:
    await conn.rows("SELECT * FROM posts WHERE text = $1", "x")
    await conn.rows("SELECT * FROM favourites WHERE post_author_id = $1", 5)
    await conn.rows("SELECT * FROM posts ORDER BY id LIMIT 5")
    assert all(list(_scans(plan, {"posts", "favourites"})) for _, plan in conn.plans)


async def test_a_home_page_costs_at_most_six_statements(conn: Explaining) -> None:
    assert (await timelines.home(conn, ME, Page())).posts
    assert conn.statements <= 6, [sql for sql, _ in conn.plans]
