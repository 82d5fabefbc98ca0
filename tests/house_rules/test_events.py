"""`consequences.py` is the one readable table of what follows from what: an event without a row would be forgotten."""

from palabre.base.events import Event, wired
from tests.house_rules.support import modules


def test_every_event_has_its_row() -> None:
    modules()
    assert set(_all(Event)) == set(wired())


def _all(event: type[Event]) -> list[type[Event]]:
    direct = event.__subclasses__()
    return [*direct, *(deeper for each in direct for deeper in _all(each))]
