"""How far a standby is behind, told by its own clock alone."""

from palabre.hosting.lag import Lag


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_said_before_the_first_host_was_heard() -> None:
    lag = Lag(Clock())
    assert (lag.seconds, lag.bytes, lag.silent) == (None, None, None)


def test_who_has_everything_is_as_old_as_the_last_word() -> None:
    clock = Clock()
    lag = Lag(clock)
    lag.heard(500)
    lag.replayed(500)
    clock.now += 2
    assert (lag.seconds, lag.bytes, lag.silent) == (2, 0, 2)


def test_who_is_behind_counts_from_when_the_first_host_was_where_he_is() -> None:
    clock = Clock()
    lag = Lag(clock)
    for position in (100, 200, 300, 400):
        lag.heard(position)
        clock.now += 10
    lag.replayed(250)
    assert lag.bytes == 150
    assert lag.seconds == 30, "position 200 was told 30 s ago, and 300 is not reached"
    lag.replayed(400)
    assert lag.bytes == 0 and lag.seconds == 10


def test_a_first_host_that_writes_nothing_is_not_fallen_behind() -> None:
    clock = Clock()
    lag = Lag(clock)
    lag.replayed(100)
    for _ in range(100):
        lag.heard(100)
        clock.now += 1
    assert lag.seconds == 1
