"""The files of the checkout, as git sees them: tracked, or new and not ignored."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("service", "reports", "engine", "policies", "rules", "ingest")
"""The packages, from the top of the house down."""


def listed(*options: str) -> list[str]:
    """Give the paths that `git ls-files` lists, relative to the checkout, sorted."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", *options]
    return sorted(name for name in subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0") if name)


@cache
def names() -> tuple[str, ...]:
    """Give the files of the house: tracked, or new and not ignored."""
    return tuple(name for name in listed("-co", "--exclude-standard") if not name.startswith(".venv/") and (ROOT / name).is_file())


@cache
def text(name: str) -> str:
    """Give the text of a file, the empty text of a binary one."""
    data = (ROOT / name).read_bytes()
    return "" if b"\0" in data[:4096] else data.decode("utf-8", "replace")


def sources(*folders: str) -> list[str]:
    """Give the Python files in `folders`, in the whole checkout where none is given."""
    return [name for name in names() if name.endswith(".py") and (not folders or name.split("/", 1)[0] in folders)]
