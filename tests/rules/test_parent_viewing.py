"""Parents look into the diary week by week, and at the period marks when a period ends."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import Json, event
from tests.rules.duties import BEFORE, SCHOOL, instants, on
from tests.rules.norms import findings, policies_of, tried

WEEKLY = "family: parent_viewing\nevery: {week: true}\n"
MARKS = "family: parent_viewing\nsections: [period_marks]\nevery: {period: [quarter], grace_days: 7, lead_days: 3}\n"
LINKED = event(20, "parent.linked", BEFORE, parent="p-01", student="s-01")
OTHER = event(21, "parent.linked", BEFORE, parent="p-02", student="s-01")


def look(number: int, time: str, parent: str = "p-01", student: str = "s-01", **data: object) -> Json:
    return event(number, "diary.viewed", f"2024-{time}:00+05:00", parent, parent=parent, student=student, **data)


def found(log_of, events: list[Json], rule: str, as_of: str, *fields: str) -> list[tuple[object, ...]]:
    return instants(findings(log_of([*SCHOOL, *events]), rule, *fields, as_of=f"2024-{as_of}:00+05:00"))


def test_a_week_in_which_no_parent_looked(log_of) -> None:
    """Sunday's last minute is in time, Monday's first is the next week's; a week without lessons owes nothing."""
    events = [*on("09-03", "09-10", "09-24"), LINKED, look(30, "09-08T23:59"), look(31, "09-16T00:00")]

    assert [
        ("2024-09-09", "violation", "missing", "p-01", "parent", "7А", ("s-01",), "09-16T00:00"),
        ("2024-09-23", "violation", "missing", "p-01", "parent", "7А", ("s-01",), "09-30T00:00"),
    ] == found(log_of, events, WEEKLY, "09-30T00:00", "date", "verdict", "status", "responsible", "role", "class_", "students", "due_at")


def test_one_of_two_parents_is_enough(log_of) -> None:
    """Where neither looked, nobody in particular answers."""
    events = [*on("09-03", "09-10"), LINKED, OTHER, look(30, "09-04T12:00", "p-02")]

    assert [("2024-09-09", None, "parent")] == found(log_of, events, WEEKLY, "09-16T00:00", "date", "responsible", "role")


def test_whoever_is_not_known_as_a_parent_leaves_it_undecided(log_of) -> None:
    """The tie to the card may be missing in the log."""
    audit = tried(log_of([*SCHOOL, *on("09-03"), LINKED, look(30, "09-04T12:00", "p-09")]), WEEKLY, "2024-09-10T00:00:00+05:00")

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_who_owes_nothing(log_of) -> None:
    """Students without a linked parent, families that opted out or refused, students who were not there for the whole week."""
    lessons, seen = on("09-03", "09-05"), look(30, "09-20T12:00")
    late = event(40, "parent.linked", "2024-09-04T10:00:00+05:00", parent="p-01", student="s-01")
    joined = event(41, "student.joined", BEFORE, student="s-02", class_="7А", date="2024-09-05")
    tied = event(42, "parent.linked", BEFORE, parent="p-02", student="s-02")

    assert [] == found(log_of, [*lessons, seen], WEEKLY, "09-10T00:00", "date")
    assert [] == found(log_of, [*lessons, late, seen], WEEKLY, "09-10T00:00", "date")
    assert [(("s-01",),)] == found(log_of, [*lessons, LINKED, joined, tied, seen], WEEKLY, "09-22T00:00", "students")
    for kind in ("optout.filed", "consent.refused"):
        opted = event(43, kind, "2024-09-04T10:00:00+05:00", student="s-01", parent="p-01")
        assert [] == found(log_of, [*lessons, LINKED, opted, seen], WEEKLY, "09-22T00:00", "date")
        signed = event(44, "consent.signed", "2024-09-11T10:00:00+05:00", student="s-01")
        more = [*lessons, *on("09-10", "09-17"), LINKED, opted, signed, look(31, "09-30T12:00")]
        assert ["2024-09-16"] == [row[0] for row in found(log_of, more, WEEKLY, "10-01T00:00", "date")]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (("10-25T20:00", "period_marks"), []),
        (("10-22T20:00", "period_marks"), []),  # three days before the last lessons: the marks stand already
        (("10-21T20:00", "period_marks"), [("missing", "11-02T00:00", None)]),
        (("11-01T23:59", "period_marks"), []),
        (("11-02T00:00", "period_marks"), [("late", "11-02T00:00", "11-02T00:00")]),
        (("10-28T12:00", "diary"), [("missing", "11-02T00:00", None)]),
        (("10-28T12:00", None), None),  # the section is not said
    ],
)
def test_period_marks_are_looked_at_when_the_period_ends(log_of, seen: tuple[str, str | None], expected: list[object] | None) -> None:
    """Within seven days after it, in the section of period marks; a look that names no section leaves it open."""
    time, section = seen
    made = look(30, time) if section is None else look(30, time, section=section)
    log = log_of([*SCHOOL, *on("09-03", "10-25"), LINKED, made])
    audit = tried(log, MARKS, "2024-11-10T00:00:00+05:00")

    assert ({} if expected is not None else {"tried": 1}) == audit.undecidable
    assert (expected or []) == instants((f.status, f.due_at, f.done_at) for f in audit.findings)
    assert {"Q1"} >= {f.period for f in audit.findings}


def test_a_log_without_views_decides_nothing(log_of) -> None:
    audit = tried(log_of([*SCHOOL, *on("09-03", "09-10"), LINKED]), WEEKLY, "2024-09-16T00:00:00+05:00")

    assert ([], {"tried": 2}) == (audit.findings, audit.undecidable)


def test_the_explanation_names_the_looks_before_and_after(log_of) -> None:
    events = [*on("09-03", "09-10"), LINKED, look(30, "09-08T12:00"), look(31, "09-16T08:00")]
    (finding,) = tried(log_of([*SCHOOL, *events]), WEEKLY, "2024-09-17T00:00:00+05:00").findings

    assert "неделя 09.09.2024 – 15.09.2024 — срок до 24:00 15.09.2024" in finding.explanation
    assert "за это время — ни разу; до того — 08.09.2024 12:00; после — 16.09.2024 08:00" in finding.explanation
    assert {"e-030", "e-031", "e-020"} < set(finding.evidence)


def test_days_are_not_asked_of_parents() -> None:
    with pytest.raises(PolicyError) as error:
        policies_of("family: parent_viewing\nevery: {days: 7}")

    assert "родители смотрят по неделям" in str(error.value)
