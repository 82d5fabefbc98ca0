"""/transparency and /moderation-log: what everybody may know of how this place is moderated."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

from palabre.base import i18n
from palabre.base.clock import iso, now
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.pages import language, page, words
from palabre.features import instance
from palabre.features.moderation import log, transparency
from palabre.features.moderation.packs.names import Names
from palabre.features.moderation.transparency import Numbers, PublicEntry, Report, median, share
from palabre.features.moderation.transparency.words import words as qualitative
from palabre.features.moderation.transparency.zipped import zipped
from palabre.names import here
from palabre.settings import current

routes = Routes()
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@routes.get("/transparency", scope="public", open_to="suspended")
async def show(request: Request) -> Response:
    """The figures of a half-year, as counted from the log, with the newest seal."""
    reports = await transparency.published(request.conn)
    asked = request.text("period")
    chosen = next((one for one in reports if _name(one) == asked), reports[0] if reports else None)
    return await page(
        request,
        "transparency.html",
        periods=[
            SimpleNamespace(name=_name(one), words=_half_year(request, one), current=one is chosen) for one in reports
        ],
        report=_shown(request, chosen) if chosen else None,
        tables=f"/transparency/{_name(chosen)}.zip" if chosen else None,
        newest_seal=await log.newest(request.conn),
    )


@routes.get("/transparency/{file}", scope="public", open_to="suspended")
async def tables(request: Request) -> Response:
    """A half-year's report as the tables of Implementing Regulation (EU) 2024/2835."""
    wanted = request.path["file"].removesuffix(".zip")
    found = next((one for one in await transparency.published(request.conn) if _name(one) == wanted), None)
    if found is None or not request.path["file"].endswith(".zip"):
        raise NotFound
    about = await transparency.about(request.conn, found.numbers, qualitative(language(request)))
    made = transparency.tables(found.numbers, about._replace(published=found.made_at.date()))
    content = zipped({name: transparency.as_csv(rows) for name, rows in made.items()})
    headers = {"content-disposition": f'attachment; filename="transparency-{wanted}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@routes.get("/moderation-log", scope="public", open_to="suspended")
async def newest_month(request: Request) -> Response:
    """The decisions of the newest month there are any of."""
    months = await transparency.months(request.conn)
    return await _log(request, months, months[0] if months else now().date().replace(day=1))


@routes.get("/moderation-log/{month}", scope="public", open_to="suspended")
async def month(request: Request) -> Response:
    """The decisions of a month."""
    found = _MONTH.fullmatch(request.path["month"])
    months = await transparency.months(request.conn)
    wanted = next((one for one in months if found and f"{one:%Y-%m}" == found[0]), None)
    if wanted is None:
        raise NotFound
    return await _log(request, months, wanted)


async def _log(request: Request, months: list[date], wanted: date) -> Response:
    cited = {rule.id: rule.text for version in await instance.rule_versions(request.conn) for rule in version.rules}
    entries = await transparency.entries_of(request.conn, wanted, request.text("before") or None)
    return await page(
        request,
        "moderation_log.html",
        months=[
            SimpleNamespace(address=f"/moderation-log/{one:%Y-%m}", words=f"{one:%Y-%m}", current=one == wanted)
            for one in months
        ],
        entries=[_entry(request, one, cited) for one in entries],
        older=f"/moderation-log/{wanted:%Y-%m}?before={entries[-1].id}" if len(entries) == transparency.PAGE else None,
        newest_seal=await log.newest(request.conn),
    )


@routes.get("/moderation-log.atom", scope="public", open_to="suspended")
async def feed(request: Request) -> Response:
    """The newest decisions as an Atom feed."""
    entries = await transparency.latest(request.conn)
    cited = {rule.id: rule.text for version in await instance.rule_versions(request.conn) for rule in version.rules}
    name, origin, _ = (await instance.about(request.conn)).name, here(), words(request)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{current().origin}/moderation-log</id>',
        f"<title>{escape(name)}: {escape(_('Every decision'))}</title>",
        f"<author><name>{escape(name)}</name></author>",
        f"<updated>{iso(entries[0].at if entries else now())}</updated>",
        f'<link rel="self" href="{origin}/moderation-log.atom"/><link href="{origin}/moderation-log"/>',
    ]
    for one in entries:
        shown = _entry(request, one, cited)
        lines.append(
            f"<entry><id>{current().origin}/moderation-log#{one.id}</id><title>{escape(shown.words)}</title>"
            f'<updated>{iso(one.at)}</updated><link href="{origin}/moderation-log/{one.at:%Y-%m}#{one.id}"/>'
            f"<summary>{escape(' · '.join(shown.details))}</summary></entry>"
        )
    return Response("\n".join([*lines, "</feed>"]), media_type="application/atom+xml; charset=utf-8")


def _entry(request: Request, one: PublicEntry, cited: dict[int, str]) -> SimpleNamespace:
    names, entry = Names(language(request)), one.entry
    decided = entry["kind"] == "decided"
    title = names.action(entry["action"]) if decided else names.kind(entry["kind"]).capitalize()
    details = _details(request, entry, cited, names) if decided else _later(request, entry)
    return SimpleNamespace(id=one.id, at=one.at, words=title, details=details, about=one.refers_to)


def _details(request: Request, entry: dict[str, Any], cited: dict[int, str], names: Names) -> list[str]:
    _, lang = words(request), language(request)
    posts = i18n.translator(lang).ngettext("%(num)s post", "%(num)s posts", entry["posts"]) % {"num": entry["posts"]}
    found = [posts if entry["scope"] == "posts" else _("The account")] if entry["scope"] != "none" else []
    if entry["law"]:
        found.append(_("Law: %(name)s") % {"name": entry["law"]})
    elif entry["law_withheld"]:
        found.append(_("Law: held back, since it names somebody"))
    else:
        found += [_("Rule: %(name)s") % {"name": cited[int(rule)]} for rule in entry["rules"] if int(rule) in cited]
    found.append(_("Came from: %(names)s") % {"names": ", ".join(names.source(one) for one in entry["sources"])})
    found.append(_("Decided by %(who)s") % {"who": names.decider(entry["decided_by"])})
    found.append(_("after %(hours)s hours") % {"hours": entry["hours"]})
    if entry["duration_hours"]:
        found.append(_("for %(hours)s hours") % {"hours": entry["duration_hours"]})
    return [str(one) for one in found]


def _later(request: Request, entry: dict[str, Any]) -> list[str]:
    """What is known of it: words of a fixed list, and counts."""
    _ = words(request)
    stands, falls = _("The decision stands."), _("The decision falls.")
    said = {
        "author": _("by the author"),
        "reporter": _("by who reported it"),
        "uphold": stands,
        "upheld": stands,
        "overturn": falls,
        "overturned": falls,
    }
    return [
        ", ".join(f"{said.get(key, key)} {count}" for key, count in value.items())
        if isinstance(value, dict)
        else said.get(str(value), str(value))
        for name, value in entry.items()
        if name != "kind"
    ]


def _name(one: Report) -> str:
    return f"{one.numbers.starts:%Y}-H{1 if one.numbers.starts.month == 1 else 2}"


def _half_year(request: Request, one: Report) -> str:
    _ = words(request)
    first = one.numbers.starts.month == 1
    said = _("First half of %(year)s") if first else _("Second half of %(year)s")
    return str(said % {"year": one.numbers.starts.year})


def _shown(request: Request, one: Report) -> SimpleNamespace:
    return SimpleNamespace(
        made_at=one.made_at, seal=one.seal, facts=_facts(request, one.numbers), charts=_charts(request, one.numbers)
    )


def _facts(request: Request, numbers: Numbers) -> list[tuple[str, object]]:
    _ = words(request)
    complaints = list(numbers.complaints.values())
    decided = sum(one.upheld + one.partially_reversed + one.reversed for one in complaints)
    granted = sum(one.partially_reversed + one.reversed for one in complaints)
    automatic, mistaken = numbers.automated.get("solely", 0), numbers.automated.get("mistaken", 0)
    agreed = numbers.reviews.get("agreed", 0)
    return [
        (_("Reports and notices"), sum(numbers.reports.values())),
        (_("Decisions"), sum(numbers.decisions.values())),
        (_("Median hours to a decision"), median(numbers.decision_hours)),
        (_("Orders of authorities"), sum(one.received for one in numbers.orders.values())),
        (_("Appeals"), sum(one.received for one in complaints)),
        (_("Appeals granted"), _percent(share(granted, decided))),
        (_("Median hours to decide an appeal"), median([hour for one in complaints for hour in one.hours])),
        (_("Jury votes with the majority"), _percent(share(*_agreement(numbers)))),
        (_("Blind second looks that agreed"), _percent(share(agreed, agreed + numbers.reviews.get("disagreed", 0)))),
        (_("Measures by rules alone"), automatic),
        (_("of these mistaken"), _percent(share(mistaken, automatic))),
        (_("Suspended for misuse of reports or appeals"), _misuse(numbers)),
        (_("Moderators who decided"), numbers.moderators),
    ]


def _agreement(numbers: Numbers) -> tuple[int, int]:
    return numbers.juries.get("with_the_majority", 0), numbers.juries.get("votes", 0)


def _misuse(numbers: Numbers) -> int:
    return numbers.suspended.get("notices", 0) + numbers.suspended.get("complaints", 0)


def _percent(part: float | None) -> str | None:
    return None if part is None else f"{100 * part:.0f} %"


def _charts(request: Request, numbers: Numbers) -> list[tuple[str, list[tuple[str, int]]]]:
    _, names = words(request), Names(language(request))
    grounds = {"law": _("a law"), "terms": _("rules or terms"), "none": _("no measure")}
    made = (
        (_("What came in, by source"), [(names.source(name), found) for name, found in numbers.reports.items()]),
        (_("What it was about"), [(names.category(name), found) for name, found in numbers.categories.items()]),
        (_("What was decided"), [(names.action(name), found) for name, found in numbers.decisions.items()]),
        (_("On which ground"), [(grounds[name], found) for name, found in numbers.grounds.items()]),
        (_("By whom"), [(names.decider(name), found) for name, found in numbers.deciders.items()]),
        (_("What was taken back"), [(names.kind(name), found) for name, found in numbers.taken_back.items()]),
    )
    months = [(month, found.get("decisions", 0)) for month, found in sorted(numbers.months.items())]
    ranked = [(caption, sorted(values, key=lambda one: -one[1])) for caption, values in made]
    return [(caption, values) for caption, values in [*ranked, (_("Decisions, month by month"), months)] if values]
