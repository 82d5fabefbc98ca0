"""`make bench-move`: how fast the network is archived, brought back, moved and taken over.

    python -m bench.move [--accounts N] [--posts N] [--data DIR] [--write]

Beside pg_dump and pg_restore of the same data in the same run. Uses the seeded database of `make bench`.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.support.ledger import Writers
from tests.support.running import Running, until

from bench import results
from bench.run import POSTGRES, seeded
from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, pg_tool, prepare
from palabre.features.portability.archive import tables

WRITERS = 8


@dataclass(frozen=True)
class Took:
    """What a command took: wall seconds, CPU seconds and peak memory in MB of it and its children."""

    seconds: float
    cpu: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "palabre-bench")
    parser.add_argument("--only", choices=["archive", "move"], help="half of it")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    known = seeded(options.data, options.accounts, options.posts)
    with scratch() as folder:
        lines = [f"# Moving {options.posts:,} posts, measured on {date.today()}", "", said(options), ""]
        if options.only != "move":
            lines += shown(archives(options.data, folder, options.posts))
        if options.only != "archive":
            lines += shown(moves(options.data, folder, known["tokens"][:WRITERS]))
    text = "\n".join(lines)
    if options.write:
        results.keep(text)


def shown(lines: list[str]) -> list[str]:
    print("\n".join(lines), flush=True)
    return lines


def said(options: argparse.Namespace) -> str:
    return (
        f"`make bench-move`: {options.accounts:,} accounts, {options.posts:,} posts, {os.cpu_count()} shared cores, "
        f"Python {platform.python_version()}, one disk for everything."
    )


@contextmanager
def scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="palabre-bench-move-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def archives(data: Path, folder: Path, posts: int) -> list[str]:
    """The table of archive and restore beside pg_dump and pg_restore."""
    key = folder / "key"
    public = next(word for word in palabre("archive", "--new-key", str(key)).split() if word.startswith("age1"))
    with Server(prepare(data), POSTGRES):
        asyncio.run(migrate(Database(prepare(data).dsn, most=2)))
        megabytes = asyncio.run(size(prepare(data).dsn))
        spare = [f"--exclude-table-data={name}" for name in tables.derived()]
        dumps = {
            "pg_dump -Fc": dump(data, folder / "dump1", "-Fc", *spare),
            "pg_dump -Fd -j4": dump(data, folder / "dump2", "-Fd", "-j4", *spare),
            "pg_dump -Fd -j4, derived tables too": dump(data, folder / "dump3", "-Fd", "-j4"),
        }
        places = {"palabre archive, encrypted": ["--to-key", public], "palabre archive --plain": ["--plain"]}
        for number, (name, option) in enumerate(places.items()):
            dumps[name] = command("archive", str(folder / f"place{number}"), *option, "--data", str(data))
    backs = {
        "pg_restore -j4 of pg_dump -Fd": pg_restore(folder / "dump2", folder / "pg1"),
        "pg_restore -j4, derived tables too": pg_restore(folder / "dump3", folder / "pg2"),
        "palabre restore, encrypted": command(
            "restore", str(folder / "place0"), "--data", str(folder / "back0"), "--key", str(key)
        ),
        "palabre restore of --plain": command("restore", str(folder / "place1"), "--data", str(folder / "back1")),
    }
    lines = [f"The rows that an archive takes are {megabytes:,.0f} MB in PostgreSQL's tables.", ""]
    lines += table("archive", dumps, posts, megabytes, "pg_dump -Fd -j4")
    lines += table("restore", backs, posts, megabytes, "pg_restore -j4 of pg_dump -Fd")
    return lines


def table(what: str, rows: dict[str, Took], posts: int, megabytes: float, beside: str) -> list[str]:
    lines = [f"| {what} | seconds | of {beside} | posts/s | MB/s | CPU s | peak MB |", "|---|---|---|---|---|---|---|"]
    for name, took in rows.items():
        ratio = took.seconds / rows[beside].seconds
        lines.append(
            f"| {name} | {took.seconds:.1f} | {ratio:.2f} | {posts / took.seconds:,.0f} "
            f"| {megabytes / took.seconds:.0f} | {took.cpu:.1f} | {took.memory:.0f} |"
        )
    return [*lines, ""]


async def size(dsn: str) -> float:
    """Megabytes of the tables that an archive takes, without indexes."""
    db = Database(dsn, most=1)
    try:
        async with db.reading() as conn:
            sizes = "SELECT sum(pg_table_size(name::regclass)) / 1e6 FROM unnest($1::text[]) AS name"
            return float(await conn.value(sizes, tables.kept()))
    finally:
        await db.close()


def dump(data: Path, target: Path, *options: str) -> Took:
    return run([pg_tool("pg_dump"), "--dbname", prepare(data).dsn, "--file", target, *options])


def pg_restore(source: Path, folder: Path) -> Took:
    """Into a server of the same kind as the embedded one, as careful as it usually is."""
    folder.mkdir(mode=0o755)
    cluster = prepare(folder)
    with Server(cluster, POSTGRES):
        took = run([pg_tool("pg_restore"), "--dbname", cluster.dsn, "-j4", "--no-owner", source])
    shutil.rmtree(folder)
    return took


def palabre(*arguments: str) -> str:
    words = [sys.executable, "-m", "palabre", *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def moves(data: Path, folder: Path, tokens: Sequence[str]) -> list[str]:
    """A move under load, then the loss of a host under load."""
    shutil.copytree(data, folder / "one", symlinks=True)
    hosts = [host(folder / name, port) for name, port in (("one", 8781), ("two", 8782), ("three", 8783))]
    one, two, three = hosts
    try:
        with one:
            lines = move(one, two, tokens)
        return lines + takeover(two, three, tokens)
    finally:
        for each in hosts:
            for pid in each.pids():
                os.kill(pid, signal.SIGTERM)


def host(folder: Path, port: int) -> Running:
    own = {"PALABRE_LINK_PORT": str(port + 100), "PALABRE_LINK_HOST": "127.0.0.1", "PALABRE_DATABASE_MEMORY": "512MB"}
    return Running(folder, port=port, **own)


def move(one: Running, two: Running, tokens: Sequence[str]) -> list[str]:
    with Writers(one.port, tokens) as writers:
        writers.wait_for(50)
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "palabre", "move", "--to", str(two.folder), "--port", str(two.port), "--yes"],
            env=one.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        if done.returncode:
            raise RuntimeError(done.stderr)
        writers.wait_for(50)
    waited = re.findall(r"waited ([0-9.]+) seconds", done.stderr)[0]
    lost = writers.ledger.missing(two.port, tokens[0])
    return [
        f"- `palabre move` under load ({len(tokens)} writers): {seconds:.0f} s in all; requests waited {waited} s; "
        f"longest time without an acknowledged post {writers.ledger.longest_silence:.1f} s; "
        f"errors {len(writers.ledger.errors)}; acknowledged {len(writers.ledger.acknowledged):,}, of these lost {len(lost)}"
    ]


def takeover(first: Running, second: Running, tokens: Sequence[str]) -> list[str]:
    """`kill -9` of everything of the first host under load, its disk gone; then `promote`."""
    invited = subprocess.run(
        [sys.executable, "-m", "palabre", "standby", "--invite", "--host", "127.0.0.1", "--data", str(first.folder)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    second.folder.mkdir(mode=0o755)
    second.process = second.launch("standby", "--of", re.findall(r"palabre://[^\s'\"]+", invited)[0])
    until(lambda: "Following" in second.said(), patience=600)
    with Writers(first.port, tokens) as writers:
        writers.wait_for(200)
        killed = time.monotonic()
        for pid in first.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(first.folder, ignore_errors=True)
        writers.stop()
    began = time.perf_counter()
    second.command("promote", "--yes")
    until(second.answers)
    seconds = time.perf_counter() - began
    before = [each for each in writers.ledger.acknowledged if each[1] <= killed]
    lost = set(writers.ledger.missing(second.port, tokens[0]))
    last = max((killed - at for post, at in before if post in lost), default=0.0)
    return [
        f"- `palabre promote`: {seconds:.1f} s until pages are served; of {len(writers.ledger.acknowledged):,} acknowledged "
        f"posts {len(lost)} were lost, the oldest {last:.2f} s before the end (asynchronous)",
        "",
    ]


def command(*arguments: str) -> Took:
    return run([sys.executable, "-m", "palabre", *arguments])


def run(words: Sequence[str | Path]) -> Took:
    """Raises RuntimeError for a command that fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([str(word) for word in words], stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{words[0]} failed: {said.read().decode(errors='replace')[-2000:]}")
    return Took(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
