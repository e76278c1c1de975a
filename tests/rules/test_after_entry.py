"""What an entry on the lists calls for, done by its term."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
CONSENT = "family: after_entry\nrole: homeroom_teacher\nentry: joined\nof: [student]\nact: consent\ndue: {working_days: 5}\n"
LINK = "family: after_entry\nentry: account\nof: [parent]\nact: link\ndue: {working_days: 5}\n"
CARD = "family: after_entry\nentry: incomplete_card\nof: [student, parent]\nact: card\ndue: {working_days: 5}\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="op-01", roles=["student_operator"]),
    event(2, "person.registered", BEFORE, person="p-01", roles=["parent"]),
    event(3, "person.registered", BEFORE, person="p-02", roles=["parent"]),
    event(4, "class.formed", BEFORE, class_="5А", grade=5, homeroom_teacher="h-01"),
    event(5, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
    event(6, "lesson.scheduled", BEFORE, lesson="L-1", class_="5А", subject="История", teacher="t-01",
          starts_at="2024-09-02T09:00:00+05:00", ends_at="2024-09-02T09:40:00+05:00"),
]  # fmt: skip
JOINED = event(10, "student.joined", "2024-10-07T09:00:00+05:00", student="s-02", class_="5А", date="2024-10-07")
OTHER = event(11, "consent.signed", "2024-10-01T09:00:00+05:00", "h-01", student="s-01")
FIELDS = ("verdict", "status", "responsible", "object", "due_at")
# Monday 7 October and five working days: 8, 9, 10, 11, 14.
DUE = "2024-10-15T00:00:00+05:00"


def consent(at: str, kind: str = "signed") -> Json:
    return event(20, f"consent.{kind}", f"{at}+05:00", "h-01", student="s-02", parent="p-01")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([consent("2024-10-14T23:59:00")], []),
        ([consent("2024-10-14T10:00:00", "refused")], []),  # a refusal is a paper too
        ([consent("2024-10-01T10:00:00")], []),  # before the student came
        ([consent("2024-10-15T00:00:00")], [("violation", "late", "h-01", "s-02", DUE)]),
        ([], [("violation", "missing", "h-01", "s-02", DUE)]),
    ],
)
def test_a_consent_for_a_student_who_joins(log_of, made: list[Json], expected: list[object]) -> None:
    """The term runs from the day on which the student is in the class; students of the first lists are not spoken of."""
    assert expected == findings(log_of([*PEOPLE, JOINED, OTHER, *made]), CONSENT, *FIELDS)


@pytest.mark.parametrize(("parents", "expected"), [((), None), (("p-01",), "p-01"), (("p-01", "p-02"), None)])
def test_the_parent_answers_where_only_one_is_known(log_of, parents: tuple[str, ...], expected: str | None) -> None:
    """A duty of the parents is that of the student's one parent; of several nobody knows whose."""
    ties = [event(30 + n, "parent.linked", BEFORE, "op-01", parent=who, student="s-02") for n, who in enumerate(parents)]
    rule = CONSENT.replace("homeroom_teacher", "parent")

    assert [(expected, "parent")] == findings(log_of([*PEOPLE, JOINED, OTHER, *ties]), rule, "responsible", "role")


def test_who_left_again_owes_nothing(log_of) -> None:
    """A student who is in no class when the term runs out needs no consent."""
    left = event(21, "student.left", "2024-10-10T09:00:00+05:00", student="s-02", class_="5А", date="2024-10-10")

    assert [] == findings(log_of([*PEOPLE, JOINED, OTHER, left]), CONSENT, *FIELDS)


def test_a_log_without_consents_decides_nothing(log_of) -> None:
    """Where no consent is ever recorded, what is due is counted as undecidable."""
    audit = tried(log_of([*PEOPLE, JOINED]), CONSENT)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def account(person: str, number: int = 30, kind: str = "created", at: str = "2024-10-07T09:00:00") -> Json:
    return event(number, f"account.{kind}", f"{at}+05:00", "op-01", person=person)


def link(parent: str, at: str) -> Json:
    return event(31, "parent.linked", f"{at}+05:00", "op-01", parent=parent, student="s-01")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([link("p-01", "2024-10-14T20:00:00")], []),
        ([link("p-01", "2024-09-10T20:00:00")], []),
        ([link("p-01", "2024-10-15T09:00:00")], [("late", "p-01")]),
        ([link("p-02", "2024-10-08T09:00:00")], [("missing", "p-01")]),
        ([link("p-02", "2024-10-08T09:00:00"), account("p-01", 32, "disabled", "2024-10-09T09:00:00")], []),
        ([link("p-02", "2024-10-08T09:00:00"), account("op-01", 33)], [("missing", "p-01")]),
    ],
)
def test_a_parent_with_an_account_is_tied_to_a_student(log_of, made: list[Json], expected: list[object]) -> None:
    """The term runs from the account; one that was closed again asks for nothing, accounts of the staff neither."""
    assert expected == findings(log_of([*PEOPLE, account("p-01"), *made]), LINK, "status", "object")


def card(at: str, number: int, *, complete: bool) -> Json:
    return event(number, "profile.updated", f"{at}+05:00", "op-01", person="s-01", complete=complete)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([card("2024-10-14T23:00:00", 41, complete=True)], []),
        ([card("2024-10-15T08:00:00", 41, complete=True)], [("late", "2024-10-07")]),
        ([card("2024-10-09T08:00:00", 41, complete=False)], [("missing", "2024-10-07")]),
        (
            [card("2024-10-09T08:00:00", 41, complete=True), card("2024-11-11T08:00:00", 42, complete=False)],
            [("missing", "2024-11-11")],
        ),
    ],
)
def test_an_incomplete_card_is_completed(log_of, made: list[Json], expected: list[object]) -> None:
    """The term runs from the first record that found the card incomplete; a card that was complete in between starts anew."""
    events = [card("2024-10-01T08:00:00", 39, complete=True), card("2024-10-07T08:00:00", 40, complete=False), *made]

    assert expected == findings(log_of([*PEOPLE, *events]), CARD, "status", "date")


def test_the_finding_tells_what_was_entered_when(log_of) -> None:
    """Person, day, what is wanted and by how much it came late."""
    (found,) = tried(log_of([*PEOPLE, JOINED, OTHER, consent("2024-10-15T09:00:00")]), CONSENT).findings

    assert "s-02 в классе с 07.10.2024; согласие (или отказ) — 15.10.2024 09:00, позже на 9 часов" in found.explanation


@pytest.mark.parametrize(
    "rule",
    [
        CONSENT.replace("[student]", "[parent]"),
        CARD.replace("act: card", "act: link"),
        LINK.replace("act: link", "act: account"),
    ],
)
def test_what_does_not_fit_is_refused(log_of, rule: str) -> None:
    """Parents join no class, and nothing calls for itself."""
    with pytest.raises(PolicyError):
        findings(log_of(PEOPLE), rule, *FIELDS)
