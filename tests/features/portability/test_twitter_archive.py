"""Alice brings her X archive."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from palabre.features.portability.imports import Archive, ArchivedPost, Why, open_archive
from palabre.features.portability.imports.tweets import moment
from tests.support.archives import Expected, Form, write_grailbird, write_twitter


def _posts(archive: Archive) -> dict[str, ArchivedPost]:
    return {post.source_key: post for post in archive.posts()}


def _compare(found: dict[str, ArchivedPost], expected: Expected) -> None:
    assert found.keys() == expected.posts.keys()
    for key, wanted in expected.posts.items():
        post = found[key]
        reply_key = post.in_reply_to.key if post.in_reply_to else None
        assert (post.text, post.created_at, post.language) == (wanted.text, wanted.at, wanted.language)
        assert (post.visibility, reply_key, len(post.media)) == (wanted.visibility, wanted.reply_key, wanted.media)


def _folder(path: Path, tweets: list[dict[str, object]], **files: str) -> Path:
    (path / "data").mkdir()
    records = [{"tweet": {"created_at": "Wed Oct 10 20:19:24 +0000 2018", **tweet}} for tweet in tweets]
    (path / "data/tweets.js").write_text(f"window.YTD.tweets.part0 = {json.dumps(records)}")
    (path / "data/account.js").write_text('window.YTD.account.part0 = [{"account":{"username":"alice"}}]')
    for name, content in files.items():
        (path / f"data/{name.replace('_', '-')}.js").write_text(content)
    return path


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    path = tmp_path_factory.mktemp("archives") / "twitter-2026.zip"
    return path, write_twitter(path, posts=1500)


@pytest.mark.parametrize(
    ("form", "top"), [("zip", ""), ("tar.gz", ""), ("folder", ""), ("zip", "twitter-2026-01-06-abc/")]
)
def test_every_tweet_comes_out_as_it_was_written(tmp_path: Path, form: Form, top: str) -> None:
    path = tmp_path / ("archive" if form == "folder" else f"archive.{form}")
    expected = write_twitter(path, posts=200, form=form, top=top)
    with open_archive(path) as archive:
        assert archive.kind == "twitter"
        _compare(_posts(archive), expected)


def test_tweets_of_all_parts_come_oldest_first(big: tuple[Path, Expected]) -> None:
    path, expected = big
    with open_archive(path) as archive:
        assert archive.totals().posts == len(expected.posts)
        posts = list(archive.posts())
    assert [p.created_at for p in posts] == sorted(p.created_at for p in posts)
    assert (posts[0].created_at.year, posts[-1].created_at.year) == (2009, 2026)


def test_the_report_names_what_is_left_out(big: tuple[Path, Expected]) -> None:
    path, expected = big
    with open_archive(path) as archive:
        assert list(archive.relations()) == list(archive.boosts()) == list(archive.bookmarks()) == []
        list(archive.posts())
        why = {s.what: s for s in archive.skipped}
    assert expected.left_out <= why.keys()
    assert (why["data/direct-messages.js"].why, why["data/following.js"].count) == (Why.DIRECT_MESSAGES, 4)
    assert "data/direct-messages-group.js" not in why  # it is empty


def test_likes_are_carried_as_addresses(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        assert next(iter(archive.favourites())).url == "https://twitter.com/i/web/status/0"
        assert archive.totals().favourites == big[1].favourites


def test_the_profile_is_read(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        profile = archive.profile()
        assert profile
        assert profile.header == "data/profile_media/125515755-1596.jpg"
        assert profile.avatar
        assert archive.read_media(profile.avatar, 1 << 20).startswith(b"\x89PNG")
    assert (profile.handle, profile.bio) == ("alice_tweets@twitter.com", "Gardens & trains")
    assert profile.created_at == datetime(2009, 2, 3, 10, 11, 12, tzinfo=UTC)
    assert profile.locked is False


def test_media_of_each_kind_are_found_by_the_name_of_their_file(big: tuple[Path, Expected]) -> None:
    with open_archive(big[0]) as archive:
        media = [m for p in archive.posts() for m in p.media]
        videos = [m for m in media if m.kind == "video"]
        assert archive.read_media(videos[0].path or "", 1 << 10)[4:8] == b"ftyp"
    assert {m.kind for m in media} == {"image", "video", "gifv"}
    assert all(m.path and m.path.startswith("data/tweets_media/") for m in media)
    assert all(m.content_type == "video/mp4" for m in videos)
    assert next(m for m in media if m.kind == "image").description == "A picture of something small"


def test_names_cannot_be_taken_for_people_of_here(tmp_path: Path) -> None:
    words = "@bob @gone_1 and ＠eve, mail me@mail.example, see medium.com/@bob @bob@already.example"
    with open_archive(_folder(tmp_path, [{"id_str": "5", "full_text": words}])) as archive:
        (post,) = archive.posts()
    assert post.text == (
        "@bob@twitter.com @gone_1@twitter.com and @eve@twitter.com, mail me@mail.example, "
        "see medium.com/@bob @bob@already.example"
    )


def test_escapes_of_x_are_undone_once_and_only_those(tmp_path: Path) -> None:
    with open_archive(
        _folder(tmp_path, [{"id_str": "5", "full_text": "&lt;b&gt; &amp;amp; &copy; &amp;lt;"}])
    ) as archive:
        assert [p.text for p in archive.posts()] == ["<b> &amp; &copy; &lt;"]


def test_an_emoji_that_x_cut_in_two_costs_nothing_else(tmp_path: Path) -> None:
    with open_archive(_folder(tmp_path, [{"id_str": "5", "full_text": "Cats 🐈 and \ud83d half"}])) as archive:
        assert [p.text for p in archive.posts()] == ["Cats 🐈 and � half"]
        assert archive.skipped == ()


def test_a_shortened_post_does_not_quote_itself(tmp_path: Path) -> None:
    back = {"url": "https://t.co/abcdefghij", "expanded_url": "https://twitter.com/i/web/status/5"}
    tweet = {"id_str": "5", "full_text": "Begins… https://t.co/abcdefghij", "entities": {"urls": [back]}}
    with open_archive(_folder(tmp_path, [tweet])) as archive:
        (post,) = archive.posts()
    assert (post.text, post.quote, post.links) == ("Begins…", None, ())


def test_a_thread_stays_a_thread_and_replies_to_others_keep_their_address(tmp_path: Path) -> None:
    tweets: list[dict[str, object]] = [
        {
            "id_str": "9",
            "full_text": "@alice two",
            "in_reply_to_status_id_str": "8",
            "in_reply_to_screen_name": "alice",
        },
        {"id_str": "8", "full_text": "one"},
        {"id_str": "10", "full_text": "@bob yes", "in_reply_to_status_id_str": "3", "in_reply_to_screen_name": "bob"},
    ]
    with open_archive(_folder(tmp_path, tweets)) as archive:
        one, two, yes = archive.posts()
    assert (one.text, two.text) == ("one", "two")
    assert two.in_reply_to
    assert two.in_reply_to.key == one.source_key == "twitter:8"
    assert yes.in_reply_to
    assert (yes.in_reply_to.key, yes.in_reply_to.url) == (None, "https://twitter.com/bob/status/3")
    assert yes.in_reply_to.handle == "bob@twitter.com"


def test_a_protected_account_stays_for_its_followers(tmp_path: Path) -> None:
    expected = write_twitter(tmp_path / "p.zip", posts=40, protected=True)
    with open_archive(tmp_path / "p.zip") as archive:
        profile = archive.profile()
        _compare(_posts(archive), expected)
    assert profile
    assert profile.locked


def test_what_was_written_in_a_community_is_unlisted(tmp_path: Path) -> None:
    community = (
        'window.YTD.community_tweet.part0 = [{"tweet":{"id_str":"6","full_text":"Hello gardeners",'
        '"created_at":"Wed Oct 10 20:19:24 +0000 2018","community_id":"77"}}]'
    )
    with open_archive(_folder(tmp_path, [{"id_str": "5", "full_text": "Hello"}], community_tweet=community)) as archive:
        assert [(p.text, p.visibility) for p in archive.posts()] == [
            ("Hello", "public"),
            ("Hello gardeners", "unlisted"),
        ]


def test_a_lost_picture_leaves_its_link(tmp_path: Path) -> None:
    media = {"url": "https://t.co/abcdefghij", "expanded_url": "https://twitter.com/alice/status/5/photo/1"}
    media |= {"type": "photo", "media_url_https": "https://pbs.twimg.com/media/X.jpg"}
    tweet = {"id_str": "5", "full_text": "https://t.co/abcdefghij", "entities": {"media": [media]}}
    with open_archive(_folder(tmp_path, [tweet])) as archive:
        (post,) = archive.posts()
        assert [(s.what, s.why) for s in archive.skipped] == [("twitter:5 X.jpg", Why.NO_FILE)]
    assert post.text == "https://twitter.com/alice/status/5/photo/1"


def test_the_archive_of_before_2018_is_read(tmp_path: Path) -> None:
    expected = write_grailbird(tmp_path / "old.zip")
    with open_archive(tmp_path / "old.zip") as archive:
        profile = archive.profile()
        _compare(_posts(archive), expected)
        assert expected.left_out <= {s.what for s in archive.skipped}
    assert profile
    assert (profile.username, profile.bio) == ("alice_tweets", "Hi")


def test_tweet_js_of_2018_lies_at_the_top(tmp_path: Path) -> None:
    media = {"url": "https://t.co/x", "type": "photo", "media_url": "http://pbs.twimg.com/media/A.jpg"}
    tweet = {"id_str": "5", "full_text": "Hi https://t.co/x", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}
    body = json.dumps([{**tweet, "entities": {"media": [media]}}])
    (tmp_path / "tweet.js").write_text(f"window.YTD.tweet.part0 = {body}")
    (tmp_path / "tweet_media").mkdir()
    (tmp_path / "tweet_media/5-A.jpg").write_bytes(b"jpeg")
    with open_archive(tmp_path) as archive:
        (post,) = archive.posts()
    assert (post.text, post.media[0].path) == ("Hi", "tweet_media/5-A.jpg")


def test_tweets_that_break_off_give_what_is_there(tmp_path: Path) -> None:
    expected = write_twitter(tmp_path / "cut.zip", posts=300, odd=False, cut_tweets=True)
    with open_archive(tmp_path / "cut.zip") as archive:
        found = _posts(archive)
        cut = [s.what for s in archive.skipped if s.why == Why.CUT_OFF]
    assert cut == ["data/tweets-part1.js", "data/tweets.js"]
    assert 100 < len(found) < 200
    assert all(found[key].text == expected.posts[key].text for key in found)


def test_an_id_tells_the_time_where_no_date_does() -> None:
    assert moment("Wed Oct 10 20:19:24 +0000 2018", "1") == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
    assert moment("2012-11-28 22:18:35 +0000", "1") == datetime(2012, 11, 28, 22, 18, 35, tzinfo=UTC)
    assert moment("nonsense", "1050118621198921728") == datetime(2018, 10, 10, 20, 19, 24, 211000, tzinfo=UTC)
    assert moment("", "20") is None
