"""A slow line that breaks while the new host copies the database, and a new host that is killed then: it begins anew."""

import pytest

from tests.support.line import Line
from tests.support.running import until
from tests.support.two_hosts import Host, Hosts, posts

pytestmark = pytest.mark.journey


def copying(host: Host) -> bool:
    """Whether some of the database has come, and not all of it."""
    done, total = host.status().get("copying") or (0, 0)
    return 0 < done < total


def test_cut_and_killed_in_the_middle_of_the_first_copy(hosts: Hosts) -> None:
    first, second = hosts("first"), hosts("second")
    first.start()
    token = first.sign_up("alice")
    with first.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "Before the storm."}).raise_for_status()
    invited = first.invite()
    port = int(first.environment["PALABRE_LINK_PORT"])
    with Line(port, slow=4_000_000) as line:
        second.process = second.launch("standby", "--of", invited.replace(f":{port}/", f":{line.port}/"))
        until(lambda: copying(second), second.said())
        refused = second.command("promote", "--yes")
        assert refused.returncode == 1 and "nothing to promote" in refused.stderr
        line.cut()
        until(lambda: "could not be copied" in second.said() and "(Trying again.)" in second.said(), second.said())
        until(lambda: copying(second), second.said())
        second.kill_all()
        line.slow = 0
        second.process = second.launch("serve")
        second.until_following()
        until(lambda: second.status().get("bytes_behind") == 0)
    first.kill_all()
    assert second.command("promote", "--yes").returncode == 0, second.said()
    assert posts(second, token) == {"Before the storm."}
