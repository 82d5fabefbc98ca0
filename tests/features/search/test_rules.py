"""What people type, understood."""

from hypothesis import given
from hypothesis import strategies as st

from palabre.base import ids
from palabre.features.search import marks, rules
from palabre.features.search.rules import Target, Term, parse, target

OURS = ["https://talk.example", "https://talk2.example"]
_TYPED = st.lists(
    st.sampled_from(
        ["from:", "has:media", "before:", "2026-02-30", "-", '"', "#été", "l'école", "@a@b.c", " ", "\x00", "'"]
    )
    | st.text(max_size=20)
).map("".join)


@given(_TYPED)
def test_anything_can_be_typed(text: str) -> None:
    query = parse(text)
    assert len(query.terms) <= 2 * rules.MOST_WORDS
    assert 0 <= query.above <= ids.LARGEST and 0 <= query.below <= ids.LARGEST
    target(text, OURS)
    target(f"{OURS[0]}/{text}", OURS)


def test_too_much_is_cut_off() -> None:
    assert len(parse("word " * 1_000).terms) == rules.MOST_WORDS
    assert len(parse("x" * 10_000).terms[0].text) == rules.LONGEST


def test_words_phrases_exclusions() -> None:
    assert parse("l'École -chat \"Œuvre d'art\" porte-monnaie").terms == [
        Term("ecole"),
        Term("chat", unwanted=True),
        Term("oeuvre d art", exact=True),
        Term("porte"),
        Term("monnaie"),
    ]


def test_operators() -> None:
    query = parse("from:@Alice has:media lang:fr #Été -#hiver during:2026-02-01 unknown:word")
    assert query.authors == ["alice"]
    assert query.media
    assert query.language == "fr"
    assert (query.tags, query.unwanted_tags) == (["ete"], ["hiver"])
    assert (ids.made_at(query.above).isoformat(), ids.made_at(query.below).isoformat()) == (
        "2026-02-01T00:00:00+00:00",
        "2026-02-02T00:00:00+00:00",
    )
    assert query.terms == [Term("unknown"), Term("word")]


def test_exclusions_alone_seek_nothing() -> None:
    assert parse("-bread before:2026-01-01").empty
    assert not parse("from:me").empty


def test_targets() -> None:
    assert target("@alice@talk.example", OURS) == Target("account", "alice@talk.example")
    assert target("alice@talk.example", OURS) == Target("account", "alice@talk.example")
    assert target(f"{OURS[0]}/@alice", OURS) == Target("account", "alice")
    assert target(f"{OURS[1]}/@alice", OURS) == Target("account", "alice")
    assert target(f"{OURS[0]}/@alice/123", OURS) == Target("post", "123")
    assert target(f"{OURS[0]}/users/alice/statuses/123", OURS) == Target("post", "123")
    assert target(f"{OURS[0]}/tags/%C3%89t%C3%A9?x#y", OURS) == Target("tag", "ete")
    assert target("https://elsewhere.example/@alice", OURS) is None
    assert target("@alice", OURS) is None


@given(st.integers(0, 2**62), st.integers(0, 2**62), st.integers(0, 2**62))
def test_windows_cover_every_id_once(newest: int, oldest: int, post_id: int) -> None:
    windows = list(marks.windows(newest, oldest))
    holding = [window for window in windows if window.above <= post_id < window.below]
    assert len(holding) == (1 if oldest <= post_id < newest else 0)
    assert windows == sorted(windows, key=lambda window: -window.below)
    row = {
        "id": post_id,
        "language": None,
        "author_id": 1,
        "audience": [],
        "tags": [],
        "visibility": "direct",
        "has_media": False,
    }
    for window in holding:
        assert not window.buckets or set(window.buckets) & set(marks.of_post(row, indexable=True))


def test_mentions_are_indexed_by_name_and_links_without_scheme() -> None:
    assert rules.indexed_text(["Hello @Bob@far.example", "https://www.example.org/été"]) == "hello bob example org ete"
