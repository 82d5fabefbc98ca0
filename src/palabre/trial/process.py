"""The same in a process of its own: settings, media store and application belong to one network each."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from palabre.base.errors import Refused
from palabre.features.portability.drill import Examination
from palabre.features.portability.restore.verifying import Progress


class Line(msgspec.Struct, omit_defaults=True):
    """What the process says: how far it is, or in the end what it `found`."""

    part: str = ""
    done: int = 0
    total: int = 0
    found: Examination | None = None


async def examine_apart(folder: Path, sample: int, progress: Progress) -> Examination:
    """Look at the network in this data folder. Raises Refused where that can't even be begun."""
    command = [sys.executable, "-m", "palabre", "examine", "--data", str(folder), "--sample", str(sample), "--leashed"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, env=_environment(), stdin=pipe, stdout=pipe, stderr=pipe, limit=16 * 1024**2
    )
    assert process.stdout and process.stderr
    erring = asyncio.create_task(process.stderr.read())
    found: Examination | None = None
    try:
        async for raw in process.stdout:
            line = msgspec.json.decode(raw, type=Line)
            if line.found:
                found = line.found
            else:
                progress(line.part, line.done, line.total)
        said = (await erring).decode(errors="replace").strip()
        await process.wait()
    finally:
        erring.cancel()
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if found is None:
        raise Refused(f"The restored network could not be looked at: {said[-1000:] or f'status {process.returncode}'}")
    return found


def _environment() -> dict[str, str]:
    """Nothing of the network that is served here: neither its database nor its settings."""
    ours = ("PALABRE_", "DATABASE_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
