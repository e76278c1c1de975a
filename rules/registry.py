"""The rule families there are, found by looking through this folder."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from pathlib import Path
from typing import get_args

from rules.norm import Norm


@cache
def families() -> dict[str, type[Norm]]:
    """Give rule family name → its model: every concrete `Norm` subclass with a `family` literal in a module of this folder."""
    found: dict[str, type[Norm]] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
        for _, item in inspect.getmembers(importlib.import_module(f"rules.{module}"), inspect.isclass):
            if issubclass(item, Norm) and not inspect.isabstract(item) and "family" in item.model_fields:
                (name,) = get_args(item.model_fields["family"].annotation)
                found[str(name)] = item
    return found
