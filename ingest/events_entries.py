"""Events of the timetable and of entries in the journal."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from pydantic import Field

from ingest.fields import Class, Code, EventData, Exam, Group, Lesson, Period, Person, Subject, Text, Value, Work, WorkKind


class LessonScheduled(EventData):
    """A lesson in the timetable."""

    type: ClassVar[str] = "lesson.scheduled"
    lesson: Lesson
    class_: Class = Field(alias="class")
    subject: Subject
    teacher: Person
    starts_at: dt.datetime
    ends_at: dt.datetime
    group: Group | None = None
    number: int | None = None


class LessonMoved(EventData):
    """A lesson moved to another time."""

    type: ClassVar[str] = "lesson.moved"
    lesson: Lesson
    starts_at: dt.datetime
    ends_at: dt.datetime


class LessonCancelled(EventData):
    """A lesson that is not held."""

    type: ClassVar[str] = "lesson.cancelled"
    lesson: Lesson
    reason: Text | None = None


class LessonSubstituted(EventData):
    """A lesson held by somebody else."""

    type: ClassVar[str] = "lesson.substituted"
    lesson: Lesson
    teacher: Person


class WorkSet(EventData):
    """A work that students do in a lesson."""

    type: ClassVar[str] = "work.set"
    work: Work
    lesson: Lesson
    kind: WorkKind
    students: list[Person] | None = None


class PlanPublished(EventData):
    """A calendar-thematic plan."""

    type: ClassVar[str] = "plan.published"
    class_: Class = Field(alias="class")
    subject: Subject
    teacher: Person
    hours: int | None = None
    period: Period | None = None
    topics: list[str] | None = None


class TopicRecorded(EventData):
    """The topic of a lesson."""

    type: ClassVar[str] = "topic.recorded"
    lesson: Lesson
    text: Text


class HomeworkRecorded(EventData):
    """The homework of a lesson."""

    type: ClassVar[str] = "homework.recorded"
    lesson: Lesson
    text: Text


class AttendanceTaken(EventData):
    """The roll was called."""

    type: ClassVar[str] = "attendance.taken"
    lesson: Lesson


class AttendanceRecorded(EventData):
    """An attendance code of a student."""

    type: ClassVar[str] = "attendance.recorded"
    lesson: Lesson
    student: Person
    code: Code
    old: Code | None = None


class AttendanceChanged(EventData):
    """An attendance code changed."""

    type: ClassVar[str] = "attendance.changed"
    lesson: Lesson
    student: Person
    code: Code
    old: Code | None = None


class MarkRecorded(EventData):
    """A mark, of a work where one is named."""

    type: ClassVar[str] = "mark.recorded"
    lesson: Lesson
    student: Person
    value: Value
    old: Value | None = None
    work: Work | None = None


class MarkChanged(EventData):
    """A mark changed."""

    type: ClassVar[str] = "mark.changed"
    lesson: Lesson
    student: Person
    value: Value
    old: Value | None = None
    work: Work | None = None


class MarkDeleted(EventData):
    """A mark deleted."""

    type: ClassVar[str] = "mark.deleted"
    lesson: Lesson
    student: Person
    value: Value | None = None
    old: Value | None = None
    work: Work | None = None


class PeriodMarkRecorded(EventData):
    """A mark for a study period."""

    type: ClassVar[str] = "period_mark.recorded"
    class_: Class = Field(alias="class")
    subject: Subject
    student: Person
    period: Period
    value: Value
    old: Value | None = None


class PeriodMarkChanged(EventData):
    """A mark for a study period changed."""

    type: ClassVar[str] = "period_mark.changed"
    class_: Class = Field(alias="class")
    subject: Subject
    student: Person
    period: Period
    value: Value
    old: Value | None = None


class ExamAnnounced(EventData):
    """Official announcement of an exam's results."""

    type: ClassVar[str] = "exam.announced"
    exam: Exam
    subject: Subject
    date: dt.date
    grade: int | None = None
    students: list[Person] | None = None


class ExamMarkRecorded(EventData):
    """An exam result."""

    type: ClassVar[str] = "exam_mark.recorded"
    exam: Exam
    student: Person
    value: Value


class FinalMarkRecorded(EventData):
    """A certificate mark."""

    type: ClassVar[str] = "final_mark.recorded"
    class_: Class = Field(alias="class")
    subject: Subject
    student: Person
    value: Value
