"""Backups: every calendar day, or so many days apart at most."""

from __future__ import annotations

from tests.conftest import Json, event
from tests.rules.duties import SCHOOL, instants, on
from tests.rules.norms import findings, tried

DAILY = "family: backup\nevery: {day: all}"
FORTNIGHT = "family: backup\nmedia: [removable]\nevery: {days: 14}"


def backup(number: int, time: str, medium: str = "server", **data: object) -> Json:
    return event(number, "backup.created", f"2024-{time}:00+05:00", medium=medium, **data)


def found(log_of, backups: list[Json], rule: str, as_of: str) -> list[tuple[object, ...]]:
    fields = ("date", "verdict", "status", "responsible", "due_at", "done_at")
    return instants(findings(log_of([*SCHOOL, *backups]), rule, *fields, as_of=f"2024-{as_of}:00+05:00"))


def test_each_calendar_day_without_a_backup_is_one_finding(log_of) -> None:
    """Three days' silence over a weekend are three findings; 24 hours between two copies are not asked."""
    made = [backup(30, "09-02T00:10"), backup(31, "09-03T23:59"), backup(32, "09-04T00:00"), backup(33, "09-05T10:00")]
    made += [backup(34, "09-09T01:00")]

    assert [
        ("2024-09-06", "violation", "missing", "a-01", "09-07T00:00", None),
        ("2024-09-07", "violation", "missing", "a-01", "09-08T00:00", None),
        ("2024-09-08", "violation", "missing", "a-01", "09-09T00:00", None),
    ] == found(log_of, made, DAILY, "09-09T23:59")


def test_today_is_pending_until_midnight(log_of) -> None:
    made = [backup(30, "09-02T10:00")]

    assert [] == found(log_of, made, DAILY, "09-03T23:59")
    assert ["2024-09-03"] == [row[0] for row in found(log_of, made, DAILY, "09-04T00:00")]


def test_vacations_count(log_of) -> None:
    """The days between two quarters owe their backups too."""
    made = [backup(30 + day, f"10-{day:02}T22:00") for day in range(1, 32)]
    made += [backup(61 + day, f"09-{day:02}T22:00") for day in range(2, 31)]

    assert ["2024-11-01", "2024-11-02"] == [row[0] for row in found(log_of, made, DAILY, "11-03T12:00")]


def test_a_gap_of_fifteen_days_is_late_one_of_fourteen_is_not(log_of) -> None:
    """Counted from the start of the year, then from copy to copy; copies on other media do not count."""
    made = [
        backup(30, "09-16T23:59", "removable"),
        backup(31, "09-30T12:00", "removable"),
        backup(32, "10-10T12:00"),
        backup(33, "10-15T00:00", "removable"),
    ]

    assert [("2024-09-30", "violation", "late", "a-01", "10-15T00:00", "10-15T00:00")] == found(log_of, made, FORTNIGHT, "10-20T12:00")
    assert [("2024-09-02", "violation", "missing", "a-01", "09-17T00:00", None)] == found(log_of, [made[2]], FORTNIGHT, "10-20T12:00")


def test_a_long_gap_names_every_interval_missed(log_of) -> None:
    log = log_of([*SCHOOL, backup(30, "09-04T12:00", "removable"), backup(31, "10-20T12:00", "removable")])
    (finding,) = tried(log, FORTNIGHT, "2024-10-21T00:00:00+05:00").findings

    assert "через 46 дней; пропущено: 05.09.2024 – 18.09.2024, 19.09.2024 – 02.10.2024, 03.10.2024 – 16.10.2024" in finding.explanation
    assert "04.09.2024 + 14 дней — срок до 24:00 18.09.2024" in finding.explanation
    assert finding.evidence == ("e-030", "e-031")


def test_a_log_without_any_backup_decides_nothing(log_of) -> None:
    """It is counted how many days, or intervals, nobody can decide."""
    log = log_of([*SCHOOL, *on("09-03")])
    for rule, days in ((DAILY, 30), (FORTNIGHT, 2)):
        audit = tried(log, rule, "2024-10-02T00:00:00+05:00")

        assert ([], {"tried": days}) == (audit.findings, audit.undecidable)


def test_at_least_one_backup_in_a_year(log_of) -> None:
    """Where no frequency is known, one removable copy in the school year does; before its end nothing is missing."""
    rule = "family: backup\nmedia: [removable]\nevery: {once: true}\nassumed_because: частоты в тексте нет"
    events = [*SCHOOL, *on("09-03"), backup(30, "10-10T12:00")]

    assert [] == findings(log_of(events), rule, "status", as_of="2025-05-31T23:00:00+05:00")
    assert [("notice", "missing")] == findings(log_of(events), rule, "verdict", "status", as_of="2025-06-01T00:00:00+05:00")
    assert [] == findings(log_of([*events, backup(31, "12-10T12:00", "removable")]), rule, "status")


def test_a_backup_between_two_snapshots_is_unproven(log_of) -> None:
    """Seen on Tuesday morning and not on Monday noon: Monday's cannot be decided."""
    made = [
        backup(30, "09-02T10:00"),
        backup(31, "09-04T08:00") | {"evidence": "bracketed", "notbefore": "2024-09-03T12:00:00+05:00"},
    ]

    assert [("2024-09-03", "unproven", "late", "a-01", "09-04T00:00", "09-04T08:00")] == found(log_of, made, DAILY, "09-04T12:00")


def test_an_outage_over_midnight_moves_the_term(log_of) -> None:
    """The journal stood still from Tuesday evening to Wednesday noon: the term is Thursday's midnight."""
    events = [
        backup(30, "09-02T10:00"),
        event(40, "outage.began", "2024-09-03T20:00:00+05:00"),
        event(41, "outage.ended", "2024-09-04T12:00:00+05:00"),
        backup(31, "09-04T13:00"),
        backup(32, "09-05T13:00"),
    ]

    assert [] == found(log_of, events, DAILY, "09-05T23:00")
    assert ["2024-09-03"] == [row[0] for row in found(log_of, events, DAILY, "09-06T00:00")]
