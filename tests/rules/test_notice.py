"""What happened is told to whom it concerns: failing students, truants, remarks."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

BEFORE = "2024-08-26T10:00:00+05:00"
AFTER = "2024-12-01T00:00:00+05:00"
FIELDS = ("verdict", "status", "responsible", "students", "date", "due_at")
SCHOOL = [
    event(1, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(2, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(3, "person.registered", BEFORE, person="t-01", roles=["teacher"]),
    event(4, "person.registered", BEFORE, person="d-01", roles=["deputy_director"]),
    *(event(4 + n, "student.joined", BEFORE, student=f"s-0{n}", class_="7А", date="2024-09-02") for n in range(1, 4)),
    *(event(9 + n, "parent.linked", BEFORE, parent=f"p-0{n}", student=f"s-0{n}") for n in range(1, 4)),
    *(lesson(n, day) for n, day in ((1, "2024-09-04"), (2, "2024-09-11"), (3, "2024-10-09"))),
    lesson(4, "2024-09-05", subject="Физика", teacher="t-02"),
]
# A notice to another parent: the school's log does hold notices to parents.
OTHER = event(19, "notice.sent", "2024-09-03T10:00:00+05:00", "h-01", to="p-03", about="failing", student="s-03")


def notice(number: int, at: str, to: str = "p-01", about: str = "failing", actor: str | None = "h-01", **data: object) -> Json:
    return event(number, "notice.sent", f"{at}+05:00", actor, to=to, about=about, **data)


# ---- failing -------------------------------------------------------------------------------------------------------------------------

FAILING = "family: notice\nevent: failing\nto: parents\nabout: [failing]\ndue: {calendar_days: 7}\nverdict: notice\nmissing: notice\n"


def period_mark(number: int, at: str, value: str, student: str = "s-01", subject: str = "История", kind: str = "recorded") -> Json:
    return event(number, f"period_mark.{kind}", f"{at}+05:00", "t-01",
                 class_="7А", subject=subject, student=student, period="Q1", value=value)  # fmt: skip


TWO = period_mark(20, "2024-10-23T12:00:00", "2")
LATE = [("notice", "late", "h-01", ("s-01",), "2024-10-23", "2024-10-31T00:00:00+05:00")]
MISSING = [("notice", "missing", *LATE[0][2:])]


def failing(log_of, *events: Json, keys: str = "", as_of: str = AFTER) -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, OTHER, *events]), FAILING + keys, *FIELDS, as_of=as_of)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (notice(30, "2024-10-30T23:59:59", student="s-01"), []),
        (notice(30, "2024-10-31T00:00:00", student="s-01"), LATE),
        (notice(30, "2024-10-30T10:00:00"), []),  # names no student: the parent's only child is meant
        (notice(30, "2024-09-20T10:00:00", student="s-01"), []),  # warned during the quarter
        (notice(30, "2024-08-30T10:00:00", student="s-01"), MISSING),  # before the quarter
        (notice(30, "2024-10-30T10:00:00", student="s-01", actor="t-02"), []),
        (notice(30, "2024-10-30T10:00:00", student="s-01", actor=None), []),
        (notice(30, "2024-10-30T10:00:00", to="p-02", student="s-02"), MISSING),
        (notice(30, "2024-10-30T10:00:00", about="truancy", student="s-01"), MISSING),
        (notice(30, "2024-10-30T10:00:00", to="d-01", student="s-01"), MISSING),
        (notice(30, "2024-10-30T10:00:00", to="p-99", student="s-01"), []),  # somebody nobody knows, about this student
        (event(30, "message.sent", "2024-10-30T10:00:00+05:00", "h-01", to="p-01"), []),
        (event(30, "message.sent", "2024-10-30T10:00:00+05:00", "t-01", to="p-01"), MISSING),
        (event(30, "diary.viewed", "2024-10-30T10:00:00+05:00", "p-01", parent="p-01", student="s-01"), MISSING),
    ],
)
def test_a_parent_of_a_failing_student_is_told(log_of, told: Json, expected: list[object]) -> None:
    """Seven days from the entry of the mark; any notice of the quarter counts, a message only from the homeroom teacher."""
    assert expected == failing(log_of, TWO, told)


def test_only_the_one_who_answers_where_the_rule_says_so(log_of) -> None:
    """`by: responsible`: another's notice does not count, one by somebody unknown does."""
    assert MISSING == failing(log_of, TWO, notice(30, "2024-10-30T10:00:00", actor="t-02", student="s-01"), keys="by: responsible\n")
    assert [] == failing(log_of, TWO, notice(30, "2024-10-30T10:00:00", actor=None, student="s-01"), keys="by: responsible\n")


def test_messages_need_not_count(log_of) -> None:
    message = event(30, "message.sent", "2024-10-30T10:00:00+05:00", "h-01", to="p-01")

    assert MISSING == failing(log_of, TWO, message, keys="messages: false\n")


def test_one_notice_serves_all_subjects_of_the_period(log_of) -> None:
    """The term runs from the first mark; the finding names the subjects."""
    marks = [TWO, period_mark(21, "2024-10-24T12:00:00", "2", subject="Физика")]
    log = log_of([*SCHOOL, OTHER, *marks])
    ((explanation,),) = findings(log, FAILING, "explanation", as_of=AFTER)

    assert MISSING == failing(log_of, *marks)
    assert "История, Физика; на 24:00 30.11.2024 извещения в журнале нет" in explanation
    assert "23.10.2024 + 7 дней = 30.10.2024 — срок до 24:00 30.10.2024" in explanation


def test_a_mark_put_right_needs_no_notice(log_of) -> None:
    """A 2 that became a 3 is none; a 3 that became a 2 is one from the change on."""
    assert [] == failing(log_of, TWO, period_mark(21, "2024-10-24T12:00:00", "3", kind="changed"))
    assert ["2024-10-24"] == [row[4] for row in failing(log_of, period_mark(20, "2024-10-23T12:00:00", "3"),
                                                        period_mark(21, "2024-10-24T12:00:00", "2", kind="changed"))]  # fmt: skip


def test_a_term_to_come_is_pending(log_of) -> None:
    assert [] == failing(log_of, TWO, as_of="2024-10-30T23:59:00+05:00")


def test_a_low_mean_is_failing_where_the_rule_says_so(log_of) -> None:
    """Three marks with a mean of 7/3 where 2.5 is wanted; the term runs from the period's last day. Two marks are too few."""
    marks = [
        event(40 + n, "mark.recorded", f"2024-{day}T12:00:00+05:00", "t-01", lesson=f"L-{n}", student="s-01", value=value)
        for n, day, value in ((1, "09-04", "2"), (2, "09-11", "2"), (3, "10-09", "3"))
    ]
    expected = [("notice", "missing", "h-01", ("s-01",), "2024-10-25", "2024-11-02T00:00:00+05:00")]

    assert expected == failing(log_of, *marks, keys="mean_below: 2.5\n")
    assert [] == failing(log_of, *marks, keys="mean_below: 2.3\n")
    assert [] == failing(log_of, *marks[:2], keys="mean_below: 2.5\n")
    assert [] == failing(log_of, *marks)


def test_the_subject_teacher_tells_the_homeroom_teacher(log_of) -> None:
    """Per subject; a notice about this student to the homeroom teacher, or a message, serves."""
    keys = "role: teacher\n" + FAILING.replace("to: parents", "to: homeroom_teacher")
    log = [*SCHOOL, notice(18, "2024-09-03T10:00:00", to="h-01", student="s-03", actor="t-02"), TWO]

    def found(*events: Json) -> list[tuple[object, ...]]:
        return findings(log_of([*log, *events]), keys, "status", "responsible", "role", "subject", "students", as_of=AFTER)

    assert [("missing", "t-01", "teacher", "История", ("s-01",))] == found()
    assert [] == found(notice(30, "2024-10-30T10:00:00", to="h-01", student="s-01", actor="t-01"))
    assert [] == found(event(30, "message.sent", "2024-10-30T10:00:00+05:00", "t-01", to="h-01"))
    assert 1 == len(found(notice(30, "2024-10-30T10:00:00", to="h-01", student="s-02", actor="t-01")))


def test_a_homeroom_teacher_has_nobody_to_tell_of_the_own_subject(log_of) -> None:
    """Who teaches the subject in the own class knows already."""
    keys = "role: teacher\n" + FAILING.replace("to: parents", "to: homeroom_teacher")
    known = notice(18, "2024-09-03T10:00:00", to="h-01", student="s-03", actor="t-02")
    own = event(17, "class.formed", "2024-08-27T10:00:00+05:00", class_="7А", grade=7, homeroom_teacher="t-01")

    assert 1 == len(findings(log_of([*SCHOOL, known, TWO]), keys, "status", as_of=AFTER))
    assert [] == findings(log_of([*SCHOOL, own, known, TWO]), keys, "status", as_of=AFTER)


def test_a_log_without_notices_to_parents_decides_nothing(log_of) -> None:
    """Nobody can tell whether parents were told elsewhere; notices to the deputy change nothing."""
    audit = tried(log_of([*SCHOOL, TWO, notice(30, "2024-10-24T10:00:00", to="d-01", about="breach")]), FAILING, AFTER)

    assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_an_assumed_term_gives_a_notice(log_of) -> None:
    """The text names no number."""
    rule = FAILING.replace("{calendar_days: 7}", "{calendar_days: {parameter: n}}").replace("notice\nmissing: notice", "violation")
    extra = "parameters:\n  n: {value: 7, unit: дней, assumed: true, why: срока в тексте нет}\n"

    assert [("notice",)] == findings(log_of([*SCHOOL, OTHER, TWO]), rule, "verdict", as_of=AFTER, extra=extra)


# ---- truancy -------------------------------------------------------------------------------------------------------------------------

TRUANCY = FAILING.replace("event: failing", "event: truancy").replace("[failing]", "[truancy]")


def absence(number: int, n: int, at: str, code: str = "НП", kind: str = "recorded") -> Json:
    return event(number, f"attendance.{kind}", f"{at}+05:00", "h-01", lesson=f"L-{n}", student="s-01", code=code)


def truancy(log_of, *events: Json, keys: str = "") -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, OTHER, *events]), TRUANCY + keys, *FIELDS, as_of=AFTER)


def test_one_notice_serves_the_absences_of_a_week(log_of) -> None:
    """Two lessons of one week, one of the next: the term runs from the entry of the first of each."""
    missed = [absence(20, 1, "2024-09-06T15:00:00"), absence(21, 4, "2024-09-06T15:00:00"), absence(22, 2, "2024-09-11T15:00:00")]
    weeks = [
        ("notice", "missing", "h-01", ("s-01",), "2024-09-06", "2024-09-14T00:00:00+05:00"),
        ("notice", "missing", "h-01", ("s-01",), "2024-09-11", "2024-09-19T00:00:00+05:00"),
    ]

    assert weeks == truancy(log_of, *missed)
    assert weeks[1:] == truancy(log_of, *missed, notice(30, "2024-09-10T10:00:00", about="truancy", student="s-01"))
    assert [] == truancy(log_of, *missed, notice(30, "2024-09-12T10:00:00", about="truancy", student="s-01"))


@pytest.mark.parametrize(
    ("events", "count"),
    [
        ([absence(20, 1, "2024-09-04T15:00:00", "УП")], 0),
        ([absence(20, 1, "2024-09-04T15:00:00"), absence(21, 1, "2024-09-20T15:00:00", "Б", "changed")], 0),
        ([absence(20, 1, "2024-09-04T15:00:00", "ОТ"), absence(21, 1, "2024-09-08T15:00:00", "НП", "changed")], 1),
        ([event(20, "mark.recorded", "2024-09-04T15:00:00+05:00", "t-01", lesson="L-1", student="s-01", value="НП4")], 1),
    ],
    ids=["excused", "excused later", "found out later", "in a mark's cell"],
)
def test_the_code_that_stands_decides(log_of, events: list[Json], count: int) -> None:
    """An absence that was excused in the end needs no notice."""
    assert count == len(truancy(log_of, *events))


def test_the_teacher_of_the_lesson_answers_by_subject(log_of) -> None:
    missed = [absence(20, 1, "2024-09-06T15:00:00"), absence(21, 4, "2024-09-06T15:00:00")]
    log = log_of([*SCHOOL, OTHER, *missed])

    assert [("t-01", "История"), ("t-02", "Физика")] == sorted(
        findings(log, "role: teacher\n" + TRUANCY, "responsible", "subject", as_of=AFTER)
    )


# ---- remarks -------------------------------------------------------------------------------------------------------------------------

REMARK = """\
family: notice
event: remark
role: deputy_director
to: addressee
about: [remark]
due: {working_days: 3}
verdict: notice
missing: notice
"""
ISSUED = event(20, "remark.issued", "2024-10-10T10:00:00+05:00", "d-01", remark="R-1", to="t-01", lesson="L-3")


@pytest.mark.parametrize(
    ("told", "count"),
    [
        (notice(30, "2024-10-15T23:00:00", to="t-01", about="remark", actor="d-01"), 0),
        (notice(30, "2024-10-16T00:00:00", to="t-01", about="remark", actor="d-01"), 1),
        (notice(30, "2024-10-09T10:00:00", to="t-01", about="remark", actor="d-01"), 1),
        (notice(30, "2024-10-15T10:00:00", to="t-02", about="remark", actor="d-01"), 1),
        (event(30, "message.sent", "2024-10-15T10:00:00+05:00", "d-01", to="t-01"), 0),
    ],
)
def test_a_remark_is_brought_to_whom_it_was_made(log_of, told: Json, count: int) -> None:
    """Three working days after Thursday end on Tuesday; what was said before the remark is no notice of it."""
    found = findings(log_of([*SCHOOL, OTHER, ISSUED, told]), REMARK, "responsible", "role", "object", "class_", "due_at", as_of=AFTER)

    assert [("d-01", "deputy_director", "R-1", "7А", "2024-10-16T00:00:00+05:00")] * count == found


def test_what_a_homeroom_teacher_finds_goes_to_the_deputy(log_of) -> None:
    """Her remark to a teacher of her class is followed by a notice of the breach; the deputy's own remark needs none."""
    rule = REMARK.replace("role: deputy_director\nto: addressee\nabout: [remark]", "own: true\nto: deputy_director\nabout: [breach]")
    own = event(21, "remark.issued", "2024-10-10T10:00:00+05:00", "h-01", remark="R-2", to="t-01", lesson="L-3")
    other = notice(31, "2024-10-01T10:00:00", to="d-01", about="breach")

    def found(*events: Json) -> list[tuple[object, ...]]:
        return findings(log_of([*SCHOOL, ISSUED, own, other, *events]), rule, "responsible", "role", "object", as_of=AFTER)

    assert [("h-01", "homeroom_teacher", "R-2")] == found()
    assert [] == found(notice(30, "2024-10-11T10:00:00", to="d-01", about="breach", class_="7А"))
    assert 1 == len(found(notice(30, "2024-10-11T10:00:00", to="d-01", about="breach", class_="8Б")))
    assert 1 == len(found(notice(30, "2024-10-11T10:00:00", to="d-01", about="breach", person="t-02")))


@pytest.mark.parametrize("rule", [FAILING, TRUANCY, REMARK], ids=["failing", "truancy", "remark"])
def test_an_empty_log_owes_nothing(log_of, rule: str) -> None:
    audit = tried(log_of(SCHOOL[:1]), rule, AFTER)

    assert ([], {}) == (audit.findings, audit.undecidable)
