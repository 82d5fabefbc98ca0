"""Three hosts with etcd, Patroni and PostgreSQL on loopback addresses, and HAProxy, from the files that operators are given."""

import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.running import free_port, until

FILES = Path(__file__).parents[2] / "docs/operators/patroni"
_SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin"
HOSTS = (1, 2, 3)
FOLDERS = {"/var/lib/etcd": "etcd", "/var/lib/postgresql": "postgresql", "/var/run/postgresql": "run"}


def installed() -> bool:
    tools = all(shutil.which(name, path=_SBIN) for name in ("patroni", "etcd", "haproxy"))
    return tools and Path("/usr/lib/postgresql/15/bin/postgres").exists()


class Cluster:
    """`with Cluster() as cluster`: one primary and two followers, reached through `address`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="palabre-patroni-"))
        self.folder.chmod(0o755)
        self._net = f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}"
        self._ports = {name: free_port() for name in ("5432", "8008", "2379", "2380", "5000")}
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        return f"{self._net}.9:{self._ports['5000']}"

    def address_of(self, host: int) -> str:
        """A host's own PostgreSQL, primary or not."""
        return f"{self._net}.{host}:{self._ports['5432']}"

    def __enter__(self) -> "Cluster":
        try:
            for host in HOSTS:
                self.start(host)
            self._start_haproxy()
            until(lambda: self.sync_standby() and len(self.members("streaming", "running")) == len(HOSTS))
        except BaseException:
            print(self.said())
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()
        for host in HOSTS:
            self._kill_postgres(host)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, host: int) -> None:
        """A host's etcd and Patroni, which starts PostgreSQL; also after `kill`, on what that left."""
        own = self._own(host)
        for folder in (own, *(own / name for name in FOLDERS.values())):
            folder.mkdir(exist_ok=True)
            shutil.chown(folder, self._user)
        settings = dict(line.split("=", 1) for line in self._filled("etcd", host).splitlines() if line[:4] == "ETCD")
        self._launch(f"etcd{host}", ["etcd"], settings | {"ETCD_LOG_LEVEL": "error"})
        config = own / "patroni.yml"
        config.write_text(self._filled("patroni.yml", host))
        self._launch(f"patroni{host}", ["patroni", str(config)], {})

    def kill(self, host: int) -> None:
        """kill -9 of everything that runs on a host."""
        for name in (f"patroni{host}", f"etcd{host}"):
            self._processes[name].kill()
        self._kill_postgres(host)

    def members(self, *states: str) -> list[dict[str, Any]]:
        """As Patroni sees them; with `states`, those in one of them."""
        for host in HOSTS:
            with (
                suppress(URLError, OSError),
                urlopen(f"http://{self._net}.{host}:{self._ports['8008']}/cluster", timeout=2) as said,
            ):
                found = json.load(said)["members"]
                return [one for one in found if not states or one["state"] in states]
        return []

    def leader(self) -> int | None:
        """The host that is primary."""
        return next((int(one["name"][2:]) for one in self.members("running") if one["role"] == "leader"), None)

    def sync_standby(self) -> int | None:
        return next((int(one["name"][2:]) for one in self.members() if one["role"] == "sync_standby"), None)

    def said(self) -> str:
        return "\n".join(f"== {log.name}\n{log.read_text()[-2000:]}" for log in sorted(self.folder.glob("*.log")))

    def _own(self, host: int) -> Path:
        return self.folder / f"db{host}"

    def _filled(self, name: str, host: int = 1) -> str:
        """The operators' file as it would be on that host, with this test's addresses, ports and folders."""
        said = (FILES / name).read_text()
        if host != 1:
            said = "\n".join(line if "10.0.0.3" in line else _for(host, line) for line in said.splitlines())
        for port, ours in self._ports.items():
            said = said.replace(f":{port}", f":{ours}").replace(f"port {port}", f"port {ours}")
        for folder, ours in FOLDERS.items():
            said = said.replace(folder, str(self._own(host) / ours))
        said = said.replace("10.0.0.0/24", "127.0.0.0/8").replace("10.0.0.", f"{self._net}.")
        return said.replace("127.0.0.1:", f"{self._net}.9:").replace("shared_buffers: 1GB", "shared_buffers: 32MB")

    def _start_haproxy(self) -> None:
        config = self.folder / "haproxy.cfg"
        config.write_text(self._filled("haproxy.cfg"))
        self._launch("haproxy", ["haproxy", "-db", "-f", str(config)], {})

    def _launch(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [shutil.which(command[0], path=_SBIN) or command[0], *command[1:]],
                cwd=self.folder,
                env={"PATH": _SBIN, "LANG": "C.UTF-8", "HOME": str(self.folder), **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                start_new_session=True,
            )

    def _kill_postgres(self, host: int) -> None:
        data = str(self._own(host) / "postgresql/palabre")
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and os.readlink(entry / "cwd") == data:
                    os.kill(int(entry.name), signal.SIGKILL)


def _for(host: int, line: str) -> str:
    return line.replace("10.0.0.1", f"10.0.0.{host}").replace("db1", f"db{host}")
