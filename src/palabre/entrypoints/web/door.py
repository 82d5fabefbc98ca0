"""Browsers: a session cookie in, HTML out. Forms are accepted from our own pages only."""

from urllib.parse import quote

from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from palabre.base.db import UNAVAILABLE
from palabre.base.errors import Forbidden, Refused, TooMany, Unauthorized
from palabre.base.limits import Standing
from palabre.entrypoints.edge import Door, Request, Route
from palabre.entrypoints.web.forms import again, complaint, to_ask_again
from palabre.entrypoints.web.pages import fragment_only, page
from palabre.entrypoints.web.returning import came_from
from palabre.entrypoints.web.session import COOKIE
from palabre.features.accounts.tokens import SESSION_SCOPE, Caller
from palabre.names import here

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


class WebDoor(Door):
    suspended = True

    def token(self, http: HttpRequest) -> str | None:
        return http.cookies.get(COOKIE)

    def honours(self, caller: Caller) -> bool:
        """Browsers' own sessions only: an application's token must not do here what its scopes forbid elsewhere."""
        return SESSION_SCOPE in caller.scopes

    def unrecognised(self, request: Request, route: Route) -> None:
        """An old cookie is no reason to refuse: the visitor is simply signed out."""

    def check(self, request: Request, route: Route) -> None:
        """A form must come from a page of ours: browsers say so in Sec-Fetch-Site or Origin, and cannot be made to lie."""
        if route.method in ("GET", "HEAD"):
            return
        headers = request.http.headers
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site in ("same-origin", "none") or (site is None and (origin is None or _ours(origin, headers.get("host")))):
            return
        raise Forbidden(
            "This form was sent from another site. Please go back and send it again from here.", code="origin"
        )

    async def refuse(self, request: Request, why: Refused) -> Response:
        if isinstance(why, Unauthorized) and fragment_only(request):
            return Response(headers={"hx-redirect": f"/sign-in?next={quote(came_from(request.http), safe='/')}"})
        if isinstance(why, Unauthorized):
            sign_in = f"/sign-in?next={quote(_asked_for(request), safe='/')}"
            if fragment_only(request):
                return Response(headers={"hx-redirect": sign_in})
            return RedirectResponse(sign_in, 303)
        form = to_ask_again(request)
        if form and why.status == 422:
            try:
                async with request.db.reading() as request._conn:
                    return await again(request, form, why)
            except Refused as other:  # what the form stood on is not there, or not for this visitor
                why = other
        if fragment_only(request):
            return PlainTextResponse(complaint(request, why), why.status)
        response = await self._error_page(request, why)
        if isinstance(why, TooMany):
            response.headers["retry-after"] = str(round(why.retry_after))
        return response

    async def _error_page(self, request: Request, why: Refused) -> Response:
        """In the frame of all pages; bare, where even that cannot be had because the database is away."""
        known = why.code in ("forbidden", "not_found", "too_many_requests", "internal")
        try:
            async with request.db.reading() as request._conn:
                return await page(
                    request,
                    "error.html",
                    status=why.status,
                    code=why.status,
                    detail="" if known else complaint(request, why),
                    reference="",
                )
        except (*UNAVAILABLE, OSError):
            return PlainTextResponse(complaint(request, why), why.status, headers={"retry-after": "2"})

    def finish(self, request: Request, response: Response, standing: Standing | None) -> None:
        super().finish(request, response, standing)
        headers = response.headers
        headers.setdefault("content-security-policy", CSP)
        headers["referrer-policy"] = "same-origin"
        headers["x-frame-options"] = "DENY"
        if "cache-control" not in headers:
            headers["cache-control"] = "private, no-cache"


def _asked_for(request: Request) -> str:
    """Where to go on after signing in."""
    scope = request.http.scope
    if request.http.method not in ("GET", "HEAD"):
        return came_from(request.http)
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _ours(origin: str, host: str | None) -> bool:
    """Whether an Origin header names the host by which the browser reached us: our other names are other sites, for the
    first may be lost to somebody else.
    """
    return origin == here() or origin.partition("://")[2] == host
