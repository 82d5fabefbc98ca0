"""Taking an archive: all of it, sealed, each medium once."""

from pathlib import Path

import pytest

from palabre.base import blobs
from palabre.base.errors import Refused
from palabre.features.portability.archive import PlaceProblem, choose_seal, tables
from tests.support.archiving import PRIVATE, PUBLIC, Opened, all_bytes, names, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person

SECRET = "the cellar door is never locked"


async def test_everything_is_in_it(network: Network, alice: Person, bob: Person, tmp_path: Path) -> None:
    await alice.follows(bob)
    picture = await upload(alice)
    post = await alice.says("Zażółć\tgęślą\njaźń \\ \\N", media_ids=[picture["id"]])
    taken = await takes(network, tmp_path / "place")
    opened = Opened(tmp_path / "place", taken.archive)
    opened.check()
    assert list(opened.manifest.tables) == tables.kept()
    assert [row["id"] for row in opened.rows("posts")] == [post["id"]]
    assert {row["username"] for row in opened.rows("accounts")} == {"alice", "bob"}
    assert taken.rows == sum(table.rows for table in opened.manifest.tables.values())
    assert set(opened.media) == {entry.key async for entry in blobs.current().list()}
    assert "follows" not in opened.manifest.tables["case_events"].columns
    assert opened.manifest.settings["public_url"] == "https://talk.example"
    assert not {"data", "database_url"} & opened.manifest.settings.keys()


async def test_nothing_written_in_private_is_found_in_an_encrypted_one(
    network: Network, alice: Person, tmp_path: Path
) -> None:
    picture = await upload(alice)
    await alice.says(SECRET, visibility="private", media_ids=[picture["id"]])
    taken = await takes(network, tmp_path / "place", recipients=[PUBLIC])
    Opened(tmp_path / "place", taken.archive, PRIVATE).check()
    everything = all_bytes(tmp_path / "place")
    for told in (SECRET, "alice", *[entry.key async for entry in blobs.current().list()]):
        assert told.encode() not in everything
    assert b"\x89PNG\r\n" not in everything
    plain = await takes(network, tmp_path / "open")
    assert SECRET in str(Opened(tmp_path / "open", plain.archive).rows("posts"))


async def test_a_medium_is_sent_once(network: Network, alice: Person, tmp_path: Path) -> None:
    await upload(alice)
    first = await takes(network, tmp_path / "place", recipients=[PUBLIC])
    await upload(alice)
    second = await takes(network, tmp_path / "place", recipients=[PUBLIC])
    third = await takes(network, tmp_path / "place", recipients=[PUBLIC])
    assert (first.new_media, second.media - first.media, second.new_media, third.new_media) == (
        first.media,
        second.new_media,
        first.media,
        0,
    )
    Opened(tmp_path / "place", third.archive, PRIVATE).check()


async def test_what_got_lost_or_cut_there_is_sent_again(network: Network, alice: Person, tmp_path: Path) -> None:
    await upload(alice)
    first = await takes(network, tmp_path / "place")
    lost, cut = [tmp_path / "place" / name for name in sorted(names(tmp_path / "place", "media"))[:2]]
    lost.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    again = await takes(network, tmp_path / "place")
    assert (first.new_media, again.new_media) == (first.media, 2)
    Opened(tmp_path / "place", again.archive).check()


async def test_media_for_other_recipients_are_others(network: Network, alice: Person, tmp_path: Path) -> None:
    """Whoever is a recipient of an archive can open all of it, also what was sent before he was."""
    from palabre.features.portability.archive.sealing import new_identity

    private, public = new_identity()
    await upload(alice)
    await takes(network, tmp_path / "place", recipients=[PUBLIC])
    second = await takes(network, tmp_path / "place", recipients=[PUBLIC, public])
    assert second.new_media == second.media
    Opened(tmp_path / "place", second.archive, private).check()
    Opened(tmp_path / "place", second.archive, PRIVATE).check()


def test_it_is_encrypted_unless_told_otherwise(configured: object) -> None:
    with pytest.raises(Refused, match="--plain"):
        choose_seal([], plain=False)


async def test_a_place_belongs_to_one_network(network: Network, tmp_path: Path) -> None:
    await takes(network, tmp_path / "place")
    await network.empty()
    with pytest.raises(PlaceProblem, match="another network"):
        await takes(network, tmp_path / "place")


async def test_other_peoples_folders_are_left_alone(network: Network, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/holidays.jpg").write_bytes(b"")
    with pytest.raises(PlaceProblem, match=r"holidays\.jpg"):
        await takes(network, tmp_path / "home")
    assert names(tmp_path / "home") == {"holidays.jpg"}
