"""The words on the stones: pages in every language of the community that Palabre speaks, and ActivityPub's own."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markdown_it import MarkdownIt
from markupsafe import Markup

from palabre.base import i18n
from palabre.base.clock import iso
from palabre.features.instance import Instance
from palabre.settings import current

_HERE = Path(__file__).parent
_markdown = MarkdownIt("commonmark", {"html": False})


class Stones:
    """Writes the pages of one community; what is the same on all of them is said once."""

    def __init__(self, about: Instance, at: datetime, languages: Sequence[str]) -> None:
        self._at = at
        self._values = {
            "network": about.name,
            "domain": current().name,
            "at": at,
            "message": Markup(_markdown.render(about.end.message if about.end else "")),  # noqa: S704 - html is off
            "voices": [_voice(lang) for lang in languages],
            "lang": languages[0],
            "contact": about.contact_email,
        }

    def page(self, template: str, **values: object) -> bytes:
        return _environment().get_template(template).render(**self._values, **values).encode()

    def tombstone(self, uri: str, former: str, published: datetime) -> bytes:
        """What another server of the fediverse is told."""
        return msgspec.json.encode(
            {
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": uri,
                "type": "Tombstone",
                "formerType": former,
                "published": iso(published),
                "deleted": iso(self._at),
            }
        )


def languages_of(about: Instance) -> list[str]:
    """Those of the community's languages that the pages' words exist in; at least one."""
    return [lang for lang in about.languages if lang in i18n.available()] or [i18n.SOURCE]


def _voice(lang: str) -> dict[str, Any]:
    say = i18n.translator(lang)

    def gettext(message: str, **more: object) -> str:
        return say.gettext(message) % more if more else say.gettext(message)

    return {"lang": lang, "dir": i18n.direction(lang), "say": gettext, "day": lambda when: i18n.date(when, lang)}


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
