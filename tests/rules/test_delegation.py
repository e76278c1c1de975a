"""The deputy's acts: only during an absence or a delegation."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
RULE = "family: delegation\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(2, "person.registered", BEFORE, person="b-01", roles=["backup_administrator", "teacher"]),
    event(3, "absence.registered", BEFORE, person="a-01", from_="2024-10-01", to="2024-10-04"),
    event(4, "role.assigned", BEFORE, "a-01", person="b-01", role="backup_administrator", from_="2024-11-05", to="2024-11-08"),
]


def parameter(day: str, actor: str = "b-01") -> Json:
    return event(20, "parameter.changed", f"{day}T10:00:00+05:00", actor, name="rounding", value="2")


@pytest.mark.parametrize(
    ("day", "actor", "expected"),
    [
        ("2024-09-30", "b-01", [("review", "forbidden", "b-01", "rounding")]),
        ("2024-10-01", "b-01", []),
        ("2024-10-04", "b-01", []),
        ("2024-10-05", "b-01", [("review", "forbidden", "b-01", "rounding")]),
        ("2024-11-06", "b-01", []),
        ("2024-11-09", "b-01", [("review", "forbidden", "b-01", "rounding")]),
        ("2024-09-30", "a-01", []),
    ],
)
def test_the_deputy_acts_while_standing_in(log_of, day: str, actor: str, expected: list[object]) -> None:
    """Absence and delegation hold from their first to their last day; the administrator acts at any time."""
    assert expected == findings(log_of([*PEOPLE, parameter(day, actor)]), RULE, "verdict", "status", "responsible", "object")


def test_reference_data_count_as_well(log_of) -> None:
    """Directories are the deputy's to keep under the same condition; `acts` narrows the rule."""
    entered = event(20, "reference.entered", "2024-09-30T10:00:00+05:00", "b-01", kind="subjects", school_year="2024/25")
    log = log_of([*PEOPLE, entered])

    assert [("subjects",)] == findings(log, RULE, "object")
    assert [] == findings(log, RULE + "acts: [parameter]\n", "object")


def test_a_log_that_registers_neither_decides_nothing(log_of) -> None:
    audit = tried(log_of([*PEOPLE[:2], parameter("2024-09-30")]), RULE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_the_explanation_names_the_parameter(log_of) -> None:
    (finding,) = tried(log_of([*PEOPLE, parameter("2024-09-30")]), RULE).findings

    assert (
        "Норма (30.09.2024): изменено «rounding» — 30.09.2024 10:00; ни отсутствия администратора, ни поручения на этот день в журнале "
        "нет (п. 1)."
    ) == finding.explanation
