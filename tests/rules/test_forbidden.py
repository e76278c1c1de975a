"""Family `forbidden`: grade 1, students taught at home, a bad mark right after a long absence."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson
from tests.rules.situations import Situation

DAYS = ("2024-11-11", "2024-11-12", "2024-11-13", "2024-11-14", "2024-11-15", "2024-11-18", "2024-11-19")
LATER = "2024-12-01T00:00"
GRADE_1 = {"pestravka": ("2.6#a", "2.6#b"), "rainbow": ("2.8#a", "2.8#b"), "school-7": ("1.3#a", "1.3#b")}


AFTER = "2024-11-20T10:00:00+05:00"


def order(kind: str) -> Json:
    """Give an order on s-01 from Monday 11 to Sunday 24 November."""
    data = {"order": "O-1", "kind": kind, "person": "s-01", "date": "2024-11-08", "from_": "2024-11-11", "to": "2024-11-24"}
    return event(20, "order.signed", "2024-11-08T14:00:00+05:00", "dir-01", **data)


def week(grade: int = 8, school: str = "pestravka") -> Situation:
    """Seven lessons on school days in a row, L-1 to L-7."""
    situation = Situation(school, grade)
    for number, day in enumerate(DAYS, 1):
        situation.lesson(f"L-{number}", f"{day}T09:00")
    return situation


def away(*numbers: int) -> Situation:
    situation = week()
    for number in numbers:
        situation.absent(f"{DAYS[number - 1]}T09:05", lesson=f"L-{number}")
    return situation


@pytest.mark.parametrize("school", GRADE_1)
def test_no_marks_and_no_homework_in_grade_1(school: str) -> None:
    """Each entry is a finding, late or not; «не задано» and an absence code are none; grade 2 may have both."""
    marks, homework = GRADE_1[school]
    banned = lambda clause: [(clause, "violation", "forbidden")]  # noqa: E731  -- used thrice

    assert banned(marks) == week(1, school).mark(f"{DAYS[1]}T10:00").found(LATER, marks)
    assert banned(homework) == week(1, school).homework(f"{DAYS[0]}T10:00").found(LATER, homework)
    assert [] == week(1, school).mark(f"{DAYS[0]}T10:00", "Н").homework(f"{DAYS[0]}T10:00", text="нет").found(LATER, marks, homework)
    assert [] == week(2, school).mark(f"{DAYS[0]}T10:00").homework(f"{DAYS[0]}T10:00").found(LATER, marks, homework)


@pytest.mark.parametrize("school", GRADE_1)
def test_no_period_marks_in_grade_1(school: str) -> None:
    """One finding per student."""
    marked = week(1, school).period("Q1", "quarter", "2024-11-05", "2024-11-19").period_mark("2024-11-19T10:00")

    assert [("forbidden", ("s-01",)), ("forbidden", ("s-02",))] == sorted(
        marked.period_mark("2024-11-19T10:00", "s-02").students(LATER, GRADE_1[school][0])
    )


def test_schools_whose_text_does_not_speak_of_grade_1() -> None:
    """Sgo-school's journal covers grades 1 to 11 alike."""
    assert [] == week(1, "sgo-school").mark(f"{DAYS[0]}T10:00").found(LATER, "3.17#a", "3.16#a")


def test_forbidden_mark_that_was_taken_back() -> None:
    """Deleted, it stands no more; changed to another, both entries were made."""
    assert [] == week(1).mark(f"{DAYS[0]}T10:00").delete(f"{DAYS[0]}T10:05").found(LATER, "2.6#a")
    assert 2 == len(week(1).mark(f"{DAYS[0]}T10:00").change(f"{DAYS[0]}T10:05").found(LATER, "2.6#a"))


@pytest.mark.parametrize(("number", "banned"), [(1, False), (2, True), (5, True), (6, False)])
def test_student_taught_at_home_has_no_current_marks(number: int, banned: bool) -> None:
    """From the order's first day to its last, by the day of the lesson."""
    ordered = week().order("2024-11-08T14:00", "home_schooling", DAYS[1], DAYS[4])

    found = ordered.mark(f"{DAYS[number - 1]}T10:00", lesson=f"L-{number}").found(LATER, "2.13#a")
    assert [("2.13#a", "violation", "forbidden")] * banned == found


def test_order_on_teaching_at_home_without_an_end() -> None:
    """It lasts; marks for works are banned too, others' marks are not; a late one cites the lateness."""
    ordered = week().order("2024-11-08T14:00", "home_schooling", DAYS[0]).work(f"{DAYS[6]}T09:00", lesson="L-7")
    found = ordered.mark(f"{DAYS[6]}T10:00", lesson="L-7", work="W-1").mark(f"{DAYS[0]}T10:00", student="s-02").findings(LATER, "2.13#a")

    assert [("L-7", ("s-01",))] == [(f.lesson, f.students) for f in found]
    late = week().order("2024-11-08T14:00", "home_schooling", DAYS[0]).mark(f"{DAYS[1]}T10:00").findings(LATER, "2.13#a", "3.3#4")
    assert [("2.13#a", True)] == [(f.clause, "3.3#4" in f.also) for f in late]


@pytest.mark.parametrize(
    ("missed", "lesson", "value", "banned"),
    [
        ((1, 2, 3, 4, 5), 6, "2", True),
        ((1, 2, 3, 4, 5), 6, "3", False),
        ((1, 2, 3, 4, 5), 7, "2", False),
        ((2, 3, 4, 5), 6, "2", False),
        ((1, 2, 4, 5), 6, "2", False),
    ],
)
def test_bad_mark_after_a_long_absence(missed: tuple[int, ...], lesson: int, value: str, banned: bool) -> None:
    """Five school days in a row and one protected lesson are assumed, so it is a notice."""
    situation = away(*missed).mark(f"{DAYS[lesson - 1]}T09:30", value, lesson=f"L-{lesson}")

    assert [("3.3#14", "notice", "forbidden")] * banned == situation.found(LATER, "3.3#14")


def test_first_lesson_after_the_absence_is_counted_for_each_subject() -> None:
    """A subject met on the second day is protected there; a change to «2» is an entry of «2»; a registered absence is one."""
    second = away(1, 2, 3, 4, 5).lesson("M-1", f"{DAYS[6]}T11:00", "Химия", "t-02").mark(f"{DAYS[6]}T11:30", "2", "t-02", lesson="M-1")
    changed = away(1, 2, 3, 4, 5).mark(f"{DAYS[5]}T09:30", lesson="L-6").change(f"{DAYS[5]}T09:35", "2", lesson="L-6")
    registered = week().add("absence.registered", f"{DAYS[0]}T08:00", "h-01", person="s-01", from_=DAYS[0], to=DAYS[4])

    assert [("t-02", "teacher")] == second.people(LATER, "3.3#14")
    assert [("3.3#14", "notice", "forbidden")] == changed.found(LATER, "3.3#14")
    assert [("3.3#14", "notice", "forbidden")] == registered.mark(f"{DAYS[5]}T09:30", "2", lesson="L-6").found(LATER, "3.3#14")


def test_a_mark_from_a_sanatorium_stands_beside_an_absence_code(log_of) -> None:
    """«УП5», or a code in the attendance of the lesson; a plain mark on a day of the order is the finding, one before it is not."""
    entries = [
        lesson(1, "2024-11-12"),
        lesson(2, "2024-11-13"),
        lesson(3, "2024-11-14"),
        lesson(4, "2024-11-08"),
        order("sanatorium"),
        event(30, "mark.recorded", AFTER, lesson="L-1", student="s-01", value="УП5"),
        event(31, "mark.recorded", AFTER, lesson="L-2", student="s-01", value="4"),
        event(32, "attendance.recorded", AFTER, lesson="L-2", student="s-01", code="УП"),
        event(33, "mark.recorded", AFTER, "t-01", lesson="L-3", student="s-01", value="4"),
        event(34, "mark.recorded", AFTER, lesson="L-4", student="s-01", value="4"),
    ]
    rule = "family: forbidden\nentry: mark\nstudents: sanatorium"

    assert [("L-3", "t-01")] == findings(log_of(entries), rule, "lesson", "responsible")
