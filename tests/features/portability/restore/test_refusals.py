"""Whatever is wrong with an archive or its target: said clearly, and the target is as it was."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from palabre.base import blobs
from palabre.base.errors import Refused
from palabre.base.postgres import PostgresProblem, prepare
from palabre.features.portability.archive.format import Index
from palabre.features.portability.archive.sealing import WrongKey, new_identity
from palabre.features.portability.restore import Damaged, RestoreProblem
from palabre.features.portability.restore.staging import Staging
from tests.support.archiving import PRIVATE, PUBLIC, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.restoring import brings_back


@pytest.fixture
async def place(network: Network, alice: Person, tmp_path: Path) -> Path:
    """An encrypted archive with a post and a picture."""
    picture = await upload(alice)
    await alice.says("Hello", media_ids=[picture["id"]])
    await takes(network, tmp_path / "place", recipients=[PUBLIC])
    return tmp_path / "place"


def copy(place: Path) -> Path:
    return Path(shutil.copytree(place, place.with_name("copy"), dirs_exist_ok=True))


def files(place: Path, pattern: str) -> list[Path]:
    return sorted(path for path in place.rglob(pattern) if path.is_file())


async def refused(source: Path | str, to: Path, kind: type[Refused], match: str, **more: Any) -> None:
    with pytest.raises(kind, match=match):
        await brings_back(source, to, **{"private": PRIVATE, **more})
    assert to.name not in os.listdir(to.parent)


@pytest.mark.parametrize("pattern", ["posts.0*", "keys.0*", "stored.0*", "manifest*", "index.json", "media/*/*"])
async def test_one_damaged_byte_anywhere(place: Path, tmp_path: Path, pattern: str) -> None:
    for how in ("changed", "cut", "gone"):
        damaged = copy(place)
        file = files(damaged, pattern)[0]
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        if how == "gone":
            file.unlink()
        else:
            file.write_bytes(content if how == "changed" else content[:-1])
        await refused(damaged, tmp_path / "data", Refused, "damaged|complete|missing|isn't there|index|fits")


async def test_damaged_media_may_be_left_behind(place: Path, tmp_path: Path) -> None:
    files(place, "media/*/*")[0].unlink()
    restored = await brings_back(place, tmp_path / "data", private=PRIVATE, lenient=True)
    assert len(restored.lost_media) == 1
    store = blobs.open_store(str(tmp_path / "data/media"))
    assert restored.lost_media[0] not in {entry.key async for entry in store.list()}


async def test_without_the_key_nothing_happens(place: Path, tmp_path: Path) -> None:
    await refused(place, tmp_path / "data", WrongKey, "--key", private="")
    await refused(place, tmp_path / "data", WrongKey, "made for others", private=new_identity()[0])


async def test_an_archive_of_a_newer_version_is_left_to_it(network: Network, alice: Person, tmp_path: Path) -> None:
    async with network.db.transaction() as conn:
        await conn.execute("INSERT INTO migrations (name) VALUES ('9999_future')")
    try:
        await takes(network, tmp_path / "future")
    finally:
        async with network.db.transaction() as conn:
            await conn.execute("DELETE FROM migrations WHERE name = '9999_future'")
    await refused(tmp_path / "future", tmp_path / "data", RestoreProblem, "newer Palabre .*9999_future", private="")
    await takes(network, tmp_path / "place")
    [file] = files(tmp_path / "place", "index.json")
    file.write_bytes(file.read_bytes().replace(b'"format":1', b'"format":2'))
    await refused(tmp_path / "place", tmp_path / "data", RestoreProblem, "newer Palabre", private="")


async def test_a_folder_that_holds_something_is_left_alone(place: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/holidays.jpg").write_bytes(b"")
    with pytest.raises(RestoreProblem, match=r"holidays\.jpg"):
        await brings_back(place, tmp_path / "data", private=PRIVATE)
    assert os.listdir(tmp_path / "data") == ["holidays.jpg"]


async def test_a_place_without_archives(tmp_path: Path) -> None:
    (tmp_path / "empty/archives").mkdir(parents=True)
    await refused(tmp_path / "nowhere", tmp_path / "data", RestoreProblem, "no folder or file")
    await refused(tmp_path, tmp_path / "data", RestoreProblem, "holds no archives")
    await refused(tmp_path / "empty", tmp_path / "data", Damaged, "no complete archive")


async def test_the_newest_complete_one_is_taken(place: Path, network: Network, tmp_path: Path) -> None:
    first = files(place, "index.json")[0].parent.name
    newer = await takes(network, place, recipients=[PUBLIC])
    (place / "archives" / newer.archive / "index.json").unlink()
    restored = await brings_back(place, tmp_path / "data", private=PRIVATE)
    assert restored.archive == first
    await refused(place, tmp_path / "other", RestoreProblem, f"no archives 1999.*{first}", archive_id="1999")


async def test_what_the_manifest_counts_is_counted_again(network: Network, alice: Person, tmp_path: Path) -> None:
    """Somebody took rows out of an archive in the clear, and made the sums anew."""
    import hashlib

    import zstandard

    await alice.says("Hello")
    taken = await takes(network, tmp_path / "place")
    folder = tmp_path / "place/archives" / taken.archive
    file = folder / "manifest.json.zst"
    manifest = msgspec.json.decode(zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes()))
    manifest["tables"]["posts"]["rows"] = 2
    file.write_bytes(zstandard.compress(msgspec.json.encode(manifest)))
    index = msgspec.json.decode((folder / "index.json").read_bytes(), type=dict)
    for each in index["files"]:
        if each["name"].endswith("manifest.json.zst"):
            each |= {"size": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (folder / "index.json").write_bytes(msgspec.json.encode(msgspec.convert(index, Index)))
    with pytest.raises(Damaged, match="posts has 1 rows instead of 2"):
        await brings_back(tmp_path / "place", tmp_path / "data")
    assert not (tmp_path / "data/postgres").exists()


async def test_two_at_once_are_not(place: Path, tmp_path: Path) -> None:
    with Staging(tmp_path / "data").held(), pytest.raises(RestoreProblem, match="Another restore"):
        await brings_back(place, tmp_path / "data", private=PRIVATE)


async def test_a_half_restored_folder_serves_nobody(tmp_path: Path) -> None:
    (tmp_path / ".restore").mkdir()
    with pytest.raises(PostgresProblem, match="half restored"):
        prepare(tmp_path)


async def test_too_little_room(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**6))  # type: ignore[attr-defined]
    await refused(place, tmp_path / "data", RestoreProblem, "needs about .* Make room")


async def test_a_tar_cut_off(network: Network, alice: Person, tmp_path: Path) -> None:
    await alice.says("Hello")
    await takes(network, tmp_path / "whole.tar")
    whole = (tmp_path / "whole.tar").read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 12_000):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        await refused(tmp_path / "cut.tar", tmp_path / "data", Damaged, "complete", private="")
    restored = await brings_back(tmp_path / "whole.tar", tmp_path / "data")
    assert restored.rows


def piped(content: bytes, to: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "palabre", "restore", "-", "--data", str(to), "--json"],
        input=content,
        capture_output=True,
    )


async def test_by_standard_input(network: Network, alice: Person, tmp_path: Path) -> None:
    await upload(alice)
    taken = await takes(network, tmp_path / "whole.tar")
    whole = (tmp_path / "whole.tar").read_bytes()
    cut = piped(whole[: len(whole) // 2], tmp_path / "data")
    assert (cut.returncode, b"complete archive" in cut.stderr) == (1, True), cut.stderr
    assert not (tmp_path / "data").exists()
    done = piped(whole, tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert msgspec.json.decode(done.stdout)["media"] == taken.media


def test_a_stream_writes_nowhere_else(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name in ("../escaped", "/tmp/escaped", "media/../../escaped", "archives/x/../../../escaped"):
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    done = piped(made.getvalue(), tmp_path / "data")
    assert done.returncode == 1
    assert not list(tmp_path.rglob("escaped"))
