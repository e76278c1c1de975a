"""Plans of a simulated year: published in time, followed in the topics, fulfilled in hours and works – and some that are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from ingest.simulator.days import DAY, Term
from ingest.simulator.injector import Injector
from ingest.simulator.school import Lesson
from ingest.simulator.terms import midnight

Line = tuple[str, str, str]
"""Class, subject, teacher."""
_MINUTE = timedelta(minutes=1)
_SPORT = "Физическая культура"
_FOREIGN, _REWORDED = "Экскурсия в музей паровозов", "5. Материал, новый (2 ч.)"


@dataclass(frozen=True)
class PlanLaw:
    """Clauses of a school's text on plans, "" where it is silent."""

    published: str = ""
    followed: str = ""
    works: str = ""
    marks: str = ""
    """Period marks wait until the programme of the period is taught."""
    sections: str = ""
    """The first lesson of every section of physical education that the plan names has a briefing."""


_LAWS: Mapping[str, PlanLaw] = {
    "lyceum-68": PlanLaw(published="3.6.2#a", followed="3.6.2#a"),
    "pestravka": PlanLaw(published="3.3#1", followed="4.2#3", works="4.2#6a", sections="2.14#d"),
    "rainbow": PlanLaw(followed="3.2.1#b"),
    "school-7": PlanLaw(published="3.5.1"),
    "sgo-school": PlanLaw(followed="5.2.teachers#3b", marks="5.2.teachers#4"),
}


def plans(injector: Injector) -> None:
    """Publish the plan of every class, subject and teacher a week before the first lesson: the hours of each quarter, as they come to be
    held; for some lines also the topics. Some plans come too late, or name what is not taught.
    """
    random, law = injector.dice("plans"), _LAWS[injector.law.slug]
    lessons: dict[Line, list[Lesson]] = defaultdict(list)
    for lesson in injector.school.lessons:
        if not lesson.cancelled:
            lessons[lesson.class_, lesson.subject, lesson.planned].append(lesson)
    sectioned = [line for line in lessons if law.sections and line[1] == _SPORT]
    sectioned = random.sample(sectioned, min(len(sectioned), injector.count // 2))
    whole = [line for line, held in lessons.items() if {lesson.group for lesson in held} == {None} and held[0].grade > 1]
    whole = [line for line in whole if not law.sections or line[1] != _SPORT]
    chosen = random.sample(whole, min(len(whole), 7 * injector.count // 2))
    n = injector.count // 2
    late, detailed, crammed = chosen[: 3 * n], chosen[3 * n : 5 * n], chosen[5 * n :]
    moments = _published(injector, law, lessons, late) if law.published else {}
    if law.followed:
        _stray(injector, law, {line: lessons[line] for line in detailed}, random)
    for line in sectioned:
        _brief(injector, law, lessons[line], random)
    usual = datetime.combine(injector.school.days.quarters[0].starts, time(12)) - 7 * DAY
    for line, held in lessons.items():
        at = moments.get(line, usual)
        more = _demanding(injector, law, line, detailed, crammed, random)
        if at is not None:
            _publish(injector, line, held, at, more, topics=line in sectioned or (line in detailed and bool(law.followed)))


def _published(injector: Injector, law: PlanLaw, lessons: Mapping[Line, list[Lesson]], chosen: list[Line]) -> dict[Line, datetime | None]:
    """When some plans are published: a minute before the first lesson, a minute after it, never."""
    moments: dict[Line, datetime | None] = {}
    for place, line in enumerate(chosen):
        start = min(lesson.start for lesson in lessons[line])
        fate = ("border", "late", "missing")[place % 3]
        moments[line] = {"border": start - _MINUTE, "late": start + _MINUTE}.get(fate)
        if fate != "border":
            injector.tell(
                f"plan.{fate}", law.published, None, fate, due=start, verdict="notice", responsible=line[2], class_=line[0], subject=line[1]
            )
    return moments


def _stray(injector: Injector, law: PlanLaw, detailed: Mapping[Line, list[Lesson]], random: Random) -> None:
    """In lines whose topics are planned one lesson is about something else; another tells its planned topic in other words."""
    for held in detailed.values():
        plain = [
            lesson
            for lesson in held
            if not lesson.used and lesson.work is None and lesson.topic_at is not None and lesson.topic.startswith("Новый материал")
        ]
        if len(plain) > 1:
            stray, reworded = random.sample(plain, 2)
            stray.used = reworded.used = True
            stray.topic, reworded.topic = _FOREIGN, _REWORDED
            injector.tell("plan.stray", law.followed, stray, "mismatch", due=None, verdict="review")


def _brief(injector: Injector, law: PlanLaw, held: list[Lesson], random: Random) -> None:
    """The first lesson of every section has its briefing in the topic; of one section it has not."""
    seen: dict[str, Lesson] = {}
    for lesson in held:
        section = lesson.topic.partition(".")[0]
        if lesson.topic_at is not None and section not in seen:
            seen[section] = lesson
            lesson.topic += ". Вводный инструктаж"
    free = [lesson for lesson in seen.values() if not lesson.used]
    for lesson in random.sample(free, min(len(free), 1)):
        lesson.used = True
        lesson.topic = lesson.topic.removesuffix(". Вводный инструктаж")
        injector.tell("briefing.section", law.sections, lesson, "missing", due=midnight(lesson.day + DAY))


def _demanding(
    injector: Injector, law: PlanLaw, line: Line, detailed: list[Line], crammed: list[Line], random: Random
) -> tuple[Term, str] | None:
    """The quarter for which a plan wants more than is done, and what of: hours or works."""
    term = random.choice(injector.school.days.quarters)
    if law.works and line in detailed[::2]:
        _lack(injector, "works.lacking", law.works, line, "insufficient", term)
        return term, "works"
    if law.marks and line in crammed:
        for period in (term, injector.school.days.whole):
            _lack(injector, "marks.before_programme", law.marks, line, "out_of_order", period)
        return term, "hours"
    return None


def _lack(injector: Injector, kind: str, clause: str, line: Line, status: str, period: Term) -> None:
    class_, subject, teacher = line
    injector.tell(
        kind, clause, None, status, due=None, verdict="review", responsible=teacher, class_=class_, subject=subject, group=None,
        period=period.id,
    )  # fmt: skip


def _publish(injector: Injector, line: Line, held: list[Lesson], at: datetime, more: tuple[Term, str] | None, *, topics: bool) -> None:
    class_, subject, teacher = line
    for term in injector.school.days.quarters:
        inside = [lesson for lesson in held if term.starts <= lesson.day <= term.ends]
        hours: dict[str | None, int] = defaultdict(int)
        for lesson in inside:
            hours[lesson.group] += 1
        if not inside:
            continue
        wanted = more[1] if more is not None and more[0] == term else ""
        data: dict[str, object] = {"hours": min(hours.values()) + (3 if wanted == "hours" else 0), "period": term.id}
        if topics:
            named = [lesson.topic for lesson in inside if lesson.topic not in (_FOREIGN, _REWORDED)]
            data["topics"] = named + (["Контрольная работа № 8", "Контрольная работа № 9"] if wanted == "works" else [])
        injector.add("plan.published", at, teacher, class_=class_, subject=subject, teacher=teacher, **data)
