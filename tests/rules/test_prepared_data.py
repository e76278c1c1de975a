"""Data that must stand in time: lists, cards, reference data, subgroups, the timetable and its substitutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ingest.eventlog import EventLog
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried
from tests.rules.test_archive import AUGUST, SCHOOL, SEVENTH, YEAR, bracketed

Log = Callable[[Sequence[Json]], EventLog]
OFFICE = [
    event(60, "person.registered", AUGUST, person="c-01", roles=["secretary"]),
    event(61, "person.registered", AUGUST, person="o-01", roles=["study_operator"]),
    event(62, "person.registered", AUGUST, person="t-01", roles=["teacher"]),
    event(63, "person.registered", AUGUST, person="t-02", roles=["teacher"]),
]
OURS = [*SCHOOL, *OFFICE]


def at(number: int, kind: str, time: str, actor: str | None = "a-01", /, **data: Any) -> Json:
    """Give an event at a local time."""
    return event(number, kind, f"{time}+05:00", actor, **data)


# ---- lists ---------------------------------------------------------------------------------------------------------------------------

LISTS = "family: delivered_lists\ndue: {date: 09-05}"


def delivered(kind: str, time: str, number: int = 70) -> Json:
    """Give the delivery of a list."""
    return at(number, "list.delivered", time, "c-01", kind=kind)


@pytest.mark.parametrize(
    ("classes", "teachers", "found"),
    [
        ("2024-09-05T23:59:00", "2024-08-30T10:00:00", []),
        ("2024-09-05T10:00:00", "2024-09-06T00:00:00", [("late", "c-01", "2024-09-06T00:00:00+05:00", "2024-09-05")]),
        ("2024-09-06T10:00:00", "2024-09-07T10:00:00", [("late", "c-01", "2024-09-06T00:00:00+05:00", "2024-09-05")]),
        ("2024-09-04T10:00:00", None, [("missing", "c-01", "2024-09-06T00:00:00+05:00", "2024-09-05")]),
        ("2024-06-03T10:00:00", "2024-09-01T10:00:00", []),
    ],
)
def test_both_lists_are_delivered_by_the_fifth(log_of: Log, classes: str, teachers: str | None, found: list[object]) -> None:
    """One finding for the lists of a year; a delivery from June on is for the coming year."""
    events = [delivered("classes", classes)] + ([delivered("teachers", teachers, 71)] if teachers else [])

    assert found == findings(log_of([*OURS, *events]), LISTS, "status", "responsible", "due_at", "date")


def test_what_came_when_is_told(log_of: Log) -> None:
    """The explanation names each list that is late or lacking."""
    (found,) = tried(log_of([*OURS, delivered("classes", "2024-09-06T10:00:00")]), LISTS).findings

    assert "список классов передан 06.09.2024 10:00, список учителей не передан" in found.explanation


def test_lists_need_no_timetable(log_of: Log) -> None:
    """A log of nothing but people and a delivery is judged; a Saturday does not move the date (2026); no delivery at all is undecidable."""
    people = [*OFFICE, delivered("classes", "2024-09-05T10:00:00"), delivered("teachers", "2024-09-06T10:00:00", 71)]
    saturday = [*OFFICE, delivered("classes", "2026-09-05T10:00:00"), delivered("teachers", "2026-09-07T10:00:00", 71)]

    assert [("late",)] == findings(log_of(people), LISTS, "status")
    assert [("2026-09-06T00:00:00+05:00",)] == findings(log_of(saturday), LISTS, "due_at", as_of="2026-10-01T00:00:00+05:00")
    assert {"tried": 2} == tried(log_of(OURS), LISTS).undecidable


def test_a_log_that_begins_later_is_not_judged(log_of: Log) -> None:
    """Exported from October on: what was delivered in September is not in it."""
    october = [item | {"time": "2024-10-01T10:00:00+05:00"} for item in OURS]

    assert [] == findings(log_of([*october, delivered("classes", "2024-10-05T10:00:00")]), LISTS, "status")


def test_a_year_declared_only_from_winter_on_is_not_judged(log_of: Log) -> None:
    """The journal has the second quarter and no more: nobody knows how the year began."""
    quarter = at(1, "period.set", "2024-08-26T10:00:00", period="2024-Q2", kind="quarter", starts="2024-11-05", ends="2024-12-27")

    assert [] == findings(log_of([*OFFICE, quarter, delivered("classes", "2024-11-20T10:00:00")]), LISTS, "status")


# ---- cards of students -----------------------------------------------------------------------------------------------------------------

CARDS = 'family: complete_profiles\ndue: {date: "09-01", inclusive: false}'


def joined(student: str, date: str = "2024-09-02", time: str = "2024-08-26T10:00:00", number: int = 80) -> Json:
    """Give a student's entry into 7В."""
    return at(number, "student.joined", time, student=student, class_="7В", date=date)


def card(student: str, time: str, number: int = 90, **data: Any) -> Json:
    """Give an update of a student's card."""
    return at(number, "profile.updated", time, "h-01", person=student, **data)


def test_cards_are_complete_before_the_first_of_september(log_of: Log) -> None:
    """31 August at 23:59 is in time, midnight is not; one finding names the students of the class."""
    log = log_of([
        *OURS, *(joined(f"s-0{n}", number=80 + n) for n in range(1, 5)),
        card("s-01", "2024-08-31T23:59:00", 91, complete=True), card("s-02", "2024-09-01T00:00:00", 92, complete=True),
        card("s-03", "2024-09-01T10:00:00", 93, complete=True), card("s-04", "2023-10-01T10:00:00", 94, complete=True),
    ])  # fmt: skip

    found = findings(log, CARDS, "status", "responsible", "class_", "students", "due_at", "date")
    assert [("late", "h-01", "7В", ("s-02", "s-03"), "2024-09-01T00:00:00+05:00", "2024-08-31")] == found


def test_an_incomplete_card_does_not_count(log_of: Log) -> None:
    """An update that finds the card incomplete takes back what stood before; one that says nothing of it counts."""
    log = log_of([
        *OURS, *(joined(f"s-0{n}", number=80 + n) for n in range(1, 4)),
        card("s-01", "2024-08-28T10:00:00", 91, complete=False),
        card("s-02", "2024-08-27T10:00:00", 92, complete=True), card("s-02", "2024-08-28T10:00:00", 93, complete=False),
        card("s-03", "2024-08-28T10:00:00", 94),
    ])  # fmt: skip

    assert [("missing", ("s-01", "s-02"))] == findings(log, CARDS, "status", "students")


@pytest.mark.parametrize(
    ("time", "found"),
    [("2024-10-14T23:00:00", []), ("2024-10-15T09:00:00", [("late", ("s-02",), "2024-10-15T00:00:00+05:00", "2024-10-14")])],
)
def test_who_joins_later_has_a_card_on_that_day(log_of: Log, time: str, found: list[object]) -> None:
    """Entered on 14 October: until midnight."""
    log = log_of([
        *OURS, joined("s-01"), card("s-01", "2024-08-28T10:00:00"),
        joined("s-02", "2024-10-14", "2024-10-14T09:00:00", 81), card("s-02", time, 91, complete=True),
    ])  # fmt: skip

    assert found == findings(log, CARDS, "status", "students", "due_at", "date")


def test_a_change_of_class_and_an_early_leave_owe_nothing_new(log_of: Log) -> None:
    """The first class of the year owed the card; who left before the term owes none."""
    other = at(64, "class.formed", "2024-08-26T10:00:00", class_="7Г", grade=7, homeroom_teacher="h-02")
    log = log_of([
        *OURS, other, card("s-09", "2024-08-28T10:00:00"),
        joined("s-01"), at(81, "student.joined", "2024-11-05T10:00:00", student="s-01", class_="7Г", date="2024-11-05"),
        joined("s-02", "2024-08-26", number=82),
        at(83, "student.left", "2024-08-28T10:00:00", student="s-02", class_="7В", date="2024-08-30"),
    ])  # fmt: skip

    assert [("7В", ("s-01",))] == findings(log, CARDS, "class_", "students")


def test_without_any_card_event_nobody_can_decide(log_of: Log) -> None:
    """The students are counted."""
    assert {"tried": 1} == tried(log_of([*OURS, joined("s-01")]), CARDS).undecidable


def parent(tied: str, number: int = 85, person: str = "p-01") -> Json:
    """Give a parent's tie to s-01."""
    return at(number, "parent.linked", tied, parent=person, student="s-01")


@pytest.mark.parametrize(
    ("tied", "time", "found"),
    [
        ("2024-08-27T10:00:00", "2024-08-31T23:59:00", []),
        ("2024-08-27T10:00:00", "2024-09-01T00:00:00", [("late", "h-01", ("s-01",), "2024-09-01T00:00:00+05:00")]),
        ("2024-10-14T10:00:00", "2024-10-14T20:00:00", []),
        ("2024-10-14T10:00:00", "2024-10-15T08:00:00", [("late", "h-01", ("s-01",), "2024-10-15T00:00:00+05:00")]),
    ],
)
def test_cards_of_parents_too(log_of: Log, tied: str, time: str, found: list[object]) -> None:
    """A parent's card is due with the student's, and not before the parent is tied to the student."""
    log = log_of([*OURS, joined("s-01"), parent(tied), card("p-01", time, 91, complete=True)])

    assert found == findings(log, CARDS + "\nof: parents", "status", "responsible", "students", "due_at")


def test_a_journal_that_keeps_no_cards_of_parents_decides_nothing_about_them(log_of: Log) -> None:
    """Cards of students say nothing of those of parents; where some parents have cards, the others lack them."""
    log = log_of([*OURS, joined("s-01"), parent("2024-08-27T10:00:00"), card("s-01", "2024-08-28T10:00:00", 91)])
    other = card("p-02", "2024-08-28T10:00:00", 92)
    rule = CARDS + "\nof: parents"

    assert {"tried": 1} == tried(log, rule).undecidable
    log = log_of([*OURS, joined("s-01"), parent("2024-08-27T10:00:00"), parent("2024-08-27T10:00:00", 86, "p-02"), other])
    assert [("missing", "2024-08-31")] == findings(log, rule, "status", "date")


# ---- reference data --------------------------------------------------------------------------------------------------------------------

TIMETABLE = "family: reference_data\nkind: timetable\nbefore: {parameter: by}"
ASSUMED = "parameters:\n  by: {value: first_lesson, assumed: true, why: даты нет}\n"


def entered(time: str, kind: str = "timetable", number: int = 95) -> Json:
    """Give the entry of reference data for 2024/25."""
    return at(number, "reference.entered", time, "o-01", kind=kind, school_year="2024/25")


@pytest.mark.parametrize(
    ("time", "kind", "found"),
    [
        ("2024-09-02T08:59:00", "timetable", []),
        ("2024-09-02T12:00:00", "timetable", [("late", "notice", "o-01", "2024-09-02T09:00:00+05:00")]),
        ("2024-08-28T12:00:00", "subjects", [("missing", "notice", "o-01", "2024-09-02T09:00:00+05:00")]),
    ],
)
def test_reference_data_stand_before_the_first_lesson(log_of: Log, time: str, kind: str, found: list[object]) -> None:
    """The text names no date, so the first lesson is assumed, and the finding is a notice."""
    log = log_of([*OURS, lesson(1, "2024-09-02"), entered(time, kind)])

    assert found == findings(log, TIMETABLE, "status", "verdict", "responsible", "due_at", extra=ASSUMED)


def test_reference_data_of_a_year_seen_from_winter_are_not_judged(log_of: Log) -> None:
    """Nor in a log without any; a cancelled first lesson is none."""
    winter = log_of([*OURS, lesson(1, "2024-12-02"), entered("2024-12-03T12:00:00")])
    silent = log_of([*OURS, lesson(1, "2024-09-02")])
    cancelled = log_of([
        *OURS, lesson(1, "2024-09-02"), at(96, "lesson.cancelled", "2024-09-01T12:00:00", lesson="L-1"), lesson(2, "2024-09-03"),
        entered("2024-09-02T12:00:00"),
    ])  # fmt: skip

    assert [] == findings(winter, TIMETABLE, "status", extra=ASSUMED)
    assert {"tried": 1} == tried(silent, TIMETABLE, extra=ASSUMED).undecidable
    assert [] == findings(cancelled, TIMETABLE, "status", extra=ASSUMED)


# ---- subgroups -------------------------------------------------------------------------------------------------------------------------

GROUPS = "family: subgroups\nbefore: first_lesson"


def assigned(student: str, time: str, group: str = "1", number: int = 100) -> Json:
    """Give a student's group in English."""
    return at(number, "group.assigned", time, "o-01", student=student, class_="7В", subject="Английский", group=group, from_="2024-09-02")


def english(number: int, day: str, group: str = "1") -> Json:
    """Give a lesson of a group."""
    return lesson(number, day, class_="7В", subject="Английский", group=group)


def test_students_are_in_groups_before_the_first_lesson_of_one(log_of: Log) -> None:
    """Who was assigned after it is named; who joined the class later, or is in no group, is not."""
    log = log_of([
        *OURS, *(joined(f"s-0{n}", number=80 + n) for n in (1, 2, 3)), joined("s-04", "2024-10-01", number=84),
        english(1, "2024-09-03"), english(2, "2024-09-04", "2"),
        assigned("s-01", "2024-09-03T08:00:00", number=101), assigned("s-02", "2024-09-03T12:00:00", "2", 102),
        assigned("s-04", "2024-10-01T12:00:00", "2", 103),
    ])  # fmt: skip

    found = findings(log, GROUPS, "status", "responsible", "class_", "subject", "students", "due_at")
    assert [("late", "o-01", "7В", "Английский", ("s-02",), "2024-09-03T09:00:00+05:00")] == found


def test_groups_of_the_next_year_say_nothing_of_this_one(log_of: Log) -> None:
    """Assigned in August 2025, in a class that had groups in September 2024: who was in which group then, the log does not know."""
    log = log_of([*OURS, joined("s-01"), english(1, "2024-09-03"), assigned("s-01", "2025-08-27T12:00:00")])

    assert [] == findings(log, GROUPS, "status", as_of="2025-09-10T00:00:00+05:00")


def test_a_group_with_lessons_and_nobody_in_it(log_of: Log) -> None:
    """Missing, for the homeroom teacher where the clause names them; no assignment in the log at all is undecidable."""
    log = log_of([*OURS, joined("s-01"), english(1, "2024-09-03"), english(2, "2024-09-04", "2"), assigned("s-01", "2024-09-01T12:00:00")])

    assert [("missing", "h-01", "2")] == findings(log, GROUPS + "\nrole: homeroom_teacher", "status", "responsible", "group")
    assert {"tried": 1} == tried(log_of([*OURS, joined("s-01"), english(1, "2024-09-03")]), GROUPS).undecidable


# ---- timetable and substitutions -------------------------------------------------------------------------------------------------------

ENTERED = "family: timetable_entry"


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("2024-09-09T08:59:00", []),
        ("2024-09-09T09:00:00", [("late", "d-01", "L-1", "2024-09-09T09:00:00+05:00")]),
        ("2024-09-10T12:00:00", [("late", "d-01", "L-1", "2024-09-09T09:00:00+05:00")]),
    ],
)
def test_a_lesson_stands_in_the_timetable_before_it_begins(log_of: Log, time: str, found: list[object]) -> None:
    """Entered at its start or later is late; the deputy answers."""
    log = log_of([*OURS, lesson(1, "2024-09-09") | {"time": f"{time}+05:00"}])

    assert found == findings(log, ENTERED, "status", "responsible", "lesson", "due_at")


def test_the_first_entry_of_a_lesson_counts(log_of: Log) -> None:
    """Entered in time and again afterwards, or moved: in time. A cancelled lesson and one from before the log are not judged."""
    again = lesson(1, "2024-09-09") | {"id": "l-901", "time": "2024-09-11T12:00:00+05:00"}
    moved = at(
        110, "lesson.moved", "2024-09-08T12:00:00", lesson="L-1", starts_at="2024-09-08T09:00:00+05:00", ends_at="2024-09-08T09:40:00+05:00"
    )
    late = lesson(2, "2024-09-09") | {"time": "2024-09-11T12:00:00+05:00"}
    corrected = moved | {"data": {"lesson": "L-2", "starts_at": "2024-09-12T09:00:00+05:00", "ends_at": "2024-09-12T09:40:00+05:00"}}

    assert [] == findings(log_of([*OURS, lesson(1, "2024-09-09"), again, moved]), ENTERED, "status")
    assert [] == findings(log_of([*OURS, late, corrected | {"time": "2024-09-11T12:10:00+05:00"}]), ENTERED, "status")
    assert [] == findings(log_of([*OURS, late, at(111, "lesson.cancelled", "2024-09-12T12:00:00", lesson="L-2")]), ENTERED, "status")
    imported = [item | {"time": "2024-10-01T10:00:00+05:00"} for item in (*OURS, lesson(1, "2024-09-09"), lesson(2, "2024-10-09"))]
    assert [] == findings(log_of(imported), ENTERED, "status")


def test_a_lesson_entered_between_snapshots_is_unproven(log_of: Log) -> None:
    """It may have stood in time."""
    log = log_of([*OURS, bracketed(lesson(1, "2024-09-09") | {"time": "2024-09-10T12:00:00+05:00"}, "2024-09-08T12:00:00")])

    assert [("late", "unproven")] == findings(log, ENTERED, "status", "verdict")


SUBSTITUTED = "family: substitutions\nby: day_end"
AWAY = at(120, "absence.registered", "2024-09-09T07:00:00", "d-01", person="t-01", from_="2024-09-09", to="2024-09-11")


def substituted(time: str, number: int = 121, teacher: str = "t-02") -> Json:
    """Give the substitution of L-1."""
    return at(number, "lesson.substituted", time, "d-01", lesson="L-1", teacher=teacher)


@pytest.mark.parametrize(
    ("by", "time", "found"),
    [
        ("day_end", "2024-09-09T23:59:00", []),
        ("day_end", "2024-09-10T08:00:00", [("late", "d-01", "L-1", "2024-09-10T00:00:00+05:00")]),
        ("lesson_start", "2024-09-09T08:59:00", []),
        ("lesson_start", "2024-09-09T09:05:00", [("late", "d-01", "L-1", "2024-09-09T09:00:00+05:00")]),
    ],
)
def test_a_substitution_is_registered_in_time(log_of: Log, by: str, time: str, found: list[object]) -> None:
    """By the start of the lesson, or by the end of its day; who was named first counts."""
    log = log_of([*OURS, lesson(1, "2024-09-09"), AWAY, substituted(time), substituted("2024-09-12T10:00:00", 122, "t-09")])

    assert found == findings(log, SUBSTITUTED.replace("day_end", by), "status", "responsible", "lesson", "due_at")


@pytest.mark.parametrize(
    ("actor", "found"),
    [("t-02", [("missing", "review", "d-01", "L-1")]), ("t-01", []), ("h-01", []), ("d-01", []), (None, [])],
)
def test_somebody_else_wrote_while_the_teacher_was_away(log_of: Log, actor: str | None, found: list[object]) -> None:
    """Neither the teacher, nor the homeroom teacher, nor the office: a person looks whether it was a substitution."""
    topic = at(130, "topic.recorded", "2024-09-09T09:30:00", actor, lesson="L-1", text="Тема")
    log = log_of([*OURS, lesson(1, "2024-09-09", class_="7В"), AWAY, topic])

    assert found == findings(log, SUBSTITUTED, "status", "verdict", "responsible", "lesson")
    for finding in tried(log, SUBSTITUTED).findings:
        assert "учитель t-01 отсутствует, записи сделал t-02, а замена не отмечена" in finding.explanation
        assert {"e-120", "e-130"} <= set(finding.evidence)


def test_a_present_teacher_needs_no_substitution(log_of: Log) -> None:
    """A colleague's entry on a day without a registered absence says nothing."""
    topic = at(130, "topic.recorded", "2024-09-12T09:30:00", "t-02", lesson="L-1", text="Тема")

    assert [] == findings(log_of([YEAR, SEVENTH, *OFFICE, lesson(1, "2024-09-12", class_="7В"), AWAY, topic]), SUBSTITUTED, "status")


def test_a_move_is_entered_on_the_day_of_the_lesson(log_of: Log) -> None:
    """Where the rule looks at moves: entered the day after the lesson as it was moved is late, on the day it is not."""
    new = {"starts_at": "2024-09-10T09:00:00+05:00", "ends_at": "2024-09-10T09:40:00+05:00"}
    kept = at(110, "lesson.moved", "2024-09-10T23:59:00", lesson="L-1", **new)
    late = at(110, "lesson.moved", "2024-09-11T00:00:00", "d-01", lesson="L-1", **new)
    rule = SUBSTITUTED + "\nchanges: [substituted, moved]"

    assert [] == findings(log_of([*OURS, lesson(1, "2024-09-09"), kept]), rule, "status")
    assert [("late", "d-01", "2024-09-11T00:00:00+05:00")] == findings(
        log_of([*OURS, lesson(1, "2024-09-09"), late]), rule, "status", "responsible", "due_at"
    )
    assert [] == findings(log_of([*OURS, lesson(1, "2024-09-09"), late]), SUBSTITUTED, "status")
