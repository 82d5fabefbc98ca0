"""/moderation/rules: rules before publication, their dry runs and records; for the staff alone."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present, rule_form
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, fragment_only, page, words
from palabre.features import accounts, instance
from palabre.features.moderation import screening
from palabre.features.moderation.screening import Rule
from palabre.features.moderation.screening.model import Switch, Version

routes = Routes()


@routes.get("/moderation/rules", scope="session")
async def all_rules(request: Request) -> Response:
    """Every rule before publication, with its record."""
    check_staff(request)
    found = await screening.all_rules(request.conn, request.me)
    return await page(request, "moderation/rules.html", rules=[_rule(request, one) for one in found])


@routes.get("/moderation/rules/new", scope="session")
async def new(request: Request) -> Response:
    """An empty form."""
    check_staff(request)
    return await _new(request, {}, rule_form.filled())


@routes.post("/moderation/rules", scope="session")
async def create(request: Request) -> Response:
    """Keep a new rule as a draft; or try some text against it."""
    check_staff(request)
    ask_again(request, _new_again, default="match", **rule_form.FIELDS)
    written = _read(request)
    if request.flag("test"):
        return await _new(request, {}, rule_form.typed(request), await _tested(request, written))
    rule_id = await screening.create(request.conn, request.me, written)
    _ = words(request)
    return back(request, f"/moderation/rules/{rule_id}", Flash("done", _("The rule is kept as a draft.")))


@routes.get("/moderation/rules/{id}", scope="session")
async def rule(request: Request) -> Response:
    """One rule: its form, its dry run, its record and history."""
    check_staff(request)
    found = await screening.rule(request.conn, request.me, request.id())
    if fragment_only(request):
        return await page(
            request, "fragments/trial.html", rule=_rule(request, found), samples=await _samples(request, found)
        )
    return await _edit(request, {}, rule_form.filled(found.content))


@routes.post("/moderation/rules/{id}", scope="session")
async def change(request: Request) -> Response:
    """A new version of the rule; or try some text against it."""
    check_staff(request)
    ask_again(request, _edit_again, default="match", **rule_form.FIELDS)
    written = _read(request)
    if request.flag("test"):
        return await _edit(request, {}, rule_form.typed(request), await _tested(request, written))
    await screening.change(request.conn, request.me, request.id(), written)
    _ = words(request)
    return _back(request, _("Saved. Try it on last week's posts, then put it in force."))


@routes.post("/moderation/rules/{id}/try", scope="session")
async def try_rule(request: Request) -> Response:
    """Begin a dry run over last week's posts."""
    check_staff(request)
    ask_again(request, _whole, default="trial")
    await screening.try_rule(request.conn, request.me, request.id())
    return _back(request)


@routes.post("/moderation/rules/{id}/activate", scope="session")
async def activate(request: Request) -> Response:
    """Put the newest version in force."""
    check_staff(request)
    ask_again(request, _whole, default="trial", state="trial")
    await screening.activate(request.conn, request.me, request.id())
    _ = words(request)
    return _back(request, _("The rule is in force."))


@routes.post("/moderation/rules/{id}/off", scope="session")
async def turn_off(request: Request) -> Response:
    """Put the rule out of force."""
    check_staff(request)
    await screening.turn_off(request.conn, request.me, request.id())
    _ = words(request)
    return _back(request, _("The rule is off."))


def _read(request: Request) -> screening.Content:
    written = rule_form.content(request)
    if not written.words:  # the form has another field of that name
        raise Refused("can't be blank", field=rule_form.AUTHOR_WORDS, code="blank")
    return written


async def _tested(request: Request, written: screening.Content) -> list[str]:
    return rule_form.condition_words(request, screening.try_text(request.me, written, request.text("sample")))


async def _new_again(request: Request, errors: Errors) -> Response:
    return await _new(request, errors, rule_form.typed(request))


async def _edit_again(request: Request, errors: Errors) -> Response:
    return await _edit(request, errors, rule_form.typed(request))


async def _whole(request: Request, errors: Errors) -> Response:
    found = await screening.rule(request.conn, request.me, request.id())
    return await _edit(request, errors, rule_form.filled(found.content))


async def _new(request: Request, errors: Errors, values: dict[str, Any], met: list[str] | None = None) -> Response:
    return await page(
        request,
        "moderation/rule_new.html",
        status=422 if errors else 200,
        errors=errors,
        values=values,
        met=met,
        **await _choices(request),
    )


async def _edit(request: Request, errors: Errors, values: dict[str, Any], met: list[str] | None = None) -> Response:
    conn, me = request.conn, request.me
    found = await screening.rule(conn, me, request.id())
    hits = await screening.hits_of(conn, me, found.id, limit=20)
    versions, switches = await screening.versions(conn, me, found.id), await screening.switches(conn, me, found.id)
    named = (
        {one.changed_by for one in versions} | {one.changed_by for one in switches} | {one.author_id for one in hits}
    )
    people = {view.id: present.account(view) for view in (await accounts.look(conn, named - {0})).values()}
    return await page(
        request,
        "moderation/rule.html",
        status=422 if errors else 200,
        rule=_rule(request, found),
        samples=await _samples(request, found),
        hits=[_hit(request, one, people) for one in hits],
        history=_history(versions, switches, people),
        errors=errors,
        values=values,
        met=met,
        **await _choices(request),
    )


def _history(
    versions: Sequence[Version], switches: Sequence[Switch], people: dict[int, present.Account]
) -> list[SimpleNamespace]:
    """Who wrote it and who switched it, newest first."""

    def line(one: Version | Switch, state: str) -> SimpleNamespace:
        return SimpleNamespace(version=one.version, state=state, by=people.get(one.changed_by), at=one.changed_at)

    told = [line(one, "written") for one in versions] + [line(one, one.state) for one in switches]
    return sorted(told, key=lambda one: one.at, reverse=True)


async def _choices(request: Request) -> dict[str, Any]:
    about = await instance.about(request.conn)
    return {"actions": rule_form.choices(request), "community_rules": about.rules}


async def _samples(request: Request, found: Rule) -> list[present.Post]:
    shown = await screening.samples(request.conn, found.trial) if found.trial else []
    return await present.posts(request.conn, shown, None)


def _rule(request: Request, view: Rule) -> SimpleNamespace:
    return SimpleNamespace(
        id=view.id,
        url=f"/moderation/rules/{view.id}",
        title=view.content.title,
        action=rule_form.action_words(request)[view.content.action][0],
        state=view.state,
        changed=view.active_version is not None and view.active_version < view.version,
        disarmed_at=view.disarmed_at,
        trouble=view.trouble,
        record=view.record,
        trial=view.trial,
        tried=view.tried,
        changed_at=view.changed_at,
    )


def _hit(request: Request, one: screening.Hit, people: dict[int, present.Account]) -> SimpleNamespace:
    met = one.variables.get("met")
    return SimpleNamespace(
        at=one.at,
        author=people.get(one.author_id),
        case_url=f"/moderation/cases/{one.case_id}" if one.case_id else "",
        met=", ".join(rule_form.condition_words(request, met)) if isinstance(met, dict) else "",
        outcome=one.outcome,
        variables={name: value for name, value in one.variables.items() if name != "met"},
    )


def _back(request: Request, told: str = "") -> Response:
    return back(request, f"/moderation/rules/{request.id()}", Flash("done", told) if told else None)
