"""Pages for some roles only."""

from __future__ import annotations

import pytest

from tests.conftest import event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
RULE = "family: restricted_pages\npages: [class journal, Классный журнал]\nto: [teacher, homeroom_teacher, administrator]\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(2, "person.registered", BEFORE, person="hr-01", roles=["hr_operator"]),
    event(3, "person.registered", BEFORE, person="p-01", roles=["parent"]),
]


@pytest.mark.parametrize(
    ("person", "page", "expected"),
    [
        ("t-01", "class_journal", []),
        ("hr-01", "class_journal", [("violation", "forbidden", "hr-01", "hr_operator", "class_journal")]),
        ("p-01", "классный журнал", [("violation", "forbidden", "p-01", "parent", "классный журнал")]),
        ("p-01", "diary", []),
    ],
)
def test_who_may_open_the_page(log_of, person: str, page: str, expected: list[object]) -> None:
    """Pages are compared without regard to case and underscores."""
    view = event(20, "page.viewed", "2024-09-09T18:00:00+05:00", person, person=person, page=page)

    assert expected == findings(log_of([*PEOPLE, view]), RULE, "verdict", "status", "responsible", "role", "object")


def test_a_day_on_the_page_is_one_finding(log_of) -> None:
    views = [event(20 + n, "page.viewed", f"2024-09-09T18:0{n}:00+05:00", "p-01", person="p-01", page="class journal") for n in range(3)]
    (finding,) = tried(log_of([*PEOPLE, *views]), RULE).findings

    assert "страница «class journal» открыта 09.09.2024 18:00; 09.09.2024 18:01; 09.09.2024 18:02, а эта роль" in finding.explanation


def test_strangers_and_silence_decide_nothing(log_of) -> None:
    """Somebody whom no list knows is counted; so is the norm itself where no page is ever opened."""
    stranger = tried(log_of([*PEOPLE, event(20, "page.viewed", BEFORE, "x", person="x", page="class journal")]), RULE)
    silence = tried(log_of(PEOPLE), RULE)

    assert ([], {"tried": 1}) == (stranger.findings, stranger.undecidable)
    assert ([], {"tried": 1}) == (silence.findings, silence.undecidable)
