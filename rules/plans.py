"""Calendar-thematic plans as they were published, and the lines of lessons that they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rules.class_years import school_year_of
from rules.period_lines import subjects_as

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

_CARRIED = ["class", "subject", "group", "teacher", "planned_teacher", "start", "end", "day", "grade", "ev_scheduled"]
_AHEAD = 6
"""Plans published from June on are for the school year that begins in September."""


def plans(setting: Setting) -> pd.DataFrame:
    """Give every published plan in the order of publishing: class, subject, subject_as, teacher, period (-1: of the year), year (in which
    the school year begins), hours (-1 unknown), topics (tuple of texts), event, done, low.
    """
    journal = setting.journal
    codes = {"class": "class", "subject": "subject", "teacher": "person", "period": "period"}
    table = journal.table("plan.published")
    found = journal.entries("plan.published", **codes)
    published = school_year_of(journal.local_day(found["done"].to_numpy()), _AHEAD)
    periods = journal.periods.set_index("period")["starts"]
    begins = periods.reindex(found["period"]).fillna(-1).to_numpy(dtype=np.int64)
    topics = pd.Series([tuple(items or ()) for items in table["topics"]], dtype=object, index=found.index)
    return found.assign(
        year=np.where(begins >= 0, school_year_of(begins), published),
        subject_as=subjects_as(setting)[found["subject"].to_numpy()],
        hours=table["hours"].fillna(-1).to_numpy(dtype=np.int64),
        topics=topics,
    )


def taught(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give the lessons held, in order, of which the scope speaks and that are marked subjects: lesson, class, subject, subject_as, group,
    teacher, planned_teacher, start, end, day, grade, year, ev_scheduled. All of them, also those before the policy was in force.
    """
    lessons = setting.journal.lessons
    chosen = setting.selects(scope, grades=lessons["grade"].to_numpy(), subjects=lessons["subject"].to_numpy())
    unmarked = setting.named_subjects(setting.vocabulary.unmarked_subjects)[lessons["subject"].to_numpy()]
    rows = np.flatnonzero(chosen & lessons["held"].to_numpy() & ~unmarked)
    held = lessons[_CARRIED].take(rows).assign(lesson=rows.astype(np.int32))
    held = held.assign(
        year=school_year_of(held["day"].to_numpy(dtype=np.int64)), subject_as=subjects_as(setting)[held["subject"].to_numpy()]
    )
    return held.sort_values("start", ignore_index=True)


def latest(published: pd.DataFrame) -> pd.DataFrame:
    """Give of `plans` the last version of each: one row per class, subject, teacher, year and period."""
    return published.drop_duplicates(["class", "subject_as", "teacher", "year", "period"], keep="last")


def plans_of(lines: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Give for each line (`period_lines.lines_of`, in its order and with its index) its plan: hours (-1), topics (a tuple), ev_plan (-1).

    A year's line takes the plan of the year, another that of its period; the plan of the teacher of the line goes before another's, and
    of these the one with fewer hours.
    """
    known = latest(published)[["class", "subject_as", "teacher", "year", "period", "hours", "topics", "event"]]
    rows = lines[["class", "subject_as", "period", "kind", "starts", "person"]].rename_axis("row").reset_index()
    rows["year_of"] = school_year_of(rows["starts"].to_numpy(dtype=np.int64))
    found = rows.merge(known.rename(columns={"period": "for_period"}), on=["class", "subject_as"])
    own = found["for_period"] == found["period"]
    annual = (found["for_period"] < 0) & (found["kind"] == "year") & (found["year"] == found["year_of"])
    found = found[own | annual].assign(other=lambda frame: frame["teacher"] != frame["person"])
    best = found.sort_values(["other", "hours", "event"]).drop_duplicates("row").set_index("row")
    topics = best["topics"].reindex(lines.index)
    return pd.DataFrame(
        {
            "hours": best["hours"].reindex(lines.index).fillna(-1).to_numpy(dtype=np.int64),
            "topics": pd.Series([items if isinstance(items, tuple) else () for items in topics], dtype=object, index=lines.index),
            "ev_plan": best["event"].reindex(lines.index).fillna(-1).to_numpy(dtype=np.int32),
        },
        index=lines.index,
    )
