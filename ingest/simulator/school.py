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
_COMERS, _LEAVERS, _CHANGERS = (11, 14), (6, 9), (12, 13, 15, 16, 17)
"""Places in the class list of those who come, go or change the class during the year."""
_TREATED, _LISTED_BY_OTHER = 18, 6
_LAST_COMER = 17
_MANY_CLASSES = 10
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
    homework: str = ""
    """What is set as homework, where it is not any of the usual tasks."""
    roll_at: datetime | None = None
    work: str | None = None
    kind: str | None = None
    absent: dict[str, str] = field(default_factory=dict)
    marks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    work_marks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    reasons: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    moved_from: datetime | None = None
    entered_at: datetime | None = None
    """When it was entered into the timetable; None: before the year."""
    changed_at: datetime | None = None
    """When its move or substitution was entered; None: in the morning of the day."""
    unregistered: bool = False
    """Whether nobody entered who held it in another's place."""
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
    half: int
    """How many students are in the first group; whoever comes from another class is in the second."""

    def group(self, group: str | None) -> list[str]:
        """Give the students of a group (the first and the second half), or all."""
        return self.students if group is None else self.students[: self.half] if group == "1" else self.students[self.half :]


@dataclass(frozen=True)
class Move:
    """A student's coming, going or change of class: from which day the order means it, and from which day the class lists say it."""

    student: str
    kind: str
    """As orders name it: enrol, leave, transfer."""
    class_: str
    """The class that is joined; of who leaves, the one that is left."""
    effective: date
    listed: date
    former: str | None = None
    """For a transfer: the class that is left."""


@dataclass(frozen=True)
class Regrouping:
    """A student's change to the other half of the class in a subject: who entered it, and when."""

    student: str
    class_: str
    subject: str
    to: str
    day: date
    by: str


@dataclass(frozen=True)
class Leave:
    """A teacher's absence of some days, and who stands in, by class, subject and group."""

    teacher: str
    first: date
    last: date
    substitutes: dict[tuple[str, str, str | None], str]


@dataclass
class School:
    """Everything of the year before anybody writes into the journal."""

    days: Days
    classes: list[Class_]
    teachers: list[str]
    lessons: list[Lesson]
    moves: dict[str, Move]
    away: dict[str, list[tuple[date, date]]]
    leaves: list[Leave]
    sanatorium: tuple[str, date, date]
    """Who is in a sanatorium, from when to when."""
    regrouped: list[Regrouping]
    listed_by: dict[str, str]
    """Who entered students into the class lists, where it was not the secretary."""
    grouped_at: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    """When a student (of a class, in a subject) was put into a group, where that was not done with the class list."""

    def of(self, name: str) -> Class_:
        """Give a class by its name."""
        return next(item for item in self.classes if item.name == name)

    def members(self, class_: str, group: str | None, day: date, subject: str = "") -> list[str]:
        """Give the students of a class, or of one of its halves in a subject, on a day."""
        found = [student for student in self.of(class_).group(group) if self.attends(student, day, class_)]
        for change in self.regrouped:
            if group is not None and (change.class_, change.subject) == (class_, subject) and day >= change.day:
                found = [student for student in found if student != change.student]
                found += [change.student] if group == change.to else []
        return found

    def attends(self, student: str, day: date, class_: str) -> bool:
        """Tell whether a student is in a class on a day, as the class lists say."""
        move = self.moves.get(student)
        if move is None:
            return True
        if move.kind == "transfer":
            return class_ == (move.class_ if day >= move.listed else move.former)
        return (day >= move.listed) == (move.kind == "enrol")


def name(random: Random) -> str:
    """Give an invented name made of syllables."""
    word = ["".join(random.choice(_SYLLABLES) for _ in range(3)).capitalize() for _ in range(2)]
    return " ".join(word)


def build(days: Days, size: str, random: Random) -> School:
    """Give the school of a size: "small" (6 classes) or "full" (40 classes, 70 teachers, about 1,100 students)."""
    if size == "small":
        names = [("1А", 1, 20), ("3А", 3, 20), ("6Б", 6, 20), ("9А", 9, 20), ("10А", 10, 20), ("6А", 6, 8)]
        teachers = [f"t-{n:02}" for n in range(1, 13)]
    else:
        letters = "АБВГ"
        names = [(f"{grade}{letter}", grade, 29) for grade in range(1, 12) for letter in letters[: 4 if grade < 8 else 3]]
        teachers = [f"t-{n:02}" for n in range(1, 71)]
    classes = []
    for place, (class_name, grade, size_of_class) in enumerate(names):
        students = [f"s-{place:02}{n:02}" for n in range(1, size_of_class + 1)]
        classes.append(Class_(class_name, grade, f"h-{place + 1:02}", students, size_of_class // 2))
    first = next(item for item in classes[3:] if item.grade > 1)
    treated = (first.students[_TREATED], days.quarters[2].starts + timedelta(days=20), days.quarters[2].starts + timedelta(days=40))
    school = School(days, classes, teachers, [], {}, {}, [], treated, [], {})
    _movements(school, random)
    number = 0
    for item in classes:
        number = _timetable(school, item, number, random)
    school.lessons.sort(key=lambda lesson: (lesson.start, lesson.id))
    _changes(school, random)
    _regroupings(school)
    _leaves(school, 3 if size == "small" else 12, random)
    school.lessons.sort(key=lambda lesson: (lesson.start, lesson.id))
    return school


def _movements(school: School, random: Random) -> None:
    for item in school.classes:
        school.away |= {student: _illnesses(school.days, random) for student in item.students}
    student, first, last = school.sanatorium
    school.away[student] = [(first, last)]
    days = [day for day in school.days.lessons_on[25:-45] if day.day > 3]
    for item in school.classes:
        if len(item.students) > _LAST_COMER:
            for kind, places in (("enrol", _COMERS), ("leave", _LEAVERS)):
                for place in places:
                    _move(school, item.students[place], kind, item.name, random.choice(days))
    for item in list(school.classes):
        parallel = [other.name for other in school.classes if other.grade == item.grade and other is not item]
        if parallel and len(item.students) > _LAST_COMER:
            for place in _CHANGERS if len(school.classes) < _MANY_CLASSES else _CHANGERS[:1]:
                to = random.choice(parallel)
                _move(school, item.students[place], "transfer", to, random.choice(days), item.name)
                school.of(to).students.append(item.students[place])


def _move(school: School, student: str, kind: str, class_: str, effective: date, former: str | None = None) -> None:
    """Plan a move; of every five one is entered into the class lists too late (eight working days)."""
    listed = effective
    if sum(move.kind == kind for move in school.moves.values()) % 5 == 0:
        listed = school.days.after(effective, 8)
        while listed not in school.days.lessons_on:
            listed = school.days.after(listed, 1)
        if kind == "leave":
            school.away[student].append((effective, listed))
    if kind == "enrol" and sum(move.kind == kind for move in school.moves.values()) % 10 == _LISTED_BY_OTHER:
        school.listed_by[student] = "d-01"
    school.moves[student] = Move(student, kind, class_, effective, listed, former)


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


def _regroupings(school: School) -> None:
    """In some classes a student changes the half: in the middle of a quarter, or on the first day of one, entered by one or the other."""
    quarters = school.days.quarters
    fates = [
        (quarters[1].starts + timedelta(days=13), "a-01"), (quarters[2].starts, "a-01"), (quarters[3].starts, school.teachers[0]),
        (quarters[1].starts, ""),
    ]  # fmt: skip
    classes = [item for item in school.classes if item.grade > 1 and len(item.students) > _TREATED]
    for place, item in enumerate(classes[:8]):
        day, by = fates[place % 4]
        student = item.students[_TREATED if item.students[_TREATED] != school.sanatorium[0] else _TREATED - 3]
        school.regrouped.append(Regrouping(student, item.name, "Английский язык", "1", day, by or item.homeroom))


def _leaves(school: School, count: int, random: Random) -> None:
    """Teachers who are away from a Monday to the Friday of the week; each of their classes has one substitute."""
    days = school.days.lessons_on
    mondays = [day for day in days[20:-30] if day.weekday() == 0 and all(day + timedelta(days=n) in days for n in range(5))]
    teaches = {(lesson.planned, lesson.class_, lesson.subject) for lesson in school.lessons}
    teachers = random.sample(school.teachers, count)
    for teacher, first in zip(teachers, sorted(random.sample(mondays, count)), strict=True):
        last = first + timedelta(days=4)
        leave = Leave(teacher, first, last, {})
        for lesson in school.lessons:
            if teacher in (lesson.teacher, lesson.planned) and first <= lesson.day <= last and not lesson.cancelled:
                line = (lesson.class_, lesson.subject, lesson.group)
                if line not in leave.substitutes:
                    free = [who for who in school.teachers if who not in teachers and (who, line[0], line[1]) not in teaches]
                    leave.substitutes[line] = random.choice(free)
                lesson.teacher = leave.substitutes[line]
        school.leaves.append(leave)
