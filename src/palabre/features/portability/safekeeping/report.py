"""How safekeeping stands, section by section, in plain words: the operators' page and `palabre safekeeping` show the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import i18n
from palabre.features.portability.safekeeping import rules, wording
from palabre.features.portability.safekeeping.overview import Alarm, Drill, Overview, Plan, Run, Standby, Trials
from palabre.features.portability.safekeeping.wording import Said
from palabre.settings import current


class Item(msgspec.Struct, frozen=True):
    """`tone`: well, wrong, or open where something is missing or under way; `tag`: the same in a word."""

    title: str
    tone: str
    tag: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    advice: str = ""
    commands: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True):
    name: str
    title: str
    about: str
    items: list[Item]


class Report(msgspec.Struct, frozen=True):
    """`alarms`: since when, and what to do; none: `well`."""

    well: bool
    headline: str
    alarms: list[tuple[datetime, Said]]
    sections: list[Section]


def alarms(seen: Overview) -> list[Alarm]:
    """What is wrong now, since when it is known to be; and the disks of other machines, which only they can see."""
    known = {(one.kind, one.subject): one for one in seen.alarms}
    now = [
        Alarm(
            kind, subject, one.since if (one := known.get((kind, subject))) else seen.at, msgspec.to_builtins(details)
        )
        for kind, subject, details in rules.wrong(seen, current().drill_days, current().standby_lag_alarm)
    ]
    elsewhere = [one for one in seen.alarms if one.kind == "disk_full" and one.subject != seen.disk.machine]
    return sorted([*now, *elsewhere], key=lambda one: one.since)


def report(seen: Overview, lang: str) -> Report:
    say = i18n.translator(lang)
    wrong = alarms(seen)
    if wrong:
        headline = say.ngettext("One thing needs you", "%(num)s things need you", len(wrong)) % {"num": len(wrong)}
    elif not seen.plans:
        headline = say.gettext("Nothing is wrong, but nothing is kept elsewhere yet")
    else:
        headline = say.gettext("All is well")
    words = _Words(seen, lang)
    return Report(
        well=not wrong,
        headline=headline,
        alarms=[(one.since, wording.alarm(one, lang)) for one in wrong],
        sections=[words.archives(), words.drills(), words.standbys(), words.disk()],
    )


class _Words:
    """The sections in one language."""

    def __init__(self, seen: Overview, lang: str) -> None:
        self.seen = seen
        self.lang = lang
        self._ = i18n.translator(lang).gettext

    def archives(self) -> Section:
        items = [self._plan(plan) for plan in self.seen.plans] or [self._no_plan()]
        if self.seen.by_hand:
            items.append(Item(self.seen.by_hand.destination, "open", self._("By hand"), self._run(self.seen.by_hand)))
        about = self._(
            "Everything there is, in a place outside this machine. From one, the network can be brought back."
        )
        return Section("archives", self._("Archives"), about, items)

    def _no_plan(self) -> Item:
        return Item(
            self._("No archives are taken by themselves"),
            "open",
            self._("To set up"),
            advice=self._(
                "Choose a folder on another disk or, better, an object store at another provider. Take one every day:"
            ),
            commands=wording.SCHEDULE,
        )

    def _plan(self, plan: Plan) -> Item:
        late = rules.archive_late(plan, self.seen.at)
        tone, tag = ("wrong", self._("Late")) if late else ("well", self._("On time"))
        if not late and plan.last is None:
            tone, tag = "open", self._("To be taken")
        elif not late and plan.failed:
            tone, tag = "open", self._("Failed once")
        every = i18n.span(plan.every, self.lang)
        keeps = i18n.translator(self.lang).ngettext(
            "%(time)s apart; the newest one is kept", "%(time)s apart; the newest %(num)s are kept", plan.keep
        )
        facts = [
            *(self._run(plan.last) if plan.last else ((self._("Last"), self._("none yet")),)),
            (self._("Next"), self._next(plan.next_at)),
            (self._("Plan"), keeps % {"time": every, "num": plan.keep}),
            (
                self._("Encrypted"),
                self._("yes, by your key") if plan.encrypted else self._("no: whoever has it can read it"),
            ),
        ]
        if plan.error:
            facts.append((self._("Last failure"), plan.error))
        return Item(plan.destination, tone, tag, tuple(facts))

    def _next(self, at: datetime) -> str:
        when = self._relative(at)
        return when if at > self.seen.at else self._("was due %(when)s") % {"when": when}

    def _run(self, run: Run) -> tuple[tuple[str, str], ...]:
        """Of one that was finished."""
        assert run.finished_at
        if run.bytes is None:  # under way as this database was archived: it tells its end, not its figures
            return ((self._("Last"), self._relative(run.started_at)),)
        took = self._took(run.started_at, run.finished_at)
        size = i18n.size(run.bytes, self.lang)
        new = i18n.size(run.new_bytes or 0, self.lang)
        holds = self._("%(rows)s rows and %(media)s media") % {
            "rows": i18n.number(run.rows or 0, self.lang),
            "media": i18n.number(run.media or 0, self.lang),
        }
        last = (
            self._("Last"),
            self._("%(when)s; it took %(time)s") % {"when": self._relative(run.finished_at), "time": took},
        )
        big = (self._("Size"), self._("%(size)s, of these %(new)s sent this time") % {"size": size, "new": new})
        return (last, big, (self._("Holds"), holds))

    def drills(self) -> Section:
        about = self._(
            "The newest archive of each place is brought back on trial, compared, and random posts in it are opened."
        )
        items = [self._trials(one) for one in self.seen.trials] or [self._no_drill()]
        if self.seen.drilling:
            items.insert(0, self._drilling(self.seen.drilling))
        return Section("drills", self._("Drills"), about, items)

    def _no_drill(self) -> Item:
        text = self._("There is nothing to bring back before the first archive.")
        return Item(self._("No drill yet"), "open", self._("To be held"), text=text)

    def _drilling(self, drill: Drill) -> Item:
        text = self._("It began %(when)s.") % {"when": self._relative(drill.started_at)}
        facts = ((self._("Archive"), drill.destination),)
        return Item(self._("A drill is under way"), "open", self._("Under way"), facts, text)

    def _trials(self, trials: Trials) -> Item:
        days, last = current().drill_days, trials.last
        late = rules.drill_late(trials, days, self.seen.at)
        if last is None:
            wait = self._("The first one is held by itself once there is an archive. Or now:")
            advice = wait if days else self._("None is held by itself: drill_days is 0. Hold one now:")
            tone, tag = ("wrong", self._("Late")) if late else ("open", self._("To be held"))
            command = f"palabre drill --from {trials.place}"
            return Item(trials.place, tone, tag, text=self._("No drill yet"), advice=advice, commands=(command,))
        tone = "wrong" if late or not last.well else "well"
        tag = self._("It went well") if last.well else self._("It failed")
        return Item(trials.place, tone, self._("Late") if late else tag, self._held(last, trials.well))

    def _held(self, last: Drill, well: Drill | None) -> tuple[tuple[str, str], ...]:
        facts = [(self._("When"), self._relative(last.started_at)), (self._("Archive"), last.archive or "?")]
        if last.finished_at:
            facts.append((self._("Took"), self._took(last.started_at, last.finished_at)))
        if said := compared(last.outcome, self.lang):
            facts.append((self._("Compared"), said))
        if said := opened(last.outcome, self.lang):
            facts.append((self._("Opened"), said))
        if last.error:
            facts.append((self._("What failed"), last.error))
        if not last.well and well:
            facts.append((self._("Last that went well"), self._relative(well.started_at)))
        return tuple(facts)

    def standbys(self) -> Section:
        items = [self._standby(one) for one in self.seen.standbys] or [self._no_standby()]
        about = self._("A second host that follows this one, and can take over within a minute.")
        return Section("standbys", self._("Standby"), about, items)

    def _no_standby(self) -> Item:
        return Item(
            self._("This network has one host alone"),
            "open",
            self._("To set up"),
            text=self._("If it is lost, the network is down until an archive is brought back elsewhere."),
            advice=self._(
                "To have a second one follow it: the first line here, the second there, with the address it prints."
            ),
            commands=("palabre standby --invite", "palabre standby --of ADDRESS --data DIR"),
        )

    def _standby(self, one: Standby) -> Item:
        if one.expected:
            text = self._("It was invited, and has not come yet.")
            return Item(one.name, "open", self._("Expected"), text=text)
        lags = rules.lags(one, current().standby_lag_alarm)
        tone = "well" if one.connected and not lags else "wrong"
        tag = self._("Away") if not one.connected else self._("Behind") if lags else self._("Follows")
        facts = []
        if one.connected:
            facts.append((self._("Behind"), self._behind(one)))
        elif one.seen_at:
            facts.append((self._("Last here"), self._relative(one.seen_at)))
        facts.append((self._("Media waiting"), i18n.number(one.media, self.lang)))
        both = self._("What is acknowledged is on both hosts")
        soon = self._("What is acknowledged is on the other host moments later")
        facts.append((self._("Promise"), both if one.synchronous else soon))
        return Item(one.name, tone, tag, tuple(facts))

    def _behind(self, one: Standby) -> str:
        if not one.lag_bytes:
            return self._("not at all")
        size = i18n.size(one.lag_bytes, self.lang)
        if one.lag_seconds is None:
            return size
        seconds = i18n.translator(self.lang).ngettext("%(num)s second", "%(num)s seconds", round(one.lag_seconds))
        return f"{seconds % {'num': i18n.number(round(one.lag_seconds), self.lang)}} ({size})"

    def disk(self) -> Section:
        disk, full = self.seen.disk, rules.nearly_full(self.seen.disk)
        free = self._("%(free)s of %(total)s") % {
            "free": i18n.size(disk.free, self.lang),
            "total": i18n.size(disk.total, self.lang),
        }
        tone, tag = ("wrong", self._("Nearly full")) if full else ("well", self._("Has room"))
        title = self._("The disk of %(machine)s") % {"machine": disk.machine}
        return Section(
            "disk",
            self._("Disk"),
            "",
            [Item(title, tone, tag, ((self._("Free"), free), (self._("Folder"), disk.folder)))],
        )

    def _took(self, begun: datetime, ended: datetime) -> str:
        return i18n.span(max(ended - begun, timedelta(seconds=1)), self.lang)

    def _relative(self, when: datetime) -> str:
        return i18n.relative(when, self.lang, self.seen.at)


def compared(outcome: dict[str, Any], lang: str) -> str:
    """What a drill compared, in figures."""
    if "rows" not in outcome:
        return ""
    return i18n.translator(lang).gettext("%(tables)s tables, %(rows)s rows and %(media)s media") % {
        name: i18n.number(int(outcome.get(name, 0)), lang) for name in ("tables", "rows", "media")
    }


def opened(outcome: dict[str, Any], lang: str) -> str:
    """What a drill opened, in figures."""
    if "posts" not in outcome:
        return ""
    return i18n.translator(lang).gettext("%(posts)s posts and %(files)s files of theirs, as their authors") % {
        name: i18n.number(int(outcome.get(name, 0)), lang) for name in ("posts", "files")
    }


def summary(seen: Overview) -> tuple[bool | None, str, str]:
    """For `palabre doctor`: whether all is well (None: worth knowing), in a line, and what to do."""
    wrong: Sequence[Alarm] = alarms(seen)
    if wrong:
        titles = "; ".join(wording.alarm(one, i18n.SOURCE).title for one in wrong)
        return False, f"Safekeeping: {titles}", "See `palabre safekeeping`."
    if not seen.plans:
        return None, "No archives are taken by themselves", "See `palabre safekeeping`."
    last = max((plan.last.finished_at for plan in seen.plans if plan.last and plan.last.finished_at), default=None)
    archived = i18n.relative(last, i18n.SOURCE, seen.at) if last else "not yet"
    drills = [one.last.started_at if one.last else None for one in seen.trials]
    drilled = i18n.relative(max(filter(None, drills)), i18n.SOURCE, seen.at) if any(drills) else "not yet"
    return True, f"Last archive: {archived}; last drill: {drilled}", ""
