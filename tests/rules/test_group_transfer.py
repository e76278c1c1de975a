"""Changes of groups: only between study periods, only by whoever may make them."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
RULE = "family: group_transfer\nby: [administrator]\n"
OWN = "family: group_transfer\nby: [homeroom_teacher]\nbetween_periods: false\ninitial: true\nverdict: review\n"
PERIODS = [
    event(1, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(2, "period.set", BEFORE, period="Q2", kind="quarter", starts="2024-11-05", ends="2024-12-27"),
    event(3, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2025-05-26"),
]
PEOPLE = [
    event(4, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(5, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(6, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(7, "class.formed", BEFORE, class_="7Б", grade=7, homeroom_teacher="h-02"),
    event(8, "student.joined", BEFORE, student="s-01", class_="7А", date="2024-09-02"),
]


def group(number: int, group_: str, day: str, actor: str | None = "a-01", at: str = "", **data: str) -> Json:
    where = {"student": "s-01", "class": "7А", "subject": "Английский язык", "group": group_, "from": day} | data
    return event(number, "group.assigned", at or f"{day}T10:00:00+05:00", actor, **where)


FIRST = group(20, "1", "2024-09-02", at=BEFORE)


def found(log_of, events: list[Json], rule: str = RULE) -> list[tuple[object, ...]]:
    return findings(log_of([*PERIODS, *PEOPLE, FIRST, *events]), rule, "verdict", "status", "responsible", "period")


INSIDE = [("violation", "forbidden", "a-01", "Q2")]


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        ("2024-11-20", "", INSIDE),
        ("2024-11-06", "", INSIDE),
        ("2024-12-27", "", INSIDE),  # the last day is still inside
        ("2024-11-05", "", []),  # the first day of the next period
        ("2024-10-28", "", []),  # in the vacation
        ("2024-12-28", "", []),
        ("2024-11-05", "2024-10-20T10:00:00+05:00", []),  # entered in advance
        ("2024-11-05", "2024-11-20T10:00:00+05:00", [("review", "forbidden", "a-01", None)]),  # entered for a day long past
        ("2024-09-09", "", []),  # a week after joining the class the group is still being chosen
        ("2024-09-10", "", [("violation", "forbidden", "a-01", "Q1")]),
    ],
)
def test_a_group_changes_between_periods(log_of, day: str, at: str, expected: list[object]) -> None:
    """The day from which the new group holds decides."""
    assert expected == found(log_of, [group(21, "2", day, at=at)])


def test_the_same_group_again_is_no_change(log_of) -> None:
    assert [] == found(log_of, [group(21, "1", "2024-11-20")])


def test_a_first_group_is_no_transfer(log_of) -> None:
    """Another subject's first division, and the first group in another class, in the middle of a period."""
    assert [] == found(log_of, [group(21, "2", "2024-11-20", subject="Труд"), group(22, "2", "2024-11-20", class_="7Б")])


@pytest.mark.parametrize("actor", ["t-01", "h-01"])
def test_a_change_by_somebody_else_is_forbidden_at_any_time(log_of, actor: str) -> None:
    """Only the administrator moves students; a change of which nobody knows who made it is undecidable."""
    unknown = tried(log_of([*PERIODS, *PEOPLE, FIRST, group(21, "2", "2024-10-28", None)]), RULE)

    assert [("violation", "forbidden", actor, None)] == found(log_of, [group(21, "2", "2024-10-28", actor)])
    assert ([], {"tried": 1}) == (unknown.findings, unknown.undecidable)


def test_without_periods_nobody_can_decide(log_of) -> None:
    """Where no study period is declared the changes are counted as undecidable."""
    audit = tried(log_of([*PEOPLE, FIRST, group(21, "2", "2024-11-20")]), RULE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_half_years_are_the_seniors(log_of) -> None:
    """Where quarters and half-years are declared side by side, a grade 7 change at the beginning of a quarter is inside no period."""
    half = event(9, "period.set", BEFORE, period="H1", kind="half_year", starts="2024-09-02", ends="2024-12-27")

    assert [] == found(log_of, [half, group(21, "2", "2024-11-05")])


def test_the_first_day_of_any_period_of_the_class_will_do(log_of) -> None:
    """A trimester of the same class that runs across the quarters does not close their beginning."""
    trimester = event(9, "period.set", BEFORE, period="T1", kind="trimester", starts="2024-09-02", ends="2024-11-30")

    assert [] == found(log_of, [trimester, group(21, "2", "2024-11-05")])


def test_the_homeroom_teacher_fixes_the_groups(log_of) -> None:
    """Where the text gives the composition to the homeroom teacher, a division by another is for a person to decide."""
    events = [group(21, "2", "2024-11-20", "h-01"), group(22, "1", "2024-11-21", "h-02")]

    assert [("review", "forbidden", "a-01", None), ("review", "forbidden", "h-02", None)] == found(log_of, events, OWN)


def test_the_explanation_names_groups_and_period(log_of) -> None:
    (finding,) = tried(log_of([*PERIODS, *PEOPLE, FIRST, group(21, "2", "2024-11-20")]), RULE).findings

    assert (
        "Норма (7А, группа 2, Английский язык, Q2, 20.11.2024, ученик: s-01): из группы 1 в группу 2 с 20.11.2024: этот день внутри "
        "учебного периода, перевести можно с первого дня следующего (п. 1)."
    ) == finding.explanation
