"""The simulated school's own calendar; written apart from the engine's, so that the truth does not come from the code it checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import holidays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """A study period: its id, kind, first and last day."""

    id: str
    kind: str
    starts: date
    ends: date


@dataclass(frozen=True)
class Days:
    """Days of one school year that begins in September of `year`; `own` are days off that the school sets itself."""

    year: int
    country: str
    own: tuple[date, ...] = ()

    @cached_property
    def _state(self) -> tuple[frozenset[date], frozenset[date]]:
        found = holidays.country_holidays(self.country, years=[self.year, self.year + 1])
        return frozenset(found.keys()), frozenset(found.weekend_workdays)

    def works(self, day: date) -> bool:
        """Tell whether the staff works on a day: Monday to Friday or a working weekend day, and no day off."""
        off, weekend = self._state
        if day in self.own or day in off:
            return False
        return day.weekday() < 5 or day in weekend

    def after(self, day: date, n: int) -> date:
        """Give the n-th working day after a day."""
        while n:
            day += DAY
            n -= self.works(day)
        return day

    def before(self, day: date, n: int) -> date:
        """Give the n-th working day before a day."""
        while n:
            day -= DAY
            n -= self.works(day)
        return day

    def rolled(self, day: date) -> date:
        """Give the day itself, or the next working day."""
        while not self.works(day):
            day += DAY
        return day

    @cached_property
    def quarters(self) -> tuple[Term, ...]:
        """The four quarters; each begins and ends on a weekday."""
        bounds = [((9, 1), (10, 25)), ((11, 5), (12, 28)), ((1, 9), (3, 22)), ((4, 1), (5, 26))]
        terms = []
        for place, (first, last) in enumerate(bounds, 1):
            year = self.year if first[0] >= 9 else self.year + 1
            starts, ends = date(year, *first), date(year, *last)
            while starts.weekday() > 4 or not self.works(starts):
                starts += DAY
            while ends.weekday() > 4 or not self.works(ends):
                ends -= DAY
            terms.append(Term(f"{self.year}-Q{place}", "quarter", starts, ends))
        return tuple(terms)

    @cached_property
    def whole(self) -> Term:
        """The school year."""
        return Term(f"{self.year}-Y", "year", self.quarters[0].starts, self.quarters[-1].ends)

    @cached_property
    def lessons_on(self) -> tuple[date, ...]:
        """The days with lessons: weekdays of the quarters on which the staff works."""
        found = []
        for term in self.quarters:
            day = term.starts
            while day <= term.ends:
                if day.weekday() < 5 and self.works(day):
                    found.append(day)
                day += DAY
        return tuple(found)
