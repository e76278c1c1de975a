"""What share of teachers keep the journal, and of families and students look into it."""

from __future__ import annotations

import pytest

from engine.audit import Audit
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

BEFORE = "2024-08-26T10:00:00+05:00"
AFTER = "2024-11-01T00:00:00+05:00"
FIELDS = ("verdict", "status", "responsible", "role", "class_", "period", "date")
SCHOOL = [
    event(1, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(2, "class.formed", BEFORE, class_="1А", grade=1, homeroom_teacher="h-02"),
    event(3, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    *(event(4 + n, "student.joined", BEFORE, student=f"s-0{n}", class_="7А", date="2024-09-02") for n in range(1, 5)),
    event(9, "student.joined", BEFORE, student="s-05", class_="1А", date="2024-09-02"),
    *(event(9 + n, "parent.linked", BEFORE, parent=f"p-0{n}", student=f"s-0{n}") for n in range(1, 6)),
    event(15, "person.registered", BEFORE, person="t-09", roles=["teacher", "parent"]),
]
LESSONS = [lesson(n, f"2024-09-0{n + 1}", teacher="t-01" if n < 4 else "t-02") for n in range(1, 6)]


def rule(of: str, *keys: str) -> str:
    return "\n".join(["family: participation", f"of: {of}", "role: homeroom_teacher", *keys])


def figures(audit: Audit) -> list[tuple[object, ...]]:
    return [tuple(row) for row in audit.figures[["measure", "class", "person", "part", "whole"]].itertuples(index=False)]


def topic(number: int, n: int, actor: str | None, day: str = "2024-09-20") -> Json:
    return event(number, "topic.recorded", f"{day}T12:00:00+05:00", actor, lesson=f"L-{n}", text="Тема")


# ---- teachers ------------------------------------------------------------------------------------------------------------------------


def test_a_lesson_is_kept_by_whoever_held_it(log_of) -> None:
    """Any record counts, also one by somebody unknown; one by a colleague does not, one by the substitute does."""
    kept = [
        topic(20, 1, "t-01"),
        topic(21, 2, None),
        topic(22, 3, "t-02"),
        event(23, "attendance.taken", "2024-09-05T12:00:00+05:00", "t-03", lesson="L-4"),
        event(24, "lesson.substituted", "2024-09-05T08:00:00+05:00", lesson="L-4", teacher="t-03"),
    ]
    log = log_of([*SCHOOL, *LESSONS, *kept])

    assert [
        ("recorded_share", "", "t-01", 2, 3),
        ("recorded_share", "", "t-02", 0, 1),
        ("recorded_share", "", "t-03", 1, 1),
    ] == figures(tried(log, rule("lessons"), AFTER))
    assert [("teachers_taking_part", "", "", 2, 3)] == figures(tried(log, rule("teachers"), AFTER))


def test_lessons_yet_to_come_are_not_counted(log_of) -> None:
    audit = tried(log_of([*SCHOOL, *LESSONS, topic(20, 1, "t-01", "2024-09-02")]), rule("lessons"), "2024-09-03T09:30:00+05:00")

    assert [("recorded_share", "", "t-01", 1, 1)] == figures(audit)


@pytest.mark.parametrize(("least", "found"), [("66.6", []), ("66.7", ["t-01"])])
def test_a_teacher_below_the_threshold_is_insufficient(log_of, least: str, found: list[str]) -> None:
    """Two lessons of three are 66.66…%; nothing is rounded."""
    records = [topic(20, 1, "t-01"), topic(21, 2, "t-01"), topic(22, 4, "t-02"), topic(23, 5, "t-02")]
    log = log_of([*SCHOOL, *LESSONS, *records])

    assert [("violation", "insufficient", name, "teacher", None, "Q1", "2024-09-02") for name in found] == findings(
        log, rule("lessons", f"least: {least}").replace("homeroom_teacher", "teacher"), *FIELDS, as_of=AFTER
    )


# ---- families and students -----------------------------------------------------------------------------------------------------------

VIEWS = [
    event(30, "diary.viewed", "2024-09-10T20:00:00+05:00", "p-01", parent="p-01", student="s-01"),
    event(31, "session.opened", "2024-09-10T20:00:00+05:00", "p-02", account="p-02", role="parent"),
    event(32, "page.viewed", "2024-11-02T20:00:00+05:00", "p-03", person="p-03", page="diary"),
    event(33, "session.opened", "2024-09-10T20:00:00+05:00", "s-03", account="s-03", role="student"),
]


def test_families_are_counted_by_class_and_for_the_school(log_of) -> None:
    """One parent's view, page or session in the period is enough; a view after the period is none."""
    audit = tried(log_of([*SCHOOL, *LESSONS, *VIEWS]), rule("families"), "2024-11-05T00:00:00+05:00")

    assert [
        ("families_viewing", "", "", 2, 5),
        ("families_viewing", "1А", "", 0, 1),
        ("families_viewing", "7А", "", 2, 4),
    ] == figures(audit)


def test_families_on_paper_owe_no_viewing(log_of) -> None:
    """Who asked for paper, or refused consent, is in neither number; a consent after all brings the family back."""
    paper = [
        event(40, "optout.filed", "2024-09-03T10:00:00+05:00", student="s-01"),
        event(41, "consent.refused", "2024-09-03T10:00:00+05:00", student="s-03"),
        event(42, "optout.filed", "2024-09-03T10:00:00+05:00", student="s-04"),
        event(43, "consent.signed", "2024-09-09T10:00:00+05:00", student="s-04"),
    ]
    audit = tried(log_of([*SCHOOL, *LESSONS, *VIEWS, *paper]), rule("families", "where: {grades: [7]}"), AFTER)

    assert [("families_viewing", "", "", 1, 2), ("families_viewing", "7А", "", 1, 2)] == figures(audit)


def test_a_class_below_the_threshold_is_its_homeroom_teachers(log_of) -> None:
    """Half of the families where 60 % are wanted; the share of the whole school accuses nobody."""
    found = findings(log_of([*SCHOOL, *LESSONS, *VIEWS]), rule("families", "least: 60", "where: {grades: [7]}"), *FIELDS, as_of=AFTER)

    assert [("violation", "insufficient", "h-01", "homeroom_teacher", "7А", "Q1", "2024-09-02")] == found


def test_the_explanation_shows_the_share(log_of) -> None:
    log = log_of([*SCHOOL, *LESSONS, *VIEWS])
    ((explanation,),) = findings(log, rule("families", "least: 60", "where: {grades: [7]}"), "explanation", as_of=AFTER)

    assert "семей, которые смотрели дневник: 2 из 4 (50 %); нужно не меньше 60 %" in explanation


def test_sessions_of_the_staff_show_nothing_of_families(log_of) -> None:
    """A log in which no family was ever seen does not tell whether they look: the finished period of each class is undecidable."""
    staff = [event(30, "session.opened", "2024-09-10T20:00:00+05:00", "t-01", account="t-01", role="teacher")]
    audit = tried(log_of([*SCHOOL, *LESSONS, *staff]), rule("families", "least: 60"), AFTER)

    assert ([], {"tried": 2}, 0) == (audit.findings, audit.undecidable, len(audit.figures))


def test_a_teachers_own_session_is_no_parents(log_of) -> None:
    """A teacher whose child is at the school opens the journal as a teacher."""
    own = [
        event(50, "parent.linked", BEFORE, parent="t-09", student="s-04"),
        event(51, "session.opened", "2024-09-10T20:00:00+05:00", "t-09", account="t-09", role="teacher"),
    ]
    audit = tried(log_of([*SCHOOL, *LESSONS, *VIEWS, *own]), rule("families", "where: {grades: [7]}"), AFTER)

    assert ("families_viewing", "7А", "", 2, 4) in figures(audit)


def test_students_are_counted_by_their_own_sessions(log_of) -> None:
    audit = tried(log_of([*SCHOOL, *LESSONS, *VIEWS]), rule("students", "where: {grades: [7]}"), AFTER)

    assert [("students_viewing", "", "", 1, 4), ("students_viewing", "7А", "", 1, 4)] == figures(audit)


def test_without_declared_periods_there_are_figures_only(log_of) -> None:
    """The whole time from the first lesson on is one interval that is never over."""
    events = [item for item in [*SCHOOL, *LESSONS, *VIEWS] if item["type"] != "period.set"]
    audit = tried(log_of(events), rule("families", "least: 60", "where: {grades: [7]}"), AFTER)

    assert ([], 2) == (audit.findings, len(audit.figures))
    assert {"2024-09-02"} == set(audit.figures["date"])
