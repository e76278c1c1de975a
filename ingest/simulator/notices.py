"""Who is told what: failing students and truants, remarks and breaches; told in time, too late, or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from ingest.simulator.days import DAY, Days, Term
from ingest.simulator.households import parent_of
from ingest.simulator.injector import HOUR, Extra, Injector
from ingest.simulator.school import Lesson
from ingest.simulator.terms import midnight

MINUTE = timedelta(minutes=1)
Fate = Literal["kept", "late", "missing", "homeroom"]


@dataclass(frozen=True)
class Telling:
    """Clauses of a school's text on telling, "" where it is silent, and how many days there are for it."""

    parents: str = ""
    """A failing student's, or a truant's, parents by the homeroom teacher."""
    by_teacher: str = ""
    """Parents and homeroom teacher by the subject's teacher."""
    remarks: str = ""
    breaches: str = ""
    days: int = 7
    working: bool = False


TELLING = {
    "pestravka": Telling("3.2#6", "3.3#6", "4.3#c", "3.2#7b"),
    "sgo-school": Telling(breaches="4.homeroom#3b", days=5, working=True),
}
_FAILING = slice(1, 5)
"""Places in the class list of those of whom one may fail."""
_LONG = 4
"""Days of absence after which bad marks are another matter."""


@dataclass(frozen=True)
class Failure:
    """A student who has only twos in a subject in a quarter."""

    student: str
    class_: str
    subject: str
    term: Term
    fate: Fate


def failures(injector: Injector) -> list[Failure]:
    """Give who fails in what: a student of each of some classes, each in another quarter."""
    if injector.law.slug != "pestravka":
        return []
    fates: tuple[Fate, ...] = ("kept", "late", "missing", "homeroom")
    away = injector.school.away
    steady = {
        item.name: [who for who in item.students[_FAILING] if all((last - first).days < _LONG for first, last in away[who])]
        for item in injector.school.classes
    }
    classes = [item for item in injector.school.classes if item.grade > 1 and steady[item.name]]
    found = []
    for place, item in enumerate(classes):
        subjects = sorted({lesson.subject for lesson in injector.school.lessons if lesson.class_ == item.name and lesson.group is None})
        term = injector.school.days.quarters[place % 3]
        found.append(Failure(steady[item.name][-1], item.name, subjects[place % len(subjects)], term, fates[place % 4]))
    return found


def failing_marks(injector: Injector) -> None:
    """Give who fails nothing but twos in the subject and quarter."""
    for failure in failures(injector):
        for lesson in injector.school.lessons:
            inside = failure.term.starts <= lesson.day <= failure.term.ends
            if (lesson.class_, lesson.subject) == (failure.class_, failure.subject) and inside:
                for marks in (lesson.marks, lesson.work_marks):
                    if marks.get(failure.student, ("", None))[0] in set("345"):
                        marks[failure.student] = ("2", marks[failure.student][1])


def notices(injector: Injector) -> None:
    """Tell parents, homeroom teachers and the administration what they must know; leave some of it out."""
    law = TELLING.get(injector.law.slug)
    if law is None:
        return
    if law.parents:
        for failure in failures(injector):
            _failure(injector, law, failure)
        _truants(injector, law)
    if law.breaches:
        _breaches(injector, law)
    if law.remarks:
        _remarks(injector, law)


def _due(law: Telling, days: Days, day: date) -> datetime:
    last = days.after(day, law.days) if law.working else days.rolled(day + law.days * DAY)
    return midnight(last + DAY)


def _notice(injector: Injector, at: datetime, who: str, to: str, about: str, student: str) -> None:
    injector.add("notice.sent", at, who, to=to, about=about, student=student)


def _tell(
    injector: Injector, kind: str, clause: str, status: str, due: datetime, who: str, student: str, day: date, **more: object
) -> None:
    injector.tell(
        kind, clause, None, status, due=due, verdict="notice", responsible=who, students=[student], date=day.isoformat(), **more
    )  # fmt: skip


# ---- failing students --------------------------------------------------------------------------------------------------------------


def _failure(injector: Injector, law: Telling, failure: Failure) -> None:
    """The quarter's mean is known on its last day, the mark is entered a day later."""
    school, student, term = injector.school, failure.student, failure.term
    homeroom, parent = school.of(failure.class_).homeroom, parent_of(student)
    held = [x for x in school.lessons if (x.class_, x.subject, x.cancelled) == (failure.class_, failure.subject, False)]
    teacher = [lesson for lesson in held if term.starts <= lesson.day <= term.ends][-1].planned
    marked = term.ends + DAY
    by_mean, by_mark = _due(law, school.days, term.ends), _due(law, school.days, marked)
    of_subject: dict[str, object] = {"class_": failure.class_, "subject": failure.subject, "period": term.id}
    if failure.fate != "missing":
        at = by_mark + 10 * HOUR if failure.fate == "late" else by_mean - MINUTE
        _notice(injector, at, homeroom, parent, "failing", student)
    if failure.fate in ("kept", "late"):
        _notice(injector, by_mark - MINUTE, teacher, homeroom, "failing", student)
    if failure.fate in ("late", "missing"):
        _tell(injector, "failing.parents", law.parents, failure.fate, by_mean, homeroom, student, term.ends, period=term.id)
        _tell(injector, "failing.by_teacher", law.by_teacher, failure.fate, by_mark, teacher, student, marked, **of_subject)
    elif failure.fate == "homeroom":
        _tell(injector, "failing.homeroom", law.by_teacher, "missing", by_mark, teacher, student, marked, **of_subject)


# ---- truants -----------------------------------------------------------------------------------------------------------------------


def _truants(injector: Injector, law: Telling) -> None:
    """Absences without a good reason, by student and week; of some nobody is told, of some only the parents or the homeroom teacher."""
    weeks: dict[tuple[str, str, date], list[tuple[datetime, Lesson]]] = {}
    for lesson in injector.school.lessons:
        for student, (reason, at) in lesson.reasons.items():
            if reason == "НП" and not lesson.cancelled:
                monday = lesson.day - lesson.day.weekday() * DAY
                weeks.setdefault((student, lesson.class_, monday), []).append((at, lesson))
    often = Counter(student for student, _class, _monday in weeks)
    # A notice of a later absence would tell of an earlier one too.
    single = sorted(week for week in weeks if often[week[0]] == 1)
    chosen = injector.dice("truants").sample(single, min(len(single), 4 * max(1, injector.count // 2)))
    fates = {week: ("missing", "late", "homeroom", "parents")[place % 4] for place, week in enumerate(chosen)}
    for (student, class_, monday), cells in weeks.items():
        fate = fates.get((student, class_, monday), "kept")
        cells.sort(key=lambda cell: cell[0])
        entered, homeroom = cells[0][0].date(), injector.school.of(class_).homeroom
        due = _due(law, injector.school.days, entered)
        if fate in ("kept", "homeroom", "late"):
            at = due + 10 * HOUR if fate == "late" else due - MINUTE
            _notice(injector, at, homeroom, parent_of(student), "truancy", student)
        if fate in ("kept", "parents", "late"):
            at = due + 11 * HOUR if fate == "late" else midnight(entered) + 21 * HOUR
            _notice(injector, at, cells[-1][1].teacher, homeroom, "truancy", student)
        if fate in ("missing", "late", "parents"):
            status = "late" if fate == "late" else "missing"
            _tell(injector, "truancy.parents", law.parents, status, due, homeroom, student, entered, class_=class_)
        if fate in ("missing", "late", "homeroom"):
            _untold(injector, law, "late" if fate == "late" else "missing", student, cells)


def _untold(injector: Injector, law: Telling, status: str, student: str, cells: list[tuple[datetime, Lesson]]) -> None:
    """Every subject's teacher answers, from the day on which the first absence from the subject was given its reason."""
    seen: set[tuple[str, str | None]] = set()
    for at, lesson in cells:
        if (lesson.subject, lesson.group) not in seen:
            seen.add((lesson.subject, lesson.group))
            due = _due(law, injector.school.days, at.date())
            more: dict[str, object] = {"class_": lesson.class_, "subject": lesson.subject, "group": lesson.group}
            _tell(injector, "truancy.homeroom", law.by_teacher, status, due, lesson.teacher, student, at.date(), **more)


# ---- remarks -----------------------------------------------------------------------------------------------------------------------


def _breaches(injector: Injector, law: Telling) -> None:
    """Remarks of homeroom teachers to teachers of their classes; the deputy director learns of them, or not."""
    lessons = injector.pick(lambda lesson: not lesson.cancelled, 3 * max(1, injector.count // 4), injector.dice("breaches"))
    # A notice names class and teacher: it tells of every remark of the same homeroom teacher to the same teacher.
    apart = {(lesson.class_, lesson.teacher): lesson for lesson in lessons}
    for place, lesson in enumerate(apart.values()):
        status = ("kept", "late", "missing")[place % 3]
        homeroom, name = injector.school.of(lesson.class_).homeroom, f"RH-{lesson.id}"
        issued = datetime.combine(injector.school.days.rolled(lesson.day), datetime.min.time()) + 16 * HOUR
        due = _due(law, injector.school.days, issued.date())
        injector.add("remark.issued", issued, homeroom, remark=name, to=lesson.teacher, lesson=lesson.id)
        if status != "missing":
            at = due - MINUTE if status == "kept" else due + 10 * HOUR
            injector.add("notice.sent", at, homeroom, to="d-01", about="breach", class_=lesson.class_, person=lesson.teacher)
        if status != "kept":
            injector.tell(
                f"breach.{status}", law.breaches, None, status, due=due, verdict="notice", responsible=homeroom, object=name,
                date=issued.date().isoformat(),
            )  # fmt: skip


def _remarks(injector: Injector, law: Telling) -> None:
    """Whoever gets a remark is told of it at once, save a few; another notice to the same teacher tells as well."""
    issued = sorted((item for item in injector.extra if item.type == "remark.issued"), key=lambda item: (item.at, str(item.data)))
    silent = set(map(id, issued[:: max(2, len(issued) // injector.count)]))
    told: dict[object, list[datetime]] = {}
    for item in injector.extra:
        if item.type == "notice.sent" and item.data["about"] in ("remark", "results", "breach"):
            told.setdefault(item.data["to"], []).append(item.at)
    for item in issued:
        if id(item) not in silent:
            at = item.at + 10 * MINUTE
            injector.add("notice.sent", at, item.actor, to=item.data["to"], about="remark")
            told.setdefault(item.data["to"], []).append(at)
    for item in issued:
        _judge_remark(injector, law, item, sorted(told.get(item.data["to"], [])))


def _judge_remark(injector: Injector, law: Telling, item: Extra, told: list[datetime]) -> None:
    due = _due(law, injector.school.days, item.at.date())
    first = next((at for at in told if at >= item.at), None)
    if first is None or first >= due:
        injector.tell(
            "remark.told", law.remarks, None, "missing" if first is None else "late", due=due, verdict="notice", responsible=item.actor,
            object=item.data["remark"], date=item.at.date().isoformat(),
        )  # fmt: skip
