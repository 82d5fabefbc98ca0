"""Archives that somebody changed who can write where they lie: nothing outside is reached by them, and it is said."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from palabre.base.errors import Refused
from palabre.features.portability.archive.sealing import Seal
from palabre.features.portability.restore import Damaged, RestoreProblem, settings_file
from palabre.features.portability.restore.staging import Staging
from tests.support.archiving import PRIVATE, PUBLIC, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.restoring import brings_back

Json = dict[str, Any]


@pytest.fixture
async def forged(network: Network, alice: Person, tmp_path: Path) -> "Forged":
    picture = await upload(alice)
    await alice.says("Hello", media_ids=[picture["id"]])
    taken = await takes(network, tmp_path / "place", recipients=[PUBLIC])
    return Forged(tmp_path / "place", taken.archive)


class Forged:
    """An encrypted archive in the hands of somebody who knows for whom it is encrypted: its index says so."""

    def __init__(self, place: Path, archive: str) -> None:
        self.place, self.folder = place, place / "archives" / archive

    def index(self, change: Callable[[Json], object]) -> None:
        file = self.folder / "index.json"
        index = msgspec.json.decode(file.read_bytes())
        change(index)
        file.write_bytes(msgspec.json.encode(index))

    def manifest(self, change: Callable[[Json], object]) -> None:
        import pyrage

        identity = pyrage.x25519.Identity.from_str(PRIVATE)
        packed = pyrage.decrypt((self.folder / "manifest.json.zst.age").read_bytes(), [identity])
        manifest = msgspec.json.decode(zstandard.ZstdDecompressor().decompressobj().decompress(packed))
        change(manifest)
        self.put("manifest.json.zst.age", Seal([PUBLIC]).close(zstandard.compress(msgspec.json.encode(manifest))))

    def put(self, name: str, content: bytes) -> None:
        """A file of the archive, with its sum."""
        (self.folder / name).write_bytes(content)
        found = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

        def note(index: Json) -> None:
            for file in index["files"]:
                if file["name"].endswith(f"/{name}"):
                    file |= found

        self.index(note)

    async def is_refused(self, kind: type[Refused], match: str, **more: Any) -> None:
        to = self.place.parent / "data"
        with pytest.raises(kind, match=match):
            await brings_back(self.place, to, **{"private": PRIVATE, **more})
        assert not (to / "postgres").exists()
        assert not (to / "palabre.toml").exists()


@pytest.mark.parametrize(
    "name", ["../../../../tmp/owned", "/etc/passwd", "archives/other/index.json", "x", "archives/{id}/../x"]
)
async def test_an_index_names_only_files_of_its_archive(forged: Forged, name: str) -> None:
    name = name.format(id=forged.folder.name)
    forged.index(lambda index: index["files"].append({"name": name, "size": 1, "sha256": "0" * 64}))
    await forged.is_refused(Damaged, "can't be one of this archive")


async def test_the_manifest_is_one_of_its_files(forged: Forged) -> None:
    forged.index(lambda index: index.update(manifest="../../../etc/hostname"))
    await forged.is_refused(Damaged, "each file of the archive once")


async def test_lists_name_only_media(forged: Forged) -> None:
    line = b"/etc/passwd\t1\t" + b"0" * 64 + b"\n"
    forged.put("stored.0001.tsv.zst", zstandard.compress(line))
    await forged.is_refused(Damaged, "can't be a medium")
    forged.put("stored.0001.tsv.zst", zstandard.compress(b"no list\n"))
    await forged.is_refused(Damaged, r"stored\.0001\.tsv\.zst is damaged")


async def test_a_list_that_unpacks_without_end(forged: Forged) -> None:
    forged.put("stored.0001.tsv.zst", zstandard.compress(bytes(100 * 1024**2)))
    await forged.is_refused(Damaged, "larger than any can be")


async def test_an_old_archive_under_a_new_name(forged: Forged) -> None:
    """Who keeps the storage and has no key makes yesterday look like today."""
    forged.index(lambda index: index.update(taken_at="2039-01-01T00:00:00Z"))
    await forged.is_refused(Damaged, "manifest is that of another archive")


async def test_one_in_the_clear_where_a_key_was_given(network: Network, forged: Forged) -> None:
    """Anybody can write such a one; it would be the newest."""
    await takes(network, forged.place)
    await forged.is_refused(RestoreProblem, "isn't encrypted, although you gave a key", sealed=True)


async def test_settings_of_this_machine_are_not_taken_over(forged: Forged, tmp_path: Path) -> None:
    theirs = {
        "database_url": "postgresql://evil/",
        "media_store": "s3://evil",
        "trusted_proxies": ["6.6.6.6"],
        "no_such": 1,
    }
    forged.manifest(lambda manifest: manifest["settings"].update(theirs, about="Ours"))
    await brings_back(forged.place, tmp_path / "data", private=PRIVATE)
    written = (tmp_path / "data/palabre.toml").read_text()
    assert "evil" not in written
    assert not set(settings_file.read(tmp_path / "data")) & theirs.keys()


async def test_names_of_columns_are_only_names(forged: Forged) -> None:
    def inject(manifest: Json) -> None:
        manifest["tables"]["posts"]["columns"][0] = "id\") FROM PROGRAM 'touch /tmp/owned' --"

    forged.manifest(inject)
    await forged.is_refused(Damaged, "doesn't fit its table")


async def test_tables_and_migrations_must_be_ours(forged: Forged) -> None:
    forged.manifest(lambda manifest: manifest["tables"].update(pg_authid=manifest["tables"]["posts"]))
    await forged.is_refused(RestoreProblem, "pg_authid")
    forged.manifest(lambda manifest: (manifest["tables"].pop("pg_authid"), manifest["migrations"].pop(0)))
    await forged.is_refused(Damaged, "don't make the tables")


async def test_more_rows_than_the_manifest_says(forged: Forged) -> None:
    def fewer(manifest: Json) -> None:
        manifest["tables"]["posts"]["parts"][0]["bytes"] -= 1

    forged.manifest(fewer)
    await forged.is_refused(Damaged, "holds more than was written")


def test_root_follows_no_link_in_the_folder_of_others(tmp_path: Path) -> None:
    data, victim = tmp_path / "data", tmp_path / "victim"
    data.mkdir()
    victim.write_text("precious")
    (data / ".palabre.toml.new").symlink_to(victim)
    settings_file.change(data, {"name": "example.org"})
    assert victim.read_text() == "precious"
    assert oct((data / "palabre.toml").stat().st_mode)[-3:] == "600"
    (tmp_path / "elsewhere").mkdir()
    (data / ".restore").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RestoreProblem, match="is a link"), Staging(data).held():
        pass
    assert os.listdir(tmp_path / "elsewhere") == []
