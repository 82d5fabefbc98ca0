"""gettext for templates: sentences are HTML, whatever is put into them is escaped."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from markupsafe import Markup

from palabre.base import i18n


@cache
def words(lang: str) -> Mapping[str, Callable[..., Markup]]:
    """`_`, `ngettext`, `pgettext` and `npgettext` in a language. Placeholders are keyword arguments, as %(name)s."""
    source = i18n.translator(lang)

    @lru_cache(maxsize=2048)
    def said(message: str) -> Markup:
        return Markup(source.gettext(message))  # noqa: S704 — ours, never a member's

    def gettext(message: str, **values: object) -> Markup:
        return said(message) % values if values else said(message)

    def pgettext(context: str, message: str, **values: object) -> Markup:
        return Markup(source.pgettext(context, message)) % values  # noqa: S704

    def ngettext(singular: str, plural: str, n: int, **values: object) -> Markup:
        return Markup(source.ngettext(singular, plural, n)) % {"num": n, **values}  # noqa: S704

    def npgettext(context: str, singular: str, plural: str, n: int, **values: object) -> Markup:
        return Markup(source.npgettext(context, singular, plural, n)) % {"num": n, **values}  # noqa: S704

    return {"_": gettext, "ngettext": ngettext, "pgettext": pgettext, "npgettext": npgettext}
