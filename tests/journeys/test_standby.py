"""The first host is gone at midnight: the standby takes its place, and what members were told is there, is there."""

import io
import shutil
import time

import pytest

from tests.support.pictures import landscape
from tests.support.running import until
from tests.support.two_hosts import Host, Hosts, outrun, posts, writing

pytestmark = pytest.mark.journey
MEMBERS = ("alice", "bob", "carol")
ASYNCHRONOUS_LOSS = 5.0  # seconds
PROMOTED_WITHIN = 60.0


def _promote(host: Host, *more: str) -> str:
    said = host.command("promote", "--yes", *more)
    assert said.returncode == 0, said.stdout + said.stderr + host.said()
    return said.stdout


def _picture() -> bytes:
    file = io.BytesIO()
    landscape("lake", 600, 400).save(file, "JPEG")
    return file.getvalue()


def test_the_first_host_is_killed_and_its_disk_removed(hosts: Hosts) -> None:
    first, second = hosts("first"), hosts("second")
    first.start()
    tokens = {name: first.sign_up(name) for name in MEMBERS}
    second.follow(first.invite())
    assert not second.answers(), "load balancers must not send anybody to a standby"
    with writing(first, tokens) as ledger:
        with first.http(tokens["alice"]) as http:
            sent = http.post("/api/v2/media", files={"file": ("lake.jpg", _picture(), "image/jpeg")})
            picture = http.get(sent.json()["url"]).content
        until(lambda: len(ledger.acknowledged) > 100 and second.status().get("media_waiting") == 0)
        first.kill_all()
        killed = time.monotonic()
    shutil.rmtree(first.folder)
    two = [second.launch("promote", "--yes") for _ in range(2)]
    assert [one.wait(PROMOTED_WITHIN) for one in two] == [0, 0], second.said()
    assert second.answers() and time.monotonic() - killed < PROMOTED_WITHIN
    assert second.said().count("The database takes writes") <= 3, "once by the host, and once to each who asked"
    there = set().union(*(posts(second, token) for token in tokens.values()))
    lost = ledger.lost(there)
    assert all(killed - at < ASYNCHRONOUS_LOSS for at in lost.values()), lost
    with second.http(tokens["alice"]) as http:
        again = http.get(sent.json()["url"].replace(first.url, second.url))
        assert again.status_code == 200 and again.content == picture
        assert http.post("/api/v1/statuses", json={"status": "Still here."}).status_code == 200
    print(f"{len(ledger.acknowledged)} acknowledged, {len(lost)} lost")


def test_a_synchronous_standby_loses_nothing(hosts: Hosts) -> None:
    first = hosts("first", PALABRE_STANDBY_SYNCHRONOUS="true")
    second = hosts("second", PALABRE_STANDBY_SYNCHRONOUS="true")
    first.start()
    tokens = {name: first.sign_up(name) for name in MEMBERS}
    second.follow(first.invite())
    until(lambda: first.status()["standbys"][0]["waited_for"])
    with writing(first, tokens) as ledger:
        until(lambda: len(ledger.acknowledged) > 100)
        first.kill_all()
    shutil.rmtree(first.folder)
    _promote(second)
    assert second.answers(), "it waits for nobody"
    there = set().union(*(posts(second, token) for token in tokens.values()))
    assert ledger.lost(there) == {}


def test_killed_in_the_middle_of_a_promotion_it_is_completed(hosts: Hosts) -> None:
    first, second = hosts("first"), hosts("second")
    first.start()
    token = first.sign_up("alice")
    second.follow(first.invite())
    refused = second.command("promote", "--yes")
    assert refused.returncode == 1 and "palabre move" in refused.stderr, "the first host is alive"
    with first.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "Before midnight."}).raise_for_status()
    until(lambda: second.status()["bytes_behind"] == 0)
    first.kill_all()
    asked = second.launch("promote", "--yes")
    until(lambda: "From now on this host" in second.said())
    second.kill_all()
    asked.wait(PROMOTED_WITHIN)
    assert "palabre serve" in _promote(second)
    assert "nothing to promote" in _promote(second)
    second.start()
    assert posts(second, token) == {"Before midnight."}

    first.process = first.launch("serve")
    until(lambda: first.status().get("role") == "moved", "it may not serve beside the one that was promoted")
    until(lambda: not first.pids("postgres") and not first.pids("web"))
    until(lambda: posts(first, token) == {"Before midnight."}, "what still comes here is handed on")
    assert first.command("account", "list").returncode == 1


def test_writes_wait_for_a_synchronous_standby_until_it_is_forgotten(hosts: Hosts) -> None:
    first, second = hosts("first", PALABRE_STANDBY_SYNCHRONOUS="true"), hosts("second")
    first.start()
    token = first.sign_up("alice")
    second.follow(first.invite("paris"))
    until(lambda: first.status()["standbys"][0]["waited_for"])
    second.kill_all()
    with writing(first, {"alice": token}) as ledger:
        until(lambda: "writes_wait" in first.said())
        assert "Writes WAIT" in first.command("standby", "--status").stdout
        before = len(ledger.acknowledged)
        assert first.command("standby", "--forget", "paris").returncode == 0
        until(lambda: len(ledger.acknowledged) > before + 3)
    assert first.status()["standbys"] == []


def test_a_standby_that_was_away_for_too_long_copies_everything_anew(hosts: Hosts) -> None:
    first, second = hosts("first", PALABRE_STANDBY_KEEP="48MB"), hosts("second")
    first.start()
    token = first.sign_up("alice")
    second.follow(first.invite())
    second.stop()
    outrun(first)
    with first.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "While it was away."}).raise_for_status()
    second.process = second.launch("serve")
    until(lambda: "copies the database anew" in second.said(), patience=60)
    second.until_following()
    until(lambda: second.status()["bytes_behind"] == 0)
    first.kill_all()
    _promote(second)
    assert posts(second, token) == {"While it was away."}


def test_a_host_in_whose_place_another_was_promoted_stops_while_it_runs(hosts: Hosts) -> None:
    first, second = hosts("first"), hosts("second")
    first.start()
    token = first.sign_up("alice")
    second.follow(first.invite())
    _promote(second, "--force")
    until(lambda: first.status().get("role") == "moved")
    until(lambda: not first.pids("postgres") and not first.pids("web"))
    until(lambda: second.status()["to_fence"] == "", "the other has heard")
    with second.http(token) as http:
        assert http.get("/api/v1/accounts/verify_credentials").status_code == 200
