"""What a person confirms: by when, what counts as a confirmation, and that a log without any confirmation accuses nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingest.eventlog import EventLog
from policies.bundle import Policies
from rules.attestation import Attestation
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, policies_of, tried

Log = Callable[[Sequence[Json]], EventLog]

RULE = "family: attestation\nrole: administrator\nevery: {every}\ndocument: журнал консультаций"
YEARLY, MONTHLY, PERIODICALLY = (RULE.format(every=every) for every in ("year", "month", "period"))
YEAR = event(1, "period.set", "2024-08-26T10:00:00+05:00", period="Y", kind="year", starts="2024-09-02", ends="2025-05-26")
QUARTERS = [
    event(2, "period.set", "2024-08-26T10:00:00+05:00", period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(3, "period.set", "2024-08-26T10:00:00+05:00", period="Q2", kind="quarter", starts="2024-11-05", ends="2024-12-28"),
]
HALF = event(4, "period.set", "2024-08-26T10:00:00+05:00", period="H1", kind="half_year", starts="2024-09-02", ends="2024-12-28")
PEOPLE = event(5, "person.registered", "2024-08-26T10:00:00+05:00", person="a-01", roles=["administrator"])
OTHER = event(6, "attestation.given", "2024-09-10T12:00:00+05:00", clause="9.9", by="a-01")
"""A confirmation of another clause: people do confirm in this log."""


def given(time: str, number: int = 10, **data: str) -> Json:
    """Give a confirmation of clause 1."""
    return event(number, "attestation.given", time, clause="1", by="a-01", **data)


def test_a_log_without_confirmations_accuses_nobody(log_of: Log) -> None:
    """No confirmation of anything: counted as undecidable, and only when the term has come."""
    log = log_of([YEAR, PEOPLE])
    before, after = (tried(log, YEARLY, as_of) for as_of in ("2025-06-09T00:00:00+05:00", "2025-06-10T00:00:00+05:00"))

    assert ([], {}) == (before.findings, before.undecidable)
    assert ([], {"tried": 1}) == (after.findings, after.undecidable)


@pytest.mark.parametrize(
    ("confirmations", "status"),
    [
        ([], "missing"),
        ([given("2025-03-01T10:00:00+05:00")], None),
        ([given("2025-06-09T23:59:00+05:00")], None),
        ([given("2025-06-10T00:00:00+05:00")], "missing"),
        ([given("2025-06-10T00:00:00+05:00", period="Y")], "late"),
        ([given("2025-06-10T00:00:00+05:00", period="2024/25")], "late"),
        ([given("2025-06-10T00:00:00+05:00", from_="2024-09-02", to="2025-05-26")], "late"),
        ([given("2024-08-27T10:00:00+05:00", period="2024/25")], None),
        ([given("2024-08-27T10:00:00+05:00")], "missing"),
        ([given("2024-10-01T10:00:00+05:00", period="2023/24")], "missing"),
        ([given("2025-05-20T10:00:00+05:00", from_="2024-09-02", to="2025-05-20")], None),
        ([given("2024-10-01T10:00:00+05:00", period="за осень")], None),
    ],
    ids=[
        "nobody confirmed", "within the year", "in the last minute of grace", "after grace, without saying for when",
        "after grace, by the period",
        "after grace, by the school year", "after grace, by days", "in advance, for the year", "in advance, without saying for when",
        "for another year", "for most of the year, in its time", "a period nobody knows says nothing",
    ],
)  # fmt: skip
def test_what_counts_for_a_year(confirmations: list[Json], status: str | None, log_of: Log) -> None:
    """Given in the year or 14 days after it, or naming days that hold it; late when given later."""
    found = findings(log_of([YEAR, PEOPLE, OTHER, *confirmations]), YEARLY, "status")

    assert found == ([] if status is None else [(status,)])


def test_the_finding_asks_the_one_who_has_to_confirm(log_of: Log) -> None:
    """A person decides; it names the holder of the role, the clause, the term and what confirms."""
    (finding,) = tried(log_of([YEAR, PEOPLE, OTHER]), YEARLY).findings

    assert (finding.verdict, finding.responsible, finding.role, finding.clause) == ("review", "a-01", "administrator", "1")
    assert (finding.date, finding.due_at, finding.period) == ("2024-09-02", "2025-06-10T00:00:00+05:00", "Y")
    assert "подтверждается за 02.09.2024 – 26.05.2025, срок 26.05.2025 + 14 дней — до 24:00 09.06.2025" in finding.explanation
    assert "никто этого не подтвердил (чем подтвердить: журнал консультаций)" in finding.explanation


def test_two_holders_of_a_role_leave_nobody_named(log_of: Log) -> None:
    """Where several people hold the role, only the role is named."""
    second = event(7, "person.registered", "2024-08-26T10:00:00+05:00", person="a-02", roles=["administrator"])

    assert [(None, "administrator")] == findings(log_of([YEAR, PEOPLE, second, OTHER]), YEARLY, "responsible", "role")


def test_a_late_confirmation_says_by_how_much(log_of: Log) -> None:
    """The confirmation is the finding's evidence."""
    (finding,) = tried(log_of([YEAR, PEOPLE, given("2025-06-12T10:00:00+05:00", period="Y")]), YEARLY).findings

    assert (finding.status, finding.done_at) == ("late", "2025-06-12T10:00:00+05:00")
    assert "позже на 2 дня 10 часов" in finding.explanation
    assert "e-010" in finding.evidence


def test_every_period_is_confirmed(log_of: Log) -> None:
    """One confirmation per quarter; the half-years of senior grades do not add to the quarters."""
    log = log_of([YEAR, *QUARTERS, HALF, PEOPLE, given("2024-11-08T10:00:00+05:00")])

    # 8 November lies within the days of grace of the first quarter and within the second one: it counts for both.
    assert [] == findings(log, PERIODICALLY, "period")
    late = log_of([YEAR, *QUARTERS, HALF, PEOPLE, given("2024-11-09T10:00:00+05:00")])
    assert [("Q1", "missing")] == findings(late, PERIODICALLY, "period", "status")


def test_grades_that_finish_earlier_do_not_hasten_anybody(log_of: Log) -> None:
    """The year and the last quarter of grades 9 and 11 end before those of the others: the later end counts."""
    early = [
        event(7, "period.set", "2024-08-26T10:00:00+05:00", period="Y9", kind="year", starts="2024-09-02", ends="2025-05-20"),
        event(8, "period.set", "2024-08-26T10:00:00+05:00", period="Q1-9", kind="quarter", starts="2024-09-02", ends="2024-10-20"),
    ]
    log = log_of([*early, YEAR, *QUARTERS, PEOPLE, OTHER])

    assert [("Y", "2025-06-10T00:00:00+05:00")] == findings(log, YEARLY, "period", "due_at")
    assert ["Q1", "Q2"] == [period for (period,) in findings(log, PERIODICALLY, "period")]


def test_months_without_lessons_are_not_confirmed(log_of: Log) -> None:
    """A month counts when it holds a lesson."""
    lessons = [lesson(1, "2024-09-10"), lesson(2, "2024-11-12")]
    log = log_of([YEAR, PEOPLE, OTHER, *lessons])

    assert [("2024-11-01",)] == findings(log, MONTHLY, "date", as_of="2025-01-01T00:00:00+05:00")


def test_a_month_that_began_before_the_duties_is_not_judged(log_of: Log) -> None:
    """Duties count from 2 September: September began the day before."""
    log = log_of([YEAR, PEOPLE, OTHER, lesson(1, "2024-09-10")])

    assert [] == findings(log, MONTHLY, "date")


def test_once_is_once(log_of: Log) -> None:
    """By the end of the first school year, and then never again; a confirmation of long ago serves."""
    second = event(8, "period.set", "2025-08-26T10:00:00+05:00", period="Y2", kind="year", starts="2025-09-01", ends="2026-05-26")
    once = RULE.format(every="once")
    as_of = "2026-08-01T00:00:00+05:00"

    assert [("Y",)] == findings(log_of([YEAR, second, PEOPLE, OTHER]), once, "period", as_of=as_of)
    assert [] == findings(log_of([YEAR, second, PEOPLE, given("2024-03-01T10:00:00+05:00")]), once, "period", as_of=as_of)


def test_on_request_is_never_due(log_of: Log) -> None:
    """What is confirmed on request has no term."""
    assert [] == findings(log_of([YEAR, PEOPLE, OTHER]), RULE.format(every="request"), "status")


def test_an_undeclared_year_ends_in_august(log_of: Log) -> None:
    """Where nobody declared a year, the first lesson opens it and 31 August closes it."""
    log = log_of([PEOPLE, OTHER, lesson(1, "2024-09-03")])

    assert [("2024-09-03", "2025-09-15T00:00:00+05:00")] == findings(log, YEARLY, "date", "due_at", as_of="2025-10-01T00:00:00+05:00")


def test_confirmations_are_not_scored(log_of: Log) -> None:
    """Neither an obligation nor a violation of anybody."""
    result = tried(log_of([YEAR, PEOPLE, OTHER]), YEARLY)

    assert (0, 0) == (result.scores.obligations, len(result.scores.table))


def test_how_often_in_words() -> None:
    """The term of a confirmation can be read aloud."""

    def rule(every: str) -> Attestation:
        policies: Policies = policies_of(RULE.format(every=every))
        (norm,) = policies.versions[0].rules
        assert isinstance(norm, Attestation)
        return norm

    assert rule("year").term_words() == "каждый год, до конца учебного года и ещё 14 дней"
    assert rule("request").term_words() == "по запросу, без срока"


def test_what_was_confirmed_once_too_late_is_late_not_missing(log_of: Log) -> None:
    """Nobody says of a late confirmation that there was none, whether it names days or not."""
    once = RULE.format(every="once")
    for confirmation in (given("2025-06-10T00:00:00+05:00"), given("2025-06-10T00:00:00+05:00", from_="2024-09-02", to="2025-05-26")):
        assert [("late", "2025-06-10T00:00:00+05:00")] == findings(log_of([YEAR, PEOPLE, confirmation]), once, "status", "done_at")
