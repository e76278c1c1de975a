"""Retention: years of storage, destruction by an act, deposit after the first term."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingest.eventlog import EventLog
from tests.conftest import Json, event
from tests.rules.norms import findings, tried
from tests.rules.test_archive import SCHOOL, bracketed, done

Log = Callable[[Sequence[Json]], EventLog]
CLERK = event(7, "person.registered", "2024-08-26T10:00:00+05:00", person="c-01", roles=["secretary"])
OURS = [*SCHOOL, CLERK]
FIVE = "family: retention\nyears: [5]\nrole: secretary"
EIGHTY = "family: retention\ndocument: summary\nyears: [5, 75]\nrole: secretary"
ACT = "family: retention\ndemand: act\nrole: secretary"
DEPOSIT = """\
family: retention
demand: deposit
years: [5]
deposited: [summary, journal]
until: 12-31
role: secretary"""
LATER = "2035-01-15T00:00:00+05:00"


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("2030-12-31T23:59:59", [("early", "violation", "c-01", "7В", "2024/25", "2031-01-01T00:00:00+05:00", "2030-12-31")]),
        ("2031-01-01T00:00:00", []),
        ("2030-01-01T00:00:00", [("early", "violation", "c-01", "7В", "2024/25", "2031-01-01T00:00:00+05:00", "2030-01-01")]),
    ],
)
def test_five_years_run_from_the_first_of_january_after_the_closing(log_of: Log, time: str, found: list[object]) -> None:
    """The school year ended in May 2025: from 1 January 2026, so the first lawful day is 1 January 2031."""
    log = log_of([*OURS, done(10, "destroyed", time, "c-01", act="№ 3")])

    assert found == findings(log, FIVE, "status", "verdict", "responsible", "class_", "object", "due_at", "date", as_of=LATER)


@pytest.mark.parametrize(("by", "expected"), [("role", ("c-01", "secretary")), ("actor", ("x-01", "technical_specialist"))])
def test_where_the_text_names_nobody_whoever_destroyed_it_answers(log_of: Log, by: str, expected: tuple[str, str]) -> None:
    """A clause that names its keeper holds the keeper to it, whoever acted."""
    other = event(8, "person.registered", "2024-08-26T10:00:00+05:00", person="x-01", roles=["technical_specialist"])
    log = log_of([*OURS, other, done(10, "destroyed", "2029-03-01T10:00:00", "x-01")])

    assert [expected] == findings(log, f"{FIVE}\nanswers: {by}", "responsible", "role", as_of=LATER)


def test_the_sum_is_told(log_of: Log) -> None:
    """The explanation names the day from which the term runs, the years, and the first lawful day."""
    (found,) = tried(log_of([*OURS, done(10, "destroyed", "2029-03-01T10:00:00", "c-01")]), FIVE, LATER).findings

    assert "срок хранения идёт с 01.01.2026: 5 лет — уничтожать можно с 01.01.2031; уничтожено 01.03.2029 10:00" in found.explanation
    assert "2029-03-01T10:00:00+05:00" == found.done_at


@pytest.mark.parametrize(
    ("closed", "lawful"),
    [("2025-06-20T10:00:00", "2031-01-01"), ("2026-01-10T10:00:00", "2032-01-01"), ("2025-12-31T23:30:00", "2031-01-01")],
)
def test_the_closing_of_the_year_counts_where_the_log_has_it(log_of: Log, closed: str, lawful: str) -> None:
    """A year closed in January starts the term a year later; the school's own midnight decides."""
    close = event(11, "year.closed", f"{closed}+05:00", school_year="2024/25")
    log = log_of([*OURS, close, done(10, "destroyed", "2030-06-01T10:00:00", "c-01")])

    assert [(f"{lawful}T00:00:00+05:00",)] == findings(log, FIVE, "due_at", as_of=LATER)


def test_terms_in_a_row_are_added(log_of: Log) -> None:
    """5 and then 75 years: the first lawful day lies far beyond the journal's calendar."""
    log = log_of([*OURS, done(10, "destroyed", "2034-06-01T10:00:00", "c-01", document="summary")])

    assert [("early", "2106-01-01T00:00:00+05:00")] == findings(log, EIGHTY, "status", "due_at", as_of=LATER)
    assert [] == findings(log, FIVE, "status", as_of=LATER)


def test_an_old_year_that_the_log_does_not_know_is_counted_by_its_name(log_of: Log) -> None:
    """A journal of 2018/19 of a class nobody formed here may go from 2025 on; a year that cannot be read is not judged."""
    old = {"class_": "9А", "school_year": "2018/19"}
    early, lawful, unread = (
        done(10, "destroyed", "2024-12-20T10:00:00", "c-01", **old),
        done(11, "destroyed", "2025-01-10T10:00:00", "c-01", **old),
        done(12, "destroyed", "2024-12-20T10:00:00", "c-01", class_="9А", school_year="давно"),
    )

    assert [("9А", "2025-01-01T00:00:00+05:00")] == findings(log_of([*OURS, early]), FIVE, "class_", "due_at", as_of=LATER)
    assert [] == findings(log_of([*OURS, lawful, unread]), FIVE, "status", as_of=LATER)


def test_two_years_of_one_class_on_one_day_are_two_findings(log_of: Log) -> None:
    """The school year tells them apart; two copies of one are one finding."""
    both = [done(10 + n, "destroyed", "2027-12-20T10:00:00", "c-01", school_year=year) for n, year in enumerate(("2022/23", "2023/24"))]
    copies = [done(20 + n, "destroyed", f"2027-12-2{n}T10:00:00", "c-01", copy=copy) for n, copy in enumerate(("main", "working"))]

    assert [("2022/23",), ("2023/24",)] == sorted(findings(log_of([*OURS, *both]), FIVE, "object", as_of=LATER))
    assert [("2024/25",)] == findings(log_of([*OURS, *copies]), FIVE, "object", as_of=LATER)


def test_a_destruction_between_snapshots_is_unproven(log_of: Log) -> None:
    """It happened between December and February: before or after the first lawful day."""
    log = log_of([*OURS, bracketed(done(10, "destroyed", "2031-02-01T10:00:00", "c-01"), "2030-12-01T10:00:00")])

    assert [("early", "unproven")] == findings(log, FIVE, "status", "verdict", as_of=LATER)


@pytest.mark.parametrize(
    ("act", "found"), [("№ 3", []), ("  ", [("missing", "violation", "c-01")]), (None, [("missing", "violation", "c-01")])]
)
def test_destroyed_without_an_act(log_of: Log, act: str | None, found: list[object]) -> None:
    """The act is a required text; an empty one is none."""
    log = log_of([*OURS, done(10, "destroyed", "2032-02-01T10:00:00", "c-01", **({} if act is None else {"act": act}))])

    assert found == findings(log, ACT, "status", "verdict", "responsible", as_of=LATER)


def test_nothing_destroyed_breaks_nothing(log_of: Log) -> None:
    """A log without archive events has no breach, and nothing undecidable: keeping needs no act."""
    found = tried(log_of(OURS), FIVE, LATER)

    assert ([], {}) == (found.findings, found.undecidable)


@pytest.mark.parametrize(
    ("as_of", "events", "found"),
    [
        ("2031-12-31T23:00:00+05:00", [("checked", "2025-06-01T10:00:00", {})], []),
        ("2032-01-01T00:00:00+05:00", [("checked", "2025-06-01T10:00:00", {})], [("missing", "2032-01-01T00:00:00+05:00")]),
        (LATER, [("deposited", "2031-05-01T10:00:00", {"document": "summary"})], []),
        (LATER, [("deposited", "2032-05-01T10:00:00", {})], [("late", "2032-01-01T00:00:00+05:00")]),
        (LATER, [("destroyed", "2031-05-01T10:00:00", {})], [("missing", "2031-05-01T10:00:00+05:00")]),
        (LATER, [("deposited", "2031-04-01T10:00:00", {}), ("destroyed", "2031-05-01T10:00:00", {})], []),
        (LATER, [("destroyed", "2028-05-01T10:00:00", {})], []),
    ],
)
def test_deposited_when_the_first_term_is_over(log_of: Log, as_of: str, events: list[tuple[str, str, Json]], found: list[object]) -> None:
    """By the date of the first year after, and before it is destroyed; what was destroyed too soon is another breach."""
    log = log_of([*OURS, *(done(10 + n, act, time, "c-01", **data) for n, (act, time, data) in enumerate(events))])

    assert found == findings(log, DEPOSIT, "status", "due_at", as_of=as_of)


def test_an_assumed_date_is_a_notice_but_destruction_is_not(log_of: Log) -> None:
    """The school assumed 31 December: late is a notice. Destroyed without a deposit is certain."""
    extra = "parameters:\n  by: {value: '12-31', assumed: true, why: даты нет}\n"
    rule = DEPOSIT.replace("until: 12-31", "until: {parameter: by}")
    late = log_of([*OURS, done(10, "deposited", "2032-05-01T10:00:00", "c-01")])
    gone = log_of([*OURS, done(10, "destroyed", "2031-05-01T10:00:00", "c-01")])

    assert [("late", "notice")] == findings(late, rule, "status", "verdict", as_of=LATER, extra=extra)
    assert [("missing", "violation")] == findings(gone, rule, "status", "verdict", as_of=LATER, extra=extra)
