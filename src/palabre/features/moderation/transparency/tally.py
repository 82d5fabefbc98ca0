"""Counting a period from the logs of its cases, and from nothing else: whoever has the logs comes to the same figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from palabre.features.moderation.log import Entry
from palabre.features.moderation.transparency import dsa
from palabre.features.moderation.transparency.numbers import Complaints, Counts, Measures, Notices, Numbers, Orders

#: Sources whose word is a notice under Article 16 whatever it says, and categories that make a member's report one.
NOTIFIERS = ("notice", "host", "store", "authority", "flagger")
UNLAWFUL = ("legal", "child", "intimate")
_REVERSED = ("reversed", "overturned", "conceded")
_PARTLY = ("partially_reversed", "replaced")
_TAKEN_BACK = ("undone", "expired", "overturned")


@dataclass
class _Case:
    """What has been read of a case so far."""

    opened: datetime | None = None
    sources: set[str] = field(default_factory=set)
    reports: dict[Any, str] = field(default_factory=dict)  # report -> its category
    waiting: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    decisions: dict[Any, dict[str, Any]] = field(default_factory=dict)
    appeals: dict[Any, tuple[datetime, str]] = field(default_factory=dict)


_Reader = Callable[[_Case, Entry, bool], None]


class Tally:
    """`case(log)` for each case that anything happened in; then `numbers`."""

    def __init__(self, starts: date, ends: date) -> None:
        self.numbers = Numbers(starts, ends)
        self._from = datetime.combine(starts, time(), UTC)
        self._until = datetime.combine(ends, time(), UTC) + timedelta(days=1)
        self._notices: set[Any] = set()
        self._moderators: set[int] = set()
        self._readers: dict[str, _Reader] = {
            "reported": self._reported,
            "recategorised": self._recategorised,
            "decided": self._decided,
            "appealed": self._appealed,
            "appeal_decided": self._appeal_decided,
            "appeal_withdrawn": self._appeal_withdrawn,
            "jury_closed": self._jury_closed,
            "panel_closed": self._jury_closed,
            "reviewed": self._reviewed,
            "misuse_suspended": self._misuse_suspended,
            **dict.fromkeys(_TAKEN_BACK, self._taken_back),
        }

    def case(self, log: Sequence[Entry]) -> None:
        case = _Case()
        for entry in log:
            within = self._from <= entry.at < self._until
            if entry.at >= self._until:
                return
            if case.opened is None or entry.kind == "reopened":
                case.opened = entry.at
            if read := self._readers.get(entry.kind):
                read(case, entry, within)

    def _reported(self, case: _Case, entry: Entry, within: bool) -> None:
        said = entry.data.get("report") or {}
        source, category = said.get("source", "member"), said.get("category", "other")
        case.sources.add(source)
        case.reports[said.get("id")] = category
        case.waiting.append((entry.at, said))
        if not within:
            return
        _add(self.numbers.reports, source)
        _add(self.numbers.categories, category)
        _add(self.numbers.months.setdefault(f"{entry.at:%Y-%m}", {}), "reports")
        items = max(1, len(said.get("post_ids") or []))
        notice = said.get("notice_id") or said.get("id")
        first = (source, notice) not in self._notices
        self._notices.add((source, notice))
        if source == "order":
            orders = self.numbers.orders.setdefault(_counted(category), Orders())
            orders.received, orders.items = orders.received + first, orders.items + items
        for counts in self._of_notice(source, category):
            counts.received, counts.items = counts.received + first, counts.items + items

    def _recategorised(self, case: _Case, entry: Entry, within: bool) -> None:
        if entry.data.get("report") in case.reports:
            case.reports[entry.data["report"]] = entry.data.get("category", "other")

    def _decided(self, case: _Case, entry: Entry, within: bool) -> None:
        data = entry.data
        action = str(data.get("action", ""))
        category = dsa.gravest(set(case.reports.values()))
        case.decisions[data.get("decision")] = {"action": action, "sources": set(case.sources), **_who(data)}
        waiting, case.waiting = case.waiting, []
        if not within:
            return
        ground = "law" if data.get("law") else "terms"
        numbers = self.numbers
        _add(numbers.decisions, action)
        _add(numbers.grounds, ground if action != "dismiss" else "none")
        _add(numbers.deciders, _who(data)["by"])
        _add(numbers.months.setdefault(f"{entry.at:%Y-%m}", {}), "decisions")
        numbers.decision_hours.append(_hours(case.opened, entry.at))
        if entry.actor_id and _who(data)["by"] == "moderator":
            self._moderators.add(entry.actor_id)
            numbers.moderators = len(self._moderators)
        for at, said in waiting:
            self._answered(said, _hours(at, entry.at))
        if action in dsa.RESTRICTIONS:
            _add(numbers.automated, "solely" if _who(data)["automatic"] else "not")
            if data.get("on_appeal"):
                numbers.newly_restricted += 1
        self._effect(case, action, category, ground, automatic=_who(data)["automatic"])
        if action == "suspend" and ground == "law":
            _add(numbers.suspended, "content")

    def _answered(self, said: dict[str, Any], hours: float) -> None:
        source, category = said.get("source", "member"), said.get("category", "other")
        if source == "order":
            self.numbers.orders.setdefault(_counted(category), Orders()).hours_to_effect.append(hours)
        for counts in self._of_notice(source, category):
            counts.hours.append(hours)

    def _effect(self, case: _Case, action: str, category: str, ground: str, *, automatic: bool) -> None:
        """An order's, a notice's or the community's own: a decision counts once, under the strongest of them."""
        if "order" in case.sources or action == "dismiss":
            return
        notifiers = [source for source in case.sources if source in NOTIFIERS]
        if notifiers or any(one in UNLAWFUL for one in case.reports.values()):
            source = "flagger" if "flagger" in notifiers else "notice"
            for counts in self._of_notice(source, category):
                setattr(counts, ground, getattr(counts, ground) + 1)
        elif action in dsa.RESTRICTIONS:
            own = self.numbers.own_law if ground == "law" else self.numbers.own_terms
            measures = own.setdefault(_counted(category, lawful=ground == "terms"), Measures())
            measures.taken, measures.automated = measures.taken + 1, measures.automated + automatic
            _add(measures.kinds, " ".join(dsa.RESTRICTIONS[action]))

    def _of_notice(self, source: str, category: str) -> list[Notices]:
        """The rows a notice from there counts in; none: it is no notice under Article 16."""
        if source not in NOTIFIERS and not (source in ("member", "flag") and category in UNLAWFUL):
            return []
        rows = [self.numbers.notices.setdefault(_counted(category), Notices())]
        if source == "flagger":
            rows.append(self.numbers.flagger_notices.setdefault(_counted(category), Notices()))
        return rows

    def _taken_back(self, case: _Case, entry: Entry, within: bool) -> None:
        if not within:
            return
        _add(self.numbers.taken_back, entry.kind)
        decision = case.decisions.get(about_decision(entry.data), {})
        if decision.get("automatic") and entry.kind != "expired":
            _add(self.numbers.automated, "mistaken")

    def _appealed(self, case: _Case, entry: Entry, within: bool) -> None:
        about = _complained_of(case.decisions.get(about_decision(entry.data), {}))
        case.appeals[entry.data.get("appeal")] = (entry.at, about)
        if within:
            self.numbers.complaints.setdefault(about, Complaints()).received += 1

    def _appeal_decided(self, case: _Case, entry: Entry, within: bool) -> None:
        at, about = case.appeals.get(entry.data.get("appeal"), (entry.at, "visibility"))
        if not within:
            return
        counts, outcome = self.numbers.complaints.setdefault(about, Complaints()), entry.data.get("outcome")
        if outcome in _REVERSED:
            counts.reversed += 1
        elif outcome in _PARTLY:
            counts.partially_reversed += 1
        else:
            counts.upheld += 1
        counts.hours.append(_hours(at, entry.at))

    def _appeal_withdrawn(self, case: _Case, entry: Entry, within: bool) -> None:
        _, about = case.appeals.get(entry.data.get("appeal"), (entry.at, "visibility"))
        if within:
            self.numbers.complaints.setdefault(about, Complaints()).omitted += 1

    def _jury_closed(self, case: _Case, entry: Entry, within: bool) -> None:
        votes = [count for count in (entry.data.get("votes") or {}).values() if isinstance(count, int)]
        if within:
            juries = self.numbers.juries
            _add(juries, "panels")
            _add(juries, "votes", sum(votes))
            _add(juries, "with_the_majority", max(votes, default=0))

    def _reviewed(self, case: _Case, entry: Entry, within: bool) -> None:
        if within:
            _add(self.numbers.reviews, "agreed" if entry.data.get("same_direction") else "disagreed")

    def _misuse_suspended(self, case: _Case, entry: Entry, within: bool) -> None:
        if within:
            _add(self.numbers.suspended, str(entry.data.get("of", "notices")))


def about_decision(data: Mapping[str, Any]) -> Any:
    """Which decision an entry is about."""
    return data.get("decision", data.get("decision_id"))


def _who(data: dict[str, Any]) -> dict[str, Any]:
    by = str(data.get("decided_by", "moderator"))
    return {"by": by, "automatic": by == "rule"}


def _complained_of(decision: dict[str, Any]) -> str:
    """What an appeal is about, in the template's groups."""
    action = decision.get("action", "")
    if action == "dismiss":
        return "flagger" if "flagger" in decision.get("sources", ()) else "notice"
    return dsa.RESTRICTIONS.get(action, ("visibility", ""))[0]


def _counted(category: str, *, lawful: bool = False) -> str:
    """The template's category and sub-category. What is only against the terms has no row among the unlawful."""
    found = dsa.meaning(category)
    if found.category == dsa.TERMS_ONLY and not lawful:
        return ""
    return f"{found.category} {found.keyword}"


def _hours(start: datetime | None, end: datetime) -> float:
    return round((end - start).total_seconds() / 3600, 4) if start else 0.0


def _add(counts: Counts, name: str, by: int = 1) -> None:
    counts[name] = counts.get(name, 0) + by
