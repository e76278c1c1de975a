"""Acts that belong to a role."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
AT = "2024-09-09T18:00:00+05:00"
RULE = "family: acting_role\nacts: [role, access]\nby: [administrator]\n"
ACCOUNTS = "family: acting_role\nrole: student_operator\nacts: [account, link]\nby: [student_operator]\nto: [parent, student]\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(2, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(3, "person.registered", BEFORE, person="op-01", roles=["student_operator"]),
    event(4, "person.registered", BEFORE, person="p-01", roles=["parent"]),
    event(5, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
]


def role(actor: str | None) -> Json:
    return event(20, "role.assigned", AT, actor, person="t-01", role="deputy_director", from_="2024-09-09")


@pytest.mark.parametrize(
    ("rule", "act", "expected"),
    [
        (RULE, role("a-01"), []),
        (RULE, role("t-01"), [("violation", "forbidden", "t-01", "teacher", "t-01")]),
        (RULE, event(20, "role.assigned", AT, "t-01", person="t-01", role="administrator", from_="2024-09-09"),
         [("violation", "forbidden", "t-01", "teacher", "t-01")]),
        (RULE, event(20, "access.granted", AT, "op-01", person="t-01", from_="2024-09-09"),
         [("violation", "forbidden", "op-01", "student_operator", "t-01")]),
        (RULE, event(20, "account.created", AT, "op-01", person="t-01"), []),  # not among the acts
        (ACCOUNTS, event(20, "account.created", AT, "a-01", person="p-01"), [("violation", "forbidden", "a-01", "administrator", "p-01")]),
        (ACCOUNTS, event(20, "account.created", AT, "a-01", person="t-01"), []),  # staff
        (ACCOUNTS, event(20, "parent.linked", AT, "op-01", parent="p-01", student="s-01"), []),
        (ACCOUNTS, event(20, "parent.linked", AT, "t-01", parent="p-01", student="s-01"),
         [("violation", "forbidden", "t-01", "teacher", "p-01")]),
    ],
)  # fmt: skip
def test_acts_belong_to_roles(log_of, rule: str, act: Json, expected: list[object]) -> None:
    """Whoever acts in another's place answers; `to` narrows the rule to people of some roles."""
    assert expected == findings(log_of([*PEOPLE, act]), rule, "verdict", "status", "responsible", "role", "object")


def test_parameters_concern_nobody(log_of) -> None:
    """A changed parameter has an actor and no person."""
    rule = "family: acting_role\nacts: [parameter, reference]\nby: [administrator]\nverdict: review\n"
    events = [
        event(20, "parameter.changed", AT, "t-01", name="round"),
        event(21, "reference.entered", AT, "a-01", kind="subjects", school_year="2024/25"),
    ]
    (finding,) = tried(log_of([*PEOPLE, *events]), rule).findings

    assert ("review", "t-01", None) == (finding.verdict, finding.responsible, finding.object)
    assert "Норма (09.09.2024): изменён параметр 09.09.2024 18:00, а делает это не эта роль (п. 1)." == finding.explanation


def test_an_unknown_hand_accuses_nobody(log_of) -> None:
    audit = tried(log_of([*PEOPLE, role(None)]), RULE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_school_years_are_opened_and_closed_by_the_administrator(log_of) -> None:
    """A teacher who closes the year acts in another's place."""
    rule = "family: acting_role\nacts: [year]\nby: [administrator]\n"
    events = [
        event(20, "year.opened", AT, "a-01", school_year="2024/25"),
        event(21, "year.closed", "2025-06-20T18:00:00+05:00", "t-01", school_year="2024/25"),
    ]

    assert [("t-01", "2025-06-20")] == findings(log_of([*PEOPLE, *events]), rule, "responsible", "date")


def test_acts_with_and_without_a_person_beside_each_other(log_of) -> None:
    """What concerns nobody names nobody, also where other acts name people."""
    rule = "family: acting_role\nacts: [access, parameter]\nby: [administrator]\n"
    events = [
        event(20, "parameter.changed", AT, "t-01", name="round"),
        event(21, "access.granted", AT, "t-01", person="p-01", from_="2024-09-09"),
    ]
    found = {finding.object: finding.explanation for finding in tried(log_of([*PEOPLE, *events]), rule).findings}

    assert {None, "p-01"} == found.keys()
    assert "изменён параметр 09.09.2024 18:00" in found[None]
