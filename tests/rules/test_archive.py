"""Archive: terms per class and year, the order of its steps, the form of what is archived."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.audit import Options, audit
from ingest.eventlog import EventLog
from policies.bundle import Policies
from policies.loader import load_bundle
from service.auditing import parse_instant
from tests.conftest import UFA, Json, event
from tests.rules.norms import PROFILE, findings, lesson, tried

Log = Callable[[Sequence[Json]], EventLog]
AUGUST = "2024-08-26T10:00:00+05:00"
YEAR = event(1, "period.set", AUGUST, period="2024-Y", kind="year", starts="2024-09-02", ends="2025-05-26")
PEOPLE = [
    event(2, "person.registered", AUGUST, person="a-01", roles=["administrator"]),
    event(3, "person.registered", AUGUST, person="d-01", roles=["deputy_director"]),
    event(4, "person.registered", AUGUST, person="h-01", roles=["teacher", "homeroom_teacher"]),
    event(5, "person.registered", AUGUST, person="t-09", roles=["teacher"]),
]
SEVENTH = event(6, "class.formed", AUGUST, class_="7В", grade=7, homeroom_teacher="h-01")
SCHOOL = [YEAR, *PEOPLE, SEVENTH]

BOUND = "family: archive\nact: bound\nrole: deputy_director\ndue: {date: 06-30}"
PDF = "family: archive\nact: exported\nrole: administrator\nformats: [pdf]\ndue: {date: 06-30}\nwhere: {grades: [7, 8, 10]}"
PDF_GRADUATES = "family: archive\nact: exported\nrole: administrator\nformats: [pdf]\ndue: {date: 08-25}\nwhere: {grades: [9, 11]}"
ORDER = """\
family: archive_order
act: exported
after: checked
role: administrator
by: [homeroom_teacher, deputy_director, administrator, director]"""
FORMATS = "family: archive_form\nact: exported\nrole: administrator\nformats: [open]"
SUMMARY = """\
family: archive
act: printed
document: summary
after: checked
after_document: journal
role: homeroom_teacher
due: {same_day: true}"""


def done(number: int, act: str, time: str, actor: str | None = "a-01", /, **data: Any) -> Json:
    """Give an act of the archive on the journal of 7В of 2024/25, unless `data` says otherwise."""
    plain = {"class_": "7В", "school_year": "2024/25", "document": "journal"} | data
    return event(number, f"archive.{act}", f"{time}+05:00", actor, **plain)


def bracketed(made: Json, since: str) -> Json:
    """Give the same event known only from two snapshots."""
    return made | {"evidence": "bracketed", "notbefore": f"{since}+05:00"}


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("2025-06-30T23:59:59", []),
        ("2025-07-01T00:00:00", [("late", "violation", "d-01", "7В", "2025-07-01T00:00:00+05:00", "2025-07-01T00:00:00+05:00")]),
        ("2025-07-01T09:00:00", [("late", "violation", "d-01", "7В", "2025-07-01T00:00:00+05:00", "2025-07-01T09:00:00+05:00")]),
    ],
)
def test_a_date_of_the_year_is_the_last_day_and_never_moves(log_of: Log, time: str, found: list[object]) -> None:
    """Bound on 30 June is in time to the last second, on 1 July late."""
    log = log_of([*SCHOOL, done(10, "bound", time, "d-01")])

    assert found == findings(log, BOUND, "status", "verdict", "responsible", "class_", "due_at", "done_at")


@pytest.mark.parametrize(("as_of", "found"), [("2025-06-30T23:00:00+05:00", []), ("2025-07-01T00:00:00+05:00", [("missing", "d-01")])])
def test_printed_but_never_bound_is_missing_once_the_term_is_over(log_of: Log, as_of: str, found: list[object]) -> None:
    """Until the term is over nothing is owed; then the finding says what is lacking and for which year."""
    log = log_of([*SCHOOL, done(10, "printed", "2025-06-28T12:00:00", "d-01")])

    assert found == findings(log, BOUND, "status", "responsible", as_of=as_of)
    for finding in tried(log, BOUND, as_of).findings:
        assert (finding.object, finding.date) == ("2024/25", "2025-06-30")
        assert re.search(r"дата 30.06.2025 — срок до 24:00 30.06.2025; на .* сшивка не отмечена \(п. 1\)", finding.explanation)


def test_without_any_archive_event_nobody_can_decide(log_of: Log) -> None:
    """A log that knows nothing of archives gives no finding, only a count; not before the term."""
    log = log_of(SCHOOL)

    assert ([], {"tried": 1}) == ((found := tried(log, BOUND)).findings, found.undecidable)
    assert {} == tried(log, BOUND, "2025-06-30T12:00:00+05:00").undecidable


def test_every_class_of_the_year_owes_and_only_of_that_year(log_of: Log) -> None:
    """A class named with its school year owes in the year in which that ends; one formed for the next year owes nothing yet."""
    log = log_of([
        *SCHOOL,
        event(7, "class.formed", "2024-09-20T10:00:00+05:00", class_="8А", grade=8, school_year="2024/25"),
        event(8, "class.formed", "2025-06-10T10:00:00+05:00", class_="7В", grade=7, homeroom_teacher="t-09"),
        event(9, "class.formed", "2025-04-10T10:00:00+05:00", class_="1А", grade=1, school_year="2025/26"),
        done(10, "bound", "2025-06-29T10:00:00"),
    ])  # fmt: skip

    assert [("8А", "missing")] == findings(log, BOUND, "class_", "status")


def test_the_year_is_known_from_lessons_where_no_period_is_declared(log_of: Log) -> None:
    """A class owes for the year it was formed for, and for a later one in which it has lessons."""
    log = log_of([
        *PEOPLE, event(6, "class.formed", "2023-08-25T10:00:00+05:00", class_="7В", grade=7),
        lesson(1, "2023-09-04"), lesson(2, "2024-11-11", class_="7В"), done(11, "checked", "2024-06-01T10:00:00", class_="1А"),
    ])  # fmt: skip

    assert [("7В", "2023/24"), ("7В", "2024/25")] == findings(log, BOUND, "class_", "object")


def test_the_day_on_which_a_class_was_formed_tells_its_year(log_of: Log) -> None:
    """Where neither a period nor a lesson is known: formed in August for the year that begins, in April for the one that ends."""
    april = event(8, "class.formed", "2025-04-10T10:00:00+05:00", class_="8А", grade=8)
    log = log_of([*PEOPLE, SEVENTH, april, done(10, "bound", "2025-07-01T10:00:00", "d-01")])

    assert [("7В", "late"), ("8А", "missing")] == findings(log, BOUND, "class_", "status")


def test_graduates_have_their_own_date(log_of: Log) -> None:
    """The ninth grade is exported on 25 August at 23:59; the date of the others does not bind it."""
    log = log_of([
        *SCHOOL[:-1], event(6, "class.formed", AUGUST, class_="9Б", grade=9),
        done(10, "exported", "2025-08-25T23:59:00", class_="9Б", format="pdf"),
    ])  # fmt: skip

    assert [] == findings(log, PDF, "status", as_of="2025-08-30T00:00:00+05:00")
    assert [] == findings(log, PDF_GRADUATES, "status", as_of="2025-08-30T00:00:00+05:00")
    assert [] == findings(
        log_of([*SCHOOL, done(9, "checked", "2025-06-20T10:00:00")]), PDF_GRADUATES, "status", as_of="2025-09-01T00:00:00+05:00"
    )


def test_the_first_good_export_counts(log_of: Log) -> None:
    """Exported twice, the first time in another format: the PDF fulfils; in time and late."""
    early = done(10, "exported", "2025-06-10T10:00:00", format="html")

    assert [] == findings(log_of([*SCHOOL, early, done(11, "exported", "2025-06-30T20:00:00", format=".PDF")]), PDF, "status")
    late = findings(log_of([*SCHOOL, early, done(11, "exported", "2025-07-02T20:00:00", format="pdf")]), PDF, "status", "done_at")
    assert [("late", "2025-07-02T20:00:00+05:00")] == late


def test_only_a_wrong_format_contradicts_when_the_term_is_over(log_of: Log) -> None:
    """Until 30 June the PDF may still come; then the wrong export is the finding. An export of unknown format is no breach."""
    log = log_of([*SCHOOL, done(10, "exported", "2025-06-10T10:00:00", format="bak")])

    assert [] == findings(log, PDF, "status", as_of="2025-06-30T23:00:00+05:00")
    (found,) = tried(log, PDF).findings
    assert ("mismatch", "violation", "2025-06-10T10:00:00+05:00") == (found.status, found.verdict, found.done_at)
    assert "выгрузка 10.06.2025 10:00 — в формате bak, а нужен pdf" in found.explanation
    assert [] == findings(log_of([*SCHOOL, done(10, "exported", "2025-06-10T10:00:00")]), PDF, "status")


def test_both_copies_are_wanted(log_of: Log) -> None:
    """The working copy was not made: the finding names it. An export that names no copy serves for any."""
    rule = PDF + "\ncopies: [main, working]"
    log = log_of([*SCHOOL, done(10, "exported", "2025-06-10T10:00:00", format="pdf", copy="main")])

    (found,) = tried(log, rule).findings
    assert "missing" == found.status
    assert "рабочий экземпляр" in found.explanation
    assert [] == findings(log_of([*SCHOOL, done(10, "exported", "2025-06-10T10:00:00", format="pdf")]), rule, "status")


def test_binding_shows_that_it_was_printed(log_of: Log) -> None:
    """A bound journal was printed: in time when bound in time; bound later, nobody can tell when."""
    rule = BOUND.replace("bound", "printed")

    assert [] == findings(log_of([*SCHOOL, done(10, "bound", "2025-06-29T10:00:00")]), rule, "status")
    assert [("late", "unproven")] == findings(log_of([*SCHOOL, done(10, "bound", "2025-07-03T10:00:00")]), rule, "status", "verdict")


def test_a_print_after_the_binding_is_a_second_one(log_of: Log) -> None:
    """Bound in time and printed again in July: nobody is accused of printing late."""
    again = [done(10, "bound", "2025-06-29T10:00:00"), done(11, "printed", "2025-07-03T10:00:00")]

    assert [] == findings(log_of([*SCHOOL, *again]), BOUND.replace("bound", "printed"), "status")


TOGETHER = """\
school: test
regulation: {title: Положение, order: "1", dated: 2024-01-01}
in_force: {from: 2024-01-01}
rules:
  - {id: bound, title: Сшит, clause: "2", severity: major, family: archive, act: bound, due: {date: 06-30}, absorbs: [printed]}
  - {id: printed, title: Напечатан, clause: "1", severity: major, family: archive, act: printed, due: {date: 06-30}}
"""


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        ([], [("2", ("1",), "missing")]),
        ([("printed", "2025-07-01T10:00:00"), ("bound", "2025-07-02T10:00:00")], [("2", ("1",), "late")]),
        ([("printed", "2025-06-01T10:00:00")], [("2", (), "missing")]),
        ([("bound", "2025-07-02T10:00:00")], [("2", ("1",), "late")]),
        ([("printed", "2025-06-01T10:00:00"), ("bound", "2025-06-30T10:00:00")], []),
    ],
)
def test_steps_of_one_journal_are_one_finding(log_of: Log, tmp_path: Path, acts: list[tuple[str, str]], found: list[object]) -> None:
    """Neither printed nor bound: the rule on the later step speaks for the earlier, whatever each of them is called."""
    path = tmp_path / "2024-01-01.yaml"
    path.write_text(TOGETHER, "utf-8")
    other = done(20, "printed", "2025-06-01T10:00:00", class_="1А")
    log = log_of([*SCHOOL, other, *(done(10 + n, act, time) for n, (act, time) in enumerate(acts))])
    made = audit(log, PROFILE, Policies([load_bundle(path)]), Options(as_of=parse_instant("2025-08-01", UFA), workers=0))

    assert found == [(finding.clause, finding.also, finding.status) for finding in made.findings]


def test_of_several_deputies_the_one_who_did_it_answers(log_of: Log) -> None:
    """Two deputies: a late binding is the binder's, a missing one names the role alone."""
    second = event(7, "person.registered", AUGUST, person="d-02", roles=["deputy_director"])

    late = log_of([*SCHOOL, second, done(10, "bound", "2025-07-03T10:00:00", "d-02")])
    assert [("late", "d-02", "deputy_director")] == findings(late, BOUND, "status", "responsible", "role")
    missing = log_of([*SCHOOL, second, done(10, "printed", "2025-06-03T10:00:00", "d-02")])
    assert [("missing", None, "deputy_director")] == findings(missing, BOUND, "status", "responsible", "role")


def test_a_dissolved_class_is_left_to_a_person(log_of: Log) -> None:
    """Whose last student left in November: review; a class whose only student left before the year owes nothing."""
    left = [
        event(20, "student.joined", AUGUST, student="s-01", class_="7В", date="2024-09-02"),
        event(21, "student.left", "2024-11-20T10:00:00+05:00", student="s-01", class_="7В", date="2024-11-20"),
    ]
    other = done(10, "bound", "2025-06-03T10:00:00", class_="1А")
    (found,) = tried(log_of([*SCHOOL, *left, other]), BOUND).findings
    assert ("review", "missing") == (found.verdict, found.status)
    assert "в конце года в классе никого не было" in found.explanation

    before = [left[0] | {"data": left[0]["data"] | {"date": "2024-08-26"}}, left[1] | {"data": left[1]["data"] | {"date": "2024-08-28"}}]
    assert [] == findings(log_of([*SCHOOL, *before, other]), BOUND, "status")
    graduated = [left[0], left[1] | {"data": left[1]["data"] | {"date": "2025-05-24"}}]
    assert [("missing", "violation")] == findings(log_of([*SCHOOL, *graduated, other]), BOUND, "status", "verdict")


def test_an_outage_moves_the_term(log_of: Log) -> None:
    """The journal was down at midnight: to the end of the first working day that begins after."""
    down = [
        event(30, "outage.began", "2025-06-30T20:00:00+05:00"),
        event(31, "outage.ended", "2025-07-01T08:00:00+05:00"),
    ]
    log = log_of([*SCHOOL, *down, done(10, "bound", "2025-07-02T23:00:00", "d-01")])

    assert [] == findings(log, BOUND, "status")


# ---- printed right after the check ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checked", "printed", "found"),
    [
        ("2025-06-10T12:00:00", ["2025-06-10T23:00:00"], []),
        ("2025-06-10T12:00:00", ["2025-06-11T09:00:00"], [("late", "h-01", "2025-06-11T00:00:00+05:00")]),
        ("2025-06-14T12:00:00", ["2025-06-16T09:00:00"], []),  # checked on Saturday, printed on Monday
        ("2025-06-10T12:00:00", [], [("missing", "h-01", "2025-06-11T00:00:00+05:00")]),
        ("2025-06-10T12:00:00", ["2025-06-09T12:00:00", "2025-06-10T13:00:00"], []),
        ("2025-06-10T12:00:00", ["2025-06-09T12:00:00"], []),
    ],
)
def test_printed_on_the_working_day_of_the_check(log_of: Log, checked: str, printed: list[str], found: list[object]) -> None:
    """The term runs from the check of the journal to the end of that working day."""
    prints = [done(20 + n, "printed", time, "h-01", document="summary") for n, time in enumerate(printed)]
    log = log_of([*SCHOOL, done(10, "checked", checked, "h-01"), *prints])

    assert found == findings(log, SUMMARY, "status", "responsible", "due_at")


def test_a_second_check_starts_the_day_anew(log_of: Log) -> None:
    """Checked again after corrections and printed then: in time. Nothing is owed where nothing was checked."""
    log = log_of([
        *SCHOOL,
        done(10, "checked", "2025-06-10T12:00:00", "h-01"), done(11, "checked", "2025-06-17T12:00:00", "h-01"),
        done(12, "printed", "2025-06-17T15:00:00", "h-01", document="summary"),
    ])  # fmt: skip

    assert [] == findings(log, SUMMARY, "status")
    assert [] == findings(log_of([*SCHOOL, done(10, "exported", "2025-06-10T12:00:00")]), SUMMARY, "status")


def test_a_print_before_the_check_may_be_called_early(log_of: Log) -> None:
    """Where a bundle asks for it, a print that only preceded the check is a finding."""
    log = log_of([
        *SCHOOL, done(10, "checked", "2025-06-10T12:00:00"), done(11, "printed", "2025-06-09T12:00:00", "h-01", document="summary"),
    ])  # fmt: skip

    found = findings(log, SUMMARY + "\nearly: notice", "status", "verdict", "due_at")
    assert [("early", "notice", "2025-06-10T12:00:00+05:00")] == found


def test_a_class_without_homeroom_teacher_names_the_role(log_of: Log) -> None:
    """Nobody is accused where the log does not know the homeroom teacher."""
    log = log_of([*SCHOOL[:-1], event(6, "class.formed", AUGUST, class_="7В", grade=7), done(10, "checked", "2025-06-10T12:00:00")])

    assert [("missing", None, "homeroom_teacher")] == findings(log, SUMMARY, "status", "responsible", "role")


def test_the_homeroom_teacher_of_the_year_answers(log_of: Log) -> None:
    """Not the one named for the next year in June."""
    following = event(8, "class.formed", "2025-06-02T10:00:00+05:00", class_="7В", grade=7, homeroom_teacher="t-09", school_year="2025/26")
    changed = event(9, "class.formed", "2024-10-02T10:00:00+05:00", class_="7В", grade=7, homeroom_teacher="h-02", school_year="2024/25")
    check = done(10, "checked", "2025-06-10T12:00:00")

    assert [("h-01",)] == findings(log_of([*SCHOOL, following, check]), SUMMARY, "responsible")
    assert [("h-02",)] == findings(log_of([*SCHOOL, following, changed, check]), SUMMARY, "responsible")


# ---- only after the check ------------------------------------------------------------------------------------------------------------

CHECK = done(10, "checked", "2025-06-27T12:00:00", "h-01")
EXPORT = done(11, "exported", "2025-06-28T10:00:00")


def test_exported_after_the_check_is_in_order(log_of: Log) -> None:
    """Also once more after an export that came too soon."""
    soon = done(12, "exported", "2025-06-26T20:00:00")

    assert [] == findings(log_of([*SCHOOL, CHECK, EXPORT]), ORDER, "status")
    assert [] == findings(log_of([*SCHOOL, soon, CHECK, EXPORT]), ORDER, "status")


def test_exported_before_the_check_is_out_of_order(log_of: Log) -> None:
    """On the evening before; the administrator answers, whoever checked."""
    log = log_of([*SCHOOL, done(11, "exported", "2025-06-26T23:50:00"), CHECK])

    (found,) = tried(log, ORDER).findings
    assert ("out_of_order", "violation", "a-01", "7В", None) == (
        found.status, found.verdict, found.responsible, found.class_, found.due_at,
    )  # fmt: skip
    assert "выгрузка 26.06.2025 23:50, а проверка 27.06.2025 12:00" in found.explanation
    assert {"e-010", "e-011"} <= set(found.evidence)


def test_exported_without_any_check_is_out_of_order(log_of: Log) -> None:
    """Nothing else of the class is in the archive; a check of another class or year does not help."""
    other = [done(12, "checked", "2025-06-20T12:00:00", class_="8А"), done(13, "checked", "2024-09-20T12:00:00", school_year="2023/24")]
    (found,) = tried(log_of([*SCHOOL, EXPORT, *other]), ORDER).findings

    assert "out_of_order" == found.status
    assert "проверка в журнале не отмечена" in found.explanation


@pytest.mark.parametrize(("checker", "found"), [("d-01", []), ("a-01", []), (None, []), ("t-09", [("out_of_order", "review")])])
def test_a_check_by_somebody_else_is_left_to_a_person(log_of: Log, checker: str | None, found: list[object]) -> None:
    """The homeroom teacher checks with a responsible person: either may have entered it, another teacher may not."""
    log = log_of([*SCHOOL, done(10, "checked", "2025-06-27T12:00:00", checker), EXPORT])

    assert found == findings(log, ORDER, "status", "verdict")


def test_snapshots_that_overlap_prove_nothing(log_of: Log) -> None:
    """The export was made some time between two snapshots, the check between them."""
    log = log_of([*SCHOOL, CHECK, bracketed(EXPORT, "2025-06-27T10:00:00")])
    sure = log_of([*SCHOOL, CHECK, bracketed(EXPORT, "2025-06-27T13:00:00")])
    never = log_of([*SCHOOL, bracketed(EXPORT, "2025-06-27T10:00:00")])

    assert [("out_of_order", "unproven")] == findings(log, ORDER, "status", "verdict")
    assert [] == findings(sure, ORDER, "status")
    assert [("out_of_order", "violation")] == findings(never, ORDER, "status", "verdict")


def test_the_term_of_an_export_counts_the_one_after_the_check(log_of: Log) -> None:
    """A first export before the check does not meet the term that the second one missed."""
    log = log_of([
        *SCHOOL, done(11, "exported", "2025-06-20T10:00:00", format="pdf"), done(12, "checked", "2025-07-02T10:00:00"),
        done(13, "exported", "2025-07-03T10:00:00", format="pdf"),
    ])  # fmt: skip

    assert [("late", "2025-07-03T10:00:00+05:00")] == findings(log, PDF + "\ncounted_after: checked", "status", "done_at")
    assert [] == findings(log, ORDER, "status")
    assert [] == findings(log_of([*SCHOOL, done(11, "exported", "2025-06-20T10:00:00")]), PDF + "\ncounted_after: checked", "status")


# ---- the form --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formats", "found"),
    [
        (["bak"], [("mismatch", "violation", "a-01", "7В")]),
        (["db", "bak"], [("mismatch", "violation", "a-01", "7В")]),
        (["pdf"], []),
        (["HTML"], []),
        ([".csv"], []),
        (["xml"], []),
        (["bak", "pdf"], []),
        ([None], []),
        (["bak", None], [("mismatch", "unproven", "a-01", "7В")]),
    ],
)
def test_a_format_that_needs_special_software(log_of: Log, formats: list[str | None], found: list[object]) -> None:
    """Broken at once, where no export in an open format stands beside it."""
    exports = [done(10 + n, "exported", f"2025-05-2{n}T10:00:00", **({"format": name} if name else {})) for n, name in enumerate(formats)]
    log = log_of([*SCHOOL, *exports])

    assert found == findings(log, FORMATS, "status", "verdict", "responsible", "class_", as_of="2025-06-03T00:00:00+05:00")


@pytest.mark.parametrize(
    ("copy", "wanted", "signed", "found"),
    [
        ("main", "true", True, []),
        ("main", "true", False, [("mismatch",)]),
        ("main", "true", None, []),
        ("working", "false", True, [("mismatch",)]),
        ("working", "false", False, []),
    ],
)
def test_the_main_copy_is_signed_and_the_working_one_is_not(
    log_of: Log, copy: str, wanted: str, signed: bool | None, found: list[object]
) -> None:
    """What the log does not say of the signature is no breach; the other copy is not looked at."""
    rule = f"family: archive_form\nact: exported\nrole: administrator\ncopy: {copy}\nsigned: {wanted}"
    other = done(11, "exported", "2025-06-10T11:00:00", copy="main" if copy == "working" else "working", signed=wanted != "true")
    log = log_of([*SCHOOL, done(10, "exported", "2025-06-10T10:00:00", copy=copy, **({} if signed is None else {"signed": signed})), other])

    assert found == findings(log, rule, "status")


def test_fewer_pages_bound_than_printed(log_of: Log) -> None:
    """The two acts name different numbers; a binding that names none says nothing."""
    rule = "family: archive_form\nact: bound\npages_of: printed\nverdict: review\nrole: deputy_director"
    printed = done(10, "printed", "2025-06-10T10:00:00", pages=120)

    found = findings(log_of([*SCHOOL, printed, done(11, "bound", "2025-06-11T10:00:00", pages=118)]), rule, "status", "verdict")
    assert [("mismatch", "review")] == found
    assert [] == findings(log_of([*SCHOOL, printed, done(11, "bound", "2025-06-11T10:00:00")]), rule, "status")
    assert [] == findings(log_of([*SCHOOL, printed, done(11, "bound", "2025-06-11T10:00:00", pages=120)]), rule, "status")
