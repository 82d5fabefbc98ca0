"""A world without a network: only this machine's loopback, and a count of everything that wanted to leave it.

As root, a network namespace of its own: the kernel counts each packet that found no way out, whoever sent it. Else only a
guard in each Python process, which refuses and notes what connects or looks names up; what C code does goes unseen.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_LOG = "PALABRE_TEST_ATTEMPTS"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_GUARD = """
import os, sys

def _watch(event, args):
    if event not in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        return
    host = args[0] if event.startswith("socket.get") else args[1][0] if isinstance(args[1], tuple) else None
    if host is None or str(host).startswith("127.") or host in ("localhost", "::1", "0.0.0.0", "::"):
        return
    with open(os.environ["PALABRE_TEST_ATTEMPTS"], "a") as log:
        log.write(f"{event} {host}\\n")
    raise PermissionError(f"{host} is outside")

sys.addaudithook(_watch)
"""


def run(module: str, folder: Path, patience: float) -> "subprocess.CompletedProcess[str]":
    """Run a module there; it is given the folder."""
    environment = dict(os.environ)
    command = [sys.executable, "-m", module, str(folder)]
    if os.geteuid() == 0:
        (folder / "resolv.conf").write_text("nameserver 192.0.2.53\noptions timeout:1 attempts:1\n")
        bind = f'mount --bind {folder}/resolv.conf /etc/resolv.conf && exec "$@"'
        command = ["unshare", "--net", "--mount", "--", "sh", "-c", bind, "sh", *command]
    else:
        guard = folder / "guard"
        guard.mkdir()
        (guard / "sitecustomize.py").write_text(_GUARD)
        environment |= {"PYTHONPATH": f"{guard}{os.pathsep}{os.getcwd()}", _LOG: str(folder / "attempts")}
        (folder / "attempts").touch()
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patience)


def inherited() -> dict[str, str]:
    """What processes started there need in their environment."""
    return {name: os.environ[name] for name in ("PYTHONPATH", _LOG) if name in os.environ}


def enter() -> None:
    """Inside, first of all: loopback, which a new namespace has switched off."""
    if os.geteuid() != 0:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def attempts() -> int:
    """How often anything wanted to leave so far."""
    if os.geteuid() == 0:
        return sum(_no_routes())
    return len(Path(os.environ[_LOG]).read_text().splitlines())


def _no_routes() -> Iterator[int]:
    """As the kernel counts in this namespace: IPv4, IPv6."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:"))
    yield int(values[names.index("OutNoRoutes")])
    for line in Path("/proc/net/snmp6").read_text().splitlines():
        if line.startswith("Ip6OutNoRoutes"):
            yield int(line.split()[1])


def try_to_leave() -> None:
    """By address and by name, in vain: so that it is seen to be counted."""
    for host in ("192.0.2.1", "palabre.example"):
        try:
            socket.create_connection((host, 80), 2).close()
        except OSError:
            continue
        raise AssertionError(f"{host} was reached from a place without a network")
