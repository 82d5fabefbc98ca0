"""What may come between a move and its end: each time one host alone serves afterwards, and nothing acknowledged is lost."""

import os
import signal
from collections.abc import Callable

import pytest

from tests.support.running import until
from tests.support.two_hosts import Host, Hosts, posts, writing

pytestmark = pytest.mark.journey


def kill_database(old: Host, new: Host) -> None:
    for pid in new.pids("postgres"):
        os.kill(pid, signal.SIGKILL)


def stop_old(old: Host, new: Host) -> None:
    old.stop(signal.SIGTERM)
    old.process = old.launch("serve")


@pytest.mark.parametrize("trouble", [kill_database, stop_old], ids=["new database killed", "old host stopped"])
def test_a_move_is_disturbed(hosts: Hosts, trouble: Callable[[Host, Host], None]) -> None:
    old, new = hosts("old"), hosts("new")
    old.start()
    token = old.sign_up("alice")
    new.follow(old.invite())
    with writing(old, {"alice": token}) as ledger:
        until(lambda: len(ledger.acknowledged) > 10)
        moving = old.launch("move", "--to", "standby", "--yes")
        until(lambda: "Requests wait" in old.said() or moving.poll() is not None)
        trouble(old, new)
        moving.wait(60)
        count = len(ledger.acknowledged)
        until(lambda: len(ledger.acknowledged) > count + 5, "somebody serves")
        roles = {str(host.status().get("role")) for host in (old, new)}
        assert roles in ({"moved", "serving"}, {"serving", "standby"})
    serving = old if old.status()["role"] == "serving" else new
    assert ledger.lost(posts(serving, token)) == {}


def test_ctrl_c_calls_a_move_off(hosts: Hosts) -> None:
    old, new = hosts("old"), hosts("new")
    old.start()
    token = old.sign_up("alice")
    new.follow(old.invite())
    for pid in new.pids("postgres"):
        os.kill(pid, signal.SIGSTOP)
    try:
        with old.http(token) as http:
            http.post("/api/v1/statuses", json={"status": "What the other has not."}).raise_for_status()
        moving = old.launch("move", "--to", "standby", "--yes")
        until(lambda: "follows this host" in old.said())
        moving.send_signal(signal.SIGINT)
        assert moving.wait(60) == 1
    finally:
        for pid in new.pids("postgres"):
            os.kill(pid, signal.SIGCONT)
    until(old.answers)
    assert old.status()["role"] == "serving" and new.status()["role"] == "standby"
    with old.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "As if nothing had been."}).raise_for_status()
