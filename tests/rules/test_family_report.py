"""Reports to families: on paper for those who want no electronic form, and for all by period."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import Json, event
from tests.rules.duties import BEFORE, SCHOOL, instants, on, report
from tests.rules.norms import findings, policies_of, tried

FORTNIGHT = "family: family_report\nreports: [progress, period]\nform: paper\nevery: {days: 14}\n"
WEEKLY = "family: family_report\npaper: [refused]\nreports: [progress, attendance]\nform: paper\nevery: {week: true}\n"
DAILY = "family: family_report\npaper: [refused]\nreports: [homework]\nform: paper\nevery: {day: school}\n"
QUARTER = (
    "family: family_report\npaper: [refused]\nreports: [period]\nform: paper\nevery: {period: [quarter], grace_working_days: 5}\n"
    "assumed_because: числа дней в тексте нет\n"
)


def filed(number: int, time: str, kind: str = "optout.filed", student: str = "s-01") -> Json:
    return event(number, kind, f"2024-{time}:00+05:00", "h-01", student=student, parent="p-01")


def refused(number: int, time: str) -> Json:
    return filed(number, time, "consent.refused")


def handed(number: int, time: str, kind: str = "progress", **data: object) -> Json:
    return report(number, time, kind, **({"student": "s-01", "to": "p-01"} | data))


def found(log_of, events: list[Json], rule: str, as_of: str, *fields: str) -> list[tuple[object, ...]]:
    return instants(findings(log_of([*SCHOOL, *events]), rule, *fields, as_of=f"2024-{as_of}:00+05:00"))


# ---- at most fourteen days between two -------------------------------------------------------------------------------------------


def test_fourteen_days_are_in_time_fifteen_are_late(log_of) -> None:
    """Counted from the filing, then from printout to printout, each by the midnight of the fourteenth day."""
    events = [filed(30, "09-02T12:00"), handed(31, "09-16T23:59"), handed(32, "10-01T00:00"), handed(33, "10-15T12:00")]

    assert [("2024-09-16", "violation", "late", "h-01", "homeroom_teacher", "7А", ("s-01",), "10-01T00:00", "10-01T00:00")] == found(
        log_of, events, FORTNIGHT, "10-20T00:00",
        "date", "verdict", "status", "responsible", "role", "class_", "students", "due_at", "done_at",
    )  # fmt: skip


def test_only_what_was_asked_for_counts(log_of) -> None:
    """Neither homework nor an electronic report, nor what another student's family got."""
    wrong = [handed(31, "09-10T12:00", "homework"), handed(32, "09-10T12:00", form="electronic"), handed(33, "09-10T12:00", student="s-02")]

    assert [("2024-09-02", "missing", "09-17T00:00")] == found(
        log_of, [filed(30, "09-02T12:00"), *wrong], FORTNIGHT, "09-20T00:00", "date", "status", "due_at"
    )
    # A printout for the whole class reaches the family too; one for the administration does not.
    of_class = report(34, "09-10T12:00", class_="7А")
    assert [] == found(log_of, [filed(30, "09-02T12:00"), of_class], FORTNIGHT, "09-20T00:00", "date")
    to_office = report(34, "09-10T12:00", class_="7А", to="d-01")
    assert [("missing",)] == found(log_of, [filed(30, "09-02T12:00"), to_office], FORTNIGHT, "09-20T00:00", "status")


def test_a_family_that_signs_after_all_is_owed_no_paper(log_of) -> None:
    """A term that ends on the day of the signature or later lapses; one that ended before stands; a new filing counts anew."""
    first = [filed(30, "09-02T12:00"), handed(31, "09-10T12:00")]

    assert [] == found(log_of, [*first, filed(32, "09-24T12:00", "consent.signed")], FORTNIGHT, "10-20T00:00", "date")
    assert ["09-25T00:00"] == [
        row[0] for row in found(log_of, [*first, filed(32, "09-25T12:00", "consent.signed")], FORTNIGHT, "10-20T00:00", "due_at")
    ]
    again = [filed(32, "09-20T12:00", "consent.signed"), filed(33, "10-01T12:00")]
    assert [("2024-10-01", "10-16T00:00")] == found(log_of, [*first, *again], FORTNIGHT, "10-20T00:00", "date", "due_at")


def test_the_count_begins_with_duties_or_when_the_student_joins(log_of) -> None:
    """Filed in August: from the first day of the school year; for a student who joins later, from the day of joining."""
    later = event(40, "student.joined", BEFORE, student="s-02", class_="7А", date="2024-09-09")
    events = [filed(30, "08-27T12:00"), later, filed(31, "08-27T12:00", student="s-02"), handed(32, "08-28T12:00")]

    assert [("2024-09-02", "09-17T00:00"), ("2024-09-09", "09-24T00:00")] == found(
        log_of, events, FORTNIGHT, "09-30T00:00", "date", "due_at"
    )


def test_a_student_who_left_or_changed_class(log_of) -> None:
    """Nothing is owed after the student left; after a change of class its new homeroom teacher answers, and the count goes on."""
    gone = event(40, "student.left", BEFORE, student="s-01", class_="7А", date="2024-09-16")
    moved = event(41, "student.joined", BEFORE, student="s-01", class_="8Б", date="2024-09-10")

    assert [] == found(
        log_of, [filed(30, "09-02T12:00"), gone, report(35, "09-03T12:00", student="s-02")], FORTNIGHT, "09-30T00:00", "date"
    )
    assert [("2024-09-02", "h-02", "8Б")] == found(
        log_of,
        [filed(30, "09-02T12:00"), moved, report(35, "09-03T12:00", student="s-02")],
        FORTNIGHT,
        "09-30T00:00",
        "date",
        "responsible",
        "class_",
    )


@pytest.mark.parametrize(("vacations", "due"), [("count", "10-31T00:00"), ("stop", "11-10T00:00")])
def test_vacations_may_stop_the_count(log_of, vacations: str, due: str) -> None:
    """Fourteen days from 16 October: over the holidays, or nine to the quarter's end on the 25th and five from 5 November on."""
    rule = FORTNIGHT.replace("{days: 14}", f"{{days: 14, vacations: {vacations}}}")
    events = [filed(30, "09-20T12:00"), handed(31, "09-30T12:00"), handed(32, "10-10T12:00"), handed(33, "10-16T12:00")]
    (finding,) = tried(log_of([*SCHOOL, *events]), rule, "2024-11-20T00:00:00+05:00").findings

    assert due == str(finding.due_at)[5:16]
    assert ("без каникул" in finding.explanation) == (vacations == "stop")


def test_a_long_silence_names_every_interval_missed(log_of) -> None:
    """One finding; the summer is not in it."""
    year = event(60, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2025-05-24")
    events = [year, filed(30, "09-02T12:00"), handed(31, "09-03T12:00")]
    (finding,) = tried(log_of([*SCHOOL, *events]), FORTNIGHT, "2024-10-20T00:00:00+05:00").findings

    assert "пропущено: 04.09.2024 – 17.09.2024, 18.09.2024 – 01.10.2024, 02.10.2024 – 15.10.2024" in finding.explanation
    audit = tried(log_of([*SCHOOL, year, filed(30, "09-02T12:00"), report(31, "09-03T12:00", student="s-02")]), FORTNIGHT)
    assert 1 == len(audit.findings)


def test_the_summer_owes_nothing(log_of) -> None:
    """A gap whose term would end after the last day of the school year is none."""
    year = event(60, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2025-05-24")
    late = [
        event(61, "student.joined", BEFORE, student="s-02", class_="7А", date="2025-04-28"),
        event(62, "optout.filed", "2025-04-28T12:00:00+05:00", student="s-02"),
        event(63, "report.delivered", "2025-05-10T12:00:00+05:00", "h-01", report="progress", student="s-02", form="paper"),
    ]
    last = event(64, "report.delivered", "2025-05-11T12:00:00+05:00", "h-01", report="progress", student="s-02", form="paper")

    assert [("missing", "2025-05-25T00:00:00+05:00")] == findings(log_of([*SCHOOL, year, *late]), FORTNIGHT, "status", "due_at")
    assert [] == findings(log_of([*SCHOOL, year, *late, last]), FORTNIGHT, "status")


# ---- days, weeks, quarters -------------------------------------------------------------------------------------------------------


def test_homework_on_paper_each_school_day(log_of) -> None:
    """From the day after the refusal on, on days on which the class has lessons."""
    events = [*on("09-03", "09-04", "09-05", "09-09"), refused(30, "09-03T12:00"), handed(31, "09-04T15:00", "homework")]

    assert [("2024-09-05", "missing", "h-01", "09-06T00:00"), ("2024-09-09", "missing", "h-01", "09-10T00:00")] == found(
        log_of, events, DAILY, "09-10T00:00", "date", "status", "responsible", "due_at"
    )


def test_progress_on_paper_each_week(log_of) -> None:
    """In weeks with lessons that begin on the day of the refusal or later; a report on Sunday's last minute is in time."""
    events = [*on("09-03", "09-10", "09-17"), refused(30, "09-03T12:00"), handed(31, "09-15T23:59", "attendance")]

    assert [("2024-09-16", "missing", "09-23T00:00")] == found(log_of, events, WEEKLY, "09-23T00:00", "date", "status", "due_at")
    assert ["2024-09-02"] == [row[0] for row in found(log_of, [*events, refused(32, "09-02T09:00")], WEEKLY, "09-16T00:00", "date")]


def test_a_week_in_which_the_student_left_is_not_judged(log_of) -> None:
    """Nor one in which it joined; the weeks between are."""
    events = [*on("09-03", "09-05", "09-10", "09-12"), refused(30, "08-30T12:00"), report(35, "09-05T12:00", student="s-02")]
    gone = event(40, "student.left", BEFORE, student="s-01", class_="7А", date="2024-09-12")

    assert [("2024-09-02",)] == found(log_of, [*events, gone], WEEKLY, "09-20T00:00", "date")


def test_the_quarters_marks_on_paper(log_of) -> None:
    """After the quarter, for whoever had refused before its end; with days of grace that the text does not name."""
    lessons = on("09-03", "10-25")
    other = report(35, "09-05T12:00", student="s-02")

    assert [("notice", "missing", "Q1", "11-02T00:00")] == found(
        log_of, [*lessons, refused(30, "10-20T12:00"), other], QUARTER, "11-10T00:00", "verdict", "status", "period", "due_at"
    )
    assert [] == found(log_of, [*lessons, refused(30, "10-26T12:00"), other], QUARTER, "11-10T00:00", "status")
    signed = filed(31, "10-30T12:00", "consent.signed")
    assert [] == found(log_of, [*lessons, refused(30, "10-20T12:00"), signed, other], QUARTER, "11-10T00:00", "status")
    made = handed(32, "10-25T14:00", "period")
    assert [] == found(log_of, [*lessons, refused(30, "10-20T12:00"), made], QUARTER, "11-10T00:00", "status")


def test_an_opt_out_is_no_refusal_where_the_text_speaks_of_refusals(log_of) -> None:
    events = [*on("09-10"), filed(30, "09-02T12:00"), report(35, "09-05T12:00", student="s-02")]

    assert [] == found(log_of, events, WEEKLY, "09-20T00:00", "date")
    assert ["2024-09-09"] == [row[0] for row in found(log_of, events, WEEKLY.replace("[refused]", "[opted_out]"), "09-20T00:00", "date")]


def test_a_log_without_reports_decides_nothing(log_of) -> None:
    log = log_of([*SCHOOL, *on("09-03", "09-10", "09-17"), filed(30, "08-27T12:00"), refused(31, "08-27T12:00")])
    for rule, undecidable in ((FORTNIGHT, 2), (WEEKLY, 3), (DAILY, 3)):
        audit = tried(log, rule, "2024-10-02T00:00:00+05:00")

        assert ([], {"tried": undecidable}) == (audit.findings, audit.undecidable)


# ---- all families ----------------------------------------------------------------------------------------------------------------

ALL = "family: family_report\nfamilies: all\nevery: {period: [quarter]}\nassumed_because: частоты в тексте нет\n"


def test_all_families_by_class(log_of) -> None:
    """One report to one family of the class is enough where the text names no frequency; a notice counts where the rule says so."""
    lessons = [*on("09-03"), *on("09-03", class_="8Б")]
    parent = event(40, "parent.linked", BEFORE, parent="p-01", student="s-01")
    letter = event(41, "notice.sent", "2024-10-01T12:00:00+05:00", "h-01", to="p-01", about="progress")

    assert [("8Б", "notice", "missing", "h-02", ())] == found(
        log_of,
        [*lessons, handed(31, "10-25T12:00", form="electronic")],
        ALL + "per: class",
        "10-30T00:00",
        "class_",
        "verdict",
        "status",
        "responsible",
        "students",
    )
    rule = ALL + "per: class\nnotices: [progress]"
    assert [("8Б",)] == found(log_of, [*lessons, parent, letter], rule, "10-30T00:00", "class_")


def test_all_families_by_student(log_of) -> None:
    joined = event(40, "student.joined", BEFORE, student="s-02", class_="7А", date="2024-09-02")
    late = event(42, "student.joined", BEFORE, student="s-03", class_="7А", date="2024-09-20")

    assert [(("s-02",), "h-01")] == found(
        log_of, [*on("09-03"), joined, late, handed(31, "10-25T12:00")], ALL, "10-30T00:00", "students", "responsible"
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("per: class\nevery: {week: true}", "бывают только по ученикам"),
        ("families: all\nper: class\nevery: {days: 14}", "бывают только по ученикам"),
        ("every: {day: all}", "семьям сообщают в дни с уроками"),
    ],
)
def test_what_cannot_be_owed_does_not_load(rule: str, words: str) -> None:
    with pytest.raises(PolicyError) as error:
        policies_of("family: family_report\n" + rule)

    assert words in str(error.value)
