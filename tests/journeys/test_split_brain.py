"""Two hosts that would both serve: however it comes to it, soon one alone does, and the other hands on."""

import json

import pytest

from tests.support.running import until
from tests.support.two_hosts import Host, Hosts, posts

pytestmark = pytest.mark.journey


def role(host: Host) -> str:
    return str(host.status().get("role"))


def knows_of(host: Host) -> list[str]:
    return list(json.loads((host.folder / "host.json").read_text())["others"])


def test_two_standbys_are_promoted_and_cannot_see_each_other(hosts: Hosts) -> None:
    first, paris, rome = hosts("first"), hosts("paris"), hosts("rome")
    first.start()
    token = first.sign_up("alice")
    paris.follow(first.invite("paris"))
    address = first.invite("rome")
    rome.follow(address)
    used = hosts("third").command("standby", "--of", address)
    assert used.returncode == 1 and "another host follows by this address" in used.stderr
    with first.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "Before midnight."}).raise_for_status()
    until(lambda: paris.status()["bytes_behind"] == 0 and rome.status()["bytes_behind"] == 0)
    until(lambda: knows_of(paris) == ["rome"] and knows_of(rome) == ["paris"])
    first.kill_all()
    assert paris.command("promote", "--yes").returncode == 0
    refused = rome.command("promote", "--yes")
    assert refused.returncode == 1 and "was promoted in its place already" in refused.stderr

    paris.stop()
    rome.stop()
    assert rome.command("promote", "--yes").returncode == 0, "it can reach neither of the two"
    for host in (paris, rome):
        host.process = host.launch("serve")
    until(lambda: sorted([role(paris), role(rome)]) == ["moved", "serving"])
    until(lambda: paris.answers() and rome.answers())
    assert posts(paris, token) == posts(rome, token) == {"Before midnight."}, "the other one hands on"
    first.process = first.launch("serve")
    until(lambda: role(first) == "moved")


def test_an_older_copy_of_the_data_folder_is_started_again(hosts: Hosts) -> None:
    """As from a snapshot of the disk, with what it knew then; and with a host.json that is damaged, or gone."""
    first, second = hosts("first"), hosts("second")
    first.start()
    token = first.sign_up("alice")
    second.follow(first.invite())
    first.stop()
    known = (first.folder / "host.json").read_bytes()
    assert second.command("promote", "--yes").returncode == 0
    with second.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "On the new host."}).raise_for_status()
    (first.folder / "host.json").write_bytes(known)
    first.process = first.launch("serve")
    until(lambda: role(first) == "moved")
    until(first.answers)
    assert posts(first, token) == {"On the new host."}, "it hands on"
    first.stop()
    (first.folder / "host.json").write_text('{"role": "ser')
    assert first.launch("serve").wait(60) == 1 and "It says whether this host serves" in " ".join(first.said().split())
    assert not first.pids("postgres")
