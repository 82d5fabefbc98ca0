"""What `palabre doctor` finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`well` None: worth knowing, but no trouble. `advice`: what to do."""

    what: str
    well: bool | None = True
    advice: str = ""
