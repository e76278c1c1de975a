"""Recurring controls, analyses and reports of the staff, and what follows them."""

from __future__ import annotations

import pytest

from engine.audit import Options, audit
from policies.bundle import Policies
from policies.loader import load_bundle
from policies.positions import PolicyError
from service.auditing import parse_instant
from tests.conftest import Json, event
from tests.rules.duties import BEFORE, QUARTERS, SCHOOL, control, instants, on, report
from tests.rules.norms import PROFILE, UFA, findings, lesson, policies_of, tried

WEEKLY = "family: control\nrole: administrator\ncontrols: [weekly_analysis]\nevery: {week: true}\n"
MONTHLY = "family: control\nrole: deputy_director\ncontrols: [deputy_check]\nevery: {month: true}\n"
QUARTERLY = "family: control\nrole: director\ncontrols: [director_check]\nevery: {period: [quarter]}\n"
HOMEROOM = "family: control\nrole: homeroom_teacher\nper: class\ncontrols: [profile_check, roster_check]\nevery: {week: true}\n"
LESSONS = on("09-03", "09-10", "10-08", "11-12", "12-10")


def found(log_of, events: list[Json], rule: str, as_of: str, *fields: str) -> list[tuple[object, ...]]:
    return instants(findings(log_of([*SCHOOL, *events]), rule, *fields, as_of=f"2024-{as_of}:00+05:00"))


def analysis(number: int, time: str, **data: object) -> Json:
    return control(number, time, "weekly_analysis", "administrator", "a-01", **data)


# ---- weeks -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([analysis(30, "09-08T23:59")], []),  # the last minute of Sunday
        ([analysis(30, "09-02T00:00")], []),  # the first of Monday
        ([analysis(30, "09-09T08:30", from_="2024-09-02", to="2024-09-08")], [("late", "09-09T00:00", "09-09T08:30")]),
        ([analysis(30, "09-09T08:30")], [("missing", "09-09T00:00", None)]),  # it does not say about which week
        ([analysis(30, "09-09T00:00", from_="2024-09-09", to="2024-09-15")], [("missing", "09-09T00:00", None)]),
        ([analysis(30, "09-05T12:00", from_="2024-08-26", to="2024-09-01")], []),  # made in the week: it counts for it
        ([control(30, "09-05T12:00", "monthly_analysis", "administrator", "a-01")], [("missing", "09-09T00:00", None)]),
        ([control(30, "09-05T12:00", "weekly_analysis", "deputy_director", "d-01")], [("missing", "09-09T00:00", None)]),
        ([control(30, "09-05T12:00", "weekly_analysis", "deputy_director", "a-01")], []),  # the administrator made it, under another hat
    ],
)
def test_weekly_analysis(log_of, made: list[Json], expected: list[object]) -> None:
    """It is made by Sunday's midnight, as or by the administrator; on Monday it is late where it says that it covers the week."""
    assert expected == found(log_of, [*on("09-03"), *made], WEEKLY, "09-12T12:00", "status", "due_at", "done_at")


def test_a_week_without_lessons_owes_no_analysis(log_of) -> None:
    """Neither the autumn holidays nor a week all of whose lessons were cancelled."""
    cancelled = event(40, "lesson.cancelled", "2024-09-16T08:00:00+05:00", lesson="L-9170")
    lessons = on("09-03", "09-17", "10-22", "11-06")
    made = [analysis(30, "09-04T12:00"), analysis(31, "10-23T12:00")]

    assert [] == found(log_of, [*lessons, cancelled, *made], WEEKLY, "11-10T23:59", "date")
    assert [("2024-11-04", "a-01", "administrator", "weekly_analysis", None)] == found(
        log_of, [*lessons, cancelled, *made], WEEKLY, "11-11T00:00", "date", "responsible", "role", "object", "class_"
    )


@pytest.mark.parametrize(
    ("published", "expected"), [(True, []), (False, [("missing",)]), (None, [])], ids=["published", "kept back", "not said"]
)
def test_published_analysis(log_of, published: bool | None, expected: list[object]) -> None:
    """An analysis that is not published does not count; one that does not say whether it is leaves the week undecided."""
    made = analysis(30, "09-05T12:00") if published is None else analysis(30, "09-05T12:00", published=published)
    audit = tried(log_of([*SCHOOL, *on("09-03"), made]), WEEKLY + "published: true", "2024-09-12T00:00:00+05:00")

    assert (expected, {} if published is not None else {"tried": 1}) == ([(f.status,) for f in audit.findings], audit.undecidable)


# ---- months and quarters ---------------------------------------------------------------------------------------------------------


def test_a_month_without_the_deputys_check(log_of) -> None:
    """September began before the school year; November has none, and that of 1 December does not say that it is about November."""
    made = [control(30, "10-31T23:59"), control(31, "12-01T12:00")]

    assert [("2024-11-01", "violation", "missing", "d-01", "12-01T00:00")] == found(
        log_of, [*LESSONS, *made], MONTHLY, "12-31T23:59", "date", "verdict", "status", "responsible", "due_at"
    )
    assert [] == found(log_of, [*LESSONS, *made], MONTHLY, "11-30T23:59", "date")


def test_an_explanation_names_the_controls_before_and_after(log_of) -> None:
    made = [control(30, "10-31T12:00"), control(31, "12-01T12:00")]
    (finding,) = tried(log_of([*SCHOOL, *LESSONS, *made]), MONTHLY, "2024-12-02T00:00:00+05:00").findings

    assert "месяц 01.11.2024 – 30.11.2024 — срок до 24:00 30.11.2024" in finding.explanation
    assert "до того — 31.10.2024 12:00; после — 01.12.2024 12:00 (не сказано, что об этом времени)" in finding.explanation
    assert {"e-030", "e-031"} < set(finding.evidence)


def test_the_director_checks_twice_in_one_quarter_and_never_in_the_next(log_of) -> None:
    """Twice in the first is no reserve for the second."""
    made = [control(n, time, "director_check", "director", "dir-01") for n, time in ((30, "09-10T12:00"), (31, "10-25T23:00"))]

    assert [("Q2", "2024-11-05", "missing", "dir-01", "12-29T00:00")] == found(
        log_of, [*LESSONS, *made], QUARTERLY, "12-31T12:00", "period", "date", "status", "responsible", "due_at"
    )


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], None),
        ([("dir-01", None, None), ("dir-02", None, None)], None),
        ([("dir-01", "2024-09-01", "2024-10-20"), ("dir-02", "2024-10-21", None)], "dir-02"),
        ([("dir-01", None, None), ("d-01", "2024-10-20", "2024-10-30")], None),  # a deputy acts for the director on the last day
        ([("dir-01", None, None), ("d-01", "2024-09-20", "2024-09-30")], "dir-01"),
    ],
    ids=["nobody", "two", "a successor", "delegated at the end", "delegated before"],
)
def test_who_answers_for_a_role(log_of, people: list[tuple[str, str | None, str | None]], expected: str | None) -> None:
    """The one holder on the term's last day; where nobody or several hold the role, only the role is named."""
    made = [
        event(50 + n, "person.registered", BEFORE, person=person, roles=["director"])
        if from_ is None
        else event(50 + n, "role.assigned", BEFORE, person=person, role="director", **{"from": from_, **({"to": to} if to else {})})
        for n, (person, from_, to) in enumerate(people)
    ]
    some = control(30, "09-10T12:00")  # another control: controls are recorded here
    log = log_of([*QUARTERS, *on("09-03"), *made, some])

    assert [(expected, "director")] == findings(log, QUARTERLY, "responsible", "role", as_of="2024-10-26T00:00:00+05:00")


def test_a_deputy_who_acts_for_the_director_meets_the_duty(log_of) -> None:
    """By the role stated in the control, or by the role held on the day."""
    acting = event(50, "role.assigned", BEFORE, person="d-01", role="director", from_="2024-09-20", to="2024-09-30")
    for role, time, expected in (
        ("director", "10-10T12:00", []),
        ("deputy_director", "09-30T12:00", []),
        ("deputy_director", "10-01T12:00", [("Q1",)]),
    ):
        made = control(30, time, "director_check", role)

        assert expected == found(log_of, [*on("09-03"), acting, made], QUARTERLY, "10-30T12:00", "period")


def test_a_log_without_controls_decides_nothing(log_of) -> None:
    audit = tried(log_of([*SCHOOL, *LESSONS]), MONTHLY, "2024-12-02T00:00:00+05:00")

    assert ([], {"tried": 2}) == (audit.findings, audit.undecidable)


# ---- directions ------------------------------------------------------------------------------------------------------------------


def test_a_norm_may_want_to_see_one_control_of_its_own_kind(log_of) -> None:
    """Cards may be checked outside of the journal: the deputy's checks do not show that they are not."""
    rule = HOMEROOM + "seen: own\n"
    deputys = control(30, "09-20T12:00", "deputy_check", "deputy_director", "d-01")
    own = control(31, "09-20T12:00", "roster_check", "homeroom_teacher", "h-01")

    assert [] == found(log_of, [*on("09-10"), deputys], rule, "09-17T00:00", "status")
    assert [("missing",)] == found(log_of, [*on("09-10"), deputys], HOMEROOM, "09-24T00:00", "status")
    assert [("missing",)] == found(log_of, [*on("09-10"), deputys, own], rule, "09-24T00:00", "status")


def test_directions_are_all_checked_by_some_control_of_the_month(log_of) -> None:
    """Two controls may share them; the explanation names what nobody checked."""
    rule = MONTHLY + "directions: [topics, marks, plan]"
    first, second = control(30, "10-10T12:00", directions=["topics"]), control(31, "10-20T12:00", directions=["marks", "density"])

    assert [] == found(log_of, [*on("10-08"), first, second, control(32, "10-31T12:00", directions=["plan"])], rule, "11-05T12:00", "date")
    (finding,) = tried(log_of([*SCHOOL, *on("10-08"), first, second]), rule, "2024-11-05T12:00:00+05:00").findings
    assert ("missing", "2024-10-01") == (finding.status, finding.date)
    assert "не проверено: выполнение учебного плана; за это время — ни разу" in finding.explanation


@pytest.mark.parametrize(("checked", "expected"), [("topics", []), ("plan", []), ("homework", [("missing",)])])
def test_another_direction_may_serve_as_well(log_of, checked: str, expected: list[object]) -> None:
    """What was taught is checked by the topics or by the plan; homework is something else."""
    rule = MONTHLY + "directions: [topics]\ninstead: [plan]"
    made = control(30, "10-10T12:00", directions=[checked])

    assert expected == found(log_of, [*on("10-08"), made], rule, "11-05T12:00", "status")


def test_a_control_that_names_no_direction_accuses_nobody(log_of) -> None:
    """It is counted as undecidable; without any control at all the month is missing."""
    rule = MONTHLY + "directions: [topics]"
    log = log_of([*SCHOOL, *on("10-08", "11-12"), control(30, "10-10T12:00"), control(31, "10-11T12:00", directions=["marks"])])
    audit = tried(log, rule, "2024-12-02T00:00:00+05:00")

    assert [("2024-11-01", "missing")] == [(f.date, f.status) for f in audit.findings]
    assert {"tried": 1} == audit.undecidable


# ---- per class and per teacher ---------------------------------------------------------------------------------------------------


def test_a_class_owes_in_the_weeks_of_its_own_lessons(log_of) -> None:
    """A control that names no class is that of the homeroom teacher's own; the other class's teacher answers for the other."""
    made = [control(30, "09-05T12:00", "profile_check", "homeroom_teacher", "h-01")]
    lessons = [*on("09-03", "09-10"), *on("09-03", class_="8Б")]

    assert [("8Б", "h-02", "2024-09-02"), ("7А", "h-01", "2024-09-09")] == found(
        log_of, [*lessons, *made], HOMEROOM, "09-16T00:00", "class_", "responsible", "date"
    )


def test_a_control_that_names_its_class_counts_for_it_alone(log_of) -> None:
    """Whoever stood in for the homeroom teacher; one of which nobody knows who made it leaves every class undecided."""
    lessons = [*on("09-03"), *on("09-03", class_="8Б")]
    named = control(30, "09-05T12:00", "roster_check", "homeroom_teacher", "t-09", class_="8Б")
    nameless = control(30, "09-05T12:00", "roster_check", "homeroom_teacher", None)

    assert [("7А",)] == found(log_of, [*lessons, named], HOMEROOM, "09-10T00:00", "class_")
    audit = tried(log_of([*SCHOOL, *lessons, nameless]), HOMEROOM, "2024-09-10T00:00:00+05:00")
    assert ([], {"tried": 2}) == (audit.findings, audit.undecidable)


def test_a_reason_by_the_homeroom_teacher_is_a_look_at_the_attendance(log_of) -> None:
    """Where the rule says so, a reason entered in a week is the week's check of the class; a code without a reason is none."""
    rule = "family: control\nrole: homeroom_teacher\nper: class\ncontrols: [attendance_check]\nevery: {week: true}\n"
    lessons = [*on("09-03", "09-10", "09-17")]
    made = [control(30, "09-05T12:00", "attendance_check", "homeroom_teacher", "h-01")]
    for number, day, code, actor in ((31, "10", "УП", "h-01"), (32, "17", "Н", "h-01"), (33, "17", "Б", "t-01")):
        data = {"lesson": f"L-9{day}0", "student": "s-01", "code": code}
        made.append(event(number, "attendance.changed", f"2024-09-{day}T15:00:00+05:00", actor, **data))

    assert [("2024-09-09",), ("2024-09-16",)] == found(log_of, [*lessons, *made], rule, "09-23T00:00", "date")
    assert [("2024-09-16",)] == found(log_of, [*lessons, *made], rule + "signs: [reason]", "09-23T00:00", "date")
    # A school that keeps no such checks in the journal is not judged by its reasons alone.
    alone = [*SCHOOL, *lessons, control(30, "09-05T12:00"), *made[1:]]
    audit = tried(log_of(alone), rule + "signs: [reason]\nseen: own", "2024-09-23T00:00:00+05:00")
    assert ([], {"tried": 3}) == (audit.findings, audit.undecidable)


def test_a_card_entered_by_the_homeroom_teacher_is_a_look_at_the_cards(log_of) -> None:
    """A student's card, or a parent's; one that somebody else entered is none."""
    rule = "family: control\nrole: homeroom_teacher\nper: class\ncontrols: [profile_check]\nevery: {month: true}\nsigns: [card]"
    lessons = [*on("10-03", "11-12", "12-10")]
    made = [control(30, "11-15T12:00", "deputy_check"), event(31, "parent.linked", BEFORE, parent="p-01", student="s-01")]
    for number, month, person, actor in ((32, "10", "s-01", "h-01"), (33, "11", "p-01", "h-01"), (34, "12", "s-01", "a-01")):
        made.append(event(number, "profile.updated", f"2024-{month}-20T15:00:00+05:00", actor, person=person))

    assert [("2024-12-01", "h-01")] == findings(log_of([*SCHOOL, *lessons, *made]), rule, "date", "responsible")


def test_a_deputys_check_of_the_whole_school_counts_for_every_class(log_of) -> None:
    rule = MONTHLY + "per: class"
    lessons = [*on("10-08"), *on("10-08", class_="8Б")]

    assert [] == found(log_of, [*lessons, control(30, "10-10T12:00")], rule, "11-05T00:00", "class_")
    assert [("8Б", "d-01")] == found(
        log_of, [*lessons, control(30, "10-10T12:00", class_="7А")], rule, "11-05T00:00", "class_", "responsible"
    )


CLASS_REPORT = (
    "family: control\nrole: homeroom_teacher\nper: class\nhanded: {reports: [progress, attendance], form: paper, to: [deputy_director]}\n"
    "every: {period: [quarter], grace_working_days: 5}\nassumed_because: числа дней в тексте нет\n"
)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (report(30, "10-25T18:00", class_="7А", to="d-01"), []),  # the last day with lessons
        (report(30, "11-01T23:59", class_="7А", to="d-01"), []),  # 28–31.10 and 01.11 are five working days
        (report(30, "11-02T00:00", class_="7А", to="d-01"), [("notice", "late", "h-01", "11-02T00:00")]),
        (report(30, "10-24T12:00", class_="7А", to="d-01"), [("notice", "missing", "h-01", "11-02T00:00")]),
        (report(30, "10-28T12:00"), []),  # no class named: the homeroom teacher's own
        (report(30, "10-28T12:00", class_="8Б", actor="h-02"), [("notice", "missing", "h-01", "11-02T00:00")]),
        (report(30, "10-28T12:00", class_="7А", form="electronic"), [("notice", "missing", "h-01", "11-02T00:00")]),
        (report(30, "10-28T12:00", "homework", class_="7А"), [("notice", "missing", "h-01", "11-02T00:00")]),
        (report(30, "10-28T12:00", class_="7А", to="a-01"), [("notice", "missing", "h-01", "11-02T00:00")]),  # to somebody else
        (report(30, "10-28T12:00", student="s-01"), [("notice", "missing", "h-01", "11-02T00:00")]),  # to a family
    ],
)
def test_a_report_to_the_administration_follows_the_period(log_of, made: Json, expected: list[object]) -> None:
    """After the quarter, within the days of grace; a term that the school assumed gives notices only."""
    found_ = found(log_of, [*on("09-03", "10-25"), made], CLASS_REPORT, "11-20T00:00", "verdict", "status", "responsible", "due_at")

    assert expected == found_


def test_the_sum_of_a_duty_that_follows_a_period(log_of) -> None:
    made = report(30, "11-20T12:00", class_="7А")
    (finding,) = tried(log_of([*SCHOOL, *on("09-03", "10-25"), made]), CLASS_REPORT, "2024-11-21T00:00:00+05:00").findings

    assert "02.09.2024 – 25.10.2024, затем 5 рабочих дней: 28.10, 29.10, 30.10, 31.10, 01.11 — срок до 24:00 01.11.2024" in (
        finding.explanation
    )
    assert "числа дней в тексте нет" in finding.explanation


def test_each_teacher_reports_on_the_programme(log_of) -> None:
    """Once a period, for all classes together."""
    rule = "family: control\nrole: teacher\nper: teacher\nhanded: {reports: [programme]}\nevery: {period: [quarter], grace_working_days: 5}"
    lessons = [lesson(1, "2024-09-03"), lesson(2, "2024-10-25", class_="8Б"), lesson(3, "2024-10-24", teacher="t-02")]
    made = report(30, "10-30T12:00", "programme", actor="t-01")

    assert [("t-02", "teacher", None, "Q1")] == found(
        log_of, [*lessons, made], rule, "11-20T00:00", "responsible", "role", "class_", "period"
    )


def test_controls_so_many_days_apart_rest_in_summer(log_of) -> None:
    """Counted from the start of the year; the last gap ends with the year."""
    rule = "family: control\nrole: deputy_director\ncontrols: [deputy_check]\nevery: {days: 60}"
    year = event(60, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2025-05-24")
    log = log_of([*SCHOOL, year, *LESSONS, control(30, "10-10T12:00"), control(31, "12-30T12:00")])

    assert [("2024-10-10", "late"), ("2024-12-30", "missing")] == findings(log, rule, "date", "status")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("role: director\nevery: {month: true}", "нужны виды контроля"),
        ("role: director\ncontrols: [director_check]\ninstead: [plan]\nevery: {month: true}", "instead пишется рядом с directions"),
        ("role: director\nhanded: {reports: [class]}\npublished: true\nevery: {month: true}", "published и directions бывают только"),
        ("role: director\nper: class\ncontrols: [deputy_check]\nevery: {days: 30}", "у класса и учителя частота"),
        ("family: control_results\nrole: director\ncontrols: [deputy_check]\ndue: {same_day: true}", "результаты публикуются"),
        ("controls: [deputy_check]\nevery: {month: true}", "нет обязательного ключа «role»"),
    ],
)
def test_a_broken_rule_is_said_in_russian(rule: str, words: str) -> None:
    with pytest.raises(PolicyError) as error:
        policies_of(rule if "family" in rule else "family: control\n" + rule)

    assert words in str(error.value)


# ---- what follows a control ------------------------------------------------------------------------------------------------------

RESULTS = (
    "family: control_results\nrole: deputy_director\ncontrols: [deputy_check]\npublished: true\n"
    "handed: {notices: [results], announcements: true, to: [teacher, homeroom_teacher]}\ndue: {working_days: 5}\n"
)


def notice(number: int, time: str, to: str = "h-01", about: str = "results") -> Json:
    return event(number, "notice.sent", f"2024-{time}:00+05:00", "d-01", to=to, about=about)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([control(30, "10-10T12:00", published=True)], []),
        ([control(30, "10-10T12:00", published=False), notice(31, "10-17T23:59")], []),
        ([control(30, "10-10T12:00", published=False), notice(31, "10-18T00:00")], [("late", "d-01", "10-18T00:00")]),
        ([control(30, "10-10T12:00", published=False), notice(31, "10-10T11:59")], [("missing", "d-01", "10-18T00:00")]),
        ([control(30, "10-10T12:00", published=False), notice(31, "10-11T12:00", to="a-01")], [("missing", "d-01", "10-18T00:00")]),
        (
            [control(30, "10-10T12:00", published=False), notice(31, "10-11T12:00", about="breach")],
            [("missing", "d-01", "10-18T00:00")],
        ),
        ([control(30, "10-10T12:00", published=False), event(31, "announcement.posted", "2024-10-11T12:00:00+05:00", "d-01")], []),
    ],
)
def test_results_of_a_control_are_passed_on(log_of, made: list[Json], expected: list[object]) -> None:
    """By its publication, by a notice to one of those concerned, or by an announcement, five working days after it at the latest."""
    assert expected == found(log_of, [*on("10-08"), *made], RESULTS, "11-05T00:00", "status", "responsible", "due_at")


def test_results_passed_on_by_a_message(log_of) -> None:
    """A message to one of those concerned may hold them: what it says the journal does not know."""
    rule = RESULTS.replace("published: true\n", "").replace("announcements: true", "messages: true")
    made = [*on("10-08"), control(30, "10-10T12:00", published=True)]
    for to, expected in (("h-01", []), ("dir-01", [("missing",)])):
        letter = event(31, "message.sent", "2024-10-14T12:00:00+05:00", "d-01", to=to)

        assert expected == found(log_of, [*made, letter], rule, "11-05T00:00", "status")


def test_a_control_that_does_not_say_whether_it_was_published_accuses_nobody(log_of) -> None:
    """The log of another school may hold no notice at all: then nothing can be decided."""
    for made in ([control(30, "10-10T12:00"), control(31, "10-20T12:00", published=True)], [control(30, "10-10T12:00")]):
        audit = tried(log_of([*SCHOOL, *on("10-08"), *made]), RESULTS, "2024-11-05T00:00:00+05:00")

        assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_a_norm_may_take_silence_on_publication_for_none(log_of) -> None:
    """Where results were passed on at all, by notices or by publications: else nothing can be decided."""
    rule = RESULTS + "unsaid: unpublished\n"
    passed_on = [control(30, "10-10T12:00"), notice(31, "10-11T12:00"), control(32, "10-21T12:00")]

    assert [("missing", "10-29T00:00")] == found(log_of, [*on("10-08"), *passed_on], rule, "11-05T00:00", "status", "due_at")
    assert {"tried": 1} == tried(log_of([*SCHOOL, *on("10-08"), control(30, "10-10T12:00")]), rule, "2024-11-05T00:00:00+05:00").undecidable


def test_two_rules_on_one_control_give_one_finding(log_of, tmp_path) -> None:
    """Monday's analysis is late both for being made and for being published, and a missing one is missing for both: one speaks."""
    text = (
        "school: test\nregulation: {title: Положение, order: '1', dated: 2024-01-01}\nin_force: {from: 2024-01-01}\nrules:\n"
        "  - {id: made, title: Анализ, clause: 7#a, severity: minor, family: control, role: administrator, controls: [weekly_analysis],\n"
        "     every: {week: true}}\n"
        "  - {id: published, title: Анализ опубликован, clause: 7#b, severity: minor, family: control, role: administrator,\n"
        "     controls: [weekly_analysis], published: true, every: {week: true}, absorbs: [made]}\n"
    )
    path = tmp_path / "2024-01-01.yaml"
    path.write_text(text, "utf-8")
    monday = analysis(30, "09-16T08:30", from_="2024-09-09", to="2024-09-15", published=True)
    log = log_of([*SCHOOL, *on("09-03", "09-10"), monday])
    moment = parse_instant("2024-09-16T12:00:00+05:00", UFA)
    found_ = audit(log, PROFILE, Policies([load_bundle(path)]), Options(as_of=moment, workers=0)).findings

    assert [("7#b", ("7#a",), "missing"), ("7#b", ("7#a",), "late")] == [(f.clause, f.also, f.status) for f in found_]
