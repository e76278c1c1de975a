"""Events of the calendar and of people."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from pydantic import Field

from ingest.fields import Class, EventData, Group, Order, Period, Person, Subject, Text, Word


class PeriodSet(EventData):
    """A study period and its first and last day."""

    type: ClassVar[str] = "period.set"
    period: Period
    kind: Literal["quarter", "trimester", "half_year", "year"]
    starts: dt.date
    ends: dt.date
    grades: list[int] | None = None


class DaySet(EventData):
    """A day set working or free by the school's own order."""

    type: ClassVar[str] = "day.set"
    date: dt.date
    working: bool
    scope: Literal["staff", "students", "all"] | None = None
    classes: list[Class] | None = None
    reason: Text | None = None


class ClassFormed(EventData):
    """A class with its grade and homeroom teacher."""

    type: ClassVar[str] = "class.formed"
    class_: Class = Field(alias="class")
    grade: int
    homeroom_teacher: Person | None = None
    shift: int | None = None
    school_year: Word | None = None


class PersonRegistered(EventData):
    """A person and the roles it holds."""

    type: ClassVar[str] = "person.registered"
    person: Person
    roles: list[str]
    name: Text | None = None


class RoleAssigned(EventData):
    """A role held from a day on, delegations too."""

    type: ClassVar[str] = "role.assigned"
    person: Person
    role: Word
    from_: dt.date = Field(alias="from")
    to: dt.date | None = None
    reason: Text | None = None


class OrderSigned(EventData):
    """An order of the director about a person."""

    type: ClassVar[str] = "order.signed"
    order: Order
    kind: Literal["hire", "dismiss", "enrol", "leave", "transfer", "home_schooling", "sanatorium", "duty"]
    person: Person
    date: dt.date
    from_: dt.date | None = Field(default=None, alias="from")
    to: dt.date | None = None
    class_: Class | None = Field(default=None, alias="class")


class StudentJoined(EventData):
    """A student in a class from a day on."""

    type: ClassVar[str] = "student.joined"
    student: Person
    class_: Class = Field(alias="class")
    date: dt.date


class StudentLeft(EventData):
    """A student out of a class from a day on."""

    type: ClassVar[str] = "student.left"
    student: Person
    class_: Class = Field(alias="class")
    date: dt.date


class GroupAssigned(EventData):
    """A student in a group of a split class from a day on."""

    type: ClassVar[str] = "group.assigned"
    student: Person
    class_: Class = Field(alias="class")
    subject: Subject
    group: Group
    from_: dt.date = Field(alias="from")


class AbsenceRegistered(EventData):
    """A registered absence of staff or student."""

    type: ClassVar[str] = "absence.registered"
    person: Person
    from_: dt.date = Field(alias="from")
    to: dt.date
    reason: Text | None = None


class AccountCreated(EventData):
    """An account was made for a person."""

    type: ClassVar[str] = "account.created"
    person: Person


class AccountDisabled(EventData):
    """A person's account was closed."""

    type: ClassVar[str] = "account.disabled"
    person: Person


class AccessGranted(EventData):
    """Access to the journal, of a class or subject where named."""

    type: ClassVar[str] = "access.granted"
    person: Person
    from_: dt.date = Field(alias="from")
    class_: Class | None = Field(default=None, alias="class")
    subject: Subject | None = None


class ParentLinked(EventData):
    """A parent tied to a student's card."""

    type: ClassVar[str] = "parent.linked"
    parent: Person
    student: Person


class ConsentSigned(EventData):
    """Consent to the processing of a student's data."""

    type: ClassVar[str] = "consent.signed"
    student: Person
    parent: Person | None = None


class ConsentRefused(EventData):
    """Consent refused."""

    type: ClassVar[str] = "consent.refused"
    student: Person
    parent: Person | None = None


class OptoutFiled(EventData):
    """A family that wants no electronic information."""

    type: ClassVar[str] = "optout.filed"
    student: Person
    parent: Person | None = None


class ProfileUpdated(EventData):
    """A personal card was changed."""

    type: ClassVar[str] = "profile.updated"
    person: Person
    complete: bool | None = None
    class_: Class | None = Field(default=None, alias="class")


class ListDelivered(EventData):
    """Lists handed to the administrator."""

    type: ClassVar[str] = "list.delivered"
    kind: Literal["classes", "teachers"]
