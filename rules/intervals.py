"""Recurring duties: how often something is owed, and the intervals in which it is.

An interval begins on its local date `first` and ends with `last`; those that began before duties count (`Setting.duties_from`) are not
judged (contract, 2.6), nor weeks, months and periods without a lesson (contract, 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from ingest.journal import NEVER
from ingest.wording import _, ngettext
from rules.calendar import week_start
from rules.due import Due, short_day, short_instant
from rules.norm import Strict

if TYPE_CHECKING:
    from rules.setting import Setting

Days = npt.NDArray[np.int64]
PeriodKind = Literal["quarter", "trimester", "half_year", "year"]
Per = Literal["school", "class", "teacher"]
"""Who owes: the school once, each class, each teacher."""
FORMS = ("day", "week", "month", "period", "days", "once")
_TICK = np.timedelta64(1, "us")


class Every(Strict):
    """How often a duty comes back; exactly one of its forms is written.

    Without grace it is done within the interval; with grace it follows the interval (an analysis after a quarter).
    """

    day: Literal["all", "school"] | None = Field(
        default=None, description="Каждый день: all – каждый календарный, school – каждый день с уроками"
    )
    week: Literal[True] | None = Field(default=None, description="Каждую календарную неделю с уроками (понедельник – воскресенье)")
    month: Literal[True] | None = Field(default=None, description="Каждый календарный месяц с уроками")
    period: tuple[PeriodKind, ...] | None = Field(default=None, min_length=1, description="Каждый учебный период этих видов")
    days: int | None = Field(default=None, ge=1, description="Между двумя разами не больше стольких календарных дней")
    once: Literal[True] | None = Field(default=None, description="Хотя бы раз за учебный год: чаще ли, в тексте не сказано")
    grace_working_days: int | None = Field(
        default=None, ge=1, description="Делается после отрезка времени, не позднее стольких рабочих дней после его конца"
    )
    grace_days: int | None = Field(
        default=None, ge=1, description="Делается после отрезка времени, не позднее стольких календарных дней после его конца"
    )
    lead_days: int = Field(
        default=0, ge=0, description="С grace_…: годится и сделанное за столько дней до последнего дня с уроками (он сам годится всегда)"
    )
    vacations: Literal["count", "stop"] = Field(default="count", description="Для days: идёт ли счёт дней в каникулы")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [form for form in FORMS if getattr(self, form) is not None]
        if len(forms) != 1:
            raise ValueError("a duty recurs in exactly one form: " + ", ".join(FORMS))
        if self.grace_working_days is not None and self.grace_days is not None:
            raise ValueError("grace is either `grace_working_days` or `grace_days`")
        if self.follows and forms[0] not in ("week", "month", "period"):
            raise ValueError("grace goes with `week`, `month` or `period`")
        if (self.lead_days and not self.follows) or (self.vacations == "stop" and self.days is None):
            raise ValueError("`lead_days` goes with grace, `vacations` with `days`")
        return self

    @property
    def form(self) -> str:
        """The form that is written."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @property
    def follows(self) -> bool:
        """Whether the duty follows the interval instead of lying in it."""
        return self.grace_working_days is not None or self.grace_days is not None

    def counted(self, setting: Setting) -> Days | None:
        """Give the days that count for `days`, sorted: those of study periods where vacations stop the count; None: all count."""
        periods = setting.journal.periods
        parts = periods[periods["kind"] != "year"]
        if self.vacations == "count" or not len(parts):
            return None
        spans = zip(parts["starts"].tolist(), parts["ends"].tolist(), strict=True)
        return np.unique(np.concatenate([np.arange(starts, ends + 1) for starts, ends in spans]))

    def advance(self, days: Days, setting: Setting) -> Days:
        """Give the last day of the term of `days` that runs from the day after each day; NEVER where no such day is known yet."""
        n = self.days or 1
        counted = self.counted(setting)
        if counted is None:
            return days + n
        at = np.searchsorted(counted, days, side="right") + n - 1
        return np.append(counted, NEVER)[np.minimum(at, len(counted))]

    # ---- in words --------------------------------------------------------------------------------------------------------------

    def words(self) -> str:
        """Give in Russian how often: «каждую неделю», «не реже раза в 14 дней»."""
        n = self.days or 0
        kinds = {"quarter": _("четверть"), "trimester": _("триместр"), "half_year": _("полугодие"), "year": _("год")}
        text = {
            "day": _("каждый день с уроками") if self.day == "school" else _("каждый день"),
            "week": _("каждую неделю"),
            "month": _("каждый месяц"),
            "period": _("за каждый учебный период ({kinds})").format(kinds=", ".join(kinds[kind] for kind in self.period or ())),
            "days": _("не реже раза в {n} {days}").format(n=n, days=ngettext(n, "день", "дня", "дней")),
            "once": _("хотя бы раз за учебный год"),
        }[self.form]
        if not self.follows:
            return text
        n = self.grace_working_days or self.grace_days or 0
        if self.grace_working_days is not None:
            days = ngettext(n, "рабочего дня", "рабочих дней", "рабочих дней")
        else:
            days = ngettext(n, "дня", "дней", "дней")
        return _("{often}, не позднее {n} {days} после конца").format(often=text, n=n, days=days)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the sum in Russian that leads from the first day of an interval (of a gap: the day counted from) to the instant `due`."""
        shown = short_instant(due, setting)
        last_of_term = int(setting.calendar.day_of(np.array([due - _TICK]))[0])
        if self.form == "days":
            return self._gap_arithmetic(day, last_of_term, shown, setting)
        last = self._last(day, due, setting)
        span = short_day(day) if last == day else f"{short_day(day)} – {short_day(last)}"
        if self.grace_working_days is not None:
            return _("{span}, затем {term}").format(
                span=span, term=Due(working_days=self.grace_working_days).arithmetic(last, due, setting)
            )
        if self.grace_days is not None:
            days = ngettext(self.grace_days, "день", "дня", "дней")
            return _("{span}, затем {n} {days} — срок до {due}").format(span=span, n=self.grace_days, days=days, due=shown)
        names = {"day": _("день"), "week": _("неделя"), "month": _("месяц"), "period": _("учебный период"), "once": _("учебный год")}
        return _("{name} {span} — срок до {due}").format(name=names[self.form], span=span, due=shown)

    def _gap_arithmetic(self, day: int, last: int, shown: str, setting: Setting) -> str:
        n = self.days or 0
        days = ngettext(n, "день", "дня", "дней")
        if self.counted(setting) is not None:
            return _("{day} + {n} {days} без каникул — срок до {due}").format(day=short_day(day), n=n, days=days, due=shown)
        if last != day + n:  # an outage moved it
            return _("{day} + {n} {days} = {end}; срок до {due}").format(
                day=short_day(day), n=n, days=days, end=short_day(day + n), due=shown
            )
        return _("{day} + {n} {days} — срок до {due}").format(day=short_day(day), n=n, days=days, due=shown)

    def _last(self, day: int, due: np.datetime64, setting: Setting) -> int:
        """The last day of the interval that begins on `day`; of several study periods, the one whose term ends at `due`."""
        if self.form in ("day", "week", "month"):
            return int(bounds(self.form, np.array([day]))[1][0])
        periods = setting.journal.periods
        if self.form == "once":
            return int(setting.calendar.day_of(np.array([due - _TICK]))[0])
        ends = periods.loc[(periods["starts"] == day) & periods["kind"].isin(self.period or ()), "ends"].to_numpy(dtype=np.int64)
        matching = ends[self.limits(ends, setting) == due]
        return int(next(iter([*matching, *ends]), day))

    # ---- the intervals ---------------------------------------------------------------------------------------------------------

    def limits(self, last: Days, setting: Setting) -> npt.NDArray[np.datetime64]:
        """Give for the last days of intervals the first instants that are too late (UTC): after the grace, where there is one."""
        calendar = setting.calendar
        if self.grace_working_days is not None:
            return calendar.end_of(calendar.add_working_days(last, self.grace_working_days))
        return calendar.end_of(last + (self.grace_days or 0))


def bounds(form: str, days: Days) -> tuple[Days, Days]:
    """First and last day of the calendar day, week or month of each day."""
    if form == "week":
        monday = week_start(days)
        return monday, monday + 6
    if form == "month":
        month = days.astype("datetime64[D]").astype("datetime64[M]")
        return month.astype("datetime64[D]").astype(np.int64), (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    return days, days
