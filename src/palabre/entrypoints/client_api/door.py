"""Client applications: bearer tokens in, Mastodon's JSON out, open to browsers of every origin."""

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.base.errors import Forbidden, Refused, TooMany
from palabre.base.limits import Standing
from palabre.entrypoints.edge import Door, Request, Route
from palabre.features.moderation.notices import KEY

CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, Accept",
    "access-control-expose-headers": (
        "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Retry-After"
    ),
    "access-control-max-age": "86400",
}


class ApiDoor(Door):
    def token(self, http: HttpRequest) -> str | None:
        kind, _, token = http.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            return None if token.startswith(KEY) else token.strip()  # a notifier is no member: his routes read his key
        return http.query_params.get("access_token")

    def admit(self, request: Request, route: Route) -> None:
        super().admit(request, route)
        if route.scope.startswith("admin:") and not request.me.staff:
            raise Forbidden

    async def refuse(self, request: Request, why: Refused) -> Response:
        error = (
            f"Validation failed: {why.field.capitalize().replace('_', ' ')} {why.message}" if why.field else why.message
        )
        body: dict[str, object] = {"error": error}
        if why.field or why.status == 422:  # the description promises details with every 422
            fault = {"error": f"ERR_{why.code.upper()}", "description": why.message}
            body["details"] = {why.field or "base": [fault]}
        response = json(body, status=why.status)
        if isinstance(why, TooMany):
            response.headers["retry-after"] = str(round(why.retry_after))
        elif why.status == 503:
            response.headers["retry-after"] = "2"
        return response

    def finish(self, request: Request, response: Response, standing: Standing | None) -> None:
        super().finish(request, response, standing)
        response.headers.update(CORS)
        if "cache-control" not in response.headers:
            response.headers["cache-control"] = "private, no-store"
        if standing:
            response.headers["x-ratelimit-limit"] = str(standing.limit)
            response.headers["x-ratelimit-remaining"] = str(max(standing.remaining, 0))
            response.headers["x-ratelimit-reset"] = iso(standing.reset_at)


def json(body: object, status: int = 200) -> Response:
    return raw(msgspec.json.encode(body), status)


def raw(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json; charset=utf-8")
