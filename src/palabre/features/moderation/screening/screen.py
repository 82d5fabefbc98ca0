"""Who stands at the gate of posts: finds the rules that hit, and what follows from them."""

from datetime import timedelta
from typing import Any

import msgspec
import structlog

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.duties import put
from palabre.features import posts
from palabre.features.moderation.screening import alarm, facts, hits, loaded, match, rules, store, waiting
from palabre.features.moderation.screening.match import Ready, Text
from palabre.features.moderation.screening.model import Facts
from palabre.features.posts.gate import PASS, ThinkAgain, Verdict, WouldWait, Writing
from palabre.settings import current

_log = structlog.get_logger()


class Found(msgspec.Struct, frozen=True):
    """A rule that hits, and what it saw."""

    rule: Ready
    variables: dict[str, Any]

    @property
    def action(self) -> str:
        return self.rule.content.action


async def screen(conn: Conn, writing: Writing) -> Verdict:
    """The gate. Raises ThinkAgain, WouldWait."""
    active = await loaded.active(conn)
    found = await find(conn, writing, active) if active else []
    if not found:
        return PASS
    held = [one for one in found if one.action == "hold"]
    if held and writing.edits:
        raise WouldWait(held[0].rule.content.title, held[0].rule.content.words)
    asking = [one for one in found if one.action == "ask"]
    if asking and not await _has_thought(conn, writing):
        raise _think_again(writing, asking)

    async def then(conn: Conn, post_id: int) -> None:
        await _follow_up(conn, writing.author_id, post_id, found)

    return Verdict(held=bool(held), then=then)


async def find(conn: Conn, writing: Writing, active: list[Ready]) -> list[Found]:
    """The rules that hit a post. One that fails hits nothing, and its staff hear of it: it can't stop anybody."""
    text, before = Text(writing), Text(writing.before) if writing.before else None
    found: list[Found] = []
    known: Facts | None = None
    for rule in active:
        if not match.concerns(rule, writing):
            continue
        met, failed = _seen(rule, text)
        if failed:
            await put(conn, alarm.report_trouble, alarm.Trouble(rule.id, failed))
        if before and met == _seen(rule, before)[0] and not _news(rule, writing):
            continue
        wanted = match.needs(rule.conditions, met)
        if not wanted and not match.hits(rule.conditions, met):
            continue
        known = known or await facts.of(conn, writing)
        if known is None or match.spares(rule, known, writing):
            continue
        met |= await facts.look_up(conn, rule, writing, wanted) if wanted else {}
        if match.hits(rule.conditions, met):
            found.append(Found(rule, variables(writing, known, met)))
    return found


def _news(rule: Ready, writing: Writing) -> bool:
    """Whether an edit brings the rule something beside the words it looks for: people mentioned anew, or, where it
    looks for nothing in particular, anything.
    """
    if not match.asked(rule.conditions):
        return writing.before is None or writing.text != writing.before.text
    named = set(writing.audience) - set(writing.before.audience if writing.before else ())
    return rule.conditions.strangers is not None and bool(named)


def _seen(rule: Ready, text: Text) -> tuple[dict[str, Any], str]:
    """What meets the rule, and what went wrong."""
    slow = len(text.slow)
    try:
        met = match.seen(rule, text)
    except Exception as error:
        _log.exception("screening_rule_failed", rule=rule.id)
        return {}, str(error) or type(error).__name__
    return met, f"{text.slow[-1]}: too slow" if len(text.slow) > slow else ""


def variables(writing: Writing, known: Facts, met: dict[str, Any]) -> dict[str, Any]:
    """What the rule saw, for its record; not the words themselves, which stand in the post."""
    return {
        "met": met,
        "visibility": writing.visibility,
        "language": writing.language,
        "mentions": len(writing.audience),
        "media": writing.media,
        "length": len(writing.text),
        "edit": writing.edits is not None,
        "account_days": (writing.at - known.created_at).days,
        "account_posts": known.posts,
        "followers": known.followers,
    }


async def _has_thought(conn: Conn, writing: Writing) -> bool:
    """Whether the author was asked about these words already."""
    if writing.insisted:
        return True
    words = rules.fingerprint(writing.text, writing.edits)
    since = clock.now() - timedelta(minutes=current().think_again_minutes)
    return await store.asked_since(conn, writing.author_id, words, since)


def _think_again(writing: Writing, asking: list[Found]) -> ThinkAgain:
    content = asking[0].rule.content

    async def remember(conn: Conn) -> None:
        words = rules.fingerprint(writing.text, writing.edits)
        await store.remember_asked(conn, writing.author_id, words, clock.now())
        for one in asking:
            await hits.record(conn, one.rule, writing.author_id, one.variables)

    why = ThinkAgain(content.title, content.words, current().think_again_minutes)
    why.afterwards = remember
    return why


async def _follow_up(conn: Conn, author_id: int, post_id: int, found: list[Found]) -> None:
    """Hold it, or change how it is shown, once for each kind of deed. What fails undoes itself alone."""
    held = [one for one in found if one.action == "hold"]
    chosen = {one.action: one for one in reversed(held or found) if one.action != "ask"}
    try:
        async with conn.savepoint():
            for action, first in chosen.items():
                case_id = await waiting.bring(conn, author_id, post_id, first.rule, first.variables)
                for one in found:
                    if one.action == action:
                        await hits.record(conn, one.rule, author_id, one.variables, post_id, case_id)
    except Exception as error:
        _log.exception("screening_failed", post=post_id)
        if held:
            await posts.release(conn, author_id, post_id, rename=False)
        for one in chosen.values():
            await put(conn, alarm.report_trouble, alarm.Trouble(one.rule.id, str(error) or type(error).__name__))
