"""Family `remark_terms`: a remark with a date of its own, and one under the school's assumed term."""

from __future__ import annotations

import pytest

from tests.conftest import event
from tests.rules.norms import findings
from tests.rules.situations import Situation

CLAUSE = {"lyceum-68": "3.6.7", "pestravka": "3.3#16"}
LATER = "2024-11-20T00:00"


def remark(school: str, **data: str) -> Situation:
    """Issued on Thursday 31 October 2024; Saturday 2 November works, Monday 4 November is a holiday."""
    return Situation(school).remark("2024-10-31T15:00", **data)


@pytest.mark.parametrize("school", CLAUSE)
def test_date_named_on_the_remark(school: str) -> None:
    """Through its 24:00, exclusive; a violation after it; a holiday moves no explicit date."""
    clause = CLAUSE[school]

    assert [] == remark(school, due="2024-11-07").resolve("2024-11-07T23:59:59").found(LATER, clause)
    assert [(clause, "violation", "late")] == remark(school, due="2024-11-07").resolve("2024-11-08T00:00").found(LATER, clause)
    assert [(clause, "violation", "missing")] == remark(school, due="2024-11-07").found(LATER, clause)
    assert ["2024-11-05T00:00:00"] == remark(school, due="2024-11-04").resolve("2024-11-05T10:00").due(LATER, clause)


@pytest.mark.parametrize("school", CLAUSE)
def test_assumed_term_gives_a_notice(school: str) -> None:
    """Five working days: 1, 2, 5, 6 and 7 November."""
    clause = CLAUSE[school]

    assert [] == remark(school).resolve("2024-11-07T23:59:59").found(LATER, clause)
    assert [(clause, "notice", "late")] == remark(school).resolve("2024-11-08T00:00").found(LATER, clause)
    assert [] == remark(school).found("2024-11-07T23:59:59", clause)
    assert [(clause, "notice", "missing")] == remark(school).found("2024-11-08T00:00", clause)


def test_what_a_finding_on_a_remark_is_about() -> None:
    """The remark itself, with the lesson and student it names, to whom it was issued; whoever resolved it."""
    named = remark("lyceum-68", due="2024-11-07", lesson="L-1", student="s-01", to="h-01").lesson("L-1", "2024-10-30T09:00")
    found = named.findings(LATER, "3.5.13")

    assert [("R-1", "L-1", "8А", ("s-01",), "h-01")] == [(f.object, f.lesson, f.class_, f.students, f.responsible) for f in found]
    by_deputy = remark("pestravka", due="2024-11-07").add("remark.resolved", "2024-11-07T10:00", "d-01", remark="R-1")
    assert [] == by_deputy.found(LATER, "3.3#16")


def test_outage_over_the_date_of_a_remark() -> None:
    """It moves like any other term."""
    covered = remark("pestravka", due="2024-11-07").outage("2024-11-07T20:00", "2024-11-08T02:00")

    assert [] == covered.resolve("2024-11-11T23:59").found(LATER, "3.3#16")


@pytest.mark.parametrize(("role", "expected"), [("deputy_director", ["missing"]), ("director", []), (None, ["missing"])])
def test_whose_remarks_count(log_of, role: str | None, expected: list[str]) -> None:
    """Where the text speaks of the deputies' remarks, the director's is none of them; one of nobody knows whom may be."""
    rule = "family: remark_terms\ndue: {working_days: 5}\nby: [deputy_director]\n"
    people = [event(1, "person.registered", "2024-09-02T10:00:00+05:00", person="x-01", roles=[role])] if role else []
    made = event(2, "remark.issued", "2024-10-31T15:00:00+05:00", "x-01", remark="R-1", to="t-01", due="2024-11-07")

    assert expected == [item[0] for item in findings(log_of([*people, made]), rule, "status")]
