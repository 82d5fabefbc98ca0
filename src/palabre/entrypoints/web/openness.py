"""Rules and terms with their history, agreeing to new terms, and contact points."""

from itertools import pairwise
from types import SimpleNamespace

from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import documents
from palabre.entrypoints.web.pages import back, page, words
from palabre.features import accounts, instance

routes = Routes()


@routes.get("/rules", scope="public", open_to="suspended")
async def rules(request: Request) -> Response:
    """The rules in force."""
    about = await instance.about(request.conn)
    versions = await instance.rule_versions(request.conn)
    return await page(
        request,
        "rules.html",
        rules=about.rules,
        version=versions[0].version if versions else 0,
        since=versions[0].since if versions else None,
    )


@routes.get("/rules/history", scope="public", open_to="suspended")
async def rules_history(request: Request) -> Response:
    """Every version of the rules, and what changed with each."""
    found = await instance.rule_versions(request.conn)
    texts = [*(instance.as_text(one.rules) for one in found), ""]
    shown = [
        SimpleNamespace(
            number=one.version, since=one.since, applies_at=None, summary="", changes=instance.changes(before, after)
        )
        for one, (after, before) in zip(found, pairwise(texts), strict=True)
    ]
    _ = words(request)
    return await page(
        request,
        "versions.html",
        heading=_("Rules and their history"),
        back_to="/rules",
        back_words=_("Back to the rules"),
        versions=shown,
    )


@routes.get("/terms/history", scope="public", open_to="suspended")
async def terms_history(request: Request) -> Response:
    """Every version of the terms, from when it applies, and what changed with each."""
    _ = words(request)
    found = await instance.terms_versions(request.conn)
    texts = [*(one.text or documents.terms(_) for one in found), documents.terms(_)]
    shown = [
        SimpleNamespace(
            number=one.version,
            since=one.since,
            applies_at=one.applies_at,
            summary=one.summary,
            changes=instance.changes(before, after),
        )
        for one, (after, before) in zip(found, pairwise(texts), strict=True)
    ]
    return await page(
        request,
        "versions.html",
        heading=_("Terms and their history"),
        back_to="/terms",
        back_words=_("Back to the terms"),
        versions=shown,
    )


@routes.get("/terms/accept", scope="member")
async def ask(request: Request) -> Response:
    """The terms that changed, to agree to; who doesn't can take everything along and leave."""
    found = await instance.terms(request.conn)
    if found is None:
        raise NotFound
    if request.me.terms_version >= found.version:
        return back(request, request.text("next", "/"))
    _ = words(request)
    agreed = await instance.terms(request.conn, request.me.terms_version) if request.me.terms_version else None
    return await page(
        request,
        "terms_accept.html",
        version=found.version,
        since=found.applies_at,
        summary=found.summary,
        changes=instance.changes(
            (agreed.text if agreed else "") or documents.terms(_), found.text or documents.terms(_)
        ),
        next=request.text("next", "/"),
    )


@routes.post("/terms/accept", scope="member")
async def accept(request: Request) -> Response:
    """Agree to the version that was shown."""
    newest = await instance.newest_terms(request.conn)
    asked = request.text("version")
    if newest is None or not asked.isdecimal() or not 0 < int(asked[:9]) <= newest.version:
        raise NotFound
    await accounts.accept_terms(request.conn, request.me.id, int(asked))
    return back(request, request.text("next", "/"))


@routes.get("/contact", scope="public", open_to="suspended")
async def contact(request: Request) -> Response:
    """How members, visitors and authorities reach who runs this place, and where disputes can go."""
    about = await instance.about(request.conn)
    return await page(
        request,
        "contact.html",
        contacts=about.contacts,
        authorities=about.for_authorities,
        authorities_languages=about.contacts.authorities_languages or about.languages,
        users=about.for_users,
        users_languages=about.contacts.users_languages or about.languages,
    )
