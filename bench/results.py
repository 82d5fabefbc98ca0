"""bench/results.md: one section for each thing that is measured, each with a heading of its own."""

import re
from pathlib import Path

_FILE = Path(__file__).parent / "results.md"


def keep(text: str, file: Path = _FILE) -> None:
    """Put a section in place of the one whose heading begins with the same word, or behind the others."""
    sections = re.split(r"^(?=# )", file.read_text(), flags=re.MULTILINE) if file.exists() else []
    kept = {_key(section): section.strip() for section in sections if section.strip()}
    kept[_key(text)] = text.strip()
    file.write_text("\n\n".join(kept.values()) + "\n")


def _key(section: str) -> str:
    return section.split()[1]
