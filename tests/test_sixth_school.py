"""A school that nobody wrote a line of Python for: a folder, and everything works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.case_runner import run_case
from ingest.writers import write_jsonl
from policies.case_files import Case, load_cases
from policies.coverage import coverage
from policies.lint import lint
from policies.loader import load_school
from tests.conftest import ROOT, event, lines
from tests.service.test_cli import zavuch

SCHOOLS = ROOT / "tests" / "schools"
SLUG = "gymnasium-12"
CASES = load_cases(SCHOOLS / SLUG, ROOT)


def test_its_folder_holds_data_only() -> None:
    """YAML and nothing else."""
    assert {path.suffix for path in (SCHOOLS / SLUG).rglob("*") if path.is_file()} == {".yaml"}


def test_every_clause_is_accounted_for_and_nothing_is_left_open() -> None:
    """Coverage without a problem, lint without a question."""
    _profile, policies = load_school(SCHOOLS, SLUG)

    assert coverage(SCHOOLS, SLUG).problems == ()
    assert [note for note in lint(policies, {}) if note.problem] == []


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_its_cases_pass(case: Case) -> None:
    """What the school's secretary wrote down is what the audit finds."""
    assert run_case(case, *load_school(SCHOOLS, SLUG)).problems == ()


def test_an_audit_by_the_command_line_finds_and_explains(tmp_path: Path) -> None:
    """The same commands as for any school, with its own zone and its week of six days."""
    at = "2024-09-01T10:00:00+07:00"
    starts, ends = "2024-11-13T08:30:00+07:00", "2024-11-13T09:10:00+07:00"
    events = [
        event(1, "person.registered", at, person="t-01", roles=["teacher"]),
        event(2, "class.formed", at, class_="7А", grade=7),
        event(3, "lesson.scheduled", at, lesson="L-1", class_="7А", subject="Алгебра", teacher="t-01", starts_at=starts, ends_at=ends),
        event(4, "topic.recorded", "2024-11-14T00:00:00+07:00", "t-01", lesson="L-1", text="Дроби"),
    ]
    write_jsonl(events, tmp_path / "events.jsonl")
    out = tmp_path / "out"
    where = ("--schools-dir", SCHOOLS, "--out", out)
    done = zavuch("audit", tmp_path / "events.jsonl", "--school", SLUG, "--as-of", "2024-11-15T00:00:00+07:00", *where)
    (finding,) = lines(out / "findings.jsonl")
    told = zavuch("explain", finding["id"], *where)

    assert (done.returncode, done.stderr) == (0, "")
    assert (finding["rule"], finding["status"], finding["due_at"]) == ("topic.same-day", "late", "2024-11-14T00:00:00+07:00")
    assert "Пункт 2.1" in told.stdout
    assert json.loads((out / "summary.json").read_text("utf-8"))["undecidable"]["backup.daily"] > 0
