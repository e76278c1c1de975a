"""Terms in situations: what counts as a working day, the next lesson, the last lesson; what moves a term."""

from __future__ import annotations

from tests.rules.situations import Situation

DAY = "2024-11-13"
"""A Wednesday."""
LATER = "2025-01-20T00:00"


def lesson(school: str = "lyceum-68", grade: int = 8, students: int = 2) -> Situation:
    return Situation(school, grade, students).lesson("L-1", f"{DAY}T09:00")


def control(
    school: str = "lyceum-68", kind: str = "control", grade: int = 8, subject: str = "Физика", start: str = f"{DAY}T09:00"
) -> Situation:
    situation = Situation(school, grade).lesson("L-1", start, subject=subject).work(start, kind)
    for number, day in enumerate(("2024-11-15", "2024-11-18", "2024-11-20"), 2):
        situation.lesson(f"L-{number}", f"{day}T09:00", subject=subject)
    return situation


def hour(*more: str) -> Situation:
    """Two lessons, the last ends at 10:40."""
    return lesson("pestravka").lesson("L-2", f"{DAY}T10:00", subject="Химия", teacher="t-02").homework(f"{DAY}T10:30", "L-2")


def test_homework_within_the_hour_after_the_last_lesson_inclusive() -> None:
    """Exactly 60 minutes is in time, a second more is not; after midnight both clauses are broken by one act."""
    assert [] == hour().homework(f"{DAY}T11:40:00").found(LATER, "2.8#a", "2.8#b")
    late, later = hour().homework(f"{DAY}T11:40:01"), hour().homework("2024-11-14T00:00")

    assert [("2.8#b", False), ("2.8#b", True)] == [
        (f.clause, "2.8#a" in f.also) for situation in (late, later) for f in situation.findings(LATER, "2.8#a", "2.8#b")
    ]


def test_cancelled_last_lesson_brings_the_hour_forward() -> None:
    """Known in time it binds; learnt after the hour it made, a person decides; late by both timetables stays late."""
    cancelled = {"in time": f"{DAY}T10:00", "after": f"{DAY}T10:41"}
    found = {when: hour().cancel(time, "L-2").homework(f"{DAY}T11:00").found(LATER, "2.8#b") for when, time in cancelled.items()}

    assert {"in time": [("2.8#b", "violation", "late")], "after": [("2.8#b", "review", "late")]} == found
    by_both = hour().cancel(f"{DAY}T10:41", "L-2").homework(f"{DAY}T12:00")
    assert [("2.8#b", "violation", "late")] == by_both.found(LATER, "2.8#b")


def test_hour_never_passes_midnight_and_class_hours_end_no_school_day() -> None:
    """The clause also says «on the day»; an extracurricular hour is no lesson of the class."""
    evening = (
        lesson("pestravka").lesson("L-2", f"{DAY}T23:00", subject="Химия").homework(f"{DAY}T23:10", "L-2").homework("2024-11-14T00:00")
    )
    extra = hour().lesson("L-3", f"{DAY}T15:00", subject="Внеурочная деятельность").homework(f"{DAY}T15:10", "L-3").homework(f"{DAY}T11:41")

    assert ["2024-11-14T00:00:00"] == evening.due(LATER, "2.8#b")
    assert ["2024-11-13T11:40:00"] == extra.due(LATER, "2.8#b")


def test_working_days_are_the_staffs() -> None:
    """A day off of the students or of one class leaves the term; of the staff, and a regional holiday, it moves it."""

    def after(**data: object) -> list[str]:
        return (
            control()
            .add("day.set", "2024-11-01T10:00", "dir-01", date="2024-11-14", working=False, **data)
            .marks("2024-12-02T10:00")
            .due(LATER, "5.4#b")
        )

    usual, moved = ["2024-11-21T00:00:00"], ["2024-11-22T00:00:00"]
    assert [usual, usual, moved, moved] == [after(scope="students"), after(classes=["8А"]), after(scope="staff"), after()]
    republic = control(start="2023-10-05T09:00").marks("2023-11-02T10:00")
    assert ["2023-10-14T00:00:00"] == republic.due(LATER, "5.4#b")  # 6, 9, 10, 12, 13 October


def test_calendar_days_roll_to_a_working_day() -> None:
    """Pestravka: the second day is a Sunday before a holiday: to Tuesday; a working Saturday stays."""
    sunday, saturday = (
        control("pestravka", "exposition", 4, start="2024-11-01T09:00"),
        control("pestravka", "exposition", 4, start="2024-10-31T09:00"),
    )

    assert ["2024-11-06T00:00:00", "2024-11-03T00:00:00"] == [
        due for situation in (sunday, saturday) for due in situation.marks("2024-11-20T10:00").due(LATER, "3.3#9b")
    ]


def test_next_lesson_is_on_a_later_date_and_held() -> None:
    """A second lesson of the day and a cancelled one do not count; a moved one counts where it went; without any, nothing is due."""
    paired = control("rainbow").lesson("L-9", f"{DAY}T10:00", subject="Физика").marks("2024-11-14T10:00")
    cancelled = control("rainbow").cancel("2024-11-14T10:00", "L-2").marks("2024-11-18T09:00")
    moved = control("rainbow").move("2024-11-14T10:00", "L-2", "2024-11-14T12:00").marks("2024-11-14T12:00")
    last = Situation("rainbow").lesson("L-1", f"{DAY}T09:00").work(f"{DAY}T09:00")

    assert [] == paired.found(LATER, "3.2.3#c")
    assert ["2024-11-18T09:00:00", "2024-11-14T12:00:00"] == [*cancelled.due(LATER, "3.2.3#c"), *moved.due(LATER, "3.2.3#c")]
    assert [] == last.found(LATER, "3.2.3#c")


def test_lesson_inserted_after_the_fact_is_looked_at_by_a_person() -> None:
    """In time by the timetable known at the term that the change makes: review; missing all the same: a violation."""
    inserted = control("rainbow").lesson("L-9", "2024-11-14T09:00", subject="Физика", at="2024-11-15T08:59")

    assert [("3.2.3#c", "violation", "missing")] == inserted.found(LATER, "3.2.3#c")
    assert [("3.2.3#c", "review", "late")] == inserted.marks("2024-11-15T08:00").found(LATER, "3.2.3#c")


def test_next_lesson_of_the_group() -> None:
    """A group's own lessons and the whole class's count, the other group's do not; its teacher answers for its students."""
    split = Situation("rainbow").group("s-01", "1").group("s-02", "2").lesson("L-1", f"{DAY}T09:00", group="1").work(f"{DAY}T09:00")
    split.lesson("L-2", "2024-11-14T09:00", group="2", teacher="t-02").lesson("L-3", "2024-11-18T09:00")

    assert [("missing", ("s-01",))] == split.students(LATER, "3.2.3#c")
    assert ["2024-11-18T09:00:00"] == split.due(LATER, "3.2.3#c")


def test_outage_over_the_due_instant_moves_it_to_the_next_working_day() -> None:
    """To 24:00 of the first working day that begins after it; both ends count; one that ended before does not help."""
    friday = lambda: Situation("lyceum-68").lesson("L-1", "2024-11-15T09:00")  # noqa: E731  -- used thrice
    covered = friday().outage("2024-11-15T20:00", "2024-11-16T00:00")

    assert [] == covered.topic("2024-11-18T23:59:59").found(LATER, "5.1#a")
    late = friday().outage("2024-11-15T20:00", "2024-11-16T00:00").topic("2024-11-19T00:00")
    assert ["2024-11-19T00:00:00"] == late.due(LATER, "5.1#a")
    ended = friday().outage("2024-11-15T20:00", "2024-11-15T23:59:59").topic("2024-11-16T10:00")
    assert ["2024-11-16T00:00:00"] == ended.due(LATER, "5.1#a")


def test_working_day_that_begins_as_the_outage_ends_is_not_after_it() -> None:
    """Ended on Monday at 00:00: Tuesday."""
    situation = Situation("lyceum-68").lesson("L-1", "2024-11-15T09:00").outage("2024-11-15T20:00", "2024-11-18T00:00")

    assert [] == situation.topic("2024-11-19T23:59").found(LATER, "5.1#a")
