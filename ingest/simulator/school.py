"""The people, the timetable and the lessons of a simulated school-year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from ingest.simulator.days import Days

BELLS = [datetime.combine(date.min, time(8, 30)) + timedelta(minutes=50 * n) for n in range(9)]
LESSON = timedelta(minutes=40)
PRIMARY = [
    "Русский язык",
    "Математика",
    "Литературное чтение",
    "Окружающий мир",
    "Английский язык",
    "Физическая культура",
    "Музыка",
    "Технология",
]
MIDDLE = [
    "Русский язык", "Литература", "Алгебра", "История", "Биология", "География", "Английский язык", "Физическая культура", "Технология",
    "Физика", "Информатика",
]  # fmt: skip
SENIOR = [
    "Русский язык", "Литература", "Алгебра", "Геометрия", "История", "Обществознание", "Физика", "Химия", "Биология", "Английский язык",
    "Физическая культура", "Информатика",
]  # fmt: skip
SPLIT = {"Английский язык", "Информатика", "Технология"}
_SYLLABLES = ["ба", "ве", "га", "де", "жу", "за", "ки", "ло", "ма", "не", "по", "ра", "су", "та", "фи", "хо", "ча", "ши"]


@dataclass
class Lesson:
    """A lesson as held; the fields below `teacher` are what the teacher does about it, and what breaches change."""

    id: str
    class_: str
    grade: int
    subject: str
    group: str | None
    number: int
    start: datetime
    planned: str
    teacher: str
    topic: str = ""
    topic_at: datetime | None = None
    homework_at: datetime | None = None
    roll_at: datetime | None = None
    work: str | None = None
    kind: str | None = None
    absent: dict[str, str] = field(default_factory=dict)
    marks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    work_marks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    reasons: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    moved_from: datetime | None = None
    cancelled: bool = False
    used: bool = False

    @property
    def day(self) -> date:
        """The day on which it was held."""
        return self.start.date()

    @property
    def end(self) -> datetime:
        """When it ended."""
        return self.start + LESSON


@dataclass
class Class_:
    """A class: its students in order, its homeroom teacher, groups by subject."""

    name: str
    grade: int
    homeroom: str
    students: list[str]

    def group(self, group: str | None) -> list[str]:
        """Give the students of a group (the first and the second half), or all."""
        half = len(self.students) // 2
        return self.students if group is None else self.students[:half] if group == "1" else self.students[half:]


@dataclass
class School:
    """Everything of the year before anybody writes into the journal."""

    days: Days
    classes: list[Class_]
    teachers: list[str]
    lessons: list[Lesson]
    left: dict[str, date]
    joined: dict[str, date]
    away: dict[str, list[tuple[date, date]]]

    def of(self, name: str) -> Class_:
        """Give a class by its name."""
        return next(item for item in self.classes if item.name == name)

    def attends(self, student: str, day: date) -> bool:
        """Tell whether a student belongs to the school on a day."""
        return self.joined.get(student, date.min) <= day < self.left.get(student, date.max)


def name(random: Random) -> str:
    """Give an invented name made of syllables."""
    word = ["".join(random.choice(_SYLLABLES) for _ in range(3)).capitalize() for _ in range(2)]
    return " ".join(word)


def build(days: Days, size: str, random: Random) -> School:
    """Give the school of a size: "small" (5 classes) or "full" (40 classes, 70 teachers, about 1,100 students)."""
    if size == "small":
        names = [("1А", 1), ("3А", 3), ("6Б", 6), ("9А", 9), ("10А", 10)]
        per_class, teachers = 20, [f"t-{n:02}" for n in range(1, 13)]
    else:
        letters = "АБВГ"
        names = [(f"{grade}{letter}", grade) for grade in range(1, 12) for letter in letters[: 4 if grade < 8 else 3]]
        per_class, teachers = 28, [f"t-{n:02}" for n in range(1, 71)]
    classes = []
    for place, (class_name, grade) in enumerate(names):
        students = [f"s-{place:02}{n:02}" for n in range(1, per_class + 1)]
        classes.append(Class_(class_name, grade, f"h-{place + 1:02}", students))
    school = School(days, classes, teachers, [], {}, {}, {})
    _movements(school, random)
    number = 0
    for item in classes:
        number = _timetable(school, item, number, random)
    school.lessons.sort(key=lambda lesson: (lesson.start, lesson.id))
    _changes(school, random)
    school.lessons.sort(key=lambda lesson: (lesson.start, lesson.id))
    return school


def _movements(school: School, random: Random) -> None:
    terms = school.days.quarters
    for item in school.classes:
        for student in item.students:
            luck = random.random()
            if luck < 0.01:
                school.left[student] = terms[2].starts + timedelta(days=14)
            elif luck < 0.02:
                school.joined[student] = terms[1].starts
            school.away[student] = _illnesses(school.days, random)


def _illnesses(days: Days, random: Random) -> list[tuple[date, date]]:
    found = []
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        first = random.choice(days.lessons_on[10:-20])
        found.append((first, first + timedelta(days=random.choice([0, 1, 2, 4, 9]))))
    return found


def _subjects(grade: int) -> list[str]:
    return PRIMARY if grade <= 4 else MIDDLE if grade <= 9 else SENIOR


def _timetable(school: School, item: Class_, number: int, random: Random) -> int:
    subjects = _subjects(item.grade)
    if item.grade >= 8 and item.grade <= 9:
        subjects = [*subjects, "Химия"]
    slots = 4 if item.grade == 1 else 5 if item.grade <= 4 else 6
    week = [[subjects[(day * slots + n) % len(subjects)] for n in range(slots)] for day in range(5)]
    teacher = {(subject, group): random.choice(school.teachers) for subject in subjects for group in (None, "1", "2")}
    for day in school.days.lessons_on:
        for n, subject in enumerate(week[day.weekday()]):
            split = subject in SPLIT and item.grade > 1
            for group in ("1", "2") if split else (None,):
                number += 1
                start = datetime.combine(day, BELLS[n].time())
                who = teacher[subject, group]
                school.lessons.append(Lesson(f"L{number}", item.name, item.grade, subject, group, n + 1, start, who, who))
    return number


def _changes(school: School, random: Random) -> None:
    """Substitutions, cancellations and moves; each is known in the morning of the day at the latest."""
    last_day = {lesson.class_: lesson.day for lesson in school.lessons}
    days = school.days.lessons_on
    following = dict(zip(days, days[1:], strict=False))
    for lesson in school.lessons:
        luck = random.random()
        if luck < 0.02:
            lesson.teacher = random.choice([who for who in school.teachers if who != lesson.planned])
        elif luck < 0.024:
            lesson.cancelled = True
        elif luck < 0.027 and lesson.day in following and following[lesson.day] < last_day[lesson.class_] and lesson.group is None:
            lesson.moved_from = lesson.start
            lesson.start = datetime.combine(following[lesson.day], BELLS[7].time())
        lesson.used = lesson.cancelled or lesson.moved_from is not None
