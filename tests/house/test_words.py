"""What stands in the tree, and what must not: docstrings, marks, addresses, copied sentences."""

from __future__ import annotations

import ast
import io
import os
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import LAYERS, ROOT, listed, names, sources, text

# Written so that a search of the tree for these words does not find this file.
_MARK = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
_ADDRESS = re.compile(r"-{2}(extra-)?index-url|-{2}find-links|registry\s=\s")
_HASHED = (".sh", ".yaml", ".yml", ".toml", "Makefile", "run")
_ROW = 11
"""So many words in a row, shared with a regulation's text, are a copied sentence."""


def _undocumented(node: ast.AST, where: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            if ast.get_docstring(child) is None:
                yield f"{where}:{child.lineno} {child.name}"
            if isinstance(child, ast.ClassDef):
                yield from _undocumented(child, where)


def test_everything_public_has_a_docstring() -> None:
    """Every module, public class, function and method of the house says what it gives."""
    missing: list[str] = []
    for name in sources(*LAYERS, "bench", "tools"):
        tree = ast.parse(text(name))
        if ast.get_docstring(tree) is None:
            missing.append(name)
        missing += _undocumented(tree, name)

    assert [] == missing


def _comments(name: str) -> Iterator[str]:
    if name.endswith(".py"):
        yield from (token.string for token in tokenize.generate_tokens(io.StringIO(text(name)).readline) if token.type == tokenize.COMMENT)
    elif name.endswith(_HASHED):
        yield from (line[line.index("#") :] for line in text(name).splitlines() if "#" in line)


def test_nothing_is_marked_for_later() -> None:
    """No comment carries a mark for later work: an issue is the place."""
    marked = [f"{name}: {comment}" for name in names() for comment in _comments(name) if _MARK.search(comment)]

    assert [] == marked


def test_no_file_names_a_package_index() -> None:
    """No file says where packages come from: every machine has its own index."""
    found = [name for name in names() if _ADDRESS.search(text(name))]

    assert [] == found


def test_no_file_names_this_machine() -> None:
    """No file holds the path of this checkout or of the user's home."""
    paths = [path for path in (str(ROOT), str(Path.home())) if len(path) > len("/tmp")]  # noqa: S108  # only its length
    found = [f"{name}: {path}" for name in names() for path in paths if re.search(rf"(?<![\w.]){re.escape(path)}(?![\w-])", text(name))]

    assert [] == found


def test_what_tools_make_is_not_in_the_tree() -> None:
    """Neither environments, caches and results nor lock files with index addresses are tracked."""
    made = {".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "out", "__pycache__"}
    locks = {"uv.lock", "poetry.lock", "Pipfile.lock"}
    tracked = [Path(name) for name in listed()]
    found = [str(path) for path in tracked if made & set(path.parts) or path.name in locks or path.name.startswith("pylock")]

    assert [] == found


def _rows(words: str) -> set[str]:
    found = re.findall(r"[а-яёa-z0-9]+", words.lower())
    return {" ".join(found[place : place + _ROW]) for place in range(len(found) - _ROW + 1)}


def test_no_sentence_of_a_regulation_is_copied() -> None:
    """The regulations belong to their schools: no eleven words in a row of them stand here."""
    shared = Path(os.environ.get("ZAVUCH_SHARED", ROOT.parent / "shared"))
    law = [path.read_text("utf-8", "replace") for path in sorted((shared / "regulations").glob("*.txt"))]
    if not law:
        pytest.skip("the regulations are not beside the checkout")
    rows = set().union(*map(_rows, law))
    copied = {name: sorted(common)[:1] for name in names() if re.search("[а-яё]", text(name)) and (common := _rows(text(name)) & rows)}

    assert {} == copied
