"""What members upload is on the second host too, whatever happens to the line between."""

import asyncio
import hashlib
import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from palabre.base import blobs, link
from palabre.base.blobs import BlobError, Blobs, LocalBlobs
from palabre.base.db import Database
from palabre.features.portability import standby
from palabre.features.portability.standby import serving
from tests.features.portability.standby.conftest import First, Following, kept, until, waiting
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


async def same(one: Blobs, other: Blobs) -> bool:
    return bool(await kept(one) == await kept(other))


async def test_alices_pictures_are_on_the_second_host(
    network: Network, alice: Person, first: First, second: Blobs, following: Following
) -> None:
    old = await upload(alice)
    async with following(first, second) as follows:
        await follows.until_complete()
        assert await same(blobs.current(), second) and follows.progress.copied == follows.progress.total == 2
        new = await upload(alice)
        began = time.monotonic()
        await until(lambda: same(blobs.current(), second))
        assert time.monotonic() - began < 20  # well under a second, where the machine is free
        for key in await kept(second):
            assert await second.read(key) == await blobs.current().read(key)
        await alice.says("two cats", media_ids=[old["id"], new["id"]])
        (me,) = await waiting(network)
        assert me.name == "beta" and me.copied_at and me.seen_at


async def test_what_is_deleted_here_is_deleted_there(
    network: Network, alice: Person, first: First, second: Blobs, following: Following
) -> None:
    media = await upload(alice)
    async with following(first, second) as follows:
        await follows.until_complete()
        assert len(await kept(second)) == 2
        await alice.delete(f"/api/v1/media/{media['id']}")
        await network.work()
        await until(lambda: same(blobs.current(), second))
        assert await kept(second) == {}
        await until(lambda: nothing_waits(network))


async def nothing_waits(network: Network) -> bool:
    return all(one.waiting == 0 for one in await waiting(network))


async def test_the_line_is_cut_and_all_goes_on_where_it_was(
    network: Network, first: First, second: Blobs, following: Following
) -> None:
    for number in range(300):
        await blobs.current().put(f"posts/{number}.png", os.urandom(1000), "image/png")
    async with following(first, second) as follows:
        await follows.until(lambda: follows.progress.copied >= 60)
        await first.cut()
        assert not follows.progress.complete
        await follows.until(lambda: bool(follows.progress.problem))
        await blobs.current().put("posts/meanwhile.png", b"cat", "image/png")
        await blobs.current().delete(["posts/0.png", "posts/299.png"])
        had = len(await kept(second))
        await first.open()
        await follows.until_complete()
        await until(lambda: same(blobs.current(), second))
        await first.cut()
        await blobs.current().put("posts/later.png", b"cat", "image/png")
        assert (await waiting(network))[0].waiting >= 1
        await first.open()
        await until(lambda: same(blobs.current(), second))
        assert had >= 60 and len(await kept(second)) == 300
        await until(lambda: nothing_waits(network))
    assert any("Nothing answers" in problem or "hung up" in problem for problem in follows.heard)


class Counting(LocalBlobs):
    """A folder that notes what is put, and may be full."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.put_keys: list[str] = []
        self.full = False

    async def put(self, key: str, content: bytes | Path, content_type: str) -> None:
        if self.full:
            raise BlobError(f"{key}: No space left on device")
        await super().put(key, content, content_type)
        self.put_keys.append(key)


async def test_a_standby_started_again_copies_only_what_it_lacks(
    network: Network, first: First, tmp_path: Path, following: Following
) -> None:
    second = Counting(tmp_path / "second")
    for number in range(20):
        await blobs.current().put(f"posts/{number}.png", b"cat", "image/png")
    async with following(first, second) as follows:
        await follows.until_complete()
    await blobs.current().put("posts/new.png", b"cat", "image/png")
    await second.put("posts/3.png", b"half", "image/png")
    await second.put("posts/not-there.png", b"deleted while nobody followed", "image/png")
    second.put_keys.clear()
    async with following(first, second) as follows:
        await follows.until_complete()
        await until(lambda: same(blobs.current(), second))
        await until(lambda: nothing_waits(network))
    assert set(second.put_keys) == {"posts/new.png", "posts/3.png"}


async def test_a_first_host_without_its_media_folder_empties_nothing(
    first: First, second: Blobs, following: Following
) -> None:
    for number in range(20):
        await second.put(f"posts/{number}.png", b"cat", "image/png")
    async with following(first, second) as follows:
        await follows.until_complete()
    assert len(await kept(second)) == 20


async def test_nothing_is_confirmed_that_is_not_on_disk(
    network: Network, first: First, tmp_path: Path, following: Following
) -> None:
    second = Counting(tmp_path / "second")
    async with following(first, second) as follows:
        await follows.until_complete()
        second.full = True
        await blobs.current().put("posts/cat.png", b"cat" * 700_000, "image/png")
        await follows.until(lambda: "No space left" in follows.progress.problem)
        (me,) = await waiting(network)
        assert (me.waiting, me.bytes) == (1, 2_100_000) and 0 <= me.behind < 60
        second.full = False
        await until(lambda: nothing_waits(network))
        assert await second.read("posts/cat.png") == b"cat" * 700_000
        await follows.until(lambda: not follows.progress.problem)


async def test_what_arrives_damaged_is_not_kept(
    network: Network, first: First, second: Blobs, following: Following
) -> None:
    sound = first.services["blob"]

    async def damaging(peer: link.Peer, args: dict[str, Any], reader: Any, writer: Any) -> None:
        while said := await link.hear_or_none(reader):
            await link.say(writer, {"size": 3})
            writer.write(b"dog")
            await link.say(writer, {"sha256": hashlib.sha256(str(said).encode()).hexdigest()})

    await first.cut()
    first.services["blob"] = damaging
    await first.open()
    await blobs.current().put("posts/cat.png", b"cat", "image/png")
    async with following(first, second) as follows:
        await follows.until(lambda: "posts/cat.png arrived damaged" in follows.heard)
        assert await kept(second) == {} and not follows.progress.complete
        await first.cut()
        first.services["blob"] = sound
        await first.open()
        await until(lambda: same(blobs.current(), second))


async def test_a_long_film_is_cut_in_the_middle_and_comes_whole_later(
    network: Network, first: First, second: Blobs, following: Following, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(1024) * 12_000)
    sound = first.services["blob"]
    begun = asyncio.Event()

    async def half(peer: link.Peer, args: dict[str, Any], reader: Any, writer: Any) -> None:
        await link.hear(reader)
        await link.say(writer, {"size": film.stat().st_size})
        writer.write(film.read_bytes()[:5_000_000])
        await writer.drain()
        begun.set()
        writer.transport.abort()

    await first.cut()
    first.services["blob"] = half
    await first.open()
    await blobs.current().put("posts/film.mp4", film, "video/mp4")
    async with following(first, second) as follows:
        await begun.wait()
        await follows.until(lambda: bool(follows.progress.problem))
        assert await kept(second) == {}
        await first.cut()
        first.services["blob"] = sound
        await first.open()
        await until(lambda: same(blobs.current(), second))
        assert await second.read("posts/film.mp4") == film.read_bytes()
    assert not any(name.startswith("palabre-media-") for name in os.listdir(tmp_path))


async def test_a_standby_forgotten_meanwhile_looks_at_everything_again(
    network: Network, first: First, second: Blobs, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEARTBEAT", 0.3)
    async with following(first, second) as follows:
        await follows.until_complete()
        async with network.db.transaction() as conn:
            assert await standby.forget(conn, "beta")
        await blobs.current().put("posts/cat.png", b"cat", "image/png")  # noted for nobody
        await until(lambda: same(blobs.current(), second))
        async with network.db.transaction() as conn:
            await standby.forget_all(conn)
        assert await blobs.current().exists("posts/cat.png")


async def test_what_waits_still_arrives_while_the_network_is_read_only(
    network: Network, first: First, second: Blobs, following: Following, dsn: str, tmp_path: Path
) -> None:
    """As while it moves: nothing new is written, but what was must get there and be confirmed."""
    frozen = Database(dsn, most=2, server_settings={"default_transaction_read_only": "on"})
    async with following(first, second) as follows:
        await follows.until_complete()
        await first.cut()
        await blobs.current().put("posts/cat.png", b"cat", "image/png")
        first.services = dict(standby.services(blobs.current(), frozen))
        await first.open()
        await until(lambda: nothing_waits(network))
        assert await second.read("posts/cat.png") == b"cat"
    await first.cut()
    await frozen.close()


async def test_the_database_is_away_for_a_moment(
    network: Network, first: First, second: Blobs, following: Following, dsn: str
) -> None:
    own = Database(dsn, most=3, server_settings={"application_name": "the link"})
    await first.cut()
    first.services = dict(standby.services(blobs.current(), own))
    await first.open()
    async with following(first, second) as follows:
        await follows.until_complete()
        async with network.db.reading() as conn:
            await conn.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'the link'"
            )
        await blobs.current().put("posts/cat.png", b"cat", "image/png")
        await until(lambda: same(blobs.current(), second))
        await until(lambda: nothing_waits(network))
    await first.cut()
    await own.close()


async def test_without_a_standby_nothing_is_noted(network: Network, alice: Person) -> None:
    await upload(alice)
    assert await waiting(network) == []
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM mirror_queue") == 0


async def test_who_has_no_secret_any_more_is_told_so(first: First, second: Blobs, following: Following) -> None:
    first.secret = "another by now"
    async with following(first, second) as follows:
        await follows.until(lambda: "doesn't admit “beta”" in follows.progress.problem)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def bucket(endpoint: str, name: str) -> Blobs:
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT")).close()
    url = f"s3://{name}/network-a?endpoint={endpoint}&region=us-east-1"
    return blobs.open_store(url, access_key_id="alice", secret_access_key="secret")


async def test_from_bucket_to_bucket(network: Network, s3: str, tmp_path: Path, following: Following) -> None:
    here, second = standby.Mirrored(bucket(s3, "here"), network.db), bucket(s3, "there")
    first = First(tmp_path / "link", standby.services(here, network.db))
    await first.open()
    for number in range(5):
        await here.put(f"posts/{number}.png", b"cat" * (number + 1), "image/png")
    async with following(first, second) as follows:
        await follows.until_complete()
        assert len(await kept(second)) == 5
        await here.put("posts/new.png", b"cat" * 700_000, "image/png")
        await here.delete(["posts/0.png", "posts/1.png"])
        await until(lambda: same(here, second))
        await until(lambda: nothing_waits(network))
        assert await second.read("posts/new.png") == b"cat" * 700_000
    await first.cut()
