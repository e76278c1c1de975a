"""Files and functions stay short."""

from __future__ import annotations

from tests.house import sizes


def test_a_file_is_short_or_gives_its_reason() -> None:
    """No file has more than 500 lines, unless a comment `# Long: …` near its top says why."""
    too_long = [f"{piece.where}: {piece.lines} lines" for piece in sizes.modules() if piece.lines > sizes.MODULE_LIMIT and not piece.reason]

    assert [] == too_long


def test_a_function_is_short_or_gives_its_reason() -> None:
    """No function has more than 60 lines, docstring not counted, unless a comment `# Long: …` at its head says why."""
    too_long = [
        f"{piece.where}: {piece.lines} lines" for piece in sizes.functions() if piece.lines > sizes.FUNCTION_LIMIT and not piece.reason
    ]

    assert [] == too_long


def test_most_files_are_short() -> None:
    """Half of the files have less than 150 lines, nine tenths less than 400."""
    pieces = sizes.modules()

    assert sizes.quantile(pieces, 0.5) < sizes.MODULE_MEDIAN
    assert sizes.quantile(pieces, 0.9) < sizes.MODULE_P90


def test_most_functions_are_short() -> None:
    """Nine tenths of the functions have less than 30 lines."""
    assert sizes.quantile(sizes.functions(), 0.9) < sizes.FUNCTION_P90
