"""Events of control, parents, the system and the archive."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from ingest.fields import Class, Clause, EventData, Finding, Lesson, Period, Person, Remark, Text, Word

Archived = Literal["journal", "summary"]


class ControlPerformed(EventData):
    """A control of the journal and what it covered."""

    type: ClassVar[str] = "control.performed"
    control: Literal[
        "weekly_analysis", "monthly_analysis", "period_analysis", "deputy_check", "director_check", "roster_check", "attendance_check",
        "profile_check", "access_check",
    ]  # fmt: skip
    role: Word
    class_: Class | None = Field(default=None, alias="class")
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    published: bool | None = None
    directions: list[str] | None = None


class RemarkIssued(EventData):
    """A remark of the administration to a person."""

    type: ClassVar[str] = "remark.issued"
    remark: Remark
    to: Person
    lesson: Lesson | None = None
    student: Person | None = None
    due: date | None = None
    finding: Finding | None = None


class RemarkResolved(EventData):
    """A remark met."""

    type: ClassVar[str] = "remark.resolved"
    remark: Remark


class ReportDelivered(EventData):
    """A report given to a family or the administration."""

    type: ClassVar[str] = "report.delivered"
    report: Literal["progress", "homework", "period", "attendance", "programme", "class"]
    student: Person | None = None
    class_: Class | None = Field(default=None, alias="class")
    form: Literal["paper", "electronic"]
    to: Person | None = None


class DiaryViewed(EventData):
    """A parent looked at the diary."""

    type: ClassVar[str] = "diary.viewed"
    parent: Person
    student: Person
    section: Literal["diary", "period_marks"] | None = None


class NoticeSent(EventData):
    """A notice to a person."""

    type: ClassVar[str] = "notice.sent"
    to: Person
    about: Word
    student: Person | None = None
    class_: Class | None = Field(default=None, alias="class")
    person: Person | None = None
    form: Word | None = None
    finding: Finding | None = None


class MessageSent(EventData):
    """A message to a person."""

    type: ClassVar[str] = "message.sent"
    to: Person


class AnnouncementPosted(EventData):
    """An announcement."""

    type: ClassVar[str] = "announcement.posted"
    audience: Word | None = None


class IncidentReported(EventData):
    """An incident with credentials or safety."""

    type: ClassVar[str] = "incident.reported"
    kind: Word
    class_: Class | None = Field(default=None, alias="class")
    lesson: Lesson | None = None
    person: Person | None = None


class PageViewed(EventData):
    """A page somebody looked at."""

    type: ClassVar[str] = "page.viewed"
    person: Person
    page: Word
    student: Person | None = None
    class_: Class | None = Field(default=None, alias="class")


class ReferenceEntered(EventData):
    """A set of reference data entered."""

    type: ClassVar[str] = "reference.entered"
    kind: Literal[
        "periods", "subjects", "curriculum_profiles", "load_limits", "parallel_subjects", "period_types", "period_bounds", "timetable",
        "teacher_load", "subgroups",
    ]  # fmt: skip
    school_year: Word


class BackupCreated(EventData):
    """A backup and its medium."""

    type: ClassVar[str] = "backup.created"
    medium: Literal["server", "removable"]


class _Archive(EventData):
    class_: Class = Field(alias="class")
    school_year: Word
    document: Archived
    format: Word | None = None
    copy_: Literal["main", "working"] | None = Field(default=None, alias="copy")
    signed: bool | None = None
    pages: int | None = None
    act: Text | None = None


class ArchiveChecked(_Archive):
    """A journal checked before its export."""

    type: ClassVar[str] = "archive.checked"


class ArchiveExported(_Archive):
    """A journal exported."""

    type: ClassVar[str] = "archive.exported"


class ArchivePrinted(_Archive):
    """A journal printed."""

    type: ClassVar[str] = "archive.printed"


class ArchiveBound(_Archive):
    """A printed journal bound."""

    type: ClassVar[str] = "archive.bound"


class ArchiveDeposited(_Archive):
    """A journal handed to the archive."""

    type: ClassVar[str] = "archive.deposited"


class ArchiveDestroyed(_Archive):
    """A journal destroyed."""

    type: ClassVar[str] = "archive.destroyed"


class ParameterChanged(EventData):
    """A parameter of the system changed."""

    type: ClassVar[str] = "parameter.changed"
    name: Word
    old: Word | None = None
    value: Word | None = None


class SessionOpened(EventData):
    """A session under an account."""

    type: ClassVar[str] = "session.opened"
    account: Person
    role: Word | None = None
    device: Word | None = None


class CredentialsIssued(EventData):
    """Credentials given to a person."""

    type: ClassVar[str] = "credentials.issued"
    person: Person


class CredentialsCompromised(EventData):
    """Credentials known to others."""

    type: ClassVar[str] = "credentials.compromised"
    person: Person


class CredentialsChanged(EventData):
    """Credentials changed."""

    type: ClassVar[str] = "credentials.changed"
    person: Person


class OutageBegan(EventData):
    """The journal is out of order from now."""

    type: ClassVar[str] = "outage.began"
    scope: Word | None = None
    reason: Text | None = None


class OutageEnded(EventData):
    """The journal works again."""

    type: ClassVar[str] = "outage.ended"
    scope: Word | None = None
    reason: Text | None = None


class YearOpened(EventData):
    """A school year opened."""

    type: ClassVar[str] = "year.opened"
    school_year: Word


class YearClosed(EventData):
    """A school year closed."""

    type: ClassVar[str] = "year.closed"
    school_year: Word


class AttestationGiven(EventData):
    """A person confirms that a clause is kept: for the time in which it is given, or for the period or days that it names."""

    type: ClassVar[str] = "attestation.given"
    clause: Clause
    by: Person | None = None
    period: Period | None = None
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    document: Text | None = None
