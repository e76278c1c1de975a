"""The pinned requirements: complete, hashed, one version for every Python, no address."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import text

FILES = ("requirements-build.txt", "requirements.txt", "requirements-dev.txt")
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)")


def pins(name: str) -> dict[str, str]:
    """Give package → pinned version."""
    found = [match for line in text(name).splitlines() if (match := _PIN.match(line))]
    return {canonicalize_name(match["name"]): match["version"] for match in found}


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_a_hash(name: str) -> None:
    """Each line that names a package is followed by its hashes; nothing else stands in the file but comments."""
    blocks = re.split(r"\n(?=[^\s#])", text(name).strip())

    assert [] == [block.split("\n")[0] for block in blocks if not _PIN.match(block) or "--hash=sha256:" not in block]


@pytest.mark.parametrize("name", FILES)
def test_a_package_has_one_version(name: str) -> None:
    """A package is pinned once, whatever the Python: figures must not depend on it."""
    lines = [match["name"] for line in text(name).splitlines() if (match := _PIN.match(line))]

    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("name", FILES)
def test_no_pin_names_an_address(name: str) -> None:
    """Pins hold versions and hashes only."""
    assert "://" not in text(name)


def test_what_runs_is_what_was_tested() -> None:
    """The versions to run and to build with are those to develop with; pip itself only builds."""
    tested = pins("requirements-dev.txt")
    run = pins("requirements.txt") | pins("requirements-build.txt")
    del run["pip"]

    assert run == {name: tested.get(name) for name in run}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_pins_follow_the_ranges(name: str) -> None:
    """Every package of `pyproject.toml` is pinned within its range; if not, run `make requirements`."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if "dev" in name else [])]
    pinned = pins(name)
    stray = [str(one) for one in map(Requirement, wanted) if pinned.get(canonicalize_name(one.name), "0") not in one.specifier]

    assert [] == stray
