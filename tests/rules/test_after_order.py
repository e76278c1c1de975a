"""What an order calls for, done by its term."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import Json, event
from tests.rules.norms import findings, tried

BEFORE = "2024-08-26T10:00:00+05:00"
HIRE = "family: after_order\nrole: hr_operator\nkinds: [hire]\nact: account_created\ndue: {same_day: true}\n"
DISMISS = "family: after_order\nrole: hr_operator\nkinds: [dismiss]\nact: account_disabled\ndue: {same_day: true}\n"
MOVE = "family: after_order\nrole: secretary\nkinds: [transfer]\npeople: students\nact: joined\ndue: {working_days: 3}\nearly: ignore\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="hr-01", roles=["hr_operator"]),
    event(2, "person.registered", BEFORE, person="t-09", roles=["teacher"]),
    event(3, "person.registered", BEFORE, person="sec-01", roles=["secretary"]),
    event(4, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(5, "class.formed", BEFORE, class_="5А", grade=5, homeroom_teacher="h-01"),
    event(6, "class.formed", BEFORE, class_="5Б", grade=5),
    event(7, "student.joined", BEFORE, student="s-01", class_="5А", date="2024-09-02"),
]
FIELDS = ("verdict", "status", "responsible", "due_at", "object")


def order(number: int, kind: str, signed: str, person: str = "t-09", at: str = "", **data: object) -> Json:
    """Give an order that is entered on the day of its signing at 12:00, unless `at` says otherwise."""
    return event(number, "order.signed", at or f"{signed}T12:00:00+05:00", "dir-01",
                 order=f"O-{number}", kind=kind, person=person, date=signed, **data)  # fmt: skip


def account(number: int, at: str, kind: str = "created", person: str = "t-09") -> Json:
    return event(number, f"account.{kind}", f"{at}+05:00", "hr-01", person=person)


def found(log_of, events: list[Json], rule: str = HIRE, as_of: str = "2025-08-01T00:00:00+05:00") -> list[tuple[object, ...]]:
    return findings(log_of([*PEOPLE, *events]), rule, *FIELDS, as_of=as_of)


LATE = [("violation", "late", "hr-01", "2024-08-31T00:00:00+05:00", "O-20")]
EARLY = [("review", "early", "hr-01", "2024-08-30T00:00:00+05:00", "O-20")]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2024-08-30T23:59:59", []),
        ("2024-08-30T09:00:00", []),  # on the day of signing, before the order is entered
        ("2024-08-31T00:00:00", LATE),
        ("2024-09-02T09:00:00", LATE),
        ("2024-08-29T23:00:00", EARLY),
    ],
)
def test_the_account_is_made_on_the_day_of_signing(log_of, at: str, expected: list[object]) -> None:
    """The day of signing counts, to its end; an account made on an earlier day is for a person to decide."""
    assert expected == found(log_of, [order(20, "hire", "2024-08-30"), account(21, at)])


def test_of_several_operators_the_one_who_did_it_answers(log_of) -> None:
    """Two people hold the role; where nothing was done nobody can be named."""
    second = event(8, "person.registered", BEFORE, person="hr-02", roles=["hr_operator"])
    other = account(22, "2024-08-30T10:00:00", person="t-08")

    assert ["hr-01"] == [item[2] for item in found(log_of, [second, order(20, "hire", "2024-08-30"), account(21, "2024-09-02T09:00:00")])]
    assert [None] == [item[2] for item in found(log_of, [second, order(20, "hire", "2024-08-30"), other])]


def test_an_account_never_made_is_missing(log_of) -> None:
    """Where the log has accounts of others, the one that is not there was not made."""
    events = [order(20, "hire", "2024-08-30"), account(21, "2024-08-30T10:00:00", person="t-08")]

    assert [("violation", "missing", *LATE[0][2:])] == found(log_of, events)
    assert [] == found(log_of, events, as_of="2024-08-30T20:00:00+05:00")


def test_a_log_without_accounts_decides_nothing(log_of) -> None:
    """Without any account in the log the due orders are counted as undecidable."""
    audit = tried(log_of([*PEOPLE, order(20, "hire", "2024-08-30"), order(21, "hire", "2024-10-01")]), HIRE, "2024-09-10T00:00:00+05:00")

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_an_order_entered_after_its_term_is_reviewed(log_of) -> None:
    """Nobody is accused of not following an order that the journal did not know of in time."""
    events = [order(20, "hire", "2024-08-30", at="2024-09-02T08:00:00+05:00"), account(21, "2024-09-02T09:00:00")]

    assert [("review", *LATE[0][1:])] == found(log_of, events)


def test_an_assumed_term_stays_a_notice_whenever_the_order_was_entered(log_of) -> None:
    """A term that the school assumed does not become a review because the order came late."""
    extra = "parameters: {days: {value: 1, assumed: true, why: числа нет}}\n"
    rule = HIRE.replace("same_day: true", "working_days: {parameter: days}")
    events = [order(20, "hire", "2024-08-30", at="2024-09-09T08:00:00+05:00"), account(21, "2024-09-10T09:00:00")]

    assert [("notice",)] == findings(log_of([*PEOPLE, *events]), rule, "verdict", extra=extra)


def test_an_account_kept_from_an_earlier_order_is_not_early(log_of) -> None:
    """A second hire order finds the account of the first in force; a closed one must be made anew."""
    first = [order(20, "hire", "2024-08-30"), account(21, "2024-08-30T10:00:00")]
    again = order(23, "hire", "2024-10-01")

    assert [] == found(log_of, [*first, again])
    assert [("violation", "missing", "hr-01", "2024-10-02T00:00:00+05:00", "O-23")] == found(
        log_of, [*first, account(22, "2024-09-20T10:00:00", "disabled"), again]
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2024-11-11T20:00:00", []),  # on the day of signing, by the letter
        ("2024-11-12T09:00:00", [("notice", "late")]),
        ("2024-11-22T23:59:00", [("notice", "late")]),  # the last working day
        ("2024-11-23T00:00:00", [("violation", "late")]),
        (None, [("violation", "missing")]),
    ],
)
def test_a_dismissed_person_may_work_to_the_last_day(log_of, at: str | None, expected: list[object]) -> None:
    """By the letter the account closes on the day of signing; up to the last working day that gives only a notice that names the gap."""
    events = [account(20, "2024-09-02T10:00:00"), order(21, "dismiss", "2024-11-11", to="2024-11-22")]
    events += [account(23, "2024-11-05T10:00:00", "disabled", "t-08")] + ([account(22, at, "disabled")] if at else [])
    result = found(log_of, events, DISMISS)

    assert expected == [item[:2] for item in result]
    assert {"2024-11-12T00:00:00+05:00"} >= {item[3] for item in result}


def test_nobody_has_to_close_an_account_before_the_last_day(log_of) -> None:
    """On the 20th the account of a person who works to the 22nd is open, and nobody is told to close it."""
    events = [account(20, "2024-09-02T10:00:00"), order(21, "dismiss", "2024-11-11", to="2024-11-22")]
    events.append(account(22, "2024-11-05T10:00:00", "disabled", "t-08"))

    assert [] == found(log_of, events, DISMISS, as_of="2024-11-20T00:00:00+05:00")


def test_somebody_unknown_need_not_have_had_an_account(log_of) -> None:
    """A dismissed person of whom the journal knows neither role nor account is for a person to decide."""
    events = [order(21, "dismiss", "2024-11-11", "x-99"), account(22, "2024-11-05T10:00:00", "disabled", "t-08")]

    assert [("review", "missing")] == [item[:2] for item in found(log_of, events, DISMISS)]


def test_the_gap_is_named(log_of) -> None:
    """The explanation tells the order, the person, the last working day and how the clause counts."""
    events = [account(20, "2024-09-02T10:00:00"), order(21, "dismiss", "2024-11-11", to="2024-11-22")]
    events.append(account(22, "2024-11-25T09:00:00", "disabled"))
    (finding,) = tried(log_of([*PEOPLE, *events]), DISMISS).findings

    assert (
        "Норма (11.11.2024): в день подписания приказа — срок до 24:00 11.11.2024; приказ O-21 (увольнение, t-09) от 11.11.2024: "
        "учётная запись закрыта — 25.11.2024 09:00, позже на 13 дней 9 часов (последний рабочий день — 22.11.2024; пункт считает от "
        "подписания, до этого дня доступ нужен) (п. 1)."
    ) == finding.explanation


def join(number: int, day: str, class_: str, student: str = "s-01") -> Json:
    return event(number, "student.joined", f"{day}T10:00:00+05:00", "sec-01", student=student, class_=class_, date=day)


@pytest.mark.parametrize(
    ("day", "class_", "expected"),
    [
        ("2024-10-14", "5Б", []),
        ("2024-10-15", "5Б", [("violation", "late", ("s-01",))]),
        ("2024-10-14", "5В", [("violation", "missing", ("s-01",))]),  # not the class of the order
    ],
)
def test_a_transfer_is_done_in_the_class_of_the_order(log_of, day: str, class_: str, expected: list[object]) -> None:
    """Signed on Wednesday the 9th, three working days end on Monday the 14th; the class of before answers nothing."""
    events = [order(20, "transfer", "2024-10-09", "s-01", class_="5Б"), join(21, day, class_)]

    assert expected == findings(log_of([*PEOPLE, *events]), MOVE, "verdict", "status", "students")


def test_a_transfer_without_a_class_is_done_by_the_next_joining(log_of) -> None:
    """The membership that the transfer ends is not taken for its fulfilment."""
    events = [order(20, "transfer", "2024-10-09", "s-01"), join(21, "2024-10-21", "5Б")]

    assert [("late",)] == findings(log_of([*PEOPLE, *events]), MOVE, "status")


@pytest.mark.parametrize(("left", "joined"), [(21, 22), (22, 21)])
def test_a_move_entered_at_one_moment_before_its_order(log_of, left: int, joined: int) -> None:
    """Leaving one class and joining the other at the same minute is one move, whichever the log lists first."""
    at = "2024-10-07T12:00:00+05:00"
    events = [
        order(20, "transfer", "2024-10-09", "s-01", class_="5Б"),
        event(left, "student.left", at, "sec-01", student="s-01", class_="5А", date="2024-10-07"),
        event(joined, "student.joined", at, "sec-01", student="s-01", class_="5Б", date="2024-10-07"),
    ]

    assert [] == findings(log_of([*PEOPLE, *events]), MOVE, "status")


def test_a_student_with_a_role_of_the_staff_is_a_student(log_of) -> None:
    """Whoever is in a class when the order is signed is transferred as a student, whatever role was given to them."""
    given = event(21, "role.assigned", BEFORE, "a-01", person="s-01", role="teacher", from_="2024-11-01")
    events = [order(20, "transfer", "2024-10-09", "s-01", class_="5Б"), given, join(22, "2024-10-21", "5Б")]

    assert [("late",)] == findings(log_of([*PEOPLE, *events]), MOVE, "status")


def test_staff_transfers_are_no_student_transfers(log_of) -> None:
    """A rule about students does not look at an order about a teacher."""
    assert [] == findings(log_of([*PEOPLE, order(20, "transfer", "2024-10-09")]), MOVE, "status")


def test_a_term_from_the_day_an_order_takes_effect(log_of) -> None:
    """Enrolled from 2 December, a term of three working days runs from there."""
    rule = "family: after_order\nkinds: [enrol]\nact: joined\ndue: {working_days: 3}\ncounts_from: effective\n"
    events = [order(20, "enrol", "2024-11-20", "s-02", from_="2024-12-02")]

    assert [] == findings(log_of([*PEOPLE, *events, join(21, "2024-12-05", "5А", "s-02")]), rule, "status")
    assert [("late", "sec-01")] == findings(log_of([*PEOPLE, *events, join(21, "2024-12-06", "5А", "s-02")]), rule, "status", "responsible")


def test_a_card_counts_only_when_it_is_complete(log_of) -> None:
    """The homeroom teacher of the class of the order answers; a card left incomplete is not filled."""
    rule = "family: after_order\nrole: homeroom_teacher\nkinds: [enrol]\nact: profile_updated\ndue: {working_days: 5}\n"
    events = [order(20, "enrol", "2024-10-09", "s-02", class_="5А")]
    events += [
        event(21, "profile.updated", "2024-10-10T10:00:00+05:00", "h-01", person="s-02", complete=False),
        event(22, "profile.updated", "2024-10-17T10:00:00+05:00", "h-01", person="s-02"),
    ]

    assert [("late", "h-01", "2024-10-17T00:00:00+05:00")] == findings(log_of([*PEOPLE, *events]), rule, "status", "responsible", "due_at")


def test_a_card_filled_before_the_order_counts_for_who_is_new(log_of) -> None:
    """Somebody hired or enrolled needs no second card; a transfer is a change that the card has yet to show."""
    rule = "family: after_order\nrole: secretary\nkinds: [KIND]\npeople: staff\nact: profile_updated\ndue: {working_days: 5}\n"
    card = event(21, "profile.updated", "2024-10-01T10:00:00+05:00", "sec-01", person="t-07")
    for kind, expected in (("hire", []), ("transfer", ["missing"])):
        known = event(19, "person.registered", "2024-09-30T10:00:00+05:00", person="t-07", roles=["teacher"])
        events = [known, order(20, kind, "2024-10-09", "t-07"), card]

        assert expected == [item[0] for item in findings(log_of([*PEOPLE, *events]), rule.replace("KIND", kind), "status")]


def test_the_administrator_is_told_by_a_list_or_a_message(log_of) -> None:
    """A message to the administrator or a list of teachers serves; a message to somebody else does not."""
    rule = "family: after_order\nkinds: [hire]\nact: administrator_told\ndue: {working_days: 1}\n"
    hired = order(20, "hire", "2024-10-09")
    told = event(21, "message.sent", "2024-10-10T10:00:00+05:00", "sec-01", to="a-01")
    listed = event(22, "list.delivered", "2024-10-11T10:00:00+05:00", "sec-01", kind="teachers")

    assert [] == found(log_of, [hired, told], rule)
    assert ["late"] == [item[1] for item in found(log_of, [hired, listed], rule)]
    assert ["missing"] == [item[1] for item in found(log_of, [hired, told | {"data": {"to": "t-09"}}], rule)]


@pytest.mark.parametrize(("day", "undecidable"), [("10", {}), ("14", {"tried": 1})])
def test_a_change_that_the_journal_shows_is_known_to_the_administrator(log_of, day: str, undecidable: dict[str, int]) -> None:
    """Nobody is asked for a message about an account that was made, nor about a student who is in the class already; whoever entered the
    change late may have known of it in time.
    """
    rule = "family: after_order\nkinds: [hire, enrol]\nact: administrator_told\ndue: {working_days: 1}\n"
    made = event(22, "account.created", f"2024-10-{day}T10:00:00+05:00", "a-01", person="t-09")
    elsewhere = event(23, "message.sent", "2024-10-30T10:00:00+05:00", "sec-01", to="a-01")
    events = [order(20, "hire", "2024-10-09"), order(21, "enrol", "2024-10-09", "s-01", class_="5А"), made, elsewhere]
    audit = tried(log_of([*PEOPLE, *events]), rule)

    assert ([], undecidable) == (audit.findings, audit.undecidable)


def test_others_may_tell_the_administrator_as_well(log_of) -> None:
    """A homeroom teacher's message serves where the rule says so."""
    rule = "family: after_order\nkinds: [hire]\nact: administrator_told\ndue: {working_days: 1}\n"
    events = [order(20, "hire", "2024-10-09"), event(21, "message.sent", "2024-10-10T10:00:00+05:00", "h-01", to="a-01")]

    assert ["missing"] == [item[1] for item in found(log_of, events, rule)]
    assert [] == found(log_of, events, rule + "by: [secretary, homeroom_teacher]\n")


def test_an_assumed_term_gives_notices_and_lags_as_figures(log_of) -> None:
    """Where the text gives no number of days the lag is measured, and an overrun is only told."""
    extra = "parameters: {days: {value: 3, assumed: true, why: числа нет}}\n"
    rule = MOVE.replace("working_days: 3", "working_days: {parameter: days}")
    events = [order(20, "transfer", "2024-10-09", "s-01", class_="5Б"), join(21, "2024-10-21", "5Б")]
    audit = tried(log_of([*PEOPLE, *events]), rule, extra=extra)

    assert [("notice", "late")] == [(finding.verdict, finding.status) for finding in audit.findings]
    assert [("2024-10-09", "5Б", "sec-01", 12.0)] == list(
        audit.figures[["date", "class", "person", "value"]].itertuples(index=False, name=None)
    )


def test_a_collective_order_is_one_finding(log_of) -> None:
    """Two students under one order that nobody carried out."""
    both = [order(20, "leave", "2024-10-09", "s-01"), order(20, "leave", "2024-10-09", "s-02")]
    both[1] |= {"id": "e-021"}
    gone = event(22, "student.left", "2024-10-01T10:00:00+05:00", "sec-01", student="s-03", class_="5А", date="2024-10-01")
    rule = "family: after_order\nkinds: [leave]\nact: left\ndue: {working_days: 3}\n"

    assert [("missing", ("s-01", "s-02"))] == findings(log_of([*PEOPLE, *both, gone]), rule, "status", "students")


def test_a_term_of_lessons_is_refused(log_of) -> None:
    """An order has no next lesson."""
    with pytest.raises(PolicyError, match="здесь срок считается в днях"):
        tried(log_of(PEOPLE), HIRE.replace("same_day", "next_lesson"))
