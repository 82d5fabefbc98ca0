"""Templates into HTML, in the reader's language.

Every page gets the values of `page()`; what a page needs besides is said at the top of its template.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from palabre.base import i18n
from palabre.entrypoints.web.assets import url_for_static
from palabre.entrypoints.web.words import words

TEMPLATES = Path(__file__).parent / "templates"
THEMES = ("auto", "light", "dark")
#: Whether a page is made to be read at any time: then it gives dates instead of how long ago.
lasting: ContextVar[bool] = ContextVar("lasting", default=False)


def page(
    template: str,
    *,
    lang: str,
    instance: object,
    path: str = "/",
    me: object | None = None,
    theme: str = "auto",
    unread: int = 0,
    letters_unread: int = 0,
    restricted: bool = False,
    terms_from: datetime | None = None,
    flashes: Sequence[object] = (),
    **values: Any,
) -> str:
    """One page or fragment as HTML.

    `me` is the signed-in account, `path` the address asked for, `letters_unread` how many from the moderators
    wait unread, `restricted` that he is suspended and only gets at little, `terms_from` when terms begin to bind that
    were announced, `flashes` what to tell the reader first:
    objects with kind ("done", "note" or "problem"), text and undo (None, or an object with action and fields).
    """
    return (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            dir=i18n.direction(lang),
            theme=theme,
            instance=instance,
            path=path,
            me=me,
            unread=unread,
            letters_unread=letters_unread,
            restricted=restricted,
            terms_from=terms_from,
            flashes=flashes,
            now=datetime.now(UTC),
            **words(lang),
            **values,
        )
    )


@cache
def environment() -> jinja2.Environment:
    """The one template environment. Undefined names are errors, so that a typo cannot hide as blank space."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals.update(url_for_static=url_for_static, icon=icon, site_languages=i18n.available())
    env.filters.update(
        ago=_ago,
        relative=_relative,
        day=_day,
        moment=_moment,
        iso=_iso,
        stamp=_stamp,
        number=_number,
        compact=_compact,
        filesize=_filesize,
        language=_language,
        focal=focal,
        own_name=_own_name,
    )
    return env


def focal(x: float, y: float) -> str:
    """The classes that keep a picture's focal point (-1…1 on both axes, y upwards) in sight when it is cropped."""
    return f"fx-{round((_within(x) + 1) * 2)} fy-{round((1 - _within(y)) * 2)}"


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))


@cache
def icon(name: str, kind: str = "") -> Markup:
    """A picture of the sprite. `kind`: further classes, such as "turns" for those that point along the line."""
    sprite = url_for_static("icons.svg")
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        f"icon {kind}".strip(), sprite, name
    )


@pass_context
def _ago(ctx: Context, when: datetime) -> str:
    return i18n.date(when, ctx["lang"]) if lasting.get() else i18n.ago(when, ctx["lang"], ctx["now"])


@pass_context
def _relative(ctx: Context, when: datetime) -> str:
    if lasting.get():
        return i18n.date(when, ctx["lang"])
    return i18n.relative(when, ctx["lang"], ctx["now"])


@pass_context
def _day(ctx: Context, when: datetime) -> str:
    return i18n.date(when, ctx["lang"])


@pass_context
def _moment(ctx: Context, when: datetime) -> str:
    return i18n.moment(when, ctx["lang"])


@pass_context
def _stamp(ctx: Context, when: datetime) -> Markup:
    """How long ago, with the whole moment for whoever points at it."""
    tag = Markup('<time datetime="{}" title="{}">{}</time>')
    return tag.format(_iso(when), i18n.moment(when, ctx["lang"]), _ago(ctx, when))


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pass_context
def _number(ctx: Context, value: int) -> str:
    return i18n.number(value, ctx["lang"])


@pass_context
def _filesize(ctx: Context, value: int) -> str:
    return i18n.filesize(value, ctx["lang"])


@pass_context
def _compact(ctx: Context, value: int) -> str:
    return i18n.compact(value, ctx["lang"])


def _own_name(code: str) -> str:
    """What a language calls itself."""
    return i18n.language_name(code, code).capitalize()


@pass_context
def _language(ctx: Context, code: str) -> str:
    return i18n.language_name(code, ctx["lang"])
