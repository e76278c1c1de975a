"""Accounts used by their owners only; no students in the journal."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(2, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(3, "class.formed", BEFORE, class_="5А", grade=5, homeroom_teacher="h-01"),
    event(4, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
    event(5, "person.registered", BEFORE, person="p-01", roles=["parent"]),
]


def rule(check: str, more: str = "") -> str:
    return f"family: sessions\ncheck: {check}\n{more}"


def session(account: str, at: str = "10:00:00", number: int = 20, actor: str | None = None, **data: str) -> Json:
    return event(number, "session.opened", f"2024-09-09T{at}+05:00", actor, account=account, **data)


@pytest.mark.parametrize(
    ("check", "opened", "expected"),
    [
        ("student_session", session("t-01", role="student"), [("violation", "forbidden", "t-01", "teacher", ())]),
        ("student_session", session("t-01", actor="s-01"), [("violation", "forbidden", "t-01", "teacher", ("s-01",))]),
        ("student_session", session("t-01", actor="t-01", role="teacher"), []),
        ("student_session", session("t-01"), []),
        ("student_session", session("s-01", actor="s-01", role="student"), []),
        ("foreign_role", session("t-01", role="administrator"), [("violation", "forbidden", "t-01", "teacher", ())]),
        ("foreign_role", session("t-01", role="teacher"), []),
        ("foreign_role", session("h-01", role="homeroom_teacher"), []),
        ("foreign_role", session("t-01", role="student"), []),  # another check's
        ("foreign_role", session("t-01", role="ученый секретарь"), []),  # no role that anybody knows
        ("foreign_role", session("p-01", role="teacher"), []),  # no account of the staff
    ],
)
def test_a_staff_account_is_its_owners(log_of, check: str, opened: Json, expected: list[object]) -> None:
    """A session as a student or by a student, or in a role that the owner does not hold: the owner answers."""
    assert expected == findings(log_of([*PEOPLE, opened]), rule(check), "verdict", "status", "responsible", "role", "students")


def test_whose_accounts_are_looked_at_is_named_by_the_rule(log_of) -> None:
    assert [("p-01",)] == findings(
        log_of([*PEOPLE, session("p-01", role="teacher")]), rule("foreign_role", "of: [parent]\n"), "responsible"
    )


def test_two_devices_within_minutes_are_a_sign(log_of) -> None:
    """From a computer and a phone five minutes apart, twice on one day: one finding, never more than a review."""
    sessions = [
        session("t-01", "10:00:00", 20, device="pc"),
        session("t-01", "10:05:00", 21, device="phone"),
        session("t-01", "10:06:00", 22, device="pc"),
        session("t-01", "15:00:00", 23, device="phone"),  # hours later
        session("h-01", "10:01:00", 24, device="tablet"),  # another account
        session("h-01", "10:02:00", 25),  # no device is known
        session("a-01", "10:01:00", 26, device="pc"),
        session("a-01", "10:02:00", 27, device="pc"),  # the same device
    ]
    log = log_of([*PEOPLE, *sessions])

    assert [("review", "forbidden", "t-01")] == findings(log, rule("two_devices"), "verdict", "status", "responsible")
    assert "сеанс 09.09.2024 10:05 — с другого устройства, чем в 09.09.2024 10:00, в пределах 10 минут" in (
        tried(log, rule("two_devices")).findings[0].explanation
    )


def test_fewer_minutes_find_less(log_of) -> None:
    """Five minutes apart is more than four."""
    sessions = [session("t-01", "10:00:00", 20, device="pc"), session("t-01", "10:05:00", 21, device="phone")]

    assert [] == findings(log_of([*PEOPLE, *sessions]), rule("two_devices", "minutes: 4\n"), "verdict")
    assert 1 == len(findings(log_of([*PEOPLE, *sessions]), rule("two_devices", "minutes: 5\n"), "verdict"))


def test_without_sessions_nothing_is_decided(log_of) -> None:
    """The accounts of the staff, three people, are counted as undecidable."""
    audit = tried(log_of(PEOPLE), rule("student_session"))

    assert ([], {"tried": 3}) == (audit.findings, audit.undecidable)


def test_an_entry_by_a_student(log_of) -> None:
    """The administrator, who gives rights, answers; the student and the lesson are named."""
    topic = event(20, "topic.recorded", "2024-09-09T10:00:00+05:00", "s-01", lesson="L-1", text="Дроби")
    fields = ("verdict", "responsible", "role", "students", "lesson")
    found = findings(log_of([*PEOPLE, topic]), rule("student_entry", "role: administrator\n"), *fields)

    assert [("violation", "a-01", "administrator", ("s-01",), "L-1")] == found


def test_rights_given_to_a_student(log_of) -> None:
    """A role of the staff for somebody who is in a class; whoever gave it answers. Somebody who left may become staff."""
    left = event(6, "student.left", BEFORE, student="s-02", class_="5А", date="2024-09-03")
    was = event(7, "student.joined", BEFORE, student="s-02", class_="5А", date="2024-09-02")
    given = [
        event(20 + n, "role.assigned", "2024-09-09T10:00:00+05:00", "a-01", person=person, role=role, from_="2024-09-09")
        for n, (person, role) in enumerate([("s-01", "teacher"), ("s-02", "teacher"), ("s-01", "student")])
    ]

    assert [("a-01", ("s-01",))] == findings(log_of([*PEOPLE, was, left, *given]), rule("student_rights"), "responsible", "students")
