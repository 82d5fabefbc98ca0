"""What a copy says of itself."""

from markupsafe import Markup

from palabre.base import i18n
from palabre.entrypoints.web.render import icon
from palabre.static_site.wish import Wish


class Words:
    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._gettext = i18n.translator(wish.language).gettext

    def notice(self, address: str) -> str:
        """On the front page since when and why; on the others the way there, so that they stay as they are."""
        return self._front() if address == "/" else self._elsewhere()

    def _front(self) -> str:
        _ = self._gettext
        said = _(
            "This is a copy of %(when)s, made to be read while the network itself is away. Nothing can be sent here."
        ) % {"when": i18n.moment(self._wish.at, self._wish.language)}
        why = Markup('<br><span dir="auto">{}</span>').format(self._wish.why) if self._wish.why else ""
        return str(Markup('<p class="callout">{}<span>{}{}</span></p>').format(icon("info"), said, why))

    def _elsewhere(self) -> str:
        _ = self._gettext
        said = _("This is a copy, to be read only."), _("Since when, and why")
        return str(Markup('<p class="callout">{}<span>{} <a href="/">{}</a></span></p>').format(icon("info"), *said))
