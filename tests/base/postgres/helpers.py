"""What the launcher's tests ask of a cluster, and another process that holds one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from palabre.base.postgres import Cluster, pg_tool

FAST = {"fsync": "off"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root must do")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


class Elsewhere:
    """Another Palabre process that has started the server of this folder."""

    def __init__(self, folder: Path, setup: str = "") -> None:
        program = f"""if True:
            import sys
            from pathlib import Path
            from palabre.base.postgres import *
            {setup}
            server = Server(prepare(Path(sys.argv[1])), {FAST})
            server.start()
            print(server.pid, flush=True)
            sys.stdin.read()
        """
        command = [sys.executable, "-c", program, folder]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.server_pid = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def ask(cluster: Cluster, sql: str) -> str:
    done = subprocess.run([pg_tool("psql"), "-XAtc", sql, cluster.dsn], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def say(cluster: Cluster, text: str) -> None:
    ask(cluster, f"INSERT INTO words SELECT count(*), '{text}' FROM words")


def words(cluster: Cluster) -> list[str]:
    return ask(cluster, "SELECT said FROM words ORDER BY id").splitlines()


def until(condition: Callable[[], bool], timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def log_of(cluster: Cluster) -> str:
    return cluster.data.with_name("postgres.log").read_text()
