"""Two hosts in network namespaces of their own, with a cable between them that can be pulled. Needs root and iproute2."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.two_hosts import Host

HERE = os.getpid() % 250
"""So that several runs on one machine don't meet."""


def why_not() -> str:
    """Why it cannot be done here; empty where it can."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return "needs root and iproute2"
    name = f"palabre-{os.getpid()}-probe"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
        return "network namespaces are not allowed here"
    ip("netns", "del", name)
    return ""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Cable:
    """Between host 1 and host 2; members reach both by other ways."""

    def __init__(self) -> None:
        self.spaces = [f"palabre-{os.getpid()}-{number}" for number in (1, 2)]

    def lay(self) -> None:
        for number, space in enumerate(self.spaces, 1):
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
            outside, inside = f"pm{os.getpid()}-{number}", "members"
            ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", space)
            ip("addr", "add", f"10.{200 + number}.{HERE}.1/24", "dev", outside)
            ip("link", "set", outside, "up")
            ip("-n", space, "addr", "add", f"{self.members_reach(number)}/24", "dev", inside)
            ip("-n", space, "link", "set", inside, "up")
        one, two = self.spaces
        ip("-n", one, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", two)
        for number, space in enumerate(self.spaces, 1):
            ip("-n", space, "addr", "add", f"{self.hosts_reach(number)}/24", "dev", "cable")
        self.plug()

    def members_reach(self, number: int) -> str:
        return f"10.{200 + number}.{HERE}.2"

    def hosts_reach(self, number: int) -> str:
        return f"10.203.{HERE}.{number}"

    def pull(self) -> None:
        ip("-n", self.spaces[0], "link", "set", "cable", "down")

    def plug(self) -> None:
        for space in self.spaces:
            ip("-n", space, "link", "set", "cable", "up")

    def remove(self) -> None:
        for number, space in enumerate(self.spaces, 1):  # the kernel takes its time over a space's own ends
            subprocess.run(["ip", "link", "del", f"pm{os.getpid()}-{number}"], capture_output=True)
            subprocess.run(["ip", "netns", "del", space], capture_output=True)


class Cabled(Host):
    """Host 1 or 2."""

    def __init__(self, folder: Path, cable: Cable, number: int, **settings: str) -> None:
        super().__init__(folder, PALABRE_HOST="0.0.0.0", **settings)
        self.python = ("ip", "netns", "exec", cable.spaces[number - 1], sys.executable)
        self.reached_by = cable.hosts_reach(number)
        self._members = cable.members_reach(number)

    @property
    def url(self) -> str:
        return f"http://{self._members}:{self.port}"
