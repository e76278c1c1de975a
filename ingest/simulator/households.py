"""Families and staff as a school that keeps its rules has them: consents, ties, accounts, credentials, cards – before the year, and for
whoever comes during it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Class_, name
from ingest.simulator.terms import midnight, office

SECOND_PARENTS = (1, 2, 3, 4)
"""Places in the class list of students whose second parent comes into the journal during the year."""
PAPER = (7,)
"""Places of students whose family wants no electronic form, where the school's text speaks of such families."""
_PAPERLESS = 3
"""Of so many classes there are no such families in one."""
_PAPER_EVENT = {"pestravka": "optout.filed", "rainbow": "consent.refused"}


@dataclass(frozen=True)
class Household:
    """A student's family: who the parent is, whose class it is, when it came into the journal, whether it gets paper."""

    student: str
    parent: str
    item: Class_
    since: datetime
    paper: bool


def opening(injector: Injector) -> datetime:
    """Give the instant with which the log of the year begins."""
    return datetime.combine(injector.school.days.quarters[0].starts, time(10)) - 7 * DAY


def households(injector: Injector) -> Iterator[Household]:
    """Give every family, by class and student; of students who change the class, in their first one."""
    for number, item in enumerate(injector.school.classes):
        wanted = injector.law.slug in _PAPER_EVENT and number % _PAPERLESS != _PAPERLESS - 1
        for place, student in enumerate(item.students):
            move = injector.school.moves.get(student)
            if move is not None and move.kind == "transfer" and move.former != item.name:
                continue
            since = opening(injector)
            if move is not None and move.kind == "enrol":
                since = datetime.combine(injector.school.days.before(move.effective, 1), time(9))
            yield Household(student, parent_of(student), item, since, place in PAPER and wanted)


def parent_of(student: str) -> str:
    """Give the parent of a student."""
    return f"p{student[1:]}"


def registrar(injector: Injector, *, staff: bool = False) -> str:
    """Give who makes accounts."""
    return ("hr-01" if staff else "sec-01") if injector.law.slug == "sgo-school" else "a-01"


def keep_households(injector: Injector) -> None:
    """Everybody of the school has what belongs to an account, each act before the one that needs it."""
    random = injector.dice("households")
    begin = opening(injector)
    for family in households(injector):
        injector.add("person.registered", family.since, "a-01", person=family.parent, roles=["parent"], name=name(random))
        injector.add("parent.linked", family.since, registrar(injector), parent=family.parent, student=family.student)
        _papers(injector, family)
    people = [*office(injector.law.slug), *injector.school.teachers, *(item.homeroom for item in injector.school.classes)]
    for person in people:
        account(injector, person, begin + 2 * HOUR, begin + 3 * HOUR, "a-01", staff=True)
    for item in injector.school.classes:
        for place in SECOND_PARENTS:
            if place < len(item.students) and item.students[place] not in injector.school.moves:
                _second_parent(injector, item, item.students[place], place, name(random))


def _papers(injector: Injector, family: Household) -> None:
    student, parent, since, papers = family.student, family.parent, family.since, injector.papers
    event = _PAPER_EVENT[injector.law.slug] if family.paper else "consent.signed"
    if event != "optout.filed":
        papers["consent", student] = injector.add(event, since + HOUR, family.item.homeroom, student=student, parent=parent)
    if family.paper:
        if event == "optout.filed":
            papers["consent", student] = injector.add("consent.signed", since + HOUR, family.item.homeroom, student=student, parent=parent)
            injector.add(event, since + HOUR + timedelta(minutes=5), family.item.homeroom, student=student, parent=parent)
        else:
            _cards(injector, family)
            return
    for person in (student, parent):
        account(injector, person, since + 2 * HOUR, since + 3 * HOUR, family.item.homeroom)
    _cards(injector, family)


def _cards(injector: Injector, family: Household) -> None:
    for person in (family.student, family.parent):
        card = injector.add("profile.updated", family.since + 4 * HOUR, "sec-01", person=person, complete=True, class_=family.item.name)
        injector.papers["card", person] = card


def account(injector: Injector, person: str, at: datetime, issued: datetime, by: str, *, staff: bool = False) -> None:
    """Make a person's account and hand out the credentials."""
    injector.papers["account", person] = injector.add("account.created", at, registrar(injector, staff=staff), person=person)
    injector.papers["credentials", person] = injector.add("credentials.issued", issued, by, person=person)


def _second_parent(injector: Injector, item: Class_, student: str, place: int, called: str) -> None:
    """A second parent wants an account in the middle of the year; the family's consent stands since September."""
    parent = f"q{student[1:]}"
    day = injector.school.days.rolled(injector.school.days.lessons_on[30 + 7 * place + sum(map(ord, item.name)) % 60])
    at = midnight(day) + 14 * HOUR
    injector.add("person.registered", at, "a-01", person=parent, roles=["parent"], name=called)
    injector.papers["link", parent] = injector.add("parent.linked", at + HOUR, registrar(injector), parent=parent, student=student)
    account(injector, parent, at, at + 2 * HOUR, item.homeroom)
    injector.papers["card", parent] = injector.add(
        "profile.updated", at + 2 * HOUR, "sec-01", person=parent, complete=True, class_=item.name
    )
