"""An archive in an S3 bucket is the same as one in a folder."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from palabre.base.blobs import open_store
from palabre.features.portability.archive import existing_place, indexes, verify
from tests.support.archiving import PRIVATE, PUBLIC, Opened, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/safe", method="PUT")).close()
    yield f"http://{host}:{port}"
    server.stop()


async def test_taken_verified_and_kept_few(network: Network, alice: Person, endpoint: str, tmp_path: Path) -> None:
    options = {
        "endpoint": endpoint,
        "region": "us-east-1",
        "access_key_id": "alice",
        "secret_access_key": "secret",
    }
    await upload(alice)
    await takes(network, "s3://safe/network", options=options, recipients=[PUBLIC])
    await upload(alice)
    taken = await takes(network, "s3://safe/network", options=options, recipients=[PUBLIC], keep=1)
    assert 0 < taken.new_media < taken.media
    (index,) = await indexes(existing_place("s3://safe/network", options))
    assert index.id == taken.archive
    verdict = await verify(existing_place("s3://safe/network", options), index, lambda *_: None)
    assert (verdict.wrong, verdict.files) == ([], len(index.files) + taken.media)
    store = open_store("s3://safe/network", **options)
    async for entry in store.list():
        (tmp_path / "copy" / entry.key).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / entry.key).write_bytes(await store.read(entry.key))
    Opened(tmp_path / "copy", taken.archive, PRIVATE).check()
