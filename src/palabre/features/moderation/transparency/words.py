"""What the report says in words (part 11 of the templates): true of every community that runs this program."""

from palabre.base import i18n
from palabre.features.moderation.actions import N_

_INDICATORS = {
    "Summary of the content moderation engaged in at the providers’ own initiative": N_(
        "Members report what breaks the community's rules; moderators decide, each decision with its ground and its reason. "
        "Rules announced beforehand can hold back, label or limit posts; whoever is concerned is told and can have a human "
        "look at it."
    ),
    "Meaningful and comprehensible information regarding content moderation engaged in at the providers' own initiative": N_(
        "Every decision is written to a log that is chained by hashes, sealed every few minutes and signed; a redacted "
        "entry of each is published. Authors and reporters are told the outcome and how to question it. Appeals are decided by "
        "somebody else, or by a jury of members."
    ),
    "Qualitative description of the automated means": N_(
        "Automated means are rules written by the moderators (words, patterns, links, rates), with a dry run before they "
        "apply. No content is removed by a score or a model."
    ),
    "Qualitative description of indicators of accuracy and possible rate of error of automated means": N_(
        "Counted are the measures that a rule imposed, and those of them that people took back afterwards."
    ),
    "Specification of the precise purposes to apply automated means": N_(
        "Holding back for review, labelling, limiting reach, and asking authors to think again, mostly against spam."
    ),
    "Safeguards applied to the use of automated means": N_(
        "Rules are announced, tried on last week's posts first, keep a record, and are disclosed to the author, who can ask "
        "for a human. Five in a hundred decisions are judged again by somebody who doesn't see the first."
    ),
}


def words(lang: str) -> dict[str, str]:
    say = i18n.translator(lang).gettext
    return {indicator: say(text) for indicator, text in _INDICATORS.items()}
