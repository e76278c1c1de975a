"""School years: closed after what belongs to them, opened before the first lesson."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingest.eventlog import EventLog
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried
from tests.rules.test_archive import AUGUST, SCHOOL, bracketed, done

Log = Callable[[Sequence[Json]], EventLog]
PRINTED = "family: school_year\nact: closed\nafter: [printed]\nrole: administrator"
MARKED = "family: school_year\nact: closed\nafter: [period_marks, final_marks]\nrole: administrator"
OPENED = "family: school_year\nact: opened\nbefore: first_lesson\nrole: administrator"
EIGHTH = event(8, "class.formed", AUGUST, class_="8А", grade=8)


def closed(time: str = "2025-06-20T12:00:00", number: int = 40) -> Json:
    """Give the closing of 2024/25."""
    return event(number, "year.closed", f"{time}+05:00", "a-01", school_year="2024/25")


@pytest.mark.parametrize(
    ("prints", "found"),
    [
        (["2025-06-19T12:00:00"], []),
        (["2025-06-20T12:00:00"], []),
        (["2025-06-20T12:00:01"], [("out_of_order", "violation", "a-01", "7В", "2024/25")]),
        (["2025-06-19T12:00:00", "2025-06-28T12:00:00"], []),
    ],
)
def test_the_year_is_closed_after_printing(log_of: Log, prints: list[str], found: list[object]) -> None:
    """A print after the closing is out of order, one more after it is not."""
    log = log_of([*SCHOOL, closed(), *(done(10 + n, "printed", time) for n, time in enumerate(prints))])

    assert found == findings(log, PRINTED, "status", "verdict", "responsible", "class_", "object")


def test_one_closing_is_one_finding_that_names_its_classes(log_of: Log) -> None:
    """Two classes were never printed: one act of the administrator, both named."""
    log = log_of([*SCHOOL, EIGHTH, closed(), done(10, "printed", "2025-06-01T10:00:00", school_year="2023/24")])

    (found,) = tried(log, PRINTED).findings
    assert (None, "2025-06-20T12:00:00+05:00", None) == (found.class_, found.done_at, found.due_at)
    assert "год закрыт 20.06.2025 12:00, а печать не отмечена (классы: 7В; 8А)" in found.explanation


def test_a_year_closed_again_counts_from_the_last_closing(log_of: Log) -> None:
    """Closed too soon, opened again, printed, closed: in order."""
    log = log_of([*SCHOOL, closed("2025-06-10T12:00:00", 41), done(10, "printed", "2025-06-15T10:00:00"), closed()])

    assert [] == findings(log, PRINTED, "status")


def test_without_archive_events_the_order_cannot_be_told(log_of: Log) -> None:
    """No print in the log at all: undecidable; a year that was not closed is no instance."""
    assert ([], {"tried": 1}) == ((found := tried(log_of([*SCHOOL, closed()]), PRINTED)).findings, found.undecidable)
    assert {} == tried(log_of(SCHOOL), PRINTED).undecidable


def test_snapshots_that_overlap_prove_nothing(log_of: Log) -> None:
    """The print was made some time around the closing."""
    log = log_of([*SCHOOL, closed(), bracketed(done(10, "printed", "2025-06-28T12:00:00"), "2025-06-10T12:00:00")])

    assert [("out_of_order", "unproven")] == findings(log, PRINTED, "status", "verdict")


@pytest.mark.parametrize(
    ("kind", "time", "found"),
    [
        ("final_mark.recorded", "2025-06-19T10:00:00", []),
        ("final_mark.recorded", "2025-06-25T10:00:00", [("out_of_order", "7В")]),
        ("final_mark.recorded", "2025-09-10T10:00:00", []),  # a resit in autumn belongs to the next year's work
        ("period_mark.recorded", "2025-06-25T10:00:00", [("out_of_order", "7В")]),
        ("period_mark.recorded", "2025-05-25T10:00:00", []),
    ],
)
def test_the_year_is_closed_after_the_marks(log_of: Log, kind: str, time: str, found: list[object]) -> None:
    """A mark of the year first entered after the closing shows that it was closed too soon."""
    period = {"period": "2024-Y"} if kind.startswith("period") else {}
    mark = event(50, kind, f"{time}+05:00", "h-01", class_="7В", subject="История", student="s-01", value="4", **period)

    assert found == findings(log_of([*SCHOOL, closed(), mark]), MARKED, "status", "class_", as_of="2025-10-01T00:00:00+05:00")


def opening(time: str, year: str = "2024/25") -> Json:
    """Give the opening of a school year."""
    return event(45, "year.opened", f"{time}+05:00", "a-01", school_year=year)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([opening("2024-08-30T10:00:00")], []),
        ([opening("2024-09-02T08:59:59")], []),
        ([opening("2024-09-02T09:00:00")], [("late", "a-01", "2024/25", "2024-09-02T09:00:00+05:00")]),
        ([opening("2024-08-30T10:00:00", "2025/26")], [("missing", "a-01", "2024/25", "2024-09-02T09:00:00+05:00")]),
    ],
)
def test_the_year_is_opened_before_its_first_lesson(log_of: Log, events: list[Json], found: list[object]) -> None:
    """The year named counts; the first lesson held is the term."""
    log = log_of([*SCHOOL, lesson(1, "2024-09-02"), lesson(2, "2024-09-03"), *events])

    assert found == findings(log, OPENED, "status", "responsible", "object", "due_at")


def test_a_year_whose_beginning_is_not_seen_is_not_judged(log_of: Log) -> None:
    """The log's first lesson is of November: when the first of the year was, nobody knows. Without openings all are undecidable."""
    late = log_of([*SCHOOL, lesson(1, "2024-11-11"), opening("2024-11-20T10:00:00")])

    assert [] == findings(late, OPENED, "status")
    assert {"tried": 1} == tried(log_of([*SCHOOL, lesson(1, "2024-09-02")]), OPENED).undecidable
