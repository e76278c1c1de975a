"""The command line as a user meets it: what it writes, what it says when something cannot be used."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.writers import write_jsonl
from tests.conftest import ROOT, SCHOOLS, event, lines, simulated

LESSON = event(
    2, "lesson.scheduled", "2024-01-05T12:00:00+05:00", lesson="L-1", class_="8А", subject="Алгебра", teacher="t-01",
    starts_at="2024-02-05T09:00:00+05:00", ends_at="2024-02-05T09:40:00+05:00",
)  # fmt: skip
LATE = event(3, "topic.recorded", "2024-02-06T09:00:00+05:00", "t-01", lesson="L-1", text="Дроби")


def zavuch(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    code = "from service.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **options,
    )  # type: ignore[call-overload]  # options of subprocess.run


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log with one lesson whose topic was written the next day, and an entry for a lesson that nobody knows."""
    path = tmp_path / "events.jsonl"
    write_jsonl([LESSON, LATE, event(4, "topic.recorded", "2024-02-06T09:00:00+05:00", "t-01", lesson="L-9", text="?")], path)
    return path


def test_an_audit_writes_its_files_and_explains_a_finding(log: Path, tmp_path: Path) -> None:
    """Findings, counts, rejects and summary stand in the folder; `explain` walks one finding back to its events."""
    out = tmp_path / "out"
    done = zavuch("audit", log, "--school", "sgo-school", "--as-of", "2024-02-07T00:00:00+05:00", "--out", out)
    (finding,) = lines(out / "findings.jsonl")
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    told = zavuch("explain", finding["id"], "--out", out)

    assert (done.returncode, done.stderr) == (0, "")
    assert (finding["clause"], finding["status"], finding["responsible"], finding["due_at"]) == (
        "5.2.teachers#1", "late", "t-01", "2024-02-06T00:00:00+05:00",
    )  # fmt: skip
    assert sorted(path.name for path in out.iterdir()) == [
        "conclusions.jsonl",
        "figures.csv",
        "findings.jsonl",
        "rejects.jsonl",
        "scores.csv",
        "summary.json",
        "timelines.jsonl",
    ]
    assert (summary["events"]["accepted"], summary["events"]["unknown_lessons"], summary["obligations"]) == (3, 1, {"due": 1, "met": 0})
    assert summary["undecidable"]["attendance.daily"] == 1
    assert "нет в расписании" in lines(out / "rejects.jsonl")[0]["reason"]
    assert told.returncode == 0
    assert "e-003" in told.stdout
    assert "позже на 9 часов" in told.stdout


def test_a_confirmation_of_a_clause_that_nobody_has_is_shown(tmp_path: Path) -> None:
    """It is kept and confirms nothing, so a slip in the number does not stay unseen."""
    path = tmp_path / "events.jsonl"
    given = [event(3 + n, "attestation.given", "2024-02-06T09:00:00+05:00", clause=clause) for n, clause in enumerate(("3.4.1", "3.4.99"))]
    write_jsonl([LESSON, *given], path)
    done = zavuch("audit", path, "--school", "lyceum-68", "--as-of", "2024-02-07", "--out", tmp_path / "out")

    assert done.returncode == 0
    assert [(line["id"], "нет в списке пунктов" in line["reason"]) for line in lines(tmp_path / "out" / "rejects.jsonl")] == [
        ("e-004", True)
    ]


def test_the_same_audit_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """A run says nothing of the clock or the machine."""
    write_jsonl(simulated("school-7").events[:8000], tmp_path / "events.jsonl")
    for name in ("a", "b"):
        assert (
            zavuch("audit", tmp_path / "events.jsonl", "--school", "school-7", "--as-of", "2024-12-01", "--out", tmp_path / name).returncode
            == 0
        )

    for path in (tmp_path / "a").iterdir():
        assert (tmp_path / "b" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--school", "sgo-scool"], "может быть, «sgo-school»"),
        (["--school", "sgo-school", "--as-of", "yesterday"], "не момент времени"),
        (["--school", "sgo-school", "--as-of", "2020-01-01"], "ещё нет событий"),
        (["--school", "sgo-school", "--from", "2024-02-30"], "не дата"),
        (["--school", "sgo-school", "--from", "2024-02-03", "--to", "2024-02-01"], "раньше"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_message_and_nothing_is_written(
    arguments: list[str], words: str, log: Path, tmp_path: Path
) -> None:
    """Exit code 2, a Russian message on stderr, no trace of a traceback, no output folder."""
    done = zavuch("audit", log, "--out", tmp_path / "out", *arguments)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_messages_come_in_english_when_asked_for(log: Path, tmp_path: Path) -> None:
    """ZAVUCH_LANG=en changes the language of everything."""
    done = zavuch(
        "audit", tmp_path / "none.jsonl", "--school", "rainbow", "--out", tmp_path / "out", env=os.environ | {"ZAVUCH_LANG": "en"}
    )

    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_an_output_that_cannot_be_written_leaves_nothing_half_written(log: Path, tmp_path: Path) -> None:
    """A disk that is full in the middle of a file: the message says so, and no file of the audit is there."""
    out = tmp_path / "out"

    def full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    done = zavuch(
        "audit", log, "--school", "sgo-school", "--as-of", "2024-02-07", "--out", out, "--workers", "0", "--quiet",
        preexec_fn=full_disk, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip

    assert done.returncode == 2
    assert "Не удалось записать" in done.stderr
    assert list(out.iterdir()) == []


def test_a_changed_number_in_a_policy_changes_the_findings(tmp_path: Path) -> None:
    """A school that gives three days instead of one for attendance codes sees other findings and another hash."""
    import shutil

    shutil.copytree(SCHOOLS / "sgo-school", tmp_path / "schools" / "sgo-school")
    path = tmp_path / "schools" / "sgo-school" / "policy" / "2022-09-01.yaml"
    path.write_text(path.read_text("utf-8").replace("    days: 14\n", "    days: 30\n"), "utf-8")
    write_jsonl(simulated("sgo-school").events, tmp_path / "events.jsonl")
    found = []
    for name, schools in (("before", SCHOOLS), ("after", tmp_path / "schools")):
        arguments = ("--school", "sgo-school", "--as-of", "2025-07-31", "--out", tmp_path / name, "--schools-dir", schools)
        assert zavuch("audit", tmp_path / "events.jsonl", *arguments).returncode == 0
        found.append({(finding["rule"], finding["policy"]) for finding in lines(tmp_path / name / "findings.jsonl")})

    assert {rule for rule, _policy in found[0]} - {rule for rule, _policy in found[1]} == {"attendance.window", "marks.window"}
    assert not {policy for _rule, policy in found[0]} & {policy for _rule, policy in found[1]}
