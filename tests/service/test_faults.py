"""A case file without a verdict: the audit goes on, and says so where nobody can miss it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import engine.audit as auditing
from engine.judge.casefile import CaseFile, JudgeFault
from ingest.writers import write_jsonl
from service.cli import main
from tests.conftest import event, lines


def lesson(number: int, teacher: str) -> list[dict[str, Any]]:
    about = {"lesson": f"L-{number}", "class_": "8А", "subject": "Алгебра", "teacher": teacher}
    times = {"starts_at": "2024-02-05T09:00:00+05:00", "ends_at": "2024-02-05T09:40:00+05:00"}
    return [
        event(number, "lesson.scheduled", "2024-01-05T12:00:00+05:00", **about, **times),
        event(number + 1, "topic.recorded", "2024-02-06T09:00:00+05:00", teacher, lesson=f"L-{number}", text="Дроби"),
    ]


def test_a_fault_is_an_error_of_that_case_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, the other findings written, the fault in summary.json and on stderr, its person held out."""

    def broken(program: Any, files: Sequence[CaseFile], **options: Any) -> list[Any]:
        return [
            JudgeFault("broken", file.person, file.period) if file.person == "t-02" else one
            for file, one in zip(files, whole(program, files, **options), strict=True)
        ]

    whole = auditing.answers
    monkeypatch.setattr(auditing, "answers", broken)
    write_jsonl([*lesson(1, "t-01"), *lesson(3, "t-02")], tmp_path / "events.jsonl")
    out = tmp_path / "out"
    arguments = ["audit", str(tmp_path / "events.jsonl"), "--school", "sgo-school", "--as-of", "2024-02-07", "--workers", "0"]
    monkeypatch.setattr(sys, "argv", ["zavuch", *arguments, "--quiet", "--out", str(out)])
    with pytest.raises(SystemExit) as done:
        main()
    summary = json.loads((out / "summary.json").read_text("utf-8"))

    assert done.value.code == 0
    assert capsys.readouterr().err.startswith("Судья не смог рассмотреть дело (t-02): broken.")
    assert {finding["responsible"] for finding in lines(out / "findings.jsonl")} == {"t-01"}
    assert (summary["faults"], summary["held_out"]) == ([{"person": "t-02", "period": "", "reason": "broken"}], ["t-02"])
