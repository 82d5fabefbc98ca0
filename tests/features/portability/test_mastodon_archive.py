"""Alice brings her Mastodon archive."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from palabre.features.portability.imports import Archive, ArchivedPost, ArchiveError, Why, open_archive
from tests.support.archives import Expected, Form, picture, write_mastodon


def _posts(archive: Archive) -> dict[str, ArchivedPost]:
    return {post.source_key: post for post in archive.posts()}


def _compare(found: dict[str, ArchivedPost], expected: Expected) -> None:
    assert found.keys() == expected.posts.keys()
    for key, wanted in expected.posts.items():
        post = found[key]
        assert (post.text, post.created_at, len(post.media)) == (wanted.text, wanted.at, wanted.media)
        if wanted.visibility != "*":
            reply_key = post.in_reply_to.key if post.in_reply_to else None
            assert (post.visibility, post.language, post.spoiler) == (
                wanted.visibility,
                wanted.language,
                wanted.spoiler,
            )
            assert reply_key == wanted.reply_key


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    path = tmp_path_factory.mktemp("archives") / "archive-20261101-abc.zip"
    return path, write_mastodon(path, posts=1500)


@pytest.mark.parametrize(("form", "top"), [("zip", ""), ("tar.gz", ""), ("folder", ""), ("zip", "archive-1/inner/")])
def test_every_post_comes_out_as_it_was_written(tmp_path: Path, form: Form, top: str) -> None:
    path = tmp_path / ("archive" if form == "folder" else f"archive.{form}")
    expected = write_mastodon(path, posts=200, form=form, top=top)
    with open_archive(path) as archive:
        assert archive.kind == "mastodon"
        _compare(_posts(archive), expected)


def test_posts_come_oldest_first_and_replies_after_what_they_answer(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        posts = list(archive.posts())
    assert [p.created_at for p in posts] == sorted(p.created_at for p in posts)
    seen: set[str] = set()
    replies = 0
    for post in posts:
        if post.in_reply_to:
            assert post.in_reply_to.key in seen
            replies += 1
        seen.add(post.source_key)
    assert replies > 100


def test_totals_say_beforehand_how_much_will_come(big: tuple[Path, Expected]) -> None:
    path, expected = big
    with open_archive(path) as archive:
        totals = archive.totals()
        # One post turns out to have nothing left when it is read.
        assert totals.posts == len(expected.posts) + 1
        assert totals.boosts == expected.boosts == len(list(archive.boosts()))
        assert totals.favourites == expected.favourites == len(list(archive.favourites()))
        assert totals.bookmarks == expected.bookmarks == len(list(archive.bookmarks()))
        assert totals.media > 100
        assert totals.media_bytes > totals.media * 500


def test_the_report_names_what_is_left_out_and_reading_twice_changes_nothing(big: tuple[Path, Expected]) -> None:
    path, expected = big
    with open_archive(path) as archive:
        first = list(archive.posts())
        reported = archive.skipped
        assert list(archive.posts()) == first
        assert archive.skipped == reported
    why = {skipped.what: skipped.why for skipped in reported}
    assert expected.left_out <= why.keys()
    assert {Why.TWICE, Why.NO_FILE, Why.EMPTY, Why.UNDATED, Why.UNKNOWN_KIND, Why.UNREADABLE} == set(why.values())


def test_who_could_see_a_post_still_decides_who_will(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        by_visibility = {p.visibility: p for p in archive.posts()}
    assert by_visibility.keys() == {"public", "unlisted", "followers", "direct"}
    assert by_visibility["direct"].mentions


def test_mentions_name_the_server_they_were_on(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        handles = {m.handle: m.url for p in archive.posts() for m in p.mentions}
        texts = [p.text for p in archive.posts() if "carol" in p.text.split(" ")[0]]
    # Carol is on Alice's old server, where she was written @carol only.
    assert handles["carol@social.example"] == "https://social.example/users/carol"
    assert handles["bob@other.example"] == "https://other.example/users/bob"
    assert texts
    assert all(text.startswith("@carol@social.example ") for text in texts)


def test_pictures_come_with_their_words_and_their_bytes(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        media = [m for p in archive.posts() for m in p.media]
        assert any(m.description and m.focus == (-0.25, 0.6) and m.blurhash for m in media)
        assert {m.content_type for m in media} == {"image/jpeg"}
        path = media[0].path
        assert path
        data = archive.read_media(path, limit=1 << 20)
        assert len(data) == archive.media_size(path)
        assert b"".join(archive.media_chunks(path)) == data
        with pytest.raises(ArchiveError, match="too large"):
            archive.read_media(path, limit=len(data) - 1)
    assert data in {picture(n) for n in range(8)}
    (picture_file := big[0].with_name("one.jpg")).write_bytes(data)
    assert (
        Image.open(picture_file).getexif().get_ifd(0x8825)[1] == "N"
    )  # where it was taken: for the importer to remove


def test_polls_edits_and_quotes_are_kept(big: tuple[Path, Expected]) -> None:
    path, expected = big
    with open_archive(path) as archive:
        posts = list(archive.posts())
    poll = next(p.poll for p in posts if p.poll)
    assert [(o.title, o.votes) for o in poll.options] == [("Tea", 3), ("☕", 3)]
    assert poll.voters == 6
    assert poll.closes_at == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert poll.as_text() == "○ Tea (3)\n○ ☕ (3)"
    assert next(p.edited_at for p in posts if p.text == "Fixed a typo") == datetime(2024, 3, 2, 8, 30, tzinfo=UTC)
    quote = next(p.quote for p in posts if p.text == "As I said")
    assert quote
    assert quote.key == next(iter(expected.posts))


def test_links_and_hashtags_are_found(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        posts = list(archive.posts())
    linked = [p for p in posts if p.links]
    assert len(linked) > 50
    assert all(link in p.text and link.endswith("?a=1&b=2") for p in linked for link in p.links)
    assert any(p.tags and f"#{p.tags[0]}" in p.text.lower() for p in posts)


def test_boosts_of_own_posts_are_known_as_such(big: tuple[Path, Expected]) -> None:
    path, expected = big
    with open_archive(path) as archive:
        boosts = list(archive.boosts())
    assert sum(b.post.key in expected.posts for b in boosts) == 1
    assert all(b.post.url and b.visibility == "public" for b in boosts)


def test_the_profile_is_read(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        profile = archive.profile()
        assert profile
        assert profile.avatar
        assert archive.read_media(profile.avatar, 1 << 20).startswith(b"\x89PNG")
    assert profile.handle == "alice@social.example"
    assert profile.display_name == "Alice 🌱 Ångström"
    assert profile.bio == "Gardens & trains.\nSee https://alice.example"
    assert [(f.name, f.value) for f in profile.fields] == [
        ("Jardin", "Potager n° 12"),
        ("Web", "https://alice.example"),
    ]
    assert profile.header == "header.jpeg"
    assert (profile.locked, profile.discoverable, profile.indexable) == (True, True, False)
    assert profile.also_known_as == ("https://old.example/users/alice",)


def test_an_outbox_that_breaks_off_gives_what_is_there(tmp_path: Path) -> None:
    expected = write_mastodon(tmp_path / "cut.zip", posts=300, odd=False, cut_outbox=True)
    with open_archive(tmp_path / "cut.zip") as archive:
        found = _posts(archive)
        assert ("outbox.json", Why.CUT_OFF) in [(s.what, s.why) for s in archive.skipped]
    assert 150 < len(found) < 250
    assert all(found[key].text == expected.posts[key].text for key in found)


@pytest.mark.parametrize(
    "body", [b"", b"not json", b'{"orderedItems": 5}', b'[{"type": "Create"}]', b'{"orderedItems":[1,null,""]']
)
def test_an_outbox_that_is_none_is_reported(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "outbox.json").write_bytes(body)
    with open_archive(tmp_path) as archive:
        assert list(archive.posts()) == []
        assert archive.profile() is None
        assert archive.skipped


def test_types_of_the_wrong_kind_do_no_harm(tmp_path: Path) -> None:
    note = (
        '{"type":"Create","id":5,"object":{"id":"https://a.example/1","type":"Note","published":"2020-01-01T00:00:00Z",'
        '"to":{"id":7},"cc":"as:Public","tag":{"type":"Mention","name":7},"attachment":"x","content":null,'
        '"contentMap":{"fr":"<p>Salut</p>"},"summary":[],"inReplyTo":{"id":"https://b.example/2"},"oneOf":"?"}}'
    )
    (tmp_path / "outbox.json").write_text(f'{{"orderedItems":[{note.replace(chr(34) + "id" + chr(34) + ":5,", "")}]}}')
    with open_archive(tmp_path) as archive:
        (post,) = archive.posts()
    assert (post.text, post.language, post.visibility, post.spoiler) == ("Salut", "fr", "unlisted", None)
    assert post.in_reply_to
    assert (post.in_reply_to.key, post.in_reply_to.url) == (None, "https://b.example/2")
