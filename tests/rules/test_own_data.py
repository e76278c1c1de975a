"""What families look at: their own child's data only."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
RULE = "family: own_data\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="t-01", roles=["teacher", "parent"]),
    event(2, "person.registered", BEFORE, person="p-03", roles=["parent"]),
    event(3, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
    event(4, "student.joined", BEFORE, student="s-02", class_="5А", date="2024-09-02"),
]
TIES = [
    event(5, "parent.linked", BEFORE, "a-01", parent="p-01", student="s-01"),
    event(6, "consent.signed", BEFORE, "h-01", student="s-02", parent="p-02"),
]


def diary(parent: str, student: str, number: int = 20, day: int = 9) -> Json:
    return event(number, "diary.viewed", f"2024-09-{day:02}T18:00:00+05:00", parent, parent=parent, student=student)


def page(person: str, student: str) -> Json:
    return event(20, "page.viewed", "2024-09-09T18:00:00+05:00", person, person=person, page="diary", student=student)


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (diary("p-01", "s-01"), []),
        (diary("p-01", "s-02"), [("violation", "forbidden", "p-01", "parent", ("s-02",))]),
        (diary("p-02", "s-02"), []),  # the consent says whose parent
        (diary("p-03", "s-01"), [("review", "forbidden", "p-03", "parent", ("s-01",))]),  # tied to nobody
        (page("s-01", "s-01"), []),
        (page("s-01", "s-02"), [("violation", "forbidden", "s-01", "student", ("s-02",))]),
        (page("p-01", "s-02"), [("violation", "forbidden", "p-01", "parent", ("s-02",))]),
        (page("t-01", "s-02"), []),  # staff, whosever parent
        (page("x-99", "s-02"), []),  # nobody knows who that is
    ],
)
def test_who_may_look(log_of, view: Json, expected: list[object]) -> None:
    """A parent at the own child, a student at the own page; what staff looks at is not spoken of."""
    assert expected == findings(log_of([*PEOPLE, *TIES, view]), RULE, "verdict", "status", "responsible", "role", "students")


def test_many_looks_are_one_finding(log_of) -> None:
    """A parent who looks every day at the wrong diary is told once per student."""
    views = [diary("p-01", "s-02", 20 + day, day) for day in range(2, 8)]
    (finding,) = tried(log_of([*PEOPLE, *TIES, *views]), RULE).findings

    assert ("2024-09-02", "2024-09-07T18:00:00+05:00", 6) == (finding.date, finding.done_at, len(finding.evidence))
    assert "просмотр 02.09.2024 18:00; 03.09.2024 18:00; 04.09.2024 18:00 и ещё 3, а эти данные — другого ученика" in finding.explanation


def test_without_ties_or_views_nothing_is_decided(log_of) -> None:
    """A log that ties no parent to any student, and one in which nobody looks at anything."""
    untied = tried(log_of([*PEOPLE, diary("p-03", "s-01")]), RULE)
    unseen = tried(log_of([*PEOPLE, *TIES]), RULE)

    assert ([], {"tried": 1}) == (untied.findings, untied.undecidable)
    assert ([], {"tried": 5}) == (unseen.findings, unseen.undecidable)


def test_whose_looks_a_rule_speaks_of(log_of) -> None:
    """A rule on parents says nothing of students, and the other way round."""
    log = log_of([*PEOPLE, *TIES, diary("p-01", "s-02", 21), page("s-01", "s-02")])

    assert [("p-01",)] == findings(log, RULE + "of: [parent]", "responsible")
    assert [("s-01",)] == findings(log, RULE + "of: [student]", "responsible")
