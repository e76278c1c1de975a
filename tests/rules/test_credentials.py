"""Logins and passwords: who hands them out, and whether they are handed out."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
STAFF = "family: credentials\ncheck: issuer\nto: [teacher, homeroom_teacher, director]\nby: [administrator]\n"
FAMILIES = "family: credentials\ncheck: issuer\nto: [parent, student]\nby: [homeroom_teacher, administrator]\n"
ISSUED = "family: credentials\nrole: homeroom_teacher\ncheck: issued\nto: [student]\ndue: {calendar_days: 14}\nverdict: notice\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(2, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(3, "person.registered", BEFORE, person="sec-01", roles=["secretary"]),
    event(4, "class.formed", BEFORE, class_="5А", grade=5, homeroom_teacher="h-01"),
    event(5, "class.formed", BEFORE, class_="5Б", grade=5, homeroom_teacher="h-02"),
    event(6, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
    event(7, "parent.linked", BEFORE, "a-01", parent="p-01", student="s-01"),
    event(8, "role.assigned", BEFORE, "a-01", person="t-01", role="administrator", from_="2024-10-01", to="2024-10-10"),
]


def issued(person: str, actor: str | None, at: str = "2024-09-05T10:00:00", number: int = 20) -> Json:
    return event(number, "credentials.issued", f"{at}+05:00", actor, person=person)


@pytest.mark.parametrize(
    ("rule", "person", "actor", "expected"),
    [
        (STAFF, "h-01", "a-01", []),
        (STAFF, "h-01", "t-01", [("violation", "forbidden", "t-01", "teacher", "h-01")]),
        (STAFF, "h-01", "h-01", [("violation", "forbidden", "h-01", "homeroom_teacher", "h-01")]),
        (STAFF, "p-01", "h-01", []),  # families are not spoken of
        (FAMILIES, "p-01", "h-01", []),
        (FAMILIES, "s-01", "h-02", []),  # any homeroom teacher, where the text does not say which
        (FAMILIES, "s-01", "t-01", [("violation", "forbidden", "t-01", "teacher", "s-01")]),
        (FAMILIES, "h-01", "t-01", []),
        (FAMILIES + "own_class: true\n", "s-01", "h-01", []),
        (FAMILIES + "own_class: true\n", "p-01", "h-01", []),
        (FAMILIES + "own_class: true\n", "p-01", "h-02", [("violation", "forbidden", "h-02", "homeroom_teacher", "p-01")]),
        (FAMILIES + "own_class: true\n", "p-01", "a-01", []),
    ],
)
def test_credentials_come_from_those_who_may_hand_them_out(log_of, rule: str, person: str, actor: str, expected: list[object]) -> None:
    """Whoever handed them out without being entitled answers."""
    assert expected == findings(log_of([*PEOPLE, issued(person, actor)]), rule, "verdict", "status", "responsible", "role", "object")


@pytest.mark.parametrize(
    ("at", "expected"), [("2024-10-01T00:00:00", []), ("2024-10-10T23:59:00", []), ("2024-10-11T00:00:00", [("t-01",)])]
)
def test_a_role_counts_on_the_day(log_of, at: str, expected: list[object]) -> None:
    """A teacher stands in for the administrator from 1 to 10 October."""
    assert expected == findings(log_of([*PEOPLE, issued("h-01", "t-01", at)]), STAFF, "responsible")


@pytest.mark.parametrize(("actor", "expected"), [("h-01", []), ("h-02", [("h-02",)])])
def test_in_august_the_class_of_september_counts(log_of, actor: str, expected: list[object]) -> None:
    """Before the first day on the class list the class is the one that the student is about to join."""
    log = log_of([*PEOPLE, issued("p-01", actor, "2024-08-27T10:00:00")])

    assert expected == findings(log, FAMILIES + "own_class: true\n", "responsible")


@pytest.mark.parametrize("actor", [None, "x-99"])
def test_an_unknown_hand_accuses_nobody(log_of, actor: str | None) -> None:
    """Where nobody knows who handed them out, or what that person is, the handing-out is undecidable."""
    audit = tried(log_of([*PEOPLE, issued("h-01", actor)]), STAFF)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def account(number: int, person: str) -> Json:
    return event(number, "account.created", "2024-09-02T10:00:00+05:00", "a-01", person=person)


def test_credentials_that_never_came_are_noticed(log_of) -> None:
    """Two students have accounts, one has had no credentials for two weeks."""
    events = [event(9, "student.joined", BEFORE, student="s-02", class_="5А", date="2024-09-02"), account(10, "s-01"), account(11, "s-02")]
    audit = tried(log_of([*PEOPLE, *events, issued("s-02", "h-01")]), ISSUED)

    assert [("notice", "missing", "h-01", "s-01", ("s-01",))] == [
        (f.verdict, f.status, f.responsible, f.object, f.students) for f in audit.findings
    ]


def test_accounts_with_which_the_log_begins_are_undecidable(log_of) -> None:
    """Their owners may have had credentials for years; what the log shows of them later may be the second ones."""
    joined = event(9, "student.joined", BEFORE, student="s-02", class_="5А", date="2024-09-02")
    old = [account(10, "s-01") | {"time": BEFORE}, account(11, "s-02") | {"time": BEFORE}]
    audit = tried(log_of([*PEOPLE, joined, *old, issued("s-02", "h-01", "2024-10-01T10:00:00")]), ISSUED)

    assert ([], {"tried": 2}) == (audit.findings, audit.undecidable)


def test_a_parents_credentials_are_owed_in_the_class_of_the_child(log_of) -> None:
    """The homeroom teacher of the child's class answers for a parent who never got them."""
    audit = tried(log_of([*PEOPLE, account(10, "p-01"), issued("t-01", "a-01")]), ISSUED.replace("[student]", "[parent]"))

    assert [("missing", "h-01", "5А", "p-01")] == [(f.status, f.responsible, f.class_, f.object) for f in audit.findings]


def test_without_any_credentials_in_the_log_nothing_is_decided(log_of) -> None:
    audit = tried(log_of([*PEOPLE, account(10, "s-01"), account(11, "t-01")]), ISSUED)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_the_explanation_says_whose_credentials(log_of) -> None:
    (finding,) = tried(log_of([*PEOPLE, issued("h-01", "sec-01")]), STAFF).findings

    assert "Норма (05.09.2024): реквизиты h-01 выданы 05.09.2024 10:00, а выдаёт их не эта роль (п. 1)." == finding.explanation


@pytest.mark.parametrize("rule", [STAFF.replace("by: [administrator]\n", ""), ISSUED.replace("due: {calendar_days: 14}\n", "")])
def test_what_a_check_needs_is_said(log_of, rule: str) -> None:
    with pytest.raises(PolicyError, match="для check: issuer нужно by"):
        tried(log_of(PEOPLE), rule)
