"""Who works and looks where: sessions, pages, other people's data and pages, passwords, substitutes' access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from ingest.simulator.days import DAY
from ingest.simulator.households import parent_of
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Leave, Lesson
from ingest.simulator.terms import midnight

MINUTE = timedelta(minutes=1)
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Access:
    """What one school's text says about access: clauses with verdicts, empty where it is silent."""

    student_session: Rows = ()
    """For a teacher's account, and a homeroom teacher's."""
    two_devices: Rows = ()
    """For a teacher's account, a homeroom teacher's, the secretary's, a parent's."""
    foreign_role: Rows = ()
    student_entry: Rows = ()
    student_entry_answers: str | None = "a-01"
    other_page: Rows = ()
    own_data: Rows = ()
    """For a parent's look, and a student's."""
    page: str = "сводная ведомость"
    pages: Rows = ()
    """For a parent's look, and for that of somebody of the staff."""
    pages_staff: str = ""
    passwords: Rows = ()
    """A password that others know: changed, told."""
    substitute: str = ""


ACCESS = {
    "lyceum-68": Access(
        student_session=(("4.2.4#b", "review"), ("4.2.4#b", "review")), two_devices=(("4.2.4#a", "review"),) * 3,
        foreign_role=(("4.2.4#a", "review"),), student_entry=(("3.10.1", "violation"),), student_entry_answers=None,
        other_page=(("3.6.1", "violation"),), own_data=(("3.10.1", "violation"), ("3.10.1", "violation")),
    ),
    "pestravka": Access(
        student_session=(("6.1", "violation"), ("3.2#17", "violation")),
        two_devices=(("3.3#19", "review"), ("3.2#17", "review"), ("6.2#a", "review")), student_entry=(("3.6", "violation"),),
        student_entry_answers=None,
        own_data=(("3.6", "violation"), ("3.6", "violation")), pages=(("1.10#3", "violation"), ("1.10#3", "notice")), pages_staff="t-02",
    ),
    "rainbow": Access(
        student_session=(("2.1#b", "review"), ("2.1#b", "review")),
        two_devices=(("2.4", "review"), ("2.4", "review"), ("2.4", "review"), ("5.2#6", "review")), student_entry=(("2.1#b", "review"),),
        own_data=(("2.2#b", "violation"), ("2.2#b", "violation")), pages=(("2.5#b", "violation"), ("2.5#b", "notice")), pages_staff="t-02",
    ),
    "school-7": Access(
        student_session=(("2.3", "review"), ("2.3", "review")), two_devices=(("2.3", "review"),) * 3,
    ),
    "sgo-school": Access(
        student_session=(("3.14#a", "review"), ("3.14#a", "review")), two_devices=(("5.2.users", "review"),) * 3,
        foreign_role=(("5.2.users", "review"),), student_entry=(("4.administrator#5b", "review"),),
        own_data=(("3.9", "violation"), ("3.9", "violation")), page="Классный журнал", pages=(("3.15", "violation"), ("3.15", "review")),
        pages_staff="hr-01", passwords=(("3.14#b", "notice"), ("3.14#c", "notice")), substitute="4.teachers#1b",
    ),
}  # fmt: skip
_CURIOUS, _OBSERVED = 4, 6
"""Places in the class list: who looks at others' data, and (in 6А, where nothing else happens) whose."""


def access(injector: Injector) -> None:
    """Let people work under their own accounts and look at their own data, and some of them otherwise."""
    law, random = ACCESS[injector.law.slug], injector.dice("access")
    _sessions(injector, law, random)
    _entries(injector, law, random)
    _looks(injector, law, random)
    _leaves(injector, law)
    _passwords(injector, law, random)


def _days(injector: Injector, random: Random, n: int) -> list[date]:
    return sorted(random.sample(injector.school.days.lessons_on[15:-15], n))


def _tell(injector: Injector, kind: str, row: tuple[str, str], who: str | None, day: date, **more: object) -> None:
    injector.tell(kind, row[0], None, "forbidden", due=None, verdict=row[1], responsible=who, date=day.isoformat(), **more)


# ---- sessions ----------------------------------------------------------------------------------------------------------------------


def _sessions(injector: Injector, law: Access, random: Random) -> None:
    school = injector.school
    teacher, homeroom = school.teachers[3], school.classes[2].homeroom
    for account, role in ((teacher, "teacher"), (homeroom, "homeroom_teacher"), ("sec-01", "secretary")):
        for day in _days(injector, random, 4):
            at = midnight(day) + 9 * HOUR
            injector.add("session.opened", at, account, account=account, role=role, device="pc-1")
            # The same device again at once, and another one after eleven minutes: nobody's matter.
            injector.add("session.opened", at + MINUTE, account, account=account, role=role, device="pc-1")
            injector.add("session.opened", at + 12 * MINUTE, account, account=account, role=role, device="phone")
    parent = parent_of(school.classes[0].students[_CURIOUS])
    for (account, role), row in zip(((teacher, "teacher"), (homeroom, "homeroom_teacher")), law.student_session, strict=False):
        by_student, as_student = _days(injector, random, 2)
        student = school.classes[2].students[_CURIOUS]
        injector.add("session.opened", midnight(by_student) + 13 * HOUR, student, account=account, role=role, device="pc-1")
        _tell(injector, "session.student", row, account, by_student, students=[student])
        injector.add("session.opened", midnight(as_student) + 15 * HOUR, account, account=account, role="student", device="pc-1")
        _tell(injector, "session.student_role", row, account, as_student)
    users = ((teacher, "teacher"), (homeroom, "homeroom_teacher"), ("sec-01", "secretary"), (parent, "parent"))
    for (account, role), row in zip(users, law.two_devices, strict=False):
        (day,) = _days(injector, random, 1)
        for minutes, device in ((0, "pc-1"), (10, "phone")):
            injector.add("session.opened", midnight(day) + 18 * HOUR + minutes * MINUTE, account, account=account, role=role, device=device)
        _tell(injector, "session.devices", row, account, day)
    for row in law.foreign_role:
        (day,) = _days(injector, random, 1)
        injector.add("session.opened", midnight(day) + 20 * HOUR, teacher, account=teacher, role="administrator", device="pc-1")
        _tell(injector, "session.role", row, teacher, day)


def _entries(injector: Injector, law: Access, random: Random) -> None:
    """Roll calls by a student, by a teacher who has nothing to do with the class, and by the deputy director, who may."""
    school = injector.school
    for row in law.student_entry:
        for lesson in injector.pick(lambda lesson: not lesson.cancelled, 2, random):
            student = next(s for s in school.members(lesson.class_, lesson.group, lesson.day, lesson.subject) if s not in lesson.absent)
            injector.add("attendance.taken", lesson.start + 6 * MINUTE, student, lesson=lesson.id)
            _tell(injector, "entry.student", row, law.student_entry_answers, lesson.day, students=[student])
    taught = {(lesson.class_, lesson.subject, who) for lesson in school.lessons for who in (lesson.teacher, lesson.planned)}
    for row in law.other_page:
        for place, lesson in enumerate(injector.pick(lambda lesson: not lesson.cancelled, 4, random)):
            stranger = next(who for who in school.teachers if (lesson.class_, lesson.subject, who) not in taught)
            who = stranger if place % 2 else "d-01"
            injector.add("attendance.taken", lesson.start + 6 * MINUTE, who, lesson=lesson.id)
            if who == stranger:
                injector.tell("entry.stranger", row[0], lesson, "forbidden", due=None, verdict=row[1], responsible=who)


# ---- looks -------------------------------------------------------------------------------------------------------------------------


def _looks(injector: Injector, law: Access, random: Random) -> None:
    school = injector.school
    observed = school.classes[-1].students[_OBSERVED]
    for item, row in zip(school.classes[:2], law.own_data, strict=False):
        student, day = item.students[_CURIOUS], _days(injector, random, 1)[0]
        who = parent_of(student) if item is school.classes[0] else student
        injector.add("page.viewed", midnight(day) + 19 * HOUR, who, person=who, page="дневник", student=observed)
        _tell(injector, "look.other", row, who, day, students=[observed])
        injector.add("page.viewed", midnight(day) + 20 * HOUR, who, person=who, page="дневник", student=student)
    families = [parent_of(item.students[_CURIOUS]) for item in school.classes[:2]]
    strangers = ((families, "parent"), ([law.pages_staff], "staff"))
    for (people, kind), row in zip(strangers, law.pages, strict=False):
        for person in people:
            day = _days(injector, random, 1)[0]
            for hours in (16, 17):
                injector.add("page.viewed", midnight(day) + hours * HOUR, person, person=person, page=law.page)
            _tell(injector, f"page.{kind}", row, person, day, object=law.page)
    for day in _days(injector, random, 5):
        for person in ("d-01", "dir-01", school.classes[0].homeroom):
            injector.add("page.viewed", midnight(day) + 10 * HOUR, person, person=person, page=law.page)


# ---- absences and access of substitutes --------------------------------------------------------------------------------------------


def _leaves(injector: Injector, law: Access) -> None:
    """Absences of teachers are registered the day before; who stands in gets access on the first morning, or not."""
    fates = ["later", "none", "other", "borrowed"] * max(1, injector.count // 8)
    for leave in injector.school.leaves:
        injector.add(
            "absence.registered", midnight(leave.first) - 6 * HOUR, "sec-01", person=leave.teacher, from_=leave.first.isoformat(),
            to=leave.last.isoformat(), reason="курсы",
        )  # fmt: skip
        if not law.substitute:
            continue
        for (class_, subject, who), lessons in _stand_ins(injector, leave).items():
            late = [lesson for lesson in lessons if lesson.day >= leave.first + 3 * DAY]
            fate = fates.pop(0) if late and fates and not any(lesson.used for lesson in late) else "kept"
            _grant(injector, law, leave, (class_, subject, who), late, fate)


def _stand_ins(injector: Injector, leave: Leave) -> dict[tuple[str, str, str], list[Lesson]]:
    found: dict[tuple[str, str, str], list[Lesson]] = {}
    for lesson in injector.school.lessons:
        replaced = lesson.planned == leave.teacher != lesson.teacher and not lesson.cancelled
        if replaced and leave.first <= lesson.day <= leave.last:
            found.setdefault((lesson.class_, lesson.subject, lesson.teacher), []).append(lesson)
    return found


def _grant(injector: Injector, law: Access, leave: Leave, line: tuple[str, str, str], late: list[Lesson], fate: str) -> None:
    class_, subject, who = line
    day, by = leave.first, "st-01"
    status, verdict = {"later": ("out_of_order", "violation"), "none": ("missing", "violation")}.get(fate, ("forbidden", "review"))
    if fate == "later":
        day = leave.last + DAY
    if fate == "other":
        by = "a-01"
    if fate != "none":
        injector.add("access.granted", midnight(day) + 7 * HOUR, by, person=who, from_=day.isoformat(), class_=class_, subject=subject)
    if fate == "borrowed":
        injector.add("attendance.taken", late[0].start + 7 * MINUTE, leave.teacher, lesson=late[0].id)
    if fate != "kept":
        for lesson in late:
            lesson.used = True
        first = late[0]
        injector.tell(
            f"substitute.{fate}", law.substitute, None, status, due=None, verdict=verdict, responsible=who, class_=class_, subject=subject,
            object=leave.teacher, date=first.day.isoformat(),
        )  # fmt: skip


# ---- passwords -----------------------------------------------------------------------------------------------------------------------


def _passwords(injector: Injector, law: Access, random: Random) -> None:
    """A teacher's password that others may know: changed and told on that day, or not."""
    if not law.passwords:
        return
    fates = ("kept", "late", "missing") * max(1, injector.count // 8)
    people = injector.school.teachers[: len(fates)]
    for fate, person, day in zip(fates, people, _days(injector, random, len(people)), strict=False):
        at, due = midnight(day) + 12 * HOUR, midnight(day + DAY)
        injector.add("credentials.compromised", at, person, person=person)
        done: datetime | None = {"kept": due - MINUTE, "late": due + 9 * HOUR}.get(fate)
        if done is not None:
            injector.add("credentials.changed", done, person, person=person)
            injector.add("message.sent", done, person, to="a-01")
        if fate != "kept":
            for kind, (clause, verdict) in zip(("changed", "told"), law.passwords, strict=True):
                injector.tell(
                    f"password.{kind}.{fate}", clause, None, fate, due=due, verdict=verdict, responsible=person, object=person,
                    date=day.isoformat(),
                )  # fmt: skip
