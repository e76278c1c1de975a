"""Family `required_text`: safety briefings in the topics of the lessons that must name them (pestravka 2.14)."""

from __future__ import annotations

import pytest

from tests.rules.situations import Situation

FIRST = "2024-09-03T09:00"
LATER = "2025-06-01T00:00"
A, B, C, D, F = "2.14#a", "2.14#b", "2.14#c", "2.14#d", "2.14#f"


def first(subject: str = "Химия", text: str | None = "Строение атома", at: str = "2024-09-03T09:30") -> Situation:
    """The first lesson of the year."""
    situation = Situation("pestravka").period("Q1", "quarter", "2024-09-02", "2024-10-25").lesson("L-1", FIRST, subject)
    return situation if text is None else situation.topic(at, text=text)


@pytest.mark.parametrize(
    ("subject", "owes"),
    [
        ("Химия", True), ("Физика", True), ("Технология", True), ("Труд (технология)", True), ("ТРУД(ТЕХНОЛОГИЯ)", True),
        ("Информатика и ИКТ", True), ("Биология", False),
    ],
)  # fmt: skip
def test_first_lesson_of_the_year_in_four_subjects(subject: str, owes: bool) -> None:
    """Under any of their names; in any letters and spacing the words keep it."""
    assert [(A, "violation", "missing")] * owes == first(subject).found(LATER, A)
    assert [] == first(subject, "ВВОДНЫЙ  инструктаж по ТБ. Введение").found(LATER, A)


def test_briefing_by_the_end_of_the_day() -> None:
    """The topic may be mended the same day; the next day it is late; with the whole topic late or missing it is one finding."""
    assert [] == first().topic("2024-09-03T23:59", text="Вводный инструктаж").found(LATER, A)
    assert [(A, "violation", "late")] == first().topic("2024-09-04T00:00", text="Вводный инструктаж").found(LATER, A)
    together = [first(text="Вводный инструктаж", at="2024-09-04T00:00"), first(text=None)]
    found = [f for situation in together for f in situation.findings(LATER, A, "2.7#a")]
    assert [("2.7#a", "late", True), ("2.7#a", "missing", True)] == [(f.clause, f.status, A in f.also) for f in found]


def test_whichever_lesson_is_held_first() -> None:
    """A cancelled lesson passes the duty on; each subgroup has its own; a later teacher does not renew it."""
    cancelled = (
        first(text=None).cancel("2024-09-02T10:00", "L-1").lesson("L-2", "2024-09-06T09:00", "Химия").topic("2024-09-06T09:30", "L-2")
    )
    groups = Situation("pestravka").lesson("L-1", FIRST, "Информатика", group="1").topic("2024-09-03T09:30", text="Вводный инструктаж")
    groups.lesson("L-2", FIRST, "Информатика", "t-02", group="2").topic("2024-09-03T09:30", "L-2")
    again = first(text="Вводный инструктаж").lesson("L-2", "2024-09-10T09:00", "Химия", "t-02").topic("2024-09-10T09:30", "L-2")

    assert [["L-2"], ["L-2"], []] == [[f.lesson for f in situation.findings(LATER, A)] for situation in (cancelled, groups, again)]


def test_first_lesson_late_in_september() -> None:
    """It owes the briefing where the log shows the year from its beginning, not where earlier lessons may be missing from the log."""
    late = (
        Situation("pestravka")
        .period("Q1", "quarter", "2024-09-02", "2024-10-25")
        .lesson("L-1", "2024-09-24T09:00", "Химия")
        .topic("2024-09-24T09:30")
    )
    unknown = Situation("pestravka").lesson("L-1", "2024-11-12T09:00", "Химия").topic("2024-11-12T09:30")

    assert [(A, "violation", "missing")] == late.found(LATER, A)
    assert [] == unknown.found(LATER, A)


def january(text: str, day: str = "2025-01-10") -> Situation:
    situation = Situation("pestravka").period("Q3", "quarter", "2025-01-09", "2025-03-21").lesson("L-1", f"{day}T09:00", "Физика")
    return situation.topic(f"{day}T09:30", text=text)


def test_first_lesson_of_the_second_half_year() -> None:
    """It repeats the briefing; the introductory one is another."""
    assert [] == january("Повторный инструктаж. Газы").found(LATER, B)
    assert [(B, "violation", "missing")] == january("Вводный инструктаж. Газы").found(LATER, B)
    assert [(B, "violation", "missing")] == january("Газы", "2025-02-04").found(LATER, B)


def test_practical_work_is_looked_at_by_a_person() -> None:
    """The text demands that a briefing is held, not that it is written down."""
    lab = lambda text: january(text).work("2025-01-10T09:00", "л/р")  # noqa: E731  -- twice

    assert [(C, "review", "missing")] == lab("Повторный вводный. Опыт").found(LATER, C)
    assert [] == lab("Инструктаж. Опыт").found(LATER, C)


def test_first_lesson_of_each_section_of_physical_education() -> None:
    """Sections come from the plan, under any name of the subject; later lessons of a section owe nothing."""
    topics = ["Баскетбол. Стойки", "Баскетбол. Ведение", "Лыжи: ход"]
    plan = Situation("pestravka").add("plan.published", FIRST, class_="8А", subject="Физическая культура", teacher="t-01", topics=topics)
    for number, text in enumerate(("Вводный инструктаж. Баскетбол. Стойки", "Баскетбол. Ведение", "Лыжи: ход"), 1):
        plan.lesson(f"L-{number}", f"2024-11-1{number}T09:00", "Физкультура").topic(f"2024-11-1{number}T09:30", f"L-{number}", text)

    assert ["L-3"] == [f.lesson for f in plan.findings(LATER, D)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Газы", "Газы", "Газы"), ["L-3"]),
        (("Газы", "Газы", "Внеплановый инструктаж"), []),
        (("Внеплановый инструктаж", "Газы", "Газы"), []),
        (("Газы", "Внеплановый инструктаж", "Газы"), []),
    ],
)
def test_unscheduled_briefing_after_an_incident(texts: tuple[str, ...], expected: list[str]) -> None:
    """By the next lesson of the subject on a later date; one of the same day will do; without a term in the text it is a notice."""
    situation = Situation("pestravka")
    for number, (at, text) in enumerate(zip(("2025-01-15T09:00", "2025-01-15T10:00", "2025-01-17T09:00"), texts, strict=True), 1):
        situation.lesson(f"L-{number}", at, "Физика").topic(f"{at[:14]}30", f"L-{number}", text)
    situation.add("incident.reported", "2025-01-15T09:20", kind="safety", class_="8А", lesson="L-1")

    found = situation.findings(LATER, F)
    assert [(name, "notice") for name in expected] == [(f.lesson, f.verdict) for f in found]
