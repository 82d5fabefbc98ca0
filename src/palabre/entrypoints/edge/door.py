"""One request, from the socket to the answer: parameters, caller, limits, one transaction, and errors in the door's format."""

from abc import ABC, abstractmethod

import structlog
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from palabre.base.blobs import BlobError
from palabre.base.db import CONFLICTS, DISK_FULL, UNAVAILABLE, Conn, Database, UniqueViolation
from palabre.base.errors import Forbidden, Refused, Unauthorized
from palabre.base.limits import Standing
from palabre.entrypoints.edge import closing, params, throttle
from palabre.entrypoints.edge.request import Request
from palabre.entrypoints.edge.routes import Route
from palabre.features import accounts

_TRIES = 3
_log = structlog.get_logger()


class Unavailable(Refused):
    status = 503
    code = "unavailable"


class Broken(Refused):
    status = 500
    code = "internal"


class Door(ABC):
    """How one kind of client is recognised and answered. `suspended`: whether suspended members get in at all."""

    suspended = False

    @abstractmethod
    def token(self, http: HttpRequest) -> str | None:
        """The token the request carries."""

    @abstractmethod
    async def refuse(self, request: Request, why: Refused) -> Response:
        """Say no in this door's format."""

    def check(self, request: Request, route: Route) -> None:  # noqa: B027 - most doors ask nothing more
        """What this door asks of every request beyond the rest. Raises Refused."""

    def finish(self, request: Request, response: Response, standing: Standing | None) -> None:
        """Headers that every answer carries."""
        response.headers["x-content-type-options"] = "nosniff"

    async def serve(
        self, db: Database, route: Route, path: dict[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        http = HttpRequest(scope, receive)
        request = Request(http, db, path)
        standing: Standing | None = None
        try:
            request.token = self.token(http)
            claimed = accounts.account_of(request.token) if request.token else None
            if not claimed and route.counted:
                standing = throttle.general(request.source, member=False)
                if standing:
                    standing.check()
            if route.counted:
                await accounts.barred.check_access(db, request.ip)
            self.check(request, route)
            if params.is_upload(http):
                await self._check_known(request)
            request.params = await params.read(http)
            response, counted = await self._answer(request, route, member=bool(claimed))
            standing = counted or standing
        except ClientDisconnect:
            return
        except Exception as error:
            why = _as_refusal(error, route)
            try:
                await follow_up(db, why)
            except Exception as failed:
                why = _as_refusal(failed, route)
            response = await self.refuse(request, why)
        self.finish(request, response, standing)
        await response(scope, receive, send)

    async def _check_known(self, request: Request) -> None:
        """Large bodies are read from members alone. Raises Unauthorized."""
        async with request.db.reading() as conn:
            caller = await accounts.recognise(conn, request.token) if request.token else None
        if caller is None or caller.id == 0:
            raise Unauthorized("This method requires an authenticated user")

    async def _answer(self, request: Request, route: Route, member: bool) -> tuple[Response, Standing | None]:
        """Run the handler; again if another transaction was in the way."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return await self._once(request, route, member)
            except (*CONFLICTS, UniqueViolation):
                if not tries_left or route.transaction != "writing":
                    raise
        raise AssertionError("unreachable")

    async def _once(self, request: Request, route: Route, member: bool) -> tuple[Response, Standing | None]:
        db = request.db
        if route.limit or route.transaction == "none":
            async with db.reading() as conn:
                standing = await self._admit(request, route, conn, member)
            if route.limit:
                caller = request.viewer_id
                await throttle.named(db, route.limit, str(caller) if caller else request.source)
            if route.transaction == "none":
                return await route.handler(request), standing
            async with db.transaction() as request._conn:
                return await route.handler(request), standing
        if route.transaction == "reading":
            async with db.reading() as request._conn:
                standing = await self._admit(request, route, request._conn, member)
                return await route.handler(request), standing
        async with db.transaction() as request._conn:
            standing = await self._admit(request, route, request._conn, member)
            return await route.handler(request), standing

    async def _admit(self, request: Request, route: Route, conn: Conn, member: bool) -> Standing | None:
        """Recognise the caller, count the request, check the scope."""
        standing = None
        if request.token:
            caller = await accounts.recognise(conn, request.token, suspended=self.suspended)
            request.caller = caller if caller and self.honours(caller) else None
            if member and route.counted:
                standing = throttle.general(str(request.viewer_id or request.source), member=request.caller is not None)
                if standing:
                    standing.check()
            if request.caller is None:
                self.unrecognised(request, route)
        self.admit(request, route)
        await closing.check_open(conn, route)
        return standing

    def honours(self, caller: accounts.Caller) -> bool:
        """Whether this kind of token opens this door."""
        return True

    def unrecognised(self, request: Request, route: Route) -> None:
        """The request bears a token that nobody has. Raises Unauthorized."""
        raise Unauthorized

    def admit(self, request: Request, route: Route) -> None:
        """Whether the caller may use this route. Raises Unauthorized or Forbidden."""
        caller = request.caller
        if caller and not route.admits(caller.standing):
            if caller.standing == "suspended":
                raise Forbidden("Your account is suspended", code="suspended")
            raise Forbidden("Your account is frozen: you can read, and not publish", code="frozen")
        if route.scope == "public":
            if caller and route.reads and not caller.may(route.reads):
                raise Forbidden("This action is outside the authorized scopes", code="scope")
            return
        if caller is None:
            raise Unauthorized("This method requires an authenticated user")
        if caller.id == 0 and route.scope != "app":
            raise Unauthorized("This method requires an authenticated user")
        if caller.id and not caller.confirmed:
            raise Forbidden("Your login is missing a confirmed e-mail address", code="unconfirmed")
        if caller.id and not caller.approved:
            raise Forbidden("Your login is currently pending approval", code="pending")
        if route.scope not in ("member", "app") and not caller.may(route.scope):
            raise Forbidden("This action is outside the authorized scopes", code="scope")


async def follow_up(db: Database, why: Refused) -> None:
    """Write what a refusal leaves behind."""
    if why.afterwards:
        async with db.transaction() as conn:
            await why.afterwards(conn)


def _as_refusal(error: Exception, route: Route) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, DISK_FULL):
        _log.error("disk_full", route=route.path, error=str(error))
        return Unavailable(
            "The server's disk is full: nothing can be written until its operator makes room. What you wrote was not kept; "
            "please try again later",
            code="disk_full",
        )
    if isinstance(error, UNAVAILABLE):
        _log.warning("database_away", route=route.path, error=str(error))
        return Unavailable("The server is starting up or overloaded; please try again in a moment")
    if isinstance(error, BlobError):
        _log.error("media_not_kept", route=route.path, error=str(error))
        return Unavailable("The media store cannot be reached; please try again in a moment")
    if isinstance(error, (UniqueViolation, *CONFLICTS)):
        return Refused("This was changed by somebody else at the same moment; please try again", code="conflict")
    _log.exception("request_failed", method=route.method, route=route.path)
    return Broken("Something went wrong on our side. It has been noted.")
