"""What is wrong and what to do about it, in plain words: for letters, the operators' page and the command."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import i18n
from palabre.features.portability.safekeeping.overview import Alarm


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


class Said(msgspec.Struct, frozen=True):
    """`commands`: ready to be copied into a terminal."""

    title: str
    text: str
    advice: str = ""
    commands: tuple[str, ...] = ()


_TITLES = {
    "archive_late": N_("The archive in %(subject)s is late"),
    "no_archive": N_("No archive is taken of this network"),
    "drill_failed": N_("The archive in %(subject)s could not be brought back in the drill"),
    "drill_late": N_("No drill has shown for long that the archives in %(subject)s can be brought back"),
    "standby_away": N_("The standby %(subject)s is away"),
    "standby_lag": N_("The standby %(subject)s is behind"),
    "writes_wait": N_("Nothing can be written: the synchronous standby is away"),
    "disk_full": N_("The disk of %(subject)s is nearly full"),
}
_TEXTS = {
    "no_archive": N_(
        "If this machine or its provider were lost today, all that your members wrote would be lost with it."
    ),
    "writes_wait": N_(
        "Each post is to be on both hosts before it is acknowledged, so members wait until the standby is back. "
        "Reading goes on."
    ),
}
_ADVICE = {
    "archive_late": N_("See whether a worker is running and the place can be reached, then take one now:"),
    "no_archive": N_(
        "Choose a place at another provider, or another disk at least. This takes an archive there every day:"
    ),
    "drill_failed": N_("Until one goes well, don't count on the archives there. Try again and read what it says:"),
    "drill_late": N_("Hold one now:"),
    "standby_away": N_(
        "Look on that machine whether it runs and reaches this one. If it is gone for good, forget it here:"
    ),
    "standby_lag": N_("If it doesn't catch up, its line or its disk may be too slow. On that machine:"),
    "writes_wait": N_("Start the standby again; or forget it, and nothing waits for it any more:"),
    "disk_full": N_("Make room: PostgreSQL stops when the disk is full, and nothing can be written then."),
}
#: A key first: archives hold private posts, and are encrypted.
SCHEDULE = (
    "palabre archive --new-key archive.key",
    "palabre archive s3://BUCKET/archives --schedule 24h --to-key age1…",
)
_COMMANDS: dict[str, tuple[str, ...]] = {
    "archive_late": ("palabre archive --schedules", "palabre archive {subject}"),
    "no_archive": SCHEDULE,
    "drill_failed": ("palabre drill --from {subject}",),
    "drill_late": ("palabre drill --from {subject}",),
    "standby_away": ("palabre standby --status", "palabre standby --forget {subject}"),
    "standby_lag": ("palabre standby --status",),
    "writes_wait": ("palabre standby --list", "palabre standby --forget NAME"),
}


def alarm(one: Alarm, lang: str, now: datetime | None = None) -> Said:
    """One alarm, as it is while it lasts."""
    say = i18n.translator(lang).gettext
    subject, kind = {"subject": one.subject or "?"}, one.kind
    if kind not in _TITLES:
        return Said(kind, "")
    return Said(
        title=say(_TITLES[kind]) % subject,
        text=_DETAILS[kind](one.details, lang) if kind in _DETAILS else say(_TEXTS[kind]),
        advice=say(_ADVICE[kind]),
        commands=tuple(command.format(**subject) for command in _COMMANDS.get(kind, ())),
    )


def _of_archive(details: dict[str, Any], lang: str) -> str:
    say = i18n.translator(lang)
    last = (
        say.gettext("The last one was taken on %(when)s.") % {"when": _when(details["last"], lang)}
        if details.get("last")
        else say.gettext("None has been taken there yet.")
    )
    if not (failed := details.get("failed", 0)):
        return last
    tries = say.ngettext(
        "The try since failed: %(why)s", "%(num)s tries since failed, the last one so: %(why)s", failed
    )
    return f"{last} {tries % {'num': failed, 'why': details.get('error') or '?'}}"


def _of_failed_drill(details: dict[str, Any], lang: str) -> str:
    _ = i18n.translator(lang).gettext
    return _("What went wrong on %(when)s: %(why)s") % {
        "when": _when(details.get("at"), lang),
        "why": details.get("error") or "?",
    }


def _of_late_drill(details: dict[str, Any], lang: str) -> str:
    _ = i18n.translator(lang).gettext
    if not details.get("last"):
        return _("None has been held yet: whether your archives are any good, nobody knows.")
    return _("The last one was held on %(when)s.") % {"when": _when(details["last"], lang)}


def _of_absence(details: dict[str, Any], lang: str) -> str:
    _ = i18n.translator(lang).gettext
    here = _("It doesn't follow this host any more. If this one were lost, what has been written since would be too.")
    if not details.get("seen_at"):
        return here
    return here + " " + _("It was last here on %(when)s.") % {"when": _when(details["seen_at"], lang)}


def _of_lag(details: dict[str, Any], lang: str) -> str:
    say = i18n.translator(lang)
    text = say.ngettext(
        "If this host were lost now, the last %(num)s second of what was written would be lost with it.",
        "If this host were lost now, the last %(num)s seconds of what was written would be lost with it.",
        details.get("seconds", 0),
    )
    return text % {"num": i18n.number(details.get("seconds", 0), lang)}


def _of_disk(details: dict[str, Any], lang: str) -> str:
    _ = i18n.translator(lang).gettext
    return _("%(free)s are left where %(folder)s lies.") % {
        "free": i18n.size(details.get("free", 0), lang),
        "folder": details.get("folder", "?"),
    }


_DETAILS: dict[str, Callable[[dict[str, Any], str], str]] = {
    "archive_late": _of_archive,
    "drill_failed": _of_failed_drill,
    "drill_late": _of_late_drill,
    "standby_away": _of_absence,
    "standby_lag": _of_lag,
    "disk_full": _of_disk,
}


def _when(moment: object, lang: str) -> str:
    """`moment` as it stands in an alarm's details: text of ISO 8601."""
    return i18n.moment(datetime.fromisoformat(moment), lang) if isinstance(moment, str) else "?"


def letter(begun: Sequence[Alarm], over: Sequence[Alarm], lang: str, network: str) -> tuple[str, str]:
    """Subject and text of what the owners are told at once."""
    say = i18n.translator(lang)
    first = begun[0] if begun else over[0]
    title = alarm(first, lang).title
    if len(begun) + len(over) > 1:
        subject = say.gettext("What keeps %(network)s safe: %(num)s news") % {
            "network": network,
            "num": len(begun) + len(over),
        }
    elif begun:
        subject = f"{network}: {title}"
    else:
        subject = say.gettext("%(network)s: it is well again (%(what)s)") % {"network": network, "what": title}
    return subject, "\n\n".join([*(_begun(one, lang) for one in begun), *(_over(one, lang) for one in over)])


def notice(details: dict[str, Any], lang: str) -> str:
    """A notification, in a sentence."""
    title = _TITLES.get(str(details.get("kind")), "")
    say = _ = i18n.translator(lang).gettext
    what = say(title) % {"subject": details.get("subject") or "?"} if title else "?"
    return _("It is well again: “%(what)s” is over.") % {"what": what} if details.get("over") else what


def _begun(one: Alarm, lang: str) -> str:
    said = alarm(one, lang)
    lines = [said.title, said.text, said.advice, *(f"    {command}" for command in said.commands)]
    if one.told_at:
        lines.insert(
            1, i18n.translator(lang).gettext("It has been so since %(when)s.") % {"when": i18n.moment(one.since, lang)}
        )
    return "\n".join(line for line in lines if line)


def _over(one: Alarm, lang: str) -> str:
    _ = i18n.translator(lang).gettext
    return _("It is well again: “%(what)s” is over, after %(time)s.") % {
        "what": alarm(one, lang).title,
        "time": i18n.span((one.ended_at or one.since) - one.since, lang),
    }
