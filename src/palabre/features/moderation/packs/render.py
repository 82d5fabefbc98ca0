"""Pages that stand alone: no sheet, picture or script from elsewhere; to be sent, kept and printed."""

from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2

from palabre.base import i18n
from palabre.features.moderation.packs.names import names


def render(template: str, lang: str, **values: object) -> bytes:
    say = i18n.translator(lang)

    def gettext(message: str, **more: object) -> str:
        return say.gettext(message) % more if more else say.gettext(message)

    def moment(when: datetime) -> str:
        return i18n.moment(when, lang)

    page = _environment().get_template(template)
    html = page.render(lang=lang, dir=i18n.direction(lang), _=gettext, moment=moment, names=names(lang), **values)
    return html.encode()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
