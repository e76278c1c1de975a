"""Family `codes`: which marks and codes may stand in a cell, in which spelling, entered by whom."""

from __future__ import annotations

import pytest

from tests.rules.situations import Situation

DAY = "2024-02-05"
LATER = "2024-02-07T00:00"


def lesson(school: str) -> Situation:
    return Situation(school).lesson("L-1", f"{DAY}T09:00")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [(("2", "3", "4", "5", " 4 ", "Н", "УП", "Н4"), False), (("1", "6", "0", "5+", "4-", "45", "4/5", "н/а", "зач", "Х4"), True)],
)
def test_marks_are_two_to_five(values: tuple[str, ...], wrong: bool) -> None:
    """Sgo-school 3.17: one mark from 2 to 5 in a cell, alone or beside an absence."""
    found = {value: bool(lesson("sgo-school").mark(f"{DAY}T10:00", value).found(LATER, "3.17#a")) for value in values}

    assert dict.fromkeys(values, wrong) == found


def test_every_bad_entry_is_a_finding() -> None:
    """Two cells, two findings, also when one was mended at once; whoever entered it answers; late as well, it counts once."""
    two = lesson("sgo-school").mark(f"{DAY}T10:00", "1").change(f"{DAY}T10:01", "2", "1").mark(f"{DAY}T10:00", "5+", "a-01", "s-02")
    late = lesson("sgo-school").mark("2024-02-06T10:00", "1").findings(LATER, "3.17#a", "5.2.teachers#1")

    assert [("t-01", "teacher"), ("a-01", "administrator")] == sorted(two.people(LATER, "3.17#a"), reverse=True)
    assert [("3.17#a", True)] == [(f.clause, "5.2.teachers#1" in f.also) for f in late if "marks" in f.rule]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        (("Н45", "УП4", "НП43", "Б44", "ОТ5", "н45", " уп 5 ", "Н", "45", "1", "н/а", "осв", "незач"), False),
        (("Н6", "УП1", "Н2345", "УП5+", "Н4/5", "УПX", "Х4"), True),
    ],
)
def test_marks_beside_an_absence_code(values: tuple[str, ...], wrong: bool) -> None:
    """Pestravka 3.3: a code that the school knows and up to three marks from 2 to 5, in any letters and spacing."""
    found = {value: bool(lesson("pestravka").mark(f"{DAY}T10:00", value).found(LATER, "3.3#13")) for value in values}

    assert dict.fromkeys(values, wrong) == found


@pytest.mark.parametrize(("school", "clause"), [("sgo-school", "4.teachers#3"), ("pestravka", "3.3#5")])
def test_teachers_enter_only_that_somebody_is_absent(school: str, clause: str) -> None:
    """The reason is the homeroom teacher's to enter, also in a lesson of their own."""
    banned = [(clause, "violation", "forbidden")]

    assert [] == lesson(school).absent(f"{DAY}T09:05").found(LATER, clause)
    assert [] == lesson(school).absent(f"{DAY}T09:05", " от ").reason(f"{DAY}T12:00").found(LATER, clause)
    assert banned == lesson(school).absent(f"{DAY}T09:05", "Б").found(LATER, clause)
    assert banned == lesson(school).absent(f"{DAY}T09:05").reason(f"{DAY}T12:00", "УП", "t-01").found(LATER, clause)
    assert [] == lesson(school).substitute(f"{DAY}T08:00", "L-1", "h-01").absent(f"{DAY}T09:05", "УП", "h-01").found(LATER, clause)


def test_homeroom_teacher_of_another_class_is_a_teacher_here() -> None:
    """The right to name reasons ends with the own class."""
    other = lesson("sgo-school").add("person.registered", "2023-08-25T10:00", "a-01", person="h-02", roles=["teacher", "homeroom_teacher"])

    assert [("h-02", "teacher")] == other.absent(f"{DAY}T09:05", "НП", "h-02").people(LATER, "4.teachers#3")


def test_code_about_which_the_text_speaks_with_two_tongues() -> None:
    """Pestravka's examples use «Н», its list does not: a notice; in sgo-school only «ОТ» is said."""
    assert [("3.3#5", "notice", "forbidden")] == lesson("pestravka").absent(f"{DAY}T09:05", "Н").found(LATER, "3.3#5")
    assert [("4.teachers#3", "violation", "forbidden")] == lesson("sgo-school").absent(f"{DAY}T09:05", "Н").found(LATER, "4.teachers#3")


def test_wrong_code_entered_late_counts_once() -> None:
    """The ban stands and cites the lateness."""
    found = lesson("sgo-school").absent("2024-02-06T09:05", "Б").findings(LATER, "4.teachers#3", "5.2.teachers#1")

    assert [("4.teachers#3", True)] == [(f.clause, "5.2.teachers#1" in f.also) for f in found if "topic" not in f.rule]
