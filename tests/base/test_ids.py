"""Ids sort by time, and one process never makes the same twice."""

from datetime import UTC, datetime, timedelta

from palabre.base import ids

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
