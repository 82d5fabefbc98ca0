"""Streams, over a real server on a port of its own: server-sent events and WebSockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
import msgspec
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from palabre import settings
from palabre.base import live as line
from palabre.entrypoints.client_api import streams
from palabre.features import posts
from palabre.features.posts import Revision
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case
from tests.support.people import Person, said
from tests.support.screening import enforces

PATIENCE = 60


@dataclass
class Server:
    """The network of the test, reachable on a port."""

    port: int

    async def socket(self, person: Person | None = None, query: str = "", **options: Any) -> ClientConnection:
        """An open WebSocket, signed in by header."""
        if person:
            options["additional_headers"] = {"Authorization": f"Bearer {person.token}"}
        return await connect(f"ws://127.0.0.1:{self.port}/api/v1/streaming{query}", **options)

    @contextlib.asynccontextmanager
    async def events(self, person: Person, path: str) -> AsyncIterator["Lines"]:
        """An open stream of server-sent events, listening already."""
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE) as http,
            http.stream("GET", path, headers={"authorization": f"Bearer {person.token}"}) as response,
        ):
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            lines = Lines(response.aiter_lines())
            assert await lines.next() == ":)"
            yield lines


class Lines:
    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> str:
        return await anext(self._lines)

    async def event(self) -> tuple[str, Any]:
        """The next event's name and payload."""
        name = ""
        while True:
            line = await self.next()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                return name, msgspec.json.decode(line.removeprefix("data: "))


@pytest.fixture
async def server(network: Network) -> AsyncIterator[Server]:
    config = uvicorn.Config(
        network.app, port=0, lifespan="off", ws="websockets-sansio", log_level="error", timeout_graceful_shutdown=1
    )
    served = uvicorn.Server(config)
    task = asyncio.create_task(served.serve())
    await _until(lambda: served.started)
    yield Server(served.servers[0].sockets[0].getsockname()[1])
    served.should_exit = True
    await task


async def _next(socket: ClientConnection) -> tuple[list[str], str, Any]:
    """The next message: stream, event, payload."""
    async with asyncio.timeout(PATIENCE):
        told = msgspec.json.decode(await socket.recv())
    return told["stream"], told["event"], msgspec.json.decode(told["payload"])


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.001)


async def _listening(topic: str, how_many: int = 1) -> None:
    """Wait until so many streams listen to a topic."""
    await _until(lambda: len(line.live._listeners.get(topic, ())) == how_many)


async def test_a_new_post_arrives_as_an_event(network: Network, server: Server, alice: Person, bob: Person) -> None:
    await bob.follows(alice)
    await bob.home()
    await network.work()
    async with server.events(bob, "/api/v1/streaming/user") as stream:
        posted = await alice.says("hello")
        await network.work()
        event, post = await stream.event()
        assert (event, said(post)) == ("update", "hello")
        async with network.db.transaction() as conn:
            await posts.edit(conn, int(alice.id), int(posted["id"]), Revision("hello again"))
        await network.work()
        event, post = await stream.event()
        assert (event, said(post)) == ("status.update", "hello again")
        async with network.db.transaction() as conn:
            await posts.remove(conn, int(alice.id), int(posted["id"]))
        await network.work()
        assert await stream.event() == ("delete", int(posted["id"]))


async def test_a_held_post_is_in_no_stream_until_it_is_released(
    network: Network, server: Server, alice: Person, bob: Person
) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    await enforces(network, carol)
    for who in (alice, bob):
        await who.follows(alice if who is bob else bob)
        await who.home()
    await network.work()
    async with (
        server.events(bob, "/api/v1/streaming/user") as his,
        server.events(alice, "/api/v1/streaming/user") as hers,
    ):
        waiting = await alice.says("An elephant")
        await network.work()
        assert (await hers.event())[0] == "notification"
        await decides(carol, await only_case(carol), "dismiss")
        await network.work()
        for stream in (hers, his):
            told = dict([await stream.event(), await stream.event()])
            assert told["delete"] == int(waiting["id"])
            assert said(told["update"]) == "An elephant"


async def test_who_only_listens_and_never_reads_hears_of_posts_too(
    network: Network, server: Server, alice: Person, bob: Person
) -> None:
    await bob.follows(alice)
    await network.work()
    async with server.events(bob, "/api/v1/streaming/user") as stream:
        await _listening(f"home:{bob.id}")
        await alice.says("hello")
        await network.work()
        assert said((await stream.event())[1]) == "hello"


async def test_an_idle_stream_beats_and_holds_no_connection(
    network: Network, server: Server, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT", 0.05)
    async with contextlib.AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(server.events(alice, "/api/v1/streaming/public")) for _ in range(8)
        ]  # twice as many as there are connections
        for stream in opened:
            assert await stream.next() == ":thump"
        await alice.says("still there?")


async def test_one_socket_carries_many_streams(network: Network, server: Server, alice: Person, bob: Person) -> None:
    socket = await server.socket(bob, "?stream=user:notification")
    await _listening(f"notifications:{bob.id}")
    await socket.send('{"type": "subscribe", "stream": "hashtag", "tag": "Cats"}')
    await _listening("tag:cats")
    await socket.send('{"type": "subscribe", "stream": "public"}')
    await _listening("local")
    await alice.says("@bob look: #cats")
    await network.work()
    heard = [await _next(socket) for _ in range(3)]
    assert sorted((stream, event) for stream, event, _ in heard) == [
        (["hashtag", "Cats"], "update"),
        (["public"], "update"),
        (["user:notification"], "notification"),
    ]
    await socket.send('{"type": "unsubscribe", "stream": "hashtag", "tag": "Cats"}')
    await _listening("tag:cats", 0)
    await socket.close()
    await _listening("local", 0)


async def test_streams_show_only_what_their_viewer_may_see(
    network: Network, server: Server, alice: Person, bob: Person, dan: Person
) -> None:
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    await bob.follows(alice)
    await bob.post(f"/api/v1/accounts/{alice.id}/mute")
    await bob.home()
    for person, path in ((dan, "public/local"), (bob, "public/local"), (bob, "user")):
        async with server.events(person, f"/api/v1/streaming/{path}") as stream:
            await alice.says("not for you")
            await alice.says("@dan @bob nor this", visibility="direct")
            await person.says("my own")
            await network.work()
            assert said((await stream.event())[1]) == "my own"


async def test_a_direct_message_arrives_as_a_conversation(
    network: Network, server: Server, alice: Person, bob: Person
) -> None:
    async with server.events(bob, "/api/v1/streaming/direct") as stream:
        await alice.says("@bob psst", visibility="direct")
        await network.work()
        event, conversation = await stream.event()
    assert event == "conversation"
    assert [account["acct"] for account in conversation["accounts"]] == ["alice"]
    assert said(conversation["last_status"]) == "@bob psst"


async def test_posts_of_the_widely_followed_arrive_too(
    network: Network, server: Server, alice: Person, bob: Person
) -> None:
    await bob.follows(alice)
    async with network.db.transaction() as conn:
        await conn.execute("INSERT INTO pulled_authors VALUES ($1, now() - interval '1 day')", int(alice.id))
        await conn.execute("UPDATE account_counts SET followers = 1000000 WHERE account_id = $1", int(alice.id))
    async with server.events(bob, "/api/v1/streaming/user") as stream:
        await alice.says("to a million")
        await network.work()
        assert said((await stream.event())[1]) == "to a million"


@pytest.mark.parametrize("place", ["query", "protocol", "header"])
async def test_a_token_may_come_three_ways(server: Server, alice: Person, place: str) -> None:
    if place == "query":
        socket = await server.socket(query=f"?stream=public&access_token={alice.token}")
    elif place == "protocol":
        socket = await server.socket(query="?stream=public", subprotocols=[Subprotocol(alice.token)])
        assert socket.subprotocol == alice.token
    else:
        socket = await server.socket(alice, "?stream=public")
    await _listening("local")
    await socket.close()


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 401), ("?access_token=nonsense", 401), ("?stream=nothing", 404), ("?stream=hashtag", 422)],
)
async def test_a_wrong_request_opens_no_socket(server: Server, alice: Person, query: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await server.socket(alice if status != 401 else None, query)
    assert refusal.value.response.status_code == status


async def test_a_wrong_message_is_answered_and_the_socket_lives(server: Server, alice: Person) -> None:
    socket = await server.socket(alice)
    for message in (
        "{",
        "[]",
        b"\xff",
        '{"type": "subscribe", "stream": "nothing"}',
        '{"type": "dance", "stream": "user"}',
    ):
        await socket.send(message)
        async with asyncio.timeout(PATIENCE):
            assert "error" in msgspec.json.decode(await socket.recv())
    await socket.send('{"type": "subscribe", "stream": "public"}')
    await _listening("local")
    await socket.close()


async def test_streams_end_with_their_token(
    network: Network, server: Server, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT", 0.05)
    monkeypatch.setattr(streams, "RECHECK", 0)
    socket = await server.socket(alice, "?stream=user")
    async with server.events(alice, "/api/v1/streaming/user") as stream:
        async with network.db.transaction() as conn:
            await conn.execute("UPDATE accounts SET standing = 'suspended' WHERE id = $1", int(alice.id))
        with pytest.raises(StopAsyncIteration):
            while True:
                await stream.next()
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(ConnectionClosed):
            await socket.recv()


async def test_nobody_opens_streams_without_end(server: Server, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 1)
    socket = await server.socket(alice, "?stream=public")
    await _listening("local")
    with pytest.raises(InvalidStatus) as refusal:
        await server.socket(alice)
    assert refusal.value.response.status_code == 429
    await alice.get("/api/v1/streaming/user", expect=429)
    await socket.close()
    await _listening("local", 0)
    await (await server.socket(alice)).close()


async def test_streams_ask_for_scopes(network: Network, alice: Person, stranger: Person) -> None:
    writer = await network.person("writer", scopes=("write",))
    await writer.get("/api/v1/streaming/user", expect=403)
    await stranger.get("/api/v1/streaming/public", expect=401)
    await alice.get("/api/v1/streaming/hashtag", expect=422)
    assert (await stranger.request("GET", "/api/v1/streaming/health")).text == "OK"


async def test_each_stream_has_links_of_the_name_it_was_opened_at(
    network: Network, server: Server, alice: Person
) -> None:
    spare = f"talk2.example:{server.port}"
    settings.use(settings.Settings(**{**settings.current().model_dump(), "domains": [spare]}))
    query = "/api/v1/streaming?stream=public:local"
    signed = {"Authorization": f"Bearer {alice.token}"}
    async with (
        connect(f"ws://{spare}{query}", host="127.0.0.1", port=server.port, additional_headers=signed) as there,
        await server.socket(alice, "?stream=public:local") as here,
    ):
        await _listening("local", 2)
        post = await alice.says("hello")
        await network.work()
        (*_, seen_there), (*_, seen_here) = await _next(there), await _next(here)
    assert (seen_there["url"], seen_here["url"]) == (f"https://{spare}/@alice/{post['id']}", post["url"])
    assert seen_there["uri"] == seen_here["uri"] == post["uri"]
