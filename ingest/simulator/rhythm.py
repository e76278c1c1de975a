"""Duties that come back week by week, month by month, quarter by quarter: kept by everybody who owes them, and broken in some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Literal

from ingest.simulator.days import DAY
from ingest.simulator.injector import Injector
from ingest.simulator.terms import midnight

Rhythm = Literal["week", "month", "quarter", "year"]
Per = Literal["school", "class", "teacher"]
_LAST_MINUTE = time(23, 59)
_FEW, _ATTEMPTS = 12, 50
_BROKEN = {"late": "late", "missing": "missing", "partial": "missing", "wrong": "missing"}
"""The status of the finding that follows from what became of an interval."""


@dataclass(frozen=True)
class Span:
    """An interval of a duty: its first and last day, its first and last day with lessons, and the study period that it is, if any."""

    first: date
    last: date
    begins: date
    closes: date
    period: str | None = None


Cell = tuple[str, Span]
"""Who owes a duty, and for which interval."""
Spared = Callable[[str, Span], bool]
Spare = Callable[[Injector], Spared]


@dataclass(frozen=True)
class Duty:
    """A duty that comes back: what is done, by whom, how often, and which finding follows when it is not.

    `act` are the data of the event `type`; a control names besides which days it covers. With `grace` it follows the interval, by so
    many working days. In years of the parity `broken_in` (1: odd seeds) it is left undone all year; what is done once a year is kept in
    the others.
    """

    kind: str
    clause: str
    type: str
    act: Mapping[str, object]
    every: Rhythm
    by: str = ""
    """Who does it; "" the class's homeroom teacher, or the teacher who owes it."""
    per: Per = "school"
    grace: int | None = None
    verdict: str = "violation"
    grades: range = range(1, 12)
    late_hour: int = 10
    """At which hour of the first day after the term it is done, where it comes too late."""
    broken_in: int | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    """Directions of a control of which one is left out in some intervals, each with the clause that asks for it."""
    part_verdict: str = ""
    part_in: int | None = None
    wrong: Mapping[str, object] = field(default_factory=dict)
    """Data by which the act does not count in some intervals."""
    spare: Spare | None = None
    """Tells in which intervals something else does the same: they are not broken."""


def spans(injector: Injector, every: Rhythm, class_: str | None = None) -> list[Span]:
    """Give the intervals of the year that hold a lesson (of a class) and begin on the first day of the year or later."""
    found: dict[tuple[date, date, str | None], list[date]] = {}
    for day in injector.lesson_days[class_]:
        for bounds in _around(day, every, injector):
            found.setdefault(bounds, []).append(day)
    rows = [Span(first, last, inside[0], inside[-1], period) for (first, last, period), inside in found.items()]
    return [row for row in rows if row.first >= injector.school.days.whole.starts]


def _around(day: date, every: Rhythm, injector: Injector) -> Iterator[tuple[date, date, str | None]]:
    if every == "week":
        monday = day - timedelta(days=day.weekday())
        yield monday, monday + 6 * DAY, None
    elif every == "month":
        first = day.replace(day=1)
        yield first, (first + 31 * DAY).replace(day=1) - DAY, None
    elif every == "year":
        yield injector.school.days.whole.starts, injector.school.days.whole.ends, None
    else:
        for term in injector.school.days.quarters:
            if term.starts <= day <= term.ends:
                yield term.starts, term.ends, term.id


def perform(injector: Injector, duty: Duty, random: Random, forced: Cell | None = None) -> dict[Cell, str]:
    """Keep the duty in all its intervals but those that are broken (`forced` comes too late); some are kept in the last minute.

    Gives what became of the intervals that were not simply kept.
    """
    cells = [
        (owner, span) for owner in _owners(injector, duty) for span in spans(injector, duty.every, owner if duty.per == "class" else None)
    ]
    fates = _fates(injector, duty, cells, random)
    fates |= {place: "late" for place, cell in enumerate(cells) if cell == forced}
    left_out = cycle(random.sample(sorted(duty.parts), len(duty.parts)) or [""])
    for place, (owner, span) in enumerate(cells):
        fate = fates.get(place, "kept")
        left = next(left_out) if fate == "partial" else ""
        _act(injector, duty, owner, span, fate, left, random)
        if fate in _BROKEN:
            _tell(injector, duty, owner, span, fate, duty.parts.get(left, duty.clause))
    return {cells[place]: fate for place, fate in fates.items()}


def _owners(injector: Injector, duty: Duty) -> list[str]:
    """Who owes a duty: "" the school, else names of classes, or ids of teachers."""
    if duty.per == "class":
        return [item.name for item in injector.school.classes if item.grade in duty.grades]
    if duty.per == "teacher":
        return sorted({lesson.planned for lesson in injector.school.lessons if not lesson.cancelled})
    return [""]


def _fates(injector: Injector, duty: Duty, cells: list[tuple[str, Span]], random: Random) -> dict[int, str]:
    if duty.broken_in == injector.parity:
        return dict.fromkeys(range(len(cells)), "missing")
    if duty.every == "year":
        return {0: "partial"} if duty.part_in == injector.parity else {}
    spared: Spared = duty.spare(injector) if duty.spare is not None else lambda _owner, _span: False
    free = [place for place, cell in enumerate(cells) if not spared(*cell)]
    partial = ["partial"] * len(set(duty.parts.values()))
    kinds = ["late", "missing", "border", *partial, *(["wrong"] if duty.wrong else [])]
    if duty.every == "quarter" and len(partial) > 1 and injector.parity:
        kinds = partial  # four quarters are too few for everything
    each = 1 if len(free) < _FEW else min(injector.count, len(free) // 10)
    wanted = min(len(free), each * len(kinds))
    for _attempt in range(_ATTEMPTS):
        fates = {place: kinds[n % len(kinds)] for n, place in enumerate(random.sample(free, wanted))}
        # What is done too late lies in the next interval, and counts there.
        spoilt = {place + 1 for place, fate in fates.items() if fate == "late" and fates.get(place + 1) in _BROKEN}
        if not spoilt or duty.every == "quarter":
            return fates
    return fates | dict.fromkeys(spoilt, "border")


def _due(duty: Duty, span: Span, injector: Injector) -> datetime:
    """The first instant that is too late."""
    last = span.last if duty.grace is None else injector.school.days.after(span.last, duty.grace)
    return midnight(last + DAY)


def _act(injector: Injector, duty: Duty, owner: str, span: Span, fate: str, left: str, random: Random) -> None:
    limit = _due(duty, span, injector)
    if fate == "missing":
        return
    if fate == "late":
        at = limit + timedelta(hours=duty.late_hour)
    elif fate == "border":
        at = datetime.combine((limit - DAY).date(), _LAST_MINUTE)
    else:
        at = _usual(injector, duty, span, random)
    data = {**duty.act, **(duty.wrong if fate == "wrong" else {})}
    if duty.per == "class":
        data["class"] = owner
    if duty.type == "control.performed":
        data |= {"from": span.first.isoformat(), "to": span.last.isoformat()}
    if duty.parts:
        own = duty.act.get("directions", [])
        assert isinstance(own, list)
        data["directions"] = [*own, *(part for part in duty.parts if part != left)]
    injector.add(duty.type, at, _actor(injector, duty, owner), **data)


def _actor(injector: Injector, duty: Duty, owner: str) -> str:
    """Who does, and answers for, a duty."""
    if duty.by:
        return duty.by
    return injector.school.of(owner).homeroom if duty.per == "class" else owner


def _usual(injector: Injector, duty: Duty, span: Span, random: Random) -> datetime:
    hour = timedelta(hours=15, minutes=random.randrange(90))
    if duty.grace is not None:
        return midnight(injector.school.days.after(span.last, random.randrange(1, duty.grace))) + hour
    inside = [day for day in injector.school.days.lessons_on if span.begins <= day <= span.closes]
    return midnight(inside[-1] if duty.every == "week" else random.choice(inside)) + hour


def _tell(injector: Injector, duty: Duty, owner: str, span: Span, fate: str, clause: str) -> None:
    injector.tell(
        f"{duty.kind}.{fate}",
        clause,
        None,
        _BROKEN[fate],
        due=_due(duty, span, injector),
        verdict=(duty.part_verdict or duty.verdict) if fate == "partial" else duty.verdict,
        responsible=_actor(injector, duty, owner),
        class_=owner if duty.per == "class" else None,
        period=span.period,
        date=span.first.isoformat(),
    )
