"""Period marks, exams and certificates of a simulated year, kept and broken."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from ingest.simulator.breaches import lines_of
from ingest.simulator.days import DAY, Term
from ingest.simulator.injector import HOUR, Extra, Injector
from ingest.simulator.school import School
from ingest.simulator.terms import midnight

_OPEN_DAYS = 7
Line = tuple[str, str, str | None]
Given = dict[tuple[str, str, str], list[int]]


def period_marks(injector: Injector) -> None:
    """Enter the marks of every quarter and of the year, and break some lines of the quarters where the text has a term."""
    school, law, random = injector.school, injector.law, injector.random
    taught: dict[tuple[str, str, str | None, str], str] = {}
    terms = [*school.days.quarters, school.days.whole]
    for lesson in school.lessons:
        if not lesson.cancelled:
            for term in terms:
                if term.starts <= lesson.day <= term.ends:
                    taught[lesson.class_, lesson.subject, lesson.group, term.id] = lesson.planned
    cells = [(line, term) for line in lines_of(school) for term in terms if (*line, term.id) in taught and school.of(line[0]).grade > 1]
    quarters = [cell for cell in cells if cell[1].kind == "quarter"]
    kinds = ["late", "missing", "early"] if law.period_marks else []
    if law.slug == "rainbow":
        kinds = ["late", "missing"]
    chosen = random.sample(range(len(quarters)), min(len(quarters), injector.count * len(kinds)))
    broken = {quarters[place]: kinds[n % len(kinds)] for n, place in enumerate(chosen)}
    given = _marks_given(school, terms)
    for line, term in cells:
        _enter(injector, line, term, taught[(*line, term.id)], broken.get((line, term)), given)


def _marks_given(school: School, terms: list[Term]) -> Given:
    """The plain marks of every student, subject and term: their sum and number."""
    given: Given = defaultdict(lambda: [0, 0])
    for lesson in school.lessons:
        inside = [term.id for term in terms if term.starts <= lesson.day <= term.ends]
        for student, (value, _at) in (*lesson.marks.items(), *lesson.work_marks.items()):
            figures = value if set(value) <= set("12345") else ""
            for term in inside:
                cell = given[student, lesson.subject, term]
                cell[0], cell[1] = cell[0] + sum(map(int, figures)), cell[1] + len(figures)
    return given


def _justified(given: Given, student: str, subject: str, term: str) -> str:
    """The mark nearest to the mean of the student's marks; who has none is not attested."""
    total, count = given[student, subject, term]
    return str((2 * total + count) // (2 * count)) if count else "н/а"


def _enter(injector: Injector, line: Line, term: Term, teacher: str, breach: str | None, given: Given) -> None:
    school, law = injector.school, injector.law
    class_, subject, group = line
    students = school.members(class_, group, term.ends)
    own = [s for s in students if s not in injector.home]
    if len(own) < 3:
        return
    usual, due, opens = _terms(law.slug, term.ends)
    concerned: list[str] = []
    for student in students:
        at: datetime | None = usual
        if breach and student in own[:2]:
            concerned.append(student)
            at = {"late": due + 10 * HOUR, "early": opens - 12 * HOUR, "missing": None if student == own[0] else due + 10 * HOUR}[breach]
        if at is not None:
            data: dict[str, object] = {
                "class": class_,
                "subject": subject,
                "student": student,
                "period": term.id,
                "value": _justified(given, student, subject, term.id),
            }
            injector.extra.append(Extra("period_mark.recorded", at, teacher, data))
    if breach:
        early = breach == "early"
        injector.truth.append(
            {
                "school": law.slug, "kind": f"period_marks.{breach}", "clause": law.period_early if early else law.period_marks,
                "verdict": "notice" if early else "violation", "status": breach, "responsible": teacher, "class": class_, "group": group,
                "subject": subject, "period": term.id, "students": concerned, "due_at": (opens if early else due).isoformat() + law.offset,
            }
        )  # fmt: skip


def _terms(slug: str, ends: date) -> tuple[datetime, datetime, datetime]:
    """When teachers usually enter, the first instant that is too late, and the first allowed one."""
    evening = datetime.combine(ends, time(16))
    if slug == "pestravka":
        return evening + DAY, midnight(ends + 2 * DAY), midnight(ends + DAY)
    return evening, midnight(ends + DAY), midnight(ends - (_OPEN_DAYS - 1) * DAY)


def graduation(injector: Injector) -> None:
    """Exams and certificate marks of grade 9 (lyceum-68 5.5 and 5.6): three working days each."""
    school, law = injector.school, injector.law
    nines = [item for item in school.classes if item.grade == 9]
    if law.slug != "lyceum-68" or not nines:
        return
    days = school.days
    announced = date(days.year + 1, 6, 18)
    while not days.works(announced):
        announced += DAY
    last = days.after(announced, 3)
    for item in nines:
        students = school.members(item.name, None, announced)
        for place, subject in enumerate(("Алгебра", "Русский язык")):
            teacher = next(x.planned for x in reversed(school.lessons) if (x.class_, x.subject) == (item.name, subject) and not x.cancelled)
            exam = f"GIA9-{item.name}-{place}"
            data: dict[str, object] = {"exam": exam, "subject": subject, "date": announced.isoformat(), "grade": 9, "students": students}
            injector.extra.append(Extra("exam.announced", datetime.combine(announced, time(12)), "d-01", data))
            late = place == 0
            for n, student in enumerate(students):
                at = midnight(last + DAY) + 9 * HOUR if late and n == 0 else datetime.combine(last, time(15))
                injector.extra.append(Extra("exam_mark.recorded", at, teacher, {"exam": exam, "student": student, "value": "4"}))
            if late:
                injector.truth.append(
                    _about(injector, "exam_marks.late", "5.5", teacher, item.name, subject, students[:1], last, object=exam)
                )
            _certificates(injector, item.name, subject, teacher, students, last, broken=place == 1)


def _certificates(injector: Injector, class_: str, subject: str, teacher: str, students: list[str], entered: date, *, broken: bool) -> None:
    days = injector.school.days
    for n, student in enumerate(students):
        # The first student's algebra result came one day later than everybody's: the term runs from there.
        last = days.after(entered + timedelta(days=1) if n == 0 else entered, 3)
        at = midnight(last + DAY) + 9 * HOUR if broken and n == 1 else datetime.combine(last, time(15))
        data: dict[str, object] = {"class": class_, "subject": subject, "student": student, "value": "4"}
        injector.extra.append(Extra("final_mark.recorded", at, teacher, data))
    if broken:
        due = days.after(entered, 3)
        injector.truth.append(_about(injector, "final_marks.late", "5.6", teacher, class_, subject, students[1:2], due))


def _about(
    injector: Injector, kind: str, clause: str, teacher: str, class_: str, subject: str, students: list[str], last: date, **more: object
) -> dict[str, object]:
    about: dict[str, object] = {
        "school": injector.law.slug, "kind": kind, "clause": clause, "verdict": "violation", "status": "late", "responsible": teacher,
        "class": class_, "subject": subject, "students": students, "due_at": midnight(last + DAY).isoformat() + injector.law.offset,
    }  # fmt: skip
    return about | more
