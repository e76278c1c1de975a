"""The timetable of a simulated year: lessons, substitutions and moves that are entered too late, and groups that are filled too late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import DAY
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Lesson
from ingest.simulator.terms import midnight

_MINUTE = timedelta(minutes=1)
_STAYERS = (2, 3, 4, 5)
"""Places in the class list of students who neither come nor go."""


@dataclass(frozen=True)
class TableLaw:
    """Clauses of a school's text on its timetable, "" where it is silent, and who answers."""

    entered: str = ""
    changed: str = ""
    by: str = ""
    moves: bool = False
    grouped: str = ""
    grouped_by: str = ""
    """"" the class's homeroom teacher."""


_LAWS: Mapping[str, TableLaw] = {
    "lyceum-68": TableLaw(entered="3.7.3#a", changed="3.7.3#b", by="d-01"),
    "pestravka": TableLaw(entered="1.11#5", changed="1.11#6", by="a-01", moves=True, grouped="3.2#2"),
    "sgo-school": TableLaw(entered="3.5.1", by="st-01", grouped="4.study_operator#2", grouped_by="st-01"),
}


def timetable(injector: Injector) -> None:
    """Enter some lessons after their beginning, some changes after their day, and put some students into groups after the first lesson."""
    law, random = _LAWS.get(injector.law.slug, TableLaw()), injector.dice("timetable")
    if law.entered:
        _entered(injector, law, random)
    if law.changed:
        _unregistered(injector, law, random)
        _changed(injector, law, random)
    if law.grouped:
        _grouped(injector, law, random)


def _entered(injector: Injector, law: TableLaw, random: Random) -> None:
    works = {
        (lesson.class_, lesson.subject, lesson.group, day) for lesson in injector.school.lessons if lesson.work for day in _week(lesson)
    }

    def calm(lesson: Lesson) -> bool:
        """No other lesson's term hangs on when this one begins."""
        last = lesson.end == injector.ends[lesson.class_, lesson.day, lesson.group]
        return not last and (lesson.class_, lesson.subject, lesson.group, lesson.day) not in works

    for place, lesson in enumerate(injector.pick(calm, injector.count + 1, random)):
        lesson.entered_at = lesson.start + (_MINUTE if place else -_MINUTE)
        if place:
            injector.tell("timetable.late", law.entered, lesson, "late", due=lesson.start, verdict="notice", responsible=law.by)


def _week(lesson: Lesson) -> list[date]:
    return [lesson.day + timedelta(days=n) for n in range(1, 15)]


def _changed(injector: Injector, law: TableLaw, random: Random) -> None:
    away = {leave.teacher: leave for leave in injector.school.leaves}

    def single(lesson: Lesson) -> bool:
        leave = away.get(lesson.planned)
        return lesson.teacher != lesson.planned and not lesson.unregistered and not (leave and leave.first <= lesson.day <= leave.last)

    chosen = injector.pick(single, injector.count + 1, random)
    moved = [lesson for lesson in injector.school.lessons if lesson.moved_from is not None and not lesson.cancelled] if law.moves else []
    for place, lesson in enumerate(chosen + random.sample(moved, min(len(moved), injector.count // 2))):
        due = midnight(lesson.day + DAY)
        lesson.changed_at = due + 9 * HOUR if place else due - _MINUTE
        if place:
            kind = "moved" if lesson.moved_from else "substituted"
            injector.tell(f"timetable.{kind}", law.changed, lesson, "late", due=due, verdict="notice", responsible=law.by)


def _unregistered(injector: Injector, law: TableLaw, random: Random) -> None:
    """A teacher is away for a day; of the lessons one is held by the other group's teacher, and nobody enters that."""
    teachers: dict[tuple[str, str], set[str]] = {}
    of_day: dict[tuple[str, date], list[Lesson]] = {}
    for lesson in injector.school.lessons:
        if not lesson.cancelled:
            teachers.setdefault((lesson.class_, lesson.subject), set()).add(lesson.planned)
            of_day.setdefault((lesson.teacher, lesson.day), []).append(lesson)
    start = injector.school.days.quarters[0].starts + 10 * DAY
    found = [
        (teacher, day)
        for (teacher, day), held in of_day.items()
        if day > start
        and not any(lesson.used or lesson.teacher != lesson.planned for lesson in held)
        and any(teachers[lesson.class_, lesson.subject] - {teacher} for lesson in held)
    ]
    for teacher, day in random.sample(found, min(len(found), max(1, injector.count // 3))):
        held = of_day[teacher, day]
        if any(lesson.used for lesson in held):
            continue
        shared = next(lesson for lesson in held if teachers[lesson.class_, lesson.subject] - {teacher})
        injector.add("absence.registered", midnight(day) + 7 * HOUR, "sec-01", person=teacher, from_=day.isoformat(), to=day.isoformat())
        for lesson in held:
            lesson.used = True
            lesson.teacher = min(teachers[shared.class_, shared.subject] - {teacher})
        shared.unregistered = True
        injector.tell(
            "timetable.unregistered", law.changed, shared, "missing", due=midnight(day + DAY), verdict="review", responsible=law.by
        )


def _grouped(injector: Injector, law: TableLaw, random: Random) -> None:
    lines = sorted({(lesson.class_, lesson.subject) for lesson in injector.school.lessons if lesson.group is not None})
    chosen = random.sample(lines, min(len(lines) // 2, injector.count))
    for place, (class_, subject) in enumerate(chosen):
        item = injector.school.of(class_)
        start = min(
            lesson.start
            for lesson in injector.school.lessons
            if (lesson.class_, lesson.subject) == (class_, subject) and lesson.group is not None and not lesson.cancelled
        )
        students = [item.students[at] for at in _STAYERS[:2]]
        for student in students:
            injector.school.grouped_at[student, class_, subject] = start + (_MINUTE if place else -_MINUTE)
        if place:
            injector.tell(
                "groups.late", law.grouped, None, "late", due=start, verdict="notice", responsible=law.grouped_by or item.homeroom,
                class_=class_, subject=subject, students=students, date=start.date().isoformat(),
            )  # fmt: skip
