"""Hours held against hours planned, and marks before the programme is fulfilled."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

MARKS = "family: programme_fulfilled\nmeasure: marks\n"
HOURS = "family: programme_fulfilled\nmeasure: hours\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [
    event(1, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(2, "class.formed", BEFORE, class_="7А", grade=7),
    event(3, "student.joined", BEFORE, student="s-01", class_="7А", date="2024-09-02"),
    event(4, "student.joined", BEFORE, student="s-02", class_="7А", date="2024-09-02"),
    *(lesson(number, f"2024-10-{number + 20}") for number in range(1, 5)),
]


def held(*numbers: int) -> list[Json]:
    """Give a topic in the evening of each lesson."""
    return [event(100 + n, "topic.recorded", f"2024-10-{n + 20}T18:00:00+05:00", "t-01", lesson=f"L-{n}", text="Реформы") for n in numbers]


def plan(hours: int, **data: str) -> Json:
    return event(10, "plan.published", BEFORE, "t-01", **({"class": "7А", "subject": "История", "teacher": "t-01", "hours": hours} | data))


def mark(at: str = "2024-10-24T16:00:00", student: str = "s-01", number: int = 300) -> Json:
    about = {"class": "7А", "subject": "История", "student": student, "period": "Q1", "value": "4"}
    return event(number, "period_mark.recorded", f"{at}+05:00", "t-01", **about)


CANCELLED = event(20, "lesson.cancelled", "2024-10-22T08:00:00+05:00", lesson="L-2")
FIELDS = ("verdict", "status", "responsible", "period", "students")
EARLY = [("review", "out_of_order", "t-01", "Q1", ("s-01",))]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([*held(1, 2, 3, 4), mark()], []),
        ([*held(1, 2, 3, 4), mark("2024-10-24T09:00:00")], []),  # the last lesson has begun
        ([*held(1, 2, 3, 4), mark("2024-10-24T08:59:59")], EARLY),
        ([*held(1, 2, 3), mark()], EARLY),  # nothing recorded for the fourth
        ([*held(1, 3, 4), CANCELLED, mark()], EARLY),  # the cancelled hour was scheduled
        ([*held(1, 3, 4), CANCELLED, plan(3, period="Q1"), mark()], []),
        ([*held(1, 2, 3, 4), plan(5, period="Q1"), mark()], EARLY),
        ([*held(1, 2, 3, 4), plan(34), mark()], []),  # the year's hours say nothing of the quarter
        ([*held(1, 2, 3, 4), plan(5, period="Q1"), plan(4, period="Q1") | {"id": "e-011", "time": "2024-10-20T10:00:00+05:00"}, mark()],
         []),  # the plan was corrected
    ],
)  # fmt: skip
def test_marks_before_the_programme_is_fulfilled(log_of, events: list[Json], expected: list[object]) -> None:
    """A period mark waits until the hours planned for the period are held."""
    assert expected == findings(log_of([*SCHOOL, *events]), MARKS, *FIELDS)


def test_a_school_may_let_hours_lack(log_of) -> None:
    log = log_of([*SCHOOL, *held(1, 2, 3), mark()])

    assert [] == findings(log, MARKS + "lacking: 1\n", *FIELDS)


def test_marks_are_one_finding_per_line(log_of) -> None:
    """All students whose mark came too soon stand in one finding; it says what was planned and held."""
    (finding,) = tried(
        log_of([*SCHOOL, *held(1, 2, 3, 4), mark("2024-10-23T12:00:00"), mark("2024-10-22T12:00:00", "s-02", 301)]), MARKS
    ).findings

    assert ("s-01", "s-02") == finding.students
    assert (
        "по расписанию, с отменёнными уроками, 4 часа, к выставлению отметки проведено и записано 2; решает человек" in finding.explanation
    )


def test_a_changed_mark_counts_from_its_first_entry(log_of) -> None:
    change = event(
        301, "period_mark.changed", "2024-10-25T10:00:00+05:00", "t-01",
        class_="7А", subject="История", student="s-01", period="Q1", value="5", old="4",
    )  # fmt: skip

    log = log_of([*SCHOOL, *held(1, 2, 3, 4), mark("2024-10-23T12:00:00"), change])

    assert EARLY == findings(log, MARKS, *FIELDS)
    assert [("2024-10-23T12:00:00+05:00",)] == findings(log, MARKS, "done_at")


def figures(log_of, *events: Json, rule: str = HOURS, as_of: str = "2025-08-01") -> list[tuple[object, ...]]:
    table = tried(log_of([*SCHOOL, *events]), rule, as_of).figures
    return list(table[["period", "class", "subject", "person", "part", "whole"]].itertuples(index=False, name=None))


def test_hours_are_figures_and_no_verdict(log_of) -> None:
    """Without a threshold hours held and planned are told, and nobody is reviewed; a period that is not over is not told."""
    log = log_of([*SCHOOL, *held(1, 3), CANCELLED])

    assert [] == findings(log, HOURS, *FIELDS)
    assert [("Q1", "7А", "История", "t-01", 2, 4)] == figures(log_of, *held(1, 3), CANCELLED)
    assert [] == figures(log_of, *held(1, 3), CANCELLED, as_of="2024-10-25T12:00:00+05:00")


@pytest.mark.parametrize(("least", "expected"), [("75", []), ("75.1", [("review", "insufficient", "t-01", "Q1", ())])])
def test_hours_below_a_threshold(log_of, least: str, expected: list[object]) -> None:
    """A school's threshold is a share of the planned hours, exactly."""
    assert expected == findings(log_of([*SCHOOL, *held(1, 3, 4), CANCELLED]), HOURS + f"least: {least}\n", *FIELDS)


def test_hours_of_the_year(log_of) -> None:
    """A year's plan counts for the year; without one the plans of all its periods together."""
    year = event(5, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2025-05-26")
    only = HOURS + "periods: [year]\n"

    assert [("Y", "7А", "История", "t-01", 3, 34)] == figures(log_of, year, *held(1, 2, 3), plan(34), rule=only)
    assert [("Y", "7А", "История", "t-01", 3, 8)] == figures(log_of, year, *held(1, 2, 3), plan(8, period="Q1"), rule=only)
    assert [("Y", "7А", "История", "t-01", 3, 4)] == figures(log_of, year, *held(1, 2, 3), rule=only)


def test_groups_have_the_lessons_of_the_whole_class_too(log_of) -> None:
    """Hours of a group are its own and the whole class's."""
    own = lesson(9, "2024-10-25", group="g1", teacher="t-02")
    topic = event(190, "topic.recorded", "2024-10-25T18:00:00+05:00", "t-02", lesson="L-9", text="Реформы")

    assert [("Q1", "7А", "История", "t-01", 4, 4), ("Q1", "7А", "История", "t-02", 5, 5)] == figures(log_of, *held(1, 2, 3, 4), own, topic)


def test_another_role_answers(log_of) -> None:
    """Where the text makes a deputy answerable, the finding names the deputy."""
    deputy = event(6, "person.registered", BEFORE, person="d-01", roles=["deputy_director"])
    rule = HOURS + "least: 100\nrole: deputy_director\n"

    assert [("d-01", "deputy_director")] == findings(log_of([*SCHOOL, deputy, *held(1)]), rule, "responsible", "role")
