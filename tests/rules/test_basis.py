"""Accounts after consents, moves of students after orders."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
CONSENT = "family: basis\nrole: student_operator\nacts: [account, credentials]\nmissing: review\n"
MOVE = "family: basis\nrole: administrator\nacts: [moved, enrolled, left]\nmissing: violation\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="op-01", roles=["student_operator"]),
    event(2, "person.registered", BEFORE, person="p-01", roles=["parent"]),
    event(3, "class.formed", BEFORE, class_="5А", grade=5, homeroom_teacher="h-01"),
    event(4, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
    event(5, "consent.signed", BEFORE, "h-01", student="s-09", parent="p-09"),
]
BROKEN = ("violation", "out_of_order", "op-01", "student_operator", "p-01", ("s-01",))
FIELDS = ("verdict", "status", "responsible", "role", "object", "students")


def account(at: str = "2024-09-03T10:00:00", person: str = "p-01", number: int = 20, **envelope: str) -> Json:
    return event(number, "account.created", f"{at}+05:00", "op-01", person=person) | envelope


def consent(at: str, kind: str = "signed", number: int = 21, student: str = "s-01", **data: str) -> Json:
    return event(number, f"consent.{kind}", f"{at}+05:00", "h-01", student=student, **({"parent": "p-01"} | data))


def found(log_of, events: list[Json], rule: str = CONSENT) -> list[tuple[object, ...]]:
    return findings(log_of([*PEOPLE, *events]), rule, *FIELDS)


LINK = event(10, "parent.linked", BEFORE, "op-01", parent="p-01", student="s-01")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([consent("2024-09-10T10:00:00")], [BROKEN]),
        ([consent("2024-09-03T09:59:59")], []),
        ([consent("2024-09-03T10:00:00")], []),
        ([LINK, consent("2024-09-02T10:00:00", parent="p-02")], []),  # the other parent signed for the child
        ([LINK], [("review", *BROKEN[1:])]),  # never: it may have been signed before the log began
        ([consent("2024-09-02T10:00:00", "refused")], [BROKEN]),
        ([consent("2024-09-01T10:00:00"), consent("2024-09-02T10:00:00", "refused", 22)], [BROKEN]),
        ([consent("2024-09-01T10:00:00", "refused", 22), consent("2024-09-02T10:00:00")], []),
        # Two children: a consent for one of them makes the parent a recipient.
        ([LINK, consent("2024-09-02T10:00:00", student="s-02"), consent("2024-09-10T10:00:00", number=22)], []),
    ],
)
def test_a_parents_account_follows_the_consent(log_of, events: list[Json], expected: list[object]) -> None:
    """The last word before the account must be a signed consent; whoever made the account answers."""
    assert expected == found(log_of, [account(), *events])


def test_a_students_own_account_follows_the_consent_too(log_of) -> None:
    """Whoever signs, the consent is about the student."""
    events = [account(person="s-01"), consent("2024-09-10T10:00:00", parent="p-02")]

    assert [("violation", "out_of_order", "op-01", "student_operator", "s-01", ("s-01",))] == found(log_of, events)


def test_credentials_before_the_consent_are_the_same_breach(log_of) -> None:
    """One finding per person, for whichever of the two came first."""
    events = [account("2024-09-04T10:00:00"), event(22, "credentials.issued", "2024-09-03T09:00:00+05:00", "h-01", person="p-01")]
    (finding,) = tried(log_of([*PEOPLE, *events, consent("2024-09-10T10:00:00")]), CONSENT).findings

    assert ("h-01", "homeroom_teacher", "p-01") == (finding.responsible, finding.role, finding.object)
    assert "реквизиты p-01 выданы 03.09.2024 09:00, согласие подписано 10.09.2024 10:00 — на 7 дней 1 час позже" in finding.explanation


def test_staff_needs_no_consent(log_of) -> None:
    """A teacher who is a parent as well has an account as a teacher."""
    teacher = event(11, "person.registered", BEFORE, person="p-01", roles=["teacher"])

    assert [] == found(log_of, [teacher, account(), consent("2024-09-10T10:00:00")])


def test_what_nobody_can_know_is_undecidable(log_of) -> None:
    """A parent of nobody knows whom, and a log without any consent."""
    stranger = tried(log_of([*PEOPLE, account()]), CONSENT)
    silent = tried(log_of([*PEOPLE[:-1], LINK, account()]), CONSENT)

    assert ([], {"tried": 1}) == (stranger.findings, stranger.undecidable)
    assert ([], {"tried": 1}) == (silent.findings, silent.undecidable)


def test_a_bracket_leaves_the_order_open(log_of) -> None:
    """The consent was entered at some time before or after the account: unproven."""
    late = consent("2024-09-10T10:00:00") | {"evidence": "bracketed", "notbefore": "2024-09-01T00:00:00+05:00"}

    assert [("unproven", *BROKEN[1:])] == found(log_of, [account(), late])


def test_the_homeroom_teacher_answers_for_collecting(log_of) -> None:
    """Where the clause speaks of collecting consents, the class's homeroom teacher answers, whoever made the account."""
    rule = "family: basis\nrole: homeroom_teacher\nacts: [account]\nanswers: role\n"

    assert [("violation", "out_of_order", "h-01", "homeroom_teacher", "p-01", ("s-01",))] == found(
        log_of, [account(), consent("2024-09-10T10:00:00")], rule
    )


# ---- orders --------------------------------------------------------------------------------------------------------------------


def join(number: int, day: str, class_: str, student: str = "s-01", kind: str = "joined") -> Json:
    return event(number, f"student.{kind}", f"{day}T10:00:00+05:00", "op-01", student=student, class_=class_, date=day)


def order(number: int, kind: str, signed: str, student: str = "s-01", **data: str) -> Json:
    return event(number, "order.signed", f"{signed}T12:00:00+05:00", "dir-01",
                 order=f"O-{number}", kind=kind, person=student, date=signed, **data)  # fmt: skip


OTHERS = [order(90, "transfer", "2024-10-01", "s-90"), order(91, "leave", "2024-10-01", "s-91"), order(92, "enrol", "2024-10-01", "s-92")]
MOVED = ("violation", "out_of_order", "op-01", "student_operator", "s-01", ("s-01",))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([order(20, "transfer", "2024-11-20")], []),  # on the day itself
        ([order(20, "transfer", "2024-11-21")], [MOVED]),
        ([], [MOVED]),
        ([order(20, "enrol", "2024-08-28")], [MOVED]),  # the order on the first enrolment is no order on the move
        ([order(20, "transfer", "2024-08-28")], [MOVED]),
        ([order(20, "transfer", "2024-08-28", class_="5Б")], []),  # it names the class
    ],
)
def test_a_move_in_the_year_follows_an_order(log_of, events: list[Json], expected: list[object]) -> None:
    """A student moved on 20 November needs an order of that day or before."""
    assert expected == found(log_of, [*OTHERS, join(30, "2024-11-20", "5Б"), *events], MOVE)


def test_the_yearly_forming_of_classes_is_no_move(log_of) -> None:
    """5А becomes 6А, or is divided anew, at the turn of the school years; a first class list in September is no transfer."""
    events = [join(30, "2025-09-01", "6А"), join(31, "2024-09-10", "5А", "s-02"), join(32, "2025-06-01", "5А", "s-02", "left")]

    assert [] == findings(log_of([*PEOPLE, *OTHERS, *events]), MOVE, "object", as_of="2025-10-01T00:00:00+05:00")


def test_leaving_and_coming_in_the_year_follow_orders(log_of) -> None:
    """Gone on 20 November without an order, another came on the 21st; a class left for another is no leaving."""
    events = [join(30, "2024-11-20", "5А", "s-01", "left"), join(31, "2024-11-21", "5А", "s-02")]
    away = [join(33, "2024-11-20", "5А", "s-03"), join(34, "2024-12-02", "5А", "s-03", "left"), join(35, "2024-12-03", "5Б", "s-03")]
    papers = [order(36, "enrol", "2024-11-18", "s-03"), order(37, "transfer", "2024-12-02", "s-03")]

    assert ["s-01", "s-02"] == [item[4] for item in found(log_of, [*OTHERS, *events, *away, *papers], MOVE)]


def test_a_log_without_such_orders_decides_nothing(log_of) -> None:
    """Hire orders say nothing about whether orders on students are entered."""
    audit = tried(log_of([*PEOPLE, join(30, "2024-11-20", "5Б"), order(31, "hire", "2024-09-02", "t-01")]), MOVE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_consents_and_orders_are_not_mixed(log_of) -> None:
    with pytest.raises(PolicyError, match="либо на согласие"):
        tried(log_of(PEOPLE), CONSENT.replace("credentials", "moved"))


@pytest.mark.parametrize(("parents", "expected"), [(("p-01",), "p-01"), (("p-01", "p-02"), None)])
def test_the_parent_answers_where_only_one_is_known(log_of, parents: tuple[str, ...], expected: str | None) -> None:
    """A consent that the parents owe is that of the student's one parent; of several nobody knows whose."""
    ties = [event(30 + n, "parent.linked", BEFORE, "op-01", parent=who, student="s-01") for n, who in enumerate(parents)]
    rule = CONSENT.replace("student_operator", "parent") + "answers: role\n"

    assert [(expected, "parent")] == findings(log_of([*PEOPLE, *ties, account()]), rule, "responsible", "role")
