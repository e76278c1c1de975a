"""From the simulated year to events in the contract's form."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from ingest.simulator.days import DAY
from ingest.simulator.injector import Extra
from ingest.simulator.keeping import homework_text
from ingest.simulator.school import LESSON, Class_, Lesson, School, name
from ingest.simulator.terms import Law, office

Event = dict[str, object]
Groups = list[tuple[str, str]]


class Emitter:
    """Collects events and gives them ids in the order of time."""

    def __init__(self, law: Law) -> None:
        """Begin an empty log of a school."""
        self._offset = law.offset
        self._found: list[tuple[datetime, int, str, str, dict[str, object]]] = []

    def add(self, at: datetime, kind: str, actor: str, data: dict[str, object]) -> None:
        """Add an event made at a local time."""
        self._found.append((at, len(self._found), kind, actor, data))

    def events(self) -> list[Event]:
        """Give all events, numbered by time."""
        self._found.sort(key=lambda item: item[:2])
        offset = self._offset
        return [
            {
                "specversion": "1.0", "id": f"e{place}", "source": "sim", "type": kind, "time": at.isoformat() + offset, "actor": actor,
                "data": data,
            }
            for place, (at, _order, kind, actor, data) in enumerate(self._found, 1)
        ]  # fmt: skip


def emit(school: School, law: Law, extra: list[Extra], home: dict[str, object], random: Random) -> list[Event]:
    """Give the events of the year: calendar, people, timetable, what every lesson got, and what stands beside the lessons."""
    emitter = Emitter(law)
    opening = datetime.combine(school.days.quarters[0].starts, time(10)) - 7 * DAY
    _calendar(emitter, school, opening)
    _people(emitter, school, law, opening, random)
    for student, since in home.items():
        data: dict[str, object] = {
            "order": f"O-{student}",
            "kind": "home_schooling",
            "person": student,
            "date": str(since),
            "from": str(since),
        }
        emitter.add(datetime.fromisoformat(str(since)) - timedelta(hours=10), "order.signed", "dir-01", data)
    for lesson in school.lessons:
        _timetable(emitter, lesson, opening, law)
        if not lesson.cancelled:
            _entries(emitter, lesson, school)
    for item in extra:
        emitter.add(item.at, item.type, item.actor, item.data)
    return emitter.events()


def _calendar(emitter: Emitter, school: School, opening: datetime) -> None:
    for term in (*school.days.quarters, school.days.whole):
        data: dict[str, object] = {"period": term.id, "kind": term.kind, "starts": term.starts.isoformat(), "ends": term.ends.isoformat()}
        emitter.add(opening, "period.set", "a-01", data)
    for day in school.days.own:
        emitter.add(opening, "day.set", "a-01", {"date": day.isoformat(), "working": False, "scope": "all", "reason": "праздник"})


def _people(emitter: Emitter, school: School, law: Law, opening: datetime, random: Random) -> None:
    roles = office(law.slug) | {teacher: ["teacher"] for teacher in school.teachers}
    roles |= {item.homeroom: ["teacher", "homeroom_teacher"] for item in school.classes}
    for person, held in roles.items():
        emitter.add(opening, "person.registered", "a-01", {"person": person, "roles": held, "name": name(random)})
    for item in school.classes:
        data: dict[str, object] = {"class": item.name, "grade": item.grade, "homeroom_teacher": item.homeroom}
        emitter.add(opening, "class.formed", "a-01", data)
        groups = sorted({(x.subject, x.group) for x in school.lessons if x.class_ == item.name and x.group is not None})
        for student in item.students:
            _membership(emitter, student, item, groups, school, opening)


def _membership(emitter: Emitter, student: str, item: Class_, groups: Groups, school: School, opening: datetime) -> None:
    """The class lists say who joined and left when, the groups of the class who is in which."""
    move, begins = school.moves.get(student), school.days.quarters[0].starts
    comes = move is not None and move.class_ == item.name and move.kind != "leave"
    since = move.listed if move is not None and comes else begins
    at = datetime.combine(since, time(7)) if comes else opening
    by = school.listed_by.get(student, "sec-01")
    emitter.add(at, "student.joined", by, {"student": student, "class": item.name, "date": since.isoformat()})
    own = [(subject, group) for subject, group in groups if student in item.group(group)]
    for subject, group in own:
        where: dict[str, object] = {"student": student, "class": item.name, "subject": subject, "group": group, "from": str(since)}
        emitter.add(school.grouped_at.get((student, item.name, subject), at), "group.assigned", "a-01", where)
    for change in school.regrouped:
        if (change.student, change.class_) == (student, item.name):
            where = {"student": student, "class": item.name, "subject": change.subject, "group": change.to, "from": str(change.day)}
            emitter.add(datetime.combine(change.day, time(7)), "group.assigned", change.by, where)
    if move is not None and item.name == (move.former or move.class_) and move.kind != "enrol":
        data: dict[str, object] = {"student": student, "class": item.name, "date": move.listed.isoformat()}
        emitter.add(datetime.combine(move.listed, time(6, 50)), "student.left", "sec-01", data)


def _timetable(emitter: Emitter, lesson: Lesson, opening: datetime, law: Law) -> None:
    start = lesson.moved_from or lesson.start
    data: dict[str, object] = {
        "lesson": lesson.id, "class": lesson.class_, "subject": lesson.subject, "teacher": lesson.planned,
        "starts_at": start.isoformat() + law.offset, "ends_at": (start + LESSON).isoformat() + law.offset, "number": lesson.number,
    }  # fmt: skip
    if lesson.group is not None:
        data["group"] = lesson.group
    emitter.add(lesson.entered_at or opening, "lesson.scheduled", "d-01", data)
    morning = datetime.combine(start.date(), time(7, 20))
    changed = lesson.changed_at or morning
    if lesson.moved_from is not None:
        where: dict[str, object] = {
            "lesson": lesson.id,
            "starts_at": lesson.start.isoformat() + law.offset,
            "ends_at": lesson.end.isoformat() + law.offset,
        }
        emitter.add(changed, "lesson.moved", "d-01", where)
    if lesson.cancelled:
        emitter.add(morning, "lesson.cancelled", "d-01", {"lesson": lesson.id, "reason": "болезнь учителя"})
    if lesson.teacher != lesson.planned and not lesson.cancelled and not lesson.unregistered:
        emitter.add(changed, "lesson.substituted", "d-01", {"lesson": lesson.id, "teacher": lesson.teacher})


def _entries(emitter: Emitter, lesson: Lesson, school: School) -> None:
    who, at = lesson.teacher, {"lesson": lesson.id}
    if lesson.roll_at is not None:
        emitter.add(lesson.roll_at, "attendance.taken", who, dict(at))
    if lesson.topic_at is not None:
        emitter.add(lesson.topic_at, "topic.recorded", who, {**at, "text": lesson.topic})
    if lesson.homework_at is not None:
        emitter.add(lesson.homework_at, "homework.recorded", who, {**at, "text": lesson.homework or homework_text(lesson)})
    if lesson.work is not None:
        emitter.add(lesson.start, "work.set", who, {"work": lesson.work, **at, "kind": lesson.kind})
    homeroom = school.of(lesson.class_).homeroom if lesson.absent else ""
    for student, code in lesson.absent.items():
        emitter.add(lesson.start + timedelta(minutes=6), "attendance.recorded", who, {**at, "student": student, "code": code})
        if student in lesson.reasons:
            reason, when = lesson.reasons[student]
            emitter.add(when, "attendance.changed", homeroom, {**at, "student": student, "code": reason, "old": code})
    for student, (value, when) in lesson.marks.items():
        emitter.add(when, "mark.recorded", who, {**at, "student": student, "value": value})
    for student, (value, when) in lesson.work_marks.items():
        emitter.add(when, "mark.recorded", who, {**at, "student": student, "value": value, "work": lesson.work})
