"""Alice brings the lists she downloaded: whom she follows, blocks, mutes, and so on."""

from pathlib import Path

import pytest

from palabre.features.portability.imports import (
    ArchiveError,
    Block,
    Bookmark,
    DomainBlock,
    Follow,
    ListEntry,
    Mute,
    Relation,
    Why,
    open_archive,
)
from tests.support.archives import Packer, write_csvs, write_mastodon


def _read(path: Path, body: str | bytes) -> tuple[list[Relation | Bookmark], list[Why]]:
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    with open_archive(path) as archive:
        found: list[Relation | Bookmark] = [*archive.relations(), *archive.bookmarks()]
        assert archive.totals().relations + archive.totals().bookmarks == len(found)
        return found, [skipped.why for skipped in archive.skipped]


@pytest.mark.parametrize(
    ("name", "body", "entries"),
    [
        (
            "following_accounts.csv",
            "Account address,Show boosts,Notify on new posts,Languages\n"
            'bob@other.example,true,false,\neve@other.example,false,true,"fr, en"\n',
            [Follow("bob@other.example"), Follow("eve@other.example", False, True, ("fr", "en"))],
        ),
        (
            "blocked_accounts.csv",
            "dan@other.example\n@x@Y.Example\n",
            [Block("dan@other.example"), Block("x@y.example")],
        ),
        (
            "muted_accounts.csv",
            "Account address,Hide notifications\ndan@other.example,false\neve@other.example,true\n",
            [Mute("dan@other.example", False), Mute("eve@other.example", True)],
        ),
        (
            "lists.csv",
            'Amis,bob@other.example\n"a, b",x@y.example\n',
            [ListEntry("Amis", "bob@other.example"), ListEntry("a, b", "x@y.example")],
        ),
        ("bookmarks.csv", "https://other.example/1\n", [Bookmark("https://other.example/1")]),
        (
            "blocked_domains.csv",
            "spam.example\nBad.Example\n",
            [DomainBlock("spam.example"), DomainBlock("bad.example")],
        ),
        ("renamed.csv", "#domain\nspam.example\n", [DomainBlock("spam.example")]),
        ("mine.csv", "#uri\nhttps://other.example/1\n", [Bookmark("https://other.example/1")]),
        ("follows.csv", "bob@other.example\n", [Follow("bob@other.example")]),
        (
            "follows (2).csv",
            b"\xef\xbb\xbfAccount address;Show boosts\r\nbob@other.example;false\r\n",
            [Follow("bob@other.example", False)],
        ),
    ],
)
def test_each_file_is_read_with_its_columns(
    tmp_path: Path, name: str, body: str | bytes, entries: list[Relation | Bookmark]
) -> None:
    assert _read(tmp_path / name, body) == (entries, [])


def test_rows_that_make_no_sense_are_reported(tmp_path: Path) -> None:
    body = "Account address\nbob\n,\nnot an address@x\na@b@c\nhttps://other.example/@bob\neve@other.example\n"
    found, why = _read(tmp_path / "blocked_accounts.csv", body)
    assert found == [Block("eve@other.example")]
    assert why == [Why.NO_SERVER, Why.BAD_ROW, Why.BAD_ROW, Why.BAD_ROW]


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    assert _read(tmp_path / "blocked_accounts.csv", "") == ([], [])
    assert _read(tmp_path / "lists.csv", "\n\n") == ([], [])


def test_a_file_that_could_be_anything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("bob@other.example\n")
    with pytest.raises(ArchiveError, match=r"not clear what people\.csv lists") as refused:
        open_archive(tmp_path / "people.csv")
    assert "{name}" in refused.value.template
    assert refused.value.values == {"name": "people.csv"}


def test_csvs_laid_beside_the_archive_are_part_of_it(tmp_path: Path) -> None:
    write_mastodon(tmp_path / "all", posts=20, form="folder")
    write_csvs(Packer(tmp_path / "all", "folder"))
    (tmp_path / "all/blocked_accounts.csv").write_text("dan\n")
    with open_archive(tmp_path / "all") as archive:
        relations = list(archive.relations())
        # Written without a server, Dan was on Alice's.
        assert Block("dan@social.example") in relations
        assert sum(isinstance(r, Follow) for r in relations) == 40
        assert Mute("soft@other.example", False) in relations
        assert [b.url for b in archive.bookmarks()][-1] == "https://other.example/users/bob/statuses/77"
        assert archive.totals().relations == len(relations)


def test_csvs_alone_in_a_zip_are_an_archive_too(tmp_path: Path) -> None:
    pack = Packer(tmp_path / "csvs.zip", "zip", "export/")
    write_csvs(pack)
    pack.close()
    with open_archive(tmp_path / "csvs.zip") as archive:
        assert archive.kind == "mastodon"
        assert list(archive.posts()) == []
        assert ListEntry("Trains, all", "eve@other.example") in list(archive.relations())
