"""Terms: every way in which the regulations say by when something is due, computed for whole tables at once, and told in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, Field, model_validator

from ingest.wording import _, ngettext
from rules.calendar import date_of, day_number, week_start
from rules.norm import Strict
from rules.study_periods import period_ends

if TYPE_CHECKING:
    import pandas as pd

    from rules.setting import Setting

Instants = npt.NDArray[np.datetime64]
_TICK = np.timedelta64(1, "us")


def _month_day(text: str) -> str:
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise ValueError("a date of the year is written as month-day, for instance 06-30") from None
    return text


MonthDay = Annotated[str, AfterValidator(_month_day)]


@dataclass(frozen=True)
class Terms:
    """For each row: `limit` – the first instant that is too late, `due` – the one to show (both UTC, NaT when not known yet)."""

    limit: Instants
    due: Instants


class Due(Strict):
    """One term; exactly one of its forms is written. A term runs from the row's `day`."""

    same_day: Literal[True] | None = Field(default=None, description="В день события, до 24:00")
    working_days: int | None = Field(default=None, ge=1, description="Не позднее стольких рабочих дней, считая со следующего")
    calendar_days: int | None = Field(default=None, ge=1, description="Не позднее стольких календарных дней, считая со следующего")
    next_lesson: Literal[True] | None = Field(default=None, description="К следующему уроку этого предмета в более поздний день")
    lessons: int | None = Field(default=None, ge=1, description="До конца дня стольких следующих уроков")
    minutes_after_last_lesson: int | None = Field(
        default=None, ge=0, description="Не позднее стольких минут после последнего урока этих учеников, в тот же день"
    )
    week_end: Literal[True] | None = Field(default=None, description="До конца календарной недели (воскресенье, 24:00)")
    hours_after_period_end: int | None = Field(default=None, ge=0, description="Не позднее стольких часов после конца учебного периода")
    period_end: Literal[True] | None = Field(default=None, description="До конца учебного периода, в котором день события")
    date: MonthDay | None = Field(default=None, description="До даты года (месяц-день)")
    inclusive: bool = Field(default=True, description="Для даты: включая сам этот день")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if len(self._forms()) != 1:
            raise ValueError("a term has exactly one form: " + ", ".join(FORMS))
        return self

    def _forms(self) -> list[str]:
        return [form for form in FORMS if getattr(self, form) is not None]

    @property
    def form(self) -> str:
        """The form that is written."""
        return self._forms()[0]

    @property
    def needs_timetable(self) -> bool:
        """Whether a change of the timetable can move the term."""
        return self.form in ("same_day", "next_lesson", "lessons", "minutes_after_last_lesson", "working_days", "calendar_days")

    def terms(self, rows: pd.DataFrame, setting: Setting) -> Terms:
        """Give the terms of `rows`: day, and as the form needs: class, subject, group, lesson, grade; for periods `day` is the last day."""
        days = rows["day"].to_numpy(dtype=np.int64)
        calendar = setting.calendar
        match self.form:
            case "same_day":
                limit = calendar.end_of(days)
            case "working_days":
                limit = calendar.end_of(calendar.add_working_days(days, self.working_days or 1))
            case "calendar_days":
                last = days + (self.calendar_days or 1)
                limit = calendar.end_of(calendar.roll(last) if setting.readings.roll_calendar_terms else last)
            case "week_end":
                limit = calendar.end_of(week_start(days) + 6)
            case "hours_after_period_end":
                limit = calendar.end_of(days) + np.timedelta64(self.hours_after_period_end or 0, "h")
            case "period_end":
                ends = period_ends(days, _grades(rows, setting), setting)
                limit = np.where(ends < 0, np.datetime64("NaT", "us"), calendar.end_of(ends))
            case "date":
                limit = calendar.midnight(self._year_days(days))
            case "next_lesson":
                limit = setting.sequence.following(rows, 1)[1]
            case "lessons":
                day, _start = setting.sequence.following(rows, self.lessons or 1)
                limit = np.where(day < 0, np.datetime64("NaT", "us"), calendar.end_of(day))
            case _:
                return self._after_last_lesson(rows, setting)
        return Terms(limit, limit)

    def _year_days(self, days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The first midnight that is too late: after this date of the year when inclusive; the date's first coming on or after the day."""
        years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        month, day = (int(part) for part in str(self.date).split("-"))
        this = np.array([day_number(date(int(year), month, day)) for year in years], dtype=np.int64)
        following = np.array([day_number(date(int(year) + 1, month, day)) for year in years], dtype=np.int64)
        at = np.where(this >= days, this, following)
        return at + 1 if self.inclusive else at

    def _after_last_lesson(self, rows: pd.DataFrame, setting: Setting) -> Terms:
        outside = setting.named_subjects(setting.vocabulary.unmarked_subjects)[setting.journal.lessons["subject"].to_numpy()]
        ends = setting.sequence.last_ends(outside)[rows["lesson"].to_numpy()]
        due = ends + np.timedelta64(self.minutes_after_last_lesson or 0, "m")
        limit = due + _TICK if setting.readings.hours_inclusive else due
        midnight = setting.calendar.end_of(rows["day"].to_numpy(dtype=np.int64))
        return Terms(np.minimum(limit, midnight), np.minimum(due, midnight))

    # ---- in words --------------------------------------------------------------------------------------------------------------

    def words(self, *, lesson: bool = False) -> str:
        """Give the term in Russian as a rule says it, «10 рабочих дней», «к следующему уроку»; `lesson`: it runs from a lesson."""
        match self.form:
            case "same_day":
                return _("до конца дня урока") if lesson else _("до конца того же дня")
            case "working_days":
                return _counted(self.working_days, "рабочий день", "рабочих дня", "рабочих дней")
            case "calendar_days":
                return _counted(self.calendar_days, "календарный день", "календарных дня", "календарных дней")
            case "next_lesson":
                return _("к следующему уроку")
            case "lessons":
                return _("до конца дня, в который пройдут ещё {lessons}").format(lessons=_counted(self.lessons, "урок", "урока", "уроков"))
            case "minutes_after_last_lesson":
                minutes = _counted(self.minutes_after_last_lesson, "минута", "минуты", "минут")
                return _("{minutes} после последнего урока, в тот же день").format(minutes=minutes)
            case "week_end":
                return _("до конца недели (воскресенье, 24:00)")
            case "hours_after_period_end":
                if not self.hours_after_period_end:
                    return _("до конца последнего дня периода")
                return _("{hours} после конца периода").format(hours=_counted(self.hours_after_period_end, "час", "часа", "часов"))
            case "period_end":
                return _("до конца учебного периода")
            case "date":
                day = _day_words(str(self.date))
                return _("до {day} включительно").format(day=day) if self.inclusive else _("до {day}, не включая").format(day=day)
            case _:
                return ""

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the sum in Russian: what was counted from local date `day` to arrive at the instant `due`."""
        calendar = setting.calendar
        shown = short_instant(due, setting)
        last = int(calendar.day_of(np.array([due - _TICK]))[0])
        match self.form:
            case "same_day":
                return _("в день урока — срок до {due}").format(due=shown)
            case "working_days":
                n = self.working_days or 0
                counted = list_days(calendar.working_between(day, last)[:n])
                text = _("{n} {days}: {counted} — срок до {due}").format(
                    n=n, days=ngettext(n, "рабочий день", "рабочих дня", "рабочих дней"), counted=counted, due=shown
                )
                off = [f"{short_day(d)} — {calendar.reasons[d]}" for d in calendar.off_between(day, last)]
                return text + (_(" (не в счёт: {off})").format(off="; ".join(off)) if off else "")
            case "calendar_days":
                n = self.calendar_days or 0
                text = f"{short_day(day)} + {n} {ngettext(n, 'день', 'дня', 'дней')} = {short_day(day + n)}"
                if last > day + n:
                    text += _(", выходной, перенос на {day}").format(day=short_day(last))
                return _("{sum} — срок до {due}").format(sum=text, due=shown)
            case "next_lesson":
                return _("к следующему уроку — он начался {due}").format(due=shown)
            case "lessons":
                n = self.lessons or 0
                lessons = ngettext(n, "урок", "урока", "уроков")
                return _("в течение {n} {lessons} — до конца дня последнего из них, {due}").format(n=n, lessons=lessons, due=shown)
            case "minutes_after_last_lesson":
                n = self.minutes_after_last_lesson or 0
                ended = short_instant(due - np.timedelta64(n, "m"), setting)
                minutes = ngettext(n, "минута", "минуты", "минут")
                return _("последний урок окончен {ended} + {n} {minutes} = {due}").format(ended=ended, n=n, minutes=minutes, due=shown)
            case "week_end":
                return _("до конца недели — срок до {due}").format(due=shown)
            case "hours_after_period_end":
                n = self.hours_after_period_end or 0
                if not n:
                    return _("период окончен {end} — срок до {due}").format(end=short_day(day), due=shown)
                hours = ngettext(n, "час", "часа", "часов")
                return _("период окончен {end} + {n} {hours} = {due}").format(end=short_day(day), n=n, hours=hours, due=shown)
            case "period_end":
                return _("до конца учебного периода — срок до {due}").format(due=shown)
            case _:
                return _("срок до {due}").format(due=shown)


def _grades(rows: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int64]:
    """The grade of each row, from its class where the row has none."""
    if "grade" in rows:
        return rows["grade"].to_numpy(dtype=np.int64)
    return setting.journal.grade(rows["class"].to_numpy(dtype=np.int32), rows["day"].to_numpy(dtype=np.int64))


def _counted(n: int | None, one: str, few: str, many: str) -> str:
    return f"{n} {ngettext(n or 0, one, few, many)}"


def _day_words(month_day: str) -> str:
    """A date of the year in words: «30 июня»."""
    month, day = (int(part) for part in month_day.split("-"))
    months = (
        _("января"), _("февраля"), _("марта"), _("апреля"), _("мая"), _("июня"),
        _("июля"), _("августа"), _("сентября"), _("октября"), _("ноября"), _("декабря"),
    )  # fmt: skip
    return _("{day} {month}").format(day=day, month=months[month - 1])


FORMS = tuple(name for name in Due.model_fields if name != "inclusive")


def short_day(day: int) -> str:
    """Give a date as «27.10.2023»."""
    return date_of(day).strftime("%d.%m.%Y")


def list_days(days: list[int]) -> str:
    """Give dates in a row as «30.10, 31.10, 01.11»."""
    return ", ".join(date_of(day).strftime("%d.%m") for day in days)


def short_instant(instant: np.datetime64, setting: Setting) -> str:
    """Give a UTC instant in the school's zone as «03.11.2023 18:00»; midnight as «24:00 02.11.2023» of the day that ends."""
    from datetime import UTC

    moment = instant.astype("datetime64[us]").item().replace(tzinfo=UTC).astimezone(setting.calendar.zone)
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return _("24:00 {day}").format(day=short_day(day_number(moment.date()) - 1))
    return str(moment.strftime("%d.%m.%Y %H:%M" if moment.second == 0 else "%d.%m.%Y %H:%M:%S"))
