"""What records say: language, homework that names a task, topics that name the work, marks beside absences, lessons that were not held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from ingest.simulator.breaches import plain_topic
from ingest.simulator.days import DAY
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Lesson
from ingest.simulator.terms import midnight

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Contents:
    """Clauses of a school's text on what records say, "" where it is silent."""

    present: str = ""
    """Marks and absences agree."""
    held: str = ""
    """Nothing is recorded for lessons that were not held, nor by who was away."""
    held_records: tuple[str, ...] = ("topic", "roll", "homework")
    russian: str = ""
    names_work: str = ""
    with_work: str = ""
    other_group: str = ""
    homework: str = ""
    several: str = ""
    sanatorium: str = ""
    tied: str = ""
    reason: str = ""
    incident: str = ""


CONTENTS = {
    "lyceum-68": Contents(present="4.2.1", held="4.2.1", held_records=("roll",)),
    "pestravka": Contents(
        present="6.2#b", held="6.2#b", homework="2.8#c", several="3.3#12", sanatorium="2.12#b", incident="2.14#f", reason="3.2#5b"
    ),
    "rainbow": Contents(present="6.2", held="6.2", russian="3.2.5#a", names_work="3.2.5#c", with_work="3.2.5#c", other_group="3.2.5#e"),
    "school-7": Contents(),
    "sgo-school": Contents(present="5.2.teachers#2", held="5.2.teachers#1", tied="3.5.3"),
}
_FOREIGN = ("Present Perfect. Revision", "Дүйнөлүк океан")
"""Topics that are not, and may not be, in Russian."""


def contents(injector: Injector) -> None:
    """Let some records say what they must not, or less than they must."""
    law = CONTENTS[injector.law.slug]
    for clause, breach in (
        (law.present, _absent_with_mark),
        (law.held, _not_held),
        (law.russian, _language),
        (law.names_work, _work_topics),
        (law.other_group, _other_group),
        (law.homework, _homework),
        (law.several, _several),
        (law.sanatorium, _sanatorium),
        (law.tied, _tied),
        (law.reason, _reasons),
        (law.incident, _incidents),
    ):
        if clause:
            breach(injector, clause)


def _pick(injector: Injector, theme: str, wanted: Callable[[Lesson], bool], count: int | None = None) -> list[Lesson]:
    return injector.pick(wanted, count or max(2, injector.count // 2), injector.dice(f"contents/{theme}"))


# ---- who was there -----------------------------------------------------------------------------------------------------------------


def _absent_with_mark(injector: Injector, clause: str) -> None:
    """A mark for the lesson in which the student is coded absent; a mark for a work that was written the next day is in order."""
    treated = injector.school.sanatorium[0]
    for lesson in _pick(injector, "absent", lambda lesson: bool(set(lesson.absent) - {treated}) and lesson.grade > 1 and not lesson.work):
        student = next(student for student in sorted(lesson.absent) if student != treated)
        lesson.marks[student] = ("4", lesson.end - MINUTE)
        injector.tell("present.absent", clause, lesson, "mismatch", due=None, verdict="review", students=[student])
    for lesson in _pick(injector, "later", lambda lesson: bool(lesson.absent) and lesson.work is not None):
        lesson.work_marks[min(lesson.absent)] = ("4", midnight(lesson.day + DAY) + 7 * HOUR)


def _not_held(injector: Injector, clause: str) -> None:
    """Roll called in a lesson that is cancelled since the morning; records of a teacher who is away all week."""
    law, random = CONTENTS[injector.law.slug], injector.dice("contents/held")
    cancelled = [lesson for lesson in injector.school.lessons if lesson.cancelled]
    for lesson in random.sample(cancelled, min(len(cancelled), max(2, injector.count // 2))):
        injector.add("attendance.taken", lesson.start + 5 * MINUTE, lesson.planned, lesson=lesson.id)
        injector.tell("held.cancelled", clause, lesson, "mismatch", due=None, verdict="review", responsible=lesson.planned)
    for leave in injector.school.leaves[:: 2 if injector.count < 12 else 1]:
        away = _pick(injector, f"away/{leave.teacher}", partial(_replaced, leave.teacher, leave.first), 1)
        for lesson in away:
            lesson.teacher = lesson.planned
            lesson.marks = {}
            made = {"topic": lesson.topic_at, "roll": lesson.roll_at, "homework": lesson.homework_at}
            for record in law.held_records:
                if made[record] is not None:
                    injector.tell("held.away", clause, lesson, "mismatch", due=None, verdict="review")


def _replaced(teacher: str, monday: date, lesson: Lesson) -> bool:
    return (
        monday == lesson.day - lesson.day.weekday() * DAY
        and lesson.planned == teacher != lesson.teacher
        and not lesson.absent
        and plain_topic(lesson)
    )


def _other_group(injector: Injector, clause: str) -> None:
    """The roll of one half of the class called by the teacher of the other."""
    teachers = {(lesson.class_, lesson.subject, lesson.group): lesson.planned for lesson in injector.school.lessons}
    holding: dict[tuple[str, str, str | None], set[str]] = {}
    for lesson in injector.school.lessons:
        holding.setdefault((lesson.class_, lesson.subject, lesson.group), set()).update((lesson.planned, lesson.teacher))
    for lesson in _pick(injector, "group", lambda lesson: lesson.group is not None and not lesson.cancelled):
        other = teachers[lesson.class_, lesson.subject, "2" if lesson.group == "1" else "1"]
        if other not in holding[lesson.class_, lesson.subject, lesson.group]:
            injector.add("attendance.taken", lesson.start + 6 * MINUTE, other, lesson=lesson.id)
            injector.tell("group.other", clause, lesson, "forbidden", due=None, verdict="review", responsible=other)


# ---- texts -------------------------------------------------------------------------------------------------------------------------


def _language(injector: Injector, clause: str) -> None:
    """Topics and homework in another language; a foreign title in a Russian topic is in order."""
    plain = lambda lesson: lesson.work is None and lesson.topic_at is not None and lesson.homework_at is not None  # noqa: E731  -- twice
    for place, lesson in enumerate(_pick(injector, "language", plain, injector.count)):
        lesson.topic = _FOREIGN[place % 2]
        verdict = ("violation", "review")[place % 2]
        injector.tell("language.topic", clause, lesson, "mismatch", due=None, verdict=verdict)
    for place, lesson in enumerate(_pick(injector, "language of homework", plain)):
        lesson.homework = ("Learn the new words by heart", "Unit 3: повторить. Read the text and answer the questions below")[place % 2]
        verdict = ("violation", "review")[place % 2]
        injector.tell("language.homework", clause, lesson, "mismatch", due=None, verdict=verdict)
    for lesson in _pick(injector, "russian", plain):
        lesson.topic, lesson.homework = "Настоящее совершенное время (Present Perfect)", "p. 40 ex. 5, выучить слова"


def _work_topics(injector: Injector, clause: str) -> None:
    """Topics of lessons with a work that do not name it, or come a day late."""
    named = lambda lesson: lesson.kind in ("lab", "practical", "control") and lesson.topic_at is not None  # noqa: E731  -- twice
    for lesson in _pick(injector, "work topic", named):
        lesson.topic = "Обобщение раздела"
        injector.tell("topic.names_no_work", clause, lesson, "missing", due=None, verdict="review")
    for lesson in _pick(injector, "work topic late", named):
        lesson.topic_at = midnight(lesson.day + DAY) + 9 * HOUR
        injector.tell("topic.with_work.late", clause, lesson, "late", due=midnight(lesson.day + DAY))


def _homework(injector: Injector, clause: str) -> None:
    for lesson in _pick(injector, "homework", lambda lesson: lesson.homework_at is not None):
        lesson.homework = "По теме"
        injector.tell("homework.content", clause, lesson, "missing", due=None, verdict="review")
    for lesson in _pick(injector, "clear homework", lambda lesson: lesson.homework_at is not None):
        lesson.homework = "Пересказать рассказ"


# ---- marks -------------------------------------------------------------------------------------------------------------------------


def _several(injector: Injector, clause: str) -> None:
    """Two marks in one cell of a lesson without a work."""
    for lesson in _pick(injector, "several", lambda lesson: bool(lesson.marks) and lesson.work is None):
        student = max(lesson.marks)
        lesson.marks[student] = ("45", lesson.marks[student][1])
        injector.tell("marks.several", clause, lesson, "mismatch", due=None, verdict="review", students=[student])


def _sanatorium(injector: Injector, clause: str) -> None:
    """Marks from a sanatorium stand beside the code of absence; some without it."""
    student, first, last = injector.school.sanatorium
    injector.add(
        "order.signed", midnight(first) - 12 * HOUR, "dir-01", order=f"O-{student}", kind="sanatorium", person=student,
        date=(first - DAY).isoformat(), from_=first.isoformat(), to=last.isoformat(),
    )  # fmt: skip
    for place, lesson in enumerate(
        _pick(injector, "sanatorium", lambda lesson: student in lesson.absent and lesson.work is None and first <= lesson.day <= last, 4)
    ):
        if place % 2:
            lesson.marks[student] = ("УП5", lesson.end)
            continue
        del lesson.absent[student], lesson.reasons[student]
        lesson.marks[student] = ("4", lesson.end)
        injector.tell("marks.sanatorium", clause, lesson, "forbidden", due=None, verdict="review", students=[student])


def _tied(injector: Injector, clause: str) -> None:
    """Marks for a work that nobody set, and in a lesson that the timetable does not know."""
    for lesson in _pick(injector, "tied", lambda lesson: bool(lesson.marks) and lesson.work is None):
        student = min(lesson.marks)
        injector.add("mark.recorded", lesson.end, lesson.teacher, lesson=lesson.id, student=student, value="4", work=f"W-{lesson.id}")
        injector.tell("marks.no_work", clause, lesson, "mismatch", due=None, verdict="review", students=[student])
        injector.add("mark.recorded", lesson.end, lesson.teacher, lesson=f"X-{lesson.id}", student=student, value="4")
        injector.tell(
            "marks.no_lesson", clause, None, "mismatch", due=None, verdict="review", responsible=lesson.teacher, students=[student],
            date=lesson.day.isoformat(),
        )  # fmt: skip


def _reasons(injector: Injector, clause: str) -> None:
    """A reason that the text has only in an example, and that says no reason."""
    for lesson in _pick(injector, "reasons", lambda lesson: bool(lesson.reasons)):
        student, who = min(lesson.reasons), injector.school.of(lesson.class_).homeroom
        lesson.reasons[student] = ("Н", lesson.reasons[student][1])
        injector.tell("code.reason", clause, lesson, "forbidden", due=None, verdict="notice", students=[student], responsible=who)
        due = midnight(lesson.day + (7 - lesson.day.weekday()) * DAY)
        injector.tell("reasons.none", injector.law.reasons, lesson, "missing", due=due, students=[student], responsible=who)


# ---- briefings ---------------------------------------------------------------------------------------------------------------------


def _incidents(injector: Injector, clause: str) -> None:
    """After an incident the next lesson of the class and subject begins with a briefing, or does not."""
    lessons = {lesson.id: lesson for lesson in injector.school.lessons}
    by_line: dict[tuple[str, str, str | None], list[Lesson]] = {}
    for lesson in lessons.values():
        if not lesson.cancelled:
            by_line.setdefault((lesson.class_, lesson.subject, lesson.group), []).append(lesson)
    found = 0
    for lesson in _pick(injector, "incident", lambda lesson: not lesson.cancelled, 12):
        later = [other for other in by_line[lesson.class_, lesson.subject, lesson.group] if other.day > lesson.day]
        if not later or later[0].used or found >= 4 or not plain_topic(later[0]):
            continue
        found, following = found + 1, later[0]
        following.used = True
        injector.add("incident.reported", lesson.end, lesson.teacher, kind="safety", lesson=lesson.id, class_=lesson.class_)
        if found % 2:
            following.topic = f"Внеплановый инструктаж. {following.topic}"
        else:
            due = midnight(following.day + DAY)
            injector.tell("briefing.incident", clause, following, "missing", due=due, verdict="notice")
