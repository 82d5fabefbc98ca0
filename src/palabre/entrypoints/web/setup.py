"""/setup: the questions that open a new community, one a page; each can be answered again later."""

from typing import Any

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.choices import languages
from palabre.entrypoints.web.community import check_owner, chosen_languages, rules_from_lines
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, language, page, words
from palabre.features import instance

routes = Routes()


@routes.get("/setup", scope="session")
async def begin(request: Request) -> Response:
    """Go to the first question that is not about the owner himself."""
    return back(request, "/setup/2")


@routes.get("/setup/2", scope="session")
async def community(request: Request) -> Response:
    """Name and description."""
    about = await instance.about(request.conn)
    given = about.set_up or about.description != instance.Instance().description
    return await _community(request, {}, {"name": about.name, "description": about.description if given else ""})


async def _community(request: Request, errors: Errors, values: dict[str, str] | None = None) -> Response:
    return await _step(request, 2, "setup/community.html", errors, values=values or typed(request))


@routes.post("/setup/2", scope="session")
async def set_community(request: Request) -> Response:
    """Keep name and description."""
    check_owner(request)
    ask_again(request, _community)
    name, description = request.text("name").strip(), request.text("description").strip()
    await instance.configure(request.conn, request.me.id, name=name, description=description)
    return back(request, "/setup/3")


@routes.get("/setup/3", scope="session")
async def rules(request: Request) -> Response:
    """The rules, one a line, beginning with some that most communities have."""
    about = await instance.about(request.conn)
    lines = "\n".join(rule.text for rule in about.rules)
    return await _rules(request, {}, {"rules": lines} if lines else {})


async def _rules(request: Request, errors: Errors, values: dict[str, str] | None = None) -> Response:
    _ = words(request)
    suggestions = (
        _("Speak to people here as you would face to face."),
        _("No hatred of anyone for what they are."),
        _("Nothing private about others without their consent."),
        _("Put what may upset behind a warning."),
        _("No spam, no fraud."),
    )
    values = typed(request) if values is None else values
    return await _step(request, 3, "setup/rules.html", errors, values=values, suggestions=suggestions)


@routes.post("/setup/3", scope="session")
async def set_rules(request: Request) -> Response:
    """Keep the rules."""
    check_owner(request)
    ask_again(request, _rules)
    known = (await instance.about(request.conn, fresh=True)).rules
    await instance.set_rules(request.conn, rules_from_lines(request.text("rules"), known))
    return back(request, "/setup/4")


@routes.get("/setup/4", scope="session")
async def spoken(request: Request) -> Response:
    """The languages that the moderators read."""
    about = await instance.about(request.conn)
    chosen = list(about.languages) if about.set_up else [language(request)]
    return await _step(
        request, 4, "setup/languages.html", {}, values={"languages": chosen}, languages=languages(language(request))
    )


@routes.post("/setup/4", scope="session")
async def set_spoken(request: Request) -> Response:
    """Keep the languages."""
    check_owner(request)
    await instance.configure(request.conn, request.me.id, languages=chosen_languages(request))
    return back(request, "/setup/5")


@routes.get("/setup/5", scope="session")
async def joining(request: Request) -> Response:
    """Who may join."""
    about = await instance.about(request.conn)
    return await _joining(request, {}, {"registrations": about.chosen})


async def _joining(request: Request, errors: Errors, values: dict[str, str] | None = None) -> Response:
    return await _step(request, 5, "setup/joining.html", errors, values=values or typed(request))


@routes.post("/setup/5", scope="session")
async def open_up(request: Request) -> Response:
    """Keep who may join; the community is open."""
    check_owner(request)
    ask_again(request, _joining, registration="registrations")
    await instance.configure(request.conn, request.me.id, registration=request.text("registrations"), set_up=True)
    _ = words(request)
    hint = _("The community is open. Write the first post, and invite people: Community, then Invitations.")
    return back(request, "/", Flash("done", hint))


async def _step(request: Request, step: int, template: str, errors: Errors, **values: Any) -> Response:
    check_owner(request)
    status = 422 if errors else 200
    return await page(request, template, status=status, action=f"/setup/{step}", errors=errors, **values)
