"""A clock that is off by an hour: who reads goes on seeing what is new, and who runs the host is told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.running import Running, until
from tests.support.two_hosts import Host

pytestmark = pytest.mark.journey
HOUR = 3600


def clock(off_by: int) -> dict[str, str]:
    """Settings of a host all of whose processes see another time; but PostgreSQL, which sees the right one."""
    return {"PYTHONPATH": str(Path(__file__).parent.parent / "support" / "off_by"), "OFF_BY": str(off_by)}


@dataclass
class Member:
    """One who reads what is newer than the newest he knows, as apps do."""

    host: Running
    name: str

    def __post_init__(self) -> None:
        self.token = self.host.sign_up(self.name)
        self.id = self._get("accounts/verify_credentials")["id"]

    def follow(self, whom: "Member") -> None:
        self._post(f"accounts/{whom.id}/follow")

    def favourite(self, post_id: str) -> None:
        self._post(f"statuses/{post_id}/favourite")

    def post(self, text: str) -> str:
        return str(self._post("statuses", status=text)["id"])

    def home(self, since: str = "") -> list[str]:
        return self._newer("timelines/home", since)

    def public(self, since: str) -> list[str]:
        return self._newer("timelines/public", since)

    def notified(self, since: str = "") -> list[str]:
        return self._newer("notifications", since)

    def _newer(self, path: str, since: str) -> list[str]:
        return [one["id"] for one in self._get(path, **({"since_id": since} if since else {}))]

    def _get(self, path: str, **asked: str) -> Any:
        with self.host.http(self.token) as http:
            return http.get(f"/api/v1/{path}", params=asked).raise_for_status().json()

    def _post(self, path: str, **said: str) -> Any:
        with self.host.http(self.token) as http:
            return http.post(f"/api/v1/{path}", json=said).raise_for_status().json()


def test_a_standby_an_hour_behind_takes_over(tmp_path: Path) -> None:
    first, second = Host(tmp_path / "first"), Host(tmp_path / "second", **clock(-HOUR))
    with first:
        alice, bob = (Member(first, name) for name in ("alice", "bob"))
        bob.follow(alice)
        second.follow(first.invite())
        until(lambda: (second.status().get("clock_ahead") or 0) < -HOUR / 2)
        told = second.command("standby", "--status").stdout
        assert "clock is 3600 s behind the first host's" in told and "NTP" in told
        assert "3600 s behind" in second.command("doctor").stdout
        refused = first.command("move", "--to", "standby", "--yes")
        assert refused.returncode == 1 and "clock is 3600 s behind this host's" in refused.stderr
        known = alice.post("Before")
        until(lambda: bob.home() == [known])
        seen = alice.notified()
        until(lambda: second.status()["bytes_behind"] == 0)
        first.kill_all()
        promoted = second.command("promote", "--yes")
        assert promoted.returncode == 0 and "s behind the first host's" in promoted.stdout
        alice.host = bob.host = second
        new = alice.post("After")
        assert int(new) > int(known)
        until(lambda: bob.home(since=known) == [new])
        assert bob.public(since=known) == [new]
        bob.favourite(new)
        until(lambda: alice.notified(since=seen[0]))
        second.stop()
        second.start()
        assert bob.home(since=new) == []
        newest = alice.post("After a restart")
        until(lambda: bob.home(since=new) == [newest])
        assert second.command("log", "verify").returncode == 0
        second.end()


def test_a_clock_that_was_an_hour_ahead_is_set_right(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Running(tmp_path / "data", **clock(HOUR)) as host:
        alice, bob = (Member(host, name) for name in ("alice", "bob"))
        bob.follow(alice)
        known = alice.post("An hour too early")
        host.stop()
        del host.environment["PYTHONPATH"]
        host.start()
        new = alice.post("In time")
        until(lambda: bob.home(since=known) == [new])
