"""What the network's processes use: CPU seconds and proportional memory, from /proc."""

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def name(pid: int) -> str:
    """'python' or 'postgres'."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
    return "postgres" if "postgres" in command.split("\0")[0] else "python"


def cpu(pid: int) -> float:
    """Seconds so far, of the process and its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(fields[place]) for place in (11, 12)) / _TICK


def used(pid: int) -> dict[str, float]:
    """CPU seconds of a family, by name."""
    totals = {"python": 0.0, "postgres": 0.0}
    for member in family(pid):
        kind = name(member)
        if kind:
            totals[kind] += cpu(member)
    return totals


def pss(pid: int) -> float:
    """Megabytes of a family's memory, shared pages counted once."""
    total = 0
    for member in family(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
