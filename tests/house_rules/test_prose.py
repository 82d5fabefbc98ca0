"""What the documentation names is there: a link, a command or a file that isn't makes a reader doubt the rest."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from palabre.entrypoints.cli import app
from palabre.features.moderation import ACTIONS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
HANDBOOK = ROOT / "docs/moderators/handbook.md"
_SOURCES = [ROOT, *(ROOT / "src/palabre" / folder for folder in ("", "entrypoints", "features"))]
_PACKAGES = ("palabre.features", "palabre.base", "palabre.entrypoints.client_api", "palabre.entrypoints", "palabre")
_FILE = re.compile(r"([\w./-]+\.(?:py|sql|toml|md)|[\w./-]+/)(?::(\w+))?")
_NAME = re.compile(r"([a-z_]+(?:\.\w+)+)(?:\(.*\))?")
_MAKEFILE = (ROOT / "Makefile").read_text()

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pages
def test_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()) if not _leads(page, link)]
    assert broken == []


def _leads(page: Path, link: str) -> bool:
    if re.match(r"https?://|mailto:", link):
        return True
    name, _, heading = link.partition("#")
    target = (page.parent / name) if name else page
    return target.exists() and (not heading or heading in _headings(target))


def _headings(page: Path) -> list[str]:
    found = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found]


@pages
def test_commands_exist(page: Path) -> None:
    text = page.read_text()
    targets = re.findall(r"(?:^|`|    )make ([a-z-]+)", text, re.M)
    assert [target for target in targets if not re.search(rf"^{target}:", _MAKEFILE, re.M)] == []
    known = typer.main.get_command(app)
    for words in re.findall(r"(?:^|`|bin/)palabre((?: [a-z-]+)+)", text, re.M):
        command: object = known
        for word in words.split():
            inside = getattr(command, "commands", None)
            if inside is None:  # its arguments begin here
                break
            assert word in inside, f"there is no `palabre{words}`"
            command = inside[word]


@pytest.mark.parametrize("name", re.findall(r"`([^`\n]+)`", (ROOT / "ARCHITECTURE.md").read_text()))
def test_what_the_architecture_names_is_there(name: str) -> None:
    if found := _FILE.fullmatch(name):
        files = list(_files(found[1]))
        assert files, "no such file"
        if found[2]:
            assert any(re.search(rf"^(async )?(def|class) {found[2]}\b", file.read_text(), re.M) for file in files)
    elif found := _NAME.fullmatch(name):
        assert any(_resolves(f"{package}.{found[1]}") for package in _PACKAGES), "no such name"


def _files(path: str) -> Iterator[Path]:
    for folder in _SOURCES:
        if (folder / path).exists():
            yield folder / path
    if "/" not in path:
        yield from (ROOT / "src").rglob(path)


def _resolves(name: str) -> bool:
    """Whether this is a module, or something in one."""
    parts = name.split(".")
    for end in range(len(parts), 1, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_the_handbook_names_every_action() -> None:
    rows = re.findall(r"^\| (.+?) \| `(\w+)` \|", HANDBOOK.read_text(), re.M)
    assert rows == [(action.label, name) for name, action in ACTIONS.items()]
