"""Controls of the journal and reports to the administration, school by school: who owes them how often, and by which clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.injector import Injector
from ingest.simulator.rhythm import Cell, Duty, Span, Spared, perform
from ingest.simulator.terms import midnight

_CONTROL, _REPORT = "control.performed", "report.delivered"


def controls(injector: Injector) -> None:
    """Make all controls and reports of the year, and break some of every kind; then pass on what they found."""
    random = injector.dice("controls")
    fates: dict[str, dict[Cell, str]] = {}
    for duty in _DUTIES[injector.law.slug]:
        forced = _unreported(fates) if duty.kind == "report.families" else None
        fates[duty.kind] = perform(injector, duty, random, forced)
    if injector.law.slug == "sgo-school":
        _absences(injector, fates)
    for results in _RESULTS.get(injector.law.slug, ()):
        _pass_on(injector, results)


def _unreported(fates: Mapping[str, Mapping[Cell, str]]) -> Cell | None:
    """A class of which the administration got no report."""
    return next((cell for cell, fate in fates.get("report.homeroom", {}).items() if fate == "missing"), None)


def _absences(injector: Injector, fates: Mapping[str, Mapping[Cell, str]]) -> None:
    """The absences of a class are summed up for somebody, the administration or the families; where both fail, that is a third breach.

    It is a breach of its own only where the act that comes too late is not already that of another.
    """
    for cell, fate in fates["report.homeroom"].items():
        if fate == "missing" and fates["report.families"].get(cell) == "late":
            class_, span = cell
            injector.tell(
                "report.absences.late", "5.2.homeroom#5b", None, "late", due=midnight(injector.school.days.after(span.last, 5) + DAY),
                verdict="notice", responsible=injector.school.of(class_).homeroom, class_=class_, period=span.period,
                date=span.first.isoformat(),
            )  # fmt: skip


def _control(kind: str, role: str, **more: object) -> Mapping[str, object]:
    return {"control": kind, "role": role, **more}


def _report(kind: str, to: str, form: str = "electronic") -> Mapping[str, object]:
    return {"report": kind, "form": form, "to": to}


# ---- what does the same ----------------------------------------------------------------------------------------------------------------


def _carded(injector: Injector) -> Spared:
    """Where the homeroom teacher writes on a card, that shows a check of the cards."""
    days = _days(injector, "profile.updated")
    return lambda owner, span: _within(days[injector.school.of(owner).homeroom], span.first, span.last)


def _reasoned(injector: Injector) -> Spared:
    """Where the homeroom teacher names the reason of an absence, that shows a look at the attendance."""
    days = _days(injector, "attendance.changed")
    for lesson in injector.school.lessons:
        if not lesson.cancelled:
            days[injector.school.of(lesson.class_).homeroom] |= {at.date() for _reason, at in lesson.reasons.values()}
    return lambda owner, span: _within(days[injector.school.of(owner).homeroom], span.first, span.last)


def _checked(injector: Injector) -> Spared:
    """Where the deputy makes another control in the month, or later one that covers it."""
    made = [item for item in injector.extra if item.type == _CONTROL and item.actor == "d-01"]

    def spared(_owner: str, span: Span) -> bool:
        covering = any(
            str(item.data["from"]) <= span.begins.isoformat() and span.closes.isoformat() <= str(item.data["to"]) for item in made
        )
        return covering or any(span.first <= item.at.date() <= span.last for item in made)

    return spared


def _told(injector: Injector) -> Spared:
    """Where families of the class are told something else by the homeroom teacher, before or after the end of the period."""
    days: defaultdict[str, set[date]] = defaultdict(set)
    for event_type in (_REPORT, "notice.sent"):
        for actor, found in _days(injector, event_type, to_office=False).items():
            days[actor] |= found
    return lambda owner, span: _within(days[injector.school.of(owner).homeroom], span.first, span.last + 100 * DAY)


def _told_before(injector: Injector) -> Spared:
    """Where 80 days before count too, the report on the last period is one for this: only the first has none before it."""
    told = _told(injector)
    return lambda owner, span: span.period != injector.school.days.quarters[0].id or told(owner, span)


def _days(injector: Injector, event_type: str, *, to_office: bool = True) -> defaultdict[str, set[date]]:
    """On which days each person made events of a type; without those that went to the deputies and the director."""
    days: defaultdict[str, set[date]] = defaultdict(set)
    for item in injector.extra:
        if item.type == event_type and (to_office or item.data.get("to") not in ("d-01", "dir-01")):
            days[item.actor].add(item.at.date())
    return days


def _within(days: set[date], first: date, last: date) -> bool:
    return any(first <= day <= last for day in days)


# ---- who owes what ---------------------------------------------------------------------------------------------------------------------

_TO_FAMILIES = {"report": "attendance", "form": "electronic"}
_FOUR = ("density", "homework", "plan", "participation")
_DUTIES: Mapping[str, Sequence[Duty]] = {
    "lyceum-68": (
        Duty(
            "analysis.weekly", "3.4.7#b", _CONTROL, _control("weekly_analysis", "administrator", published=True, directions=["topics"]),
            "week", by="a-01", wrong={"published": False},
        ),
        Duty(
            "analysis.monthly", "3.4.8#a", _CONTROL, _control("monthly_analysis", "administrator"), "month", by="a-01",
            parts=dict.fromkeys(("density", "homework", "participation"), "3.4.6"), part_verdict="notice",
        ),
        Duty(
            "analysis.quarterly", "3.4.8#b", _CONTROL, _control("period_analysis", "administrator", directions=["topics"]), "quarter",
            by="a-01", grace=5, verdict="notice",
        ),
        Duty(
            "control.deputy", "3.7.4", _CONTROL, _control("deputy_check", "deputy_director"), "month", by="d-01", verdict="notice",
            parts=dict.fromkeys(_FOUR, "3.7.4"),
        ),
        Duty("control.director", "3.9.5", _CONTROL, _control("director_check", "director"), "quarter", by="dir-01"),
    ),
    "pestravka": (
        Duty("cards.checked", "3.2#11a", _CONTROL, _control("profile_check", "homeroom_teacher"), "month", per="class", spare=_carded),
        Duty(
            "attendance.checked", "3.2#4", _CONTROL, _control("attendance_check", "homeroom_teacher"), "week", per="class", spare=_reasoned,
        ),
        Duty(
            "period_marks.checked", "3.2#10a", _CONTROL, _control("period_analysis", "homeroom_teacher"), "quarter", per="class", grace=5,
            verdict="notice", grades=range(2, 12),
        ),
        Duty("report.class", "3.2#10b", _REPORT, _report("class", "d-01"), "quarter", per="class", grace=5, verdict="notice"),
        Duty("report.deputy", "3.4#2b", _REPORT, _report("period", "dir-01"), "quarter", by="d-01", grace=5, verdict="notice"),
        Duty(
            "report.families", "3.2#8", _REPORT, _TO_FAMILIES, "quarter", per="class", grace=5, verdict="notice", spare=_told_before,
        ),
        Duty(
            "control.administrator", "3.1#6a", _CONTROL, _control("access_check", "administrator"), "year", by="a-01", verdict="notice",
            broken_in=1,
        ),
        Duty("report.administrator", "3.1#6b", _REPORT, _report("class", "dir-01"), "year", by="a-01", verdict="notice", broken_in=1),
        Duty(
            "control.deputy", "3.4#3a", _CONTROL, _control("deputy_check", "deputy_director"), "year", by="d-01", verdict="notice",
            broken_in=0, parts=dict.fromkeys(("topics", "marks", "plan"), "4.2#1"), part_in=1,
        ),
        Duty(
            "control.director", "3.5#4", _CONTROL, _control("director_check", "director", directions=["topics"]), "year", by="dir-01",
            verdict="notice", broken_in=1,
        ),
    ),
    "rainbow": (
        Duty("cards.checked", "3.3.1#b", _CONTROL, _control("profile_check", "homeroom_teacher"), "month", per="class", spare=_carded),
        Duty(
            "analysis.homeroom", "3.3.4", _CONTROL, _control("period_analysis", "homeroom_teacher"), "quarter", per="class", grace=5,
            verdict="notice",
        ),
        Duty(
            "control.deputy", "6.3#a", _CONTROL, _control("deputy_check", "deputy_director", published=False), "month", by="d-01",
            parts={"topics": "6.3#b", "marks": "6.3#c", "density": "6.3#d", "attendance": "6.3#e", "plan": "6.3#f"},
        ),
        Duty(
            "control.administrator", "4.2#4", _CONTROL, _control("access_check", "administrator"), "year", by="a-01", verdict="notice",
            broken_in=1,
        ),
    ),
    "school-7": (
        Duty("lists.checked", "3.4.1", _CONTROL, _control("roster_check", "homeroom_teacher"), "week", per="class", spare=_carded),
        Duty("control.director", "3.8.2", _CONTROL, _control("director_check", "director"), "quarter", by="dir-01"),
        Duty(
            "control.deputy", "3.7.2#a", _CONTROL, _control("deputy_check", "deputy_director"), "quarter", by="d-01", verdict="notice",
            parts={"participation": "3.7.2#a", "density": "3.7.2#b", "topics": "3.7.2#c", "homework": "3.7.2#d"},
        ),
    ),
    "sgo-school": (
        Duty("control.any", "3.1", _CONTROL, _control("director_check", "director"), "year", by="dir-01", verdict="notice", broken_in=0),
        Duty(
            "control.directions", "4.deputy#2b", _CONTROL, _control("deputy_check", "deputy_director", directions=["topics"]), "quarter",
            by="d-01", verdict="notice", parts=dict.fromkeys(_FOUR, "4.deputy#2b"), broken_in=0,
        ),
        Duty(
            "control.deputy", "4.deputy#2a", _CONTROL, _control("monthly_analysis", "deputy_director", directions=["topics"]), "month",
            by="d-01", verdict="notice", spare=_checked, broken_in=0,
        ),
        Duty(
            "control.operators", "4.administrator#4a", _CONTROL, _control("roster_check", "administrator"), "year", by="a-01",
            verdict="notice", broken_in=0,
        ),
        Duty(
            "control.entries", "4.administrator#4c", _CONTROL, _control("weekly_analysis", "administrator"), "year", by="a-01",
            verdict="notice", broken_in=0,
        ),
        Duty(
            "consents.compared", "4.student_operator#4a", _CONTROL, _control("roster_check", "student_operator"), "year", by="sec-01",
            verdict="notice", broken_in=1,
        ),
        Duty("report.deputy", "4.deputy#5", _REPORT, _report("period", "dir-01"), "quarter", by="d-01", grace=5, verdict="notice"),
        Duty(
            "report.homeroom", "4.homeroom#10", _REPORT, _report("progress", "d-01", "paper"), "quarter", per="class", grace=5,
            verdict="notice", wrong={"form": "electronic"},
        ),
        Duty(
            "report.families", "4.homeroom#4", _REPORT, _TO_FAMILIES, "quarter", per="class", grace=5, verdict="notice", spare=_told,
            late_hour=12,
        ),
        Duty(
            "report.programme", "4.teachers#4", _REPORT, _report("programme", "d-01"), "quarter", per="teacher", grace=5, verdict="notice",
            wrong={"to": "dir-01"},
        ),
    ),
}  # fmt: skip


# ---- what controls found ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Results:
    """What controls of some kinds by one person found is passed on within so many working days, by an event of a type."""

    kind: str
    clause: str
    controls: tuple[str, ...]
    by: str
    days: int
    type: str
    act: Mapping[str, object]
    verdict: str = "notice"


_RESULTS: Mapping[str, Sequence[Results]] = {
    "rainbow": (Results("control.results", "6.3#g", ("deputy_check",), "d-01", 5, "announcement.posted", {"audience": "teachers"}),),
    "lyceum-68": (
        Results("analysis.handed_over", "3.4.8#c", ("monthly_analysis", "period_analysis"), "a-01", 5, _REPORT, _report("class", "d-01")),
    ),
}


def _pass_on(injector: Injector, results: Results) -> None:
    """Pass on the results of every control, the last minute included; of some too late, of the last never."""
    made = sorted(
        item.at
        for item in injector.extra
        if item.type == _CONTROL and item.actor == results.by and item.data["control"] in results.controls
    )
    limits = [midnight(injector.school.days.after(at.date(), results.days) + DAY) for at in made]
    late = [limit + timedelta(hours=10) for limit in limits]
    # Whatever is passed on later counts for all controls before it.
    alone = [place for place in range(len(made) - 1) if made[place + 1] > late[place]]
    fates = dict(zip(alone, ("late", "border"), strict=False)) | {len(made) - 1: "missing"}
    for place, at in enumerate(made):
        fate = fates.get(place, "kept")
        when = {"late": late[place], "border": limits[place] - timedelta(minutes=1)}.get(fate, at + timedelta(hours=1))
        if fate != "missing":
            injector.add(results.type, when, results.by, **results.act)
        if fate in ("late", "missing"):
            injector.tell(
                f"{results.kind}.{fate}", results.clause, None, fate, due=limits[place], verdict=results.verdict, responsible=results.by,
                date=at.date().isoformat(), object=results.controls[0],
            )  # fmt: skip
