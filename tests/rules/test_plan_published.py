"""Plans in the journal by the first lesson of the subject."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: plan_published\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [
    event(1, "class.formed", BEFORE, class_="7А", grade=7),
    lesson(1, "2024-09-03"),
    lesson(2, "2024-09-10"),
    lesson(9, "2024-09-02", subject="Химия", teacher="t-09"),
]
CHEMISTRY = event(9, "plan.published", BEFORE, "t-09", class_="7А", subject="Химия", teacher="t-09")


def plan(at: str, teacher: str = "t-01", **data: object) -> Json:
    return event(10, "plan.published", f"{at}+05:00", teacher, class_="7А", subject="История", teacher=teacher, **data)


def found(log_of, *events: Json, rule: str = RULE, as_of: str = "2024-10-01T00:00:00+05:00") -> list[tuple[object, ...]]:
    fields = ("verdict", "status", "responsible", "class_", "subject", "due_at")
    return findings(log_of([*SCHOOL, CHEMISTRY, *events]), rule, *fields, as_of=as_of)


DUE = "2024-09-03T09:00:00+05:00"
LATE = [("violation", "late", "t-01", "7А", "История", DUE)]
MISSING = [("violation", "missing", "t-01", "7А", "История", DUE)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], MISSING),
        ([plan("2024-09-03T08:59:59")], []),
        ([plan("2024-09-03T09:00:00")], LATE),
        ([plan("2024-06-10T10:00:00")], []),  # made in June for September
        ([plan("2024-05-20T10:00:00")], MISSING),  # last year's
        ([plan("2024-08-30T10:00:00", "t-02")], MISSING),  # somebody else's
        ([plan("2024-08-30T10:00:00"), plan("2024-09-20T10:00:00") | {"id": "e-011"}], []),  # corrected later
    ],
)
def test_terms(log_of, events: list[Json], expected: list[object]) -> None:
    """A plan is due when the subject's first lesson begins."""
    assert expected == found(log_of, *events)


def test_pending_and_parameters(log_of) -> None:
    """Nothing before the term; a later lesson or a date may be the term."""
    assert [] == found(log_of, as_of="2024-09-03T08:00:00+05:00")
    assert [] == found(log_of, plan("2024-09-10T08:00:00"), rule=RULE + "by_lesson: 2\n")
    assert "2024-09-10T09:00:00+05:00" == found(log_of, rule=RULE + "by_lesson: 2\n")[0][-1]
    assert "2024-09-06T00:00:00+05:00" == found(log_of, rule=RULE + "date: 09-05\nwhere: {subjects: [история]}\n")[0][-1]


def test_an_assumed_term_gives_a_notice(log_of) -> None:
    """The texts name no date: the school's assumption is said, and nobody is accused."""
    assumed = "parameters:\n  plan_lesson: {value: 1, unit: урок, assumed: true, why: даты нет}\n"
    (finding,) = tried(log_of([*SCHOOL, CHEMISTRY]), RULE + "by_lesson: {parameter: plan_lesson}\n", "2024-10-01", extra=assumed).findings

    assert ("notice", "missing") == (finding.verdict, finding.status)
    assert "план нужен к первому уроку предмета — он начался 03.09.2024 09:00" in finding.explanation


def test_groups_and_those_who_take_over(log_of) -> None:
    """Both teachers of a split class owe a plan, each by the own first lesson; who takes a class over finds the plan there."""
    groups = [lesson(20 + n, f"2024-09-0{n + 3}", subject="Английский язык", group=f"g{n}", teacher=f"t-1{n}") for n in (1, 2)]
    over = lesson(30, "2024-10-01", teacher="t-05")
    events = [plan("2024-08-30T10:00:00"), *groups, over]

    assert [("t-11", "2024-09-04T09:00:00+05:00"), ("t-12", "2024-09-05T09:00:00+05:00")] == [
        (row[2], row[5]) for row in found(log_of, *events, as_of="2024-12-01")
    ]


def test_what_nobody_can_decide(log_of) -> None:
    """A log without any plan, or one that begins in the middle of the year, is counted as undecidable."""
    silent = tried(log_of(SCHOOL), RULE)
    other = event(9, "plan.published", BEFORE, class_="8А", subject="Химия", teacher="t-09")
    winter = tried(log_of([SCHOOL[0], lesson(1, "2025-01-20"), other]), RULE)

    assert ([], {"tried": 2}) == (silent.findings, silent.undecidable)
    assert ([], {"tried": 1}) == (winter.findings, winter.undecidable)
