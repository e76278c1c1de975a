"""What each simulated school's own text allows, as small plain arithmetic for the injector; nothing here is shared with the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.school import Lesson, School

LANGUAGE = ("Русский язык", "Литература")
PLAIN_WORKS = ("control", "independent", "test", "check")
WORKS = {
    "Русский язык": ("dictation", "exposition", "essay", "control"),
    "Литература": ("essay", "test"),
    "Алгебра": PLAIN_WORKS,
    "Математика": PLAIN_WORKS,
    "Физика": ("lab", "control"),
    "Химия": ("lab", "practical", "control"),
    "Биология": ("lab", "test"),
    "История": ("test", "check"),
    "География": ("practical", "test"),
}
BRIEFED = ("Химия", "Физика", "Технология", "Информатика")


@dataclass(frozen=True)
class Law:
    """The norms of one school that the simulator keeps and breaks: clause ids by kind, "" where the text is silent."""

    slug: str
    country: str
    offset: str
    bare: str
    topic: str = ""
    homework: str = ""
    homework_missing: str = ""
    attendance: str = ""
    lesson_marks: str = ""
    reasons: str = ""
    reasons_verdict: str = "violation"
    remarks: str = ""
    grade_1_marks: str = ""
    grade_1_homework: str = ""
    period_marks: str = ""
    period_early: str = ""
    own_days: tuple[str, ...] = ()
    """Regional days off: month-day of every year, or one date."""


LAWS = {
    law.slug: law
    for law in (
        Law(
            "lyceum-68", "RU", "+05:00", "Н", topic="5.1#a", homework="5.2", attendance="5.1#b", lesson_marks="5.3", reasons="3.5.3",
            reasons_verdict="notice", remarks="3.6.7", period_marks="3.6.5#a", period_early="3.6.5#a",
            own_days=("10-11", "2024-04-10", "2025-06-06"),
        ),
        Law(
            "rainbow", "KG", "+06:00", "Н", topic="3.2.1#a", homework="3.2.1#c", homework_missing="violation", attendance="3.2.1#d",
            lesson_marks="3.2.3#a", reasons="3.3.2", grade_1_marks="2.8#a", grade_1_homework="2.8#b", period_marks="3.2.4",
        ),
        Law(
            "school-7", "RU", "+05:00", "Н", homework="3.5.3#a", lesson_marks="3.5.2", reasons="3.4.7", grade_1_marks="1.3#a",
            grade_1_homework="1.3#b",
        ),
        Law(
            "sgo-school", "RU", "+05:00", "ОТ", topic="5.2.teachers#1", homework="5.2.teachers#1", attendance="5.2.teachers#1",
            lesson_marks="5.2.teachers#1", reasons="4.homeroom#2", period_marks="5.2.teachers#4",
        ),
        Law(
            "pestravka", "RU", "+04:00", "ОТ", topic="2.7#a", homework="2.8#b", homework_missing="review", attendance="2.7#b",
            lesson_marks="3.3#4", reasons="3.2#5a", remarks="3.3#16", grade_1_marks="2.6#a", grade_1_homework="2.6#b", period_marks="5.3",
            period_early="2.10",
        ),
    )
}  # fmt: skip


def office(slug: str) -> dict[str, list[str]]:
    """Give the people of a school who do not teach, with their roles."""
    own = {
        "sgo-school": {"sec-01": ["secretary", "student_operator"], "hr-01": ["hr_operator"], "st-01": ["study_operator"]},
        "school-7": {"a-02": ["backup_administrator"]},
        "rainbow": {"ts-01": ["technical_specialist"]},
    }
    common = {"a-01": ["administrator"], "d-01": ["deputy_director"], "dir-01": ["director"], "sec-01": ["secretary"]}
    return common | own.get(slug, {})


def midnight(day: date) -> datetime:
    """Give 00:00 of a day."""
    return datetime.combine(day, time())


def next_lessons(school: School) -> dict[str, list[datetime]]:
    """Give for each lesson id the starts of the later-date lessons of its class, subject and group (the first of each day), in order."""
    lines: dict[tuple[str, str, str | None], dict[date, datetime]] = {}
    for lesson in school.lessons:
        if not lesson.cancelled:
            line = lines.setdefault((lesson.class_, lesson.subject, lesson.group), {})
            line[lesson.day] = min(line.get(lesson.day, lesson.start), lesson.start)
    found = {}
    for lesson in school.lessons:
        starts = lines.get((lesson.class_, lesson.subject, lesson.group), {})
        found[lesson.id] = [start for day, start in starts.items() if day > lesson.day][:2]
    return found


@dataclass(frozen=True)
class WorkTerm:
    """Until when a lesson's work is marked: by which clause, the first instant that is too late, what a breach is."""

    clause: str
    due: datetime
    verdict: str = "violation"


def work_term(slug: str, lesson: Lesson, school: School, following: list[datetime]) -> WorkTerm | None:
    """Give the term for the marks of a lesson's work, None where the text has none."""
    kind, day, days = lesson.kind or "", lesson.day, school.days
    if slug == "lyceum-68":
        language = lesson.subject in LANGUAGE
        return WorkTerm("5.4#a" if language else "5.4#b", midnight(days.after(day, 10 if language else 5) + DAY))
    if slug == "rainbow":
        if kind in ("exposition", "essay"):
            return WorkTerm("3.2.3#d", midnight(days.rolled(day + timedelta(days=10)) + DAY))
        if kind in ("test", "independent", "check"):
            return WorkTerm("3.2.3#b", midnight(following[1].date() + DAY)) if len(following) > 1 else None
        if kind in ("lab", "control", "dictation"):
            return WorkTerm("3.2.3#c", following[0]) if following else None
    return _pestravka(lesson, school, following) if slug == "pestravka" else None


def _pestravka(lesson: Lesson, school: School, following: list[datetime]) -> WorkTerm | None:
    kind, grade, day, days = lesson.kind or "", lesson.grade, lesson.day, school.days
    senior = grade >= 10
    if kind in ("control", "dictation") and not senior:
        return WorkTerm("3.3#9a", following[0]) if following else None
    if kind in ("lab", "practical", "control", "dictation"):
        ends = next(term.ends for term in days.quarters if term.starts <= day <= term.ends)
        return WorkTerm("3.3#8", midnight(ends + DAY), "notice")
    terms = {"3.3#9b": (range(2, 5), 2), "3.3#9c": (range(5, 10), 7), "3.3#9d": (range(10, 12), 10)}
    for clause, (grades, n) in terms.items():
        if grade in grades and kind in ("essay", "exposition"):
            due = midnight(days.rolled(day + timedelta(days=n)) + DAY)
            return WorkTerm(clause, due, "review" if senior and kind == "exposition" else "violation")
    return None
