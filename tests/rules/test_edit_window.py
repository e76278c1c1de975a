"""Family `edit_window`: until when marks and attendance may be entered and changed, whom that binds, and what a remark allows."""

from __future__ import annotations

import pytest

from tests.rules.situations import Situation

LATER = "2024-03-20T00:00"
WINDOW = ("3.16#a", "3.16#b")
CORRECTION = ("3.6.8#a", "3.6.8#b", "5.3")


def old() -> Situation:
    """Sgo-school: a lesson on Monday 5 February with a mark; day 14 is 19 February."""
    return Situation("sgo-school").lesson("L-1", "2024-02-05T09:00").mark("2024-02-05T09:30")


def oral() -> Situation:
    """Lyceum: a lesson on Monday 5 February with a mark, whose term closes that day."""
    return Situation("lyceum-68").lesson("L-1", "2024-02-05T09:00").mark("2024-02-05T09:30")


# ---- fourteen days ---------------------------------------------------------------------------------------------------------------


def test_window_is_open_through_day_fourteen() -> None:
    """Closed from day 15 on, whatever the holidays and outages; shown is the close of the window."""
    assert [] == old().change("2024-02-19T23:59:59").found(LATER, *WINDOW)
    late = old().outage("2024-02-19T20:00", "2024-02-20T08:00").change("2024-02-20T00:00")
    assert [("3.16#a", "violation", "forbidden")] == late.found(LATER, *WINDOW)
    assert ["2024-02-20T00:00:00"] == late.due(LATER, *WINDOW)


def test_first_entry_into_an_old_cell_is_an_edit() -> None:
    """The ban stands, the lateness is cited with it and leaves the lesson's finding; on day 14 the entry is only late."""
    situation = Situation("sgo-school").lesson("L-1", "2024-02-05T09:00").mark("2024-02-06T10:00").mark("2024-02-20T10:00", student="s-02")
    found = situation.findings(LATER, "3.16#a", "5.2.teachers#1")

    assert [("3.16#a", ("s-02",)), ("5.2.teachers#1", ("s-01",))] == sorted((f.clause, f.students) for f in found if "marks" in f.rule)
    assert "5.2.teachers#1" in next(f for f in found if f.clause == "3.16#a").also
    day_14 = Situation("sgo-school").lesson("L-1", "2024-02-05T09:00").mark("2024-02-19T23:59")
    assert [] == day_14.found(LATER, "3.16#a")


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("t-01", [("t-01", "teacher")]), ("t-02", [("t-02", "teacher")]), ("h-01", [("h-01", "homeroom_teacher")]),
        ("d-01", []), ("a-01", []), ("dir-01", []),
    ],
)  # fmt: skip
def test_window_binds_teachers_and_homeroom_teachers(actor: str, expected: list[tuple[str, str]]) -> None:
    """Administration and administrators are not bound."""
    assert expected == old().change("2024-02-20T10:00", actor=actor).people(LATER, *WINDOW)


def test_attendance_window() -> None:
    """A reason on day 15 is forbidden to the homeroom teacher and counts once; the administrator may enter the note."""
    absent = lambda: Situation("sgo-school").lesson("L-1", "2024-02-05T09:00").absent("2024-02-05T09:05")  # noqa: E731  -- used thrice

    late = absent().reason("2024-02-20T10:00").findings(LATER, "3.16#b", "4.homeroom#2")
    assert [("3.16#b", "h-01", True)] == [(f.clause, f.responsible, "4.homeroom#2" in f.also) for f in late]
    assert [] == absent().reason("2024-02-20T10:00", actor="a-01").found(LATER, "3.16#b")
    assert [] == absent().reason("2024-02-19T23:59").found(LATER, "3.16#b")


def test_window_runs_from_the_day_on_which_the_lesson_was_held() -> None:
    """A moved lesson has the window of its new day; deleting is an edit as well; period marks have no window."""
    moved = (
        Situation("sgo-school")
        .lesson("L-1", "2024-02-05T09:00")
        .move("2024-02-04T10:00", "L-1", "2024-02-07T09:00")
        .mark("2024-02-07T10:00")
    )

    assert [] == moved.change("2024-02-21T23:59").found(LATER, *WINDOW)
    assert [("3.16#a", "violation", "forbidden")] == old().delete("2024-02-20T10:00").found(LATER, *WINDOW)
    quarter = old().period("Q1", "quarter", "2024-01-09", "2024-02-06").period_mark("2024-03-10T10:00")
    assert [] == quarter.found(LATER, *WINDOW)


def test_one_act_against_two_bans_is_one_finding() -> None:
    """A «1» entered on day 15: the window speaks, the scale is cited."""
    found = Situation("sgo-school").lesson("L-1", "2024-02-05T09:00").mark("2024-02-20T10:00", "1").findings(LATER, "3.16#a", "3.17#a")

    assert [("3.16#a", True)] == [(f.clause, "3.17#a" in f.also) for f in found]


# ---- no corrections --------------------------------------------------------------------------------------------------------------


def test_correction_after_the_term_of_the_mark() -> None:
    """A slip may be mended until 24:00 of the lesson's day; each later change and deletion is a finding of its own."""
    assert [] == oral().change("2024-02-05T23:59:59").found(LATER, *CORRECTION)
    assert [("3.6.8#a", "violation", "forbidden")] == oral().change("2024-02-06T00:00").found(LATER, *CORRECTION)
    twice = oral().change("2024-02-07T10:00").change("2024-02-08T10:00", "4", "5")
    assert [("3.6.8#a", "violation", "forbidden")] * 2 == twice.found(LATER, *CORRECTION)
    assert [("3.6.8#a", "violation", "forbidden")] == oral().delete("2024-02-07T10:00").found(LATER, *CORRECTION)


def test_mark_of_a_work_is_open_as_long_as_its_term() -> None:
    """Five working days of a control work, also for a change that does not name the work."""
    control = lambda: Situation("lyceum-68").lesson("L-1", "2024-02-05T09:00").work("2024-02-05T09:00").marks("2024-02-05T10:00")  # noqa: E731  -- twice

    assert [] == control().change("2024-02-12T23:59", work="W-1").found(LATER, *CORRECTION)
    assert ["2024-02-13T00:00:00"] == control().change("2024-02-13T00:00").due(LATER, *CORRECTION)


def test_mark_beside_an_absence_replaces_none() -> None:
    """«Н» becomes «Н4» when the student made up for it; «Н3» becoming «Н4» is a correction."""
    cell = lambda value: Situation("lyceum-68").lesson("L-1", "2024-02-05T09:00").mark("2024-02-05T10:00", value)  # noqa: E731  -- twice

    assert [] == cell("Н").change("2024-02-20T10:00", "Н4", "Н").found(LATER, *CORRECTION)
    assert [("3.6.8#a", "violation", "forbidden")] == cell("Н3").change("2024-02-20T10:00", "Н4", "Н3").found(LATER, *CORRECTION)


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ({"lesson": "L-1", "student": "s-01"}, []),
        ({"lesson": "L-1"}, []),
        ({"lesson": "L-1", "student": "s-02"}, [("3.6.8#a", "violation", "forbidden")]),
        ({"lesson": "L-1", "to": "t-02"}, [("3.6.8#a", "violation", "forbidden")]),
        ({}, [("3.6.8#a", "review", "forbidden")]),
    ],
)
def test_correction_that_answers_a_remark(remark: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    """Free when the remark names lesson and student, or any student; a remark that names no lesson is weighed by a person."""
    situation = oral().remark("2024-02-08T10:00", **remark).change("2024-02-09T10:00").resolve("2024-02-09T10:00")

    assert expected == situation.found(LATER, "3.6.8#a")


def test_correction_outside_the_life_of_the_remark() -> None:
    """Before it was issued, or after it was resolved, it allows nothing; while it is open it does."""
    remark = {"lesson": "L-1", "student": "s-01"}
    banned = [("3.6.8#a", "violation", "forbidden")]

    assert banned == oral().change("2024-02-07T10:00").remark("2024-02-08T10:00", **remark).found(LATER, "3.6.8#a")
    assert banned == oral().remark("2024-02-08T10:00", **remark).resolve("2024-02-09T10:00").change("2024-02-09T10:01").found(
        LATER, "3.6.8#a"
    )
    assert [] == oral().remark("2024-02-08T10:00", **remark).change("2024-03-19T10:00").found(LATER, "3.6.8#a")


def test_edits_about_which_the_source_knows_too_little() -> None:
    """Nobody knows who, or whether before the term: unproven; an undated author is no proof against the teacher."""
    assert [("3.6.8#a", "unproven", "forbidden")] == oral().change("2024-02-07T10:00", actor=None).found(LATER, "3.6.8#a")
    assert [("3.6.8#a", "unproven", "forbidden")] == oral().change("2024-02-07T10:00", notbefore="2024-02-05T20:00").found(LATER, "3.6.8#a")
