"""How the teachers of a simulated school keep its journal when nobody breaks a rule: what is entered, when, about whom."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random

from ingest.simulator.school import Lesson, School
from ingest.simulator.terms import BRIEFED, WORKS, Law

MINUTE = timedelta(minutes=1)
_TOPICS = ["Повторение изученного", "Новый материал", "Решение задач", "Работа с источником", "Обобщение раздела", "Практикум"]
_TASKS = ["Учебник: § {n}, вопросы", "№ {n}, с. {n}", "упр. {n}, с. {n}", "Выучить правило, с. {n}"]
_WORK_TOPICS = {
    "lab": "Инструктаж. Лабораторная работа", "practical": "Инструктаж. Практическая работа", "control": "Контрольная работа",
    "dictation": "Диктант", "exposition": "Изложение", "essay": "Сочинение", "test": "Тест", "independent": "Самостоятельная работа",
    "check": "Проверочная работа",
}  # fmt: skip


def keep(school: School, law: Law, random: Random, home: dict[str, date]) -> None:
    """Fill every lesson held with compliant entries; `home` gives home-schooled students and the first day of their order."""
    lines: dict[tuple[str, str, str | None], int] = defaultdict(int)
    evening = {teacher: random.random() < 0.4 for teacher in school.teachers}
    second_half = school.days.quarters[2].starts
    briefed: set[tuple[str, str, str | None, bool]] = set()
    for lesson in school.lessons:
        if lesson.cancelled:
            continue
        line = (lesson.class_, lesson.subject, lesson.group)
        lines[line] += 1
        students = school.members(lesson.class_, lesson.group, lesson.day, lesson.subject)
        students = [s for s in students if s not in home or lesson.day < home[s]]
        _presence(lesson, students, school, law, random)
        _texts(lesson, lines[line], law, random, late=evening[lesson.teacher])
        present = [s for s in students if s not in lesson.absent]
        if lesson.grade > 1:
            _marks(lesson, lines[line], present, random, late=evening[lesson.teacher])
        half = lesson.day >= second_half
        if law.slug == "pestravka":
            if lesson.subject in BRIEFED and (*line, half) not in briefed:
                lesson.topic = ("Повторный" if half else "Вводный") + " инструктаж. " + lesson.topic
            briefed.add((*line, half))


def _presence(lesson: Lesson, students: list[str], school: School, law: Law, random: Random) -> None:
    lesson.roll_at = lesson.start + 5 * MINUTE
    for student in students:
        spell = next(((first, last) for first, last in school.away[student] if first <= lesson.day <= last), None)
        if spell is None:
            continue
        lesson.absent[student] = law.bare
        reason = "Б" if spell[0] < spell[1] else "НП" if hash_of(student, lesson.day) % 4 == 0 else "УП"
        sunday = lesson.day + timedelta(days=6 - lesson.day.weekday())
        friday = max(lesson.day, sunday - timedelta(days=2))
        at = datetime.combine(lesson.day if law.slug == "school-7" else friday, time(17)) + random.randrange(150) * MINUTE
        lesson.reasons[student] = (reason, at)


def hash_of(text: str, day: date) -> int:
    """Give a small number that depends on text and day only (Python's own hash differs between runs)."""
    return sum(map(ord, text)) + day.toordinal()


def _texts(lesson: Lesson, place: int, law: Law, random: Random, *, late: bool) -> None:
    lesson.topic = f"{_TOPICS[place % len(_TOPICS)]}. Часть {place}"
    lesson.topic_at = lesson.end - 3 * MINUTE if not late else _evening(lesson, random)
    if lesson.grade == 1:
        return
    if law.homework_missing or random.random() < 0.8:
        at_once = law.slug == "pestravka" or not late
        lesson.homework_at = lesson.end - 2 * MINUTE if at_once else _evening(lesson, random)


def homework_text(lesson: Lesson) -> str:
    """Give a homework text for a lesson."""
    number = hash_of(lesson.id, lesson.day)
    return _TASKS[number % len(_TASKS)].format(n=number % 90 + 3)


def _evening(lesson: Lesson, random: Random) -> datetime:
    return datetime.combine(lesson.day, time(18)) + random.randrange(170) * MINUTE


def _marks(lesson: Lesson, place: int, present: list[str], random: Random, *, late: bool) -> None:
    kinds = WORKS.get(lesson.subject)
    if kinds and place % 9 == 5 and not lesson.used and len(present) > 4:
        lesson.work = f"W{lesson.id[1:]}"
        lesson.kind = kinds[(place // 9) % len(kinds)]
        if lesson.kind in _WORK_TOPICS:
            lesson.topic = f"{_WORK_TOPICS[lesson.kind]} {place}"
        at = datetime.combine(lesson.day, time(19)) + random.randrange(120) * MINUTE
        lesson.work_marks = {student: (random.choice("3445"), at) for student in present}
        return
    chosen = random.sample(present, min(len(present), random.choice([9, 11, 13, 15])))
    at = _evening(lesson, random) if late else lesson.end - MINUTE
    lesson.marks = {student: (random.choice("3344455"), at) for student in chosen}
