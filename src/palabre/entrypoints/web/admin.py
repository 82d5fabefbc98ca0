"""/admin: the community's own settings and rules, for its owners."""

from collections.abc import Mapping

import msgspec
from email_validator import EmailNotValidError, validate_email
from starlette.responses import Response

from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.choices import languages
from palabre.entrypoints.web.community import check_owner, chosen_languages
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, language, page, words
from palabre.features import accounts, instance
from palabre.features.instance import Body, Contacts, Rule
from palabre.features.instance.about import TERMS_NOTICE
from palabre.settings import current

routes = Routes()


@routes.get("/admin", scope="session")
async def show(request: Request) -> Response:
    """Name, description, contact, who may join, languages and terms."""
    about = await instance.about(request.conn)
    values = {
        "name": about.name,
        "description": about.description,
        "contact": about.contact_email,
        "registrations": about.chosen,
        "languages": about.languages,
        "terms": terms.text if (terms := await instance.newest_terms(request.conn)) else "",
        "privacy": about.privacy,
    }
    return await _page(request, {}, values)


async def _page(request: Request, errors: Errors, values: Mapping[str, object] | None = None) -> Response:
    check_owner(request)
    return await page(
        request,
        "admin/community.html",
        status=422 if errors else 200,
        values=values or typed(request) | {"languages": chosen_languages(request)},
        languages=languages(language(request)),
        fixed=current().registration is not None,
        errors=errors,
    )


@routes.post("/admin", scope="session")
async def save(request: Request) -> Response:
    """Keep the community's settings; changed terms are a new version."""
    check_owner(request)
    ask_again(request, _page, default="name", contact_email="contact", registration="registrations")
    changes: dict[str, object] = {
        "name": request.text("name").strip(),
        "description": request.text("description").strip(),
        "contact_email": _email(request.text("contact")),
        "languages": chosen_languages(request),
        "privacy": request.text("privacy").replace("\r\n", "\n").strip(),
    }
    if current().registration is None:
        changes["registration"] = request.text("registrations")
    await instance.configure(request.conn, request.me.id, **changes)
    terms = request.text("terms").replace("\r\n", "\n").strip()
    before = await instance.newest_terms(request.conn)
    if terms != (before.text if before else ""):
        await _change_terms(request, terms)
    return _saved(request, "/admin")


async def _change_terms(request: Request, terms: str) -> None:
    """The owner agrees to what he writes."""
    summary, days = request.text("terms_summary").strip(), request.text("terms_days") or str(TERMS_NOTICE)
    for name, text, most in (("terms", terms, 100_000), ("terms_summary", summary, 500)):
        if len(text) > most:
            raise Refused("is too long", field=name, code="too_long")
    if not days.isdecimal() or len(days) > 3:
        raise Refused("must be between 0 and 365", field="terms_days", code="days")
    version = await instance.set_terms(request.conn, terms, summary, int(days))
    await accounts.accept_terms(request.conn, request.me.id, version)


@routes.get("/admin/contact", scope="session")
async def contact(request: Request) -> Response:
    """The contact points: for members, for authorities, and bodies that settle disputes."""
    found = (await instance.about(request.conn, fresh=True)).contacts
    bodies = "\n".join(f"{body.name} {body.url}".strip() for body in found.out_of_court)
    return await _contact(request, {}, msgspec.to_builtins(found) | {"out_of_court": bodies})


async def _contact(request: Request, errors: Errors, values: Mapping[str, object] | None = None) -> Response:
    check_owner(request)
    listed = {name: chosen_languages(request, name) for name in ("users_languages", "authorities_languages")}
    return await page(
        request,
        "admin/contact.html",
        status=422 if errors else 200,
        values=values or {**typed(request), **listed},
        languages=languages(language(request)),
        errors=errors,
    )


@routes.post("/admin/contact", scope="session")
async def save_contact(request: Request) -> Response:
    """Keep the contact points."""
    check_owner(request)
    ask_again(request, _contact, default="operator")
    contacts = Contacts(
        operator=_lines(request.text("operator")),
        authorities_email=_email(request.text("authorities_email"), "authorities_email"),
        authorities_languages=tuple(chosen_languages(request, "authorities_languages")),
        users_email=_email(request.text("users_email"), "users_email"),
        users_languages=tuple(chosen_languages(request, "users_languages")),
        representative=_lines(request.text("representative")),
        out_of_court=tuple(_body(line) for line in _lines(request.text("out_of_court")).splitlines() if line.strip()),
    )
    await instance.set_contacts(request.conn, request.me.id, contacts)
    return _saved(request, "/admin/contact")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _body(line: str) -> Body:
    """A name, and behind it perhaps a web address."""
    name, _, last = line.strip().rpartition(" ")
    return Body(name.strip(), last) if name and "://" in last else Body(line.strip())


@routes.get("/admin/rules", scope="session")
async def rules(request: Request) -> Response:
    """The rules, each to be changed, moved or removed."""
    return await _rules(request, {})


async def _rules(request: Request, errors: Errors) -> Response:
    check_owner(request)
    about = await instance.about(request.conn, fresh=True)
    status = 422 if errors else 200
    return await page(request, "admin/rules.html", status=status, rules=about.rules, errors=errors)


@routes.post("/admin/rules", scope="session")
async def add_rule(request: Request) -> Response:
    """Add a rule at the end."""
    known = await _known(request)
    return await _keep(request, [*known, Rule(0, request.text("text"), request.text("hint"))])


@routes.post("/admin/rules/{id}", scope="session")
async def change_rule(request: Request) -> Response:
    """Change a rule's words; what was decided by it stays as it was."""
    known = await _known(request)
    at = _place(request, known)
    known[at] = Rule(known[at].id, request.text("text"), request.text("hint"))
    return await _keep(request, known)


@routes.post("/admin/rules/{id}/up", scope="session")
async def move_rule(request: Request) -> Response:
    """Move a rule one place up."""
    known = await _known(request)
    at = _place(request, known)
    known.insert(max(0, at - 1), known.pop(at))
    return await _keep(request, known)


@routes.post("/admin/rules/{id}/remove", scope="session")
async def remove_rule(request: Request) -> Response:
    """Retire a rule."""
    known = await _known(request)
    known.pop(_place(request, known))
    return await _keep(request, known)


async def _known(request: Request) -> list[Rule]:
    check_owner(request)
    ask_again(request, _rules, default="text", rules="text")
    return list((await instance.about(request.conn, fresh=True)).rules)


def _place(request: Request, known: list[Rule]) -> int:
    wanted = request.id()
    for at, rule in enumerate(known):
        if rule.id == wanted:
            return at
    raise NotFound


async def _keep(request: Request, wanted: list[Rule]) -> Response:
    await instance.set_rules(request.conn, wanted, request.me.id)
    return _saved(request, "/admin/rules")


def _saved(request: Request, to: str) -> Response:
    _ = words(request)
    return back(request, to, Flash("done", _("Saved.")))


def _email(written: str, field: str = "contact_email") -> str:
    written = written.strip()
    try:
        return validate_email(written, check_deliverability=False).normalized if written else ""
    except EmailNotValidError as error:
        raise Refused("is not a valid e-mail address", field=field, code="invalid") from error
