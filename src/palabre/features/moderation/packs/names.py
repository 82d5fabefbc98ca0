"""What the words of the record are called for readers, in their language."""

from collections.abc import Mapping

from palabre.base import i18n
from palabre.features.moderation.actions import ACTIONS, N_

SOURCES = {
    "member": N_("a member"),
    "notice": N_("a notice"),
    "host": N_("the host"),
    "store": N_("an app store"),
    "authority": N_("an authority"),
    "order": N_("an order"),
    "flagger": N_("a trusted flagger"),
    "flag": N_("another network"),
    "rule": N_("a rule"),
    "staff": N_("the moderators"),
}
CATEGORIES = {
    "violation": N_("Breaks a rule"),
    "threat": N_("Threat or danger"),
    "legal": N_("Against the law"),
    "spam": N_("Spam or fraud"),
    "other": N_("Something else"),
    "intimate": N_("Intimate images without consent"),
    "child": N_("Sexual abuse of children"),
}
DECIDERS = {"moderator": N_("a moderator"), "jury": N_("a jury of members"), "rule": N_("a rule")}
KINDS = {
    "opened": N_("the case was opened"),
    "raised": N_("opened without a report"),
    "reported": N_("reported"),
    "assigned": N_("taken in hand"),
    "unassigned": N_("handed back"),
    "noted": N_("noted"),
    "recategorised": N_("put under another heading"),
    "reopened": N_("opened again"),
    "decided": N_("decided"),
    "undone": N_("taken back"),
    "expired": N_("ended, its time was up"),
    "overturned": N_("overturned"),
    "appealed": N_("appealed"),
    "appeal_decided": N_("appeal decided"),
    "appeal_withdrawn": N_("appeal withdrawn"),
    "sent_to_jury": N_("handed to a jury"),
    "answered": N_("its notifier was answered"),
    "jury_called": N_("a jury was called"),
    "jury_pool": N_("the list of possible jurors was fixed"),
    "jury_drawn": N_("a juror was drawn"),
    "jury_voted": N_("a juror voted"),
    "jury_recused": N_("a juror stepped aside"),
    "jury_silent": N_("a juror did not vote in time"),
    "jury_closed": N_("the jury has decided"),
    "panel_closed": N_("the jury has decided"),
    "reviewed": N_("judged again, blind"),
}
PARTS = {
    "network": N_("the network"),
    "outside": N_("somebody outside"),
    "author": N_("the author"),
    "member": N_("a member"),
    "moderator": N_("a moderator"),
    "owner": N_("a moderator"),
}
ENDED = {"undone": N_("taken back"), "expired": N_("ended, its time was up"), "overturned": N_("overturned")}


class Names:
    """`names.source("host")`; a word that has no name stays as it is."""

    def __init__(self, lang: str) -> None:
        self._say = i18n.translator(lang).gettext
        self._actions = {name: action.label for name, action in ACTIONS.items()}

    def source(self, name: str) -> str:
        return self._of(SOURCES, name)

    def category(self, name: str) -> str:
        return self._of(CATEGORIES, name)

    def action(self, name: str) -> str:
        return self._of(self._actions, name)

    def decider(self, name: str) -> str:
        return self._of(DECIDERS, name)

    def kind(self, name: str) -> str:
        return self._of(KINDS, name)

    def part(self, name: str) -> str:
        return self._of(PARTS, name)

    def ended(self, name: str) -> str:
        return self._of(ENDED, name)

    def _of(self, known: Mapping[str, str], name: str) -> str:
        return self._say(known[name]) if name in known else name.replace("_", " ")


def names(lang: str) -> Names:
    return Names(lang)
