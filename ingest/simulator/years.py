"""What belongs to the turn of the school year: its opening and closing, reference data, lists, who acts for the administrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.terms import midnight

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Turn:
    """What a school's text says of the turn of the year: clauses ("" where it is silent)."""

    opened: str = ""
    closed: str = ""
    closed_by: str = ""
    """The clause by which only the administrator opens and closes the year."""
    reference: Mapping[str, str] | None = None
    """Clauses by kind of reference data."""
    optional: Sequence[str] = ()
    """Kinds that owe nothing while they are not there at all."""
    by: str = "a-01"
    """Who enters reference data."""


_TURNS = {
    "lyceum-68": Turn(opened="3.4.9#b", closed="3.4.9#a"),
    "pestravka": Turn(
        opened="3.1#5a", closed="3.1#5a", optional=("timetable", "subgroups"),
        reference={"curriculum_profiles": "3.1#3a", "timetable": "3.1#3b", "teacher_load": "3.1#3c", "subgroups": "3.1#3d"},
    ),
    "rainbow": Turn(reference={"teacher_load": "2.6", "timetable": ""}, by="d-01"),
    "school-7": Turn(),
    "sgo-school": Turn(
        opened="4.administrator#3", closed="4.administrator#3", closed_by="4.administrator#3", by="st-01",
        reference={
            "periods": "4.study_operator#1a", "subjects": "4.study_operator#1b", "curriculum_profiles": "4.study_operator#1c",
            "load_limits": "4.study_operator#1d", "parallel_subjects": "4.study_operator#1e", "period_types": "4.study_operator#1f",
            "period_bounds": "4.study_operator#1g", "timetable": "4.study_operator#1h",
        },
    ),
}  # fmt: skip


def turn_of_the_year(injector: Injector) -> None:
    """Open and close the year, enter what it stands on, deliver lists; in years of odd seeds too late or never."""
    turn = _TURNS[injector.law.slug]
    if turn.opened:
        _open(injector, turn)
    _reference(injector, turn)
    if injector.law.slug == "school-7":
        _lists(injector)
        _delegation(injector)


def label(year: int) -> str:
    """Give a school year as «2024/25»."""
    return f"{year}/{(year + 1) % 100:02}"


def first_lesson(injector: Injector) -> datetime:
    """Give when the first lesson of the year begins."""
    return min(lesson.start for lesson in injector.school.lessons if not lesson.cancelled)


def _before_lessons(injector: Injector, kind: str, clause: str, responsible: str, *, status: str, **more: object) -> None:
    start = first_lesson(injector)
    injector.tell(f"{kind}.{status}", clause, None, status, due=start, verdict="notice", responsible=responsible, **more)


def _open(injector: Injector, turn: Turn) -> None:
    year, start = label(injector.school.days.year), first_lesson(injector)
    injector.add("year.opened", start + HOUR if injector.parity else start - _MINUTE, "a-01", school_year=year)
    if injector.parity:
        _before_lessons(injector, "year.opened", turn.opened, "a-01", status="late", object=year)
    if turn.closed_by:
        at = datetime.combine(injector.school.days.quarters[2].starts, start.time()) + 5 * HOUR
        injector.add("year.opened", at, "d-01", school_year=year)
        injector.tell(
            "year.opened.actor", turn.closed_by, None, "forbidden", due=None, responsible="d-01", date=at.date().isoformat(),
        )  # fmt: skip


def _reference(injector: Injector, turn: Turn) -> None:
    year, start = label(injector.school.days.year), first_lesson(injector)
    for place, (kind, clause) in enumerate((turn.reference or {}).items()):
        fate = ("late", "missing")[place % 2] if injector.parity and clause else ("early", "border")[place % 2]
        if fate == "missing" and kind in turn.optional:
            fate = "late"
        when = {"late": start + _MINUTE, "early": start - 3 * DAY, "border": start - _MINUTE}
        if fate in when:
            injector.add("reference.entered", when[fate], turn.by, kind=kind, school_year=year)
        if fate in ("late", "missing"):
            day = start.date().isoformat()
            _before_lessons(injector, f"reference.{kind}", clause, turn.by, status=fate, date=day)


def _lists(injector: Injector) -> None:
    """Both lists go to the administrator by 5 September, the day itself included (school-7 3.3#1); the next year's come in time."""
    last = date(injector.school.days.year, 9, 5)
    late = midnight(last + DAY) + 9 * HOUR
    injector.add("list.delivered", midnight(last + DAY) - _MINUTE, "sec-01", kind="classes")
    injector.add("list.delivered", late if injector.parity else midnight(last) + 10 * HOUR, "sec-01", kind="teachers")
    if injector.parity:
        due = midnight(last + DAY)
        injector.tell("lists.late", "3.3#1", None, "late", due=due, responsible="sec-01", date=last.isoformat())


def _delegation(injector: Injector) -> None:
    """The backup administrator changes parameters in the administrator's leave, under a dated delegation, and at other times."""
    days = injector.school.days
    leave, order = days.quarters[1].starts + 7 * DAY, days.quarters[2].starts + 14 * DAY
    injector.add(
        "absence.registered", midnight(leave) + 8 * HOUR, "sec-01", person="a-01", from_=leave.isoformat(), to=(leave + 4 * DAY).isoformat()
    )
    injector.add(
        "role.assigned", midnight(order) - HOUR, "dir-01", person="a-02", role="backup_administrator", from_=order.isoformat(),
        to=(order + 2 * DAY).isoformat(), reason="поручение",
    )  # fmt: skip
    kept = [midnight(leave), midnight(leave + 5 * DAY) - _MINUTE, midnight(order), midnight(order + 3 * DAY) - _MINUTE]
    broken = [midnight(leave + 5 * DAY), midnight(leave) - _MINUTE, midnight(order + 3 * DAY), midnight(order) - _MINUTE]
    for place, at in enumerate(kept + broken):
        name = f"setting-{place}"
        injector.add("parameter.changed", at, "a-02", name=name, old="0", value="1")
        if at in broken:
            injector.tell(
                "delegation", "3.2#1", None, "forbidden", due=None, verdict="review", responsible="a-02", object=name,
                date=at.date().isoformat(),
            )  # fmt: skip
