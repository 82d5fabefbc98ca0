"""The form by which a case is decided: what it offers, what it begins with, and what was sent."""

from typing import Any

from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web import present
from palabre.entrypoints.web.pages import words
from palabre.features import accounts, instance, moderation
from palabre.features.instance import Rule
from palabre.features.moderation import ACTIONS, Case, Ruling

FIELDS = (
    "action",
    "ground",
    "law",
    "facts",
    "reason",
    "answer",
    "hours",
    "label",
    "note",
    "undo_reason",
    "look_reason",
)
LISTS = ("posts", "rules", "unfounded")
_DAY = 24


async def page_values(request: Request, view: Case, rules: tuple[Rule, ...]) -> dict[str, Any]:
    """What the template needs for it: as it was typed, or as it begins."""
    values: dict[str, Any] = {name: request.text(name) for name in FIELDS}
    if "facts" not in request.params and view.may_decide:
        values["facts"] = moderation.described_facts(view, await locale_of(request, view.summary.account.id))
    return {
        "values": values | {name: request.listed(name) for name in LISTS},
        "rules": rules,
        "durations": durations(request, view),
        "saved": await moderation.answers(request.conn, request.me),
        "laws": await moderation.laws_cited(request.conn, request.me),
        "strikes": view.strikes,
        "proposal": _proposal(request, view),
    }


def durations(request: Request, view: Case) -> list[tuple[str, str]]:
    """(hours, words); with what the ladder proposes among them."""
    _ = words(request)
    found = {
        "": _("Until it is taken back"),
        "24": _("For 1 day"),
        "72": _("For 3 days"),
        "168": _("For 1 week"),
        "720": _("For 30 days"),
    }
    for asked in (request.text("hours"), f"{view.proposed.hours:g}" if view.proposed and view.proposed.hours else ""):
        if asked.isdecimal() and asked not in found:
            found[asked] = lasting(request, int(asked))
    return sorted(found.items(), key=lambda one: float(one[0] or "inf"))


def lasting(request: Request, hours: int) -> str:
    _ = words(request)
    if hours % _DAY == 0:
        return str(_("For %(num)s days") % {"num": hours // _DAY})
    return str(_("For %(num)s hours") % {"num": hours})


def ruling(request: Request) -> Ruling:
    """What was sent. Raises Refused for what is no choice at all."""
    hours = request.text("hours")
    named = "rules" if request.ids("rules") else "law" if request.text("law") else ""
    ground = request.text("ground") or named  # ticking a rule is a choice
    if not request.text("action"):
        raise Refused("is not included in the list", field="action", code="inclusion")
    if hours and not (hours.isascii() and hours.isdecimal() and len(hours) < 7):
        raise Refused("must be a number of hours", field="hours", code="inclusion")
    return Ruling(
        request.text("action"),
        request.text("reason"),
        request.ids("posts"),
        request.ids("rules") if ground == "rules" else [],
        law=request.text("law") if ground == "law" else "",
        terms=ground == "terms",
        facts=request.text("facts"),
        answer=request.text("answer"),
        hours=float(hours) if hours else None,
        label=request.text("label"),
    )


async def with_answer(request: Request, view: Case) -> str:
    """The reason as typed, and below it the saved answer that was chosen, its gaps filled in."""
    chosen = request.text("saved")
    found = next((one for one in await moderation.answers(request.conn, request.me) if str(one.id) == chosen), None)
    if found is None:
        return request.text("reason")
    about = await instance.about(request.conn)
    ticked = [rule.text for rule in about.rules if str(rule.id) in request.listed("rules")]
    name = present.account(view.summary.account).display_name or view.summary.account.public.username
    filled = found.filled(name=name, rules="; ".join(ticked), network=about.name)
    return "\n\n".join(part for part in (request.text("reason").strip(), filled) if part)


async def locale_of(request: Request, account_id: int) -> str:
    """The language an account is written to in."""
    try:
        return (await accounts.member(request.conn, account_id)).locale
    except NotFound:  # from elsewhere, or gone
        return (await instance.about(request.conn)).languages[0]


def _proposal(request: Request, view: Case) -> str | None:
    if view.proposed is None:
        return None
    said, hours = str(words(request)(ACTIONS[view.proposed.action].label)), view.proposed.hours
    return f"{said} ({lasting(request, int(hours)).lower()})" if hours else said
