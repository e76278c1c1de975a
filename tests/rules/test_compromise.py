"""Credentials that others may know: changed, and reported to the administrator."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
CHANGED = "family: compromise\nact: changed\ndue: {same_day: true}\n"
TOLD = "family: compromise\nact: told\ndue: {same_day: true}\nmissing: review\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(2, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(3, "person.registered", BEFORE, person="p-01", roles=["parent"]),
    event(4, "credentials.changed", BEFORE, "t-01", person="t-01"),
    event(5, "message.sent", BEFORE, "t-01", to="a-01"),
]


def leak(number: int = 20, at: str = "2024-09-09T12:00:00", actor: str = "t-01", person: str = "t-01") -> Json:
    return event(number, "credentials.compromised", f"{at}+05:00", actor, person=person)


def change(at: str) -> Json:
    return event(30, "credentials.changed", f"{at}+05:00", "t-01", person="t-01")


DUE = "2024-09-10T00:00:00+05:00"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2024-09-09T23:59:59", []),
        ("2024-09-09T08:00:00", []),  # changed first, reported then
        ("2024-09-10T00:00:00", [("violation", "late", "t-01", "teacher", DUE)]),
        ("2024-09-08T12:00:00", [("violation", "missing", "t-01", "teacher", DUE)]),  # the day before is not since
        (None, [("violation", "missing", "t-01", "teacher", DUE)]),
    ],
)
def test_the_password_is_changed_on_the_day(log_of, at: str | None, expected: list[object]) -> None:
    """The owner of the credentials answers."""
    events = [leak(), *([change(at)] if at else [])]

    assert expected == findings(log_of([*PEOPLE, *events]), CHANGED, "verdict", "status", "responsible", "role", "due_at")


def test_an_incident_is_a_report_too(log_of) -> None:
    """An incident with credentials about a person, or by one where nobody is named; other incidents are not meant."""
    about = event(20, "incident.reported", "2024-09-09T12:00:00+05:00", "a-01", kind="credentials", person="t-01")
    own = event(21, "incident.reported", "2024-09-10T12:00:00+05:00", "p-01", kind="credentials")
    other = event(22, "incident.reported", "2024-09-11T12:00:00+05:00", "t-01", kind="safety")
    log = log_of([*PEOPLE, about, own, other])

    assert [("t-01",), ("p-01",)] == findings(log, CHANGED, "object")
    assert [("t-01",)] == findings(log, CHANGED + "of: [teacher]\n", "object")


def test_two_reports_of_a_day_are_one_finding(log_of) -> None:
    assert 1 == len(findings(log_of([*PEOPLE, leak(), leak(21, "2024-09-09T13:00:00")]), CHANGED, "id"))


def test_without_changes_in_the_log_nothing_is_decided(log_of) -> None:
    audit = tried(log_of([*PEOPLE[:3], leak()]), CHANGED)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([leak()], [("review", "missing", "t-01")]),
        ([leak(), event(21, "message.sent", "2024-09-09T13:00:00+05:00", "t-01", to="a-01")], []),
        ([leak(), event(21, "message.sent", "2024-09-09T13:00:00+05:00", "t-01", to="p-01")], [("review", "missing", "t-01")]),
        ([leak(), event(21, "message.sent", "2024-09-10T13:00:00+05:00", "t-01", to="a-01")], [("violation", "late", "t-01")]),
        ([leak(), event(21, "incident.reported", "2024-09-09T13:00:00+05:00", "t-01", kind="credentials")], []),
        ([leak(actor="a-01")], []),  # the administrator's own report
    ],
)
def test_the_administrator_is_told(log_of, events: list[Json], expected: list[object]) -> None:
    """By an incident, by a letter, or because it was the administrator who found it."""
    assert expected == findings(log_of([*PEOPLE, *events]), TOLD, "verdict", "status", "responsible")


def test_the_explanation_has_both_times(log_of) -> None:
    (finding,) = tried(log_of([*PEOPLE, leak(), change("2024-09-10T08:00:00")]), CHANGED).findings

    assert (
        "Норма (09.09.2024): в день сообщения — срок до 24:00 09.09.2024; о доступе посторонних сообщено 09.09.2024 12:00, пароль "
        "сменён 10.09.2024 08:00, позже на 8 часов (п. 1)."
    ) == finding.explanation
