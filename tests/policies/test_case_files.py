"""The notation of cases: what a line means, and what is said about a line that means nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policies.case_files import Case, load_cases
from policies.case_notation import NotationError, event, lesson
from policies.positions import PolicyError

CASE = """\
background:
  people: {a-01: administrator, t-01: [teacher, homeroom_teacher]}
  classes: {7А: {grade: 7, homeroom: t-01, students: [s-01]}}
  parents: {p-01: s-01}
  periods: {2024-Q2: 05.11.2024 27.12.2024}
cases:
  - name: Тема, записанная на другой день
    as_of: 15.11.2024 12:00
    lessons: |
      L-1 13.11.2024 08:30-09:10 7А Алгебра t-01
    events: |
      # пояснение
      14.11.2024 09:00 t-01 тема урок=L-1 текст=«Тема: дроби # 5»
    findings:
      - {rule: topic.same-day, status: late}
"""


def loaded(tmp_path: Path, text: str) -> list[Case]:
    """Give the cases of a school whose only file holds `text`."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "topics.yaml").write_text(text, "utf-8")
    return load_cases(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            '13.11.2024 14:24 t-01 homework.recorded lesson=L-5 text="упр. 5"',
            {"time": "2024-11-13T14:24:00", "actor": "t-01", "type": "homework.recorded", "data": {"lesson": "L-5", "text": "упр. 5"}},
        ),
        (
            "2024-11-13 8:05:59 - задание урок=L-5 текст=«упр. 5»",
            {"time": "2024-11-13T08:05:59", "type": "homework.recorded", "data": {"lesson": "L-5", "text": "упр. 5"}},
        ),
        (
            "01.12.2024 10:00 a-01 проверка вид=x роль=administrator",
            "у события control.performed нет поля «вид»",
        ),
        (
            "01.12.2024 10:00 a-01 проверка проверка=deputy_check роль=deputy_director опубликовано=да направления=topics,marks",
            {
                "time": "2024-12-01T10:00:00",
                "actor": "a-01",
                "type": "control.performed",
                "data": {"control": "deputy_check", "role": "deputy_director", "published": True, "directions": ["topics", "marks"]},
            },
        ),
        (
            'a 01.12.2024 10:00 t-01 тема урок=L-1 текст="х"',
            "не время",
        ),
        ("31.02.2024 10:00 t-01 тема урок=L-1 текст=х", "не дата"),
        ("01.12.2024 10:00 t-01 темы урок=L-1", "вида события «темы» нет — может быть, «тема»?"),
        ("01.12.2024 10:00 t-01 тема урок=L-1 текст=«х", "проверьте кавычки"),
        ("01.12.2024 10:00 t-01 тема L-1", "поля вида поле=значение"),
        ("тема", "строка события"),
    ],
)
def test_a_line_is_an_event_or_says_why_it_is_none(line: str, expected: dict[str, Any] | str) -> None:
    """Times are by the school's clock, words are Russian or the contract's, `-` stands for nobody."""
    if isinstance(expected, str):
        with pytest.raises(NotationError, match=expected):
            event(line)
    else:
        assert {"specversion": "1.0"} | expected == event(line)


def test_a_lesson_is_a_line_too() -> None:
    """Name, date, times, class, subject, teacher, then further fields."""
    expected = {
        "lesson": "L-5", "class": "7А", "subject": "Английский язык", "teacher": "t-01", "starts_at": "2024-11-13T08:30:00",
        "ends_at": "2024-11-13T09:10:00", "group": "1", "number": 2,
    }  # fmt: skip

    assert expected == lesson("L-5 13.11.2024 08:30-09:10 7А «Английский язык» t-01 группа=1 number=2")


def test_a_case_holds_its_background_and_its_own_events(tmp_path: Path) -> None:
    """People, classes, parents and periods are recorded before the year; texts keep colons and hashes."""
    (case,) = loaded(tmp_path, CASE)
    kinds = [str(item["type"]) for item in case.events]

    assert [
        "person.registered", "person.registered", "period.set", "class.formed", "student.joined", "parent.linked", "lesson.scheduled",
        "topic.recorded",
    ] == kinds  # fmt: skip
    assert case.events[-1]["data"] == {"lesson": "L-1", "text": "Тема: дроби # 5"}
    assert {item["time"] for item in case.events[:-1]} == {"2024-08-25T10:00:00"}
    assert (case.rules, case.as_of, case.line) == (frozenset({"topic.same-day"}), "2024-11-15T12:00:00", 7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("текст=", "тескт="), "topics.yaml:13:1: у события topic.recorded нет поля «тескт»"),
        (("08:30-09:10", "08:30"), "topics.yaml:10:1: строка урока"),
        (("as_of", "as_off"), "topics.yaml:8:5: неизвестный ключ «as_off» — может быть, «as_of»?"),
        (("status: late", "statu: late"), "неизвестный ключ «statu» — может быть, «status»?"),
        (("05.11.2024 27.12.2024", "05.11.2024"), "topics.yaml:5:22: период: первый день"),
    ],
)
def test_a_slip_is_said_with_its_line(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    """File, line and what to write instead."""
    with pytest.raises(PolicyError) as error:
        loaded(tmp_path, CASE.replace(*change))

    assert words in str(error.value)
