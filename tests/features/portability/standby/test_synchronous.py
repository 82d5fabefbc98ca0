"""With standby_synchronous, a picture that is acknowledged is on both hosts."""

import asyncio

import pytest

from palabre.base import blobs
from palabre.base.blobs import BlobError, Blobs
from palabre.features.portability import standby
from palabre.features.portability.standby import mirrored
from tests.features.portability.standby.conftest import First, Following, kept, waiting
from tests.support.images import png
from tests.support.network import Network
from tests.support.people import Person


@pytest.fixture
def synchronous(network: Network) -> Blobs:
    before = blobs.current()
    assert isinstance(before, standby.Mirrored)
    blobs.use(standby.Mirrored(before.inner, network.db, synchronous=True))
    return blobs.current()


async def test_a_put_returns_once_it_is_on_both(
    synchronous: Blobs, network: Network, first: First, second: Blobs, following: Following
) -> None:
    await synchronous.put("posts/before.png", b"nobody follows yet", "image/png")
    async with following(first, second) as follows:
        await follows.until_complete()
        for number in range(20):
            await synchronous.put(f"posts/{number}.png", b"cat", "image/png")
            assert await second.read(f"posts/{number}.png") == b"cat"
        await asyncio.gather(*(synchronous.put(f"posts/many-{n}.png", b"cat", "image/png") for n in range(20)))
        assert len(await kept(second)) == 41


async def test_a_put_waits_not_for_the_first_copy(
    synchronous: Blobs, network: Network, first: First, second: Blobs, following: Following
) -> None:
    for number in range(400):
        await synchronous.put(f"old/{number}.png", b"cat", "image/png")
    async with following(first, second) as follows:
        await follows.until(lambda: follows.progress.copied > 0)
        await synchronous.put("posts/new.png", b"cat", "image/png")
        assert await second.read("posts/new.png") == b"cat"


async def test_a_put_that_nobody_confirms_fails_and_says_why(
    synchronous: Blobs, network: Network, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrored, "CONFIRMED_WITHIN", 0.2)
    async with network.db.transaction() as conn:
        await standby.register(conn, "beta")
    with pytest.raises(BlobError, match="the standby beta did not confirm it"):
        await synchronous.put("posts/cat.png", b"cat", "image/png")
    answer = await network.http.post(
        "/api/v2/media",
        files={"file": ("cat.png", png(), "image/png")},
        headers={"authorization": f"Bearer {alice.token}"},
    )
    assert answer.status_code == 503 and "media store" in answer.json()["error"]
    assert (await waiting(network))[0].waiting == 2  # still to be brought there, should it come back
    await synchronous.delete(["posts/cat.png"])  # waits for nobody
