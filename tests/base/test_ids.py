"""Ids sort by time, and one process never makes the same twice."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from palabre.base import clock, ids

AT = datetime(2024, 2, 29, 12, tzinfo=UTC)


def test_many_of_one_millisecond_all_differ() -> None:
    made = [ids.new(AT) for _ in range(5_000)]
    assert len(set(made)) == len(made)
    assert {ids.made_at(each) for each in made} == {AT}


def test_all_differ_where_two_moments_take_turns() -> None:
    made = [ids.new(AT + timedelta(seconds=turn % 2)) for turn in range(10_000)]
    assert len(set(made)) == len(made)


def test_even_more_than_there_is_room_for_comes_to_an_end() -> None:
    assert len([ids.new(AT) for _ in range(1 << ids.RANDOM_BITS)]) == 1 << ids.RANDOM_BITS


def test_later_sorts_higher() -> None:
    assert ids.new(AT) < ids.new(AT + timedelta(milliseconds=1))


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the clock on the wall shows; time itself goes on."""
    shown = [AT]
    monkeypatch.setattr(clock, "now", lambda: shown[0])
    return shown


def test_a_clock_put_back_by_an_hour_puts_no_id_back(wall: list[datetime]) -> None:
    before = ids.new()
    wall[0] -= timedelta(hours=1)
    after = ids.new()
    assert AT <= ids.made_at(before) <= ids.made_at(after) < AT + timedelta(minutes=1)
    assert ids.made_at(ids.new(wall[0])) >= AT, "an hour ago is now, by this clock"
    wall[0] += timedelta(hours=2)
    assert ids.made_at(ids.new()) == wall[0]


def test_whoever_takes_over_goes_on_after_the_other(wall: list[datetime]) -> None:
    theirs = AT + timedelta(hours=1)
    newest = ids.new(theirs)
    ids.follow(theirs)
    assert ids.made_at(ids.new()) >= theirs
    assert ids.made_at(ids.first_at(AT)) >= ids.made_at(newest), "what is found up to now includes what was just made"
    assert ids.made_at(ids.new(AT - timedelta(days=365))) == AT - timedelta(days=365), (
        "what was brought along is as old as it is"
    )


def test_a_date_that_was_never_right_is_not_followed(wall: list[datetime]) -> None:
    ids.follow(AT + timedelta(days=365 * 50))
    assert ids.made_at(ids.new()) - AT < ids.MOST_AHEAD
    wall[0] -= timedelta(days=3)
    assert ids.made_at(ids.new()) == wall[0]


def test_what_is_done_in_one_millisecond_keeps_its_order(wall: list[datetime]) -> None:
    made = [ids.new() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert ids.made_at(made[0]) == AT
    assert ids.made_at(made[-1]) - AT < timedelta(seconds=1), "a burst runs into the milliseconds to come"
    steps = {later - earlier for earlier, later in pairwise(made)}
    assert len(steps) > 50, "they cannot be counted up"
