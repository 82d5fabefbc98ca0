"""Finding the parts of Palabre that house rules are about."""

import importlib
import pkgutil
from types import ModuleType

import palabre
from palabre.base import duties, erase, limits
from palabre.base.tables import Table


def modules() -> list[ModuleType]:
    """Every module of Palabre, imported."""
    names = [found.name for found in pkgutil.walk_packages(palabre.__path__, "palabre.")]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


def owners() -> dict[str, dict[str, Table]]:
    """The tables that each feature, and the base, says it owns."""
    features = {
        found.name: getattr(importlib.import_module(f"palabre.features.{found.name}"), "TABLES", {})
        for found in pkgutil.iter_modules(importlib.import_module("palabre.features").__path__)
    }
    migrations = {"migrations": Table(None)}
    return {**features, "base": {**duties.TABLES, **erase.TABLES, **limits.TABLES, **migrations}}
