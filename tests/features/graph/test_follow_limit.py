"""How many somebody may follow."""

from palabre.features.graph.rules import FOLLOW_LIMIT, may_follow_more


def test_anyone_may_follow_up_to_the_limit() -> None:
    assert may_follow_more(FOLLOW_LIMIT - 1, 0)
    assert not may_follow_more(FOLLOW_LIMIT, 0)


def test_the_widely_followed_may_follow_somewhat_more() -> None:
    assert may_follow_more(FOLLOW_LIMIT, 10_000)
    assert not may_follow_more(11_000, 10_000)
