"""Publishing a post, and editing it: both check, store and render it, then say what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock, events, ids, text
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.errors import NotFound, Refused
from palabre.base.origin import SENTINEL
from palabre.features import accounts
from palabre.features.posts import fragment, gate, media, rules, store
from palabre.features.posts.events import PostEdited, PostLanguageFound, PostPublished
from palabre.features.posts.language import guess_language
from palabre.features.posts.look import look_at
from palabre.features.posts.view import PostView
from palabre.settings import current

_LONGEST_CHARACTER = (
    100  # code points a character counted: a URL counts 23, some emoji are ten; taking apart more is slow
)
#: Posts brought along keep what was allowed where they were written.
MOST_BROUGHT_LENGTH = 10_000
MOST_BROUGHT_MEDIA = 16


class Draft(msgspec.Struct, frozen=True):
    """A post as its author wrote it. `quiet`: brought along from elsewhere, nobody is told; it may be longer.
    `insisted`: he was asked to think again, and has.
    """

    text: str = ""
    spoiler: str = ""
    visibility: str = "public"
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    media_ids: Sequence[int] = ()
    client_id: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    quiet: bool = False
    insisted: bool = False


async def publish(conn: Conn, author_id: int, draft: Draft, *, key: str | None = None) -> int:
    """The new post's id. The same `key` again gives the id of the post it made before, and makes none.

    Raises Refused for a draft that breaks a rule, NotFound for a parent or attachment that isn't the author's to use,
    ThinkAgain where its author is asked whether he means it. What the gate holds is stored, and told to nobody.
    """
    body, spoiler = _checked(draft.text, draft.spoiler, draft.media_ids, draft.visibility, draft.quiet)
    at = draft.created_at or clock.now()
    post_id = ids.new(at)
    if key and (earlier := await store.claim_key(conn, author_id, key, post_id)):
        return earlier
    parent = await _answered(conn, author_id, draft.in_reply_to_id) if draft.in_reply_to_id is not None else None
    post: dict[str, Any] = {
        "author_id": author_id,
        "id": post_id,
        "visibility": draft.visibility,
        "text": body,
        "spoiler": spoiler,
        "sensitive": draft.sensitive or bool(spoiler),
        "language": rules.language_code(draft.language),
        "in_reply_to_id": parent.id if parent else None,
        "in_reply_to_author_id": parent.author_id if parent else None,
        "thread_id": parent.thread_id if parent else post_id,
        "reblog_of_id": None,
        "reblog_of_author_id": None,
        "client_id": draft.client_id,
        "created_at": at,
        "edited_at": draft.edited_at,
        "quiet": draft.quiet,
        "held_at": None,
    }
    attached = await media.attach(conn, author_id, post_id, draft.media_ids) if draft.media_ids else []
    tags = await _render(conn, post, attached)
    verdict = gate.PASS if draft.quiet else await gate.check(conn, _writing(post, attached, insisted=draft.insisted))
    post["held_at"] = clock.now() if verdict.held else None
    await store.insert(conn, post)
    if not verdict.held:
        await _set_tags(conn, post, tags, fresh=True)
        await tally(conn, post, 1)
        await events.record(conn, PostPublished(post_id, author_id, draft.quiet))
    if verdict.then:
        await verdict.then(conn, post_id)
    return post_id


def _writing(post: Mapping[str, Any], attached: Sequence[Any], **more: Any) -> gate.Writing:
    """A row of the table `posts`, or what will become one, as the gate looks at it."""
    described = [row["description"] for row in attached]
    return gate.Writing(
        post["author_id"],
        "\n".join(filter(None, [post["spoiler"], post["text"], *described])),
        post["visibility"],
        post["language"],
        post["audience"],
        len(attached),
        post["sensitive"],
        clock.now(),
        **more,
    )


async def _answered(conn: Conn, author_id: int, post_id: int) -> PostView:
    """The post a reply is to: the original, where somebody answers a boost. Raises NotFound."""
    parent = await look_at(conn, post_id, author_id)
    parent = parent.reblog or parent
    if parent.held_at:
        raise Refused("What you are answering still waits for a moderator", code="held")
    if not await store.hold(conn, parent.author_id, parent.id):
        raise NotFound
    return parent


async def tally(conn: Conn, post: Mapping[str, Any], change: int) -> None:
    """Count a post in (1) or out (-1) where it shows: with its author and under what it answers."""
    if post["visibility"] != "direct":
        at = post["created_at"] if change > 0 else None
        await accounts.count(conn, post["author_id"], posts=change, at=at)
    if post["in_reply_to_id"] and rules.counts_as_reply(post["visibility"]):
        await store.count(conn, post["in_reply_to_author_id"], post["in_reply_to_id"], replies=change)


class Described(msgspec.Struct, frozen=True):
    """New words and focal point for an attachment; None leaves what was there."""

    media_id: int
    description: str | None = None
    focus: tuple[float, float] | None = None


class Revision(msgspec.Struct, frozen=True):
    """What an edit leaves: the whole new state of what may be edited."""

    text: str = ""
    spoiler: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: Sequence[int] = ()
    described: Sequence[Described] = ()
    insisted: bool = False


async def edit(conn: Conn, author_id: int, post_id: int, revision: Revision) -> None:
    """Replace what a post says; what it said before stays in its history. Raises NotFound for somebody else's post,
    ThinkAgain, and WouldWait for a change that a moderator would have to read first.
    """
    row = await store.own(conn, author_id, post_id)
    if row is None or row["reblog_of_id"] or row["withheld_at"]:
        raise NotFound
    if row["held_at"]:
        raise Refused("This post waits for a moderator: delete it and write it anew to change it", code="held")
    body, spoiler = _checked(revision.text, revision.spoiler, revision.media_ids, row["visibility"], row["quiet"])
    before = dict(row)
    had = _writing(before, await media.of_post(conn, author_id, post_id))
    for each in revision.described:
        if each.media_id in revision.media_ids:
            await media.describe(conn, author_id, each.media_id, each.description, each.focus, attached=True)
    attached = await media.attach(conn, author_id, post_id, revision.media_ids)
    post = before | {
        "text": body,
        "spoiler": spoiler,
        "sensitive": revision.sensitive or bool(spoiler),
        "language": rules.language_code(revision.language) or before["language"],
    }
    await _render(conn, post, attached)
    if post["fragment"] == before["fragment"]:
        return
    new = _writing(post, attached, insisted=revision.insisted, edits=post_id, before=had)
    verdict = gate.PASS if row["quiet"] else await gate.check(conn, new)
    post["edited_at"] = clock.now()
    tags = await _render(conn, post, attached)
    written_at = before["edited_at"] or before["created_at"]
    await store.add_revision(conn, author_id, post_id, ids.new(), before["fragment"], written_at)
    changed = ("text", "spoiler", "sensitive", "language", "edited_at", "audience", "tags", "has_media", "fragment")
    await store.update(conn, author_id, post_id, **{name: post[name] for name in changed})
    await _set_tags(conn, post, tags)
    await events.record(conn, PostEdited(post_id, author_id))
    if verdict.then:
        await verdict.then(conn, post_id)


async def rerender(conn: Conn, author_id: int, post_id: int) -> None:
    """Render the stored JSON anew, after something it is made of has changed."""
    row = await store.own(conn, author_id, post_id)
    if row is None or row["reblog_of_id"]:
        return
    post = dict(row)
    tags = await _render(conn, post, await media.of_post(conn, author_id, post_id))
    await store.update(conn, author_id, post_id, fragment=post["fragment"])
    await _set_tags(conn, post, tags)


async def _set_tags(conn: Conn, post: Mapping[str, Any], tags: dict[str, str], *, fresh: bool = False) -> None:
    """What hashtag pages find: of public posts only, and of none that is withheld."""
    shown = post["visibility"] == "public" and not post.get("withheld_at") and not post.get("held_at")
    await store.set_tags(conn, post["author_id"], post["id"], tags if shown else {}, fresh=fresh)


@duty
async def find_language(conn: Conn, event: PostPublished) -> None:
    """Say which language a post is in, where its author didn't. By the workers, since the model takes memory."""
    row = await store.own(conn, event.author_id, event.post_id)
    if row is None or row["language"] or not row["text"]:
        return
    if found := guess_language(row["text"], None):
        post = dict(row) | {"language": found}
        await _render(conn, post, await media.of_post(conn, event.author_id, event.post_id) if row["has_media"] else [])
        await store.update(conn, event.author_id, event.post_id, language=found, fragment=post["fragment"])
        await events.record(conn, PostLanguageFound(event.post_id, event.author_id))


def _checked(body: str, spoiler: str, media_ids: Sequence[int], visibility: str, brought: bool) -> tuple[str, str]:
    body, spoiler = clean(body), clean(spoiler)
    limit, most_media = current().post_length, current().post_media
    if brought:
        limit, most_media = max(limit, MOST_BROUGHT_LENGTH), max(most_media, MOST_BROUGHT_MEDIA)
    if not body and not media_ids and not spoiler:
        raise Refused("can't be blank", field="text", code="blank")
    if len(body) + len(spoiler) > limit * _LONGEST_CHARACTER or text.length(body) + text.length(spoiler) > limit:
        raise Refused(f"character limit of {limit} exceeded", field="text", code="too_long")
    if visibility not in rules.VISIBILITIES:
        raise Refused("is not included in the list", field="visibility", code="inclusion")
    if len(media_ids) > most_media:
        raise Refused(f"Cannot attach more than {most_media} files", field="media_ids", code="too_many")
    return body, spoiler


async def _render(conn: Conn, post: dict[str, Any], attached: Sequence[Any]) -> dict[str, str]:
    """Fill in what follows from the text: audience, tags, fragment. Returns the tags, folded -> as written."""
    parsed = text.parse(post["text"])
    mentioned = await accounts.mentioned(conn, parsed)
    tags = {tag.key: tag.name for tag in parsed.tags}
    author = (await accounts.look(conn, [post["author_id"]]))[post["author_id"]]
    post["audience"] = list({view.id for view in mentioned.values()})
    post["tags"] = list(tags)
    post["has_media"] = bool(attached)
    post["fragment"] = fragment.render(
        post,
        username=author.public.username,
        content=text.render(parsed, accounts.targets(mentioned), _tag_url),
        media=attached,
        mentions={view.id: view for view in mentioned.values()}.values(),
        tags=tags,
        application=await store.app_of(conn, post["client_id"]),
    )
    return tags


def _tag_url(tag: str) -> str:
    return f"{SENTINEL}/tags/{tag}"
