"""Family `absence_reasons`: by when the homeroom teacher names reasons, what counts as that, and who is asked."""

from __future__ import annotations

import pytest

from tests.rules.situations import Situation

DAY = "2024-11-12"
"""A Tuesday; its week ends on Sunday, 17 November."""
LATER = "2024-12-10T00:00"
WEEKLY = {
    "lyceum-68": ("3.5.3", "notice"),
    "pestravka": ("3.2#5a", "violation"),
    "rainbow": ("3.3.2", "violation"),
    "sgo-school": ("4.homeroom#2", "violation"),
}


def absent(school: str, grade: int = 8) -> Situation:
    return Situation(school, grade).lesson("L-1", f"{DAY}T09:00").absent(f"{DAY}T09:05")


@pytest.mark.parametrize("school", WEEKLY)
def test_reason_by_the_end_of_the_week(school: str) -> None:
    """Sunday 24:00, exclusive; the lyceum's week is our reading, so a notice."""
    clause, verdict = WEEKLY[school]

    assert [] == absent(school).reason("2024-11-17T23:59:59").found(LATER, clause)
    assert [(clause, verdict, "late")] == absent(school).reason("2024-11-18T00:00").found(LATER, clause)
    assert [] == absent(school).found("2024-11-17T23:59:59", clause)
    assert [(clause, verdict, "missing")] == absent(school).found("2024-11-18T00:00", clause)


def test_each_absence_has_its_own_finding() -> None:
    """Per lesson and student, to the homeroom teacher."""
    two = (
        absent("sgo-school")
        .absent(f"{DAY}T09:05", student="s-02")
        .lesson("L-2", "2024-11-13T09:00")
        .absent("2024-11-13T09:05", lesson="L-2")
    )
    found = two.reason("2024-11-14T10:00").findings(LATER, "4.homeroom#2")

    assert [("L-1", ("s-02",), "h-01"), ("L-2", ("s-01",), "h-01")] == sorted((f.lesson, f.students, f.responsible) for f in found)


def test_absence_taken_back_needs_no_reason() -> None:
    """Who was there after all was not away."""
    assert [] == absent("sgo-school").reason(f"{DAY}T12:00", "П", "t-01").found(LATER, "4.homeroom#2")


def test_reason_named_by_somebody_else_fulfils_the_duty() -> None:
    """By the teacher at once, or by the administrator, late as late is."""
    at_once = Situation("sgo-school").lesson("L-1", f"{DAY}T09:00").absent(f"{DAY}T09:05", "Б")

    assert [] == at_once.found(LATER, "4.homeroom#2")
    assert [("h-01", "homeroom_teacher")] == absent("sgo-school").reason("2024-11-19T10:00", actor="a-01").people(LATER, "4.homeroom#2")


@pytest.mark.parametrize("school", ["rainbow", "school-7"])
def test_confirmed_absence_is_accounted_for(school: str) -> None:
    """Where the text asks for an account, the homeroom teacher's own record or check of the class will do, not another's check."""
    clause = {"rainbow": "3.3.2", "school-7": "3.4.7"}[school]
    checked = {"control": "attendance_check", "role": "homeroom_teacher", "class_": "8А", "from_": DAY, "to": DAY}

    assert [] == absent(school).absent(f"{DAY}T20:00", actor="h-01").found(LATER, clause)
    assert [] == absent(school).add("control.performed", f"{DAY}T20:00", "h-01", **checked).found(LATER, clause)
    assert [(clause, "violation", "missing")] == absent(school).add("control.performed", f"{DAY}T20:00", "d-01", **checked).found(
        LATER, clause
    )


def test_check_does_not_name_a_reason() -> None:
    """Where reasons are asked for, a check is none."""
    checked = absent("pestravka").add("control.performed", f"{DAY}T20:00", "h-01", control="attendance_check", role="homeroom_teacher")

    assert [("3.2#5a", "violation", "missing")] == checked.found(LATER, "3.2#5a")


@pytest.mark.parametrize("grade", [1, 8])
def test_daily_account(grade: int) -> None:
    """School-7: on the day of the absence, in grade 1 as well; a day without absences owes nothing."""
    assert [] == absent("school-7", grade).reason(f"{DAY}T23:59:59").found(LATER, "3.4.7")
    assert [("3.4.7", "violation", "late")] == absent("school-7", grade).reason("2024-11-13T00:00").found(LATER, "3.4.7")
    assert [] == Situation("school-7", grade).lesson("L-1", f"{DAY}T09:00").found(LATER, "3.4.7")


def test_outage_over_the_end_of_the_week() -> None:
    """The term moves to 24:00 of the first working day that begins after it."""
    covered = lambda: absent("sgo-school").outage("2024-11-17T20:00", "2024-11-18T02:00")  # noqa: E731  -- twice

    assert [] == covered().reason("2024-11-19T23:59").found(LATER, "4.homeroom#2")
    assert ["2024-11-20T00:00:00"] == covered().reason("2024-11-20T00:00").due(LATER, "4.homeroom#2")
