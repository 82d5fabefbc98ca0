"""Routes are declared where their handlers stand; finding one costs a dictionary look-up per segment of the path."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from starlette.responses import Response

if TYPE_CHECKING:
    from palabre.entrypoints.edge.door import Door
    from palabre.entrypoints.edge.request import Request

Handler = Callable[["Request"], Awaitable[Response]]
Transaction = Literal["reading", "writing", "none"]
Standing = Literal["good", "frozen", "suspended"]


@dataclass(frozen=True)
class Route:
    """`scope`: what a token must allow; 'public' if none is needed, 'member' for any signed-in member,
    'app' for an application's own token too. `reads`: of a public route, what a token must allow if one is sent: it sees
    more than a stranger does. `limit`: the name of a rate limit beside the general one.
    `counted`: whether a call counts against the general limit; files that pages are made of don't.
    `open_to`: how poor a member's standing may be who uses it. Unless said otherwise, a frozen member may read, and do
    what strangers may; a suspended one nothing.
    """

    method: str
    path: str
    handler: Handler
    scope: str
    transaction: Transaction
    limit: str | None = None
    counted: bool = True
    reads: str | None = None
    open_to: Standing = "good"

    def admits(self, standing: str) -> bool:
        """Whether a member of this standing may use it; files that pages are made of are for everybody."""
        if standing == "suspended":
            return self.open_to == "suspended" or (self.scope == "public" and not self.counted)
        return standing != "frozen" or self.open_to != "good"

    @property
    def doc(self) -> str:
        return (self.handler.__doc__ or "").strip()


class Routes:
    """A list that one file of handlers adds to: `@routes.get("/api/v1/things/{id}", scope="read:things")`."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self.all)

    def add(
        self,
        method: str,
        path: str,
        *,
        scope: str,
        transaction: Transaction | None = None,
        limit: str | None = None,
        counted: bool = True,
        reads: str | None = None,
        open_to: Standing | None = None,
    ) -> Callable[[Handler], Handler]:
        chosen: Transaction = transaction or ("reading" if method == "GET" else "writing")
        standing: Standing = open_to or ("frozen" if method == "GET" or scope in ("public", "app") else "good")

        def declare(handler: Handler) -> Handler:
            self.all.append(Route(method, path, handler, scope, chosen, limit, counted, reads, standing))
            return handler

        return declare

    def get(
        self,
        path: str,
        *,
        scope: str,
        transaction: Transaction | None = None,
        counted: bool = True,
        reads: str | None = None,
        open_to: Standing | None = None,
    ) -> Callable[[Handler], Handler]:
        return self.add(
            "GET", path, scope=scope, transaction=transaction, counted=counted, reads=reads, open_to=open_to
        )

    def post(
        self,
        path: str,
        *,
        scope: str,
        transaction: Transaction | None = None,
        limit: str | None = None,
        open_to: Standing | None = None,
    ) -> Callable[[Handler], Handler]:
        return self.add("POST", path, scope=scope, transaction=transaction, limit=limit, open_to=open_to)

    def put(self, path: str, *, scope: str, limit: str | None = None) -> Callable[[Handler], Handler]:
        return self.add("PUT", path, scope=scope, limit=limit)

    def patch(self, path: str, *, scope: str, transaction: Transaction | None = None) -> Callable[[Handler], Handler]:
        return self.add("PATCH", path, scope=scope, transaction=transaction)

    def delete(
        self, path: str, *, scope: str, limit: str | None = None, open_to: Standing | None = None
    ) -> Callable[[Handler], Handler]:
        return self.add("DELETE", path, scope=scope, limit=limit, open_to=open_to)


@dataclass
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    parameter: tuple[str, "_Node"] | None = None  # {name}: one segment
    handle: tuple[str, "_Node"] | None = None  # @{name}: one segment that begins with @
    rest: tuple[str, "_Node"] | None = None  # {name...}: all that follows
    methods: dict[str, tuple["Door", Route]] = field(default_factory=dict)


Found = tuple[dict[str, tuple["Door", Route]], dict[str, str]]


class Router:
    def __init__(self) -> None:
        self._root = _Node()

    def add(self, door: "Door", route: Route) -> None:
        node = self._root
        for segment in route.path.strip("/").split("/"):
            node = _child(node, segment)
        if route.method in node.methods:
            raise ValueError(f"two handlers for {route.method} {route.path}")
        node.methods[route.method] = (door, route)

    def find(self, path: str) -> Found | None:
        """What is to be found there, by method, and the values of the path's parameters; None: nothing is."""
        if "\x00" in path:  # PostgreSQL can't keep it, so nothing bears such a name
            return None
        return _find(self._root, path.strip("/").split("/"), {})


def _child(node: _Node, segment: str) -> _Node:
    if segment.endswith("...}"):
        node.rest = node.rest or (segment[1:-4], _Node())
        return node.rest[1]
    if segment.startswith("@{"):
        node.handle = node.handle or (segment[2:-1], _Node())
        return node.handle[1]
    if segment.startswith("{"):
        node.parameter = node.parameter or (segment[1:-1], _Node())
        if node.parameter[0] != segment[1:-1]:
            raise ValueError(f"{segment} is called {{{node.parameter[0]}}} elsewhere")
        return node.parameter[1]
    return node.literal.setdefault(segment, _Node())


def _find(node: _Node, segments: list[str], values: dict[str, str]) -> Found | None:
    if not segments:
        return (node.methods, values) if node.methods else None
    first, others = segments[0], segments[1:]
    if (child := node.literal.get(first)) and (found := _find(child, others, values)):
        return found
    if node.handle and first.startswith("@"):
        found = _find(node.handle[1], others, {**values, node.handle[0]: first[1:]})
        if found:
            return found
    if node.parameter and first:
        found = _find(node.parameter[1], others, {**values, node.parameter[0]: first})
        if found:
            return found
    if node.rest:
        return node.rest[1].methods, {**values, node.rest[0]: "/".join(segments)}
    return None
