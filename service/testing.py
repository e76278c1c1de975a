"""The `policy test` command: every school's cases run against its own policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.case_runner import Outcome, run_case
from ingest.wording import _
from policies.case_files import load_cases
from policies.loader import load_school


def outcomes(schools_dir: Path, slug: str, words: str = "") -> Iterator[Outcome]:
    """Give the outcome of each case of a school whose name holds `words`; raises PolicyError when its files cannot be used."""
    profile, policies = load_school(schools_dir, slug)
    for case in load_cases(schools_dir / slug, schools_dir.parent):
        if words.casefold() in case.name.casefold():
            yield run_case(case, profile, policies)


def run_cases(schools_dir: Path, slugs: list[str], words: str) -> tuple[list[str], int]:
    """Give the lines to print, a line per school and one per problem, and how many cases failed."""
    lines, failed = [], 0
    for slug in slugs:
        passed = 0
        for outcome in outcomes(schools_dir, slug, words):
            if outcome.problems:
                failed += 1
                lines.append(f"{outcome.case.file}:{outcome.case.line}: {outcome.case.name}")
                lines.extend(f"    {problem}" for problem in outcome.problems)
            else:
                passed += 1
        lines.append(_("{slug}: случаев пройдено {n}").format(slug=slug, n=passed))
    return lines, failed
