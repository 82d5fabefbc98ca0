"""/moderation/domains: what is done about other servers; each measure with its history, and an undo."""

from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, Undo, back, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.features import accounts
from palabre.features.moderation import domains
from palabre.features.moderation.domains import Entry, Measure

routes = Routes()
HOME = "/moderation/domains"


@routes.get(HOME, scope="session")
async def browse(request: Request) -> Response:
    """What stands, newest first, by a part of the name; and the form to add more."""
    return await _browse(request, {})


async def _browse(request: Request, errors: Errors) -> Response:
    check_staff(request)
    wanted, query = asked(request), request.text("q").strip()
    found = await domains.browse(request.conn, request.me, wanted, query=query)
    first, last = (found[0].id, found[-1].id) if found else (None, None)
    turns: dict[str, Any] = ends(wanted, request, first, last, len(found))
    return await page(
        request,
        "moderation/domains.html",
        status=422 if errors else 200,
        measures=found,
        query=query,
        values=typed(request),
        drafts_count=await domains.lists.count_drafts(request.conn),
        errors=errors,
        **turns,
    )


@routes.post(HOME, scope="session")
async def add(request: Request) -> Response:
    """Take a measure against a domain."""
    check_staff(request)
    ask_again(request, _browse, default="domain")
    return await _set(request, request.text("domain"))


@routes.get(HOME + "/at/{domain}", scope="session")
async def show(request: Request) -> Response:
    """One domain: what stands, and everything that was done about it."""
    return await _show(request, {})


async def _show(request: Request, errors: Errors) -> Response:
    check_staff(request)
    domain = request.path["domain"]
    standing = await domains.one(request.conn, request.me, domain)
    told = await domains.history(request.conn, request.me, domain)
    if standing is None and not told:
        raise NotFound
    people = await accounts.look(request.conn, {entry.actor_id for entry in told if entry.actor_id})
    return await page(
        request,
        "moderation/domain.html",
        status=422 if errors else 200,
        domain=domain,
        standing=standing,
        values=typed(request) if errors else _as_typed(standing.measure if standing else Measure()),
        events=[
            SimpleNamespace(
                who=present.account(people[entry.actor_id]) if entry.actor_id in people else None,
                words=_happened(request, entry),
                created_at=entry.at,
            )
            for entry in reversed(told)
        ],
        errors=errors,
    )


@routes.post(HOME + "/at/{domain}", scope="session")
async def change(request: Request) -> Response:
    """Change what stands against a domain, or take a measure anew."""
    check_staff(request)
    ask_again(request, _show, default="severity")
    return await _set(request, request.path["domain"])


@routes.post(HOME + "/at/{domain}/lift", scope="session")
async def lift(request: Request) -> Response:
    """Do nothing about a domain any more."""
    check_staff(request)
    domain = request.path["domain"]
    seq = await domains.lift(request.conn, request.me, domain)
    _ = words(request)
    return back(request, HOME, Flash("done", _("%(domain)s: lifted.") % {"domain": domain}, _undo(domain, seq)))


@routes.post(HOME + "/at/{domain}/undo", scope="session")
async def undo(request: Request) -> Response:
    """Take back what was just done about a domain."""
    check_staff(request)
    seq = request.text("seq")
    if not seq.isascii() or not seq.isdigit() or len(seq) > 9:
        raise NotFound
    await domains.undo(request.conn, request.me, request.path["domain"], int(seq))
    _ = words(request)
    return back(request, HOME, Flash("done", _("As it was before.")))


async def _set(request: Request, domain: str) -> Response:
    measure = Measure(
        severity=request.text("severity") or "suspend",
        reject_media=request.flag("reject_media"),
        reject_reports=request.flag("reject_reports"),
        obfuscate=request.flag("obfuscate"),
        private_comment=request.text("private_comment"),
        public_comment=request.text("public_comment"),
    )
    seq = await domains.set_measure(request.conn, request.me, domain, measure)
    _ = words(request)
    told = _("%(domain)s: saved. Accounts from there follow within moments.") % {"domain": domain.strip()}
    return back(request, HOME, Flash("done", told, _undo(domain.strip().lower(), seq)))


def _undo(domain: str, seq: int) -> Undo:
    return Undo(f"{HOME}/at/{domain}/undo", {"seq": str(seq)})


def _as_typed(measure: Measure) -> dict[str, str]:
    flags = ("reject_media", "reject_reports", "obfuscate")
    ticked = {name: "1" if getattr(measure, name) else "" for name in flags}
    texts = {name: getattr(measure, name) for name in ("severity", "private_comment", "public_comment")}
    return texts | ticked


def _happened(request: Request, entry: Entry) -> str:
    _ = words(request)
    severities = {"none": _("neither hidden nor limited"), "limit": _("limited"), "suspend": _("suspended")}
    said = {
        "set": _("set:"),
        "lifted": _("lifted it"),
        "retracted": _("lifted: the list says no more of it"),
        "undone": _("took the last change back"),
        "allowed": _("allowed it"),
        "disallowed": _("allowed it no more"),
    }[entry.kind]
    after = entry.data.get("after")
    return f"{said} {severities[after['severity']]}" if entry.kind == "set" and after else str(said)
