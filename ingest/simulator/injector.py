"""The year under change: what themes of breaches share – choosing lessons, adding events, saying which findings must follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from ingest.simulator.days import DAY
from ingest.simulator.school import Lesson, School
from ingest.simulator.terms import Law, next_lessons

Truth = dict[str, object]
HOUR = timedelta(hours=1)


@dataclass
class Extra:
    """An event beside the lessons' own: type, when, who, data."""

    type: str
    at: datetime
    actor: str
    data: dict[str, object]


@dataclass
class Injector:
    """Chooses lessons that nothing else touches, and keeps the truth and the additional events of one simulated year.

    A theme is a function of an Injector: it adds what a school that keeps its rules does, breaks some of it, and tells what must follow.
    """

    school: School
    law: Law
    random: Random
    count: int
    home: dict[str, date]
    seed: str = ""
    truth: list[Truth] = field(default_factory=list)
    extra: list[Extra] = field(default_factory=list)
    papers: dict[tuple[str, str], Extra] = field(default_factory=dict)
    """What was done about a person, by what and whom («account», s-0101): themes that break it change the event's time or actor."""

    def dice(self, theme: str) -> Random:
        """Give a theme its own luck, so that a change of one theme leaves the others as they are."""
        return Random(f"{self.seed}/{theme}")

    @property
    def parity(self) -> int:
        """1 in years of odd seed, 0 in the others: duties of once a year are broken in the ones, kept in the others."""
        return int(self.seed.rpartition("/")[2] or 0) % 2

    @cached_property
    def following(self) -> dict[str, list[datetime]]:
        """The next lessons of each lesson's line (`terms.next_lessons`)."""
        return next_lessons(self.school)

    @cached_property
    def ends(self) -> dict[tuple[str, date, str | None], datetime]:
        """End of the last lesson of a class (None) or of one of its halves on a day."""
        ends: dict[tuple[str, date, str | None], datetime] = {}
        for lesson in self.school.lessons:
            if lesson.cancelled:
                continue
            for group in (None, "1", "2") if lesson.group is None else (None, lesson.group):
                key = (lesson.class_, lesson.day, group)
                ends[key] = max(ends.get(key, lesson.end), lesson.end)
        return ends

    @cached_property
    def lesson_days(self) -> dict[str | None, list[date]]:
        """The days on which each class, and the school (None), holds lessons, in order."""
        days: dict[str | None, set[date]] = {None: set()}
        for lesson in self.school.lessons:
            if not lesson.cancelled:
                days[None].add(lesson.day)
                days.setdefault(lesson.class_, set()).add(lesson.day)
        return {class_: sorted(found) for class_, found in days.items()}

    def pick(self, wanted: Callable[[Lesson], bool], count: int | None = None, random: Random | None = None) -> list[Lesson]:
        """Choose lessons that nothing else has touched, and mark them as touched."""
        free = [
            lesson
            for lesson in self.school.lessons
            if not lesson.used and lesson.day > self.school.days.quarters[0].starts + 6 * DAY and wanted(lesson)
        ]
        chosen = (random or self.random).sample(free, min(len(free), self.count if count is None else count))
        for lesson in chosen:
            lesson.used = True
        return sorted(chosen, key=lambda lesson: lesson.id)

    def add(self, event_type: str, at: datetime, actor: str, /, **data: object) -> Extra:
        """Add an event beside the lessons' own; `class_` and `from_` stand for the names that Python keeps for itself."""
        made = Extra(event_type, at, actor, {name.rstrip("_"): value for name, value in data.items()})
        self.extra.append(made)
        return made

    def drop(self, what: str, who: str) -> None:
        """Take one of the `papers` back: it was never made."""
        made = self.papers.pop((what, who))
        self.extra = [item for item in self.extra if item is not made]

    def tell(
        self,
        kind: str,
        clause: str,
        lesson: Lesson | None,
        status: str,
        *,
        due: datetime | None,
        verdict: str = "violation",
        **more: object,
    ) -> None:
        """Say that a finding must follow: of which kind (the injector's own word), by which clause, about which lesson, due when, and
        whatever else the finding must say (fields of the output).
        """
        about: Truth = {"school": self.law.slug, "kind": kind, "clause": clause, "verdict": verdict, "status": status}
        if lesson is not None:
            about |= {
                "responsible": lesson.teacher,
                "class": lesson.class_,
                "group": lesson.group,
                "subject": lesson.subject,
                "lesson": lesson.id,
            }
            about["date"] = lesson.day.isoformat()
        about["due_at"] = None if due is None else due.isoformat() + self.law.offset
        self.truth.append(about | {name.rstrip("_"): value for name, value in more.items()})
