"""Shares of the people on the lists: figures without a verdict."""

from __future__ import annotations

import pytest

from tests.conftest import event
from tests.rules.norms import tried

BEFORE = "2024-08-26T10:00:00+05:00"
AS_OF = "2024-10-01T00:00:00+05:00"
PEOPLE = [
    event(1, "class.formed", BEFORE, class_="5А", grade=5, homeroom_teacher="h-01"),
    event(2, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
    event(3, "student.joined", BEFORE, student="s-02", class_="5А", date="2024-09-02"),
    event(4, "student.joined", BEFORE, student="s-03", class_="5Б", date="2024-09-02"),
    event(5, "student.joined", BEFORE, student="s-04", class_="5Б", date="2024-09-02"),
    event(6, "student.left", BEFORE, student="s-04", class_="5Б", date="2024-09-20"),
    event(7, "parent.linked", BEFORE, parent="p-01", student="s-01"),
    event(8, "consent.signed", BEFORE, student="s-02", parent="p-02"),
    event(9, "consent.signed", BEFORE, student="s-03"),
    event(10, "consent.refused", BEFORE, student="s-03"),
    event(11, "person.registered", BEFORE, person="p-03", roles=["parent"]),
    event(12, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(13, "person.registered", BEFORE, person="t-02", roles=["teacher"]),
    event(14, "order.signed", BEFORE, order="O-1", kind="dismiss", person="t-02", date="2024-09-10"),
    *(event(15 + n, "account.created", BEFORE, person=person) for n, person in enumerate(["s-01", "s-02", "p-01", "t-01", "s-03"])),
    event(20, "account.disabled", "2024-09-05T10:00:00+05:00", person="s-02"),
    event(21, "profile.updated", BEFORE, person="s-01", complete=False),
    event(22, "profile.updated", BEFORE, person="s-02"),
]
COLUMNS = ["class", "person", "part", "whole"]


def rule(of: str, has: str) -> str:
    return f"family: roster_share\nof: [{of}]\nhas: {has}\n"


@pytest.mark.parametrize(
    ("of", "has", "expected"),
    [
        ("student", "account", [("5А", "h-01", 1, 2), ("5Б", "", 1, 1)]),
        ("parent", "account", [("", "", 0, 1), ("5А", "h-01", 1, 2)]),
        ("teacher", "account", [("", "", 1, 1)]),
        ("student", "consent", [("5А", "h-01", 1, 2), ("5Б", "", 0, 1)]),
        ("parent", "link", [("", "", 0, 1), ("5А", "h-01", 1, 2)]),
        ("student", "link", [("5А", "h-01", 1, 2), ("5Б", "", 0, 1)]),
        ("student", "profile", [("5А", "h-01", 1, 2), ("5Б", "", 0, 1)]),
    ],
)
def test_shares(log_of, of: str, has: str, expected: list[object]) -> None:
    """By class for families, for the staff as a whole; whoever left or was dismissed is not counted."""
    audit = tried(log_of(PEOPLE), rule(of, has), AS_OF)

    assert ([], expected) == (audit.findings, sorted(audit.figures[COLUMNS].itertuples(index=False, name=None)))
    assert {"2024-10-01"} >= set(audit.figures["date"])


def test_a_kind_of_event_that_is_never_recorded(log_of) -> None:
    """Without any credentials in the log the three students are undecidable."""
    audit = tried(log_of(PEOPLE), rule("student", "credentials"), AS_OF)

    assert (0, {"tried": 3}) == (len(audit.figures), audit.undecidable)
