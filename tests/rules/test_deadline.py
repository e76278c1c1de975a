"""Family `deadline`: every record of every school at the edge of its term; who answers; what excuses, shifts or leaves open."""

from __future__ import annotations

import pytest

from policies.positions import PolicyError
from tests.conftest import event
from tests.rules.norms import findings
from tests.rules.norms import lesson as one_lesson
from tests.rules.situations import Situation

DAY = "2024-11-13"
"""A Wednesday."""
TOPIC = {"lyceum-68": "5.1#a", "pestravka": "2.7#a", "rainbow": "3.2.1#a", "sgo-school": "5.2.teachers#1"}
ROLL = {"lyceum-68": "5.1#b", "pestravka": "2.7#b", "rainbow": "3.2.1#d", "sgo-school": "5.2.teachers#1"}
HOMEWORK = {"lyceum-68": "5.2", "pestravka": "2.8#b", "rainbow": "3.2.1#c", "school-7": "3.5.3#a", "sgo-school": "5.2.teachers#1"}
ORAL = {"lyceum-68": "5.3", "pestravka": "3.3#4", "rainbow": "3.2.3#a", "school-7": "3.5.2", "sgo-school": "5.2.teachers#1"}
LATER = "2025-01-20T00:00"


def lesson(school: str = "lyceum-68", grade: int = 8, students: int = 2) -> Situation:
    return Situation(school, grade, students).lesson("L-1", f"{DAY}T09:00")


def told(school: str = "lyceum-68") -> Situation:
    """The lesson with its topic in time."""
    return lesson(school).topic(f"{DAY}T09:30")


# ---- topic, roll call, homework, oral marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("school", TOPIC)
def test_topic_in_the_last_second_of_the_day_and_at_midnight(school: str) -> None:
    """The day of the lesson ends at 24:00, exclusive."""
    kept, late = lesson(school).topic(f"{DAY}T23:59:59"), lesson(school).topic("2024-11-14T00:00:00")

    assert [] == kept.found(LATER, TOPIC[school])
    assert [(TOPIC[school], "violation", "late")] == late.found(LATER, TOPIC[school])
    assert ["2024-11-14T00:00:00"] == late.due(LATER, TOPIC[school])


def test_topic_is_missing_from_the_due_instant_on() -> None:
    """At the due instant itself the term is over; a second before it is pending."""
    assert [] == lesson().found("2024-11-13T23:59:59", "5.1#a")
    assert [("5.1#a", "violation", "missing")] == lesson().found("2024-11-14T00:00", "5.1#a")


def test_blank_topic_is_none() -> None:
    """A topic of spaces is filled late when the words come the next day; the first words count, not later ones."""
    assert [("5.1#a", "violation", "late")] == lesson().topic(f"{DAY}T09:30", text=" ").topic("2024-11-14T09:30").found(LATER, "5.1#a")
    assert [] == told().topic("2024-11-20T09:30", text="Другая").found(LATER, "5.1#a")


def test_who_held_the_lesson_answers() -> None:
    """The substitute answers, not the absent teacher; for a cancelled lesson nobody; for a moved one on its new day."""
    assert [("t-02", "teacher")] == lesson().substitute(f"{DAY}T07:00", "L-1").people(LATER, "5.1#a")
    assert [] == lesson().cancel(f"{DAY}T07:00", "L-1").found(LATER, "5.1#a")
    assert ["2024-11-19T00:00:00"] == lesson().move(f"{DAY}T07:00", "L-1", "2024-11-18T09:00").due(LATER, "5.1#a")


def test_topic_before_the_lesson_is_looked_at_by_a_person() -> None:
    """«По факту»: pestravka 2.7; a bracket over the lesson's start decides nothing."""
    assert [("2.7#a", "review", "early")] == lesson("pestravka").topic(f"{DAY}T08:59:59").found(LATER, "2.7#a")
    assert [] == lesson("pestravka").topic(f"{DAY}T09:00").found(LATER, "2.7#a")
    straddling = lesson("pestravka").topic(f"{DAY}T09:30", notbefore=f"{DAY}T08:00")
    assert [("2.7#a", "unproven", "early")] == straddling.found(LATER, "2.7#a")


def test_brackets_decide_when_they_lie_on_one_side_of_the_term() -> None:
    """Made in (notbefore, time]: across the term unproven, from the term on late."""
    across = lesson().topic("2024-11-14T08:00", notbefore=f"{DAY}T23:59:59")
    after = lesson().topic("2024-11-14T08:00", notbefore="2024-11-14T00:00")

    assert [("5.1#a", "unproven", "late")] == across.found(LATER, "5.1#a")
    assert [("5.1#a", "violation", "late")] == after.found(LATER, "5.1#a")


@pytest.mark.parametrize("school", ROLL)
def test_roll_call_on_the_day_of_the_lesson(school: str) -> None:
    """A roll call or a first absence before midnight keeps it; a lesson with neither breaks it where the log knows roll calls."""
    silent = told(school).lesson("L-2", f"{DAY}T10:00", subject="Химия").topic(f"{DAY}T10:30", "L-2")

    assert [] == told(school).add("attendance.taken", f"{DAY}T23:59:59", lesson="L-1").found(LATER, ROLL[school])
    late = told(school).add("attendance.taken", "2024-11-14T00:00", lesson="L-1")
    assert [(ROLL[school], "violation", "late")] == late.found(LATER, ROLL[school])
    missing = silent.add("attendance.taken", f"{DAY}T09:05", lesson="L-1").findings(LATER, ROLL[school])
    assert [("L-2", "missing")] == [(f.lesson, f.status) for f in missing]


def test_silence_proves_nothing_where_nobody_calls_the_roll() -> None:
    """A log without roll calls leaves lessons without absences undecided."""
    assert [] == told().found(LATER, "5.1#b")


def test_absence_that_the_teacher_adds_the_next_day_is_late_for_that_student() -> None:
    """Others were entered in time; what the homeroom teacher adds is a correction."""
    roll = told().absent(f"{DAY}T09:05")

    assert [("late", ("s-02",))] == roll.absent("2024-11-14T09:00", student="s-02").students(LATER, "5.1#b")
    assert [] == told().absent(f"{DAY}T09:05").absent("2024-11-14T09:00", student="s-02", actor="h-01").found(LATER, "5.1#b")


@pytest.mark.parametrize("school", HOMEWORK)
def test_homework_the_next_morning(school: str) -> None:
    """Late in every school; «не задано» the next morning only where something is demanded for every lesson."""
    assert [(HOMEWORK[school], "violation", "late")] == told(school).homework("2024-11-14T08:00").found(LATER, HOMEWORK[school])
    nothing = told(school).homework("2024-11-14T08:00", text="Не задано.").found(LATER, HOMEWORK[school])
    assert (school in ("rainbow", "pestravka")) == bool(nothing)


def test_homework_never_recorded() -> None:
    """Missing in rainbow, a person's question in pestravka, elsewhere nothing; class hours and grade 1 owe none."""
    found = {school: told(school).found(LATER, clause) for school, clause in HOMEWORK.items() if school != "sgo-school"}

    expected = {"rainbow": [("3.2.1#c", "violation", "missing")], "pestravka": [("2.8#b", "review", "missing")]}
    assert expected == {school: rows for school, rows in found.items() if rows}
    assert [] == Situation("rainbow").lesson("L-1", f"{DAY}T09:00", subject="Классный час").found(LATER, "3.2.1#c")
    assert [] == lesson("rainbow", grade=1).found(LATER, "3.2.1#c")


@pytest.mark.parametrize("school", ORAL)
def test_oral_mark_on_the_day(school: str) -> None:
    """One finding per lesson with the students concerned; a mark beside an absence was earned at another time."""
    late = told(school).mark(f"{DAY}T23:59:59").mark("2024-11-14T00:00", student="s-02")
    away = told(school).absent(f"{DAY}T09:05").mark("2024-11-14T10:00")

    assert [("late", ("s-02",))] == late.students(LATER, ORAL[school])
    assert [] == [f for f in away.findings(LATER, ORAL[school]) if f.rule.startswith("lesson-marks")]


def test_late_oral_mark_is_backdated_too() -> None:
    """Lyceum: one finding under 5.3 that cites 3.6.8; deleted and entered again the next day it is late as well."""
    late, again = told().mark("2024-11-14T09:00"), told().mark(f"{DAY}T10:00").delete(f"{DAY}T10:05").mark("2024-11-14T09:00")

    assert [("5.3", True)] == [(f.clause, "3.6.8#b" in f.also) for f in late.findings(LATER, "5.3", "3.6.8#a", "3.6.8#b")]
    assert [("5.3", "violation", "late")] == again.found(LATER, "5.3", "3.6.8#a", "3.6.8#b")


# ---- works -----------------------------------------------------------------------------------------------------------------------


def control(
    school: str = "lyceum-68", kind: str = "control", grade: int = 8, subject: str = "Физика", start: str = f"{DAY}T09:00"
) -> Situation:
    situation = Situation(school, grade).lesson("L-1", start, subject=subject).work(start, kind)
    for number, day in enumerate(("2024-11-15", "2024-11-18", "2024-11-20"), 2):
        situation.lesson(f"L-{number}", f"{day}T09:00", subject=subject)
    return situation


@pytest.mark.parametrize(
    ("school", "kind", "grade", "clause", "due"),
    [
        ("lyceum-68", "control", 8, "5.4#b", "2024-11-21T00:00:00"),
        ("lyceum-68", "lab", 8, "5.4#b", "2024-11-21T00:00:00"),
        ("rainbow", "independent", 8, "3.2.3#b", "2024-11-19T00:00:00"),
        ("rainbow", "test", 8, "3.2.3#b", "2024-11-19T00:00:00"),
        ("rainbow", "lab", 8, "3.2.3#c", "2024-11-15T09:00:00"),
        ("rainbow", "dictation", 8, "3.2.3#c", "2024-11-15T09:00:00"),
        ("rainbow", "essay", 8, "3.2.3#d", "2024-11-26T00:00:00"),
        ("pestravka", "control", 9, "3.3#9a", "2024-11-15T09:00:00"),
        ("pestravka", "exposition", 4, "3.3#9b", "2024-11-16T00:00:00"),
        ("pestravka", "essay", 5, "3.3#9c", "2024-11-21T00:00:00"),
        ("pestravka", "essay", 10, "3.3#9d", "2024-11-26T00:00:00"),
        ("school-7", "control", 8, "3.5.2", "2024-11-14T00:00:00"),
    ],
)
def test_written_work_at_its_term(school: str, kind: str, grade: int, clause: str, due: str) -> None:
    """Marks a second before the term are in time, at it late; school-7 leaves written work to a person."""
    before = f"{due[:8]}{int(due[8:10]) - due.endswith('T00:00:00'):02}T{'23' if due.endswith('T00:00:00') else '08'}:59:59"

    assert [] == control(school, kind, grade).marks(before).found(LATER, clause)
    late = control(school, kind, grade).marks(due)
    assert [(clause, "review" if school == "school-7" else "violation", "late")] == late.found(LATER, clause)
    assert [due] == late.due(LATER, clause)


@pytest.mark.parametrize(
    ("school", "kind", "grade"),
    [
        ("rainbow", "practical", 8), ("rainbow", "creative", 8), ("rainbow", "homework", 8), ("pestravka", "independent", 8),
        ("lyceum-68", "homework", 8), ("sgo-school", "control", 8),
    ],
)  # fmt: skip
def test_works_for_which_the_text_has_no_term(school: str, kind: str, grade: int) -> None:
    """Nothing is borrowed from another school."""
    clauses = {
        "rainbow": ("3.2.3#a", "3.2.3#b", "3.2.3#c", "3.2.3#d"), "pestravka": ("3.3#4", "3.3#8", "3.3#9a", "3.3#9d"),
        "lyceum-68": ("5.3", "5.4#a", "5.4#b", "3.6.4"), "sgo-school": ("5.2.teachers#1", "4.teachers#2b"),
    }[school]  # fmt: skip
    marked = control(school, kind, grade).marks("2024-12-20T10:00")

    assert [] == [f for f in marked.findings(LATER, *clauses) if f.work is not None or "marks" in f.rule]


def test_exposition_of_the_senior_grades_by_analogy() -> None:
    """Pestravka names ten days for essays only: a person decides on expositions."""
    late = control("pestravka", "exposition", grade=10).marks("2024-12-20T10:00")

    assert [("3.3#9d", "review", "late")] == late.found(LATER, "3.3#8", "3.3#9a", "3.3#9d")


def test_graded_by_the_end_of_the_period_where_no_term_is_said() -> None:
    """Pestravka 3.3: laboratory works and senior control works are graded; the period's end is our reading, so a notice."""
    quarter = ("Q2", "quarter", "2024-11-05", "2024-12-27")

    assert [("3.3#8", "notice", "missing")] == control("pestravka", "lab").period(*quarter).found("2024-12-28T00:00", "3.3#8")
    assert [("3.3#8", "notice", "missing")] == control("pestravka", grade=10).period(*quarter).found("2024-12-28T00:00", "3.3#8")
    assert [] == control("pestravka", "lab").period(*quarter).marks("2024-12-27T20:00").found(LATER, "3.3#8")


@pytest.mark.parametrize(
    ("subject", "clause", "due"),
    [
        ("Русский язык", "5.4#a", "2024-11-28T00:00:00"),
        ("Литература", "5.4#a", "2024-11-28T00:00:00"),
        ("Литературное чтение", "5.4#b", "2024-11-21T00:00:00"),
    ],
)
def test_ten_working_days_for_russian_and_literature_only(subject: str, clause: str, due: str) -> None:
    """The subjects are named; others have five."""
    assert [due] == control(subject=subject).marks("2024-12-02T10:00").due(LATER, "5.4#a", "5.4#b")
    assert [clause] == [f.clause for f in control(subject=subject).marks("2024-12-02T10:00").findings(LATER, "5.4#a", "5.4#b")]


def test_week_of_3_6_4_beside_5_4() -> None:
    """Only the week exceeded: a notice; both: one finding that cites both; each student by the own entry."""
    language = control(subject="Русский язык")
    only_week, both = language.mark("2024-11-21T10:00", work="W-1"), language.mark("2024-11-28T10:00", student="s-02", work="W-1")

    assert only_week is both
    assert [("3.6.4", "notice", ("s-01",)), ("5.4#a", "violation", ("s-02",))] == [
        (f.clause, f.verdict, f.students) for f in both.findings(LATER, "5.4#a", "3.6.4")
    ]


def test_absent_students_are_out_of_the_work() -> None:
    """By code, by a code changed later, by a registered absence, by the code in the cell; an absence taken back binds again."""
    away = [
        control().absent(f"{DAY}T09:05"),
        control().absent(f"{DAY}T09:05").reason("2024-11-15T10:00"),
        control().add("absence.registered", f"{DAY}T08:00", "h-01", person="s-01", from_=DAY, to=DAY),
        control().mark(f"{DAY}T09:30", "Н", work="W-1"),
    ]
    back = control().absent(f"{DAY}T09:05").reason("2024-11-15T10:00", code="П", actor="t-01")

    assert [("missing", ("s-02",))] * 4 == [row for situation in away for row in situation.students(LATER, "5.4#b")]
    assert [("missing", ("s-01", "s-02"))] == back.students(LATER, "5.4#b")


def test_word_in_the_cell_is_no_absence() -> None:
    """«н/а» begins like a code and says something else: the cell is filled, late when it came late."""
    assert [("late", ("s-01", "s-02"))] == control().marks("2024-11-25T10:00", value="н/а").students(LATER, "5.4#b")


def test_absent_student_has_the_term_of_the_make_up_lesson() -> None:
    """The clock starts on the day on which the student wrote; a mark of somebody present gets no new term in another column."""
    away = control().absent(f"{DAY}T09:05").mark("2024-11-14T10:00", student="s-02", work="W-1")

    assert [] == away.mark("2024-11-27T10:00", lesson="L-4", work="W-1").found(LATER, "5.4#b")
    late = control().mark("2024-11-14T10:00", student="s-02", work="W-1").mark("2024-11-27T10:00", lesson="L-4", work="W-1")
    assert [("late", ("s-01",))] == late.students(LATER, "5.4#b")
    assert ["2024-11-21T00:00:00"] == late.due(LATER, "5.4#b")


def test_who_joined_left_or_was_not_named_owes_nothing() -> None:
    """The class of the day of the work owes; a work for named students only them; home-schooled students nothing."""
    situations = [
        control()
        .add("student.joined", "2024-11-14T10:00", "a-01", student="s-03", class_="8А", date="2024-11-14")
        .marks("2024-11-14T10:00"),
        control().add("student.left", f"{DAY}T08:00", "a-01", student="s-02", class_="8А", date=DAY).mark("2024-11-14T10:00", work="W-1"),
        control().work(f"{DAY}T09:01", students=["s-01"]).mark("2024-11-14T10:00", work="W-1"),
        control().order("2024-11-01T10:00", "home_schooling", "2024-11-01").mark("2024-11-14T10:00", student="s-02", work="W-1"),
    ]

    assert [[], [], [], []] == [situation.found(LATER, "5.4#b") for situation in situations]


def test_who_left_the_class_left_its_groups() -> None:
    """The list of a group holds nobody who is gone."""
    split = Situation("rainbow").group("s-01", "1").group("s-02", "1").lesson("L-1", f"{DAY}T09:00", group="1").work(f"{DAY}T09:00")
    split.lesson("L-2", "2024-11-14T09:00", group="1").mark(f"{DAY}T10:00", work="W-1")

    assert [] == split.add("student.left", "2024-11-01T10:00", "a-01", student="s-02", class_="8А", date="2024-11-01").found(
        LATER, "3.2.3#c"
    )


def test_one_cell_of_late_missing_and_undecided_students() -> None:
    """Late and missing make one finding, missing; those whom a bracket leaves open get one of their own."""
    late = control().mark("2024-11-25T10:00", work="W-1")
    open_ = control().mark("2024-11-21T10:00", student="s-02", work="W-1", notbefore="2024-11-20T10:00")

    assert [("missing", ("s-01", "s-02"))] == late.students(LATER, "5.4#b")
    assert [("missing", "violation"), ("late", "unproven")] == [(f.status, f.verdict) for f in open_.findings(LATER, "5.4#b")]


def test_deleted_marks() -> None:
    """Deleted before the term and never entered again: missing; entered again late: late; deleted after it: the term was kept."""
    deleted = control("rainbow").mark("2024-11-14T10:00", student="s-02", work="W-1").mark("2024-11-14T10:00", work="W-1")
    gone = deleted.delete("2024-11-14T11:00")

    assert [("missing", ("s-01",))] == gone.students(LATER, "3.2.3#c")
    assert [("late", ("s-01",))] == gone.mark("2024-11-16T10:00", work="W-1").students(LATER, "3.2.3#c")
    assert [] == control("rainbow").marks("2024-11-14T10:00").delete("2024-11-16T10:00").found(LATER, "3.2.3#c")


def test_mark_without_a_work_is_a_mark_for_the_lesson() -> None:
    """It fulfils no work's demand and has the lesson's own term."""
    found = control("rainbow").mark("2024-11-14T10:00").findings(LATER, "3.2.3#a", "3.2.3#c")

    assert [("3.2.3#a", ("s-01",)), ("3.2.3#c", ("s-01", "s-02"))] == sorted((f.clause, f.students) for f in found)


# ---- parts of the journal that a rule may single out -----------------------------------------------------------------------------


@pytest.mark.parametrize(("substituted", "expected"), [("true", [("L-2", "t-02")]), ("false", [("L-1", "t-01")])])
def test_lessons_of_substitutes_apart(log_of, substituted: str, expected: list[object]) -> None:
    """A rule may speak of the lessons that a substitute held, or of the others only."""
    lessons = [one_lesson(1, "2024-11-12"), one_lesson(2, "2024-11-12", "10:00")]
    swap = event(30, "lesson.substituted", "2024-11-12T07:00:00+05:00", "d-01", lesson="L-2", teacher="t-02")
    rule = f"family: deadline\nrecord: topic\ndue: {{same_day: true}}\nwhere: {{substituted: {substituted}}}"

    assert expected == findings(log_of([*lessons, swap]), rule, "lesson", "responsible")


@pytest.mark.parametrize(("grouped", "expected"), [("true", [("L-2", "1")]), ("false", [("L-1", None)])])
def test_lessons_of_groups_apart(log_of, grouped: str, expected: list[object]) -> None:
    """A rule may speak of the lessons of groups, or of those of whole classes only."""
    of_group = one_lesson(2, "2024-11-12", "10:00")
    lessons = [one_lesson(1, "2024-11-12"), of_group | {"data": of_group["data"] | {"group": "1"}}]
    rule = f"family: deadline\nrecord: topic\ndue: {{same_day: true}}\nwhere: {{grouped: {grouped}}}"

    assert expected == findings(log_of(lessons), rule, "lesson", "group")


def test_topics_of_lessons_with_works_apart(log_of) -> None:
    """A rule on topics may speak of the lessons in which a work of these kinds is set."""
    lessons = [one_lesson(1, "2024-11-12"), one_lesson(2, "2024-11-12", "10:00"), one_lesson(3, "2024-11-12", "11:00")]
    works = [
        event(30 + n, "work.set", "2024-11-12T08:00:00+05:00", "t-01", work=f"W-{n}", lesson=f"L-{n}", kind=kind)
        for n, kind in ((2, "lab"), (3, "test"))
    ]
    rule = "family: deadline\nrecord: topic\ndue: {same_day: true}\nwhere: {works: [lab, control]}"

    assert [("L-2",)] == findings(log_of([*lessons, *works]), rule, "lesson")


def test_period_marks_of_students_taught_at_home(log_of) -> None:
    """Left out where the rule speaks of all; owed where it speaks of them alone, in subjects in which they have some period mark."""
    at_home = {"order": "O-1", "kind": "home_schooling", "person": "s-01", "date": "2024-09-01", "from_": "2024-09-02", "to": "2025-05-25"}
    before = "2024-08-26T10:00:00+05:00"
    lessons = [(day, subject) for day in ("2024-09-10", "2024-11-12") for subject in ("История", "Химия")]
    given = {"subject": "История", "value": "4"}
    log = log_of(
        [
            event(1, "period.set", before, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
            event(2, "class.formed", before, class_="7А", grade=7),
            *[event(3 + n, "student.joined", before, student=f"s-0{n}", class_="7А", date="2024-09-02") for n in (1, 2)],
            event(10, "order.signed", "2024-09-01T10:00:00+05:00", "dir-01", **at_home),
            event(11, "period.set", before, period="Q2", kind="quarter", starts="2024-11-05", ends="2024-12-27"),
            *[one_lesson(n, day, subject=subject) for n, (day, subject) in enumerate(lessons, 1)],
            event(12, "period_mark.recorded", "2024-10-26T10:00:00+05:00", "t-01", class_="7А", student="s-01", period="Q1", **given),
        ]
    )
    rule = "family: deadline\nrecord: period_marks\ndue: {hours_after_period_end: 24}"

    assert {("s-02",)} == {students for (students,) in findings(log, rule, "students")}
    alone = findings(log, f"{rule}\nstudents: home_schooled\nmissing: review", "verdict", "subject", "period", "students")
    assert [("review", "История", "Q2", ("s-01",))] == alone
    with pytest.raises(PolicyError, match="period_marks"):
        findings(log, "family: deadline\nrecord: topic\ndue: {same_day: true}\nstudents: home_schooled", "verdict")
