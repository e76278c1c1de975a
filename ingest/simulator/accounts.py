"""Breaches about people's papers: consents, ties, accounts, credentials, cards, roles; each at people of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.households import SECOND_PARENTS, parent_of
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Class_
from ingest.simulator.terms import midnight


@dataclass(frozen=True)
class Papers:
    """What one school's text says about papers: clauses ("" where it is silent) and verdicts.

    Of those with two persons the first is the clause on parents, the second on students.
    """

    consent: str = ""
    consent_without: str = "notice"
    consent_later: str = "notice"
    consent_answers: str = "homeroom"
    """Who answers for an account before the consent: homeroom, maker of the account, or parent."""
    newcomer_consent: str = ""
    newcomer_answers: str = "homeroom"
    issuer_staff: str = ""
    issuer_families: tuple[str, str] = ("", "")
    issuer_students_verdict: str = ""
    issuer_verdict: str = "violation"
    other_homeroom: str = ""
    """The verdict on credentials from the homeroom teacher of another class, "" where that is nobody's matter."""
    issued: tuple[str, str] = ("", "")
    issued_staff: str = ""
    issued_days: int = 5
    """Working days; more than ten are days of the calendar."""
    linked: str = ""
    accounts: str = ""
    roles: str = ""
    roles_verdict: str = "review"
    rights: str = ""
    parameters: str = ""
    student_roles: str = ""
    student_roles_verdict: str = "review"
    cards: tuple[str, str] = ("", "")
    corrected: tuple[str, str] = ("", "")
    corrected_days: int = 5


PAPERS = {
    "lyceum-68": Papers(
        consent="3.5.7", issuer_staff="3.4.2", issuer_families=("3.5.6", "3.5.6"), issuer_verdict="review", other_homeroom="review",
        issued=("3.5.6", "3.5.6"), issued_staff="3.4.2",
    ),
    "pestravka": Papers(
        issuer_staff="2.1#1", issuer_families=("2.1#2", "2.1#2"), other_homeroom="violation", issued=("3.2#1", "3.2#1"), issued_days=14,
        accounts="1.10#1", roles="3.1#1", rights="3.1#1", corrected=("3.2#11b", "3.2#11b"), corrected_days=31,
    ),
    "rainbow": Papers(
        consent="5.2#1", consent_answers="parent", newcomer_consent="5.2#1", newcomer_answers="parent", issuer_staff="2.3#a",
        issuer_families=("2.3#b", "2.3#b"), other_homeroom="review", issued=("5.1#3", ""), issued_staff="4.2#2", student_roles="2.1#b",
        student_roles_verdict="violation", corrected=("3.3.1#c", "3.3.1#c"),
    ),
    "school-7": Papers(
        newcomer_consent="3.4.5", issuer_staff="2.2.1", issuer_families=("2.2.2", "3.4.4"), issuer_students_verdict="review",
        issued=("", "3.4.4"), issued_staff="3.1#5",
    ),
    "sgo-school": Papers(
        consent="3.8", consent_without="review", consent_later="violation", consent_answers="maker", newcomer_consent="4.homeroom#6",
        issuer_families=("3.10", "3.10"), other_homeroom="violation", issued=("4.homeroom#5", "4.homeroom#5"),
        linked="4.student_operator#3",
        accounts="4.student_operator#1", roles="4.administrator#5a", roles_verdict="violation", rights="4.administrator#5b",
        parameters="4.administrator#5b", student_roles="4.administrator#5a", cards=("4.homeroom#1a", "4.homeroom#1a"),
        corrected=("5.2.homeroom#3", "5.2.homeroom#2"),
    ),
}  # fmt: skip
_LATER, _NEVER, _REFUSED, _BY_TEACHER, _BY_OTHER, _ROLE, _INCOMPLETE, _CARD, _NO_CARD = 0, 5, 8, 10, 19, 1, 8, 5, 10
"""Places in the class list of the people concerned."""
_NEW_CONSENT_LATE, _NEW_CONSENT_NEVER, _NEW_CREDENTIALS, _NEW_CARD = 8, 9, 6, 7
"""Which of every ten newcomers."""
_BIG = 20


def accounts(injector: Injector) -> None:
    """Break what the school's text says about papers, some of each kind."""
    papers = PAPERS[injector.law.slug]
    big = [item for item in injector.school.classes if len(item.students) >= _BIG]
    chosen = injector.dice("accounts").sample(big, min(len(big), max(2, injector.count // 4)))
    for place, item in enumerate(chosen):
        _consents(injector, papers, item)
        _issuers(injector, papers, item, chosen[place - 1])
        _cards(injector, papers, item, place)
    _newcomers(injector, papers)
    _second_parents(injector, papers)
    _staff(injector, papers)
    _rights(injector, papers, chosen)


def _forbidden(injector: Injector, kind: str, clause: str, verdict: str, who: str, whom: str | None) -> None:
    if clause:
        injector.tell(kind, clause, None, "forbidden", due=None, verdict=verdict, responsible=who, object=whom)


# ---- consents ----------------------------------------------------------------------------------------------------------------------


def _consents(injector: Injector, papers: Papers, item: Class_) -> None:
    """Accounts before the consent, without one, and against a refusal."""
    for place, fate in ((_LATER, "later"), (_NEVER, "never"), (_REFUSED, "refused")):
        student = item.students[place]
        if not papers.consent or (fate == "refused" and injector.law.slug != "sgo-school"):
            continue
        if fate == "later":
            injector.papers["consent", student].at += 20 * DAY
        elif fate == "never":
            injector.drop("consent", student)
        else:
            injector.papers["consent", student].type = "consent.refused"
        _tell_consent(injector, papers, student, item.homeroom, fate)


def _tell_consent(injector: Injector, papers: Papers, student: str, homeroom: str, fate: str) -> None:
    for person in (student, parent_of(student)):
        maker = injector.papers["account", person].actor
        who = {"homeroom": homeroom, "maker": maker, "parent": parent_of(student)}[papers.consent_answers]
        verdict = papers.consent_without if fate == "never" else papers.consent_later
        injector.tell(
            f"consent.{fate}", papers.consent, None, "out_of_order", due=None, verdict=verdict, responsible=who, object=person,
            date=injector.papers["account", person].at.date().isoformat(),
        )  # fmt: skip


# ---- who gives what --------------------------------------------------------------------------------------------------------------


def _issuers(injector: Injector, papers: Papers, item: Class_, other: Class_) -> None:
    """Credentials from a teacher, and from the homeroom teacher of another class."""
    teacher = injector.school.teachers[0]
    student = item.students[_BY_TEACHER]
    for person, clause in zip((parent_of(student), student), papers.issuer_families, strict=True):
        injector.papers["credentials", person].actor = teacher
        verdict = (papers.issuer_students_verdict if person == student else "") or papers.issuer_verdict
        _forbidden(injector, "credentials.teacher", clause, verdict, teacher, person)
    if papers.other_homeroom:
        for person, clause in zip((parent_of(item.students[_BY_OTHER]), item.students[_BY_OTHER]), papers.issuer_families, strict=True):
            injector.papers["credentials", person].actor = other.homeroom
            _forbidden(injector, "credentials.other_homeroom", clause, papers.other_homeroom, other.homeroom, person)


def _staff(injector: Injector, papers: Papers) -> None:
    person = injector.school.teachers[-1]
    injector.papers["credentials", person].actor = "d-01"
    _forbidden(injector, "credentials.staff", papers.issuer_staff, papers.issuer_verdict, "d-01", person)
    hired = sorted(who for what, who in injector.papers if what == "credentials" and who.startswith("n-"))
    for fate, who in zip(("late", "missing"), hired[-2:], strict=False):
        _issue_late(injector, papers, who, "a-01", papers.issued_staff, fate)


def _rights(injector: Injector, papers: Papers, chosen: list[Class_]) -> None:
    """Roles, access and parameters from whoever may give them, and from others; a role of the staff for a student."""
    days = injector.dice("rights").sample(injector.school.days.lessons_on[20:-20], 2 + len(chosen))
    for place, day in enumerate(sorted(days)[:2]):
        at, who = midnight(day) + 13 * HOUR, ("a-01", "d-01")[place]
        person = "m-02"
        injector.add("role.assigned", at, who, person=person, role="teacher", from_=day.isoformat())
        injector.add("access.granted", at, who, person=person, from_=day.isoformat())
        injector.add("parameter.changed", at, who, name="mark_colours", value=str(place))
    _forbidden(injector, "rights.role", papers.roles, papers.roles_verdict, "d-01", "m-02")
    _forbidden(injector, "rights.access", papers.rights, "review", "d-01", "m-02")
    _forbidden(injector, "rights.parameter", papers.parameters, "review", "d-01", None)
    if papers.student_roles:
        for item, day in zip(chosen, sorted(days)[2:], strict=True):
            student = item.students[_ROLE]
            injector.add("role.assigned", midnight(day) + 14 * HOUR, "a-01", person=student, role="teacher", from_=day.isoformat())
            verdict = papers.student_roles_verdict
            injector.tell(
                "rights.student", papers.student_roles, None, "forbidden", due=None, verdict=verdict, responsible="a-01", students=[student]
            )


# ---- who comes during the year --------------------------------------------------------------------------------------------------


def _newcomers(injector: Injector, papers: Papers) -> None:
    comers = [move for move in injector.school.moves.values() if move.kind == "enrol"]
    if injector.law.slug == "school-7":
        _in_september(injector)
    for place, move in enumerate(comers):
        student, item = move.student, injector.school.of(move.class_)
        due = midnight(injector.school.days.after(move.listed, 5) + DAY)
        fate = {_NEW_CONSENT_LATE: "late", _NEW_CONSENT_NEVER: "missing"}.get(place % 10)
        if fate and papers.newcomer_consent:
            if fate == "late":
                injector.papers["consent", student].at = due + 10 * HOUR
            else:
                injector.drop("consent", student)
            who = item.homeroom if papers.newcomer_answers == "homeroom" else parent_of(student)
            injector.tell(
                f"newcomer.consent.{fate}", papers.newcomer_consent, None, fate, due=due, verdict="notice", responsible=who, object=student
            )
            if papers.consent:
                _tell_consent(injector, papers, student, item.homeroom, "later" if fate == "late" else "never")
        if place % 10 == _NEW_CREDENTIALS:
            _issue_late(injector, papers, student, item.homeroom, papers.issued[1], "late")
        if place % 10 == _NEW_CARD and papers.cards[0]:
            for person, clause in zip((parent_of(student), student), papers.cards, strict=True):
                injector.papers["card", person].at = midnight(move.listed + DAY) + 9 * HOUR
                _tell_card(injector, clause, item, student, "late", move.listed)


def _second_parents(injector: Injector, papers: Papers) -> None:
    """Ties, credentials and accounts of second parents; the first of every class has everything in time."""
    for item in injector.school.classes:
        own = [f"q{item.students[place][1:]}" for place in SECOND_PARENTS if place < len(item.students)]
        whole = [person for person in own if ("account", person) in injector.papers]
        for fate, person in zip(("late", "missing", "other"), whole[1:], strict=False):
            if fate == "other":
                injector.papers["account", person].actor = item.homeroom
                _forbidden(injector, "account.other", papers.accounts, "review", item.homeroom, person)
                continue
            tied = not (papers.linked and fate == "missing")
            _issue_late(injector, papers, person, item.homeroom if tied else None, papers.issued[0], fate)
            if papers.linked:
                made = injector.papers["account", person].at.date()
                due = midnight(injector.school.days.after(made, 5) + DAY)
                if fate == "late":
                    injector.papers["link", person].at = due + 10 * HOUR
                    injector.papers["card", person].at = due + 10 * HOUR
                else:
                    injector.drop("link", person)
                injector.tell(f"link.{fate}", papers.linked, None, fate, due=due, verdict="notice", responsible="sec-01", object=person)


def _in_september(injector: Injector) -> None:
    """Second parents who come in September have their credentials until the end of it, or a day later, or never."""
    end = date(injector.school.days.year, 10, 1)
    for fate, item in zip(("kept", "late", "missing"), injector.school.classes, strict=False):
        person, begins = f"q{item.students[SECOND_PARENTS[0]][1:]}", date(injector.school.days.year, 9, 10)
        injector.papers["account", person].at = midnight(begins) + 12 * HOUR
        injector.papers["link", person].at = midnight(begins) + 13 * HOUR
        injector.papers["credentials", person].at = midnight(end) + (10 * HOUR if fate == "late" else -HOUR)
        if fate == "missing":
            injector.drop("credentials", person)
        if fate != "kept":
            injector.tell(
                f"credentials.{fate}", "2.2.2", None, fate, due=midnight(end), verdict="notice", responsible=item.homeroom, object=person
            )


def _issue_late(injector: Injector, papers: Papers, person: str, who: str | None, clause: str, fate: str) -> None:
    days, made = injector.school.days, injector.papers["account", person].at.date()
    last = days.after(made, papers.issued_days) if papers.issued_days < 10 else days.rolled(made + papers.issued_days * DAY)
    due = midnight(last + DAY)
    if not clause:
        return
    if fate == "late":
        injector.papers["credentials", person].at = due + 10 * HOUR
    else:
        injector.drop("credentials", person)
    injector.tell(f"credentials.{fate}", clause, None, fate, due=due, verdict="notice", responsible=who, object=person)


# ---- cards -------------------------------------------------------------------------------------------------------------------------


def _cards(injector: Injector, papers: Papers, item: Class_, place: int) -> None:
    """Cards that were not complete before the year, and cards found incomplete during it."""
    if papers.cards[0]:
        fate, student = ("late", item.students[_CARD]) if place % 2 else ("missing", item.students[_NO_CARD])
        for person, clause in zip((parent_of(student), student), papers.cards, strict=True):
            if fate == "late":
                injector.papers["card", person].at = midnight(date(injector.school.days.year, 9, 3)) + 12 * HOUR
            else:
                injector.drop("card", person)
            _tell_card(injector, clause, item, student, fate, date(injector.school.days.year, 8, 31))
    if papers.corrected[0]:
        student = item.students[_INCOMPLETE]
        for person, clause, fate in _found_incomplete(student, papers, place):
            _incomplete(injector, papers, item, person, clause, fate)


def _found_incomplete(student: str, papers: Papers, place: int) -> Iterator[tuple[str, str, str]]:
    fates = ("late", "missing") if place % 2 else ("kept", "late")
    yield from zip((parent_of(student), student), papers.corrected, fates, strict=True)


def _incomplete(injector: Injector, papers: Papers, item: Class_, person: str, clause: str, fate: str) -> None:
    days = injector.school.days
    day = injector.dice(f"incomplete/{person}").choice(days.lessons_on[30:-45])
    last = days.after(day, papers.corrected_days) if papers.corrected_days < 10 else days.rolled(day + papers.corrected_days * DAY)
    due = midnight(last + DAY)
    injector.add("profile.updated", midnight(day) + 12 * HOUR, "sec-01", person=person, complete=False, class_=item.name)
    if fate != "missing":
        at = due + 10 * HOUR if fate == "late" else due - timedelta(minutes=1)
        injector.add("profile.updated", at, "sec-01", person=person, complete=True, class_=item.name)
    if fate != "kept":
        injector.tell(
            f"card.incomplete.{fate}", clause, None, fate, due=due, verdict="notice", responsible=item.homeroom, object=person,
            date=day.isoformat(),
        )  # fmt: skip


def _tell_card(injector: Injector, clause: str, item: Class_, student: str, fate: str, last: date) -> None:
    injector.tell(
        f"card.{fate}", clause, None, fate, due=midnight(last + DAY), responsible=item.homeroom, class_=item.name, students=[student],
        date=last.isoformat(),
    )  # fmt: skip


# ---- lists and groups --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lists:
    """Who changes lists and groups: clauses, "" where the text is silent."""

    lists: str = ""
    groups: str = ""
    between_periods: bool = False
    administrator: str = ""
    """The verdict on the administrator, where the homeroom teacher changes groups; "" where it is the administrator who does."""


_LISTS = {
    "pestravka": Lists(groups="3.2#3", between_periods=True, administrator=""),
    "rainbow": Lists(groups="3.2.5#d", administrator="review"),
    "sgo-school": Lists(lists="4.student_operator#6"),
}


def lists(injector: Injector) -> None:
    """Say what must follow from changes of class lists and groups by those who may not, or when they may not."""
    law, school = _LISTS.get(injector.law.slug, Lists()), injector.school
    if law.lists:
        for student, by in school.listed_by.items():
            _forbidden(injector, "list.other", law.lists, "review", by, student)
    if not law.groups:
        return
    for change in school.regrouped:
        inside = change.day not in [term.starts for term in school.days.quarters]
        homeroom = school.of(change.class_).homeroom
        wrong = inside and law.between_periods
        if change.by == "a-01":
            verdict = "violation" if wrong else law.administrator
        else:
            verdict = "" if change.by == homeroom and not law.between_periods else "violation"
        if verdict:
            injector.tell(
                "group.change", law.groups, None, "forbidden", due=None, verdict=verdict, responsible=change.by, class_=change.class_,
                subject=change.subject, students=[change.student], date=change.day.isoformat(),
            )  # fmt: skip
