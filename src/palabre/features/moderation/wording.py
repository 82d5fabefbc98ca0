"""Letters and statements of reasons in the reader's language: the same words on pages, in mail and over the API.

What people wrote themselves (moderators' reasons, rules, posts) stays in the language they wrote it in.
"""

from collections.abc import Callable, Sequence

import msgspec

from palabre.base import i18n
from palabre.base.chars import excerpt
from palabre.features.moderation.actions import ACTIONS, N_
from palabre.features.moderation.cases import Case
from palabre.features.moderation.letters import Letter
from palabre.features.moderation.snapshot import Snapshot
from palabre.features.moderation.statement import Body, Statement

Say = Callable[[str], str]
_EXCERPT = 300

_SOURCES = {
    "member": N_("Members of this network reported it. Who they are is told to nobody."),
    "notice": N_("Somebody outside this network gave notice of it."),
    "host": N_("The company on whose servers this network runs passed on a complaint."),
    "store": N_("An app store passed on a complaint."),
    "authority": N_("An authority drew attention to it."),
    "order": N_("An authority ordered its removal."),
    "flagger": N_("A trusted flagger gave notice of it."),
    "flag": N_("Another server reported it."),
    "rule": N_("A rule of this network that was announced beforehand matched it."),
    "staff": N_("The moderators came upon it themselves."),
}
_DECIDED_BY = {
    "moderator": N_("A moderator, a human being, decided."),
    "jury": N_("A jury of members, all of them human beings, decided."),
    "rule": N_("A rule decided, without a human being. You can ask for one: see the end of this letter."),
}
_GROUNDS = {
    "law": N_("The moderators hold that it is against this law:"),
    "rules": N_("It breaks these rules of the community, quoted as they were at the time:"),
    "terms": N_("It is incompatible with the terms of the community as a whole."),
}


class Part(msgspec.Struct, frozen=True):
    """A paragraph. `quoted`: somebody's own words."""

    text: str
    quoted: bool = False


class Section(msgspec.Struct, frozen=True):
    name: str
    title: str
    parts: list[Part]


def sections(letter: Letter, locale: str, contact: str) -> list[Section]:
    """All that a letter says. `contact`: the moderators' address."""
    say = i18n.translator(locale).gettext
    statement = letter.statement
    if statement is None:
        parts = [Part(say(letter.words) % letter.params), *_quoted(letter.reason)]
        found = [Section("decision", say(N_("What was decided")), parts)]
        if letter.kind == "appeal":
            return [*found, _redress_after_appeal(letter, say)]
        if letter.kind == "question" or letter.undoing:
            return found
        return [*found, _redress_of_reporters(letter, say, locale, contact)]
    return [
        _measure(statement, say, locale),
        _facts(statement, say),
        *_content(statement, say),
        _automation(statement, say),
        _ground(statement, say),
        _redress(statement, say, locale, contact),
    ]


def described_facts(view: Case, locale: str) -> str:
    """What happened, in neutral words, for a moderator to begin from: what was published and when."""
    say = i18n.translator(locale).gettext
    lines = []
    for kept in {one.post_id: one for one in view.snapshots}.values():
        if kept.post:
            words = say(N_("On %(day)s you published: “%(words)s”"))
            said = excerpt(described(kept, say).replace("\n", " "), _EXCERPT)
            lines.append(words % {"day": i18n.moment(kept.post.created_at, locale), "words": said})
        else:
            lines.append(say(N_("Your profile, as it was on %(day)s.")) % {"day": i18n.moment(kept.taken_at, locale)})
    return "\n".join(lines)


def as_text(found: list[Section]) -> str:
    """For mail."""
    return "\n\n".join("\n\n".join([_underlined(one.title), *map(_plain, one.parts)]) for one in found)


def _underlined(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def _plain(part: Part) -> str:
    return "\n".join(f"> {line}".rstrip() for line in part.text.splitlines()) if part.quoted else part.text


def _measure(it: Statement, say: Say, locale: str) -> Section:
    parts = [Part(say(it.measure))]
    if it.label:
        parts += [Part(say(N_("The note reads:"))), *_quoted(it.label)]
    if ACTIONS[it.action].restricts:
        dates = {"from": i18n.moment(it.starts_at, locale), "until": ""}
        if it.ends_at:
            dates["until"] = i18n.moment(it.ends_at, locale)
            words = say(N_("It holds from %(from)s until %(until)s, and then ends by itself."))
        else:
            words = say(N_("It holds from %(from)s until it is taken back."))
        parts.append(Part(words % dates))
        parts.append(Part(say(N_("It holds in the whole network, whatever country it is read from."))))
    return Section("measure", say(N_("What was decided")), parts)


def _facts(it: Statement, say: Say) -> Section:
    known = [say(_SOURCES[source]) for source in it.sources] or [say(_SOURCES["staff"])]
    return Section("facts", say(N_("What it relies on")), [*_quoted(it.facts), *map(Part, known)])


def _content(it: Statement, say: Say) -> list[Section]:
    parts = [part for kept in it.content for part in _quoted(described(kept, say))]
    return [Section("content", say(N_("What it is about")), parts)] if parts else []


def described(kept: Snapshot, say: Say) -> str:
    """A kept post in plain text: its words, and its pictures by their descriptions."""
    pictures = [
        say(N_("[Picture: %(description)s]")) % {"description": one["description"] or say(N_("without a description"))}
        for one in kept.files
    ]
    return "\n".join(line for line in (kept.text, *pictures) if line)


def _automation(it: Statement, say: Say) -> Section:
    found = (
        N_("It was found by automated means.")
        if it.detected_automatically
        else N_("It was not found by automated means.")
    )
    return Section(
        "automation", say(N_("Whether machines took part")), [Part(say(found)), Part(say(_DECIDED_BY[it.decided_by]))]
    )


def _ground(it: Statement, say: Say) -> Section:
    cited = [it.law] if it.ground == "law" else it.rules
    parts = [Part(say(_GROUNDS[it.ground])), *(part for one in cited for part in _quoted(one))]
    return Section("ground", say(N_("Why")), [*parts, Part(say(N_("The moderators explain:"))), *_quoted(it.reason)])


def _redress(it: Statement, say: Say, locale: str, contact: str) -> Section:
    appeal = say(N_("You can appeal until %(day)s, free of charge. Somebody else than who decided will look at it."))
    parts = [Part(appeal % {"day": i18n.date(it.appeal_until, locale)}), *_address(say, contact)]
    parts += _beyond(it.out_of_court, say)
    return Section("redress", say(N_("If you think this is wrong")), parts)


def _redress_of_reporters(letter: Letter, say: Say, locale: str, contact: str) -> Section:
    appeal = say(
        N_("You too can appeal until %(day)s, free of charge. Somebody else than who decided will look at it.")
    )
    parts = [Part(appeal % {"day": i18n.date(letter.appeal_until, locale)}), *_address(say, contact)]
    return Section("redress", say(N_("If you think this is wrong")), parts)


def _redress_after_appeal(letter: Letter, say: Say) -> Section:
    parts = [
        Part(say(N_("On the page of your appeals you can ask for a jury of members, once, where one can be had."))),
        *_beyond(letter.out_of_court, say),
    ]
    return Section("redress", say(N_("If you think this is wrong")), parts)


def _beyond(bodies: Sequence[Body], say: Say) -> list[Part]:
    """Where else to go than to the moderators."""
    court = Part(say(N_("And you can go to court at any time.")))
    if not bodies:
        words = N_("You can also go to a certified body that settles such disputes out of court, where there is one.")
        return [Part(say(words)), court]
    settles = Part(say(N_("You can also go to a certified body that settles such disputes out of court:")))
    named = [Part(" ".join(filter(None, (body.name, body.url))), quoted=True) for body in bodies]
    return [settles, *named, court]


def _address(say: Say, contact: str) -> list[Part]:
    words = say(N_("The moderators can be written to at %(contact)s."))
    return [Part(words % {"contact": contact})] if contact else []


def _quoted(text: str) -> list[Part]:
    return [Part(text, quoted=True)] if text else []
