"""School years, the classes that were formed for them, and dates of the year as instants."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import codes_of
from rules.calendar import day_number

if TYPE_CHECKING:
    from rules.due import Due
    from rules.norm import Scope
    from rules.setting import Setting

Days = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]

UNKNOWN_YEAR = -1
SEEN_FROM_START_DAYS = 14
"""The log shows a school year from its beginning when some lesson of the school stands in the first two weeks of it."""
_FORMED_AHEAD_DAYS = 366
_GONE_DAYS = 30
"""A class that nobody was in during the last month of the school year was dissolved before its end."""
_COLUMNS = ["class", "year", "starts", "ends", "grade", "homeroom", "gone", "ev_class"]


# ---- names and dates -----------------------------------------------------------------------------------------------------------------


def school_year_of(days: Days, first_month: int = 8) -> Days:
    """Give the year in which each day's school year began; what happens from the first of `first_month` on belongs to the new one."""
    months: Days = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (months - np.int64(first_month - 1)) // np.int64(12) + np.int64(1970)


def year_label(year: int) -> str:
    """Give a school year as «2023/24»."""
    return f"{year}/{(year + 1) % 100:02}"


def years_named(labels: pd.Series) -> Days:
    """Give the year in which each school year named by a text («2023/24», «2023-2024») begins, UNKNOWN_YEAR for any other text."""
    texts = labels.astype(object).fillna("").astype(str)
    found = texts.str.extract(r"^\s*(\d{4})\s*(?:[/–-]\s*(?:\d{2}|\d{4})\s*)?$")[0]
    return np.asarray(found.fillna(str(UNKNOWN_YEAR)).to_numpy(dtype=np.int64))


def midnights(days: Days, setting: Setting) -> Instants:
    """Give the UTC instant at which each local day begins, however far it lies from the journal's own years."""
    local = pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[us]"))
    zoned = local.tz_localize(setting.calendar.zone, nonexistent="shift_forward", ambiguous=np.ones(len(days), dtype=bool))
    return np.asarray(zoned.tz_convert("UTC").tz_localize(None).to_numpy(), dtype="datetime64[us]")


def first_of_september(years: Days) -> Days:
    """Give 1 September of each year."""
    return np.array([day_number(date(int(year), 9, 1)) for year in years], dtype=np.int64)


def last_days(due: Due, years: Days) -> Days:
    """Give the last day of a term that is a date of the year, in each of these calendar years."""
    month, day = (int(part) for part in str(due.date).split("-"))
    named = np.array([day_number(date(int(year), month, day)) for year in years], dtype=np.int64)
    return named if due.inclusive else named - 1


# ---- school years --------------------------------------------------------------------------------------------------------------------


def school_years(setting: Setting) -> pd.DataFrame:
    """Give the school years of which the journal knows (`all_school_years`), computed once."""
    return setting.school_years


def all_school_years(setting: Setting) -> pd.DataFrame:
    """Give the school years of which the journal knows: year (in which it begins), starts, ends (days, inclusive).

    A declared year counts, else the span of its declared periods, else of its lessons. Where these do not reach into the spring (periods
    are declared one by one), the year is taken to end on 31 May.
    """
    periods = setting.journal.periods
    declared = periods.assign(year=school_year_of(periods["starts"].to_numpy(dtype=np.int64)), whole=periods["kind"] == "year")
    whole = declared.loc[declared["whole"], "year"]
    spans = declared[declared["whole"] | ~declared["year"].isin(whole)].groupby("year").agg(starts=("starts", "min"), ends=("ends", "max"))
    lessons = setting.journal.lessons
    held = lessons.loc[lessons["held"].to_numpy(), "day"].to_numpy(dtype=np.int64)
    taught = pd.DataFrame({"year": school_year_of(held), "day": held}).groupby("year")["day"].agg(starts="min", ends="max")
    years = pd.concat([spans, taught[~taught.index.isin(spans.index)]]).sort_index().reset_index()
    return years.assign(ends=_closing(years["year"].to_numpy(dtype=np.int64), years["ends"].to_numpy(dtype=np.int64)))


def _closing(years: Days, ends: Days) -> Days:
    spring = np.array([day_number(date(int(year) + 1, 4, 1)) for year in years], dtype=np.int64)
    may = np.array([day_number(date(int(year) + 1, 5, 31)) for year in years], dtype=np.int64)
    return np.where(ends >= spring, ends, may)


def first_lessons(setting: Setting) -> pd.DataFrame:
    """Give the first lesson of each school year that the log shows from its beginning: year, day, start (UTC), ev_lesson."""
    lessons = setting.journal.lessons
    held = lessons.loc[lessons["held"].to_numpy(), ["day", "start", "ev_scheduled"]]
    held = held.assign(year=school_year_of(held["day"].to_numpy(dtype=np.int64))).sort_values("start")
    first = held.drop_duplicates("year", keep="first").rename(columns={"ev_scheduled": "ev_lesson"}).reset_index(drop=True)
    begins = first_school_days(first["year"].to_numpy(dtype=np.int64), setting)
    return first[first["day"].to_numpy() <= begins + SEEN_FROM_START_DAYS].reset_index(drop=True)


def first_school_days(years: Days, setting: Setting) -> Days:
    """Give the first school day of each school year: the declared one, or the first working day from 1 September on, the later of both."""
    september = first_of_september(years)
    known = setting.school_years
    declared = known.set_index("year")["starts"].reindex(years).fillna(0).to_numpy(dtype=np.int64)
    days = setting.calendar.roll(september) if len(september) else september
    # Lessons that the log happens to begin with in winter are no first school day.
    return np.where((declared > days) & (declared <= september + SEEN_FROM_START_DAYS), declared, days)


# ---- classes of a school year ----------------------------------------------------------------------------------------------------------


def class_years(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give the classes of every school year (`all_class_years`) that are of the scope's grades."""
    rows = setting.class_years
    return rows[rows["grade"].isin(scope.grades).to_numpy()].reset_index(drop=True) if scope.grades else rows


def all_class_years(setting: Setting) -> pd.DataFrame:
    """Give every class formed for a school year: class, year, starts, ends (days of the school year), grade, homeroom (at its end, -1
    unknown), gone (dissolved before its end), ev_class.

    A class is formed for the year it names, else for the one in which (or before which) it was formed, and for later ones in which it has
    lessons or an archive. A class in which nobody was in the whole year has none.
    """
    known = setting.school_years
    formed = _formed(known, setting)
    if not len(formed):
        return pd.DataFrame({name: np.zeros(0, dtype=bool if name == "gone" else np.int64) for name in _COLUMNS})
    rows = pd.concat([formed, _continued(formed, known, setting)], ignore_index=True)
    rows = rows.merge(known, on="year", how="left")
    years = rows["year"].to_numpy(dtype=np.int64)
    opening = first_of_september(years)
    rows["starts"] = rows["starts"].fillna(pd.Series(opening)).astype(np.int64)
    rows["ends"] = rows["ends"].fillna(pd.Series(_closing(years, opening))).astype(np.int64)
    # The last word before the year's end counts: a new homeroom teacher in October answers, one named in summer does not.
    rows["after"] = rows["formed"] > rows["ends"]
    rows = rows.sort_values(["class", "year", "after", "formed", "ev_class"], ascending=[True, True, False, True, True])
    rows = rows.drop_duplicates(["class", "year"], keep="last").reset_index(drop=True)
    empty, rows["gone"] = _emptied(rows, setting)
    return rows.loc[~empty, _COLUMNS].reset_index(drop=True)


def _formed(known: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Classes as formed, each with the school year it was formed for."""
    table = setting.journal.table("class.formed")
    formed = setting.journal.local_day(table["time"].to_numpy())
    named = years_named(table["school_year"])
    at = np.searchsorted(known["ends"].to_numpy(dtype=np.int64), formed, side="left")
    starts = np.append(known["starts"].to_numpy(dtype=np.int64), 0)[at]
    near = (at < len(known)) & (starts - formed < _FORMED_AHEAD_DAYS)
    near_year = np.append(known["year"].to_numpy(dtype=np.int64), UNKNOWN_YEAR)[at]
    return pd.DataFrame(
        {
            "class": codes_of(table["class"]),
            "year": np.where(named != UNKNOWN_YEAR, named, np.where(near, near_year, school_year_of(formed, first_month=6))),
            "formed": formed,
            "grade": table["grade"].astype("Int64").fillna(0).to_numpy(dtype=np.int64),
            "homeroom": codes_of(table["homeroom_teacher"]),
            "ev_class": table["event"].to_numpy(),
        }
    )


def _continued(formed: pd.DataFrame, known: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Known school years for which a class was not formed again, but in which it has lessons or an archive."""
    journal = setting.journal
    lessons = journal.lessons
    held = lessons.loc[lessons["held"].to_numpy(), ["class", "day"]].drop_duplicates()
    parts = [pd.DataFrame({"class": held["class"], "year": school_year_of(held["day"].to_numpy(dtype=np.int64))})]
    for event_type in sorted(name for name in journal.log.tables if name.startswith("archive.")):
        table = journal.table(event_type)
        parts.append(pd.DataFrame({"class": codes_of(table["class"]), "year": years_named(table["school_year"])}))
    seen = pd.concat(parts, ignore_index=True).drop_duplicates().merge(known[["year", "ends"]], on="year")
    seen = seen[seen["class"].isin(formed["class"])]
    seen = seen.merge(formed[["class", "year"]].drop_duplicates().assign(again=True), on=["class", "year"], how="left")
    seen = seen[seen["again"].isna()]
    classes, ends = seen["class"].to_numpy(dtype=np.int32), seen["ends"].to_numpy(dtype=np.int64)
    row = journal.class_row(classes, ends)
    found = journal.classes.take(row)
    return pd.DataFrame(
        {
            "class": classes,
            "year": seen["year"].to_numpy(dtype=np.int64),
            "formed": found["since"].to_numpy(dtype=np.int64),
            "grade": found["grade"].to_numpy(dtype=np.int64),
            "homeroom": found["homeroom"].to_numpy(),
            "ev_class": found["ev_class"].to_numpy(),
        }
    )


def _emptied(rows: pd.DataFrame, setting: Setting) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which classes had students, but none in the whole school year; and which had some, but none in its last month."""
    enrolment = setting.journal.enrolment[["class", "starts", "ends"]].rename(columns={"starts": "joined", "ends": "left"})
    both = rows[["class", "starts", "ends"]].reset_index().merge(enrolment, on="class")
    during = both[(both["joined"] <= both["ends"]) & (both["left"] > both["starts"])]
    lasting = during[during["left"] > during["ends"] - _GONE_DAYS]
    at = rows.index.to_numpy()
    known, inside, stayed = (np.isin(at, part["index"].to_numpy()) for part in (both, during, lasting))
    # Students who join a class only after the year say nothing of it: the class may have been registered before its lists.
    earlier = np.isin(at, both.loc[both["joined"] <= both["ends"], "index"].to_numpy())
    return known & earlier & ~inside, inside & ~stayed
