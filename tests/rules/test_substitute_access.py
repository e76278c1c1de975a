"""A long absence: the substitute's own access before the first record."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

BEFORE = "2024-08-26T10:00:00+05:00"
RULE = "family: substitute_access\ndays: 3\nby: [study_operator]\n"
PEOPLE = [
    event(1, "person.registered", BEFORE, person="so-01", roles=["study_operator"]),
    event(2, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(3, "access.granted", BEFORE, "so-01", person="t-09", from_="2024-09-02"),
    event(4, "absence.registered", "2024-09-09T07:00:00+05:00", "d-01", person="t-01", from_="2024-09-09", to="2024-09-13"),
    lesson(1, "2024-09-11"),
    lesson(2, "2024-09-12"),
    lesson(3, "2024-09-12", teacher="t-03", group="2"),
    *(event(10 + n, "lesson.substituted", f"2024-09-{10 + n}T07:30:00+05:00", "d-01", lesson=f"L-{n}", teacher="t-02") for n in (1, 2)),
]


def topic(number: int, in_lesson: str, at: str, actor: str = "t-02") -> Json:
    return event(number, "topic.recorded", f"{at}+05:00", actor, lesson=in_lesson, text="Реформы")


def access(at: str, actor: str = "so-01", **data: str) -> Json:
    return event(
        30, "access.granted", f"{at}+05:00", actor, **({"person": "t-02", "class": "7А", "subject": "История", "from": at[:10]} | data)
    )


RECORD = topic(20, "L-2", "2024-09-12T09:30:00")
FIELDS = ("verdict", "status", "responsible", "object", "lesson")


def found(log_of, events: list[Json], rule: str = RULE) -> list[tuple[object, ...]]:
    return findings(log_of([*PEOPLE, *events]), rule, *FIELDS)


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        (access("2024-09-12T08:00:00"), []),
        (access("2024-09-12T08:00:00", class_="7А"), []),
        (access("2024-09-12T09:31:00"), [("violation", "out_of_order", "t-02", "t-01", "L-2")]),
        (access("2024-09-12T08:00:00", subject="Физика"), [("violation", "missing", "t-02", "t-01", "L-2")]),
        (access("2024-09-12T08:00:00", person="t-08"), [("violation", "missing", "t-02", "t-01", "L-2")]),
        (access("2024-09-12T08:00:00", **{"from": "2024-09-13"}), [("violation", "out_of_order", "t-02", "t-01", "L-2")]),
        (access("2024-09-12T08:00:00", "a-01"), [("review", "forbidden", "t-02", "t-01", "L-2")]),
    ],
)
def test_access_comes_before_the_first_record_of_day_four(log_of, granted: Json, expected: list[object]) -> None:
    """Away from Monday the 9th: Thursday the 12th is day 4."""
    assert expected == found(log_of, [RECORD, granted])


def test_up_to_three_days_nothing_is_asked(log_of) -> None:
    """On Wednesday, day 3, the substitute records without access."""
    assert [] == found(log_of, [topic(20, "L-1", "2024-09-11T09:30:00")])


def test_who_teaches_the_class_anyway_needs_no_grant(log_of) -> None:
    """The other group's teacher stands in."""
    assert [] == found(
        log_of,
        [event(13, "lesson.substituted", "2024-09-12T07:40:00+05:00", "d-01", lesson="L-2", teacher="t-03"),
         topic(20, "L-2", "2024-09-12T09:30:00", "t-03")],
    )  # fmt: skip


def test_an_absence_registered_in_parts_is_one(log_of) -> None:
    """Monday to Wednesday, then Thursday to Friday; with a day between they are two."""
    parts = [
        event(4, "absence.registered", "2024-09-09T07:00:00+05:00", "d-01", person="t-01", from_="2024-09-09", to="2024-09-11"),
        event(5, "absence.registered", "2024-09-12T07:00:00+05:00", "d-01", person="t-01", from_="2024-09-12", to="2024-09-13"),
    ]
    others = [item for item in PEOPLE if item["id"] != "e-004"]
    apart = [parts[0] | {"data": parts[0]["data"] | {"to": "2024-09-10"}}, parts[1]]

    assert [("missing",)] == findings(log_of([*others, *parts, RECORD]), RULE, "status")
    assert [] == findings(log_of([*others, *apart, RECORD]), RULE, "status")


def test_an_absence_registered_afterwards_is_reviewed(log_of) -> None:
    """When the record was made, nobody had yet entered that the absence goes on."""
    late = event(4, "absence.registered", "2024-09-13T07:00:00+05:00", "d-01", person="t-01", from_="2024-09-09", to="2024-09-13")
    others = [item for item in PEOPLE if item["id"] != "e-004"]

    assert [("review", "missing")] == findings(log_of([*others, late, RECORD]), RULE, "verdict", "status")


def test_the_login_of_the_absent_is_for_a_person_to_decide(log_of) -> None:
    """A record in the substitute's lesson under the account of the teacher who is away; from home it would be the same."""
    assert [("review", "forbidden", "t-02", "t-01", "L-2")] == found(log_of, [topic(20, "L-2", "2024-09-12T09:30:00", "t-01")])
    assert [] == found(log_of, [topic(20, "L-2", "2024-09-16T09:30:00", "t-01")])  # back at work
    assert [] == found(log_of, [topic(20, "L-2", "2024-09-12T09:30:00", "t-01")], RULE + "borrowed: ignore\n")


def test_without_grants_in_the_log_nothing_is_decided(log_of) -> None:
    audit = tried(log_of([item for item in PEOPLE if item["id"] != "e-003"] + [RECORD]), RULE)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_the_explanation_counts_the_days(log_of) -> None:
    (finding,) = tried(log_of([*PEOPLE, RECORD, access("2024-09-12T09:31:00")]), RULE).findings

    assert (
        "Норма (7А, История, 12.09.2024): учитель отсутствует с 09.09.2024, 12.09.2024 — 4-й день (больше 3 дней); первая запись "
        "12.09.2024 09:30, доступ дан 12.09.2024 09:31 (п. 1)."
    ) == finding.explanation
