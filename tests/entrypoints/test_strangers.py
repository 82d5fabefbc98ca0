"""Every route, asked by whom it is not for and with what it cannot understand: the right refusal, and nothing changed."""

import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import msgspec
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from palabre import entrypoints
from palabre.app import App
from palabre.base.db import Database
from palabre.entrypoints import client_api, web
from palabre.entrypoints.edge import Route
from palabre.features import accounts
from palabre.settings import Settings
from tests.support.images import png, upload
from tests.support.network import Network
from tests.support.nonsense import BROKEN, FORMS, PARTS, PATHS, STRANGE
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person

API, WEB = list(client_api.ROUTES), list(web.ROUTES)
COOKIE = "palabre_session"
SECRET = "only-bob-may-read-this"
#: They answer for as long as somebody listens.
ENDLESS = (
    "/api/v1/streaming/user",
    "/api/v1/streaming/public",
    "/api/v1/streaming/hashtag",
    "/api/v1/streaming/direct",
)
#: A refused attempt is counted, and whoever asks has been seen.
MOVING = {"rate_windows", "home_readers"}


@dataclass
class World:
    """What Alice and Bob have between them, and Dan, whom Alice blocks, who may see none of it."""

    network: Network
    alice: Person
    bob: Person
    carol: Person
    dan: Person
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def known(self) -> list[str]:
        return [found for group in self.ids.values() for found in group]

    async def rows(self) -> dict[str, Any]:
        """What every table holds, as a number of rows and a sum over their contents."""
        async with self.network.db.reading() as conn:
            tables = await conn.rows(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            names = [row["relname"] for row in tables if row["relname"] not in MOVING]
            sums = {name: f"sum(hashtext({_kept(name)}))" for name in names}
            union = " UNION ALL ".join(
                f"SELECT '{name}' AS name, count(*), {sums[name]} FROM {name} t" for name in names
            )
            return {row["name"]: (row["count"], row["sum"]) for row in await conn.rows(union)}

    async def token(self, person: Person, *scopes: str) -> str:
        async with self.network.db.transaction() as conn:
            return await accounts.grant(conn, int(person.id), scopes, client_id="tests")

    async def ask(self, route: Route, path: str, token: str = "", **options: Any) -> httpx.Response:
        """As a client application or as a browser, whichever the route is for."""
        headers = {"accept-language": "en", **options.pop("headers", {})}
        if token and client_api.is_ours(route.path):
            headers["authorization"] = f"Bearer {token}"
        elif token:
            headers["cookie"] = f"{COOKIE}={token}"
        self.network.http.cookies.clear()
        return await self.network.http.request(route.method, path, headers=headers, **options)


def _kept(table: str) -> str:
    """A row as text, without what merely asking changes."""
    changing = {"tokens": "last_used_at", "members": "last_active_at"}.get(table)
    return f"(to_jsonb(t) - '{changing}')::text" if changing else "t::text"


@pytest.fixture
async def world(network: Network) -> World:
    return await _made(network)


async def _made(network: Network) -> World:
    alice, bob, dan = [await network.person(name) for name in ("alice", "bob", "dan")]
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    made = World(network, alice, bob, carol, dan)
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    await bob.follows(alice)
    await alice.patch("/api/v1/accounts/update_credentials", locked=True)
    eve = await network.person("eve")
    await eve.follows(alice)
    media = await upload(alice, description=SECRET)
    attached = await upload(alice, png(colour=(1, 2, 3)), description=SECRET)
    private = await alice.says(f"{SECRET} @bob", visibility="private", media_ids=[attached["id"]])
    direct = await alice.says(f"{SECRET} @bob", visibility="direct")
    public = await alice.says("Hello all @bob")
    await bob.post(f"/api/v1/statuses/{private['id']}/favourite")
    await reports(bob, alice, public, comment=SECRET)
    await decides(carol, await only_case(carol), "warn", reason=SECRET)
    await reports(bob, alice, private, comment=SECRET)
    await network.work()
    case = (await only_case(carol))["id"]
    told = await alice.get("/api/v1/notifications")
    made.ids = {
        "posts": [private["id"], direct["id"], public["id"]],
        "media": [media["id"], attached["id"]],
        "accounts": [alice.id, bob.id, eve.id, dan.id],
        "notifications": [one["id"] for one in told][:3],
        "cases": [case, *[one["id"] for one in await carol.get("/api/v1/admin/reports", resolved="true")]],
        "letters": [one["id"] for one in await alice.get("/api/palabre/v1/letters")],
    }
    return made


def fits(route: Route, response: httpx.Response) -> None:
    """Never broken, and a refusal in the format of those who asked."""
    where = f"{route.method} {response.request.url}"
    assert response.status_code < 500, f"{where}: {response.status_code} {response.text[:500]}"
    if response.status_code < 400:
        return
    if client_api.is_ours(route.path) or route in API:
        assert response.headers["content-type"].startswith("application/json"), where
        assert isinstance(response.json()["error"], str), where
    else:
        assert response.headers["content-type"].startswith(("text/html", "text/plain")), where


def filled(path: str, value: str) -> str:
    """The route's path with this in all its places."""
    return re.sub(r"\{[^}]+\}", value, path)


async def test_strangers_are_sent_away_from_all_that_is_not_public(world: World) -> None:
    for route in [*API, *WEB]:
        before = await world.rows()
        for found in ("1", world.ids["posts"][0], world.ids["accounts"][0], world.ids["media"][0]):
            response = await world.ask(route, filled(route.path, found))
            fits(route, response)
            assert SECRET not in response.text, route.path
            if route.scope != "public":
                where = f"{route.method} {route.path}: {response.status_code}"
                refused = (401, 422) if client_api.is_ours(route.path) else (303, 302, 401, 403)
                assert response.status_code in refused, where
                assert client_api.is_ours(route.path) or "/sign-in" in response.headers["location"], where
        assert await world.rows() == before or route.scope == "public", f"{route.method} {route.path} wrote something"


async def test_tokens_that_are_made_up_ended_or_too_narrow_open_nothing(world: World) -> None:
    expired, revoked = await world.token(world.alice, "read", "write"), await world.token(world.alice, "read", "write")
    narrow = await world.token(world.alice, "profile")
    async with world.network.db.transaction() as conn:
        await conn.execute(
            "UPDATE tokens SET expires_at = now() - interval '1 s' WHERE token_hash = sha256($1)", expired.encode()
        )
        await accounts.revoke(conn, revoked)
    for token in (expired, revoked, "nonsense", f"{world.alice.id}.nonsense", "=+/ "):
        for route in API:
            if route.scope in ("public", "app", "member"):
                continue
            response = await world.ask(route, filled(route.path, world.ids["posts"][0]), token)
            fits(route, response)
            assert response.status_code == 401, f"{route.path}: {response.status_code}"
    before = await world.rows()
    for route in API:
        if route.scope not in ("public", "app", "member", "profile"):
            response = await world.ask(route, filled(route.path, world.ids["posts"][0]), narrow)
            assert response.status_code == 403, f"{route.path}: {response.status_code}"
            fits(route, response)
    assert await world.rows() == before


async def test_members_get_nowhere_with_what_is_not_theirs(world: World) -> None:
    """Dan tries every route with every id he should not know. Alice's things are afterwards what they were."""
    bearer = await world.token(world.dan, *STAFF_SCOPES)
    async with world.network.db.transaction() as conn:
        cookie = await accounts.start_session(conn, int(world.dan.id))
    before = await _of_alice(world)
    for route in [*API, *WEB]:
        if route.path.startswith(ENDLESS) or not ("{" in route.path or route.method != "GET"):
            continue
        token = bearer if client_api.is_ours(route.path) else cookie
        for found in [*world.known, f"favourite-{world.ids['posts'][0]}", f"@{world.alice.name}"]:
            rows = await world.rows()
            body = {} if route.method == "GET" else {"data": _everywhere(found)}
            response = await world.ask(route, filled(route.path, found), token, **body)
            fits(route, response)
            assert SECRET not in response.text, f"{route.method} {route.path} shows {found}"
            if response.status_code >= 400:
                assert await world.rows() == rows, f"{route.method} {route.path} refused, and wrote something"
    assert await _of_alice(world) == before


async def _of_alice(world: World) -> list[Any]:
    """All that Dan could have spoiled."""
    paths = [
        *(f"/api/v1/statuses/{post}" for post in world.ids["posts"]),
        *(f"/api/v1/statuses/{post}/context" for post in world.ids["posts"][:2]),
        "/api/v1/notifications",
        "/api/v1/follow_requests",
        "/api/v1/blocks",
        "/api/palabre/v1/letters",
        f"/api/v1/accounts/{world.alice.id}",
        f"/api/v1/media/{world.ids['media'][0]}",
    ]
    cases = [f"/api/palabre/v1/cases/{case}" for case in world.ids["cases"][:1]]
    return [await world.alice.get(path) for path in paths] + [await world.carol.get(path) for path in cases]


def _everywhere(found: str) -> dict[str, str]:
    """A form that names this id wherever one can be named."""
    names = (
        "in_reply_to_id media_ids[] account_id status_ids[] status_id post_id quoted_status_id home[last_read_id] id"
    )
    return {"status": "Let me in", "comment": "x", **dict.fromkeys(names.split(), found)}


async def test_forms_of_other_sites_are_refused(world: World) -> None:
    async with world.network.db.transaction() as conn:
        cookie = await accounts.start_session(conn, int(world.carol.id))
    forged: list[dict[str, str]] = [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://talk.example"},
    ]
    before = await world.rows()
    for route in WEB:
        if route.method == "GET":
            continue
        for headers in forged:
            path = filled(route.path, world.ids["posts"][0])
            response = await world.ask(route, path, cookie, headers=headers, data={"status": "x"})
            assert response.status_code == 403, f"{route.path} {headers}"
            fits(route, response)
    assert await world.rows() == before


# What cannot be understood


@cache
def _names() -> list[str]:
    """Every parameter that some handler reads."""
    found = {"limit", "max_id", "since_id", "min_id", "offset", "id", "id[]"}
    for module in pkgutil.walk_packages(entrypoints.__path__, "palabre.entrypoints."):
        if ".cli" in module.name:
            continue
        loaded = import_module(module.name)
        for thing in vars(loaded).values():
            if isinstance(thing, type) and issubclass(thing, msgspec.Struct):
                found |= {one.encode_name for one in msgspec.structs.fields(thing)}
        with open(str(loaded.__file__)) as source:
            found |= set(
                re.findall(r"request\.(?:text|flag|ids|listed|file|params\.get)\(\s*[\"']([\w\[\]]+)", source.read())
            )
    return sorted(found)


def _values(known: list[str]) -> some.SearchStrategy[Any]:
    return some.sampled_from(STRANGE) | some.sampled_from(known) | some.lists(some.sampled_from(known), max_size=3)


@some.composite
def _asked(draw: some.DrawFn, known: list[str]) -> tuple[Route, str, dict[str, Any]]:
    """A route, a path and what is sent along."""
    route = draw(some.sampled_from([route for route in [*API, *WEB] if not route.path.startswith(ENDLESS)]))
    path = filled(
        route.path, draw(some.sampled_from(known) | some.sampled_from(PATHS) | some.text(min_size=1).map(quote))
    )
    given = some.dictionaries(some.sampled_from(_names()), _values(known), max_size=6)
    if route.method == "GET":
        raw = draw(some.sampled_from(FORMS[:1] + FORMS[2:]) | some.none())
        if raw is not None:
            return route, f"{path}?{raw.decode('latin-1').replace(chr(0xFF), '%FF')}", {}
        flat = {name: value if isinstance(value, str | int) else str(value) for name, value in draw(given).items()}
        return route, path, {"params": {name: str(value)[:1_000] for name, value in flat.items()}}
    kind = draw(some.sampled_from(["json", "broken", "form", "raw form", "parts", "file", "odd"]))
    match kind:
        case "json":
            sent: dict[str, Any] = {
                "content": json.dumps(draw(given), ensure_ascii=True),
                "headers": _type("application/json"),
            }
        case "broken":
            sent = {"content": draw(some.sampled_from(BROKEN)), "headers": _type("application/json")}
        case "form":
            sent = {
                "data": {name: value if isinstance(value, str) else str(value) for name, value in draw(given).items()}
            }
        case "raw form":
            sent = {"content": draw(some.sampled_from(FORMS)), "headers": _type("application/x-www-form-urlencoded")}
        case "parts":
            sent = {"content": draw(some.sampled_from(PARTS)), "headers": _type("multipart/form-data; boundary=x")}
        case "file":
            name = draw(some.sampled_from(_names()))
            sent = {
                "files": {name: ("x.png", draw(some.sampled_from([b"", b"GIF89a", b"\xff" * 99, png()])), "image/png")}
            }
        case _:
            sent = {
                "content": draw(some.binary(max_size=50)),
                "headers": _type(draw(some.sampled_from(["", "text/xml", "a/b;;=", "multipart/form-data"]))),
            }
    return route, path, sent


def _type(name: str) -> dict[str, str]:
    return {"content-type": name}


@pytest.fixture
def walk(configured: Settings, dsn: str) -> Iterator[tuple[BlockingPortal, World]]:
    """A world that lives beside the test, in a thread: Hypothesis has no time to wait."""
    app = App(Database(dsn, most=4))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.running()):
        network = Network(app)
        yield portal, portal.call(_made, network)
        portal.call(network.empty)


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_whatever_is_sent_is_answered_properly(walk: tuple[BlockingPortal, World], data: some.DataObject) -> None:
    portal, world = walk
    route, path, sent = data.draw(_asked(world.known))
    who = data.draw(some.sampled_from(["nobody", "dan", "carol"]))
    portal.call(_send, world, route, path, sent, who)


async def _send(world: World, route: Route, path: str, sent: dict[str, Any], who: str) -> None:
    token = "" if who == "nobody" else await _some_token(world, who, client_api.is_ours(route.path))
    before = await world.rows()
    response = await world.ask(route, path, token, **sent)
    fits(route, response)
    if response.status_code >= 400:
        changed = {name for name, held in (await world.rows()).items() if held != before[name]}
        assert not changed, f"{route.method} {path} refused with {response.status_code}, and wrote {changed}"


async def _some_token(world: World, who: str, api: bool) -> str:
    """A fresh one: the last request may have signed out, or left for good."""
    person = world.dan if who == "dan" else world.carol
    async with world.network.db.transaction() as conn:
        if await conn.value("SELECT 1 FROM members WHERE account_id = $1", int(person.id)) is None:
            return ""
        if api:
            return await accounts.grant(conn, int(person.id), STAFF_SCOPES, client_id="tests")
        return await accounts.start_session(conn, int(person.id))


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
async def test_what_is_far_too_large_is_refused_unread(world: World, kind: str) -> None:
    for route in [*API, *WEB]:
        if route.method != "GET" and not route.path.startswith(ENDLESS):
            content = b'{"status": "' + b"x" * 10 * 1024**2 + b'"}'
            response = await world.ask(route, filled(route.path, "1"), content=content, headers=_type(kind))
            fits(route, response)
            assert response.status_code in (413, 401, 303), f"{route.path}: {response.status_code}"
