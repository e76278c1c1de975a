"""The house stands as drawn: folders, layers, names."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.tree import LAYERS, ROOT, names, sources, text

PROJECT = tomllib.loads(text("pyproject.toml"))


def test_every_layer_is_a_package_that_says_its_job() -> None:
    """Each layer is a top-level folder whose `__init__` begins with its job."""
    silent = [layer for layer in LAYERS if f"{layer}/__init__.py" not in names() or not text(f"{layer}/__init__.py").startswith('"""')]

    assert [] == silent


def test_schools_are_data_only() -> None:
    """A school's folder holds no code."""
    assert [] == sources("schools")


def test_the_contracts_name_every_layer_in_order() -> None:
    """import-linter is told the same layers, from the top down."""
    contracts = {contract["type"]: contract for contract in reversed(PROJECT["tool"]["importlinter"]["contracts"])}

    assert list(LAYERS) == contracts["layers"]["layers"]
    assert set(LAYERS) == set(PROJECT["tool"]["importlinter"]["root_packages"])


def test_every_package_is_installed() -> None:
    """The packages listed in `pyproject.toml` are those that there are."""
    there = {name.removesuffix("/__init__.py").replace("/", ".") for name in sources(*LAYERS) if name.endswith("/__init__.py")}

    assert there == set(PROJECT["tool"]["setuptools"]["packages"])


def test_no_folder_hides_a_package() -> None:
    """No top-level folder or file bears the name of an installed package or of a module of Python itself."""
    ours = {path.name.removesuffix(".py") for path in ROOT.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    theirs = {name for name, owners in packages_distributions().items() if set(owners) != {PROJECT["project"]["name"]}}

    assert set() == ours & (theirs | sys.stdlib_module_names)
