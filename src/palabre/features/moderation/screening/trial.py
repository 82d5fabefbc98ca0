"""Dry runs: what a rule would have done to last week's posts, batch by batch in the background."""

from datetime import timedelta

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.base.errors import NotFound, Refused
from palabre.features import posts
from palabre.features.accounts import Caller
from palabre.features.moderation.rules import check_staff
from palabre.features.moderation.screening import facts, match, store
from palabre.features.moderation.screening.match import Ready, Text
from palabre.features.moderation.screening.model import Content, Facts, Trial
from palabre.features.posts import PostView
from palabre.features.posts.gate import Writing

DAYS = timedelta(days=7)
_BATCH = 500
_SAMPLES = 20
_MOST_AUTHORS = 10_000


class Batch(msgspec.Struct, frozen=True):
    rule_id: int
    version: int
    after: int
    end: int


async def start(conn: Conn, by: Caller, rule_id: int) -> None:
    """Try the newest version of a rule on the posts of the last seven days."""
    check_staff(by)
    row = await store.rule(conn, rule_id, lock=True)
    if row is None:
        raise NotFound
    running = await store.trial(conn, rule_id, row["version"])
    at = clock.now()
    if running and not running["finished_at"] and at - running["started_at"] < timedelta(minutes=10):
        raise Refused("It is being tried already", code="trying")
    first, end = ids.first_at(at - DAYS), ids.first_at(at + timedelta(milliseconds=1))
    await store.start_trial(conn, rule_id, row["version"], at)
    await put(conn, try_batch, Batch(rule_id, row["version"], first, end))


@duty
async def try_batch(conn: Conn, batch: Batch) -> None:
    row = await store.trial(conn, batch.rule_id, batch.version, lock=True)
    version = await store.version(conn, batch.rule_id, batch.version)
    if row is None or version is None or row["finished_at"]:
        return
    rule = match.ready(batch.rule_id, batch.version, msgspec.convert(version["content"], Content))
    total = row["total"] or await store.count_written(conn, batch.after, batch.end)
    written = await store.written(conn, batch.after, batch.end, _BATCH)
    hits, newcomers = row["hits"], row["newcomers"]
    authors, samples = dict.fromkeys(row["authors"]), list(row["samples"])
    for post in written:
        known = await _hit(conn, rule, post)
        if known is None:
            continue
        hits += 1
        newcomers += known.new(rule.conditions, post["created_at"])
        if len(authors) < _MOST_AUTHORS:
            authors[post["author_id"]] = None
        if len(samples) < _SAMPLES and post["visibility"] in ("public", "unlisted"):
            samples.append(post["id"])
    done = len(written) < _BATCH
    await store.update_trial(
        conn,
        batch.rule_id,
        batch.version,
        total=total,
        seen=row["seen"] + len(written),
        hits=hits,
        newcomers=newcomers,
        authors=list(authors),
        samples=samples,
        finished_at=clock.now() if done else None,
    )
    if not done:
        await put(conn, try_batch, Batch(batch.rule_id, batch.version, written[-1]["id"], batch.end))


async def _hit(conn: Conn, rule: Ready, post: Row) -> Facts | None:
    """Of its author, if the rule would have hit this post."""
    writing = Writing(
        post["author_id"],
        "\n".join(filter(None, [post["spoiler"], post["text"], *post["described"]])),
        post["visibility"],
        post["language"],
        post["audience"],
        len(post["described"]),
        post["sensitive"],
        post["created_at"],
    )
    if not match.concerns(rule, writing):
        return None
    met = match.seen(rule, Text(writing))
    wanted = match.needs(rule.conditions, met)
    if not wanted and not match.hits(rule.conditions, met):
        return None
    known = await facts.of(conn, writing, post["id"], max(rule.conditions.newcomer_posts, 1))
    if known is None or match.spares(rule, known, writing):
        return None
    met |= await facts.look_up(conn, rule, writing, wanted, post["id"]) if wanted else {}
    return known if match.hits(rule.conditions, met) else None


def of(row: Row | None) -> Trial | None:
    if row is None:
        return None
    names = ("version", "started_at", "finished_at", "total", "seen", "hits", "newcomers", "samples")
    return Trial(**{name: row[name] for name in names}, authors=len(row["authors"]))


async def samples(conn: Conn, trial: Trial) -> list[PostView]:
    """Posts that it would have hit, of those that everybody may see."""
    return await posts.look(conn, trial.samples, None)
