"""The limits that the network is measured against, in the same run: the same bytes from a bare application, and pgbench."""

import os
import re
import subprocess
import sys
from pathlib import Path

from starlette.types import Receive, Scope, Send

from palabre.base.postgres import pg_tool


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application that does nothing but answer PALABRE_BENCH_BODY's bytes."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", _LENGTH)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _BODY})


_BODY = Path(os.environ["PALABRE_BENCH_BODY"]).read_bytes() if "PALABRE_BENCH_BODY" in os.environ else b""
_LENGTH = str(len(_BODY)).encode()


def start_bare(body: Path, port: int, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", "bench.limits:bare", "--port", str(port), "--workers", str(workers)]
    options = [
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--no-access-log",
        "--log-level",
        "error",
        "--no-server-header",
    ]
    return subprocess.Popen([*command, *options], env=os.environ | {"PALABRE_BENCH_BODY": str(body)})


def pgbench(dsn: str, clients: int = 16, seconds: int = 4) -> float:
    """Single-row selects by primary key, prepared, per second."""
    base = dsn.replace("/palabre?", "/bench_pgbench?")
    psql = [str(pg_tool("psql")), "-q", "-d", dsn, "-c"]
    subprocess.run([*psql, "DROP DATABASE IF EXISTS bench_pgbench"], check=True)
    subprocess.run([*psql, "CREATE DATABASE bench_pgbench"], check=True)
    subprocess.run([str(pg_tool("pgbench")), "-i", "-q", "-s", "10", base], check=True, capture_output=True)
    run = [str(pg_tool("pgbench")), "-S", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), base]
    told = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    subprocess.run([*psql, "DROP DATABASE bench_pgbench"], check=True)
    found = re.search(r"tps = ([\d.]+)", told)
    return float(found[1]) if found else 0.0
