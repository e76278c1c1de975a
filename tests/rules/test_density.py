"""How many marks students have: shares by class, subject and period, and who is not counted."""

from __future__ import annotations

import pytest

from engine.audit import Audit
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

BEFORE = "2024-08-26T10:00:00+05:00"
AFTER = "2024-11-01T00:00:00+05:00"
RULE = "family: density\n"
FIELDS = ("verdict", "status", "responsible", "class_", "subject", "period", "students", "date")
CLASS = [
    event(1, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(2, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    *(event(3 + n, "student.joined", BEFORE, student=f"s-0{n}", class_="7А", date="2024-09-02") for n in range(1, 5)),
    *(lesson(n, day) for n, day in enumerate(("2024-09-03", "2024-09-10", "2024-09-17", "2024-09-24"), start=1)),
]


def mark(number: int, n: int, student: str, value: str = "4") -> Json:
    return event(
        number, "mark.recorded", f"2024-09-{3 + 7 * (n - 1):02}T12:00:00+05:00", "t-01", lesson=f"L-{n}", student=student, value=value
    )


def away(number: int, n: int, student: str) -> Json:
    return event(
        number, "attendance.recorded", f"2024-09-{3 + 7 * (n - 1):02}T12:00:00+05:00", "t-01", lesson=f"L-{n}", student=student, code="Б"
    )


# s-01 has three marks, s-02 one, s-03 none, s-04 none, but was at two lessons of four.
MARKS = [mark(20, 1, "s-01"), mark(21, 2, "s-01"), mark(22, 4, "s-01", "5"), mark(23, 3, "s-02"), away(24, 1, "s-04"), away(25, 2, "s-04")]


def figures(audit: Audit) -> list[tuple[object, ...]]:
    return [tuple(row) for row in audit.figures[["measure", "class", "subject", "period", "part", "whole"]].itertuples(index=False)]


def test_without_a_threshold_there_are_figures_and_no_verdict(log_of) -> None:
    """Of three students who were there, one has no mark and one has a single one; the fourth was there too seldom."""
    audit = tried(log_of([*CLASS, *MARKS]), RULE, AFTER)

    assert [] == audit.findings
    assert [
        ("students_with_one_mark", "7А", "История", "Q1", 1, 3),
        ("students_without_marks", "7А", "История", "Q1", 1, 3),
    ] == figures(audit)


@pytest.mark.parametrize(
    ("keys", "students"),
    [
        ("without_marks: 30", [("s-03",)]),
        ("without_marks: 33.3", [("s-03",)]),
        ("without_marks: 33.4", []),
        ("one_mark: 30", [("s-02",)]),
        ("without_marks: 30\none_mark: 30", [("s-02", "s-03")]),
        ("without_marks: 60\nleast_lessons: 2", []),
        ("without_marks: 49.9\nleast_lessons: 2", [("s-03", "s-04")]),
        ("without_marks: 50\nleast_lessons: 2", []),
    ],
)
def test_more_than_the_school_allows_is_insufficient(log_of, keys: str, students: list[tuple[str, ...]]) -> None:
    """One finding per class, subject and period names the students concerned; exactly the allowed share is no breach."""
    found = findings(log_of([*CLASS, *MARKS]), RULE + keys, *FIELDS, as_of=AFTER)

    assert [("violation", "insufficient", "t-01", "7А", "История", "Q1", names, "2024-09-02") for names in students] == found


def test_the_explanation_says_how_many_and_how_many_may_be(log_of) -> None:
    ((explanation,),) = findings(log_of([*CLASS, *MARKS]), RULE + "without_marks: 10\none_mark: 99", "explanation", as_of=AFTER)

    assert "учеников без отметок: 1 из 3 (33,3 %), допускается не больше 10 % (п. 1)" in explanation


def test_an_assumed_threshold_gives_a_notice(log_of) -> None:
    """What the regulation does not say accuses nobody."""
    extra = "parameters:\n  most: {value: 10, unit: процентов, assumed: true, why: порога в тексте нет}\n"

    assert [("notice",)] == findings(
        log_of([*CLASS, *MARKS]), RULE + "without_marks: {parameter: most}", "verdict", as_of=AFTER, extra=extra
    )


def test_a_period_that_is_not_over_is_not_judged(log_of) -> None:
    """Its figures are told so far."""
    audit = tried(log_of([*CLASS, *MARKS]), RULE + "without_marks: 10", "2024-10-25T23:59:59+05:00")

    assert ([], 2) == (audit.findings, len(audit.figures))


@pytest.mark.parametrize(
    "extra",
    [
        event(30, "order.signed", "2024-10-01T10:00:00+05:00", order="O-1", kind="home_schooling", person="s-03", date="2024-10-01"),
        event(30, "student.left", "2024-10-01T10:00:00+05:00", student="s-03", class_="7А", date="2024-10-01"),
        event(30, "absence.registered", "2024-09-03T08:00:00+05:00", person="s-03", from_="2024-09-03", to="2024-09-12"),
        event(30, "lesson.cancelled", "2024-09-01T10:00:00+05:00", lesson="L-2"),
    ],
    ids=["home-schooled", "left", "ill", "too few lessons"],
)
def test_who_cannot_have_marks_is_not_counted(log_of, extra: Json) -> None:
    """The home-schooled, those who left, those who were away, and whoever had too few lessons at all are no students without marks."""
    others = [extra, away(31, 4, "s-03")] if extra["type"] == "lesson.cancelled" else [extra]

    assert [] == findings(log_of([*CLASS, *MARKS, *others]), RULE + "without_marks: 0", "students", as_of=AFTER)


def test_who_joined_late_is_counted_from_then_on(log_of) -> None:
    """Two lessons after joining are too few to ask for marks, three are enough."""
    late = event(30, "student.joined", BEFORE, student="s-05", class_="7А", date="2024-09-11")
    log = log_of([*CLASS, *MARKS, mark(32, 1, "s-03"), mark(33, 2, "s-03"), late])

    assert [] == findings(log, RULE + "without_marks: 0", "students", as_of=AFTER)
    assert [(("s-04", "s-05"),)] == findings(log, RULE + "without_marks: 0\nleast_lessons: 2", "students", as_of=AFTER)


def test_marks_from_another_class_count(log_of) -> None:
    """A student who moved brings the marks along."""
    moved = [
        event(40, "class.formed", BEFORE, class_="7Б", grade=7),
        event(41, "student.joined", BEFORE, student="s-06", class_="7Б", date="2024-09-02"),
        lesson(9, "2024-09-04", class_="7Б", teacher="t-02"),
        event(42, "mark.recorded", "2024-09-04T12:00:00+05:00", "t-02", lesson="L-9", student="s-06", value="4"),
        event(43, "student.left", BEFORE, student="s-06", class_="7Б", date="2024-09-06"),
        event(44, "student.joined", BEFORE, student="s-06", class_="7А", date="2024-09-06"),
        mark(45, 1, "s-03"),
    ]

    assert [] == findings(log_of([*CLASS, *MARKS, *moved]), RULE + "without_marks: 0", "students", as_of=AFTER)


def test_groups_are_told_apart(log_of) -> None:
    """A student of a group is looked for in the group's lessons, and its teacher answers."""
    split = [
        *(lesson(n, f"2024-09-{n}", subject="Физика", group="2", teacher="t-02") for n in (11, 12, 18)),
        event(50, "group.assigned", BEFORE, student="s-01", class_="7А", subject="Физика", group="2", from_="2024-09-02"),
    ]  # fmt: skip
    found = findings(
        log_of([*CLASS, *split]), RULE + "where: {subjects: [физика]}\nwithout_marks: 0", "responsible", "group", "students", as_of=AFTER
    )

    assert [("t-02", "2", ("s-01",))] == found


def test_half_years_of_senior_grades_hold_the_marks_of_both_quarters(log_of) -> None:
    """Where a school declares both, a mark of September is one of the first half-year for grade 10, not of the first quarter."""
    senior = [
        event(1, "class.formed", BEFORE, class_="7А", grade=10),
        *CLASS[1:],
        event(60, "period.set", BEFORE, period="H1", kind="half_year", starts="2024-09-02", ends="2024-12-28"),
        *(mark(61 + n, 1, f"s-0{n}") for n in range(1, 5)),
    ]

    assert [] == findings(log_of(senior), RULE + "without_marks: 0", "period", as_of="2025-01-15T00:00:00+05:00")
    assert [("H1",)] == findings(log_of(senior), RULE + "one_mark: 0", "period", as_of="2025-01-15T00:00:00+05:00")
