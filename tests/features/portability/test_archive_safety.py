"""Eve brings archives made to do harm, and Dan brings things that are none."""

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from palabre.features.portability.imports import ArchiveError, Limits, open_archive

OUTBOX = '{"orderedItems":[]}'


def _zip(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def _tar(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as out:
        outbox = tarfile.TarInfo("outbox.json")
        outbox.size = len(OUTBOX)
        out.addfile(outbox, io.BytesIO(OUTBOX.encode()))
        for member in members:
            out.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def _refused(path: Path, words: str, limits: Limits | None = None) -> None:
    with pytest.raises(ArchiveError, match=words):
        open_archive(path, limits=limits)


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "C:\\evil", "a\\..\\..\\evil", "\\evil"])
def test_paths_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    _refused(_zip(tmp_path / "a.zip", {"outbox.json": OUTBOX, name: "x"}), "leads outside")
    _refused(_tar(tmp_path / "a.tar.gz", tarfile.TarInfo(name)), "leads outside")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("media_attachments/link.png")
    member.type, member.linkname = kind, "/etc/passwd"
    _refused(_tar(tmp_path / "a.tar.gz", member), "link or a device")


def test_links_in_a_zip_or_a_folder_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("outbox.json", OUTBOX)
        out.writestr(link, "/etc/passwd")
    _refused(tmp_path / "a.zip", "link or a device")
    (folder := tmp_path / "folder").mkdir()
    (folder / "outbox.json").write_text(OUTBOX)
    (folder / "link.png").symlink_to("/etc/passwd")
    _refused(folder, "link or a device")
    (folder / "link.png").unlink()
    os.mkfifo(folder / "pipe")
    _refused(folder, "link or a device")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    zeros = b"\0" * (40 << 20)
    _refused(_zip(tmp_path / "a.zip", {"outbox.json": zeros}), "impossible size")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as out:
        member = tarfile.TarInfo("outbox.json")
        member.size = len(zeros)
        out.addfile(member, io.BytesIO(zeros))
    _refused(tmp_path / "a.tar.gz", "impossible size")


def test_every_limit_holds(tmp_path: Path) -> None:
    members = {"outbox.json": OUTBOX, **{f"media_attachments/{n}": os.urandom(1000) for n in range(20)}}
    path = _zip(tmp_path / "a.zip", members)
    _refused(path, "more than 10 files", Limits(members=10))
    _refused(path, "more than 15000 bytes", Limits(total=15_000))
    _refused(path, r"too large: media_attachments/0 \(1000 bytes\)", Limits(member=999))
    _refused(path, "table of contents", Limits(index=100))
    open_archive(path, limits=Limits(members=21, total=30_000, member=1000)).close()
    packed = _tar(tmp_path / "a.tar.gz", *(_sized(f"m{n}", 1000) for n in range(20)))
    _refused(packed, "more than 15000 bytes", Limits(total=15_000))


def test_a_header_that_claims_much_costs_nothing(tmp_path: Path) -> None:
    huge = tarfile.TarInfo("x")
    huge.pax_headers = {"comment": "x" * 300_000}
    _refused(_tar(tmp_path / "a.tar.gz", huge), "table of contents", Limits(index=200_000))


def test_a_size_that_lies_is_noticed(tmp_path: Path) -> None:
    data = bytearray(_zip(tmp_path / "a.zip", {"outbox.json": OUTBOX + " " * 5000}).read_bytes())
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    (tmp_path / "lies.zip").write_bytes(data)
    with open_archive(tmp_path / "lies.zip") as archive, pytest.raises(ArchiveError, match="damaged"):
        list(archive.posts())


def test_damage_is_said_plainly(tmp_path: Path) -> None:
    whole = _zip(tmp_path / "a.zip", {"outbox.json": OUTBOX, "media_attachments/a.png": os.urandom(5000)}).read_bytes()
    hit = whole.index(b"a.png") + 2000
    (tmp_path / "hit.zip").write_bytes(whole[:hit] + bytes(50) + whole[hit + 50 :])
    with (
        open_archive(tmp_path / "hit.zip") as archive,
        pytest.raises(ArchiveError, match=r"damaged: media_attachments/a.png"),
    ):
        archive.read_media("media_attachments/a.png", 1 << 20)
    (tmp_path / "short.zip").write_bytes(whole[: len(whole) // 2])
    _refused(tmp_path / "short.zip", "neither a .zip")
    packed = _tar(tmp_path / "a.tar.gz", _sized("m", 9000)).read_bytes()
    (tmp_path / "short.tar.gz").write_bytes(packed[: len(packed) - 20])
    _refused(tmp_path / "short.tar.gz", "damaged")


def test_a_password_is_asked_to_be_taken_off(tmp_path: Path) -> None:
    data = bytearray(_zip(tmp_path / "a.zip", {"outbox.json": OUTBOX}).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    _refused(tmp_path / "locked.zip", "password")


def test_other_things_are_told_what_was_expected_and_found(tmp_path: Path) -> None:
    _refused(tmp_path / "nothing.zip", "no such file: nothing.zip")
    _refused(tmp_path / "nothing.csv", "no such file: nothing.csv")
    (tmp_path / "letter.txt").write_text("Dear Alice")
    _refused(tmp_path / "letter.txt", "neither a .zip, a .tar.gz nor a folder, nor a .csv: letter.txt")
    (tmp_path / "empty").mkdir()
    _refused(tmp_path / "empty", "found: -$")
    path = _zip(tmp_path / "insta.zip", {"content/posts_1.json": "[]", "profile.html": "", "media/1.jpg": "x"})
    _refused(
        path,
        r"Expected a Mastodon archive \(with outbox.json\).*found: profile.html, content/posts_1.json, media/1.jpg$",
    )


def test_two_archives_in_one_are_refused_but_leftovers_of_a_mac_are_not(tmp_path: Path) -> None:
    both = {"a/outbox.json": OUTBOX, "b/data/tweets.js": "window.YTD.tweets.part0 = []"}
    _refused(_zip(tmp_path / "both.zip", both), "more than one archive: mastodon: /a, twitter: /b")
    mac = {"a/outbox.json": OUTBOX, "__MACOSX/a/._outbox.json": "x", "a/.DS_Store": "x"}
    with open_archive(_zip(tmp_path / "mac.zip", mac)) as archive:
        assert archive.kind == "mastodon"


def _sized(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    return member
