"""What a restore is asked for, and what it tells at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """`data`: the folder; in it a database and media, unless a `database_url` or a `media_store` is given for them.

    `keep_media`: the media store may hold things already.
    """

    data: Path
    database_url: str = ""
    media_store: str = ""
    media_options: Mapping[str, str] = field(default_factory=dict)
    keep_media: bool = False


@dataclass(frozen=True)
class Options:
    """`archive_id` None: the newest. `lenient`: go on without media that are damaged in the archive. `moved`: it is this very
    network that goes elsewhere, so that no restoration is noted. `index_now`: the search index too is complete at the end,
    however large. `sealed`: refuse an archive in the clear, which anybody can write.
    """

    archive_id: str | None = None
    source_options: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False
    start_over: bool = False
    moved: bool = False
    index_now: bool = False
    sealed: bool = False


@dataclass
class Restored:
    """What came back. `lost_media`: keys of those damaged in the archive; `gone`: erased while it was taken;
    `differing`: settings that palabre.toml has another value for; `origin`: the network's address when it was taken;
    `search_later`: the worker makes the search index."""

    archive: str
    source: str
    taken_at: str
    network: str
    origin: str
    data: str
    tables: int = 0
    rows: int = 0
    files: int = 0
    media: int = 0
    media_bytes: int = 0
    lost_media: list[str] = field(default_factory=list)
    gone: int = 0
    search_later: bool = False
    migrated: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    seconds: float = 0
    steps: dict[str, float] = field(default_factory=dict)
