"""Servers that a network may be taken to: an older PostgreSQL, an object store."""

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from moto.server import ThreadedMotoServer

DEBIAN = Path("/usr/lib/postgresql/15/bin")


@contextlib.contextmanager
def older_postgres() -> Iterator[str]:
    """Debian's PostgreSQL 15, reached over TCP with a password; the address of an empty database in it."""
    from tests.support.running import free_port

    folder = Path(tempfile.mkdtemp(prefix="palabre-pg15-"))
    folder.chmod(0o755)
    user = pwd.getpwnam("postgres" if _there("postgres") else "nobody")
    drop = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    data, port = folder / "data", free_port()
    data.mkdir()
    (folder / "password").write_text("opensesame")
    if drop:
        os.chown(data, user.pw_uid, user.pw_gid)
    made = [
        DEBIAN / "initdb",
        "-D",
        data,
        "-U",
        "palabre",
        "-A",
        "scram-sha-256",
        "--pwfile",
        folder / "password",
        "-N",
    ]
    subprocess.run([*made, "-E", "UTF8", "--locale=C"], cwd=folder, check=True, capture_output=True, **drop)
    options = ["-c", f"port={port}", "-c", f"unix_socket_directories={data}", "-c", "fsync=off"]
    options += ["-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([DEBIAN / "postgres", "-D", data, *options], stdout=log, stderr=log, **drop)
    try:
        base = f"postgresql://palabre:opensesame@127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        ask = [DEBIAN / "psql", f"{base}/postgres", "-qc", "CREATE DATABASE network"]
        while subprocess.run(ask, capture_output=True).returncode:
            assert time.monotonic() < deadline and server.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield f"{base}/network"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _there(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


@contextlib.contextmanager
def object_store(bucket: str) -> Iterator[tuple[str, dict[str, str]]]:
    """An S3 of our own with an empty bucket: its URL, and the options that open it."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint, bucket = f"http://{host}:{port}", f"{bucket}-{secrets.token_hex(4)}"  # all servers share one memory
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")).close()
        options = {"endpoint": endpoint, "region": "us-east-1", "access_key_id": "a", "secret_access_key": "b"}
        yield f"s3://{bucket}/here", options
    finally:
        server.stop()
