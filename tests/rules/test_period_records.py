"""Marks for a period, an exam, a certificate: the edges of their terms, who owes them, who answers."""

from __future__ import annotations

import pytest

from tests.rules.situations import Situation

LATER = "2025-01-20T00:00"

# ---- periods ---------------------------------------------------------------------------------------------------------------------

Q1 = ("Q1", "quarter", "2024-09-02", "2024-10-25")
PERIOD = {"lyceum-68": "3.6.5#a", "pestravka": "5.3", "rainbow": "3.2.4"}


def quarter(school: str, grade: int = 8, students: int = 2) -> Situation:
    return Situation(school, grade, students).period(*Q1).lesson("L-1", "2024-10-23T09:00")


@pytest.mark.parametrize(
    ("school", "at", "expected"),
    [
        ("lyceum-68", "2024-10-18T23:59:59", [("3.6.5#a", "notice", "early")]),
        ("lyceum-68", "2024-10-19T00:00", []),
        ("lyceum-68", "2024-10-25T23:59:59", []),
        ("lyceum-68", "2024-10-26T00:00", [("3.6.5#a", "violation", "late")]),
        ("rainbow", "2024-10-10T10:00", []),
        ("rainbow", "2024-10-26T00:00", [("3.2.4", "violation", "late")]),
        ("pestravka", "2024-10-25T23:59:59", [("5.3", "notice", "early")]),
        ("pestravka", "2024-10-26T00:00", []),
        ("pestravka", "2024-10-26T23:59:59", []),
        ("pestravka", "2024-10-27T00:00", [("5.3", "violation", "late")]),
    ],
)
def test_period_marks(school: str, at: str, expected: list[tuple[str, str, str]]) -> None:
    """Lyceum: the last seven days; rainbow: by the last day; pestravka: the 24 hours after it, a Saturday counts."""
    marked = quarter(school).period_mark(at).period_mark(at, "s-02")

    assert expected == marked.found(LATER, PERIOD[school])


def test_period_mark_of_every_student_who_ended_the_period_in_the_class() -> None:
    """Who joined in it owes, who left before its end or joined after it does not; late and missing are one finding."""
    joined = {"in it": "2024-10-21", "after it": "2024-11-05"}
    found = {
        when: quarter("rainbow", students=1).period_mark("2024-10-24T10:00")
        .add("student.joined", "2024-10-20T10:00", "a-01", student="s-09", class_="8А", date=day).students(LATER, "3.2.4")
        for when, day in joined.items()
    }  # fmt: skip

    assert {"in it": [("missing", ("s-09",))], "after it": []} == found
    left = quarter("rainbow").add("student.left", "2024-10-20T10:00", "a-01", student="s-02", class_="8А", date="2024-10-20")
    assert [] == left.period_mark("2024-10-24T10:00").found(LATER, "3.2.4")
    assert [("missing", ("s-01", "s-02"))] == quarter("rainbow").period_mark("2024-10-28T10:00").students(LATER, "3.2.4")


def test_seniors_have_half_years() -> None:
    """Where quarters and half-years are declared, grade 10 owes for the half-year only, grade 9 for the quarter only."""
    half = ("H1", "half_year", "2024-09-02", "2024-12-28")
    periods = {grade: [f.period for f in quarter("rainbow", grade).period(*half).findings(LATER, "3.2.4")] for grade in (9, 10)}

    assert {9: ["Q1"], 10: ["H1"]} == periods


def test_groups_have_period_marks_of_their_own() -> None:
    """One finding per group, for its students, to its teacher, also where the group's subject goes by two names."""
    split = Situation("rainbow").period(*Q1).group("s-01", "1", "Технология").group("s-02", "2", "Технология")
    split.lesson("L-1", "2024-10-23T09:00", "Труд (технология)", group="1").lesson(
        "L-2", "2024-10-23T09:00", "Труд (технология)", "t-02", group="2"
    )

    found = split.period_mark("2024-10-24T10:00", subject="Труд (технология)").findings(LATER, "3.2.4")
    assert [("t-02", "2", ("s-02",))] == [(f.responsible, f.group, f.students) for f in found]


def test_nobody_owes_marks_for_class_hours_and_grade_1() -> None:
    """Class hours are not graded."""
    assert [] == Situation("rainbow").period(*Q1).lesson("L-1", "2024-10-23T09:00", "Разговоры о важном").found(LATER, "3.2.4")
    assert [] == quarter("rainbow", grade=1).found(LATER, "3.2.4")


# ---- exams -----------------------------------------------------------------------------------------------------------------------


def exam(subject: str = "Математика", taught: str = "Математика", **data: object) -> Situation:
    situation = Situation("lyceum-68", 9).lesson("L-1", "2024-05-21T09:00", taught)
    return situation.add(
        "exam.announced", "2024-06-11T12:00", "d-01", **{"exam": "E-1", "subject": subject, "date": "2024-06-11", "grade": 9, **data}
    )


def result(situation: Situation, time: str, student: str = "s-01") -> Situation:
    return situation.add("exam_mark.recorded", time, exam="E-1", student=student, value="4")


def final(situation: Situation, time: str, subject: str = "Математика") -> Situation:
    return situation.add("final_mark.recorded", time, class_="8А", subject=subject, student="s-01", value="4")


def test_exam_results_in_three_working_days_after_the_announcement() -> None:
    """11 June: 12 June is a holiday, so 13, 14 and 17 June; grade 11 is not spoken of."""
    assert [] == result(exam(), "2024-06-17T23:59:59").found(LATER, "5.5")
    assert ["2024-06-18T00:00:00"] == result(exam(), "2024-06-18T00:00").due(LATER, "5.5")
    assert [] == result(exam(grade=11), "2024-06-28T00:00").found(LATER, "5.5")


def test_exam_results_never_entered() -> None:
    """Of the named students, one finding; where none is named, of the only class of that grade that learns the subject."""
    named = result(exam(students=["s-01", "s-02"]), "2024-06-13T10:00")

    assert [("missing", ("s-02",))] == named.students(LATER, "5.5")
    assert [("t-01", "8А", ())] == [(f.responsible, f.class_, f.students) for f in exam().findings(LATER, "5.5")]


def test_who_answers_for_an_exam() -> None:
    """The teacher of the subject under any of its names; the homeroom teacher where the class learns no such subject."""
    assert [("t-01", "teacher")] == result(exam("русский", "Русский язык"), "2024-06-28T10:00").people(LATER, "5.5")
    assert [("h-01", "homeroom_teacher")] == result(exam(taught="Алгебра"), "2024-06-28T10:00").people(LATER, "5.5")


def test_final_marks_in_three_working_days_after_the_last_result_was_entered() -> None:
    """The term runs from the real entry, also a late one; missing for exam subjects, late for every subject."""
    entered = lambda: result(exam(), "2024-06-20T10:00")  # noqa: E731  -- used thrice

    assert [] == final(entered(), "2024-06-25T23:59").found(LATER, "5.6")
    assert ["2024-06-26T00:00:00"] == final(entered(), "2024-06-26T00:00").due(LATER, "5.6")
    assert [("missing", ("s-01",))] == entered().students(LATER, "5.6")
