"""`rules.may_see` alone decides who sees what: its promises, tried on whatever hypothesis makes up."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from palabre.features.graph import Ties
from palabre.features.posts.rules import VISIBILITIES, may_see


@dataclass
class Author:
    gone: bool = False


@dataclass
class Post:
    author_id: int
    visibility: str = "public"
    audience: list[int] = field(default_factory=list)
    withheld: bool = False
    author: Author = field(default_factory=Author)
    reblog: Any = None
    reblog_of_id: int | None = None
    held_at: Any = None


people = st.integers(1, 4)
some = st.sets(people)
ties = st.builds(Ties, some, some, some, some)
originals = st.builds(
    Post,
    people,
    st.sampled_from(VISIBILITIES),
    st.lists(people),
    st.booleans(),
    st.builds(Author, st.booleans()),
    held_at=st.none() | st.just("now"),
)
boosts = st.builds(
    lambda by, visibility, post: Post(by, visibility, reblog=post, reblog_of_id=9),
    people,
    st.sampled_from(VISIBILITIES[:3]),
    st.none() | originals,
)
posts: Any = originals | boosts
viewers = st.none() | people


@given(posts, viewers, ties)
def test_what_is_withheld_or_by_somebody_gone_is_seen_by_nobody(post: Any, viewer: int | None, ties: Ties) -> None:
    if post.withheld or post.author.gone:
        assert not may_see(post, viewer, ties)


@given(posts, viewers, ties)
def test_what_is_held_is_seen_by_its_author_alone(post: Any, viewer: int | None, ties: Ties) -> None:
    if post.held_at and post.author_id != viewer:
        assert not may_see(post, viewer, ties)
    if post.reblog and post.reblog.held_at and post.reblog.author_id != viewer:
        assert not may_see(post, viewer, ties)


@given(posts, people, ties)
def test_a_block_in_either_direction_hides_everything(post: Any, viewer: int, ties: Ties) -> None:
    if post.author_id != viewer and post.author_id in ties.blocking | ties.blocked_by:
        assert not may_see(post, viewer, ties)


@given(posts, ties)
def test_strangers_see_only_what_is_for_everybody(post: Any, ties: Ties) -> None:
    if may_see(post, None, Ties()):
        assert post.visibility in ("public", "unlisted")


@given(originals, people, ties)
def test_a_direct_post_is_for_its_author_and_those_it_names(post: Any, viewer: int, ties: Ties) -> None:
    if post.visibility == "direct" and may_see(post, viewer, ties):
        assert viewer == post.author_id or viewer in post.audience


@given(originals, people, ties)
def test_a_private_post_needs_a_follow_or_a_mention(post: Any, viewer: int, ties: Ties) -> None:
    if post.visibility == "private" and may_see(post, viewer, ties):
        assert viewer == post.author_id or viewer in post.audience or post.author_id in ties.following


@given(boosts, viewers, ties)
def test_a_boost_never_shows_what_could_not_be_seen_itself(post: Any, viewer: int | None, ties: Ties) -> None:
    if may_see(post, viewer, ties):
        assert post.reblog is not None and may_see(post.reblog, viewer, ties)


@given(posts, viewers, ties)
def test_muting_hides_nothing_from_who_asks_for_it(post: Any, viewer: int | None, ties: Ties) -> None:
    unmuted = Ties(ties.following, ties.blocking, ties.blocked_by)
    assert may_see(post, viewer, ties) == may_see(post, viewer, unmuted)


@given(originals, people)
def test_authors_see_their_own_posts(post: Any, _: int) -> None:
    if not post.withheld and not post.author.gone:
        assert may_see(post, post.author_id, Ties())
