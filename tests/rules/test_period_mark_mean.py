"""Period marks against the mean of the period's marks."""

from __future__ import annotations

from random import Random

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: period_mark_mean\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [
    event(1, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(2, "class.formed", BEFORE, class_="7А", grade=7),
    event(3, "student.joined", BEFORE, student="s-01", class_="7А", date="2024-09-02"),
    event(4, "student.joined", BEFORE, student="s-02", class_="7А", date="2024-09-02"),
    *(lesson(number, f"2024-10-{number + 1:02}") for number in range(1, 9)),
]


def marks(*values: str, student: str = "s-01") -> list[Json]:
    """Give one mark per lesson, from the first lesson on."""
    return [
        event(100 + n + (50 if student != "s-01" else 0), "mark.recorded", f"2024-10-{n + 1:02}T09:30:00+05:00", "t-01",
              lesson=f"L-{n}", student=student, value=value)
        for n, value in enumerate(values, 1)
    ]  # fmt: skip


def period_mark(value: str, student: str = "s-01", actor: str = "t-01", number: int = 300, **data: str) -> Json:
    about = {"class": "7А", "subject": "История", "student": student, "period": "Q1"} | data
    return event(number, "period_mark.recorded", f"2024-10-25T16:0{number % 10}:00+05:00", actor, value=value, **about)


def found(log_of, events: list[Json], rule: str = RULE) -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, *events]), rule, "verdict", "status", "responsible", "students")


BROKEN = [("review", "mismatch", "t-01", ("s-01",))]


@pytest.mark.parametrize(
    ("given", "mark", "expected"),
    [
        (["3", "3", "4", "3"], "5", BROKEN),  # 13/4, 1.75 away
        (["3", "4"], "4", []),  # exactly half a mark away
        (["3", "4"], "3", []),
        (["3", "3", "4"], "4", BROKEN),  # 10/3, two thirds away
        ([], "4", BROKEN),  # no mark at all
        (["45", "Н4"], "4", []),  # several marks in a cell and beside an absence code: 13/3
        (["22", "Н2", "5"], "4", BROKEN),
        (["н/а", "зач"], "4", BROKEN),  # words are no marks
        (["10", "3"], "5", []),  # a number off the scale: nobody knows
        (["3", "3"], "н/а", []),
        (["5+", "4/5"], "5", []),
    ],
)
def test_distance_from_the_mean(log_of, given: list[str], mark: str, expected: list[object]) -> None:
    """More than half a mark away, or without any mark, a person decides."""
    assert expected == found(log_of, [*marks(*given), period_mark(mark)])


def test_the_explanation_shows_the_fraction(log_of) -> None:
    """Mean as a fraction and a decimal, the marks one by one, the marks' events as evidence."""
    (finding,) = tried(log_of([*SCHOOL, *marks("3", "3", "4", "3"), period_mark("5")]), RULE).findings

    assert "s-01: отметка 5, а среднее 13/4 = 3,25 (3, 3, 4, 3) — допускается расхождение 0,5" in finding.explanation
    assert {"e-300", "e-101", "e-102", "e-103", "e-104", "l-008"} == set(finding.evidence)
    assert ("7А", "История", "Q1", None, "2024-10-25") == (finding.class_, finding.subject, finding.period, finding.lesson, finding.date)


def test_changed_and_deleted_marks_count_as_they_stand(log_of) -> None:
    """A change counts with its last value, a deleted mark not at all."""
    changes = [
        event(201, "mark.changed", "2024-10-10T09:30:00+05:00", "t-01", lesson="L-1", student="s-01", value="5", old="3"),
        event(202, "mark.deleted", "2024-10-10T09:31:00+05:00", "t-01", lesson="L-2", student="s-01"),
    ]

    assert [] == found(log_of, [*marks("3", "2"), *changes, period_mark("5")])
    assert BROKEN == found(log_of, [*marks("3", "2"), period_mark("5")])


def test_one_of_two_marks_in_a_cell_is_corrected(log_of) -> None:
    """A change that names the old value is about that mark; the other one in the cell still counts."""
    second = event(200, "mark.recorded", "2024-10-02T09:35:00+05:00", "t-01", lesson="L-1", student="s-01", value="5")
    change = event(201, "mark.changed", "2024-10-10T09:30:00+05:00", "t-01", lesson="L-1", student="s-01", value="4", old="3")

    assert [] == found(log_of, [*marks("3"), second, change, period_mark("5")])  # 4 and 5
    assert BROKEN == found(log_of, [*marks("3"), second, change, period_mark("3")])


def test_a_deletion_may_name_the_mark(log_of) -> None:
    """Of two marks in a cell the named one goes; a deletion that names none takes all; a mark entered again afterwards stands."""
    second = event(200, "mark.recorded", "2024-10-02T09:35:00+05:00", "t-01", lesson="L-1", student="s-01", value="5")
    plain = event(201, "mark.deleted", "2024-10-10T09:30:00+05:00", "t-01", lesson="L-1", student="s-01")
    named = plain | {"data": plain["data"] | {"value": "2"}}
    again = event(202, "mark.recorded", "2024-10-11T09:30:00+05:00", "t-01", lesson="L-1", student="s-01", value="4")

    assert [] == found(log_of, [*marks("2"), second, named, period_mark("5")])
    assert BROKEN == found(log_of, [*marks("2"), second, plain, period_mark("5")])
    assert [] == found(log_of, [*marks("2"), second, plain, again, period_mark("4")])
    assert [] == found(log_of, [*marks("2", "5"), named, period_mark("5")])


def test_a_recording_that_replaces_a_value(log_of) -> None:
    """A mark recorded with its old value stands in the old one's place."""
    instead = event(200, "mark.recorded", "2024-10-02T09:35:00+05:00", "t-01", lesson="L-1", student="s-01", value="5", old="2")

    assert [] == found(log_of, [*marks("2"), instead, period_mark("5")])


def test_a_changed_period_mark_counts_with_its_last_value(log_of) -> None:
    """Only the value that stands is compared."""
    change = event(
        301, "period_mark.changed", "2024-10-26T09:00:00+05:00", "t-01",
        class_="7А", subject="История", student="s-01", period="Q1", value="3", old="5",
    )  # fmt: skip

    assert [] == found(log_of, [*marks("3", "3"), period_mark("5"), change])


@pytest.mark.parametrize("kind", ["home_schooling", "sanatorium"])
def test_students_whose_marks_stand_elsewhere_are_left_out(log_of, kind: str) -> None:
    """An order that touches the period takes the student out, and counts as undecidable."""
    order = event(210, "order.signed", "2024-10-01T09:00:00+05:00", order="O-1", kind=kind, person="s-01", date="2024-10-01",
                  from_="2024-10-10", to="2024-10-20")  # fmt: skip
    audit = tried(log_of([*SCHOOL, *marks("3", "3"), order, period_mark("5")]), RULE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_students_who_came_during_the_period_are_left_out(log_of) -> None:
    """The marks that a newcomer brought from another school are not in this log."""
    late = event(211, "student.joined", "2024-10-14T09:00:00+05:00", student="s-03", class_="7А", date="2024-10-14")

    assert [] == found(log_of, [late, period_mark("5", "s-03")])


def test_a_year_may_rest_on_its_quarters(log_of) -> None:
    """The mark for the year is compared with the mean of all marks and with that of the marks for the quarters; the nearer one counts."""
    year = event(5, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2025-05-26")
    quarter, final = period_mark("4"), period_mark("4", number=301, period="Y")
    log = log_of([*SCHOOL, year, *marks("3", "3"), quarter, final])
    alone = log_of([*SCHOOL, year, *marks("3", "3"), final])

    assert [("Q1",)] == findings(log, RULE, "period")
    assert [("Y",)] == findings(alone, RULE, "period")


def test_several_students_are_one_finding(log_of) -> None:
    """One finding per class, subject, group and period names everybody concerned."""
    events = [*marks("3", "3"), *marks("5", "5", student="s-02"), period_mark("5"), period_mark("2", "s-02", number=302)]

    assert [("review", "mismatch", "t-01", ("s-01", "s-02"))] == found(log_of, events)


def test_who_answers(log_of) -> None:
    """The teacher who entered the marks; an administrator who typed them in answers for nothing."""
    assert BROKEN == found(log_of, [*marks("3"), period_mark("5", actor="a-01")])
    other = lesson(9, "2024-10-18", teacher="t-02")
    assert [("review", "mismatch", "t-02", ("s-01",))] == found(log_of, [other, *marks("3"), period_mark("5", actor="t-02")])


def test_each_group_is_a_finding(log_of) -> None:
    """Students of a split class belong to the line of their group and its teacher."""
    events = [
        *(event(220 + n, "group.assigned", BEFORE, student=f"s-0{n}", class_="7А", subject="Английский язык", group=f"g{n}",
                from_="2024-09-02") for n in (1, 2)),
        *(lesson(20 + n, "2024-10-07", subject="Английский язык", group=f"g{n}", teacher=f"t-1{n}") for n in (1, 2)),
        *(period_mark("5", f"s-0{n}", "a-01", 310 + n, subject="Английский язык") for n in (1, 2)),
    ]  # fmt: skip

    assert [("g1", "t-11", ("s-01",)), ("g2", "t-12", ("s-02",))] == findings(
        log_of([*SCHOOL, *events]), RULE, "group", "responsible", "students"
    )


def test_a_period_that_is_not_over_is_pending(log_of) -> None:
    """Marks of the last days still count, so nothing is said before the end."""
    log = log_of([*SCHOOL, *marks("3"), period_mark("5")])

    assert [] == findings(log, RULE, "clause", as_of="2024-10-25T23:59:59+05:00")
    assert 1 == len(findings(log, RULE, "clause", as_of="2024-10-26T00:00:00+05:00"))


def test_without_lessons_of_the_subject_nothing_is_known(log_of) -> None:
    """A log that does not show the subject's lessons cannot say that marks are lacking."""
    audit = tried(log_of([*SCHOOL, period_mark("5", subject="Химия")]), RULE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_parameters(log_of) -> None:
    """Distance, the fewest marks, the verdict and the grades are the school's."""
    events = [*marks("3", "4"), period_mark("4")]

    assert BROKEN == found(log_of, events, RULE + "distance: 0.4\n")
    assert BROKEN == found(log_of, events, RULE + "fewest: 3\n")
    assert [("notice", "mismatch", "t-01", ("s-01",))] == found(log_of, events, RULE + "fewest: 3\nverdict: notice\n")
    assert [] == found(log_of, events, RULE + "fewest: 3\nwhere: {grades: [8]}\n")


@pytest.mark.parametrize("distance", ["0.5", "1"])
def test_the_comparison_is_exact(log_of, distance: str) -> None:
    """For many rows of marks the findings are those of whole-number arithmetic."""
    random = Random(4)
    rows = {f"s-{n:03}": ([random.randint(2, 5) for _ in range(random.randint(1, 7))], random.randint(2, 5)) for n in range(100, 180)}
    events = [event(400 + n, "student.joined", BEFORE, student=name, class_="7А", date="2024-09-02") for n, name in enumerate(rows)]
    for n, (name, (values, mark)) in enumerate(rows.items()):
        given = marks(*map(str, values), student=name)
        events += [given_one | {"id": f"{name}-{given_one['id']}"} for given_one in given]
        events.append(period_mark(str(mark), name) | {"id": f"p-{n}"})
    far = [n for n, (values, mark) in rows.items() if abs(mark * len(values) - sum(values)) > float(distance) * len(values)]

    assert [(tuple(far),)] == findings(log_of([*SCHOOL, *events]), RULE + f"distance: {distance}\n", "students")
