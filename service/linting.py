"""The `policy lint` command: remarks on each school's policy, with clause numbers and readings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.wording import _
from policies.lint import Note, kind_names, lint
from policies.loader import load_school


def lint_schools(schools_dir: Path, slugs: list[str], everyone: list[str]) -> tuple[list[str], int]:
    """Give the lines to print for `slugs` (the other schools of `everyone` are looked at beside), and how many problems there are."""
    loaded = {slug: load_school(schools_dir, slug)[1] for slug in everyone}
    lines: list[str] = []
    problems = 0
    for slug in slugs:
        notes = lint(loaded[slug], {other: policies for other, policies in loaded.items() if other != slug})
        problems += sum(note.problem for note in notes)
        lines.append(slug)
        lines.extend(_shown(notes))
    return lines, problems


def _shown(notes: list[Note]) -> Iterator[str]:
    for kind, heading in kind_names().items():
        of_kind = [note for note in notes if note.kind == kind]
        if of_kind:
            yield f"  {heading}:"
        for note in of_kind:
            clauses = _("п. {clauses}: ").format(clauses=", ".join(note.clauses)) if note.clauses else ""
            reading = f" — {note.reading}" if note.reading else ""
            yield f"    {'! ' if note.problem else ''}{clauses}{note.message}{reading}"
