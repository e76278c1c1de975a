"""Events of the timetable and of entries in the journal."""

# ruff: noqa: D101  -- the class name and its `type` are the whole description; the contract's table says the rest
from __future__ import annotations

import datetime as dt
from typing import ClassVar

from pydantic import Field

from ingest.fields import Class, Code, EventData, Exam, Group, Lesson, Period, Person, Subject, Text, Value, Work, WorkKind


class LessonScheduled(EventData):
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
    type: ClassVar[str] = "lesson.moved"
    lesson: Lesson
    starts_at: dt.datetime
    ends_at: dt.datetime


class LessonCancelled(EventData):
    type: ClassVar[str] = "lesson.cancelled"
    lesson: Lesson
    reason: Text | None = None


class LessonSubstituted(EventData):
    type: ClassVar[str] = "lesson.substituted"
    lesson: Lesson
    teacher: Person


class WorkSet(EventData):
    type: ClassVar[str] = "work.set"
    work: Work
    lesson: Lesson
    kind: WorkKind
    students: list[Person] | None = None


class PlanPublished(EventData):
    type: ClassVar[str] = "plan.published"
    class_: Class = Field(alias="class")
    subject: Subject
    teacher: Person
    hours: int | None = None
    period: Period | None = None
    topics: list[str] | None = None


class TopicRecorded(EventData):
    type: ClassVar[str] = "topic.recorded"
    lesson: Lesson
    text: Text


class HomeworkRecorded(EventData):
    type: ClassVar[str] = "homework.recorded"
    lesson: Lesson
    text: Text


class AttendanceTaken(EventData):
    type: ClassVar[str] = "attendance.taken"
    lesson: Lesson


class AttendanceRecorded(EventData):
    type: ClassVar[str] = "attendance.recorded"
    lesson: Lesson
    student: Person
    code: Code
    old: Code | None = None


class AttendanceChanged(EventData):
    type: ClassVar[str] = "attendance.changed"
    lesson: Lesson
    student: Person
    code: Code
    old: Code | None = None


class MarkRecorded(EventData):
    type: ClassVar[str] = "mark.recorded"
    lesson: Lesson
    student: Person
    value: Value
    old: Value | None = None
    work: Work | None = None


class MarkChanged(EventData):
    type: ClassVar[str] = "mark.changed"
    lesson: Lesson
    student: Person
    value: Value
    old: Value | None = None
    work: Work | None = None


class MarkDeleted(EventData):
    type: ClassVar[str] = "mark.deleted"
    lesson: Lesson
    student: Person
    value: Value | None = None
    old: Value | None = None
    work: Work | None = None


class PeriodMarkRecorded(EventData):
    type: ClassVar[str] = "period_mark.recorded"
    class_: Class = Field(alias="class")
    subject: Subject
    student: Person
    period: Period
    value: Value
    old: Value | None = None


class PeriodMarkChanged(EventData):
    type: ClassVar[str] = "period_mark.changed"
    class_: Class = Field(alias="class")
    subject: Subject
    student: Person
    period: Period
    value: Value
    old: Value | None = None


class ExamAnnounced(EventData):
    type: ClassVar[str] = "exam.announced"
    exam: Exam
    subject: Subject
    date: dt.date
    grade: int | None = None
    students: list[Person] | None = None


class ExamMarkRecorded(EventData):
    type: ClassVar[str] = "exam_mark.recorded"
    exam: Exam
    student: Person
    value: Value


class FinalMarkRecorded(EventData):
    type: ClassVar[str] = "final_mark.recorded"
    class_: Class = Field(alias="class")
    subject: Subject
    student: Person
    value: Value
