"""The pages to read an archive by: plain files that need no network, no script and nothing beside them but its pictures."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from palabre.base import i18n, origin
from palabre.features.portability.exports.notes import MEDIA, key_of
from palabre.features.posts import PostView
from palabre.settings import current

PER_PAGE = 100


class Picture(msgspec.Struct, frozen=True):
    path: str
    description: str
    width: int
    height: int


class Shown(msgspec.Struct, frozen=True):
    """A post on a page. `boosted`: whose post it is, where it is a boost."""

    url: str
    at: datetime
    visibility: str
    spoiler: str
    words: Markup
    pictures: list[Picture]
    boosted: str = ""
    edited_at: datetime | None = None
    answers: bool = False


def page_name(number: int) -> str:
    return f"posts/{number}.html"


def shown(post: PostView) -> Shown:
    """A post of one's own, with its words and pictures; of a boost, the address of what was boosted."""
    if post.reblog:
        return Shown(
            url=_reveal(post.reblog.public.url),
            at=post.created_at,
            visibility=post.visibility,
            spoiler="",
            words=Markup(),
            pictures=[],
            boosted=post.reblog.author.public.acct,
        )
    public = post.public
    return Shown(
        url=_reveal(public.url),
        at=post.created_at,
        visibility=post.visibility,
        spoiler=public.spoiler_text,
        words=Markup(_reveal(public.own_content)),  # noqa: S704 - sanitised when it was stored
        pictures=[
            Picture(f"../{MEDIA}{key}", one.description or "", one.meta.original.width, one.meta.original.height)
            for one in public.media_attachments
            if (key := key_of(one))
        ],
        edited_at=post.edited_at,
        answers=post.in_reply_to_id is not None,
    )


def posts_page(posts: Sequence[Shown], number: int, pages: int, lang: str, **values: object) -> bytes:
    return render("posts.html", lang, posts=posts, number=number, pages=pages, **values)


def render(template: str, lang: str, **values: Any) -> bytes:
    say = i18n.translator(lang)

    def gettext(message: str, **more: object) -> str:
        return say.gettext(message) % more if more else say.gettext(message)

    def ngettext(one: str, many: str, num: int, **more: object) -> str:
        return say.ngettext(one, many, num) % {"num": i18n.number(num, lang), **more}

    html = (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            dir=i18n.direction(lang),
            _=gettext,
            ngettext=ngettext,
            moment=lambda when: i18n.moment(when, lang),
            day=lambda when: i18n.date(when, lang),
            number_of=lambda value: i18n.number(value, lang),
            **values,
        )
    )
    return html.encode()


def _reveal(text: str) -> str:
    return origin.reveal_text(text, current().origin)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
