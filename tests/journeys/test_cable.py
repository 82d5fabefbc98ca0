"""The cable between two hosts is pulled while members reach both: what is lost, and what isn't."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import cable
from tests.support.running import until
from tests.support.two_hosts import posts, writing

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(why := cable.why_not()), reason=why)]
NOTICED_WITHIN = 15.0  # seconds
FENCED_WITHIN = 15.0
MEMBERS = ("alice", "bob")
Two = Callable[..., tuple[cable.Cabled, cable.Cabled]]


@pytest.fixture
def laid() -> Iterator[cable.Cable]:
    made = cable.Cable()
    try:
        made.lay()
        yield made
    finally:
        made.remove()


@pytest.fixture
def two(laid: cable.Cable, tmp_path: Path) -> Iterator[Two]:
    with contextlib.ExitStack() as made:

        def make(**settings: str) -> tuple[cable.Cabled, cable.Cabled]:
            first, second = (cable.Cabled(tmp_path / f"host{number}", laid, number, **settings) for number in (1, 2))
            made.callback(second.end)
            made.callback(first.end)
            return first, second

        yield make


def promote(host: cable.Cabled) -> None:
    said = host.command("promote", "--yes")
    assert said.returncode == 0, said.stdout + said.stderr + host.said()


def there(host: cable.Cabled, tokens: dict[str, str]) -> set[str]:
    return set().union(*(posts(host, token) for token in tokens.values()))


def test_what_the_old_host_takes_while_it_is_cut_off_is_lost_and_it_stops_as_soon_as_it_is_not(
    two: Two, laid: cable.Cable
) -> None:
    first, second = two()
    first.start()
    tokens = {name: first.sign_up(name) for name in MEMBERS}
    second.follow(first.invite())
    with writing(first, tokens) as ledger:
        until(lambda: len(ledger.acknowledged) > 30)
        laid.pull()
        pulled = time.monotonic()
        until(lambda: (second.status().get("seconds_silent") or 0) > 5)
        noticed = time.monotonic() - pulled
        promote(second)
        served = time.monotonic() - pulled
        count = len(ledger.acknowledged)
        until(lambda: len(ledger.acknowledged) > count + 5, "nobody told it")
        laid.plug()
        plugged = time.monotonic()
        until(lambda: first.status().get("role") == "moved")
        fenced = time.monotonic() - plugged
        count = len(ledger.acknowledged)
        until(lambda: len(ledger.acknowledged) > count + 5, "what still comes to it is handed on")
    lost = ledger.lost(there(second, tokens))
    assert lost and all(pulled - 5 < at < plugged + fenced + 1 for at in lost.values())
    assert noticed < NOTICED_WITHIN and fenced < FENCED_WITHIN
    assert first.pids("postgres") == []
    print(
        f"noticed {noticed:.1f} s, served {served:.1f} s, fenced {fenced:.1f} s, lost {len(lost)} of {len(ledger.acknowledged)}"
    )


def test_synchronous_nothing_is_acknowledged_while_it_is_cut_off(two: Two, laid: cable.Cable) -> None:
    first, second = two(PALABRE_STANDBY_SYNCHRONOUS="true")
    first.start()
    tokens = {name: first.sign_up(name) for name in MEMBERS}
    second.follow(first.invite())
    until(lambda: first.status()["standbys"][0]["waited_for"])
    with writing(first, tokens) as ledger:
        until(lambda: len(ledger.acknowledged) > 30)
        laid.pull()
        promote(second)
        laid.plug()
        until(lambda: first.status().get("role") == "moved")
        count = len(ledger.acknowledged)
        until(lambda: len(ledger.acknowledged) > count + 5, "what still comes to it is handed on")
    assert ledger.lost(there(second, tokens)) == {}
