"""Events of the calendar and of people."""

# ruff: noqa: D101  -- the class name and its `type` are the whole description; the contract's table says the rest
from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from pydantic import Field

from ingest.fields import Class, EventData, Group, Order, Period, Person, Subject, Text, Word


class PeriodSet(EventData):
    type: ClassVar[str] = "period.set"
    period: Period
    kind: Literal["quarter", "trimester", "half_year", "year"]
    starts: dt.date
    ends: dt.date
    grades: list[int] | None = None


class DaySet(EventData):
    type: ClassVar[str] = "day.set"
    date: dt.date
    working: bool
    scope: Literal["staff", "students", "all"] | None = None
    classes: list[Class] | None = None
    reason: Text | None = None


class ClassFormed(EventData):
    type: ClassVar[str] = "class.formed"
    class_: Class = Field(alias="class")
    grade: int
    homeroom_teacher: Person | None = None
    shift: int | None = None
    school_year: Word | None = None


class PersonRegistered(EventData):
    type: ClassVar[str] = "person.registered"
    person: Person
    roles: list[str]
    name: Text | None = None


class RoleAssigned(EventData):
    type: ClassVar[str] = "role.assigned"
    person: Person
    role: Word
    from_: dt.date = Field(alias="from")
    to: dt.date | None = None
    reason: Text | None = None


class OrderSigned(EventData):
    type: ClassVar[str] = "order.signed"
    order: Order
    kind: Literal["hire", "dismiss", "enrol", "leave", "transfer", "home_schooling", "sanatorium", "duty"]
    person: Person
    date: dt.date
    from_: dt.date | None = Field(default=None, alias="from")
    to: dt.date | None = None
    class_: Class | None = Field(default=None, alias="class")


class StudentJoined(EventData):
    type: ClassVar[str] = "student.joined"
    student: Person
    class_: Class = Field(alias="class")
    date: dt.date


class StudentLeft(EventData):
    type: ClassVar[str] = "student.left"
    student: Person
    class_: Class = Field(alias="class")
    date: dt.date


class GroupAssigned(EventData):
    type: ClassVar[str] = "group.assigned"
    student: Person
    class_: Class = Field(alias="class")
    subject: Subject
    group: Group
    from_: dt.date = Field(alias="from")


class AbsenceRegistered(EventData):
    type: ClassVar[str] = "absence.registered"
    person: Person
    from_: dt.date = Field(alias="from")
    to: dt.date
    reason: Text | None = None


class AccountCreated(EventData):
    type: ClassVar[str] = "account.created"
    person: Person


class AccountDisabled(EventData):
    type: ClassVar[str] = "account.disabled"
    person: Person


class AccessGranted(EventData):
    type: ClassVar[str] = "access.granted"
    person: Person
    from_: dt.date = Field(alias="from")
    class_: Class | None = Field(default=None, alias="class")
    subject: Subject | None = None


class ParentLinked(EventData):
    type: ClassVar[str] = "parent.linked"
    parent: Person
    student: Person


class ConsentSigned(EventData):
    type: ClassVar[str] = "consent.signed"
    student: Person
    parent: Person | None = None


class ConsentRefused(EventData):
    type: ClassVar[str] = "consent.refused"
    student: Person
    parent: Person | None = None


class OptoutFiled(EventData):
    type: ClassVar[str] = "optout.filed"
    student: Person
    parent: Person | None = None


class ProfileUpdated(EventData):
    type: ClassVar[str] = "profile.updated"
    person: Person
    complete: bool | None = None
    class_: Class | None = Field(default=None, alias="class")


class ListDelivered(EventData):
    type: ClassVar[str] = "list.delivered"
    kind: Literal["classes", "teachers"]
