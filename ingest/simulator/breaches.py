"""Breaches of lesson records: each changes what was to be entered, at a lesson of its own, and says which finding must follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import partial

from ingest.simulator.days import DAY
from ingest.simulator.injector import HOUR, Extra, Injector
from ingest.simulator.school import Lesson, School
from ingest.simulator.terms import WorkTerm, midnight, work_term


def lesson_breaches(injector: Injector) -> None:
    """Inject every kind of breach in lessons that this school's text knows."""
    _records(injector)
    _marks(injector)
    _works(injector)
    _windows(injector)
    _codes(injector)
    _bans(injector)
    _reasons(injector)
    _remarks(injector)


# ---- lesson records ------------------------------------------------------------------------------------------------------------------


def plain_topic(lesson: Lesson) -> bool:
    """Tell whether the topic of a lesson names neither a work nor a briefing."""
    return lesson.work is None and "инструктаж" not in lesson.topic.lower()


def _records(injector: Injector) -> None:
    if injector.law.topic:
        substituted = injector.pick(lambda lesson: plain_topic(lesson) and lesson.teacher != lesson.planned, 1)
        for lesson in (*substituted, *injector.pick(plain_topic)):
            lesson.topic_at = midnight(lesson.day + DAY) + 9 * HOUR
            injector.tell("topic.late", injector.law.topic, lesson, "late", due=midnight(lesson.day + DAY))
        for lesson in injector.pick(plain_topic):
            lesson.topic_at = None
            injector.tell("topic.missing", injector.law.topic, lesson, "missing", due=midnight(lesson.day + DAY))
    for place, lesson in enumerate(injector.pick(lambda lesson: lesson.homework_at is not None)):
        due, at = _homework_term(injector, lesson), midnight(lesson.day + DAY) + 8 * HOUR
        if injector.law.slug == "pestravka" and place % 2:
            at = due + timedelta(minutes=1 + injector.random.randrange(90))
        lesson.homework_at = at
        injector.tell("homework.late", injector.law.homework, lesson, "late", due=due)
    if injector.law.homework_missing:
        for lesson in injector.pick(lambda lesson: lesson.homework_at is not None):
            lesson.homework_at = None
            due = _homework_term(injector, lesson)
            injector.tell("homework.missing", injector.law.homework, lesson, "missing", due=due, verdict=injector.law.homework_missing)
    if injector.law.attendance:
        first = injector.pick(lambda lesson: not lesson.absent and lesson.grade == 1, 1)
        for lesson in (*first, *injector.pick(lambda lesson: not lesson.absent)):
            lesson.roll_at = midnight(lesson.day + DAY) + 8 * HOUR
            injector.tell("attendance.late", injector.law.attendance, lesson, "late", due=midnight(lesson.day + DAY))
        for lesson in injector.pick(lambda lesson: not lesson.absent):
            lesson.roll_at = None
            injector.tell("attendance.missing", injector.law.attendance, lesson, "missing", due=midnight(lesson.day + DAY))


def _homework_term(injector: Injector, lesson: Lesson) -> datetime:
    if injector.law.slug != "pestravka":
        return midnight(lesson.day + DAY)
    return injector.ends[lesson.class_, lesson.day, lesson.group] + HOUR


def _marks(injector: Injector) -> None:
    for lesson in injector.pick(lambda lesson: len(lesson.marks) > 2):
        late = sorted(lesson.marks)[:2]
        for student in late:
            lesson.marks[student] = (lesson.marks[student][0], midnight(lesson.day + DAY) + 9 * HOUR)
        injector.tell("lesson_marks.late", injector.law.lesson_marks, lesson, "late", due=midnight(lesson.day + DAY), students=late)


def _works(injector: Injector) -> None:
    slug = injector.law.slug
    if slug == "school-7":
        for lesson in injector.pick(lambda lesson: lesson.work is not None):
            late = _delay(lesson, midnight(lesson.day + 3 * DAY))
            due = midnight(lesson.day + DAY)
            injector.tell("work_marks.same_day", "3.5.2", lesson, "late", due=due, verdict="review", work=lesson.work, students=late)
        return
    for status in ("late", "missing"):
        found = [term for lesson in injector.school.lessons if lesson.work and (term := _term(injector, lesson))]
        for clause, verdict in sorted({(term.clause, term.verdict) for term in found}):
            under = partial(_under, injector, clause, verdict)
            senior = injector.pick(lambda lesson, under=under: lesson.grade >= 10 and lesson.kind == "control" and under(lesson), 1)  # type: ignore[misc]
            for lesson in (*senior, *injector.pick(under)):
                due = _due(injector, lesson)
                late = _delay(lesson, due + 3 * HOUR)
                if status == "missing":
                    del lesson.work_marks[late[0]]
                injector.tell(f"work_marks.{status}", clause, lesson, status, due=due, verdict=verdict, work=lesson.work, students=late)
    if slug == "lyceum-68":
        in_between = lambda lesson: lesson.work is not None and lesson.subject == "Русский язык"  # noqa: E731  -- read with its use
        for lesson in injector.pick(in_between):
            week = midnight(injector.school.days.rolled(lesson.day + 7 * DAY) + DAY)
            late = _delay(lesson, week + 10 * HOUR)
            injector.tell("work_marks.week", "3.6.4", lesson, "late", due=week, verdict="notice", work=lesson.work, students=late)


def _under(injector: Injector, clause: str, verdict: str, lesson: Lesson) -> bool:
    term = _term(injector, lesson) if lesson.work is not None else None
    return term is not None and (term.clause, term.verdict) == (clause, verdict)


def _term(injector: Injector, lesson: Lesson) -> WorkTerm | None:
    return work_term(injector.law.slug, lesson, injector.school, injector.following[lesson.id])


def _due(injector: Injector, lesson: Lesson) -> datetime:
    term = _term(injector, lesson)
    assert term is not None
    return term.due


def _delay(lesson: Lesson, at: datetime) -> list[str]:
    late = sorted(lesson.work_marks)[:2]
    for student in late:
        lesson.work_marks[student] = (lesson.work_marks[student][0], at)
    return late


# ---- edits, codes, bans --------------------------------------------------------------------------------------------------------------


def _windows(injector: Injector) -> None:
    old = lambda lesson: len(lesson.marks) > 1 and lesson.day < injector.school.days.quarters[3].ends - 20 * DAY  # noqa: E731  -- as above
    if injector.law.slug == "sgo-school":
        for lesson in injector.pick(old):
            at, student = midnight(lesson.day + 15 * DAY) + 9 * HOUR, min(lesson.marks)
            _change(injector, lesson, student, at)
            injector.tell("mark.changed", "3.16#a", lesson, "forbidden", due=midnight(lesson.day + 15 * DAY), students=[student])
        for lesson in injector.pick(old):
            student = min(lesson.marks)
            lesson.marks[student] = (lesson.marks[student][0], midnight(lesson.day + 16 * DAY) + 10 * HOUR)
            injector.tell("mark.entered", "3.16#a", lesson, "forbidden", due=midnight(lesson.day + 15 * DAY), students=[student])
        for lesson in injector.pick(lambda lesson: bool(lesson.absent) and lesson.day < injector.school.days.quarters[3].ends - 20 * DAY):
            student, who = min(lesson.absent), injector.school.of(lesson.class_).homeroom
            data: dict[str, object] = {"lesson": lesson.id, "student": student, "code": "Б", "old": lesson.reasons[student][0]}
            injector.extra.append(Extra("attendance.changed", midnight(lesson.day + 15 * DAY) + 11 * HOUR, who, data))
            due = midnight(lesson.day + 15 * DAY)
            injector.tell("attendance.changed", "3.16#b", lesson, "forbidden", due=due, students=[student], responsible=who)
    if injector.law.slug == "lyceum-68":
        for lesson in injector.pick(old):
            student = min(lesson.marks)
            _change(injector, lesson, student, midnight(lesson.day + 3 * DAY) + 10 * HOUR)
            injector.tell("mark.changed", "3.6.8#a", lesson, "forbidden", due=midnight(lesson.day + DAY), students=[student])
    if injector.law.remarks:
        for place, lesson in enumerate(injector.pick(old)):
            _resolved_remark(injector, f"RC{place}", lesson, min(lesson.marks))


def _change(injector: Injector, lesson: Lesson, student: str, at: datetime) -> None:
    old = lesson.marks[student][0]
    data: dict[str, object] = {"lesson": lesson.id, "student": student, "value": "5" if old != "5" else "4", "old": old}
    injector.extra.append(Extra("mark.changed", at, lesson.teacher, data))


def _resolved_remark(injector: Injector, name: str, lesson: Lesson, student: str) -> None:
    """A correction that answers a remark: nothing must follow."""
    issued = midnight(lesson.day + DAY) + 10 * HOUR
    injector.extra.append(
        Extra("remark.issued", issued, "d-01", {"remark": name, "to": lesson.teacher, "lesson": lesson.id, "student": student})
    )
    _change(injector, lesson, student, issued + HOUR)
    injector.extra.append(Extra("remark.resolved", issued + 2 * HOUR, lesson.teacher, {"remark": name}))


def _codes(injector: Injector) -> None:
    if injector.law.slug == "sgo-school":
        for place, lesson in enumerate(injector.pick(lambda lesson: bool(lesson.marks))):
            student = min(lesson.marks)
            lesson.marks[student] = ("5+" if place % 2 else "1", lesson.marks[student][1])
            injector.tell("code.mark", "3.17#a", lesson, "forbidden", due=None, students=[student])
    if injector.law.slug in ("sgo-school", "pestravka"):
        clause = "4.teachers#3" if injector.law.slug == "sgo-school" else "3.3#5"
        for lesson in injector.pick(lambda lesson: bool(lesson.absent)):
            student = min(lesson.absent)
            lesson.absent[student] = "Б"
            injector.tell("code.attendance", clause, lesson, "forbidden", due=None, students=[student])
    if injector.law.slug == "pestravka":
        for place, lesson in enumerate(injector.pick(lambda lesson: bool(lesson.absent) and lesson.grade > 1)):
            student = min(lesson.absent)
            lesson.marks[student] = ("УПX" if place % 2 else "Н6", lesson.end)
            injector.tell("code.combined", "3.3#13", lesson, "forbidden", due=None, students=[student])


def _bans(injector: Injector) -> None:
    first = lambda lesson: lesson.grade == 1 and bool(lesson.topic)  # noqa: E731  -- read with its uses
    if injector.law.grade_1_marks:
        for lesson in injector.pick(first):
            student = next(
                s
                for s in injector.school.of(lesson.class_).students
                if s not in lesson.absent and injector.school.attends(s, lesson.day, lesson.class_)
            )
            lesson.marks[student] = ("5", lesson.end)
            injector.tell("ban.grade_1_mark", injector.law.grade_1_marks, lesson, "forbidden", due=None, students=[student])
        for lesson in injector.pick(first):
            lesson.homework_at = lesson.end - timedelta(minutes=1)
            injector.tell("ban.grade_1_homework", injector.law.grade_1_homework, lesson, "forbidden", due=None)
    if injector.law.slug != "pestravka":
        return
    for student, since in injector.home.items():
        where = next(item for item in injector.school.classes if student in item.students)
        taught = lambda lesson, where=where, since=since, student=student: (  # noqa: E731  -- the student's own lessons inside the order
            lesson.class_ == where.name and lesson.day >= since and bool(lesson.marks) and student in where.group(lesson.group)
        )
        for lesson in injector.pick(taught):
            lesson.marks[student] = ("4", lesson.end)
            injector.tell("ban.home_schooled", "2.13#a", lesson, "forbidden", due=None, students=[student])
    _returns(injector)
    _briefings(injector)


def _returns(injector: Injector) -> None:
    days = injector.school.days.lessons_on
    found = 0
    for item in injector.school.classes:
        for student in item.students:
            for start, last in injector.school.away[student]:
                missed = [day for day in days if start <= day <= last and injector.school.attends(student, day, item.name)]
                back = next((day for day in days if day > last), None)
                if len(missed) < 5 or back is None or found >= injector.count or item.grade == 1 or student in injector.home:
                    continue
                if not injector.school.attends(student, back, item.name) or any(a <= back <= b for a, b in injector.school.away[student]):
                    continue
                chosen = injector.pick(
                    partial(_plain_lesson, item.name, back),
                    1,
                )
                for lesson in chosen:
                    found += 1
                    lesson.marks[student] = ("2", lesson.end)
                    injector.tell("ban.after_absence", "3.3#14", lesson, "forbidden", due=None, verdict="notice", students=[student])


def _briefings(injector: Injector) -> None:
    for word, clause in (("Вводный", "2.14#a"), ("Повторный", "2.14#b")):
        lessons = [lesson for lesson in injector.school.lessons if lesson.topic.startswith(word) and not lesson.used]
        for lesson in injector.random.sample(lessons, min(len(lessons), max(2, injector.count // 2))):
            lesson.used = True
            lesson.topic = lesson.topic.split(". ", 1)[1]
            injector.tell("briefing", clause, lesson, "missing", due=midnight(lesson.day + DAY))
    for lesson in injector.pick(lambda lesson: lesson.kind in ("lab", "practical") and lesson.topic.startswith("Инструктаж")):
        lesson.topic = lesson.topic.removeprefix("Инструктаж. ")
        injector.tell("briefing.practical", "2.14#c", lesson, "missing", due=midnight(lesson.day + DAY), verdict="review")


# ---- people's terms ------------------------------------------------------------------------------------------------------------------


def _reasons(injector: Injector) -> None:
    for status in ("late", "missing"):
        for lesson in injector.pick(lambda lesson: len(lesson.absent) > 0):
            student, who = min(lesson.absent), injector.school.of(lesson.class_).homeroom
            monday = lesson.day + timedelta(days=7 - lesson.day.weekday())
            due = midnight(lesson.day + DAY) if injector.law.slug == "school-7" else midnight(monday)
            if status == "late":
                lesson.reasons[student] = (lesson.reasons[student][0], due + 10 * HOUR)
            else:
                del lesson.reasons[student]
            verdict = injector.law.reasons_verdict
            injector.tell(
                f"reasons.{status}", injector.law.reasons, lesson, status, due=due, verdict=verdict, students=[student], responsible=who
            )


def _remarks(injector: Injector) -> None:
    if not injector.law.remarks:
        return
    for place, (status, named) in enumerate((s, n) for s in ("late", "missing", "kept") for n in (True, False)):
        for lesson in injector.pick(lambda lesson: not lesson.cancelled, max(2, injector.count // 2)):
            name = f"RM{place}-{lesson.id}"
            issued = datetime.combine(injector.school.days.rolled(lesson.day), time(15))
            last = issued.date() + 9 * DAY if named else injector.school.days.after(issued.date(), 5)
            data: dict[str, object] = {"remark": name, "to": lesson.planned, "lesson": lesson.id}
            injector.extra.append(Extra("remark.issued", issued, "d-01", data | ({"due": last.isoformat()} if named else {})))
            if status != "missing":
                at = midnight(last + DAY) + (10 * HOUR if status == "late" else -HOUR)
                injector.extra.append(Extra("remark.resolved", at, lesson.planned, {"remark": name}))
            if status != "kept":
                injector.tell(
                    f"remark.{status}", injector.law.remarks, lesson, status, due=midnight(last + DAY),
                    verdict="violation" if named else "notice", responsible=lesson.planned, object=name, date=issued.date().isoformat(),
                )  # fmt: skip


def _plain_lesson(class_: str, day: date, lesson: Lesson) -> bool:
    return lesson.class_ == class_ and lesson.day == day and lesson.group is None and lesson.work is None


def lines_of(school: School) -> Iterable[tuple[str, str, str | None]]:
    """Give every (class, subject, group) of the timetable, sorted."""
    return sorted({(lesson.class_, lesson.subject, lesson.group) for lesson in school.lessons}, key=str)
