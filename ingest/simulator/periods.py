"""Period marks, exams and certificates of a simulated year, kept and broken."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time

from ingest.simulator.breaches import lines_of
from ingest.simulator.days import DAY, Days, Term
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.terms import midnight

_OPEN_DAYS, _WORKING_DAYS = 7, 5
_UNJUSTIFIED = {"pestravka": "2.11"}
"""By school: the clause on marks that the marks of the period must justify."""
Line = tuple[str, str, str | None]
Given = dict[tuple[str, str, str], list[int]]
Cell = tuple[Line, Term]


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
    # Where there are days for it, marks of the last quarter may come after the year is closed: that is another breach.
    last = school.days.quarters[-1] if law.slug == "sgo-school" else None
    quarters = [cell for cell in cells if cell[1].kind == "quarter" and cell[1] != last]
    kinds = [*(("late", "missing") if law.period_marks else ()), *(("early",) if law.period_early else ()), *_unjustified(law.slug)]
    chosen = random.sample(range(len(quarters)), min(len(quarters), injector.count * len(kinds)))
    broken = {quarters[place]: kinds[n % len(kinds)] for n, place in enumerate(chosen)}
    given = _marks_given(injector, terms)
    _home_schooled(injector, [cell for cell in cells if cell not in broken], broken)
    for line, term in cells:
        _enter(injector, line, term, taught[(*line, term.id)], broken.get((line, term)), given)


def _home_schooled(injector: Injector, cells: list[Cell], broken: dict[Cell, str]) -> None:
    """Of who is taught at home one mark for a period comes late, another never: a person decides on that."""
    for student, since in injector.home.items():
        where = next(item for item in injector.school.classes if student in item.students)
        own = [
            (line, term)
            for line, term in cells
            if line[0] == where.name and student in where.group(line[2]) and term.kind == "quarter" and term.starts > since
        ]
        broken |= dict(zip(injector.random.sample(own, 2), ("late at home", "missing at home"), strict=True))


def _marks_given(injector: Injector, terms: list[Term]) -> Given:
    """The plain marks of every student, subject and term, as they stand after corrections: their sum and number."""
    given: Given = defaultdict(lambda: [0, 0])
    changed = {
        (item.data["lesson"], item.data["student"]): str(item.data["value"]) for item in injector.extra if item.type == "mark.changed"
    }
    for lesson in injector.school.lessons:
        inside = [term.id for term in terms if term.starts <= lesson.day <= term.ends]
        for student, (value, _at) in (*lesson.marks.items(), *lesson.work_marks.items()):
            last = changed.get((lesson.id, student), value)
            figures = last if set(last) <= set("12345") else ""
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
    students = school.members(class_, group, term.ends, subject)
    own = [s for s in students if s not in injector.home]
    if len(own) < 3:
        return
    usual, due, opens = _terms(law.slug, term.ends, school.days)
    known = [s for s in own if s not in school.moves and s != school.sanatorium[0]]
    plain = [s for s in known if _justified(given, s, subject, term.id) in ("3", "4")]
    at_home = [s for s in students if s in injector.home]
    concerned = plain[:1] if breach == "unjustified" else own[:2] if breach else []
    if breach in ("late at home", "missing at home"):
        concerned = at_home
    moments = {
        "late at home": due + 10 * HOUR,
        "late": due + 10 * HOUR, "early": opens - 12 * HOUR, "missing": due + 10 * HOUR, "unjustified": usual, None: usual,
    }  # fmt: skip
    for student in students:
        if (breach == "missing" and student == own[0]) or (breach == "missing at home" and student in at_home):
            continue
        value = "5" if breach == "unjustified" and student in concerned else _justified(given, student, subject, term.id)
        at = moments[breach] if student in concerned else usual
        injector.add("period_mark.recorded", at, teacher, class_=class_, subject=subject, student=student, period=term.id, value=value)
    if breach and concerned:
        _tell(injector, breach, line, term, teacher, concerned)


def _tell(injector: Injector, breach: str, line: Line, term: Term, teacher: str, students: list[str]) -> None:
    law = injector.law
    _usual, due, opens = _terms(law.slug, term.ends, injector.school.days)
    clause, status, verdict, limit = {
        "early": (law.period_early, "early", "notice", opens),
        "unjustified": (_UNJUSTIFIED.get(law.slug, ""), "mismatch", "review", None),
        "late at home": ("2.13#b", "late", "violation", due),
        "missing at home": ("2.13#b", "missing", "review", due),
    }.get(breach, (law.period_marks, breach, "notice" if law.slug == "sgo-school" else "violation", due))
    injector.tell(
        f"period_marks.{breach}", clause, None, status, due=limit, verdict=verdict, responsible=teacher, class_=line[0], subject=line[1],
        group=line[2], period=term.id, students=students,
    )  # fmt: skip


def _unjustified(slug: str) -> tuple[str, ...]:
    return ("unjustified",) if slug in _UNJUSTIFIED else ()


def _terms(slug: str, ends: date, days: Days) -> tuple[datetime, datetime, datetime]:
    """When teachers usually enter, the first instant that is too late, and the first allowed one."""
    evening = datetime.combine(ends, time(16))
    if slug == "pestravka":
        return evening + DAY, midnight(ends + 2 * DAY), midnight(ends + DAY)
    if slug == "sgo-school":
        return evening, midnight(days.after(ends, _WORKING_DAYS) + DAY), midnight(ends)
    return evening, midnight(ends + DAY), midnight(ends - (_OPEN_DAYS - 1) * DAY)


@dataclass(frozen=True)
class Exams:
    """Until when results of exams, and the certificate marks after them, are entered: clauses, and so many working days or a date."""

    results: str
    certificates: str
    verdict: str = "violation"
    days: int = 0
    month_day: tuple[int, int] = (0, 0)

    def last(self, day: date, days: Days) -> date:
        """Give the last day of the term that runs from `day`."""
        return days.after(day, self.days) if self.days else date(days.year + 1, *self.month_day)


_EXAMS = {
    "lyceum-68": Exams("5.5", "5.6", days=3),
    "pestravka": Exams("1.11#3", "1.11#3", "notice", month_day=(8, 25)),
    "sgo-school": Exams("5.2.teachers#5", "5.2.teachers#5", "notice", days=5),
}


def graduation(injector: Injector) -> None:
    """Enter the exams and certificate marks of grade 9: of each class one result late, and one certificate mark of another student."""
    school, law = injector.school, _EXAMS.get(injector.law.slug)
    announced = school.days.rolled(date(school.days.year + 1, 6, 18))
    for item in school.classes if law is not None else ():
        if item.grade == 9 and law is not None:
            students = school.members(item.name, None, announced)
            for place, subject in enumerate(("Алгебра", "Русский язык")):
                held = [x for x in school.lessons if (x.class_, x.subject, x.cancelled) == (item.name, subject, False)]
                _exam(injector, law, (item.name, subject, held[-1].planned), students, announced, late=place == 0)


def _exam(injector: Injector, law: Exams, line: Line, students: list[str], announced: date, *, late: bool) -> None:
    class_, subject, teacher = line
    exam, last = f"GIA9-{class_}-{0 if late else 1}", law.last(announced, injector.school.days)
    injector.add(
        "exam.announced", datetime.combine(announced, time(12)), "d-01", exam=exam, subject=subject, date=announced.isoformat(), grade=9,
        students=students,
    )  # fmt: skip
    for n, student in enumerate(students):
        at = midnight(last + DAY) + 9 * HOUR if late and n == 0 else datetime.combine(last, time(15))
        injector.add("exam_mark.recorded", at, str(teacher), exam=exam, student=student, value="4")
    if late:
        _tell_exam(injector, "exam_marks.late", law.results, law, line, students[:1], last, object=exam)
    _certificates(injector, law, line, students, last, broken=not late)


def _certificates(injector: Injector, law: Exams, line: Line, students: list[str], entered: date, *, broken: bool) -> None:
    class_, subject, teacher = line
    days = injector.school.days
    for n, student in enumerate(students):
        # The first student's algebra result came one day later than everybody's: the term runs from there.
        last = law.last(entered + DAY if n == 0 else entered, days)
        at = midnight(last + DAY) + 9 * HOUR if broken and n == 1 else datetime.combine(last, time(15))
        injector.add("final_mark.recorded", at, str(teacher), class_=class_, subject=subject, student=student, value="4")
    if broken:
        _tell_exam(injector, "final_marks.late", law.certificates, law, line, students[1:2], law.last(entered, days))


def _tell_exam(injector: Injector, kind: str, clause: str, law: Exams, line: Line, students: list[str], last: date, **more: object) -> None:
    injector.tell(
        kind, clause, None, "late", due=midnight(last + DAY), verdict=law.verdict, responsible=line[2], class_=line[0], subject=line[1],
        students=students, **more,
    )  # fmt: skip
