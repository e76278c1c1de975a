"""Orders on students and staff: signed before what they call for, which is done by its term; and what follows where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Literal

from ingest.simulator.days import DAY
from ingest.simulator.households import account, opening, parent_of, registrar
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Move, name
from ingest.simulator.terms import midnight

Kind = Literal["enrol", "leave", "transfer", "hire", "dismiss", "staff"]
Act = Literal["listed", "account", "card", "closed", "told"]


@dataclass(frozen=True)
class AfterOrder:
    """What an order of a kind calls for: the act, by how many days after the order (working ones, or of the calendar), who answers."""

    clause: str
    kinds: tuple[Kind, ...]
    act: Act
    days: int
    who: str
    """A person, or "" for the homeroom teacher of the class that the order names."""
    verdict: str = "notice"
    working: bool = True
    effective: bool = True
    """Whether days count from the day on which the order takes effect; else from the signing."""
    missing: bool = True
    early: str = ""
    """The verdict on an act before the day of signing, "" where it is nobody's matter."""


@dataclass(frozen=True)
class Basis:
    """Acts that need an order before them: the verdict where none is there, and where it came later; who answers ("" the homeroom)."""

    clause: str
    kinds: tuple[Kind, ...]
    without: str
    later: str
    who: str = "sec-01"


AFTER: dict[str, tuple[AfterOrder, ...]] = {
    "lyceum-68": (
        AfterOrder("3.8.2#b", ("hire",), "account", 5, "sec-01", effective=False),
        AfterOrder("3.8.2#a", ("hire",), "card", 5, "sec-01", effective=False),
        AfterOrder("3.8.2#b", ("dismiss",), "closed", 5, "sec-01"),
        AfterOrder("3.8.3", ("enrol", "leave"), "listed", 5, "sec-01"),
        AfterOrder("3.5.2", ("enrol", "transfer"), "card", 5, "", missing=False),
    ),
    "pestravka": (
        AfterOrder("3.1#4", ("hire",), "account", 5, "a-01"),
        AfterOrder("3.1#4", ("dismiss",), "closed", 5, "a-01", early="review"),
        AfterOrder("3.1#4", ("enrol",), "listed", 5, "a-01"),
        AfterOrder("3.1#4", ("leave",), "listed", 5, "a-01", early="review"),
        AfterOrder("3.1#5b", ("transfer",), "listed", 5, "a-01"),
        AfterOrder("2.2", ("enrol",), "card", 31, "", working=False),
    ),
    "rainbow": (
        AfterOrder("3.3.1#a", ("enrol",), "card", 5, ""),
        AfterOrder("3.3.1#c", ("transfer",), "card", 5, "", missing=False),
    ),
    "school-7": (
        AfterOrder("3.3#2", ("enrol", "leave", "transfer", "hire", "dismiss"), "told", 5, "sec-01"),
        AfterOrder("3.4.2", ("enrol", "transfer"), "card", 5, "", missing=False),
    ),
    "sgo-school": (
        AfterOrder("4.hr#1a", ("hire",), "account", 0, "hr-01", "violation", effective=False, early="review"),
        AfterOrder("4.hr#1b", ("hire",), "card", 0, "hr-01", effective=False),
        AfterOrder("4.hr#3b", ("dismiss",), "closed", 0, "hr-01", "violation", effective=False, early="review"),
        AfterOrder("4.hr#3a", ("staff",), "card", 5, "hr-01", effective=False),
        AfterOrder("4.student_operator#1", ("enrol",), "account", 5, "sec-01", effective=False),
        AfterOrder("4.student_operator#5", ("enrol",), "listed", 5, "sec-01"),
        AfterOrder("4.student_operator#6", ("transfer", "leave"), "listed", 5, "sec-01"),
    ),
}
BASES: dict[str, tuple[Basis, ...]] = {
    "lyceum-68": (Basis("3.4.9#c", ("transfer",), "review", "violation"), Basis("4.2.2", ("enrol", "leave"), "review", "review", "")),
    "pestravka": (Basis("3.1#5b", ("transfer",), "review", "violation"),),
    "sgo-school": (Basis("4.student_operator#6", ("enrol", "leave", "transfer"), "review", "violation"),),
}
_STAYS = 18
_WITHOUT, _LATER, _SLOW_CARD, _SLOW_ACCOUNT, _NO_CARD = 1, 2, 3, 4, 6
"""Which of every ten moves of a kind goes how; the lists themselves are late where the school's moves say so."""


@dataclass(frozen=True)
class Order:
    """A signed order: on whom, from which day it takes effect (of a dismissal: the last working day), which class answers."""

    id: str
    kind: Kind
    person: str
    signed: date
    effective: date
    homeroom: str | None = None


def orders(injector: Injector) -> None:
    """Sign an order for everybody who comes, goes or changes the class or the post, and do what it calls for."""
    _moves(injector)
    _unanswered(injector)
    _hired(injector)
    _dismissed(injector)
    _changed_posts(injector)
    if injector.law.slug == "school-7":
        injector.add("message.sent", _letter(injector), "sec-01", to="a-01")


# ---- students ----------------------------------------------------------------------------------------------------------------------


def _moves(injector: Injector) -> None:
    numbers = {kind: count() for kind in ("enrol", "leave", "transfer")}
    for move in injector.school.moves.values():
        place = next(numbers[move.kind])
        fate = place % 10
        _cards(injector, move, fate)
        days = injector.school.days
        signed = days.after(move.listed, 4) if fate == _LATER else days.before(move.effective, 1 + place % 3)
        kind: Kind = "enrol" if move.kind == "enrol" else "leave" if move.kind == "leave" else "transfer"
        if fate in (_WITHOUT, _LATER):
            _tell_basis(injector, move, kind, fate)
        if fate != _WITHOUT:
            homeroom = injector.school.of(move.class_).homeroom
            order = Order(f"O-{move.student}", kind, move.student, signed, max(signed, move.effective), homeroom)
            _sign(injector, order, None if kind == "leave" else move.class_)
            _slow(injector, order, fate)
            _judge(injector, order, _acts(injector, move))
        if kind == "leave":
            for person in (move.student, parent_of(move.student)):
                injector.add("account.disabled", midnight(move.listed) + 12 * HOUR, registrar(injector), person=person)


def _cards(injector: Injector, move: Move, fate: int) -> None:
    """Who changes the class gets a new card on the day on which the order takes effect, or is signed."""
    if move.kind == "transfer":
        day = injector.school.days.after(move.listed, 4) if fate == _LATER else move.effective
        card = injector.add("profile.updated", midnight(day) + 15 * HOUR, "sec-01", person=move.student, complete=True)
        injector.papers["card", move.student] = card


def _sign(injector: Injector, order: Order, class_: str | None) -> None:
    data = {"order": order.id, "kind": "transfer" if order.kind == "staff" else order.kind, "person": order.person}
    if order.kind == "dismiss":
        data["to"] = order.effective.isoformat()
    else:
        data["from"] = order.effective.isoformat()
    if class_ is not None:
        data["class"] = class_
    injector.add("order.signed", midnight(order.signed) + timedelta(hours=8, minutes=30), "dir-01", **data, date=order.signed.isoformat())


def _acts(injector: Injector, move: Move) -> dict[Act, datetime | None]:
    made = injector.papers
    found: dict[Act, datetime | None] = {
        "listed": midnight(move.listed) + (7 * HOUR if move.kind != "leave" else timedelta(hours=6, minutes=50))
    }
    for what in ("account", "card"):
        paper = made.get((what, move.student))
        found["account" if what == "account" else "card"] = paper.at if paper is not None else None
    return found


def _slow(injector: Injector, order: Order, fate: int) -> None:
    """Delay what this fate delays, where the school's text has a term for it."""
    for row in AFTER.get(injector.law.slug, ()):
        if order.kind not in row.kinds:
            continue
        late = _due(injector, row, order) + 10 * HOUR
        if fate == _SLOW_CARD and row.act == "card":
            injector.papers["card", order.person].at = late
        if fate == _NO_CARD and row.act == "card" and row.missing:
            injector.drop("card", order.person)
        if fate == _SLOW_ACCOUNT and row.act == "account":
            injector.papers["account", order.person].at = late
            injector.papers["credentials", order.person].at = late + HOUR


def _unanswered(injector: Injector) -> None:
    """Orders that nobody carried out: a student enrolled who never came, another who was to change the class and stayed."""
    school, days = injector.school, injector.school.days
    signed = days.lessons_on[60]
    item = school.classes[1]
    order = Order("O-x", "enrol", "s-x", signed, days.after(signed, 1), item.homeroom)
    _sign(injector, order, item.name)
    _judge(injector, order, {})
    for item in school.classes:
        parallel = [other for other in school.classes if other.grade == item.grade and other is not item]
        if parallel and len(item.students) > _STAYS:
            order = Order("O-y", "transfer", item.students[_STAYS], signed, days.after(signed, 1), parallel[0].homeroom)
            _sign(injector, order, parallel[0].name)
            _judge(injector, order, {})
            return


def _tell_basis(injector: Injector, move: Move, kind: Kind, fate: int) -> None:
    for basis in BASES.get(injector.law.slug, ()):
        if kind in basis.kinds:
            verdict = basis.without if fate == _WITHOUT else basis.later
            injector.tell(
                f"order.{'none' if fate == _WITHOUT else 'after'}.{kind}", basis.clause, None, "out_of_order", due=None, verdict=verdict,
                responsible=basis.who or injector.school.of(move.class_).homeroom, object=move.student, students=[move.student],
                date=move.listed.isoformat(),
            )  # fmt: skip


# ---- staff -------------------------------------------------------------------------------------------------------------------------


def _days(injector: Injector, theme: str, n: int) -> list[date]:
    return sorted(injector.dice(theme).sample(injector.school.days.lessons_on[30:-45], n))


def _hired(injector: Injector) -> None:
    """New staff: account and card on the day of the order, or not."""
    fates = ("kept", "late", "missing", "early", "slow card", "no card") * max(1, injector.count // 12)
    for place, (fate, signed) in enumerate(zip(fates, _days(injector, "hired", len(fates)), strict=True)):
        person, at = f"n-{place + 1:02}", midnight(signed) + 9 * HOUR
        order = Order(f"O-{person}", "hire", person, signed, signed)
        injector.add("person.registered", at, "a-01", person=person, roles=["teacher"], name=name(injector.dice(person)))
        _sign(injector, order, None)
        last_minute = midnight(signed) + timedelta(hours=23, minutes=59)
        made = {"late": at + 9 * DAY, "early": at - DAY, "missing": None}.get(fate, last_minute)
        card = {"slow card": at + 9 * DAY, "no card": None}.get(fate, last_minute)
        if made is not None:
            account(injector, person, made, made + 10 * HOUR, "a-01", staff=True)
        if card is not None:
            injector.add("profile.updated", card, registrar(injector, staff=True), person=person, complete=True)
        _judge(injector, order, {"account": made, "card": card})


def _dismissed(injector: Injector) -> None:
    """Staff who leave: the account is closed on the day of the order, or later, or before; some work on for a while."""
    fates = ("kept", "late", "missing", "early", "working") * max(1, injector.count // 12)
    begin = opening(injector)
    for place, (fate, signed) in enumerate(zip(fates, _days(injector, "dismissed", len(fates)), strict=True)):
        person = f"m-{place + 1:02}"
        injector.add("person.registered", begin, "a-01", person=person, roles=["teacher"], name=name(injector.dice(person)))
        account(injector, person, begin + 2 * HOUR, begin + 3 * HOUR, "a-01", staff=True)
        order = Order(f"O-{person}", "dismiss", person, signed, signed + (9 * DAY if fate == "working" else 0 * DAY))
        _sign(injector, order, None)
        at = midnight(signed) + 16 * HOUR
        closed = {"late": at + 9 * DAY, "missing": None, "early": at - DAY, "working": at + 7 * DAY}.get(fate, at)
        if closed is not None:
            injector.add("account.disabled", closed, registrar(injector, staff=True), person=person)
        _judge(injector, order, {"closed": closed})


def _changed_posts(injector: Injector) -> None:
    """Teachers who change the post, with or without a new entry in the card."""
    for fate, person, signed in zip(("kept", "late", "missing"), injector.school.teachers, _days(injector, "posts", 3), strict=False):
        order = Order(f"O-{person}", "staff", person, signed, signed)
        _sign(injector, order, None)
        card = {"kept": midnight(signed) + 15 * HOUR, "late": midnight(signed) + 9 * DAY + 15 * HOUR, "missing": None}[fate]
        if card is not None:
            injector.add("profile.updated", card, registrar(injector, staff=True), person=person, complete=True)
        _judge(injector, order, {"card": card})


# ---- what must follow --------------------------------------------------------------------------------------------------------------


def _due(injector: Injector, row: AfterOrder, order: Order) -> datetime:
    start = order.effective if row.effective else order.signed
    days = injector.school.days
    last = days.after(start, row.days) if row.working else days.rolled(start + row.days * DAY)
    return midnight(last + DAY)


def _told(injector: Injector, order: Order, acts: dict[Act, datetime | None]) -> datetime | None:
    """When the administrator was told of what an order means; at the signing, where the change itself was entered before any letter."""
    entered = next((acts[act] for act in ("listed", "account", "closed") if acts.get(act) is not None), None)
    letter = _letter(injector) if _letter(injector).date() >= order.signed else None
    if entered is not None and (letter is None or entered < letter or entered.date() < order.signed):
        return midnight(order.signed)
    return letter


def _letter(injector: Injector) -> datetime:
    """The only letter from the secretary to the administrator in the year."""
    return midnight(injector.school.days.lessons_on[75]) + 10 * HOUR


def _judge(injector: Injector, order: Order, acts: dict[Act, datetime | None]) -> None:
    for row in AFTER.get(injector.law.slug, ()):
        if order.kind not in row.kinds:
            continue
        at, due, verdict = acts.get(row.act), _due(injector, row, order), row.verdict
        if row.act == "told":
            at = _told(injector, order, acts)
        if at is None:
            status = "missing" if row.missing else ""
        elif at.date() < order.signed:
            status, due, verdict = ("early" if row.early else ""), midnight(order.signed), row.early
        else:
            status = "late" if at >= due else ""
        if status:
            injector.tell(
                f"order.{order.kind}.{row.act}.{status}", row.clause, None, status, due=due, verdict=verdict,
                responsible=row.who or order.homeroom, object=order.id, date=order.signed.isoformat(),
            )  # fmt: skip
