"""Breaches on purpose: each changes what was to be entered, at a lesson of its own, and says which finding must follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from ingest.simulator.days import DAY
from ingest.simulator.school import Lesson, School
from ingest.simulator.terms import Law, midnight, next_lessons, work_term

Truth = dict[str, object]
HOUR = timedelta(hours=1)


@dataclass
class Extra:
    """An event beside the lessons' own: type, when, who, data."""

    type: str
    at: datetime
    actor: str
    data: dict[str, object]


@dataclass
class Injector:
    """Chooses lessons that nothing else touches, breaks them, and keeps the truth and the additional events."""

    school: School
    law: Law
    random: Random
    count: int
    home: dict[str, date]
    truth: list[Truth] = field(default_factory=list)
    extra: list[Extra] = field(default_factory=list)

    def run(self) -> None:
        """Inject every kind of breach that this school's text knows."""
        self._following = next_lessons(self.school)
        self._ends = self._last_ends()
        self._records()
        self._marks()
        self._works()
        self._windows()
        self._codes()
        self._bans()
        self._reasons()
        self._remarks()

    # ---- choosing --------------------------------------------------------------------------------------------------------------

    def _pick(self, wanted: Callable[[Lesson], bool], count: int | None = None) -> list[Lesson]:
        free = [
            lesson
            for lesson in self.school.lessons
            if not lesson.used and lesson.day > self.school.days.quarters[0].starts + 6 * DAY and wanted(lesson)
        ]
        chosen = self.random.sample(free, min(len(free), self.count if count is None else count))
        for lesson in chosen:
            lesson.used = True
        return sorted(chosen, key=lambda lesson: lesson.id)

    def _tell(
        self,
        kind: str,
        clause: str,
        lesson: Lesson | None,
        status: str,
        *,
        due: datetime | None,
        verdict: str = "violation",
        **more: object,
    ) -> None:
        about: Truth = {"school": self.law.slug, "kind": kind, "clause": clause, "verdict": verdict, "status": status}
        if lesson is not None:
            about |= {
                "responsible": lesson.teacher,
                "class": lesson.class_,
                "group": lesson.group,
                "subject": lesson.subject,
                "lesson": lesson.id,
            }
            about["date"] = lesson.day.isoformat()
        about["due_at"] = None if due is None else due.isoformat() + self.law.offset
        self.truth.append(about | more)

    def _last_ends(self) -> dict[tuple[str, date, str | None], datetime]:
        """End of the last lesson of a class (None) or of one of its halves on a day."""
        ends: dict[tuple[str, date, str | None], datetime] = {}
        for lesson in self.school.lessons:
            if lesson.cancelled:
                continue
            for group in (None, "1", "2") if lesson.group is None else (None, lesson.group):
                key = (lesson.class_, lesson.day, group)
                ends[key] = max(ends.get(key, lesson.end), lesson.end)
        return ends

    # ---- lesson records --------------------------------------------------------------------------------------------------------

    def _records(self) -> None:
        plain = lambda lesson: lesson.work is None and "инструктаж" not in lesson.topic.lower()  # noqa: E731  -- said in three places
        if self.law.topic:
            for lesson in self._pick(plain):
                lesson.topic_at = midnight(lesson.day + DAY) + 9 * HOUR
                self._tell("topic.late", self.law.topic, lesson, "late", due=midnight(lesson.day + DAY))
            for lesson in self._pick(plain):
                lesson.topic_at = None
                self._tell("topic.missing", self.law.topic, lesson, "missing", due=midnight(lesson.day + DAY))
        for place, lesson in enumerate(self._pick(lambda lesson: lesson.homework_at is not None)):
            due, at = self._homework_term(lesson), midnight(lesson.day + DAY) + 8 * HOUR
            if self.law.slug == "pestravka" and place % 2:
                at = due + timedelta(minutes=1 + self.random.randrange(90))
            lesson.homework_at = at
            self._tell("homework.late", self.law.homework, lesson, "late", due=due)
        if self.law.homework_missing:
            for lesson in self._pick(lambda lesson: lesson.homework_at is not None):
                lesson.homework_at = None
                due = self._homework_term(lesson)
                self._tell("homework.missing", self.law.homework, lesson, "missing", due=due, verdict=self.law.homework_missing)
        if self.law.attendance:
            for lesson in self._pick(lambda lesson: not lesson.absent):
                lesson.roll_at = midnight(lesson.day + DAY) + 8 * HOUR
                self._tell("attendance.late", self.law.attendance, lesson, "late", due=midnight(lesson.day + DAY))
            for lesson in self._pick(lambda lesson: not lesson.absent):
                lesson.roll_at = None
                self._tell("attendance.missing", self.law.attendance, lesson, "missing", due=midnight(lesson.day + DAY))

    def _homework_term(self, lesson: Lesson) -> datetime:
        if self.law.slug != "pestravka":
            return midnight(lesson.day + DAY)
        return self._ends[lesson.class_, lesson.day, lesson.group] + HOUR

    def _marks(self) -> None:
        for lesson in self._pick(lambda lesson: len(lesson.marks) > 2):
            late = sorted(lesson.marks)[:2]
            for student in late:
                lesson.marks[student] = (lesson.marks[student][0], midnight(lesson.day + DAY) + 9 * HOUR)
            self._tell("lesson_marks.late", self.law.lesson_marks, lesson, "late", due=midnight(lesson.day + DAY), students=late)

    def _works(self) -> None:
        slug = self.law.slug
        if slug == "school-7":
            for lesson in self._pick(lambda lesson: lesson.work is not None):
                late = self._delay(lesson, midnight(lesson.day + 3 * DAY))
                due = midnight(lesson.day + DAY)
                self._tell("work_marks.same_day", "3.5.2", lesson, "late", due=due, verdict="review", work=lesson.work, students=late)
            return
        for status in ("late", "missing"):
            clauses = sorted({found[0] for lesson in self.school.lessons if lesson.work and (found := self._term(lesson))})
            for clause in clauses:
                for lesson in self._pick(partial(self._under, clause)):
                    due = self._due(lesson)
                    late = self._delay(lesson, due + 3 * HOUR)
                    if status == "missing":
                        del lesson.work_marks[late[0]]
                    self._tell(f"work_marks.{status}", clause, lesson, status, due=due, work=lesson.work, students=late)
        if slug == "lyceum-68":
            in_between = lambda lesson: lesson.work is not None and lesson.subject == "Русский язык"  # noqa: E731  -- read with its use
            for lesson in self._pick(in_between):
                week = midnight(self.school.days.rolled(lesson.day + 7 * DAY) + DAY)
                late = self._delay(lesson, week + 10 * HOUR)
                self._tell("work_marks.week", "3.6.4", lesson, "late", due=week, verdict="notice", work=lesson.work, students=late)

    def _under(self, clause: str, lesson: Lesson) -> bool:
        term = self._term(lesson) if lesson.work is not None else None
        return term is not None and term[0] == clause

    def _term(self, lesson: Lesson) -> tuple[str, datetime] | None:
        return work_term(self.law.slug, lesson, self.school, self._following[lesson.id])

    def _due(self, lesson: Lesson) -> datetime:
        term = self._term(lesson)
        assert term is not None
        return term[1]

    def _delay(self, lesson: Lesson, at: datetime) -> list[str]:
        late = sorted(lesson.work_marks)[:2]
        for student in late:
            lesson.work_marks[student] = (lesson.work_marks[student][0], at)
        return late

    # ---- edits, codes, bans ----------------------------------------------------------------------------------------------------

    def _windows(self) -> None:
        old = lambda lesson: len(lesson.marks) > 1 and lesson.day < self.school.days.quarters[3].ends - 20 * DAY  # noqa: E731  -- as above
        if self.law.slug == "sgo-school":
            for lesson in self._pick(old):
                at, student = midnight(lesson.day + 15 * DAY) + 9 * HOUR, min(lesson.marks)
                self._change(lesson, student, at)
                self._tell("mark.changed", "3.16#a", lesson, "forbidden", due=midnight(lesson.day + 15 * DAY), students=[student])
            for lesson in self._pick(old):
                student = min(lesson.marks)
                lesson.marks[student] = (lesson.marks[student][0], midnight(lesson.day + 16 * DAY) + 10 * HOUR)
                self._tell("mark.entered", "3.16#a", lesson, "forbidden", due=midnight(lesson.day + 15 * DAY), students=[student])
            for lesson in self._pick(lambda lesson: bool(lesson.absent) and lesson.day < self.school.days.quarters[3].ends - 20 * DAY):
                student, who = min(lesson.absent), self.school.of(lesson.class_).homeroom
                data: dict[str, object] = {"lesson": lesson.id, "student": student, "code": "Б", "old": lesson.reasons[student][0]}
                self.extra.append(Extra("attendance.changed", midnight(lesson.day + 15 * DAY) + 11 * HOUR, who, data))
                due = midnight(lesson.day + 15 * DAY)
                self._tell("attendance.changed", "3.16#b", lesson, "forbidden", due=due, students=[student], responsible=who)
        if self.law.slug == "lyceum-68":
            for lesson in self._pick(old):
                student = min(lesson.marks)
                self._change(lesson, student, midnight(lesson.day + 3 * DAY) + 10 * HOUR)
                self._tell("mark.changed", "3.6.8#a", lesson, "forbidden", due=midnight(lesson.day + DAY), students=[student])
        if self.law.remarks:
            for place, lesson in enumerate(self._pick(old)):
                self._resolved_remark(f"RC{place}", lesson, min(lesson.marks))

    def _change(self, lesson: Lesson, student: str, at: datetime) -> None:
        old = lesson.marks[student][0]
        data: dict[str, object] = {"lesson": lesson.id, "student": student, "value": "5" if old != "5" else "4", "old": old}
        self.extra.append(Extra("mark.changed", at, lesson.teacher, data))

    def _resolved_remark(self, name: str, lesson: Lesson, student: str) -> None:
        """A correction that answers a remark: nothing must follow."""
        issued = midnight(lesson.day + DAY) + 10 * HOUR
        self.extra.append(
            Extra("remark.issued", issued, "d-01", {"remark": name, "to": lesson.teacher, "lesson": lesson.id, "student": student})
        )
        self._change(lesson, student, issued + HOUR)
        self.extra.append(Extra("remark.resolved", issued + 2 * HOUR, lesson.teacher, {"remark": name}))

    def _codes(self) -> None:
        if self.law.slug == "sgo-school":
            for place, lesson in enumerate(self._pick(lambda lesson: bool(lesson.marks))):
                student = min(lesson.marks)
                lesson.marks[student] = ("5+" if place % 2 else "1", lesson.marks[student][1])
                self._tell("code.mark", "3.17#a", lesson, "forbidden", due=None, students=[student])
        if self.law.slug in ("sgo-school", "pestravka"):
            clause = "4.teachers#3" if self.law.slug == "sgo-school" else "3.3#5"
            for lesson in self._pick(lambda lesson: bool(lesson.absent)):
                student = min(lesson.absent)
                lesson.absent[student] = "Б"
                self._tell("code.attendance", clause, lesson, "forbidden", due=None, students=[student])
        if self.law.slug == "pestravka":
            for place, lesson in enumerate(self._pick(lambda lesson: bool(lesson.absent) and lesson.grade > 1)):
                student = min(lesson.absent)
                lesson.marks[student] = ("УПX" if place % 2 else "Н6", lesson.end)
                self._tell("code.combined", "3.3#13", lesson, "forbidden", due=None, students=[student])

    def _bans(self) -> None:
        first = lambda lesson: lesson.grade == 1 and bool(lesson.topic)  # noqa: E731  -- read with its uses
        if self.law.grade_1_marks:
            for lesson in self._pick(first):
                student = next(
                    s for s in self.school.of(lesson.class_).students if s not in lesson.absent and self.school.attends(s, lesson.day)
                )
                lesson.marks[student] = ("5", lesson.end)
                self._tell("ban.grade_1_mark", self.law.grade_1_marks, lesson, "forbidden", due=None, students=[student])
            for lesson in self._pick(first):
                lesson.homework_at = lesson.end - timedelta(minutes=1)
                self._tell("ban.grade_1_homework", self.law.grade_1_homework, lesson, "forbidden", due=None)
        if self.law.slug != "pestravka":
            return
        for student, since in self.home.items():
            where = next(item for item in self.school.classes if student in item.students)
            taught = lambda lesson, where=where, since=since, student=student: (  # noqa: E731  -- the student's own lessons inside the order
                lesson.class_ == where.name and lesson.day >= since and bool(lesson.marks) and student in where.group(lesson.group)
            )
            for lesson in self._pick(taught):
                lesson.marks[student] = ("4", lesson.end)
                self._tell("ban.home_schooled", "2.13#a", lesson, "forbidden", due=None, students=[student])
        self._returns()
        self._briefings()

    def _returns(self) -> None:
        days = self.school.days.lessons_on
        found = 0
        for item in self.school.classes:
            for student in item.students:
                for start, last in self.school.away[student]:
                    missed = [day for day in days if start <= day <= last and self.school.attends(student, day)]
                    back = next((day for day in days if day > last), None)
                    if len(missed) < 5 or back is None or found >= self.count or item.grade == 1 or student in self.home:
                        continue
                    if not self.school.attends(student, back) or any(a <= back <= b for a, b in self.school.away[student]):
                        continue
                    chosen = self._pick(
                        partial(_plain_lesson, item.name, back),
                        1,
                    )
                    for lesson in chosen:
                        found += 1
                        lesson.marks[student] = ("2", lesson.end)
                        self._tell("ban.after_absence", "3.3#14", lesson, "forbidden", due=None, verdict="notice", students=[student])

    def _briefings(self) -> None:
        for word, clause in (("Вводный", "2.14#a"), ("Повторный", "2.14#b")):
            lessons = [lesson for lesson in self.school.lessons if lesson.topic.startswith(word) and not lesson.used]
            for lesson in self.random.sample(lessons, min(len(lessons), max(2, self.count // 2))):
                lesson.used = True
                lesson.topic = lesson.topic.split(". ", 1)[1]
                self._tell("briefing", clause, lesson, "missing", due=midnight(lesson.day + DAY))
        for lesson in self._pick(lambda lesson: lesson.kind in ("lab", "practical") and lesson.topic.startswith("Инструктаж")):
            lesson.topic = lesson.topic.removeprefix("Инструктаж. ")
            self._tell("briefing.practical", "2.14#c", lesson, "missing", due=midnight(lesson.day + DAY), verdict="review")

    # ---- people's terms --------------------------------------------------------------------------------------------------------

    def _reasons(self) -> None:
        for status in ("late", "missing"):
            for lesson in self._pick(lambda lesson: len(lesson.absent) > 0):
                student, who = min(lesson.absent), self.school.of(lesson.class_).homeroom
                monday = lesson.day + timedelta(days=7 - lesson.day.weekday())
                due = midnight(lesson.day + DAY) if self.law.slug == "school-7" else midnight(monday)
                if status == "late":
                    lesson.reasons[student] = (lesson.reasons[student][0], due + 10 * HOUR)
                else:
                    del lesson.reasons[student]
                verdict = self.law.reasons_verdict
                self._tell(
                    f"reasons.{status}", self.law.reasons, lesson, status, due=due, verdict=verdict, students=[student], responsible=who
                )

    def _remarks(self) -> None:
        if not self.law.remarks:
            return
        for place, (status, named) in enumerate((s, n) for s in ("late", "missing", "kept") for n in (True, False)):
            for lesson in self._pick(lambda lesson: not lesson.cancelled, max(2, self.count // 2)):
                name = f"RM{place}-{lesson.id}"
                issued = datetime.combine(self.school.days.rolled(lesson.day), time(15))
                last = issued.date() + 9 * DAY if named else self.school.days.after(issued.date(), 5)
                data: dict[str, object] = {"remark": name, "to": lesson.planned, "lesson": lesson.id}
                self.extra.append(Extra("remark.issued", issued, "d-01", data | ({"due": last.isoformat()} if named else {})))
                if status != "missing":
                    at = midnight(last + DAY) + (10 * HOUR if status == "late" else -HOUR)
                    self.extra.append(Extra("remark.resolved", at, lesson.planned, {"remark": name}))
                if status != "kept":
                    self._tell(
                        f"remark.{status}", self.law.remarks, lesson, status, due=midnight(last + DAY),
                        verdict="violation" if named else "notice", responsible=lesson.planned, object=name, date=issued.date().isoformat(),
                    )  # fmt: skip


def _plain_lesson(class_: str, day: date, lesson: Lesson) -> bool:
    return lesson.class_ == class_ and lesson.day == day and lesson.group is None and lesson.work is None


def lines_of(school: School) -> Iterable[tuple[str, str, str | None]]:
    """Give every (class, subject, group) of the timetable, sorted."""
    return sorted({(lesson.class_, lesson.subject, lesson.group) for lesson in school.lessons}, key=str)
