"""Nothing becomes overdue unheard; and while nobody keeps order, fewer people come in."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from palabre import settings
from palabre.base import clock, http, mail
from palabre.features.moderation import clocks
from palabre.features.moderation.clocks.rules import next_alarm
from tests.support.appealing import appeals
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person


@pytest.fixture
def letters() -> Iterator[list[mail.Letter]]:
    sent: list[mail.Letter] = []

    class Box:
        async def send(self, letter: mail.Letter) -> None:
            sent.append(letter)

    mail.use(Box())
    yield sent
    mail.use(None)


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch, configured: settings.Settings) -> list[tuple[str, bytes, str]]:
    """What is posted to the operator's own program."""
    posted: list[tuple[str, bytes, str]] = []

    async def post(url: str, *, body: bytes, headers: Any) -> http.Reply:
        posted.append((url, body, headers["x-palabre-signature"]))
        return http.Reply(204, {}, b"", url)

    monkeypatch.setattr(http, "post", post)
    hooks = {"webhook_urls": ["https://pager.example/palabre"], "webhook_secret": "quiet"}
    settings.use(settings.Settings(**(configured.model_dump() | hooks)))
    return posted


class Time:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, real = timedelta(), clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.ahead)

    def passes(self, **much: float) -> None:
        self.ahead += timedelta(**much)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


async def rings(network: Network) -> int:
    async with network.db.transaction() as conn:
        await clocks.wind(conn)
    async with network.db.transaction() as conn:
        rang = await clocks.ring(conn)
    await network.work()
    return rang


async def watches(network: Network) -> None:
    async with network.db.transaction() as conn:
        await clocks.watch(conn)
    await network.work()


async def test_each_alarm_rings_once_before_the_breach_and_at_it(
    network: Network, alice: Person, bob: Person, carol: Person, time: Time, letters: Any, hooked: Any
) -> None:
    await reports(alice, bob, await bob.says("I will find you"), category="threat")  # four hours
    assert await rings(network) == 0
    for passed, share in ((2.1, 0.5), (1.6, 0.1), (0.4, 0.0)):
        time.passes(hours=passed)
        assert await rings(network) == 1
        assert await rings(network) == 0, "once"
        told = json.loads(hooked[-1][1])
        assert told["event"] == "case.alarm" and told["cases"][0]["share"] == share
        assert told["cases"][0]["overdue"] is (share == 0)
    assert len(hooked) == 3 and hooked[0][0] == "https://pager.example/palabre"
    assert hooked[0][2] == "sha256=" + hmac.new(b"quiet", hooked[0][1], hashlib.sha256).hexdigest()
    mine = [letter for letter in letters if letter.to == "carol@mail.example"]
    assert len(mine) == 3 and "@bob" in mine[0].text and mine[0].text.count("/moderation/cases/") == 1
    heard = await carol.get("/api/v1/notifications")
    assert [one["type"] for one in heard] == ["admin.report"] * 4


async def test_a_decided_case_rings_no_more_and_a_nearer_deadline_rings_sooner(
    network: Network, alice: Person, bob: Person, carol: Person, dan: Person, time: Time
) -> None:
    post = await bob.says("Hm")
    await reports(alice, bob, post, category="other")  # a week
    assert await rings(network) == 0
    await reports(dan, bob, post, category="threat")
    time.passes(hours=3)
    assert await rings(network) == 1
    await decides(carol, await only_case(carol), "dismiss")
    time.passes(days=9)
    assert await rings(network) == 0


async def test_a_flood_of_reports_is_no_flood_of_mail(
    network: Network, alice: Person, bob: Person, carol: Person, time: Time, letters: Any
) -> None:
    for number in range(12):
        await reports(alice, bob, await bob.says(f"Post {number}"), category="other")
    await rings(network)
    time.passes(days=4)
    letters.clear()
    assert await rings(network) == 12
    (letter,) = letters
    assert letter.text.count("@bob") == 10 and "2 more" in letter.text
    await reports(alice, bob, await bob.says("Another"), category="other")
    await rings(network)
    time.passes(days=3.1)
    assert await rings(network) == 12
    time.passes(days=0.5, hours=0.1)
    assert await rings(network) >= 1


def test_of_alarms_that_were_missed_only_the_last_still_rings() -> None:
    opened = clock.now()
    due, shares = opened + timedelta(hours=10), [0.5, 0.1, 0.0]
    assert next_alarm(opened, due, shares, [], opened) == opened + timedelta(hours=5)
    assert next_alarm(opened, due, shares, [], opened + timedelta(hours=9.5)) == opened + timedelta(hours=9)
    assert next_alarm(opened, due, shares, [0.1], opened + timedelta(hours=9.5)) == due
    assert next_alarm(opened, due, shares, [0.0], opened + timedelta(hours=20)) is None


async def test_sign_ups_wait_while_no_moderator_acts_and_go_on_when_one_does(
    network: Network, alice: Person, bob: Person, carol: Person, stranger: Person, time: Time, letters: Any, hooked: Any
) -> None:
    await network.person("olga", role="owner")
    await reports(alice, bob, await bob.says("Spam"), category="spam")  # three days
    time.passes(days=2)
    await watches(network)
    assert (await stranger.get("/api/v2/instance"))["registrations"]["approval_required"] is False
    time.passes(days=4.1)
    await watches(network)
    await watches(network)
    assert (await stranger.get("/api/v2/instance"))["registrations"]["approval_required"] is True
    assert [letter.to for letter in letters if "Nobody moderates" in letter.subject] == ["olga@mail.example"]
    page = (await network.http.get("/sign-up")).text
    assert "no moderator" in page
    case = await only_case(carol)
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/notes", note="I am back")
    await watches(network)
    assert (await stranger.get("/api/v2/instance"))["registrations"]["approval_required"] is False
    assert [json.loads(body)["event"] for _, body, _ in hooked] == ["moderators.idle", "moderators.back"]


async def test_the_brake_can_close_the_door_or_be_off(
    network: Network, alice: Person, bob: Person, stranger: Person, time: Time, configured: settings.Settings
) -> None:
    await reports(alice, bob, await bob.says("Spam"), category="spam")
    time.passes(days=30)
    settings.use(settings.Settings(**(configured.model_dump() | {"idle_brake": "off"})))
    await watches(network)
    assert (await stranger.get("/api/v2/instance"))["registrations"]["enabled"] is True
    settings.use(settings.Settings(**(configured.model_dump() | {"idle_brake": "closed"})))
    await watches(network)
    assert (await stranger.get("/api/v2/instance"))["registrations"]["enabled"] is False
    settings.use(configured)


async def test_an_appeal_rings_before_it_is_overdue_and_then_counts_as_overdue(
    network: Network, alice: Person, bob: Person, carol: Person, letters: list[mail.Letter], time: Time
) -> None:
    await reports(bob, alice)
    case = await only_case(carol)
    decided = await decides(carol, case, "warn", reason="Be kind.")
    await network.person("judge", role="moderator", scopes=STAFF_SCOPES)
    await appeals(alice, decided)
    assert await rings_for_appeals(network) == 0
    before = await carol.get("/api/palabre/v1/cases/counts")
    hours = settings.current().deadlines["appeal"]
    time.passes(hours=hours * 0.6)
    letters.clear()
    assert await rings_for_appeals(network) == 1
    assert await rings_for_appeals(network) == 0, "each alarm rings once"
    assert any("is due" in one.subject for one in letters)
    time.passes(hours=hours)
    after = await carol.get("/api/palabre/v1/cases/counts")
    assert (before["overdue"], after["overdue"]) == (0, 1)


async def rings_for_appeals(network: Network) -> int:
    async with network.db.transaction() as conn:
        rang = await clocks.ring_for_appeals(conn)
    await network.work()
    return rang
