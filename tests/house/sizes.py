"""How long files and functions are. `python -m tests.house.sizes` prints the figures beside their limits, as CI does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.house.tree import sources, text

MODULE_LIMIT, MODULE_P90, MODULE_MEDIAN = 500, 400, 150
FUNCTION_LIMIT, FUNCTION_P90 = 60, 30
_REASON = re.compile(r"#\s*Long: \S")


@dataclass(frozen=True)
class Piece:
    """A file or a function: where it is, how many lines it has, whether a comment `# Long: …` gives a reason for them."""

    where: str
    lines: int
    reason: bool


def modules() -> list[Piece]:
    """Give every Python file; its reason stands in the first ten lines."""
    return [Piece(name, len(rows), any(map(_REASON.search, rows[:10]))) for name in sources() if (rows := text(name).splitlines())]


def functions() -> list[Piece]:
    """Give every function and method, docstring not counted; its reason stands on the line of `def` or the one above."""
    return [piece for name in sources() for piece in _functions(name)]


def _functions(name: str) -> Iterator[Piece]:
    rows = text(name).splitlines()
    for node in ast.walk(ast.parse(text(name))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            head = rows[max(node.lineno - 2, 0) : node.lineno]
            yield Piece(f"{name}:{node.lineno} {node.name}", _length(node), any(map(_REASON.search, head)))


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def quantile(pieces: Sequence[Piece], share: float) -> int:
    """Give the length that `share` of the pieces do not exceed."""
    lengths = sorted(piece.lines for piece in pieces)
    return lengths[min(int(share * len(lengths)), len(lengths) - 1)]


def row(pieces: Sequence[Piece], ninth: int, most: int) -> str:
    """Give the figures of some pieces beside their limits."""
    half, tenth, all_ = (quantile(pieces, share) for share in (0.5, 0.9, 1))
    return f"{len(pieces):>5}   median {half:>3}   p90 {tenth:>3} (below {ninth})   longest {all_:>3} (at most {most})"


def main() -> None:
    """Print one line for modules and one for functions."""
    print("modules  ", row(modules(), MODULE_P90, MODULE_LIMIT))
    print("functions", row(functions(), FUNCTION_P90, FUNCTION_LIMIT))


if __name__ == "__main__":
    main()
