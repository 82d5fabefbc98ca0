"""Which notifications gather in a group."""

from datetime import UTC, datetime

from palabre.base import ids
from palabre.features.notifications.rules import alone_id, alone_key, group_key


def test_favourites_gather_by_post() -> None:
    assert group_key("favourite", 5, ids.new()) == "favourite-5"


def test_follows_gather_by_day() -> None:
    morning, evening, next_day = (
        ids.new(datetime(2026, 5, day, hour, tzinfo=UTC)) for day, hour in ((1, 1), (1, 23), (2, 1))
    )
    assert group_key("follow", 0, morning) == group_key("follow", 0, evening) != group_key("follow", 0, next_day)


def test_mentions_stand_alone() -> None:
    assert group_key("mention", 5, 7) is None
    assert alone_id(alone_key(7)) == 7
    assert alone_id("favourite-5") is None
    assert alone_id("ungrouped-x") is None
