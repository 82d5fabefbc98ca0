"""What the form for writing is filled with."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import msgspec

from palabre.base import i18n
from palabre.base.db import Row
from palabre.base.errors import Refused
from palabre.base.images.sniffing import ImageRefused
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web import choices, present
from palabre.entrypoints.web.forms import complaint
from palabre.entrypoints.web.pages import language, words
from palabre.features import accounts, instance, posts
from palabre.features.posts import PostView
from palabre.features.posts.fragment import attachment
from palabre.features.posts.view import PublicMedia
from palabre.settings import current

Draft = SimpleNamespace
_ORDER = ("public", "unlisted", "private", "direct")


async def writing(request: Request, draft: Draft) -> dict[str, Any]:
    """The values of every page that has the form."""
    return {"draft": draft, "limits": limits(), "languages": await _languages(request, draft.language)}


def limits() -> SimpleNamespace:
    return SimpleNamespace(characters=current().post_length, pictures=current().post_media)


def empty(request: Request, **values: Any) -> Draft:
    """A new post as its author likes them to begin."""
    likes = accounts.preferences_of(request.me.preferences)
    begun = {
        "text": "",
        "spoiler": "",
        "sensitive": likes.sensitive,
        "visibility": likes.visibility,
        "language": likes.language or "",
        "media": [],
        "reply_to": "",
        "id": "",
        "asked": None,
    }
    return SimpleNamespace(**(begun | values))


async def answer(request: Request, post: PostView) -> Draft:
    """An answer to a post: to all in the conversation, and no louder than the post itself."""
    draft = empty(request, reply_to=str(post.id), spoiler=post.public.spoiler_text)
    draft.visibility = max(draft.visibility, post.visibility, key=_ORDER.index)
    named = {post.author_id: post.author.public.acct} | {int(who.id): who.acct for who in post.public.mentions}
    draft.text = "".join(f"@{acct} " for account_id, acct in named.items() if account_id != request.viewer_id)
    return draft


async def of_post(request: Request, post: PostView) -> Draft:
    """One's own post as it was written."""
    source = await posts.source(request.conn, request.me.id, post.id)
    return empty(
        request,
        text=source.text,
        spoiler=source.spoiler,
        sensitive=post.public.sensitive,
        visibility=post.visibility,
        language=post.public.language or "",
        media=[present.media(item) for item in post.public.media_attachments],
        reply_to=str(post.in_reply_to_id or ""),
        id=str(post.id),
    )


def uploaded(rows: Sequence[Row]) -> list[SimpleNamespace]:
    """Uploads that no post has yet, as the form shows them."""
    return [present.media(msgspec.convert(attachment(dict(row)), PublicMedia)) for row in rows]


def problems(request: Request, why: Refused) -> dict[str, str]:
    """What is wrong with a post, by field, in the reader's words."""
    _ = words(request)
    if isinstance(why, ImageRefused):
        return {"picture": complaint(request, why)}
    if isinstance(why, posts.ThinkAgain):
        return {"text": f"{why.title}: {why.words}"}
    if isinstance(why, posts.WouldWait):
        told = _(
            "Your post stays as it was: a moderator would have to read this change first (%(title)s). You can publish it as a "
            "new post; a moderator will read it. The reason: %(words)s"
        )
        return {"text": told % {"title": why.title, "words": why.words}}
    said = {
        ("text", "blank"): _("Write something, or add a picture."),
        ("text", "too_long"): _("That is too long: at most %(count)s characters, the warning included."),
        ("media_ids", "too_many"): _("At most %(pictures)s pictures fit into a post."),
        ("media_ids", "not_found"): _("A picture has gone, or is in another post already. Please add it again."),
        ("description", None): _("A picture's description is too long."),
        (None, "not_found"): _("What you are answering has been deleted, or is not for you to see."),
    }
    known = said.get((why.field, why.code)) or said.get((why.field, None)) or why.message
    numbers = {"count": current().post_length, "pictures": current().post_media}
    return {why.field or "text": known % numbers if known is not why.message else known}


async def _languages(request: Request, chosen: str) -> list[tuple[str, str]]:
    """Recognised by itself first, then the community's languages, then others by name."""
    lang, _ = language(request), words(request)
    near = dict.fromkeys([chosen, lang, *(await instance.about(request.conn)).languages])
    near.pop("", None)
    named = [(code, i18n.language_name(code, lang)) for code in near]
    return [("", _("Recognised")), *named, *(other for other in choices.languages(lang) if other[0] not in near)]
