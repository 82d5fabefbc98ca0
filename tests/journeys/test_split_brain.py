"""Two hosts that would both serve: however it comes to it, soon one alone does, and the other hands on."""

import json
import time

import pytest

from tests.support.running import until
from tests.support.two_hosts import Host, Hosts, posts

pytestmark = pytest.mark.journey


def role(host: Host) -> str:
    return str(host.status().get("role"))


def knows_of(host: Host) -> list[str]:
    return list(json.loads((host.folder / "host.json").read_text())["others"])


def test_two_standbys_are_promoted_at_once(hosts: Hosts) -> None:
    first, paris, rome = hosts("first"), hosts("paris"), hosts("rome")
    first.start()
    token = first.sign_up("alice")
    paris.follow(first.invite("paris"))
    rome.follow(first.invite("rome"))
    with first.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "Before midnight."}).raise_for_status()
    until(lambda: paris.status()["bytes_behind"] == 0 and rome.status()["bytes_behind"] == 0)
    until(lambda: knows_of(paris) == ["rome"] and knows_of(rome) == ["paris"])
    first.kill_all()
    began = time.monotonic()
    asked = [standby.launch("promote", "--yes") for standby in (paris, rome)]
    assert 0 in [one.wait(60) for one in asked]
    until(lambda: sorted([role(paris), role(rome)]) in (["moved", "serving"], ["serving", "standby"]))
    print(f"one alone serves after {time.monotonic() - began:.1f} s: paris {role(paris)}, rome {role(rome)}")
    if "standby" in (role(paris), role(rome)):  # the other was quicker
        late = paris if role(paris) == "standby" else rome
        refused = late.command("promote", "--yes")
        assert refused.returncode == 1 and "was promoted in its place already" in refused.stderr
        assert late.command("promote", "--yes", "--force").returncode == 0
        until(lambda: sorted([role(paris), role(rome)]) == ["moved", "serving"])
    serving = paris if role(paris) == "serving" else rome
    until(lambda: posts(paris, token) == posts(rome, token) == {"Before midnight."}, "the other one hands on")
    first.process = first.launch("serve")
    until(lambda: role(first) == "moved")
    assert role(serving) == "serving"


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
    until(lambda: posts(first, token) == {"On the new host."}, "it hands on")
    first.stop()
    (first.folder / "host.json").write_text('{"role": "ser')
    assert first.launch("serve").wait(60) == 1 and "put it right before starting" in first.said()
    assert not first.pids("postgres")
