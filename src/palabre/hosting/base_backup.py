"""Copying the first host's database while it serves: by pg_basebackup, into a folder beside, renamed when complete."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from palabre.base.link import Address
from palabre.base.postgres import access, binaries, service_user
from palabre.base.postgres.access import STANDBY_ROLE
from palabre.base.postgres.cluster import PORT, path_from_inside
from palabre.base.postgres.service_user import ENVIRONMENT, ServiceUser
from palabre.hosting.doors import open_door
from palabre.hosting.names import slot_of
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import sync_folder

_PROGRESS = re.compile(rb"(\d+)/(\d+) kB")


def is_there(data: Path) -> bool:
    """Whether a copy is complete, in its place or ready to be put there."""
    return (data / "postgres" / "PG_VERSION").exists() or _ready(data).exists()


def put_in_place(data: Path) -> None:
    """A complete copy takes the place of an older one. Harmless when there is none, and after being killed midway.
    No server may run."""
    if _ready(data).exists():
        shutil.rmtree(data / "postgres", ignore_errors=True)
        _ready(data).rename(data / "postgres")
        sync_folder(data)


async def take(data: Path, address: Address, progress: Callable[[int, int], None]) -> None:
    """Progress is told in kB, done and of how many. Raises HostProblem; what was copied so far is then of no use."""
    user = service_user.choose(data / "postgres", data)
    new = data / "postgres.new"
    await asyncio.to_thread(shutil.rmtree, new, ignore_errors=True)
    access.private_folder(new, user)
    async with open_door(data, address, user) as folder:
        await _run(_command(new, folder, address.name, user), new, user, progress)
    _clean(new, user)
    new.rename(_ready(data))
    sync_folder(data)


def _ready(data: Path) -> Path:
    return data / "postgres.ready"


def _command(new: Path, folder: Path, name: str, user: ServiceUser) -> list[str]:
    return [
        str(binaries.folder_for(user) / "pg_basebackup"),
        f"--host={folder}", f"--port={PORT}", f"--username={STANDBY_ROLE}", "--no-password",
        f"--pgdata={path_from_inside(new, user)}", "--wal-method=stream", f"--slot={slot_of(name)}",
        "--checkpoint=fast", "--progress",
    ]  # fmt: skip


async def _run(command: list[str], inside: Path, user: ServiceUser, progress: Callable[[int, int], None]) -> None:
    drop = {} if user.is_me else {"user": user.uid, "group": user.gid, "extra_groups": []}
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=inside,
        env=ENVIRONMENT,
        umask=0o077,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        **drop,  # type: ignore[arg-type]
    )
    said: list[bytes] = []
    try:
        assert process.stderr
        async for line in process.stderr:
            if found := _PROGRESS.search(line):
                progress(int(found[1]), max(int(found[2]), int(found[1]), 1))
            else:
                said.append(line)
        if await process.wait():
            words = " ".join(b"".join(said[-5:]).decode(errors="replace").split())
            if "No space left" in words:
                raise HostProblem("the disk here is full. Make room: the copying goes on by itself.")
            raise HostProblem(f"the database could not be copied: {words}")
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _clean(new: Path, user: ServiceUser) -> None:
    """What the first host set for itself (whom its writes wait for) is not for us; and we follow."""
    for name in ("postgresql.auto.conf", "standby.signal"):
        user.run(["tee", name], inside=new, text="").check_returncode()
    sync_folder(new)
