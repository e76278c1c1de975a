"""The runner of cases: an expectation nobody met fails, an unexpected finding fails, an empty promise fails."""

from __future__ import annotations

from pathlib import Path

from engine.case_runner import run_case
from policies.case_files import load_cases
from policies.loader import load_school
from tests.conftest import SCHOOLS

HEAD = """\
background:
  people: {t-01: teacher}
  classes: {7А: {grade: 7}}
  lessons: |
    L-1 13.11.2024 08:30-09:10 7А Алгебра t-01
cases:
  - name: Тема урока и её срок
    as_of: 15.11.2024
"""
LATE = "    events: 14.11.2024 09:00 t-01 тема урок=L-1 текст=«Дроби»\n"
IN_TIME = "    events: 13.11.2024 09:00 t-01 тема урок=L-1 текст=«Дроби»\n"
EXPECTED = "    findings:\n      - {rule: topic.same-day, status: late, responsible: t-01, due_at: 14.11.2024 00:00}\n"
KEPT = "    kept: [topic.same-day]\n"


def problems(tmp_path: Path, text: str, as_of: str = "15.11.2024") -> str:
    """Give what the runner says of the case under the policy of pestravka, "" when it passes."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.yaml").write_text(HEAD.replace("as_of: 15.11.2024", f"as_of: {as_of}") + text, "utf-8")
    (case,) = load_cases(tmp_path, tmp_path)
    return "; ".join(run_case(case, *load_school(SCHOOLS, "pestravka")).problems)


def test_what_is_found_and_expected_passes(tmp_path: Path) -> None:
    """The finding meets the expectation on every field that is written."""
    assert problems(tmp_path, LATE + EXPECTED) == ""


def test_an_expectation_nobody_met_fails(tmp_path: Path) -> None:
    """The topic was in time, so the late one is missed."""
    assert "не найдено: rule=topic.same-day, status=late" in problems(tmp_path, IN_TIME + EXPECTED)


def test_a_wrong_due_instant_fails_both_ways(tmp_path: Path) -> None:
    """The finding does not match, so it is missed and superfluous at once."""
    said = problems(tmp_path, LATE + EXPECTED.replace("14.11.2024 00:00", "14.11.2024 01:00"))

    assert "не найдено" in said
    assert "лишний вывод: rule=topic.same-day" in said


def test_an_unexpected_finding_fails(tmp_path: Path) -> None:
    """A rule said to be kept gives a finding."""
    assert "лишний вывод: rule=topic.same-day" in problems(tmp_path, LATE + KEPT)


def test_a_rule_that_had_nothing_to_keep_fails(tmp_path: Path) -> None:
    """Before the term has come nothing is kept yet."""
    assert problems(tmp_path, KEPT, as_of="13.11.2024 08:40") == "правило «topic.same-day» здесь не соблюдено: нечего было соблюдать"


def test_a_rule_that_the_policy_does_not_have_is_said(tmp_path: Path) -> None:
    """A case must not rot when a rule is renamed."""
    assert "правила «topic.sameday» в положении нет" in problems(tmp_path, LATE + KEPT.replace("same-day", "sameday"))


def test_a_rule_for_which_another_speaks_is_named_beside_it(tmp_path: Path) -> None:
    """Homework after the day is over breaks both terms of pestravka; the stricter one speaks, and the finding must cite the other."""
    late = "    events: 14.11.2024 09:00 t-01 задание урок=L-1 текст=«упр. 5»\n"
    expected = "    findings:\n      - {rule: homework.one-hour, status: late, also: [homework.same-day]}\n"
    same_day = late.replace("14.11.2024 09:00", "13.11.2024 20:00")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert problems(tmp_path / "a", late + expected) == ""
    assert "не найдено" in problems(tmp_path / "b", same_day + expected)
