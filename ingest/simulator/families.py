"""What families see: parents look into the diary week by week, and families that want no electronic form get paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from ingest.simulator.days import DAY, Term
from ingest.simulator.households import SECOND_PARENTS, Household, households
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.terms import midnight

_LAST_MINUTE = time(23, 59)
_GAP = 14
_MARKS_SEEN = 8
_WEEK = 7


@dataclass(frozen=True)
class Paper:
    """Paper that is owed to families without the electronic form: clauses, "" where the text is silent."""

    fortnight: str = ""
    homework: str = ""
    week: str = ""
    period: str = ""


VIEWS = {"pestravka": ("5.4(1)#a", "5.4(1)#b")}
"""By school: the clauses on looking every week, and at the marks of a period."""
PAPERS = {
    "pestravka": Paper(fortnight="3.2#9"),
    "rainbow": Paper(homework="5.2#3", week="5.2#4", period="5.2#5"),
}


def families(injector: Injector) -> None:
    """Let parents look and hand paper to those who want it; leave some of it out."""
    random, slug = injector.dice("families"), injector.law.slug
    looking = [family for family in households(injector) if not family.paper]
    broken = set(random.sample(range(len(looking)), min(len(looking), 3 * injector.count)))
    for place, family in enumerate(looking):
        if slug in VIEWS:
            _weekly(injector, family, random, broken=place in broken)
            _at_marks(injector, family, random, broken=place in broken)
        else:
            for day in random.sample(injector.school.days.lessons_on, 2):
                if _present(injector, family, day):
                    injector.add("diary.viewed", midnight(day) + 20 * HOUR, family.parent, parent=family.parent, student=family.student)
    for family in households(injector):
        if family.paper:
            _printouts(injector, PAPERS[slug], family)
            _days(injector, PAPERS[slug], family)
            _weeks(injector, PAPERS[slug], family)
            _periods(injector, PAPERS[slug], family)


def _present(injector: Injector, family: Household, day: date) -> bool:
    """Whether the student is in any class on the day."""
    move = injector.school.moves.get(family.student)
    if move is None or move.kind == "transfer":
        return True
    return (day >= move.listed) == (move.kind == "enrol")


def _schooldays(injector: Injector) -> Iterator[list[date]]:
    """The days with lessons, week by week."""
    week: list[date] = []
    for day in injector.school.days.lessons_on:
        if week and day - week[0] >= timedelta(days=_WEEK - week[0].weekday()):
            yield week
            week = []
        week.append(day)
    yield week


def _tell(
    injector: Injector, kind: str, clause: str, family: Household, who: str | None, day: date, due: datetime, *, status: str, verdict: str
) -> None:
    injector.tell(
        kind, clause, None, status, due=due, verdict=verdict, responsible=who, students=[family.student], date=day.isoformat()
    )  # fmt: skip


# ---- looking -----------------------------------------------------------------------------------------------------------------------


def _one_parent(family: Household) -> str | None:
    """The parent who answers: of two nobody by name."""
    place = family.item.students.index(family.student)
    return None if place in SECOND_PARENTS and place < len(family.item.students) else family.parent


def _weekly(injector: Injector, family: Household, random: Random, *, broken: bool) -> None:
    ends = [term.ends for term in injector.school.days.quarters]
    weeks = [week for week in _schooldays(injector) if any(_present(injector, family, day) for day in week)]
    calm = [
        week
        for week in weeks
        if all(_present(injector, family, day) for day in week) and not any(-9 <= (week[0] - end).days <= 20 for end in ends)
    ]
    left_out = random.choice(calm) if broken and calm else None
    for week in weeks:
        monday = week[0] - week[0].weekday() * DAY
        if week is left_out:
            _tell(
                injector, "view.week", VIEWS[injector.law.slug][0], family, _one_parent(family), monday, midnight(monday + 7 * DAY),
                status="missing", verdict="violation",
            )  # fmt: skip
            continue
        last = random.random() < 0.1
        at = datetime.combine(monday + 6 * DAY, _LAST_MINUTE) if last else midnight(random.choice(week)) + 18 * HOUR
        injector.add("diary.viewed", at, family.parent, parent=family.parent, student=family.student, section="diary")


def _at_marks(injector: Injector, family: Household, random: Random, *, broken: bool) -> None:
    if family.item.grade == 1:
        return
    terms = [term for term in injector.school.days.quarters if _present(injector, family, term.ends)]
    chosen = random.choice(terms[:-1]) if broken and len(terms) > 1 else None
    for term in terms:
        due = midnight(term.ends + (_MARKS_SEEN + 1) * DAY)
        at = due - timedelta(minutes=1) if random.random() < 0.1 else midnight(term.ends + 2 * DAY) + 19 * HOUR
        if term is chosen:
            late = random.random() < 0.5
            at = due + 10 * HOUR
            _tell(
                injector, "view.marks", VIEWS[injector.law.slug][1], family, _one_parent(family), term.starts, due,
                status="late" if late else "missing", verdict="notice",
            )  # fmt: skip
            if not late:
                continue
        injector.add("diary.viewed", at, family.parent, parent=family.parent, student=family.student, section="period_marks")


# ---- paper -------------------------------------------------------------------------------------------------------------------------


def _hand(injector: Injector, family: Household, report: str, at: datetime) -> None:
    injector.add(
        "report.delivered", at, family.item.homeroom, report=report, student=family.student, form="paper", to=family.parent
    )  # fmt: skip


def _printouts(injector: Injector, law: Paper, family: Household) -> None:
    """Marks on paper every fourteen days, vacations not counted; one of them comes a day late, or none does from spring on."""
    if not law.fortnight:
        return
    days = injector.school.days
    counted = [term.starts + n * DAY for term in days.quarters for n in range((term.ends - term.starts).days + 1)]
    place, number = 0, 0
    fate = ("late", "missing", "kept")[sum(map(ord, family.student)) % 3]
    while place + _GAP < len(counted):
        number += 1
        due = midnight(counted[place + _GAP] + DAY)
        if number == 6 and fate != "kept":
            _tell(
                injector, f"paper.fortnight.{fate}", law.fortnight, family, family.item.homeroom, counted[place], due, status=fate,
                verdict="violation",
            )  # fmt: skip
            if fate == "missing":
                return
            place += _GAP + 1
        else:
            place += _GAP
        _hand(injector, family, "progress", datetime.combine(counted[place], _LAST_MINUTE))


def _days(injector: Injector, law: Paper, family: Household) -> None:
    """Homework on paper on every day with lessons, save one."""
    if not law.homework or family.item.grade == 1:
        return
    days = injector.school.days.lessons_on
    left_out = injector.dice(f"homework/{family.student}").choice(days[10:-10])
    for day in days:
        if day != left_out:
            _hand(injector, family, "homework", midnight(day) + 15 * HOUR)
        else:
            _tell(
                injector, "paper.homework", law.homework, family, family.item.homeroom, day, midnight(day + DAY), status="missing",
                verdict="violation",
            )  # fmt: skip


def _weeks(injector: Injector, law: Paper, family: Household) -> None:
    """Marks on paper every week, save one."""
    weeks = list(_schooldays(injector))
    left_out = injector.dice(f"week/{family.student}").choice(weeks[3:-3])
    for week in weeks if law.week else ():
        monday = week[0] - week[0].weekday() * DAY
        if week is not left_out:
            _hand(injector, family, "progress", datetime.combine(monday + 6 * DAY, _LAST_MINUTE))
        else:
            _tell(
                injector, "paper.week", law.week, family, family.item.homeroom, monday, midnight(monday + 7 * DAY), status="missing",
                verdict="violation",
            )  # fmt: skip


def _periods(injector: Injector, law: Paper, family: Household) -> None:
    """Marks of a period on paper when it ends; once late, once not at all."""
    if not law.period or family.item.grade == 1:
        return
    fates = dict(zip(injector.school.days.quarters, ("kept", "late", "missing", "kept"), strict=True))
    for term, fate in fates.items():
        due = midnight(injector.school.days.after(term.ends, 5) + DAY)
        if fate != "missing":
            _hand(injector, family, "period", due + 10 * HOUR if fate == "late" else due - timedelta(minutes=1))
        if fate != "kept":
            _tell_period(injector, law, family, term, due, fate)


def _tell_period(injector: Injector, law: Paper, family: Household, term: Term, due: datetime, fate: str) -> None:
    _tell(
        injector, f"paper.period.{fate}", law.period, family, family.item.homeroom, term.starts, due, status=fate, verdict="notice"
    )  # fmt: skip
