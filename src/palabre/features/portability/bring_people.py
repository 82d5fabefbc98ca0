"""Whom somebody followed, blocked and muted: done for those who are here."""

import asyncio
from collections.abc import Callable, Sequence

from palabre.base.db import Conn
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features import accounts, graph
from palabre.features.portability import store
from palabre.features.portability.imports import Block, DomainBlock, Follow, ListEntry, Mute, Relation, Skipped, Why
from palabre.features.portability.report import Report, Run, next_batch

_PARTS: dict[type, str] = {Follow: "follows", Block: "blocks", Mute: "mutes"}


async def take_people(run: Run, parts: Sequence[str]) -> None:
    """Doing it again changes nothing, so it is done from the start each time."""
    for part in parts:
        run.report.taken.pop(part, None)
    asked: Callable[[Relation], bool] = lambda relation: _PARTS.get(type(relation), "follows") in parts  # noqa: E731
    relations = [each for each in await asyncio.to_thread(lambda: list(run.archive.relations())) if asked(each)]
    remaining, done = iter(relations), 0
    while batch := await next_batch(remaining):
        async with run.db.transaction() as conn:
            await store.lock(conn, run.account_id)
            await run.keep(conn, await _take(run, conn, batch), len(batch))
        done += len(batch)
        run.progress("people", done, len(relations))


async def _take(run: Run, conn: Conn, batch: Sequence[Relation]) -> Report:
    news = Report()
    people = [each for each in batch if isinstance(each, Follow | Block | Mute)]
    news.skipped += [Skipped(_named(each), Why.NO_SUCH_THING) for each in batch if each not in people]
    here = await accounts.by_handles(conn, [each.handle for each in people])
    for each in people:
        if each.handle not in here:
            news.skipped.append(Skipped(_named(each), Why.NOT_HERE))
            continue
        try:
            async with conn.savepoint():
                await _do(conn, run.account_id, here[each.handle], each)
        except (NotFound, Forbidden, Refused):
            news.skipped.append(Skipped(_named(each), Why.NOT_ALLOWED))
        else:
            news.taken[_PARTS[type(each)]] += 1
    return news


async def _do(conn: Conn, account_id: int, target_id: int, relation: Follow | Block | Mute) -> None:
    match relation:
        case Follow(_, boosts, notify, languages):
            await graph.follow(
                conn, account_id, target_id, reblogs=boosts, notify=notify, languages=list(languages), quiet=True
            )
        case Block():
            await graph.block(conn, account_id, target_id)
        case Mute(_, notifications):
            await graph.mute(conn, account_id, target_id, notifications=notifications)


def _named(relation: Relation) -> str:
    match relation:
        case DomainBlock(domain):
            return f"domain block {domain}"
        case ListEntry(title, handle):
            return f"list {title}: {handle}"
        case _:
            return f"{type(relation).__name__.lower()} {relation.handle}"
